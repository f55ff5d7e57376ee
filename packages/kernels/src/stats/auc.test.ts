import fc from "fast-check";
import { expect, it } from "vitest";
import { rocAuc } from "./auc.ts";

const auc = (scores: readonly number[], labels: readonly number[]): number =>
  rocAuc(Float64Array.from(scores), Uint8Array.from(labels), new Uint32Array(scores.length));

it("equals the share of pairs in order, ties at half", () => {
  const sample = fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.nat(1)), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(sample, (pairs) => {
      let [won, all] = [0, 0];
      for (const [high, positive] of pairs) {
        for (const [low, negative] of pairs) {
          if (positive !== 1 || negative !== 0) continue;
          all += 1;
          won += high > low ? 1 : high === low ? 0.5 : 0;
        }
      }
      const found = auc(
        pairs.map(([score]) => score),
        pairs.map(([, label]) => label),
      );
      if (all === 0) expect(found).toBeNaN();
      else expect(found).toBeCloseTo(won / all, 12);
    }),
  );
});

it("is 1 in perfect order, 0 in reverse, a half where all tie", () => {
  expect(auc([1, 2, 3, 4], [0, 0, 1, 1])).toBe(1);
  expect(auc([1, 2, 3, 4], [1, 1, 0, 0])).toBe(0);
  expect(auc([7, 7, 7], [1, 0, 1])).toBe(0.5);
});
