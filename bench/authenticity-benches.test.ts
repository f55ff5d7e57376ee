import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run as amazon } from "./authenticity-amazon.bench.ts";
import { fieldsOf, numberIn, readCsv } from "./authenticity-csv.ts";
import { run as graph } from "./authenticity-graph.bench.ts";
import { run as kernels } from "./authenticity-kernels.bench.ts";
import { meansWithSpread, measure } from "./authenticity-measures.ts";
import { run as otc } from "./authenticity-otc.bench.ts";
import { rankScores, raterColumns } from "./authenticity-raters.ts";
import { run as yelpchi } from "./authenticity-yelpchi.bench.ts";
import { Random } from "./random.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "probity-authenticity-test-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Row = readonly (string | number)[];

function write(name: string, header: string, rows: readonly Row[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${[header, ...rows.map((row) => row.join(","))].join("\n")}\n`);
  return path;
}

const keys = ["ap", "auc", "recall_at_k"];

/** Frauds are every eighth node; a feature hints at them and they are linked to each other. */
function writeGraph(nodes: number, part: (node: number) => string): string[] {
  const random = new Random(5);
  const isFraud = (node: number): boolean => node % 8 === 0;
  const features = Array.from({ length: nodes }, (_, node) => [
    `n${node}`,
    node % 31 === 0 ? "" : (random.next() + (isFraud(node) ? 0.4 : 0)).toFixed(3),
    random.next().toFixed(3),
    "text",
  ]);
  const edges = Array.from({ length: nodes * 3 }, () => {
    const one = random.below(nodes);
    const other = isFraud(one) && random.next() < 0.6 ? 8 * random.below(nodes / 8) : random.below(nodes);
    return [`n${one}`, `n${other}`];
  });
  const labels = Array.from({ length: nodes }, (_, node) => [
    `n${node}`,
    isFraud(node) ? "fraud" : "genuine",
    part(node),
  ]);
  return [
    "--features",
    write("features.csv", "id,hint,noise,name", features),
    "--edges",
    write("edges.csv", "a,b", [...edges, ["n0", "n0"], ["n0", "stranger"]]),
    "--labels",
    write("labels.csv", "id,label,part", labels),
  ];
}

describe("authenticity-graph", () => {
  it(
    "finds planted frauds by the given parts, the same every time, valid and test kept out of learning",
    { timeout: 90_000 },
    async () => {
      const parts = ["train", "train", "valid", "test"];
      const args = [...writeGraph(480, (node) => parts[(node >> 3) % 4]!), "--seeds", "1"];
      const result = await graph(args);
      expect(Object.keys(result)).toEqual(
        expect.arrayContaining([...keys, "auc_trees", "calibration_error", "auc_sd"]),
      );
      expect(result["auc"]).toBeGreaterThan(0.85);
      expect(await graph(args)).toEqual(result);
    },
  );

  it("cross-validates where there are no parts", { timeout: 90_000 }, async () => {
    const result = await graph([...writeGraph(160, () => ""), "--seeds", "1"]);
    expect(result["auc"]).toBeGreaterThan(0.75);
    expect(result["auc_sd"]).toBeGreaterThan(0);
  });

  it("says what is wrong with its files", async () => {
    const args = writeGraph(40, () => "");
    const withLabels = (rows: readonly Row[]): string[] => [...args.slice(0, 5), write("bad.csv", "id,label", rows)];
    await expect(graph([])).rejects.toThrow(/--features FILE is missing/);
    await expect(graph(withLabels([["n1", "spam"]]))).rejects.toThrow(/neither genuine nor fraud/);
    await expect(graph(withLabels([["n99", "fraud"]]))).rejects.toThrow(/n99 has no features/);
    await expect(
      graph(
        withLabels([
          ["n1", "fraud"],
          ["n1", "genuine"],
        ]),
      ),
    ).rejects.toThrow(/both genuine and fraud/);
    await expect(
      graph(
        withLabels([
          ["n1", "fraud"],
          ["n2", "fraud"],
        ]),
      ),
    ).rejects.toThrow(/both labels/);
  });
});

describe("authenticity-amazon", () => {
  it("reads the layout and finds planted spammers from a few labels", { timeout: 90_000 }, async () => {
    const random = new Random(8);
    const isSpammer = (node: number): boolean => node % 10 === 0;
    const nodes = Array.from({ length: 600 }, (_, node) => node);
    write(
      "features.csv",
      "reviewer,f1,f2",
      nodes.map((node) => [node, random.next() + (isSpammer(node) ? 0.7 : 0), random.next()]),
    );
    write(
      "co-reviews.csv",
      "a,b",
      nodes.flatMap((node): Row[] => [
        [node, random.below(600)],
        [node, isSpammer(node) ? 10 * random.below(60) : random.below(600)],
      ]),
    );
    mkdirSync(join(folder, "5percent"), { recursive: true });
    const labels = (own: readonly number[]): Row[] =>
      own.map((node) => [node, isSpammer(node) ? "spammer" : "genuine"]);
    write("5percent/train-1.csv", "reviewer,label", labels(nodes.filter((node) => node < 100)));
    write("5percent/test-1.csv", "reviewer,label", labels(nodes.filter((node) => node >= 100)));
    const result = await amazon(["--data", folder]);
    expect(result["auc"]).toBeGreaterThan(0.85);
    await expect(amazon(["--data", folder, "--percent", "7"])).rejects.toThrow(/no 7percent/);
  });
});

/** Every fourth rater praises the ratees whom all others blame. */
function writeRatings(): void {
  const random = new Random(9);
  const rows = Array.from({ length: 3_000 }, (_, place) => {
    const rater = random.below(120);
    const ratee = 200 + random.below(60);
    const truth = ratee % 3 === 0 ? -8 : 6;
    return [rater, ratee, rater % 4 === 0 ? -truth : truth, 1_300_000_000 + place * 5_000];
  });
  write("ratings.csv", "rater,ratee,rating,time", rows);
  write(
    "labels.csv",
    "rater,label",
    Array.from({ length: 120 }, (_, rater) => [rater, rater % 4 === 0 ? "fraud" : "fair"]),
  );
}

describe("authenticity-otc", () => {
  it("tells raters who contradict everybody, and from their outgoing ratings", { timeout: 90_000 }, async () => {
    writeRatings();
    const result = await otc(["--data", folder, "--seeds", "1"]);
    expect(result["auc"]).toBeGreaterThan(0.95);
    expect(result["auc_fairness"]).toBeGreaterThan(0.95);
    expect(result["auc_ga2m"]).toBeGreaterThan(0.9);
  });

  it("gives a rater the same columns whatever others say of the rater", () => {
    const base = {
      people: 5,
      rater: Int32Array.of(0, 0, 1, 2),
      ratee: Int32Array.of(1, 2, 2, 1),
      score: Float64Array.of(1, 0.5, 0.5, 1),
      time: Float64Array.of(1, 2, 3, 4),
    };
    const own = (score: number): (number | undefined)[] => {
      const rated = {
        ...base,
        rater: Int32Array.of(...base.rater, 3),
        ratee: Int32Array.of(...base.ratee, 0),
        score: Float64Array.of(...base.score, score),
        time: Float64Array.of(...base.time, 5),
      };
      const { columns } = raterColumns(rated);
      // The pool of all scores and PageRank are of the whole market: one more rating moves them a little for everybody.
      return ["ratings", "mean", "negative", "span", "plainOpinion", "praisesBad", "alone", "popularity"].map(
        (name) => columns.get(name)?.[0],
      );
    };
    expect(own(1)).toEqual(own(-1));
  });
});

describe("authenticity-yelpchi", () => {
  it("finds spam on spammed products from the graph alone", { timeout: 90_000 }, async () => {
    const random = new Random(4);
    const seen = new Set<string>();
    const reviews: Row[] = [];
    const labels: Row[] = [];
    for (let place = 0; place < 1_500; place += 1) {
      const isSpam = random.next() < 0.2;
      // Spammers write once, on a few products.
      const reviewer = isSpam ? 1_000 + place : random.below(150);
      const product = isSpam ? random.below(4) : random.below(25);
      if (seen.has(`${reviewer},${product}`)) continue;
      seen.add(`${reviewer},${product}`);
      reviews.push([reviewer, product]);
      labels.push([reviewer, product, isSpam ? "spam" : "genuine"]);
    }
    write("reviews.csv", "reviewer,product", reviews);
    write("labels.csv", "reviewer,product,label", labels.slice(0, labels.length / 2));
    const result = await yelpchi(["--data", folder, "--seeds", "1"]);
    expect(result["auc"]).toBeGreaterThan(0.9);
    expect(result["auc_belief"]).toBeGreaterThan(0.7);
  });
});

describe("authenticity-kernels", () => {
  it("runs every kernel", { timeout: 90_000 }, async () => {
    const result = await kernels(["--reviews", "3000", "--reviewers", "500"]);
    expect(Object.keys(result).length).toBeGreaterThan(15);
    expect(Object.values(result).every((value) => value >= 0)).toBe(true);
  });
});

describe("parts", () => {
  it("read cells with quotes, numbers and unknowns", () => {
    expect(fieldsOf('a,"b,""c""",,d')).toEqual(["a", 'b,"c"', "", "d"]);
    expect(fieldsOf('"x","y"')).toEqual(["x", "y"]);
    expect([numberIn(" 1e3 "), numberIn("NaN"), numberIn(""), numberIn("x")]).toEqual([
      1000,
      Number.NaN,
      Number.NaN,
      undefined,
    ]);
    const path = write("uneven.csv", "a,b", [[1, 2], [3]]);
    expect(() => readCsv(path)).toThrow(/line 3 has 1 cells, the header 2/);
  });

  it("measure and sum up", () => {
    expect(measure(Float64Array.of(3, 2, 1), Uint8Array.of(1, 1, 0))).toEqual({ auc: 1, ap: 1, recall_at_k: 1 });
    expect(meansWithSpread([{ auc: 0.8 }, { auc: 0.9 }])).toEqual({ auc: 0.85, auc_sd: 0.0707 });
    expect(rankScores(Float64Array.of(5, Number.NaN, 1))[1]).toBe(0);
    expect(rankScores(Float64Array.of(5, 5))).toEqual(Float64Array.of(0, 0));
  });
});
