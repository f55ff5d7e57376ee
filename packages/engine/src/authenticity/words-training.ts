import { fitLinear, linearDefaults, marginAt } from "@probity/kernels/linear/sparse-linear";
import { fitPlatt } from "@probity/kernels/stats/platt";
import { foldText } from "@probity/kernels/text/fold";
import { hashGrams, type SparseRows, weighRows } from "@probity/kernels/text/hashed-grams";
import { wordsGramRules, type WordsSectionFile, type WordsTableFile, wordsTextCharsMax } from "./words-model.ts";

/**
 * A column counts the more, the further its share among positives is from its share among negatives (naive Bayes as a weight
 * of a linear model: S. Wang, C. Manning, ACL 2012). What is even keeps this much, for it may matter beside others.
 */
const evenWorth = 0.3;
/** Chosen among 0.1, 0.3 and 1 by Chinese reviews of one category, learnt from the others. */
const cost = 0.3;
/** Every eighth row is not learnt from: it tells what a margin is worth as a chance. */
const calibrationEvery = 8;
/** Logits per margin at most: a clean training set does not make a text sure. */
const steepest = 3;
/** How much of the unlabelled texts on either side is believed, round by round: the surest first. */
const believedShares = [0.5, 0.8] as const;

export interface TableTask {
  /** Rows of `wordsRows`. */
  readonly rows: SparseRows;
  /** 0 or 1 by row. */
  readonly labels: Uint8Array;
  /** Rows to learn from, both labels among them. */
  readonly places: Int32Array;
  /** Rows without a label, whose words are learnt by believing the surest guesses (self-training). */
  readonly unlabelled?: Int32Array;
  readonly bits: number;
  readonly seed: number;
  /** Logits per margin at most, where the texts are easier than those that will be read. */
  readonly slopeMax?: number;
}

interface Fitted {
  readonly rows: SparseRows;
  readonly worth: Float64Array;
  readonly weights: Float64Array;
  readonly intercept: number;
}

/** Texts as rows: each column that was seen has 1 over the root of the row's count. */
export function wordsRows(texts: readonly string[], grams: WordsSectionFile["grams"]): SparseRows {
  const folded = texts.map((text) => foldText(text, wordsTextCharsMax));
  const rows = hashGrams(folded, wordsGramRules(grams));
  weighRows(rows, "presence");
  return rows;
}

/** The same rows with columns modulo 2^bits. */
function narrowed(rows: SparseRows, bits: number): SparseRows {
  const mask = 2 ** bits - 1;
  if (rows.columns.every((column) => column <= mask)) return rows;
  return { ...rows, columns: rows.columns.map((column) => column & mask) };
}

function worthOf(rows: SparseRows, labels: Uint8Array, places: Int32Array, width: number): Float64Array {
  const seen = [new Float64Array(width), new Float64Array(width)] as const;
  let positives = 0;
  for (const row of places) {
    const own = seen[labels[row] === 1 ? 1 : 0];
    positives += labels[row] ?? 0;
    for (let at = rows.offsets[row] ?? 0; at < (rows.offsets[row + 1] ?? 0); at += 1) {
      const column = rows.columns[at] ?? 0;
      own[column] = (own[column] ?? 0) + 1;
    }
  }
  const share = (hits: number | undefined, count: number): number => ((hits ?? 0) + 1) / (count + 2);
  return seen[0].map(
    (hits, column) =>
      evenWorth + Math.abs(Math.log(share(seen[1][column], positives) / share(hits, places.length - positives))),
  );
}

function fitWorthy(rows: SparseRows, labels: Uint8Array, places: Int32Array, bits: number, seed: number): Fitted {
  const weights = new Float64Array(2 ** bits);
  const worth = worthOf(rows, labels, places, weights.length);
  const values = rows.values.map((value, at) => value * (worth[rows.columns[at] ?? 0] ?? 0));
  const scaled = { ...rows, values };
  const { intercept } = fitLinear(scaled, labels, places, { ...linearDefaults, cost, tolerance: 0.5, seed }, weights);
  return { rows: scaled, worth, weights, intercept };
}

const margins = ({ rows, weights, intercept }: Fitted, places: Int32Array): Float64Array =>
  Float64Array.from(places, (row) => marginAt(rows, row, weights, intercept));

/** Writes guesses into `labels` and returns the rows whose guesses are the surest of their side. */
function believed(fit: Fitted, unlabelled: Int32Array, share: number, labels: Uint8Array): number[] {
  const found = margins(fit, unlabelled);
  const order = Array.from(found.keys()).sort((one, other) => (found[other] ?? 0) - (found[one] ?? 0));
  const positives = found.reduce((sum, margin) => sum + (margin > 0 ? 1 : 0), 0);
  const chosen = [
    ...order.slice(0, Math.ceil(share * positives)),
    ...order.slice(positives + Math.floor((1 - share) * (order.length - positives))),
  ];
  return chosen.map((place) => {
    const row = unlabelled[place] ?? 0;
    labels[row] = (found[place] ?? 0) > 0 ? 1 : 0;
    return row;
  });
}

/** Whole numbers from a fit; margins become logits by `slope` and `offset`. */
function quantised({ worth, weights, intercept }: Fitted, bits: number, slope: number, offset: number): WordsTableFile {
  const logits = weights.map((weight, column) => weight * (worth[column] ?? 0) * slope);
  const step = Math.max(1e-6, logits.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0) / 127);
  return {
    bits,
    scale: Math.min(2 ** 24, Math.round(step * 1_024 * 256)),
    intercept: Math.max(-65_536, Math.min(65_536, Math.round((slope * intercept + offset) * 1_024))),
    weights: Buffer.from(Int8Array.from(logits, (logit) => Math.round(logit / step)).buffer).toString("base64"),
  };
}

/**
 * Learns one question with the answers 0 and 1. Throws RangeError where only one answer is there. Same rows and seed, same
 * table, but for the last digit of a machine's logarithm.
 */
export function trainTable({
  rows: given,
  labels,
  places,
  unlabelled,
  bits,
  seed,
  slopeMax = steepest,
}: TableTask): WordsTableFile {
  const rows = narrowed(given, bits);
  const isKept = (place: number): boolean => place % calibrationEvery === calibrationEvery - 1;
  const learnt = places.filter((_, place) => !isKept(place));
  const kept = places.filter((_, place) => isKept(place));
  let fit = fitWorthy(rows, labels, learnt, bits, seed);
  if (unlabelled !== undefined && unlabelled.length > 0)
    for (const share of believedShares) {
      const guessed = labels.slice();
      const more = believed(fit, unlabelled, share, guessed);
      fit = fitWorthy(rows, guessed, Int32Array.of(...learnt, ...more), bits, seed);
    }
  const platt = fitPlatt(
    margins(fit, kept),
    Uint8Array.from(kept, (row) => labels[row] ?? 0),
  );
  const slope = Math.max(0.1, Math.min(slopeMax, platt.slope));
  // A slope that was cut keeps the margin at which chances are even.
  const offset = platt.slope > 0 ? (platt.offset * slope) / platt.slope : 0;
  return quantised(fit, bits, slope, offset);
}
