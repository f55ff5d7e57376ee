/**
 * What learners over binned columns have in common: the table they learn from, its checks, class weights and the grouped
 * split they stop by. Log-loss gradients g = w·(y − p) and curvatures h = w·p·(1 − p) (J. Friedman, Ann. Stat. 29 (2001)
 * 1189–1232, doi 10.1214/aos/1013203451).
 */
import { groupedFolds } from "../stats/grouped-folds.ts";
import type { Binning } from "./bins.ts";

export interface TrainingTable {
  readonly rows: number;
  readonly columns: number;
  /** Bin of column c of row r at c·rows + r. */
  readonly bins: Uint8Array;
  /** The edges that made the bins; a model carries them. */
  readonly binning: Binning;
  /** 0 or 1 by row. */
  readonly labels: Uint8Array;
  /** Above 0 by row; 1 where not given. */
  readonly weights?: Float64Array;
  /** Rows of one group are never split between training and stopping; each row its own where not given. */
  readonly groups?: Int32Array;
}

/** Throws RangeError where lengths differ, a bin lies beyond its column's edges, labels are not 0 or 1, weights not above 0, or only one class is there. */
export function checkTable({ rows, columns, bins, binning, labels, weights, groups }: TrainingTable): void {
  if (rows === 0) throw new RangeError("no rows to learn from");
  if (bins.length !== rows * columns || binning.from.length !== columns + 1)
    throw new RangeError("bins, edges and columns differ in length");
  if (labels.length !== rows || (groups !== undefined && groups.length !== rows))
    throw new RangeError("labels, groups and rows differ in length");
  for (let column = 0; column < columns; column += 1) {
    const last = 1 + binning.from[column + 1] - binning.from[column];
    for (let row = 0; row < rows; row += 1)
      if (bins[column * rows + row] > last)
        throw new RangeError(`row ${row}: bin ${bins[column * rows + row]} of column ${column}, which ends at ${last}`);
  }
  let positives = 0;
  for (let row = 0; row < rows; row += 1) {
    if (labels[row] > 1) throw new RangeError(`row ${row}: label ${labels[row]}`);
    positives += labels[row];
  }
  if (positives === 0 || positives === rows)
    throw new RangeError(`all ${rows} rows have label ${labels[0]}: learning needs both classes`);
  if (weights === undefined) return;
  if (weights.length !== rows) throw new RangeError("weights and rows differ in length");
  for (let row = 0; row < rows; row += 1)
    if (!(weights[row] > 0 && weights[row] < Number.POSITIVE_INFINITY))
      throw new RangeError(`row ${row}: weight ${weights[row]}`);
}

/** Rows weighed by class, with mean 1: `positiveWeight` times their own weight for positives; 0 makes both classes equal. */
export function classWeights({ rows, labels, weights }: TrainingTable, positiveWeight: number): Float64Array {
  const out = new Float64Array(rows);
  let [positive, negative] = [0, 0];
  for (let row = 0; row < rows; row += 1) {
    const own = weights === undefined ? 1 : weights[row];
    if (labels[row] === 1) positive += own;
    else negative += own;
  }
  const factor = positiveWeight === 0 ? negative / positive : positiveWeight;
  const scale = rows / (negative + factor * positive);
  for (let row = 0; row < rows; row += 1)
    out[row] = scale * (weights === undefined ? 1 : weights[row]) * (labels[row] === 1 ? factor : 1);
  return out;
}

export interface Split {
  readonly train: Int32Array;
  readonly stop: Int32Array;
}

/** Trains on all folds but one; split number `turn` walks through the folds and then draws them anew. */
export function splitTable(table: TrainingTable, folds: number, seed: number, turn: number): Split {
  const groups = table.groups ?? Int32Array.from({ length: table.rows }, (_, row) => row);
  const fold = new Uint8Array(table.rows);
  groupedFolds(groups, table.labels, folds, seed + Math.floor(turn / folds), fold);
  const places = Int32Array.from(fold.keys());
  return {
    train: places.filter((row) => fold[row] !== turn % folds),
    stop: places.filter((row) => fold[row] === turn % folds),
  };
}

/** Weighted mean log-loss of logits over some rows, nats. */
export function lossOf(rows: Int32Array, logits: Float64Array, labels: Uint8Array, weights: Float64Array): number {
  let [sum, mass] = [0, 0];
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place];
    const logit = labels[row] === 1 ? logits[row] : -logits[row];
    sum += weights[row] * (logit > 0 ? Math.log1p(Math.exp(-logit)) : Math.log1p(Math.exp(logit)) - logit);
    mass += weights[row];
  }
  return sum / mass;
}

/** Log-odds of the weighted share of positives among some rows, with half a row of each class added. */
export function startLogit(rows: Int32Array, labels: Uint8Array, weights: Float64Array): number {
  let [positive, negative] = [0.5, 0.5];
  for (let place = 0; place < rows.length; place += 1) {
    if (labels[rows[place]] === 1) positive += weights[rows[place]];
    else negative += weights[rows[place]];
  }
  return Math.log(positive / negative);
}

/** Writes gradient and curvature of the log-loss for some rows. */
export function differentiate(
  rows: Int32Array,
  logits: Float64Array,
  labels: Uint8Array,
  weights: Float64Array,
  gradient: Float64Array,
  curvature: Float64Array,
): void {
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place];
    const chance = 1 / (1 + Math.exp(-logits[row]));
    gradient[row] = weights[row] * (labels[row] - chance);
    curvature[row] = weights[row] * chance * (1 - chance);
  }
}
