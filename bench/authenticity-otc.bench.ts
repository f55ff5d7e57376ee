import { join } from "node:path";
import { groupedFolds } from "@probity/kernels/stats/grouped-folds";
import { fitPlatt, plattAt } from "@probity/kernels/stats/platt";
import { fitGa2m, ga2mDefaults } from "@probity/kernels/tree/ga2m";
import { Ids, readCsv } from "./authenticity-csv.ts";
import { logitsGa2m, NodeTable } from "./authenticity-learner.ts";
import { calibration, meansWithSpread, measure } from "./authenticity-measures.ts";
import { rankScores, raterColumns, type Ratings } from "./authenticity-raters.ts";
import { fitLogistic } from "./fit-logistic.ts";
import { dataFolder, readFlags, say, UsageError } from "./flags.ts";

export const usage =
  "--data DIR    who rates unfairly, from outgoing ratings alone (rater,ratee,rating,time; some labels)";

const layout = "ratings.csv (rater,ratee,rating,time) and labels.csv (rater,label: fair or fraud)";
const foldsMax = 10;
/** Weak, for ranks have variance 1 and there are some fifty columns for a hundred people. */
const ridge = 2;

interface Data {
  readonly ratings: Ratings;
  /** Labelled people, each once, and their labels. */
  readonly people: Int32Array;
  readonly labels: Uint8Array;
}

function readData(folder: string): Data {
  const file = readCsv(join(folder, "ratings.csv"));
  const ids = new Ids();
  const [rater, ratee] = ["rater", "ratee"].map((name) => Int32Array.from(file.texts(name), (id) => ids.add(id)));
  const rating = file.numbers("rating");
  const widest = rating.reduce((best, value) => Math.max(best, Math.abs(value)), 0);
  const labelled = readCsv(join(folder, "labels.csv"));
  const words = labelled.texts("label");
  const found = new Map<number, number>();
  labelled.texts("rater").forEach((id, place) => {
    const label = ["fair", "fraud"].indexOf(words[place] ?? "");
    const person = ids.add(id);
    if (label < 0)
      throw new UsageError(`${labelled.path} line ${place + 2}: ${words[place]} is neither fair nor fraud`);
    if ((found.get(person) ?? label) !== label) throw new UsageError(`${labelled.path}: ${id} is both fair and fraud`);
    found.set(person, label);
  });
  return {
    ratings: {
      people: ids.count,
      rater: rater!,
      ratee: ratee!,
      score: rating.map((value) => value / Math.max(1, widest)),
      time: file.numbers("time"),
    },
    people: Int32Array.from(found.keys()),
    labels: Uint8Array.from(found.values()),
  };
}

/** Means over folds: scores of two folds come from two models and are not compared. */
function foldMeans(
  scores: Float64Array,
  labels: Uint8Array,
  fold: Uint8Array,
  folds: number,
): ReturnType<typeof measure> {
  const found = Array.from({ length: folds }, (_, turn) =>
    measure(
      scores.filter((__, place) => fold[place] === turn),
      labels.filter((__, place) => fold[place] === turn),
    ),
  );
  const mean = (pick: (one: ReturnType<typeof measure>) => number): number =>
    found.reduce((sum, one) => sum + pick(one) / folds, 0);
  return { auc: mean((one) => one.auc), ap: mean((one) => one.ap), recall_at_k: mean((one) => one.recall_at_k) };
}

/** Chances by Platt's curve, fitted on the scores of other folds. */
function calibrated(scores: Float64Array, labels: Uint8Array, fold: Uint8Array, folds: number): Float64Array {
  const chances = new Float64Array(scores.length);
  for (let turn = 0; turn < folds; turn += 1) {
    const isOther = (_: number, place: number): boolean => fold[place] !== turn;
    const platt = fitPlatt(scores.filter(isOther), labels.filter(isOther));
    scores.forEach((score, place) => fold[place] === turn && (chances[place] = plattAt(platt, score)));
  }
  return chances;
}

export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { data: "", seeds: 5, seed: 1 });
  const { ratings, people, labels } = readData(dataFolder(flags.data, layout));
  const frauds = labels.reduce((sum, label) => sum + label, 0);
  const folds = Math.min(foldsMax, frauds, labels.length - frauds);
  if (folds < 2) throw new UsageError("labels.csv needs at least two people of either label");
  const { columns, fairness } = raterColumns(ratings);
  say(`${ratings.people} people, ${ratings.rater.length} ratings, ${people.length} labels, ${columns.size} columns`);
  const silent = Float64Array.from(columns.get("ratings") ?? [], (count) => (Number.isNaN(count) ? 1 : 0));
  const ranks = [...Array.from(columns.values(), rankScores), silent];
  const rows = Array.from(people, (person) => Float64Array.from(ranks, (column) => column[person]!));
  const table = new NodeTable(ratings.people);
  columns.forEach((column, name) => table.add(name, column, 64));
  const byPerson = new Int8Array(ratings.people).fill(-1);
  people.forEach((person, place) => (byPerson[person] = labels[place]!));
  const runs: Record<string, number>[] = [];
  for (let seed = flags.seed; seed < flags.seed + flags.seeds; seed += 1) {
    const fold = new Uint8Array(people.length);
    // A label is a person's: each person is a group.
    groupedFolds(people, labels, folds, seed, fold);
    const [linear, additive] = [new Float64Array(people.length), new Float64Array(people.length)];
    for (let turn = 0; turn < folds; turn += 1) {
      const isOther = (_: unknown, place: number): boolean => fold[place] !== turn;
      const model = fitLogistic(rows.filter(isOther), Array.from(labels).filter(isOther), ridge);
      const options = { ...ga2mDefaults, bags: 10, ridge: 3, pairsMax: 0, seed };
      const logits = logitsGa2m(fitGa2m(table.training(people.filter(isOther), byPerson), options), table);
      people.forEach((person, place) => {
        if (fold[place] !== turn) return;
        linear[place] = rows[place]!.reduce(
          (sum, value, column) => sum + value * model.weights[column]!,
          model.intercept,
        );
        additive[place] = logits[person]!;
      });
    }
    const found = {
      ...foldMeans(linear, labels, fold, folds),
      auc_pooled: measure(linear, labels).auc,
      auc_ga2m: foldMeans(additive, labels, fold, folds).auc,
      auc_fairness: foldMeans(
        Float64Array.from(people, (person) => -fairness[person]!),
        labels,
        fold,
        folds,
      ).auc,
      calibration_error: calibration(calibrated(linear, labels, fold, folds), labels),
    };
    say(
      `seed ${seed}: AUC ${found.auc.toFixed(4)}, pooled ${found.auc_pooled.toFixed(4)}, additive ${found.auc_ga2m.toFixed(4)}`,
    );
    runs.push(found);
  }
  return meansWithSpread(runs);
}
