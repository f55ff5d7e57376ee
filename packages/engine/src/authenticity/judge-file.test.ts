import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { followSpecs } from "./follow-columns.ts";
import { ModelError, modelIdOf, type ModelFile, readModelFile, toModelFile } from "./judge-file.ts";
import { anyJudge, anyRow } from "./judge.fixture.ts";
import { judge } from "./judge.ts";
import { orderSpecs } from "./order-columns.ts";
import { reviewSpecs } from "./review-columns.ts";

const judges = fc.record({ review: anyJudge(reviewSpecs), order: anyJudge(orderSpecs), follow: anyJudge(followSpecs) });
const [sample] = fc.sample(judges, { numRuns: 1, seed: 5 });
const whole = toModelFile(sample!);

const noTerms = Array.from({ length: 256 }, () => 0);
interface LooseJudge {
  intercept: number;
  columns: { name: string; edges: unknown[]; terms: number[] }[];
  pairs: unknown[];
  coarse: Record<string, number[]>;
  reliability: number[];
}
type Loose = Record<"review" | "order" | "follow", LooseJudge> & Record<string, unknown>;
/** The model with one thing changed. */
function broken(change: (file: Loose) => void): unknown {
  const copy = structuredClone(whole) as unknown as Loose;
  change(copy);
  return copy;
}

describe("a model as a file", () => {
  it("judges as before once it was written and read", () => {
    fc.assert(
      fc.property(judges, anyRow(reviewSpecs.length), (own, row) => {
        const read = readModelFile(JSON.parse(JSON.stringify(toModelFile(own))));
        for (const kind of ["review", "order", "follow"] as const) {
          const values = row.slice(0, own[kind].specs.length);
          expect(judge(read[kind], values)).toEqual(judge(own[kind], values));
        }
        expect(toModelFile(read)).toEqual(toModelFile(own));
      }),
      { numRuns: 40 },
    );
  });

  it("has an id that any change changes", () => {
    expect(modelIdOf(whole)).toMatch(/^[0-9a-f]{64}$/);
    expect(modelIdOf(structuredClone(whole))).toBe(modelIdOf(whole));
    expect(modelIdOf(broken((file) => (file["review"].intercept += 1)) as ModelFile)).not.toBe(modelIdOf(whole));
  });

  it.each<readonly [string, (file: Loose) => void, RegExp]>([
    ["another version", (file) => (file["version"] = 2), /version/],
    ["a kind is missing", (file) => delete (file as Record<string, unknown>)["order"], /order/],
    ["a stranger's field", (file) => (file["extra"] = 1), /extra/],
    [
      "a column of another name",
      (file) => (file["follow"].columns[0]!.name = "height"),
      /follow: the columns are not those/,
    ],
    ["a column too few", (file) => file["review"].columns.pop(), /review: the columns are not those/],
    ["columns in another order", (file) => file["order"].columns.reverse(), /order: the columns are not those/],
    [
      "terms that do not fit the edges",
      (file) => file["order"].columns[2]!.terms.push(1),
      /order: \S+ has \d+ edges and \d+ terms/,
    ],
    [
      "edges that fall",
      (file) => Object.assign(file["review"].columns[0]!, { edges: [2, 1], terms: [0, 0, 0, 0] }),
      /review: the edges of purchase do not rise/,
    ],
    [
      "an edge that is no number",
      (file) => Object.assign(file["review"].columns[0]!, { edges: [null], terms: [0, 0, 0] }),
      /review\.columns\.0\.edges/,
    ],
    ["a term that is not whole", (file) => (file["review"].columns[1]!.terms[0] = 0.5), /review\.columns\.1\.terms\.0/],
    [
      "a term beyond 32 bits",
      (file) => (file["review"].columns[1]!.terms[0] = 2 ** 40),
      /review\.columns\.1\.terms\.0/,
    ],
    [
      "a pair of a column that is none",
      (file) => (file["follow"].pairs = [{ columns: [0, 99], terms: noTerms }]),
      /follow: /,
    ],
    [
      "a pair without its coarse bins",
      (file) => Object.assign(file["follow"], { pairs: [{ columns: [0, 1], terms: noTerms }], coarse: {} }),
      /follow: the coarse bins of column 0/,
    ],
    ["coarse bins of a column that is none", (file) => (file["follow"].coarse["77"] = [0]), /follow: /],
    ["a short reliability", (file) => file["order"].reliability.pop(), /order\.reliability/],
    [
      "a reliability that rises",
      (file) => (file["order"].reliability = file["order"].reliability.map((_: number, place: number) => place)),
      /order: reliability rises with doubt/,
    ],
    ["a reliability above 1,000", (file) => (file["order"].reliability[0] = 1_001), /order\.reliability\.0/],
  ])("is refused: %s", (_, change, message) => {
    expect(() => readModelFile(broken(change))).toThrow(ModelError);
    expect(() => readModelFile(broken(change))).toThrow(message);
  });

  it("is refused where it is no model at all", () => {
    for (const value of [undefined, null, 7, "model", [], {}]) expect(() => readModelFile(value)).toThrow(ModelError);
  });
});
