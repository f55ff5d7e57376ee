import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SparseRows } from "../text/hashed-grams.ts";
import { fitLinear, linearDefaults, type LinearRules, marginAt } from "./sparse-linear.ts";

function rowsOf(dense: readonly (readonly number[])[]): SparseRows {
  const offsets = [0];
  const columns: number[] = [];
  const values: number[] = [];
  for (const row of dense) {
    row.forEach((value, column) => {
      if (value === 0) return;
      columns.push(column);
      values.push(value);
    });
    offsets.push(columns.length);
  }
  return {
    offsets: Int32Array.from(offsets),
    columns: Int32Array.from(columns),
    values: Float64Array.from(values),
  };
}

/** The same minimum by plain gradient descent on dense rows. */
function naive(
  dense: readonly (readonly number[])[],
  labels: readonly number[],
  cost: number,
  width: number,
): number[] {
  const weights = Array.from({ length: width + 1 }, () => 0);
  const lengths = dense.reduce((sum, row) => sum + row.reduce((square, value) => square + value * value, 1), 0);
  const rate = 1 / (1 + 2 * cost * lengths);
  for (let step = 0; step < 60_000; step += 1) {
    const gradient = [...weights];
    dense.forEach((row, place) => {
      const sign = labels[place] === 1 ? 1 : -1;
      const margin = row.reduce((sum, value, column) => sum + value * weights[column]!, weights[width]!);
      const gap = Math.max(0, 1 - sign * margin);
      [...row, 1].forEach((value, column) => (gradient[column]! -= 2 * cost * gap * sign * value));
    });
    gradient.forEach((slope, column) => (weights[column]! -= rate * slope));
    if (Math.hypot(...gradient) < 1e-9) break;
  }
  return weights;
}

const close: LinearRules = { ...linearDefaults, tolerance: 1e-10, passesMax: 20_000 };
const all = (labels: Uint8Array): Int32Array => Int32Array.from(labels.keys());

const table = fc
  .array(
    fc.tuple(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 3, maxLength: 3 }), fc.integer({ min: 0, max: 1 })),
    { minLength: 2, maxLength: 9 },
  )
  .filter((rows) => new Set(rows.map(([, label]) => label)).size === 2);

describe("fitLinear", () => {
  it("finds the minimum that gradient descent finds", () => {
    fc.assert(
      fc.property(table, fc.constantFrom(0.1, 1), (given, cost) => {
        const dense = given.map(([row]) => row);
        const labels = Uint8Array.from(given, ([, label]) => label);
        const weights = new Float64Array(3);
        const fit = fitLinear(rowsOf(dense), labels, all(labels), { ...close, cost }, weights);
        expect(fit.isConverged).toBe(true);
        const expected = naive(dense, [...labels], cost, 3);
        [...weights, fit.intercept].forEach((weight, column) => expect(weight).toBeCloseTo(expected[column]!, 4));
      }),
      { numRuns: 25 },
    );
  });

  it("is the same for the same seed, nearly the same for another, and forgets what stood in the weights", () => {
    const dense = Array.from({ length: 60 }, (_, row) => [row % 3, row % 5, row % 7, 1].map((value) => value / 7));
    const labels = Uint8Array.from(dense, (_, row) => (row % 3 === 2 || row % 7 === 6 ? 1 : 0));
    const fitted = (seed: number, start: number): number[] => {
      const weights = new Float64Array(4).fill(start);
      const { intercept } = fitLinear(rowsOf(dense), labels, all(labels), { ...linearDefaults, seed }, weights);
      return [...weights, intercept];
    };
    expect(fitted(1, 9)).toEqual(fitted(1, 0));
    fitted(2, 0).forEach((weight, column) => expect(weight).toBeCloseTo(fitted(1, 0)[column]!, 0));
  });

  it("turns around when labels do, and follows the price of positives", () => {
    const dense = [
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
      [1, 0],
    ];
    const labels = Uint8Array.of(1, 1, 0, 0, 0);
    const fitted = (own: Uint8Array, positiveWeight: number): number[] => {
      const weights = new Float64Array(2);
      const { intercept } = fitLinear(rowsOf(dense), own, all(own), { ...close, positiveWeight }, weights);
      return [...weights, intercept];
    };
    const turned = fitted(
      labels.map((label) => 1 - label),
      1,
    );
    fitted(labels, 1).forEach((weight, column) => expect(weight).toBeCloseTo(-turned[column]!, 6));
    const margin = ([first = 0, , intercept = 0]: number[]): number => first + intercept;
    expect(margin(fitted(labels, 5))).toBeGreaterThan(margin(fitted(labels, 1)));
    expect(margin(fitted(labels, 0))).toBeGreaterThan(margin(fitted(labels, 1)));
  });

  it("learns from the places named alone, and takes empty rows and rows that contradict", () => {
    const rows = rowsOf([[1], [-1], [], [1], [1]]);
    const labels = Uint8Array.of(1, 0, 1, 0, 1);
    const weights = new Float64Array(1);
    const fit = fitLinear(rows, labels, Int32Array.of(0, 1), close, weights);
    expect(marginAt(rows, 0, weights, fit.intercept)).toBeGreaterThan(0);
    expect(marginAt(rows, 2, weights, fit.intercept)).toBe(fit.intercept);
    const even = fitLinear(rows, labels, Int32Array.of(3, 4), close, weights);
    expect(Math.abs(marginAt(rows, 3, weights, even.intercept))).toBeLessThan(1e-6);
  });

  it("says what is wrong", () => {
    const rows = rowsOf([[1], [2]]);
    const labels = Uint8Array.of(0, 1);
    const fit =
      (change: {
        rows?: SparseRows;
        labels?: Uint8Array;
        places?: Int32Array;
        rules?: Partial<LinearRules>;
        width?: number;
      }) =>
      (): unknown =>
        fitLinear(
          change.rows ?? rows,
          change.labels ?? labels,
          change.places ?? Int32Array.of(0, 1),
          { ...linearDefaults, ...change.rules },
          new Float64Array(change.width ?? 1),
        );
    expect(fit({ rows: { ...rows, values: Float64Array.of(1, Number.NaN) } })).toThrow(/row 1: value NaN/);
    expect(fit({ labels: Uint8Array.of(1) })).toThrow(/labels and rows differ/);
    expect(fit({ labels: Uint8Array.of(1, 1) })).toThrow(/all 2 rows have one label/);
    expect(fit({ labels: Uint8Array.of(1, 2) })).toThrow(/row 1: label 2/);
    expect(fit({ places: new Int32Array() })).toThrow(/no rows/);
    expect(fit({ places: Int32Array.of(0, 7) })).toThrow(/row 7 of 2/);
    expect(fit({ width: 0 })).toThrow(/column 0 of 0/);
    expect(fit({ rules: { cost: 0 } })).toThrow(/a cost of 0/);
    expect(fit({ rules: { tolerance: Number.NaN } })).toThrow(/out of range/);
  });
});
