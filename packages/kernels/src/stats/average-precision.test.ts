import fc from "fast-check";
import { expect, it } from "vitest";
import { averagePrecision, recallAt } from "./average-precision.ts";

type Row = readonly [score: number, label: number];
const rows = fc.array(fc.tuple(fc.nat(6), fc.nat(1)), { minLength: 1, maxLength: 30 });
const columns = (list: readonly Row[]): [Float64Array, Uint8Array, Uint32Array] => [
  Float64Array.from(list, ([score]) => score),
  Uint8Array.from(list, ([, label]) => label),
  new Uint32Array(list.length),
];

it("equals the sum over thresholds by definition", () => {
  fc.assert(
    fc.property(rows, (list) => {
      const positives = list.filter(([, label]) => label === 1).length;
      let [sum, before] = [0, 0];
      for (const bar of [...new Set(list.map(([score]) => score))].sort((a, b) => b - a)) {
        const above = list.filter(([score]) => score >= bar);
        const hits = above.filter(([, label]) => label === 1).length;
        sum += ((hits - before) / positives) * (hits / above.length);
        before = hits;
      }
      const found = averagePrecision(...columns(list));
      if (positives === 0) expect(found).toBeNaN();
      else expect(found).toBeCloseTo(sum, 12);
    }),
  );
});

it("finds everything at the end and nothing at 0, never less with more looks", () => {
  fc.assert(
    fc.property(rows, (list) => {
      const [scores, labels, order] = columns([...list, [3, 1]]);
      const found = Array.from({ length: list.length + 2 }, (_, k) => recallAt(scores, labels, k, order));
      expect(found[0]).toBe(0);
      expect(found.at(-1)).toBeCloseTo(1, 12);
      found.forEach((item, k) => expect(item).toBeGreaterThanOrEqual((found[k - 1] ?? 0) - 1e-12));
    }),
  );
});

it("by hand: a tie across the cut counts by its share", () => {
  const [scores, labels, order] = columns([
    [2, 1],
    [1, 1],
    [1, 0],
    [0, 1],
  ]);
  expect(recallAt(scores, labels, 2, order)).toBeCloseTo((1 + 0.5) / 3, 12);
  expect(averagePrecision(scores, labels, order)).toBeCloseTo((1 + 2 / 3 + 3 / 4) / 3, 12);
});
