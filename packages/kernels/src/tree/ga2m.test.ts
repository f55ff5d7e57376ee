import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rocAuc } from "../stats/auc.ts";
import { mix32 } from "../sketch/mix.ts";
import { binColumn, binOf, binsMax, fitEdges, joinEdges } from "./bins.ts";
import { fitGa2m, ga2mDefaults, type Ga2mOptions } from "./ga2m.ts";
import { coarseMax, explainGa2m, type Ga2mModel, ga2mTerms, scoreGa2m, unitsPerLogit } from "./ga2m-model.ts";
import type { TrainingTable } from "./training.ts";

const draw = (row: number, column: number): number => mix32(row, 1_000 + column) / 2 ** 32;

function tableOf(columns: readonly Float64Array[], labels: Uint8Array, bins = binsMax): TrainingTable {
  const rows = labels.length;
  const edges = columns.map((column) => fitEdges(column, bins));
  const out = new Uint8Array(rows * columns.length);
  columns.forEach((column, place) => binColumn(column, edges[place]!, out, place * rows));
  return { rows, columns: columns.length, bins: out, binning: joinEdges(edges), labels };
}

/** Columns of the unit square; the label's log-odds by `logit`. */
function planted(rows: number, width: number, logit: (x: readonly number[]) => number): [Float64Array[], Uint8Array] {
  const columns = Array.from({ length: width }, (_, c) =>
    Float64Array.from({ length: rows }, (__, row) => draw(row, c)),
  );
  const labels = Uint8Array.from({ length: rows }, (_, row) =>
    draw(row, 99) < 1 / (1 + Math.exp(-logit(columns.map((column) => column[row]!)))) ? 1 : 0,
  );
  return [columns, labels];
}

const quick: Ga2mOptions = { ...ga2mDefaults, bags: 3, roundsMax: 120, rate: 0.1, patience: 15 };

/** By the definition: looks every table up by a linear scan of the edges. */
function naiveScore(model: Ga2mModel, values: readonly number[]): number {
  const bin = (column: number): number => {
    const edges = model.binning.edges.slice(model.binning.from[column], model.binning.from[column + 1]);
    return Number.isNaN(values[column]!) ? 0 : 1 + edges.filter((edge) => edge <= values[column]!).length;
  };
  let score = model.intercept;
  for (let column = 0; column < model.columns; column += 1) score += model.mains[column * binsMax + bin(column)]!;
  for (let pair = 0; pair < model.pairs.length / 2; pair += 1) {
    const [a, b] = [model.pairs[2 * pair]!, model.pairs[2 * pair + 1]!];
    const [i, j] = [model.coarse[a * binsMax + bin(a)]!, model.coarse[b * binsMax + bin(b)]!];
    score += model.pairTables[(pair * coarseMax + i) * coarseMax + j]!;
  }
  return score;
}

describe("fitGa2m", () => {
  it("finds planted shapes and stays near the planted log-odds", () => {
    const logit = ([a = 0, b = 0]: readonly number[]): number => 4 * a - 2 + (b > 0.5 ? 2 : -2);
    const [columns, labels] = planted(4_000, 4, logit);
    const model = fitGa2m(tableOf(columns, labels, 64), { ...quick, pairsMax: 0 });
    const terms = new Int32Array(4);
    let error = 0;
    for (let row = 0; row < 400; row += 1) {
      const values = Float64Array.from(columns, (column) => column[row]!);
      error +=
        Math.abs(explainGa2m(model, values, new Uint8Array(4), terms) / unitsPerLogit - logit([...values])) / 400;
    }
    expect(error).toBeLessThan(0.35);
    // Columns that say nothing move the score little.
    const noise = Math.max(...model.mains.slice(2 * binsMax).map(Math.abs)) / unitsPerLogit;
    expect(noise).toBeLessThan(0.5);
  });

  it("finds a planted interaction that no single column shows", () => {
    const [columns, labels] = planted(3_000, 5, ([, b = 0, , d = 0]) => (b > 0.5 === d > 0.5 ? 2.5 : -2.5));
    const table = tableOf(columns, labels, 64);
    const model = fitGa2m(table, { ...quick, pairsMax: 2 });
    const scores = new Int32Array(3_000);
    scoreGa2m(model, table.bins, 3_000, scores);
    expect(model.pairs.slice(0, 2)).toEqual(Int32Array.of(1, 3));
    expect(rocAuc(Float64Array.from(scores), labels, new Uint32Array(3_000))).toBeGreaterThan(0.88);
  });

  it("keeps signs for every pair of values, mains and pairs together", () => {
    const [columns, labels] = planted(1_500, 3, ([a = 0, b = 0, c = 0]) => 3 * Math.sin(6 * a) + 4 * b * c - 1);
    const model = fitGa2m(tableOf(columns, labels, 32), { ...quick, signs: Int8Array.of(1, -1, 0) });
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), (values) => {
        const [a = 0, b = 0, c = 0, other = 0] = values;
        const up = naiveScore(model, [Math.max(a, other), b, c]) - naiveScore(model, [Math.min(a, other), b, c]);
        const down = naiveScore(model, [a, Math.max(b, other), c]) - naiveScore(model, [a, Math.min(b, other), c]);
        // Rounding to whole units may cost one unit a table.
        expect(up).toBeGreaterThanOrEqual(-ga2mTerms(model));
        expect(down).toBeLessThanOrEqual(ga2mTerms(model));
      }),
    );
  });

  it("scores exactly intercept plus terms, as the naive lookup does, whole numbers all", () => {
    const [columns, labels] = planted(600, 3, ([a = 0, b = 0]) => 6 * a * b - 2);
    columns[2]!.forEach((_, row) => row % 7 === 0 && (columns[2]![row] = Number.NaN));
    const table = tableOf(columns, labels, 16);
    const model = fitGa2m(table, quick);
    const value = fc.oneof(fc.double({ noNaN: false }), fc.double({ min: -0.2, max: 1.2 }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(value, { minLength: 3, maxLength: 3 }), (values) => {
        const terms = new Int32Array(ga2mTerms(model));
        const score = explainGa2m(model, Float64Array.from(values), new Uint8Array(3), terms);
        expect(score).toBe(naiveScore(model, values));
        expect(score).toBe(terms.reduce((sum, term) => sum + term, model.intercept));
        expect(Number.isInteger(score)).toBe(true);
      }),
    );
    const scores = new Int32Array(600);
    scoreGa2m(model, table.bins, 600, scores);
    scores.forEach((score, row) =>
      expect(score).toBe(
        naiveScore(
          model,
          columns.map((column) => column[row]!),
        ),
      ),
    );
  });

  it("is the same model every time, and another by seed", () => {
    const [columns, labels] = planted(300, 2, ([a = 0]) => 3 * a - 1);
    const table = tableOf(columns, labels);
    expect(fitGa2m(table, quick)).toEqual(fitGa2m(table, quick));
    expect(fitGa2m(table, { ...quick, seed: 2 }).mains).not.toEqual(fitGa2m(table, quick).mains);
  });

  it("lets unknown values have their own say", () => {
    const [columns, labels] = planted(2_000, 1, () => 0);
    columns[0]!.forEach((_, row) => labels[row] === 1 && draw(row, 7) < 0.6 && (columns[0]![row] = Number.NaN));
    const model = fitGa2m(tableOf(columns, labels, 16), quick);
    expect(model.mains[0]! - model.mains[1]!).toBeGreaterThan(unitsPerLogit);
  });
});

describe("bad training sets", () => {
  const column = Float64Array.from({ length: 40 }, (_, row) => row % 8);
  const mixed = Uint8Array.from({ length: 40 }, (_, row) => (row >> 3) & 1);

  it("with one class, no rows, wrong weights or too few groups are refused with a reason", () => {
    expect(() => fitGa2m(tableOf([column], new Uint8Array(40)), quick)).toThrow(/all 40 rows have label 0/);
    expect(() => fitGa2m(tableOf([column], new Uint8Array(40).fill(1)), quick)).toThrow(/needs both classes/);
    expect(() => fitGa2m(tableOf([new Float64Array()], new Uint8Array()), quick)).toThrow(/no rows/);
    const weights = new Float64Array(40).fill(1);
    weights[3] = Number.NaN;
    expect(() => fitGa2m({ ...tableOf([column], mixed), weights }, quick)).toThrow(/row 3: weight NaN/);
    expect(() => fitGa2m({ ...tableOf([column], mixed), groups: new Int32Array(40) }, quick)).toThrow(
      /1 groups do not fill/,
    );
    expect(() =>
      fitGa2m(
        tableOf(
          [column],
          mixed.map((y) => 2 * y),
        ),
        quick,
      ),
    ).toThrow(/label 2/);
    const table = tableOf([column], mixed);
    table.bins[5] = 200;
    expect(() => fitGa2m(table, quick)).toThrow(/row 5: bin 200 of column 0, which ends at 8/);
    expect(() => fitGa2m(tableOf([column], mixed), { ...quick, signs: new Int8Array(3) })).toThrow(/signs/);
  });

  it("with labels that contradict give a chance between, NaN columns none at all", () => {
    const unknown = new Float64Array(40).fill(Number.NaN);
    const model = fitGa2m(tableOf([column, unknown], mixed), quick);
    for (let value = 0; value < 8; value += 1)
      expect(Math.abs(naiveScore(model, [value, Number.NaN])) / unitsPerLogit).toBeLessThan(1);
    expect(binOf(Number.NaN, model.binning.edges, 0, 0)).toBe(0);
  });

  it("of two rows still give a model", () => {
    const model = fitGa2m(tableOf([Float64Array.of(0, 1)], Uint8Array.of(0, 1)), { ...quick, stopFolds: 2 });
    expect(Number.isInteger(naiveScore(model, [1]))).toBe(true);
  });
});
