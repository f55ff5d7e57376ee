import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWordsModel, type WordsModelFile } from "../packages/engine/src/authenticity/words-model.ts";
import { readWords } from "../packages/engine/src/authenticity/words.ts";
import { csvRows, readLabelledTexts } from "../packages/engine/src/main/commands/labelled-texts.ts";
import { train } from "../packages/engine/src/main/commands/train.ts";
import { run as textBench } from "./authenticity-text.bench.ts";
import { Random } from "./random.ts";
import { run as wordsBench } from "./words.bench.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "probity-words-test-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, lines: readonly string[]): void {
  mkdirSync(join(folder, name.split("/")[0] ?? ""), { recursive: true });
  writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Shops whose praise and blame share some words, on things that each shop has for itself. */
function writeReviews(name: string, shops: readonly string[], seed: number): void {
  const random = new Random(seed);
  const pick = (words: readonly string[]): string => words[random.below(words.length)]!;
  const rows = shops.flatMap((shop) =>
    Array.from({ length: 90 }, (_, row) => {
      const mood = pick(row % 2 === 0 ? ["好", "喜欢", "满意", "不错"] : ["差", "失望", "糟糕", "坏了"]);
      return `${shop},${(row + 1) % 2},${quoted(`${shop}第${row}件,${pick(["很", "真", "有点"])}${mood}${pick(["。", "！", '"嗯"'])}`)}`;
    }),
  );
  write(name, ["category,label,review", ...rows, `${shops[0]},,没有标签的一条`, `${shops[0]},1,`]);
}

describe("words", () => {
  it("tests each category on what others taught, and says so the same every time", { timeout: 60_000 }, async () => {
    writeReviews("reviews/shops.csv", ["书", "果", "鞋"], 3);
    const args = ["--data", join(folder, "reviews"), "--seeds", "2"];
    const { texts_per_s: speed, ...result } = await wordsBench(args);
    expect(speed).toBeGreaterThan(0);
    expect(Object.keys(result).sort()).toEqual([
      "accuracy",
      "accuracy_adapted",
      "accuracy_default",
      "accuracy_mixed",
      "accuracy_sd",
      "accuracy_shopping",
      "accuracy_shopping_sd",
    ]);
    expect(result["accuracy"]).toBeGreaterThan(0.9);
    expect(result["accuracy_adapted"]).toBeGreaterThan(0.9);
    expect(result["accuracy_default"]).toBeGreaterThan(0.8);
    expect(await wordsBench(args)).toMatchObject(result);
  });

  it("learns nothing from a file that has the tested texts under another name", { timeout: 60_000 }, async () => {
    // Labels are noise: whoever sees a tested text elsewhere would still know its label.
    const random = new Random(8);
    const texts = Array.from({ length: 120 }, (_, row) => [`第${row}条${random.below(1e9)}`, random.below(2)] as const);
    write("copied/a.csv", ["label,review", ...texts.map(([text, label]) => `${label},${text}`)]);
    write("copied/b.csv", ["label,review", ...texts.map(([text, label]) => `${label},${text}！`.replace("！", ""))]);
    writeReviews("copied/shops.csv", ["书", "果"], 4);
    const result = await wordsBench(["--data", join(folder, "copied"), "--seeds", "1"]);
    expect(Math.abs(result["accuracy_hotel"]! - 0.5)).toBeLessThan(0.2);
  });

  it(
    "falls back to random folds where no category can be left out, and says what is missing",
    { timeout: 60_000 },
    async () => {
      writeReviews("single/one.csv", ["书"], 5);
      const result = await wordsBench(["--data", join(folder, "single")]);
      expect(result["accuracy"]).toBe(result["accuracy_mixed"]);
      await expect(wordsBench([])).rejects.toThrow(/--data DIR is missing/);
      write("bare/one.csv", ["label,review", ",没有标签"]);
      await expect(wordsBench(["--data", join(folder, "bare")])).rejects.toThrow(/has no labels/);
    },
  );
});

describe("authenticity-text", () => {
  it("tells hands apart at hotels that it has not seen", { timeout: 60_000 }, async () => {
    const random = new Random(6);
    const pick = (words: string): string => words.split(" ")[random.below(words.split(" ").length)]!;
    const rows = Array.from({ length: 160 }, (_, row) => {
      const isMade = row % 2 === 1;
      const words = Array.from({ length: 12 }, () =>
        pick(
          isMade
            ? "luxury husband my family amazing chicago hotel room"
            : "small ($) bathroom floor elevator - hotel room",
        ),
      );
      return `${isMade ? "deceptive" : "truthful"},h${row % 4},${row % 3 === 0 ? "positive" : "negative"},Web,${quoted(`${words.join(" ")}\n`)}`;
    });
    write("hotels/reviews.csv", ["label,hotel,polarity,source,text", ...rows]);
    const result = await textBench(["--data", join(folder, "hotels"), "--seeds", "2"]);
    expect(Object.keys(result).sort()).toEqual(["accuracy", "accuracy_sd", "ap", "ap_sd", "auc", "auc_sd"]);
    expect(result["accuracy"]).toBeGreaterThan(0.95);
  });

  it("says what is wrong with its file", async () => {
    await expect(textBench(["--data", folder])).rejects.toThrow(/reviews\.csv is missing/);
    write("wrong/reviews.csv", ["label,hotel,text", "honest,a,b"]);
    await expect(textBench(["--data", join(folder, "wrong")])).rejects.toThrow(/neither truthful nor deceptive/);
    write("wrong/reviews.csv", ["label,text", "truthful,b"]);
    await expect(textBench(["--data", join(folder, "wrong")])).rejects.toThrow(/no column hotel/);
    write("wrong/reviews.csv", ["label,hotel,text", "truthful,a,b"]);
    await expect(textBench(["--data", join(folder, "wrong")])).rejects.toThrow(/at least two hotels/);
  });
});

describe("probity train words", () => {
  const outFile = (): string => join(folder, "model.json");
  const trained = (): WordsModelFile => JSON.parse(readFileSync(outFile(), "utf8")) as WordsModelFile;

  it(
    "learns a folder's own words and keeps the rest of the model that comes with Probity",
    { timeout: 60_000 },
    async () => {
      writeReviews("own/shops.csv", ["书", "果", "鞋"], 7);
      await train(["words", "--data", join(folder, "own"), "--out", outFile(), "--bits", "12"]);
      const model = openWordsModel(trained());
      expect(readWords("糟糕", model).sentiment).toBeLessThan(0);
      expect(readWords("great quality", model).sentiment).toBeGreaterThan(0);
      expect(readWords("物流太慢", model).topics.delivery).toBeGreaterThan(500);
    },
  );

  it("learns subjects from votes, in a language of their own", { timeout: 60_000 }, async () => {
    const rows = Array.from({ length: 240 }, (_, row) => {
      const [words, votes] = [
        ["não chegou no prazo, muito atrasado", "3,0,0"],
        ["o produto é de má qualidade", "0,2,0"],
        ["tudo certo, gostei muito", "0,0,3"],
      ][row % 3]!;
      return `${row},${row % 3 === 2 ? 5 : 1},"${words} ${row}",${votes}`;
    });
    write("votes/reviews.csv", [
      "id,review_score,review_comment_message,votes_atrasado,votes_baixa_qualidade,votes_satisfeito",
      ...rows,
    ]);
    await train(["words", "--data", join(folder, "votes"), "--out", outFile()]);
    const { language, sentiment, topics } = readWords("não chegou, está atrasado", openWordsModel(trained()));
    expect(language).toBe("other");
    expect(sentiment).toBeLessThan(0);
    expect(topics.delivery).toBeGreaterThan(500);
    expect(topics.quality).toBeLessThan(500);
    expect(topics.price).toBe(0);
  });

  it("says what is wrong", async () => {
    await expect(train([])).rejects.toThrow(/Say what to train/);
    await expect(train(["dreams"])).rejects.toThrow(/no training of dreams/);
    await expect(train(["words", "--data", join(folder, "nowhere")])).rejects.toThrow(/is not a folder/);
    await expect(train(["words", "--bits", "40"])).rejects.toThrow(/--bits must be/);
    write("few/one.csv", ["label,review", "1,好", "0,差"]);
    await expect(train(["words", "--data", join(folder, "few")])).rejects.toThrow(/No language has 50 texts/);
    write("empty/one.csv", ["a,b", "1,2"]);
    expect(() => readLabelledTexts(join(folder, "empty"))).toThrow(/No CSV file .* has texts/);
  });
});

describe("csvRows", () => {
  it("reads quotes, commas and line breaks inside them, and files without a last line break", () => {
    const rows = (text: string): (readonly string[])[] => csvRows(text).map((row) => [...row.values()]);
    expect(rows('\uFEFFa,b\r\n1,"x, ""y""\nz"\r\n\r\n,')).toEqual([
      ["1", 'x, "y"\nz'],
      ["", ""],
    ]);
    expect(rows("a,b\n1,2")).toEqual([["1", "2"]]);
    expect(rows('a,b\n1,"open')).toEqual([["1", "open"]]);
    expect(rows("")).toEqual([]);
    expect([...(csvRows("\uFEFFa\n1")[0]?.keys() ?? [])]).toEqual(["a"]);
  });
});
