/**
 * Fits a GA²M by cyclic boosting: a small step function per column and round, then, on what is left, steps in two cuts on the
 * pairs that a filter ranks highest (Y. Lou et al., KDD 2013, doi 10.1145/2487575.2487579; bags and cyclic order after
 * H. Nori et al., 2019, doi 10.48550/arXiv.1909.09223). Each bag leaves out one grouped fold and stops by its log-loss;
 * tables are the mean of the bags, centred, rounded to whole units. Time O(bags · rounds · columns · (rows + bins)),
 * memory O(columns · 256) a bag.
 */
import { binsMax } from "./bins.ts";
import { coarseMax, type Ga2mModel, unitsPerLogit } from "./ga2m-model.ts";
import { emptyHistogram, fitQuadrants, fitStep, type Histogram, quadrantScratch } from "./step-fit.ts";
import {
  checkTable,
  classWeights,
  differentiate,
  lossOf,
  type Split,
  splitTable,
  startLogit,
  type TrainingTable,
} from "./training.ts";

export interface Ga2mOptions {
  readonly bags: number;
  /** One in so many groups is left out of a bag to stop by. */
  readonly stopFolds: number;
  readonly roundsMax: number;
  /** Rounds without a lower loss before a bag stops. */
  readonly patience: number;
  readonly rate: number;
  readonly ridge: number;
  readonly leafRowsMin: number;
  /** Interactions kept; 0 for none. */
  readonly pairsMax: number;
  /** Columns among which pairs are sought: those that move scores most. */
  readonly pairColumnsMax: number;
  /** What a positive row weighs against a negative one; 0 makes both classes weigh the same in sum. */
  readonly positiveWeight: number;
  readonly seed: number;
  /** By column 1: the score never falls as the value rises, −1: never rises, 0: free. All free where not given. */
  readonly signs?: Int8Array;
}

export const ga2mDefaults: Ga2mOptions = {
  bags: 8,
  stopFolds: 5,
  roundsMax: 400,
  patience: 30,
  rate: 0.05,
  ridge: 1,
  leafRowsMin: 4,
  pairsMax: 8,
  pairColumnsMax: 24,
  positiveWeight: 1,
  seed: 1,
};

/** Everything that a fit writes to. */
interface Work {
  readonly table: TrainingTable;
  readonly options: Ga2mOptions;
  readonly weights: Float64Array;
  readonly signs: Int8Array;
  /** Bins in use by column. */
  readonly used: Int32Array;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
  readonly histogram: Histogram;
  readonly step: Float64Array;
}

interface Bag {
  readonly split: Split;
  readonly logits: Float64Array;
  start: number;
  mains: Float64Array;
}

function openWork(table: TrainingTable, options: Ga2mOptions): Work {
  checkTable(table);
  const { rows, columns, binning } = table;
  const signs = options.signs ?? new Int8Array(columns);
  if (signs.length !== columns) throw new RangeError("signs and columns differ in length");
  const used = Int32Array.from({ length: columns }, (_, column) => 2 + binning.from[column + 1] - binning.from[column]);
  return {
    table,
    options,
    weights: classWeights(table, options.positiveWeight),
    signs,
    used,
    gradient: new Float64Array(rows),
    curvature: new Float64Array(rows),
    histogram: emptyHistogram(binsMax),
    step: new Float64Array(binsMax),
  };
}

/** One column's turn: its histogram over training rows, its step, and the logits of all rows of the bag. */
function boostColumn(work: Work, { split, logits }: Bag, column: number, mains: Float64Array): void {
  const { table, options, gradient, curvature, histogram, step, used, weights } = work;
  const { bins, rows, labels } = table;
  const base = column * rows;
  const length = used[column];
  histogram.gradient.fill(0, 0, length);
  histogram.curvature.fill(0, 0, length);
  histogram.rows.fill(0, 0, length);
  for (let place = 0; place < split.train.length; place += 1) {
    const row = split.train[place];
    const bin = bins[base + row];
    histogram.gradient[bin] += gradient[row];
    histogram.curvature[bin] += curvature[row];
    histogram.rows[bin] += 1;
  }
  const levels = { ridge: options.ridge, leafRowsMin: options.leafRowsMin, sign: work.signs[column] };
  if (fitStep(histogram, length, levels, options.rate, mains, column * binsMax, step) === 0) return;
  for (let row = 0; row < rows; row += 1) logits[row] += step[bins[base + row]];
  differentiate(split.train, logits, labels, weights, gradient, curvature);
}

/** Boosts one round after another with `turn` until the loss of the left-out rows stands still; returns the best round's state. */
function boost(
  work: Work,
  bag: Bag,
  state: Float64Array,
  turn: () => void,
): { state: Float64Array; logits: Float64Array } {
  const { labels } = work.table;
  const { roundsMax, patience } = work.options;
  const kept = { state: state.slice(), logits: bag.logits.slice() };
  differentiate(bag.split.train, bag.logits, labels, work.weights, work.gradient, work.curvature);
  let least = lossOf(bag.split.stop, bag.logits, labels, work.weights);
  let since = 0;
  for (let round = 0; round < roundsMax && since < patience; round += 1) {
    turn();
    const loss = lossOf(bag.split.stop, bag.logits, labels, work.weights);
    since += 1;
    // A gain below a hundred-thousandth is noise of the fold, not shape of the data.
    if (loss >= least - 1e-5) continue;
    least = loss;
    since = 0;
    kept.state.set(state);
    kept.logits.set(bag.logits);
  }
  return kept;
}

function boostMains(work: Work, turn: number): Bag {
  const { table, options } = work;
  const split = splitTable(table, options.stopFolds, options.seed, turn);
  const start = startLogit(split.train, table.labels, work.weights);
  const bag: Bag = {
    split,
    logits: new Float64Array(table.rows).fill(start),
    start,
    mains: new Float64Array(table.columns * binsMax),
  };
  const mains = bag.mains;
  const kept = boost(work, bag, mains, () => {
    for (let column = 0; column < table.columns; column += 1) boostColumn(work, bag, column, mains);
  });
  bag.mains = kept.state;
  bag.logits.set(kept.logits);
  return bag;
}

/** Coarse bins of about equal counts; what is not known keeps bin 0. */
function coarsen({ table, used }: Work): Uint8Array {
  const coarse = new Uint8Array(table.columns * binsMax);
  const counts = new Float64Array(binsMax);
  for (let column = 0; column < table.columns; column += 1) {
    counts.fill(0);
    for (let row = 0; row < table.rows; row += 1) counts[table.bins[column * table.rows + row]] += 1;
    const known = table.rows - counts[0];
    let before = 0;
    for (let bin = 1; bin < binsMax; bin += 1) {
      const few = used[column] <= coarseMax;
      const share = known === 0 ? 0 : (before + counts[bin] / 2) / known;
      coarse[column * binsMax + bin] = few
        ? Math.min(bin, coarseMax - 1)
        : 1 + Math.min(coarseMax - 2, Math.floor(share * (coarseMax - 1)));
      before += counts[bin];
    }
  }
  return coarse;
}

/** Sums of gradients over the square of two columns' coarse bins. */
function squareSums(work: Work, rows: Int32Array, coarse: Uint8Array, a: number, b: number, out: Histogram): void {
  const { table, gradient, curvature } = work;
  out.gradient.fill(0);
  out.curvature.fill(0);
  out.rows.fill(0);
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place];
    const first = coarse[a * binsMax + table.bins[a * table.rows + row]];
    const cell = first * coarseMax + coarse[b * binsMax + table.bins[b * table.rows + row]];
    out.gradient[cell] += gradient[row];
    out.curvature[cell] += curvature[row];
    out.rows[cell] += 1;
  }
}

/** Columns by how much their tables move the scores of the rows, largest first. */
function strongest({ table }: Work, mains: Float64Array, most: number): number[] {
  const force = Float64Array.from({ length: table.columns }, (_, column) => {
    let [sum, square] = [0, 0];
    for (let row = 0; row < table.rows; row += 1) {
      const value = mains[column * binsMax + table.bins[column * table.rows + row]];
      sum += value;
      square += value * value;
    }
    return square / table.rows - (sum / table.rows) ** 2;
  });
  return Array.from(force.keys())
    .filter((column) => force[column] > 0)
    .sort((a, b) => force[b] - force[a] || a - b)
    .slice(0, most);
}

function choosePairs(work: Work, bags: readonly Bag[], coarse: Uint8Array): Int32Array {
  const { table, options } = work;
  const everything = Int32Array.from({ length: table.rows }, (_, row) => row);
  const [mains, logits] = [new Float64Array(table.columns * binsMax), new Float64Array(table.rows)];
  for (const bag of bags) {
    bag.mains.forEach((value, place) => (mains[place] += value / bags.length));
    bag.logits.forEach((value, row) => (logits[row] += value / bags.length));
  }
  differentiate(everything, logits, table.labels, work.weights, work.gradient, work.curvature);
  const columns = strongest(work, mains, options.pairColumnsMax);
  const [sums, scratch] = [emptyHistogram(coarseMax * coarseMax), quadrantScratch(coarseMax)];
  const found: { a: number; b: number; gain: number }[] = [];
  for (const one of columns) {
    for (const other of columns) {
      if (other <= one) continue;
      squareSums(work, everything, coarse, one, other, sums);
      const gain = fitQuadrants(sums, coarseMax, quadrants(work, one, other), 0, scratch, mains, 0);
      if (gain > 0) found.push({ a: one, b: other, gain });
    }
  }
  found.sort((x, y) => y.gain - x.gain || x.a - y.a || x.b - y.b);
  return Int32Array.from(found.slice(0, options.pairsMax).flatMap(({ a, b }) => [a, b]));
}

const quadrants = ({ options, signs }: Work, a: number, b: number): Parameters<typeof fitQuadrants>[2] => ({
  ridge: options.ridge,
  leafRowsMin: options.leafRowsMin,
  signA: signs[a],
  signB: signs[b],
});

function boostPairs(work: Work, bag: Bag, pairs: Int32Array, coarse: Uint8Array): Float64Array {
  const { table, options } = work;
  const tables = new Float64Array((pairs.length / 2) * coarseMax * coarseMax);
  const step = new Float64Array(coarseMax * coarseMax);
  const [sums, scratch] = [emptyHistogram(coarseMax * coarseMax), quadrantScratch(coarseMax)];
  const turn = (): void => {
    for (let pair = 0; 2 * pair < pairs.length; pair += 1) {
      const [a, b] = [pairs[2 * pair], pairs[2 * pair + 1]];
      squareSums(work, bag.split.train, coarse, a, b, sums);
      step.fill(0);
      if (fitQuadrants(sums, coarseMax, quadrants(work, a, b), options.rate, scratch, step, 0) === 0) continue;
      for (let cell = 0; cell < step.length; cell += 1) tables[pair * step.length + cell] += step[cell];
      for (let row = 0; row < table.rows; row += 1) {
        const first = coarse[a * binsMax + table.bins[a * table.rows + row]];
        bag.logits[row] += step[first * coarseMax + coarse[b * binsMax + table.bins[b * table.rows + row]]];
      }
      differentiate(bag.split.train, bag.logits, table.labels, work.weights, work.gradient, work.curvature);
    }
  };
  return boost(work, bag, tables, turn).state;
}

/** Takes each table's mean over the rows out of it, rounds to whole units, and returns the sum of the means. */
function centreAndRound(
  values: Float64Array,
  size: number,
  cell: (term: number, row: number) => number,
  rows: number,
  out: Int32Array,
): number {
  let moved = 0;
  for (let term = 0; term * size < values.length; term += 1) {
    let mean = 0;
    for (let row = 0; row < rows; row += 1) mean += values[term * size + cell(term, row)] / rows;
    for (let place = term * size; place < (term + 1) * size; place += 1)
      out[place] = Math.round((values[place] - mean) * unitsPerLogit);
    moved += mean;
  }
  return moved;
}

/**
 * Fits and returns the model. Contradicting labels of like rows give a chance between. Throws RangeError on a table that
 * `checkTable` refuses (one class, no rows, …), with fewer groups than `stopFolds`, or signs of another length.
 */
export function fitGa2m(table: TrainingTable, options: Ga2mOptions): Ga2mModel {
  if (!Number.isInteger(options.bags) || options.bags < 1) throw new RangeError(`${options.bags} bags`);
  const work = openWork(table, options);
  const { rows, columns, bins } = table;
  const bags = Array.from({ length: options.bags }, (_, turn) => boostMains(work, turn));
  const coarse = coarsen(work);
  const pairs = options.pairsMax > 0 ? choosePairs(work, bags, coarse) : new Int32Array();
  const mains = new Float64Array(columns * binsMax);
  const tables = new Float64Array((pairs.length / 2) * coarseMax * coarseMax);
  let start = 0;
  for (const bag of bags) {
    if (pairs.length > 0)
      boostPairs(work, bag, pairs, coarse).forEach((value, place) => (tables[place] += value / bags.length));
    bag.mains.forEach((value, place) => (mains[place] += value / bags.length));
    start += bag.start / bags.length;
  }
  const roundMains = new Int32Array(mains.length);
  const roundTables = new Int32Array(tables.length);
  const binAt = (column: number, row: number): number => bins[column * rows + row];
  const coarseAt = (column: number, row: number): number => coarse[column * binsMax + binAt(column, row)];
  const cellAt = (pair: number, row: number): number =>
    coarseAt(pairs[2 * pair], row) * coarseMax + coarseAt(pairs[2 * pair + 1], row);
  const moved =
    centreAndRound(mains, binsMax, binAt, rows, roundMains) +
    centreAndRound(tables, coarseMax * coarseMax, cellAt, rows, roundTables);
  return {
    columns,
    binning: table.binning,
    intercept: Math.round((start + moved) * unitsPerLogit),
    mains: roundMains,
    pairs,
    coarse,
    pairTables: roundTables,
  };
}
