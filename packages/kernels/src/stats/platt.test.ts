import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitPlatt, plattAt } from "./platt.ts";

const rows = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.nat(1)), { minLength: 2, maxLength: 40 });

/** Plain gradient descent on the same smoothed loss. */
function naive(list: readonly (readonly [number, number])[]): [slope: number, offset: number] {
  const positives = list.filter(([, label]) => label === 1).length;
  const target = (label: number): number =>
    label === 1 ? (positives + 1) / (positives + 2) : 1 / (list.length - positives + 2);
  let [slope, offset] = [0, 0];
  for (let step = 0; step < 40_000; step += 1) {
    let [gs, go] = [0, 0];
    for (const [score, label] of list) {
      const gap = 1 / (1 + Math.exp(-(slope * score + offset))) - target(label);
      gs += (gap * score) / list.length;
      go += gap / list.length;
    }
    slope -= 0.05 * gs;
    offset -= 0.5 * go;
  }
  return [slope, offset];
}

describe("fitPlatt", () => {
  it("finds the least loss that plain descent finds", () => {
    fc.assert(
      fc.property(rows, (list) => {
        const fitted = fitPlatt(
          Float64Array.from(list, ([score]) => score),
          Uint8Array.from(list, ([, label]) => label),
        );
        const [slope, offset] = naive(list);
        // On one score the slope is free; the chance there is not.
        for (const [score] of list)
          expect(plattAt(fitted, score)).toBeCloseTo(1 / (1 + Math.exp(-(slope * score + offset))), 2);
      }),
      { numRuns: 15 },
    );
  });

  it("does not depend on the unit or the origin of scores", () => {
    fc.assert(
      fc.property(rows, (list) => {
        const labels = Uint8Array.from(list, ([, label]) => label);
        const [plain, moved] = [(s: number) => s, (s: number) => 1e6 * s - 4e6].map((unit) =>
          fitPlatt(
            Float64Array.from(list, ([score]) => unit(score)),
            labels,
          ),
        );
        for (const [score] of list) expect(plattAt(moved!, 1e6 * score - 4e6)).toBeCloseTo(plattAt(plain!, score), 6);
      }),
    );
  });

  it("stays finite on classes that part cleanly, one class, one score and no rows", () => {
    const clean = fitPlatt(Float64Array.of(-1, -2, 1, 2), Uint8Array.of(0, 0, 1, 1));
    expect(plattAt(clean, 2)).toBeGreaterThan(0.7);
    expect(plattAt(clean, 2)).toBeLessThan(1);
    expect(plattAt(fitPlatt(Float64Array.of(1, 2, 3), Uint8Array.of(1, 1, 1)), 2)).toBeCloseTo(0.8, 6);
    expect(plattAt(fitPlatt(Float64Array.of(5, 5), Uint8Array.of(0, 1)), 5)).toBeCloseTo(0.5, 6);
    expect(plattAt(fitPlatt(new Float64Array(), new Uint8Array()), 7)).toBe(0.5);
    expect(() => fitPlatt(Float64Array.of(Number.NaN), Uint8Array.of(1))).toThrow(/score NaN/);
  });
});
