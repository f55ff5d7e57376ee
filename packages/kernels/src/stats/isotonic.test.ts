import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitIsotonic, isotonicAt } from "./isotonic.ts";

const rows = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.nat(1), fc.integer({ min: 1, max: 4 })), {
  minLength: 1,
  maxLength: 40,
});

describe("fitIsotonic", () => {
  it("equals the min-max formula: the greatest over starts of the least over ends of the mean between", () => {
    fc.assert(
      fc.property(rows, (list) => {
        const fitted = fitIsotonic(
          Float64Array.from(list, ([score]) => score),
          Uint8Array.from(list, ([, label]) => label),
          Float64Array.from(list, ([, , weight]) => weight),
        );
        const levels = [...new Set(list.map(([score]) => score))].sort((a, b) => a - b);
        const mean = (from: number, to: number): number => {
          const own = list.filter(([score]) => score >= from && score <= to);
          return own.reduce((sum, [, y, w]) => sum + y * w, 0) / own.reduce((sum, [, , w]) => sum + w, 0);
        };
        for (const level of levels) {
          const starts = levels.filter((from) => from <= level);
          const ends = levels.filter((to) => to >= level);
          const expected = Math.max(...starts.map((from) => Math.min(...ends.map((to) => mean(from, to)))));
          expect(isotonicAt(fitted, level)).toBeCloseTo(expected, 12);
        }
      }),
    );
  });

  it("never falls, keeps the mean, and is constant beyond its ends", () => {
    fc.assert(
      fc.property(rows, (list) => {
        const scores = Float64Array.from(list, ([score]) => score);
        const labels = Uint8Array.from(list, ([, label]) => label);
        const fitted = fitIsotonic(scores, labels);
        fitted.chance.forEach((item, k) => expect(item).toBeGreaterThan(fitted.chance[k - 1] ?? -1));
        const sum = scores.reduce((total, score) => total + isotonicAt(fitted, score), 0);
        expect(sum).toBeCloseTo(
          labels.reduce((total, label) => total + label, 0),
          9,
        );
        expect(isotonicAt(fitted, -1e9)).toBe(fitted.chance[0]);
        expect(isotonicAt(fitted, 1e9)).toBe(fitted.chance.at(-1));
      }),
    );
  });

  it("takes no rows and one class, and refuses NaN", () => {
    expect(isotonicAt(fitIsotonic(new Float64Array(), new Uint8Array()), 1)).toBeNaN();
    expect(isotonicAt(fitIsotonic(Float64Array.of(1, 2), Uint8Array.of(1, 1)), 1.5)).toBe(1);
    expect(() => fitIsotonic(Float64Array.of(Number.NaN), Uint8Array.of(1))).toThrow(/score NaN/);
    expect(() => fitIsotonic(Float64Array.of(1), Uint8Array.of(1), Float64Array.of(0))).toThrow(/weight 0/);
  });
});
