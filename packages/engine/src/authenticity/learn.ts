import { mix32 } from "@probity/kernels/sketch/mix";
import { groupedFolds } from "@probity/kernels/stats/grouped-folds";
import { fitPlatt, type Platt, plattAt } from "@probity/kernels/stats/platt";
import { binColumn, fitEdges, joinEdges } from "@probity/kernels/tree/bins";
import { fitGa2m, ga2mDefaults, type Ga2mOptions } from "@probity/kernels/tree/ga2m";
import { type Ga2mModel, scoreGa2m, unitsPerLogit } from "@probity/kernels/tree/ga2m-model";
import type { TrainingTable } from "@probity/kernels/tree/training";
import { atFirst, type ColumnSpec, type ColumnTable } from "./column-table.ts";
import { type Judge, reliabilityPlaces } from "./judge.ts";

/** Rows with labels: 1 is not genuine. Rows of one group are never split between learning and testing. */
export interface Lesson {
  readonly table: ColumnTable;
  readonly rows: Int32Array;
  readonly labels: Uint8Array;
  readonly groups: Int32Array;
  /** By row, what must not speak for itself, stars say: every stratum is learned from as if it had the same share of fakes. */
  readonly strata?: Uint8Array;
}

export interface LearnOptions {
  readonly folds: number;
  readonly bins: number;
  readonly model: Ga2mOptions;
  /** Share of rows of which a platform is imagined that tells less: hides devices, hand-over or words. */
  readonly hidden: number;
  /** What a row that is not genuine weighs: below 1 where lessons hold more of them than a marketplace does. */
  readonly fakeWeight: number;
  /** A model is fitted to at most about so many rows; of the commoner class a sample stands for the rest by its weight. */
  readonly rowsMax: number;
  readonly seed: number;
}

export const learnDefaults: LearnOptions = {
  folds: 3,
  bins: 32,
  model: { ...ga2mDefaults, bags: 4, roundsMax: 250, patience: 20, rate: 0.08, ridge: 5, leafRowsMin: 20, pairsMax: 4 },
  hidden: 0.15,
  fakeWeight: 1,
  rowsMax: 50_000,
  seed: 1,
};

/** All rows to learn from as columns: each twice, with hindsight and without. */
export interface Class {
  readonly specs: readonly ColumnSpec[];
  readonly columns: readonly Float64Array[];
  readonly labels: Uint8Array;
  readonly groups: Int32Array;
  readonly weights: Float64Array;
  /** 1 where the row is as it was at first. */
  readonly first: Uint8Array;
}

/** Columns that a platform may not tell, by reason: hidden together. */
const hideable: readonly (readonly string[])[] = [
  ["sharing"],
  ["handling", "timing"],
  ["wording", "duplicates", "incentive"],
];

/** Which groups of columns a row's platform does not tell, as bits: none mostly, else all or one of them. */
function hiddenOf(at: number, { hidden, seed }: LearnOptions): number {
  const draw = mix32(at, seed) / 2 ** 32;
  if (draw >= hidden) return 0;
  const which = Math.floor((draw / hidden) * 2 * hideable.length);
  return which < hideable.length ? 1 << which : (1 << hideable.length) - 1;
}

const strataMax = 256;
const balanceMax = 8;

/** Weight of fakes by stratum, so that their share is that of the whole everywhere, within bounds. */
function balances(lessons: readonly Lesson[]): Float64Array {
  const counts = [new Float64Array(strataMax), new Float64Array(strataMax)];
  const wholes = [0, 0];
  for (const { labels, strata } of lessons) {
    labels.forEach((label, place) => {
      const own = counts[label] as Float64Array;
      const stratum = strata?.[place] ?? 0;
      own[stratum] = (own[stratum] as number) + 1;
      wholes[label] = (wholes[label] as number) + 1;
    });
  }
  const odds = ((wholes[1] as number) + 1) / ((wholes[0] as number) + 1);
  const [genuine, fake] = counts as [Float64Array, Float64Array];
  return fake.map((count, stratum) =>
    Math.min(balanceMax, Math.max(1 / balanceMax, (odds * ((genuine[stratum] as number) + 1)) / (count + odds))),
  );
}

/**
 * Puts lessons together. So that a model does not come to lean on what a platform does not tell, groups of columns are
 * hidden in some rows, the same way for both classes.
 */
export function assemble(lessons: readonly Lesson[], options: LearnOptions): Class {
  const specs = (lessons[0] as Lesson).table.specs;
  const groupOf = specs.map(({ code }) => hideable.findIndex((codes) => codes.includes(code)));
  const length = 2 * lessons.reduce((sum, { rows }) => sum + rows.length, 0);
  const columns = specs.map(() => new Float64Array(length));
  const [labels, groups, first] = [new Uint8Array(length), new Int32Array(length), new Uint8Array(length)];
  const weights = new Float64Array(length).fill(1);
  const balance = balances(lessons);
  let at = 0;
  for (const { table, rows, labels: own, groups: from, strata } of lessons) {
    for (const [when, part] of [table, atFirst(table)].entries()) {
      for (let place = 0; place < rows.length; place += 1, at += 1) {
        const row = rows[place] as number;
        const hidden = hiddenOf(at, options);
        columns.forEach((out, column) => {
          const isHidden = (groupOf[column] as number) >= 0 && (hidden & (1 << (groupOf[column] as number))) !== 0;
          out[at] = isHidden ? Number.NaN : ((part.columns[column] as Float64Array)[row] as number);
        });
        labels[at] = own[place] as number;
        groups[at] = from[place] as number;
        first[at] = when;
        if (own[place] === 1) weights[at] = options.fakeWeight * (balance[strata?.[place] ?? 0] as number);
      }
    }
  }
  return { specs, columns, labels, groups, weights, first };
}

const edgeRowsMax = 60_000;

/** Bins of all columns, their edges fitted on a regular sample. */
export function binned({ columns, labels, groups, weights }: Class, bins: number): TrainingTable {
  const rows = labels.length;
  const step = Math.max(1, Math.ceil(rows / edgeRowsMax));
  const edges = columns.map((column) =>
    fitEdges(
      column.filter((_, row) => row % step === 0),
      bins,
    ),
  );
  const out = new Uint8Array(rows * columns.length);
  columns.forEach((column, place) => binColumn(column, edges[place] as Float64Array, out, place * rows));
  return { rows, columns: columns.length, bins: out, binning: joinEdges(edges), labels, groups, weights };
}

/**
 * Rows to fit a model to: of a class with more than half of `rowsMax` rows a sample, each row of which weighs what it stands
 * for. Other rows keep their weight.
 */
export function sampled(table: TrainingTable, { rowsMax, seed }: LearnOptions): TrainingTable {
  const counts = [0, 0];
  for (const label of table.labels) counts[label] = (counts[label] as number) + 1;
  const share = counts.map((count, label) => {
    const room = Math.max(rowsMax / 2, rowsMax - (counts[1 - label] as number));
    return Math.min(1, room / Math.max(1, count));
  });
  const rows = Int32Array.from(table.labels.keys()).filter(
    (row) => mix32(row, seed + 31) / 2 ** 32 < (share[table.labels[row] as number] as number),
  );
  if (rows.length === table.rows) return table;
  const part = rowsOf(table, rows);
  const own = part.weights as Float64Array;
  return { ...part, weights: own.map((weight, row) => weight / (share[part.labels[row] as number] as number)) };
}

/** Some rows of a table. */
export function rowsOf(table: TrainingTable, rows: Int32Array): TrainingTable {
  const bins = new Uint8Array(rows.length * table.columns);
  for (let column = 0; column < table.columns; column += 1)
    for (let place = 0; place < rows.length; place += 1)
      bins[column * rows.length + place] = table.bins[column * table.rows + (rows[place] as number)] as number;
  return {
    ...table,
    rows: rows.length,
    bins,
    labels: Uint8Array.from(rows, (row) => table.labels[row] as number),
    groups: Int32Array.from(rows, (row) => (table.groups as Int32Array)[row] as number),
    weights: Float64Array.from(rows, (row) => (table.weights as Float64Array)[row] as number),
  };
}

export function scoresOf(model: Ga2mModel, table: TrainingTable): Int32Array {
  const scores = new Int32Array(table.rows);
  scoreGa2m(model, table.bins, table.rows, scores);
  return scores;
}

/** Fold of each row; throws RangeError where there is one class alone. */
export function foldsOf({ groups, labels }: Class, folds: number, seed: number): Uint8Array {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === labels.length)
    throw new RangeError(`all ${labels.length} labels say the same: learning needs genuine and not genuine ones`);
  const fold = new Uint8Array(labels.length);
  groupedFolds(groups, labels, folds, seed, fold);
  return fold;
}

/** Bags of models that only calibrate: more would cost much and move little. */
const calibrationBagsMax = 2;

/** Scores of each row by a model that has not seen its group: what calibration and reports may be made of. */
export function scoresOutOfFold(
  table: TrainingTable,
  fold: Uint8Array,
  options: LearnOptions,
  signs: Int8Array,
): Int32Array {
  const scores = new Int32Array(table.rows);
  const all = Int32Array.from({ length: table.rows }, (_, row) => row);
  for (let turn = 0; turn < options.folds; turn += 1) {
    const held = all.filter((row) => fold[row] === turn);
    if (held.length === 0) continue;
    const rest = rowsOf(
      table,
      all.filter((row) => fold[row] !== turn),
    );
    const model = fitGa2m(sampled(rest, options), {
      ...options.model,
      bags: Math.min(calibrationBagsMax, options.model.bags),
      signs,
      seed: options.seed + turn,
    });
    const own = scoresOf(model, rowsOf(table, held));
    held.forEach((row, place) => (scores[row] = own[place] as number));
  }
  return scores;
}

const certain = 0.004;

/** What scores mean. Where they rank the wrong way round they say nothing: then everything has the chance of the whole. */
function calibrate(scores: Int32Array, { labels, weights }: Class, seed: number): Platt {
  // Platt's fit knows no weights: rows are drawn by theirs.
  const most = weights.reduce((best, weight) => Math.max(best, weight), 0);
  const rows = Int32Array.from(labels.keys()).filter(
    (row) => mix32(row, seed + 77) / 2 ** 32 < (weights[row] as number) / most,
  );
  const own = Uint8Array.from(rows, (row) => labels[row] as number);
  const platt = fitPlatt(
    Float64Array.from(rows, (row) => scores[row] as number),
    own,
  );
  if (platt.slope > 0) return platt;
  const positives = own.reduce((sum, label) => sum + label, 0);
  return { slope: 0, offset: Math.log((positives + 1) / (own.length - positives + 1)) };
}

/** Reliability by score from a calibration that does not fall, rounded to whole thousandths and never rising. */
export function reliabilityTable({ slope, offset }: Platt): Int32Array {
  return Int32Array.from({ length: reliabilityPlaces }, (_, place) => {
    const chance = plattAt({ slope, offset }, (place - (reliabilityPlaces - 1) / 2) * (unitsPerLogit / 8));
    return Math.round(1_000 * (1 - Math.min(1 - certain, Math.max(certain, chance))));
  });
}

export interface Learnt {
  readonly judge: Judge;
  readonly class: Class;
  readonly table: TrainingTable;
  readonly fold: Uint8Array;
  /** By row, of models that had not seen its group. */
  readonly scores: Int32Array;
}

/** Learns one kind's judge. Throws RangeError where both classes are not there. Deterministic for a seed on one machine. */
export function learnJudge(lessons: readonly Lesson[], options: LearnOptions = learnDefaults): Learnt {
  const learned = assemble(lessons, options);
  const fold = foldsOf(learned, options.folds, options.seed);
  const table = binned(learned, options.bins);
  const signs = Int8Array.from(learned.specs, ({ sign }) => sign);
  const scores = scoresOutOfFold(table, fold, options, signs);
  const model = fitGa2m(sampled(table, options), { ...options.model, signs, seed: options.seed });
  const reliability = reliabilityTable(calibrate(scores, learned, options.seed));
  return { judge: { specs: learned.specs, model, reliability }, class: learned, table, fold, scores };
}
