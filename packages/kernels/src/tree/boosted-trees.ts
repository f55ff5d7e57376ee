/**
 * Gradient-boosted trees over binned columns: every node of a level is cut where the second-order gain is greatest
 * (T. Chen, C. Guestrin, KDD 2016, doi 10.1145/2939672.2939785; histograms: G. Ke et al., NeurIPS 2017). It is the
 * challenger of the additive model: it may not win by much. Each bag leaves out one grouped fold to stop by; the model is
 * the mean of the bags. Time O(bags · trees · depth · rows · columns), memory O(rows + 2^depth · 256).
 */
import { binsMax } from "./bins.ts";
import { mix32 } from "../sketch/mix.ts";
import {
  checkTable,
  classWeights,
  differentiate,
  lossOf,
  splitTable,
  startLogit,
  type TrainingTable,
} from "./training.ts";

/** Trees in heap order: node i of a tree has the children 2i + 1 and 2i + 2; a tree has 2^(depth + 1) − 1 places. */
export interface BoostedTrees {
  readonly columns: number;
  readonly depth: number;
  readonly trees: number;
  /** Logit that all trees start from. */
  readonly start: number;
  /** Column that a node asks for; −1 at a leaf. */
  readonly column: Int32Array;
  /** A row goes left if its bin is at most this: what is not known (bin 0) always does. */
  readonly threshold: Uint8Array;
  /** Logits of a leaf. */
  readonly value: Float64Array;
  /** Training rows that passed through, by weight. */
  readonly cover: Float64Array;
}

export interface TreeOptions {
  readonly bags: number;
  readonly stopFolds: number;
  readonly depth: number;
  readonly treesMax: number;
  readonly patience: number;
  readonly rate: number;
  readonly ridge: number;
  readonly leafRowsMin: number;
  /** Columns a tree may ask for, as a share of all. */
  readonly columnShare: number;
  readonly positiveWeight: number;
  readonly seed: number;
}

export const treeDefaults: TreeOptions = {
  bags: 4,
  stopFolds: 5,
  depth: 4,
  treesMax: 300,
  patience: 30,
  rate: 0.08,
  ridge: 2,
  leafRowsMin: 4,
  columnShare: 0.6,
  positiveWeight: 1,
  seed: 1,
};

export const treePlaces = (depth: number): number => 2 ** (depth + 1) - 1;

interface Grower {
  readonly table: TrainingTable;
  readonly options: TreeOptions;
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
  /** Node of each row while a tree grows. */
  readonly node: Int32Array;
  /** Sums by node of the level and bin: gradient, curvature, rows. */
  readonly sums: [Float64Array, Float64Array, Float64Array];
  readonly column: Int32Array;
  readonly threshold: Uint8Array;
  readonly value: Float64Array;
  readonly cover: Float64Array;
}

/** Best cut by node of a level. */
interface Cuts {
  readonly gain: Float64Array;
  readonly column: Int32Array;
  readonly threshold: Uint8Array;
}

function sumColumn(
  { table, node, gradient, curvature, sums }: Grower,
  rows: Int32Array,
  column: number,
  first: number,
  width: number,
): void {
  const [g, h, n] = sums;
  const used = binsOf(table, column);
  for (let start = 0; start < width * binsMax; start += binsMax) {
    g.fill(0, start, start + used);
    h.fill(0, start, start + used);
    n.fill(0, start, start + used);
  }
  const base = column * table.rows;
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place];
    if (node[row] < first) continue;
    const cell = (node[row] - first) * binsMax + table.bins[base + row];
    g[cell] += gradient[row];
    h[cell] += curvature[row];
    n[cell] += 1;
  }
}

/** Bins that a column can have, bin 0 among them. */
const binsOf = ({ binning }: TrainingTable, column: number): number =>
  2 + binning.from[column + 1] - binning.from[column];

/** Betters the cuts of a level by those of one column. */
function tryColumn({ table, sums, options }: Grower, column: number, width: number, cuts: Cuts): void {
  const [g, h, n] = sums;
  const { ridge, leafRowsMin } = options;
  const used = binsOf(table, column);
  for (let node = 0; node < width; node += 1) {
    const base = node * binsMax;
    let [allG, allH, allN] = [0, 0, 0];
    for (let bin = 0; bin < used; bin += 1) {
      allG += g[base + bin];
      allH += h[base + bin];
      allN += n[base + bin];
    }
    if (allN < 2 * leafRowsMin) continue;
    const whole = (allG * allG) / (allH + ridge);
    let [leftG, leftH, leftN] = [0, 0, 0];
    for (let bin = 0; bin < used - 1; bin += 1) {
      if (n[base + bin] === 0) continue;
      leftG += g[base + bin];
      leftH += h[base + bin];
      leftN += n[base + bin];
      if (leftN < leafRowsMin) continue;
      if (allN - leftN < leafRowsMin) break;
      const gain = (leftG * leftG) / (leftH + ridge) + (allG - leftG) ** 2 / (allH - leftH + ridge) - whole;
      if (gain <= cuts.gain[node]) continue;
      cuts.gain[node] = gain;
      cuts.column[node] = column;
      cuts.threshold[node] = bin;
    }
  }
}

/** Writes values and covers of the nodes that rows stand on. */
function settleLeaves(
  { node, gradient, curvature, weights, options, value, cover }: Grower,
  rows: Int32Array,
  base: number,
): void {
  const places = treePlaces(options.depth);
  const [g, h] = [new Float64Array(places), new Float64Array(places)];
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place];
    g[node[row]] += gradient[row];
    h[node[row]] += curvature[row];
    cover[base + node[row]] += weights[row];
  }
  for (let place = places - 1; place >= 0; place -= 1) {
    value[base + place] = (options.rate * g[place]) / (h[place] + options.ridge);
    if (place > 0) cover[base + ((place - 1) >> 1)] += cover[base + place];
  }
}

/** Grows tree number `tree` on `rows`; every row of the table, those too, moves to its leaf. */
function growTree(grower: Grower, rows: Int32Array, tree: number, seed: number): void {
  const { table, options, node, column, threshold } = grower;
  const base = tree * treePlaces(options.depth);
  node.fill(0);
  for (let level = 0; level < options.depth; level += 1) {
    const [first, width] = [2 ** level - 1, 2 ** level];
    const cuts: Cuts = {
      gain: new Float64Array(width).fill(1e-9),
      column: new Int32Array(width).fill(-1),
      threshold: new Uint8Array(width),
    };
    for (let c = 0; c < table.columns; c += 1) {
      if (mix32(c, seed) >= options.columnShare * 2 ** 32) continue;
      sumColumn(grower, rows, c, first, width);
      tryColumn(grower, c, width, cuts);
    }
    for (let place = 0; place < width; place += 1) {
      column[base + first + place] = cuts.column[place];
      threshold[base + first + place] = cuts.threshold[place];
    }
    for (let row = 0; row < table.rows; row += 1) {
      const at = node[row];
      const asked = at < first ? -1 : column[base + at];
      if (asked >= 0) node[row] = 2 * at + (table.bins[asked * table.rows + row] <= threshold[base + at] ? 1 : 2);
    }
  }
  settleLeaves(grower, rows, base);
}

/** Grows one bag; returns how many trees are worth keeping and the logit they start from. */
function growBag(grower: Grower, turn: number): { trees: number; start: number } {
  const { table, options, weights, gradient, curvature, node, value } = grower;
  const { train, stop } = splitTable(table, options.stopFolds, options.seed, turn);
  const start = startLogit(train, table.labels, weights);
  const logits = new Float64Array(table.rows).fill(start);
  let [best, least] = [0, lossOf(stop, logits, table.labels, weights)];
  for (let tree = 0; tree < options.treesMax && tree - best < options.patience; tree += 1) {
    differentiate(train, logits, table.labels, weights, gradient, curvature);
    growTree(grower, train, tree, mix32(tree, options.seed * 1_009 + turn));
    const base = tree * treePlaces(options.depth);
    for (let row = 0; row < table.rows; row += 1) logits[row] += value[base + node[row]];
    const loss = lossOf(stop, logits, table.labels, weights);
    if (loss >= least - 1e-5) continue;
    least = loss;
    best = tree + 1;
  }
  return { trees: best, start };
}

/** Fits the model. Throws RangeError as `fitGa2m` does, and on a depth that is not 1…8. */
export function fitTrees(table: TrainingTable, options: TreeOptions): BoostedTrees {
  checkTable(table);
  const { rows, columns } = table;
  const { bags, depth, treesMax } = options;
  if (!Number.isInteger(depth) || depth < 1 || depth > 8) throw new RangeError(`a depth of ${depth}`);
  if (!Number.isInteger(bags) || bags < 1) throw new RangeError(`${bags} bags`);
  const places = treePlaces(depth);
  const kept: { column: Int32Array; threshold: Uint8Array; value: Float64Array; cover: Float64Array; trees: number }[] =
    [];
  let start = 0;
  for (let turn = 0; turn < bags; turn += 1) {
    const level = 2 ** (depth - 1) * binsMax;
    const grower: Grower = {
      table,
      options,
      weights: classWeights(table, options.positiveWeight),
      gradient: new Float64Array(rows),
      curvature: new Float64Array(rows),
      node: new Int32Array(rows),
      sums: [new Float64Array(level), new Float64Array(level), new Float64Array(level)],
      column: new Int32Array(treesMax * places).fill(-1),
      threshold: new Uint8Array(treesMax * places),
      value: new Float64Array(treesMax * places),
      cover: new Float64Array(treesMax * places),
    };
    const bag = growBag(grower, turn);
    start += bag.start / bags;
    kept.push({ ...grower, trees: bag.trees });
  }
  const trees = kept.reduce((sum, bag) => sum + bag.trees, 0);
  const model = {
    columns,
    depth,
    trees,
    start,
    column: new Int32Array(trees * places),
    threshold: new Uint8Array(trees * places),
    value: new Float64Array(trees * places),
    cover: new Float64Array(trees * places),
  };
  let at = 0;
  for (const bag of kept) {
    const length = bag.trees * places;
    model.column.set(bag.column.subarray(0, length), at);
    model.threshold.set(bag.threshold.subarray(0, length), at);
    model.value.set(
      bag.value.subarray(0, length).map((value) => value / bags),
      at,
    );
    model.cover.set(bag.cover.subarray(0, length), at);
    at += length;
  }
  return model;
}

/** Writes the logits of binned rows (column c of row r at c·rows + r) into `out`. */
export function scoreTrees(model: BoostedTrees, bins: Uint8Array, rows: number, out: Float64Array): void {
  const { columns, depth, trees, column, threshold, value } = model;
  if (bins.length !== rows * columns || out.length !== rows)
    throw new RangeError("bins, rows and columns differ in length");
  const places = treePlaces(depth);
  out.fill(model.start);
  for (let tree = 0; tree < trees; tree += 1) {
    const base = tree * places;
    for (let row = 0; row < rows; row += 1) {
      let node = 0;
      while (column[base + node] >= 0)
        node = 2 * node + (bins[column[base + node] * rows + row] <= threshold[base + node] ? 1 : 2);
      out[row] += value[base + node];
    }
  }
}
