import type { AssessedKind, ModelPartReport, ModelReport } from "@probity/contract";
import { rocAuc } from "@probity/kernels/stats/auc";
import { averagePrecision } from "@probity/kernels/stats/average-precision";
import { calibrationError, stabilityIndex } from "@probity/kernels/stats/calibration";
import { binOf } from "@probity/kernels/tree/bins";
import { type Judge, judge } from "./judge.ts";
import { reasonWeights } from "./model-curves.ts";

/** Things with labels, oldest first: 1 is not genuine. */
export interface Labelled {
  readonly figures: readonly Float64Array[];
  readonly labels: Uint8Array;
  /** Owner of each: rows of one owner are never split between learning and testing. */
  readonly groups: Int32Array;
  readonly atMs: readonly number[];
  /** Stars of reviews; absent where the things have none. */
  readonly stars?: readonly number[];
}

/** Some of the labelled things. */
export function someOf({ figures, labels, groups, atMs, stars }: Labelled, rows: readonly number[]): Labelled {
  return {
    ...(stars === undefined ? {} : { stars: rows.map((row) => stars[row] as number) }),
    figures: rows.map((row) => figures[row] as Float64Array),
    labels: Uint8Array.from(rows, (row) => labels[row] as number),
    groups: Int32Array.from(rows, (row) => groups[row] as number),
    atMs: rows.map((row) => atMs[row] as number),
  };
}

export type Stage = "live" | "batch";

/** A row as it was known at first: what hindsight adds is not known. */
export function atStage({ specs }: Judge, figures: Float64Array, stage: Stage): Float64Array {
  return stage === "batch" ? figures : figures.map((value, column) => (specs[column]?.hindsight ? Number.NaN : value));
}

const calibrationBins = 10;

function curveOf(doubts: Float64Array, labels: Uint8Array): ModelPartReport["calibration"] {
  return Array.from({ length: calibrationBins }, (_, bin) => {
    const rows = [...doubts.keys()].filter(
      (row) => Math.min(calibrationBins - 1, Math.floor((doubts[row] as number) * calibrationBins)) === bin,
    );
    const mean = (values: ArrayLike<number>): number =>
      rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length;
    return rows.length === 0 ? undefined : { expected: mean(doubts), observed: mean(labels), items: rows.length };
  }).filter((point) => point !== undefined);
}

/** Groups in which errors are told apart: a model must not be harder on newcomers or on critics. */
function groupsOf(of: Judge, labelled: Labelled, doubts: Float64Array): ModelPartReport["groups"] {
  const column = (name: string): number => of.specs.findIndex((spec) => spec.name === name);
  const value = (row: number, name: string): number => (labelled.figures[row] as Float64Array)[column(name)] as number;
  const age = ["reviewer-age-days", "buyer-age-days", "age-days"].find((name) => column(name) >= 0);
  const groups: [string, (row: number) => boolean][] = [
    ...(age === undefined
      ? []
      : ([
          ["new-accounts", (row: number) => value(row, age) < 30],
          ["old-accounts", (row: number) => value(row, age) >= 30],
        ] as [string, (row: number) => boolean][])),
    ...(labelled.stars === undefined
      ? []
      : ([
          ["low-stars", (row: number) => (labelled.stars?.[row] as number) <= 2],
          ["high-stars", (row: number) => (labelled.stars?.[row] as number) >= 4],
        ] as [string, (row: number) => boolean][])),
  ];
  return groups.map(([group, isIn]) => {
    const rows = [...labelled.labels.keys()].filter(isIn);
    const share = (label: 0 | 1, isWrong: (doubt: number) => boolean): number | null => {
      const own = rows.filter((row) => labelled.labels[row] === label);
      return own.length === 0 ? null : own.filter((row) => isWrong(doubts[row] as number)).length / own.length;
    };
    return {
      group,
      rows: rows.length,
      falseAlarms: share(0, (doubt) => doubt > 0.5),
      misses: share(1, (doubt) => doubt <= 0.5),
    };
  });
}

export interface Rivals {
  /** Scores of boosted trees on the same rows, by stage. */
  readonly trees?: Readonly<Record<Stage, Float64Array>>;
  readonly inForce?: Judge;
}

const aucOf = (scores: Float64Array, labels: Uint8Array): number =>
  rocAuc(scores, labels, new Uint32Array(scores.length));

export function doubtsOf(of: Judge, { figures }: Labelled, stage: Stage): Float64Array {
  return Float64Array.from(figures, (row) => 1 - judge(of, atStage(of, row, stage)).reliability / 1_000);
}

/** How a judge does on labelled things, by what is known at first and with hindsight. */
export function measureJudge(
  kind: AssessedKind,
  of: Judge,
  labelled: Labelled,
  rivals: Rivals = {},
): ModelPartReport[] {
  const { labels } = labelled;
  const rows = labels.length;
  const fraud = labels.reduce((sum, label) => sum + label, 0);
  const hasBoth = fraud > 0 && fraud < rows;
  const reasons = reasonWeights(of);
  return (["live", "batch"] as const).map((stage): ModelPartReport => {
    const doubts = doubtsOf(of, labelled, stage);
    const order = new Uint32Array(rows);
    const trees = rivals.trees?.[stage];
    return {
      kind,
      stage,
      rows,
      fraud,
      auc: hasBoth ? aucOf(doubts, labels) : null,
      averagePrecision: hasBoth ? averagePrecision(doubts, labels, order) : null,
      aucTrees: hasBoth && trees !== undefined ? aucOf(trees, labels) : null,
      aucInForce:
        hasBoth && rivals.inForce !== undefined ? aucOf(doubtsOf(rivals.inForce, labelled, stage), labels) : null,
      calibrationError: rows === 0 ? null : calibrationError(doubts, labels, calibrationBins, order),
      calibration: curveOf(doubts, labels),
      reasons,
      groups: groupsOf(of, labelled, doubts),
    };
  });
}

const driftRowsMin = 50;

/** Population stability index of each column between two samples, in the model's own bins; empty where there is too little. */
export function driftOf(
  kind: AssessedKind,
  { specs, model }: Judge,
  before: readonly Float64Array[],
  now: readonly Float64Array[],
): ModelReport["drift"] {
  if (before.length < driftRowsMin || now.length < driftRowsMin) return [];
  const { edges, from } = model.binning;
  return specs.map(({ name }, column) => {
    const [first, last] = [from[column] as number, from[column + 1] as number];
    const shares = (rows: readonly Float64Array[]): Float64Array => {
      const counts = new Float64Array(2 + last - first);
      for (const row of rows) {
        const bin = binOf(row[column] as number, edges, first, last);
        counts[bin] = (counts[bin] as number) + 1;
      }
      return counts;
    };
    return { kind, column: name, psi: stabilityIndex(shares(before), shares(now)) };
  });
}
