import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fitLinear, linearDefaults, marginAt } from "@probity/kernels/linear/sparse-linear";
import { groupedFolds } from "@probity/kernels/stats/grouped-folds";
import {
  type GramRules,
  hashGrams,
  inverseFrequencies,
  type SparseRows,
  weighRows,
} from "@probity/kernels/text/hashed-grams";
import { foldText } from "@probity/kernels/text/fold";
import { csvRows } from "../packages/engine/src/main/commands/labelled-texts.ts";
import { Ids } from "./authenticity-csv.ts";
import { meansWithSpread, measure } from "./authenticity-measures.ts";
import { dataFolder, readFlags, say, UsageError } from "./flags.ts";

export const usage = "--data DIR    which reviews were written to deceive, at hotels that were not learnt from";

const layout = "reviews.csv (label: truthful or deceptive; hotel; text; perhaps polarity)";
const foldsMax = 8;
const bits = 19;
const none = { charsFrom: 0, charsTo: 0, wordsFrom: 0, wordsTo: 0, bits, textCharsMax: 20_000, gramsMax: 40_000 };
/** Words folded, letters as written: capitals and stops are part of a hand. */
const views: readonly { readonly rules: GramRules; readonly isFolded: boolean }[] = [
  { rules: { ...none, wordsFrom: 1, wordsTo: 2 }, isFolded: true },
  { rules: { ...none, charsFrom: 2, charsTo: 5 }, isFolded: false },
];

interface Data {
  readonly texts: readonly string[];
  readonly labels: Uint8Array;
  readonly hotels: Int32Array;
  readonly hotelCount: number;
  /** What the guest was asked for: praise or blame; one for all where the file does not say. */
  readonly polarities: readonly string[];
}

function readData(folder: string): Data {
  const path = join(folder, "reviews.csv");
  let rows: Map<string, string>[];
  try {
    rows = csvRows(readFileSync(path, "utf8"));
  } catch {
    throw new UsageError(`${path} is missing: the folder must hold ${layout}`);
  }
  const lacking = ["label", "hotel", "text"].filter((column) => rows[0]?.has(column) !== true);
  if (lacking.length > 0) throw new UsageError(`${path} has no column ${lacking.join(", ")}; it must hold ${layout}`);
  const labelled = rows.filter((row) => row.get("label") !== "");
  const hotels = new Ids();
  const labels = labelled.map((row, place) => {
    const label = ["truthful", "deceptive"].indexOf(row.get("label")!);
    if (label < 0)
      throw new UsageError(`${path} row ${place + 1}: ${row.get("label")} is neither truthful nor deceptive`);
    return label;
  });
  return {
    texts: labelled.map((row) => row.get("text")!.trim()),
    labels: Uint8Array.from(labels),
    hotels: Int32Array.from(labelled, (row) => hotels.add(row.get("hotel")!)),
    hotelCount: hotels.count,
    polarities: labelled.map((row) => row.get("polarity") ?? ""),
  };
}

/**
 * Each column twice, once for all texts and once for those of its polarity: what gives praise away need not give blame away
 * (H. Daumé III, Frustratingly Easy Domain Adaptation, ACL 2007).
 */
function byPolarity({ offsets, columns, values }: SparseRows, polarities: readonly string[]): SparseRows {
  const kinds = new Ids();
  const salts = Int32Array.from(polarities, (polarity) => Math.imul(kinds.add(polarity) + 1, 0x9e3779b1));
  if (kinds.count < 2) return { offsets, columns, values };
  const out = {
    offsets: offsets.map((offset) => 2 * offset),
    columns: new Int32Array(2 * columns.length),
    values: new Float64Array(2 * values.length),
  };
  for (let row = 0; row + 1 < offsets.length; row += 1)
    for (let at = offsets[row]!; at < offsets[row + 1]!; at += 1) {
      out.columns[2 * at] = columns[at]!;
      out.columns[2 * at + 1] = Math.imul(columns[at]! + 1, salts[row]!) >>> (32 - bits);
      out.values[2 * at] = values[at]!;
      out.values[2 * at + 1] = values[at]!;
    }
  return out;
}

/** Inverse document frequency times the root of how far naive Bayes tells the labels apart (after Wang and Manning, 2012). */
function worthOf({ offsets, columns }: SparseRows, labels: Uint8Array, places: Int32Array, out: Float64Array): void {
  inverseFrequencies({ offsets, columns, values: new Float64Array() }, places, out);
  const seen = [new Float64Array(out.length), new Float64Array(out.length)] as const;
  const counts: [number, number] = [0, 0];
  for (const row of places) {
    const label = labels[row] === 1 ? 1 : 0;
    counts[label] += 1;
    for (let at = offsets[row]!; at < offsets[row + 1]!; at += 1) seen[label][columns[at]!]! += 1;
  }
  const share = (label: 0 | 1, column: number): number => (seen[label][column]! + 1) / (counts[label] + 2);
  for (let column = 0; column < out.length; column += 1)
    out[column]! *= Math.sqrt(Math.abs(Math.log(share(1, column) / share(0, column))));
}

/** Margins of the rows of one fold, learnt from the others; both views are added up. */
function addMargins(view: SparseRows, data: Data, fold: Uint8Array, turn: number, out: Float64Array): void {
  const learnt = Int32Array.from(fold.keys()).filter((row) => fold[row] !== turn);
  const worth = new Float64Array(2 ** bits);
  worthOf(view, data.labels, learnt, worth);
  const rows = { ...view, values: view.values.slice() };
  weighRows(rows, "sublinear", worth);
  const { intercept } = fitLinear(rows, data.labels, learnt, { ...linearDefaults, tolerance: 0.3 }, worth);
  for (let row = 0; row < fold.length; row += 1)
    if (fold[row] === turn) out[row]! += marginAt(rows, row, worth, intercept);
}

export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { data: "", seeds: 5, seed: 1 });
  const data = readData(dataFolder(flags.data, layout));
  const folds = Math.min(foldsMax, data.hotelCount);
  if (folds < 2) throw new UsageError("reviews.csv needs labelled reviews of at least two hotels");
  const seen = views.map(({ rules, isFolded }) =>
    byPolarity(hashGrams(isFolded ? data.texts.map((text) => foldText(text)) : data.texts, rules), data.polarities),
  );
  say(`${data.texts.length} reviews of ${data.hotelCount} hotels in ${folds} folds`);
  const fold = new Uint8Array(data.texts.length);
  const runs = Array.from({ length: flags.seeds }, (_, run) => {
    groupedFolds(data.hotels, data.labels, folds, flags.seed + run, fold);
    const margins = new Float64Array(fold.length);
    for (let turn = 0; turn < folds; turn += 1) for (const view of seen) addMargins(view, data, fold, turn, margins);
    const right = margins.reduce((sum, margin, row) => sum + (margin > 0 === (data.labels[row] === 1) ? 1 : 0), 0);
    const { auc, ap } = measure(margins, data.labels);
    say(`seed ${flags.seed + run}: ${(right / fold.length).toFixed(4)}`);
    return { accuracy: right / fold.length, auc, ap };
  });
  return meansWithSpread(runs);
}
