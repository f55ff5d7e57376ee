import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyHistogram, fitQuadrants, fitStep, type Histogram, quadrantScratch } from "./step-fit.ts";

const bins = 7;
const cell = fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }));

function histogramOf(cells: readonly (readonly [number, number, number])[]): Histogram {
  return {
    gradient: Float64Array.from(cells, ([g]) => g),
    curvature: Float64Array.from(cells, ([, h]) => h),
    rows: Float64Array.from(cells, ([, , n]) => n),
  };
}

const gainOf = (g: number, h: number): number => (g * g) / (h + 1);

describe("fitStep", () => {
  it("gains as much as the best cut of all, and then the best second cut, tried one by one", () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: bins, maxLength: bins }), (cells) => {
        const part = (from: number, to: number): number => {
          const own = cells.slice(from, to);
          return gainOf(
            own.reduce((sum, [g]) => sum + g, 0),
            own.reduce((sum, [, h]) => sum + h, 0),
          );
        };
        const gains = (from: number, to: number): [gain: number, at: number][] =>
          Array.from({ length: Math.max(0, to - from - 1) }, (_, place) => from + 1 + place).map((at) => [
            part(from, at) + part(at, to) - part(from, to),
            at,
          ]);
        const best = (from: number, to: number): number => Math.max(0, ...gains(from, to).map(([gain]) => gain));
        const first = best(1, bins);
        // Of first cuts that are as good as each other, any may be taken; what the second adds then differs.
        const asGood = gains(1, bins).filter(([gain]) => first - gain < 1e-12);
        const seconds = asGood.map(([, at]) => Math.max(best(1, at), best(at, bins)));
        // Nor is a first cut taken that gains nothing but what was rounded.
        if (first <= 1e-12) seconds.push(0);
        const [table, step] = [new Float64Array(bins), new Float64Array(bins)];
        const options = { ridge: 1, leafRowsMin: 1, sign: 0 };
        const gain = fitStep(histogramOf(cells), bins, options, 0.5, table, 0, step);
        expect(Math.min(...seconds.map((second) => Math.abs(part(0, 1) + first + second - gain)))).toBeLessThan(5e-10);
        expect(new Set(table.slice(1)).size).toBeLessThanOrEqual(3);
        expect(table).toEqual(step);
      }),
    );
  });

  it("never breaks the order that a sign asks for, and leaves small levels alone", () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: bins, maxLength: bins }), fc.constantFrom(1, -1), (cells, sign) => {
        const [table, step] = [new Float64Array(bins), new Float64Array(bins)];
        fitStep(histogramOf(cells), bins, { ridge: 1, leafRowsMin: 1, sign }, 1, table, 0, step);
        for (let bin = 2; bin < bins; bin += 1)
          expect((table[bin]! - table[bin - 1]!) * sign).toBeGreaterThanOrEqual(0);
        const huge = { ridge: 1, leafRowsMin: 99, sign };
        expect(fitStep(histogramOf(cells), bins, huge, 1, table, 0, step)).toBe(0);
      }),
    );
  });
});

describe("fitQuadrants", () => {
  it("gains as much as the best of all pairs of cuts, tried one by one, and adds four levels", () => {
    const side = 4;
    fc.assert(
      fc.property(fc.array(cell, { minLength: side * side, maxLength: side * side }), (cells) => {
        const sum = (keep: (i: number, j: number) => boolean): number => {
          const own = cells.filter((_, place) => keep(Math.floor(place / side), place % side));
          return gainOf(
            own.reduce((total, [g]) => total + g, 0),
            own.reduce((total, [, h]) => total + h, 0),
          );
        };
        let best = 0;
        for (let i = 1; i < side; i += 1) {
          for (let j = 1; j < side; j += 1) {
            const parts = [false, true].flatMap((a) =>
              [false, true].map((b) => sum((x, y) => x >= i === a && y >= j === b)),
            );
            best = Math.max(best, parts.reduce((total, part) => total + part, 0) - sum(() => true));
          }
        }
        const table = new Float64Array(side * side);
        const options = { ridge: 1, leafRowsMin: 1, signA: 0, signB: 0 };
        const scratch = quadrantScratch(side);
        expect(fitQuadrants(histogramOf(cells), side, options, 0, scratch, table, 0)).toBeCloseTo(best, 9);
        expect(table.every((value) => value === 0)).toBe(true);
        fitQuadrants(histogramOf(cells), side, options, 1, scratch, table, 0);
        expect(new Set(table).size).toBeLessThanOrEqual(4);
      }),
    );
    expect(
      fitQuadrants(
        emptyHistogram(16),
        side,
        { ridge: 1, leafRowsMin: 0, signA: 0, signB: 0 },
        1,
        quadrantScratch(side),
        new Float64Array(16),
        0,
      ),
    ).toBe(0);
  });
});
