import { type AssessedKind, assessedKinds, type ModelPartReport, type SuiteCheck } from "@probity/contract";
import { logLoss } from "@probity/kernels/stats/calibration";
import { binColumn } from "@probity/kernels/tree/bins";
import { fitTrees, scoreTrees, treeDefaults } from "@probity/kernels/tree/boosted-trees";
import type { Judges } from "./assess-market.ts";
import type { ColumnTable } from "./column-table.ts";
import type { Judge } from "./judge.ts";
import { type ModelFile, modelIdOf, readModelFile, toModelFile } from "./judge-file.ts";
import { keepUntaught } from "./known-before.ts";
import { type Learnt, learnDefaults, learnJudge, type Lesson, type LearnOptions } from "./learn.ts";
import { atStage, doubtsOf, type Labelled, measureJudge, someOf, type Stage } from "./measure-judge.ts";
import { runModelSuite } from "./model-suite.ts";

/** What a training learns from: labels of people, and what the model in force is sure of. */
export interface TrainingInput {
  /** The model in force. */
  readonly model: ModelFile;
  readonly labelled: Readonly<Record<AssessedKind, Labelled>>;
  /** Things that nobody has judged; the label is what the model in force is sure of. */
  readonly background: Readonly<Record<AssessedKind, Labelled>>;
}

export interface TrainedModel {
  readonly id: string;
  readonly file: ModelFile;
  readonly parts: readonly ModelPartReport[];
  readonly suite: readonly SuiteCheck[];
  readonly passed: boolean;
}

/** Labels of one kind from which that kind is learned anew, and of each class. */
export const labelsMin = 40;
export const classLabelsMin = 10;
/** The newest part of the labels tests; a model never sees it. */
const testShare = 0.3;
/** So often a label counts against a thing that only the model in force is sure of, at most. */
const repeatsMax = 5;

const options: LearnOptions = {
  ...learnDefaults,
  hidden: 0.1,
  model: { ...learnDefaults.model, leafRowsMin: 10, pairsMax: 2 },
};

export function canLearn({ labels }: Labelled): boolean {
  const frauds = labels.reduce((sum, label) => sum + label, 0);
  return labels.length >= labelsMin && frauds >= classLabelsMin && labels.length - frauds >= classLabelsMin;
}

/** Labels to learn from and the newest of each class to test by. */
export function splitByTime(labelled: Labelled): { readonly train: Labelled; readonly test: Labelled } {
  const rows = [...labelled.labels.keys()].sort(
    (a, b) => (labelled.atMs[a] as number) - (labelled.atMs[b] as number) || a - b,
  );
  const [train, test]: [number[], number[]] = [[], []];
  for (const label of [0, 1]) {
    const own = rows.filter((row) => labelled.labels[row] === label);
    const cut = Math.floor(own.length * (1 - testShare));
    train.push(...own.slice(0, cut));
    test.push(...own.slice(cut));
  }
  return {
    train: someOf(
      labelled,
      train.sort((a, b) => a - b),
    ),
    test: someOf(
      labelled,
      test.sort((a, b) => a - b),
    ),
  };
}

function lessonOf({ specs }: Judge, { figures, labels, groups }: Labelled, groupBase: number): Lesson {
  const rows = figures.length;
  const table: ColumnTable = {
    rows,
    specs,
    columns: specs.map((_, column) => Float64Array.from(figures, (row) => row[column] as number)),
  };
  return {
    table,
    rows: Int32Array.from({ length: rows }, (_, row) => row),
    labels,
    groups: groups.map((group) => groupBase + group),
  };
}

/** Labels as often as it takes to weigh like the background. */
function repeated(labelled: Labelled, background: number): Labelled {
  const times = Math.max(1, Math.min(repeatsMax, Math.round(background / Math.max(1, labelled.labels.length))));
  const rows = Array.from({ length: times }, () => [...labelled.labels.keys()]).flat();
  return someOf(labelled, rows);
}

/** Scores of the challenger, fitted to the same rows. */
function challenge({ table, judge }: Learnt, test: Labelled): Record<Stage, Float64Array> {
  const trees = fitTrees(table, { ...treeDefaults, seed: 1 });
  const { edges, from } = table.binning;
  const scores = (stage: Stage): Float64Array => {
    const rows = test.figures.map((figures) => atStage(judge, figures, stage));
    const bins = new Uint8Array(rows.length * table.columns);
    for (let column = 0; column < table.columns; column += 1) {
      const values = Float64Array.from(rows, (row) => row[column] as number);
      binColumn(values, edges.subarray(from[column], from[column + 1]), bins, column * rows.length);
    }
    const out = new Float64Array(rows.length);
    scoreTrees(trees, bins, rows.length, out);
    return out;
  };
  return { live: scores("live"), batch: scores("batch") };
}

interface KindResult {
  readonly judge: Judge;
  readonly parts: readonly ModelPartReport[];
  readonly check: SuiteCheck | undefined;
}

const certainty = 1e-3;
const lossOf = (judge: Judge, test: Labelled): number =>
  logLoss(
    doubtsOf(judge, test, "batch").map((doubt) => Math.min(1 - certainty, Math.max(certainty, doubt))),
    test.labels,
  );

function trainKind(kind: AssessedKind, inForce: Judge, labelled: Labelled, background: Labelled): KindResult {
  if (!canLearn(labelled)) return { judge: inForce, parts: measureJudge(kind, inForce, labelled), check: undefined };
  const { train, test } = splitByTime(labelled);
  const lessons = [lessonOf(inForce, repeated(train, background.labels.length), 0)];
  // Owners of labels and of the background are the same shops: their groups must not be parted.
  if (background.labels.length > 0) lessons.push(lessonOf(inForce, background, 0));
  const learnt = learnJudge(lessons, options);
  const rivals = { trees: challenge(learnt, test), inForce };
  const [own, before] = [lossOf(learnt.judge, test), lossOf(inForce, test)];
  return {
    judge: learnt.judge,
    parts: measureJudge(kind, learnt.judge, test, rivals),
    check: {
      check: `${kind}: log-loss on the newest labels below the model in force`,
      passed: own < before,
      value: own,
      bound: before,
    },
  };
}

/**
 * Learns from labels. Kinds with too few keep the judge in force. The newest labels are never learned from: on them the
 * model has to do better than the one in force, and it has to pass the shared suite. Throws RangeError where nothing can be learned.
 */
export function trainModel({ model, labelled, background }: TrainingInput): TrainedModel {
  if (!assessedKinds.some((kind) => canLearn(labelled[kind])))
    throw new RangeError(
      `no kind has ${labelsMin} labels with ${classLabelsMin} of each class: decide more of what is uncertain, then train again`,
    );
  const inForce = readModelFile(model);
  const results = Object.fromEntries(
    assessedKinds.map((kind) => [kind, trainKind(kind, inForce[kind], labelled[kind], background[kind])]),
  ) as Record<AssessedKind, KindResult>;
  const judges: Judges = { review: results.review.judge, order: results.order.judge, follow: results.follow.judge };
  const file = keepUntaught(toModelFile(judges), model);
  const suite = [...assessedKinds.flatMap((kind) => results[kind].check ?? []), ...runModelSuite(readModelFile(file))];
  return {
    id: modelIdOf(file),
    file,
    parts: assessedKinds.flatMap((kind) => results[kind].parts),
    suite,
    passed: suite.every(({ passed }) => passed),
  };
}
