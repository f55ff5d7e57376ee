import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rocAuc } from "../stats/auc.ts";
import { mix32 } from "../sketch/mix.ts";
import { binColumn, fitEdges, joinEdges } from "./bins.ts";
import { type BoostedTrees, fitTrees, scoreTrees, treeDefaults, treePlaces } from "./boosted-trees.ts";
import { expectedTrees, shapTrees } from "./tree-shap.ts";
import { splitTable, type TrainingTable } from "./training.ts";

const width = 4;
const draw = (row: number, column: number): number => mix32(row, 2_000 + column) / 2 ** 32;

function planted(rows: number, logit: (x: readonly number[]) => number): TrainingTable {
  const columns = Array.from({ length: width }, (_, c) =>
    Float64Array.from({ length: rows }, (__, row) => draw(row, c)),
  );
  const labels = Uint8Array.from({ length: rows }, (_, row) =>
    draw(row, 77) < 1 / (1 + Math.exp(-logit(columns.map((column) => column[row]!)))) ? 1 : 0,
  );
  const edges = columns.map((column) => fitEdges(column, 32));
  const bins = new Uint8Array(rows * width);
  columns.forEach((column, place) => binColumn(column, edges[place]!, bins, place * rows));
  return { rows, columns: width, bins, binning: joinEdges(edges), labels };
}

const rowBins = ({ bins, rows }: TrainingTable, row: number): Uint8Array =>
  Uint8Array.from({ length: width }, (_, column) => bins[column * rows + row]!);

/** Score of one row, node after node, where only the columns of a coalition are known: elsewhere shares of cover. */
function known(model: BoostedTrees, bins: Uint8Array, coalition: number): number {
  const places = treePlaces(model.depth);
  const at = (base: number, node: number): number => {
    const column = model.column[base + node]!;
    if (column < 0) return model.value[base + node]!;
    const [left, right] = [2 * node + 1, 2 * node + 2];
    if ((coalition >> column) & 1) return at(base, bins[column]! <= model.threshold[base + node]! ? left : right);
    const share = model.cover[base + left]! / model.cover[base + node]!;
    return share * at(base, left) + (1 - share) * at(base, right);
  };
  let sum = model.start;
  for (let tree = 0; tree < model.trees; tree += 1) sum += at(tree * places, 0);
  return sum;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** Shapley's formula over all coalitions. */
function naiveShapley(model: BoostedTrees, bins: Uint8Array): number[] {
  return Array.from({ length: width }, (_, column) => {
    let sum = 0;
    for (let coalition = 0; coalition < 2 ** width; coalition += 1) {
      if ((coalition >> column) & 1) continue;
      const size = [0, 1, 2, 3].filter((other) => (coalition >> other) & 1).length;
      const weight = (factorial(size) * factorial(width - size - 1)) / factorial(width);
      sum += weight * (known(model, bins, coalition | (1 << column)) - known(model, bins, coalition));
    }
    return sum;
  });
}

const quick = { ...treeDefaults, bags: 2, treesMax: 40 };
const table = planted(800, ([a = 0, b = 0, c = 0]) => (a > 0.5 === b > 0.4 ? 2 : -2) + 2 * c - 1);
const model = fitTrees(table, quick);

describe("fitTrees", () => {
  it("finds a planted interaction of three columns", () => {
    const scores = new Float64Array(table.rows);
    scoreTrees(model, table.bins, table.rows, scores);
    expect(rocAuc(scores, table.labels, new Uint32Array(table.rows))).toBeGreaterThan(0.85);
  });

  it("cuts the first root where the gain is greatest, tried one by one on the rows it trains on", () => {
    const steep = planted(300, ([, b = 0]) => 8 * b - 4);
    const stump = fitTrees(steep, { ...quick, bags: 1, depth: 1, treesMax: 1, columnShare: 1 });
    const { train } = splitTable(steep, quick.stopFolds, quick.seed, 0);
    const positives = train.reduce((sum, row) => sum + steep.labels[row]!, 0);
    const chance = (positives + 0.5) / (train.length + 1);
    const gainOf = (rows: readonly number[]): number =>
      rows.reduce((sum, row) => sum + steep.labels[row]! - chance, 0) ** 2 /
      (rows.length * chance * (1 - chance) + quick.ridge);
    let best = { gain: 0, column: -1, threshold: -1 };
    for (let column = 0; column < width; column += 1) {
      for (let threshold = 0; threshold < 32; threshold += 1) {
        const left = [...train].filter((row) => steep.bins[column * steep.rows + row]! <= threshold);
        const right = [...train].filter((row) => steep.bins[column * steep.rows + row]! > threshold);
        const gain = gainOf(left) + gainOf(right);
        if (Math.min(left.length, right.length) >= quick.leafRowsMin && gain > best.gain + 1e-9)
          best = { gain, column, threshold };
      }
    }
    expect([stump.trees, stump.column[0], stump.threshold[0]]).toEqual([1, best.column, best.threshold]);
    expect(stump.cover[0]).toBeCloseTo(stump.cover[1]! + stump.cover[2]!, 9);
  });

  it("scores as walking down the nodes does", () => {
    const scores = new Float64Array(table.rows);
    scoreTrees(model, table.bins, table.rows, scores);
    for (let row = 0; row < 200; row += 1) expect(scores[row]).toBeCloseTo(known(model, rowBins(table, row), 15), 12);
  });

  it("is the same model every time, and refuses what cannot be learnt", () => {
    expect(fitTrees(table, quick)).toEqual(model);
    expect(() => fitTrees({ ...table, labels: new Uint8Array(800) }, quick)).toThrow(/needs both classes/);
    expect(() => fitTrees(table, { ...quick, depth: 0 })).toThrow(/depth of 0/);
    expect(() => scoreTrees(model, table.bins, 3, new Float64Array(3))).toThrow(/differ in length/);
  });
});

describe("shapTrees", () => {
  it("equals Shapley's formula over all coalitions", () => {
    const small = fitTrees(table, { ...quick, treesMax: 6 });
    const out = new Float64Array(width);
    fc.assert(
      fc.property(fc.array(fc.nat(31), { minLength: width, maxLength: width }), (list) => {
        const bins = Uint8Array.from(list);
        shapTrees(small, bins, out);
        naiveShapley(small, bins).forEach((expected, column) => expect(out[column]).toBeCloseTo(expected, 10));
      }),
      { numRuns: 60 },
    );
  });

  it("adds up to the score from the expectation", () => {
    const out = new Float64Array(width);
    const mean = expectedTrees(model);
    expect(mean).toBeCloseTo(known(model, new Uint8Array(width), 0), 10);
    for (let row = 0; row < 100; row += 1) {
      shapTrees(model, rowBins(table, row), out);
      expect(mean + out.reduce((sum, value) => sum + value, 0)).toBeCloseTo(known(model, rowBins(table, row), 15), 10);
    }
    expect(() => shapTrees(model, new Uint8Array(1), out)).toThrow(/4 columns/);
  });
});
