import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differenceInterval, meanDifference } from "./suppression.ts";

const share = fc
  .integer({ min: 1, max: 5_000 })
  .chain((count) => fc.record({ hits: fc.nat(count), count: fc.constant(count) }));

describe("the suppression self-audit", () => {
  it("gives Newcombe's published intervals (1998, table II, method 10)", () => {
    const cases = [
      [56, 70, 48, 80, 0.0524, 0.3339],
      [9, 10, 3, 10, 0.1705, 0.809],
      [5, 56, 0, 29, -0.0381, 0.1926],
      [10, 10, 0, 10, 0.6075, 1],
    ] as const;
    for (const [hits, count, otherHits, otherCount, low, high] of cases) {
      const interval = differenceInterval({ hits, count }, { hits: otherHits, count: otherCount });
      expect(interval?.low).toBeCloseTo(low, 3);
      expect(interval?.high).toBeCloseTo(high, 3);
    }
  });

  it("holds its difference within its interval, turns round with its sides, and knows nothing of nothing", () => {
    fc.assert(
      fc.property(share, share, (a, b) => {
        const one = differenceInterval(a, b);
        const other = differenceInterval(b, a);
        if (one === undefined || other === undefined) throw new Error("no interval");
        expect(one.low).toBeLessThanOrEqual(one.difference + 1e-12);
        expect(one.high).toBeGreaterThanOrEqual(one.difference - 1e-12);
        expect(one.low).toBeCloseTo(-other.high, 10);
        expect(one.low).toBeGreaterThanOrEqual(-1 - 1e-9);
      }),
    );
    expect(differenceInterval({ hits: 0, count: 0 }, { hits: 1, count: 2 })).toBeUndefined();
  });

  it("compares means by Welch's error and refuses single values", () => {
    const interval = meanDifference({ mean: 10, variance: 4, count: 100 }, { mean: 9, variance: 9, count: 50 });
    const error = 1.959_963_985 * Math.sqrt(4 / 100 + 9 / 50);
    expect(interval).toEqual({ difference: 1, low: 1 - error, high: 1 + error });
    expect(meanDifference({ mean: 1, variance: 0, count: 1 }, { mean: 1, variance: 0, count: 9 })).toBeUndefined();
  });
});
