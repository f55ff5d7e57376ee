import { readFileSync } from "node:fs";
import { mix32 } from "@probity/kernels/sketch/mix";
import type { SparseRows } from "@probity/kernels/text/hashed-grams";
import { foldText } from "@probity/kernels/text/fold";
import {
  openWordsModel,
  type WordsModel,
  type WordsModelFile,
} from "../packages/engine/src/authenticity/words-model.ts";
import { trainTable, wordsRows } from "../packages/engine/src/authenticity/words-training.ts";
import { readWords } from "../packages/engine/src/authenticity/words.ts";
import { readLabelledTexts } from "../packages/engine/src/main/commands/labelled-texts.ts";
import { meansWithSpread } from "./authenticity-measures.ts";
import { dataFolder, readFlags, say, UsageError } from "./flags.ts";
import { rounded } from "./forecasts.ts";

export const usage = "--data DIR    what reviews feel, learnt from other categories than those tested";

const layout = "CSV files with review and label (1 praise, 0 blame), perhaps category";
const bits = 18;
const grams = { charsFrom: 1, charsTo: 2, wordsFrom: 0, wordsTo: 0, bits } as const;
/** Categories with fewer texts of either label are learnt from, not tested. */
const testedMin = 20;
/** Categories that have this share of their texts in common are held out together. */
const commonShare = 0.01;
const mixedFolds = 5;
/** Without two runs there is no spread; a further one begins only if it can end within this. */
const budgetMs = 105_000;

interface Data {
  readonly texts: readonly string[];
  readonly labels: Uint8Array;
  readonly rows: SparseRows;
  /** Same number, same folded text. */
  readonly same: Int32Array;
  readonly categories: readonly Category[];
}

interface Category {
  readonly name: string;
  readonly isShop: boolean;
  readonly rows: readonly number[];
  /** What may not be learnt from while it is tested: itself and what it has texts in common with. */
  held: readonly number[];
}

/** Sentiment alone, whatever language a text is taken for. */
function modelOf(data: Data, places: readonly number[], seed: number, unlabelled?: readonly number[]): WordsModel {
  const sentiment = trainTable({
    rows: data.rows,
    labels: data.labels,
    places: Int32Array.from(places),
    bits,
    seed,
    ...(unlabelled === undefined ? {} : { unlabelled: Int32Array.from(unlabelled) }),
  });
  const section = { grams, sentiment, topics: {} };
  return openWordsModel({
    format: "probity-words-1",
    about: "a benchmark",
    sections: { zh: section, en: section, other: section, signs: section },
  });
}

function accuracyOf({ texts, labels }: Data, tested: readonly number[], model: WordsModel): number {
  const right = tested.filter((row) => readWords(texts[row]!, model).sentiment > 0 === (labels[row] === 1));
  return right.length / tested.length;
}

function hold(categories: readonly Category[], same: Int32Array): void {
  const sets = categories.map(({ rows }) => new Set(rows.map((row) => same[row]!)));
  categories.forEach((category, one) => {
    category.held = categories.flatMap(({ rows }, other) => {
      const common = [...sets[other]!].filter((text) => sets[one]!.has(text)).length;
      return common >= commonShare * Math.min(sets[one]!.size, sets[other]!.size) ? rows : [];
    });
  });
}

function readData(folder: string): Data {
  const { texts: all, praise, category, file } = readLabelledTexts(folder);
  const kept = Array.from(all.keys()).filter((row) => praise[row] !== undefined);
  if (kept.length === 0) throw new UsageError(`${folder} has no labels: it needs ${layout}`);
  // Folded once: folding again changes nothing and costs less.
  const texts = kept.map((row) => foldText(all[row]!));
  const ids = new Map<string, number>();
  const same = Int32Array.from(texts, (text) => {
    const id = ids.get(text) ?? ids.size;
    ids.set(text, id);
    return id;
  });
  const found = new Map<string, number[]>();
  kept.forEach((from, row) => {
    const key = JSON.stringify([category[from] || file[from], category[from] !== ""]);
    found.set(key, [...(found.get(key)?.splice(0) ?? []), row]);
  });
  const categories = Array.from(found, ([key, rows]) => {
    const [name, isShop] = JSON.parse(key) as [string, boolean];
    return { name, isShop, rows, held: rows };
  });
  hold(categories, same);
  return {
    texts,
    labels: Uint8Array.from(kept, (row) => praise[row]!),
    rows: wordsRows(texts, grams),
    same,
    categories,
  };
}

const hasBoth = (rows: readonly number[], labels: Uint8Array, min: number): boolean => {
  const positives = rows.filter((row) => labels[row] === 1).length;
  return Math.min(positives, rows.length - positives) >= min;
};

/** What a tested category may be learnt from: each text once, none that is also tested. */
function learntFor({ same, texts, labels }: Data, held: readonly number[]): number[] {
  const seen = new Set(held.map((row) => same[row]!));
  const learnt = Array.from(texts.keys()).filter((row) => !seen.has(same[row]!) && seen.add(same[row]!));
  return hasBoth(learnt, labels, 1) ? learnt : [];
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Means over categories, by what kind of file they came from. */
function means(tested: readonly Category[], accuracies: readonly number[]): Record<string, number> {
  const of = (isShop: boolean): number[] => accuracies.filter((_, place) => tested[place]!.isShop === isShop);
  const [shop, hotel] = [of(true), of(false)];
  return {
    accuracy: meanOf(shop.length > 0 ? shop : hotel),
    ...(shop.length > 0 ? { accuracy_shopping: meanOf(shop) } : {}),
    ...(hotel.length > 0 ? { accuracy_hotel: meanOf(hotel) } : {}),
  };
}

/** Random folds, all categories mixed: what others publish. Texts that are the same lie in one fold. */
function mixed(data: Data, seed: number): number {
  const shop = data.categories.filter(({ isShop }) => isShop);
  const rows = (shop.length > 0 ? shop : data.categories).flatMap((category) => category.rows);
  const foldOf = (row: number): number => mix32(data.same[row]!, seed) % mixedFolds;
  const learnt = rows.filter((row) => foldOf(row) > 0);
  const tested = rows.filter((row) => foldOf(row) === 0);
  if (tested.length === 0 || !hasBoth(learnt, data.labels, 1)) throw new UsageError("too few texts of either label");
  return accuracyOf(data, tested, modelOf(data, learnt, seed));
}

function defaultModel(): WordsModel {
  const file = new URL("../packages/engine/src/authenticity/models/words-default.json", import.meta.url);
  return openWordsModel(JSON.parse(readFileSync(file, "utf8")) as WordsModelFile);
}

export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { data: "", seeds: 3, seed: 1 });
  const beganMs = performance.now();
  const data = readData(dataFolder(flags.data, layout));
  const tested = data.categories.filter(
    ({ rows, held }) => hasBoth(rows, data.labels, testedMin) && learntFor(data, held).length > 0,
  );
  say(`${data.texts.length} labelled texts, ${data.categories.length} categories, ${tested.length} of them tested`);
  const leaveOut = (seed: number, isAdapted: boolean): number[] =>
    tested.map(({ name, rows, held }) => {
      // Another tenth is left out for each seed, so that the spread says what the training texts matter.
      const learnt = learntFor(data, held).filter((row) => mix32(row, seed) % 10 > 0);
      const accuracy = accuracyOf(data, rows, modelOf(data, learnt, seed, isAdapted ? rows : undefined));
      say(`seed ${seed}${isAdapted ? ", adapted" : ""}: ${name} ${rounded(accuracy)}`);
      return accuracy;
    });
  const standard = defaultModel();
  const readMs = performance.now();
  const byDefault = data.categories.map(({ rows }) => accuracyOf(data, rows, standard));
  const textsPerS = data.texts.length / ((performance.now() - readMs) / 1_000);
  const fixed = {
    accuracy_default: rounded(means(data.categories, byDefault)["accuracy"]!),
    accuracy_mixed: rounded(mixed(data, flags.seed)),
    texts_per_s: Math.round(textsPerS),
  };
  if (tested.length === 0) {
    say("No category can be left out: accuracy is that of random folds");
    return { accuracy: fixed.accuracy_mixed, accuracy_sd: 0, ...fixed };
  }
  const adaptedMeans = means(tested, leaveOut(flags.seed, true));
  const runs: Record<string, number>[] = [];
  for (let turn = 0; turn < flags.seeds; turn += 1) {
    const startMs = performance.now();
    runs.push(means(tested, leaveOut(flags.seed + turn, false)));
    const oneMs = performance.now() - startMs;
    if (turn > 0 && performance.now() - beganMs + oneMs > budgetMs) break;
  }
  return { ...meansWithSpread(runs), accuracy_adapted: rounded(adaptedMeans["accuracy"]!), ...fixed };
}
