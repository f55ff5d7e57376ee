import type { GramSpace } from "@probity/kernels/text/hashed-grams";
import { readGrams } from "@probity/kernels/text/hashed-grams";
import { foldText } from "@probity/kernels/text/fold";
import { type WordsModel, type WordsTable, wordsTextCharsMax } from "./words-model.ts";
import { incentiveWording } from "./incentive-wording.ts";
import { type Language, languageOf } from "./words-language.ts";

export const wordsTopics = ["delivery", "quality", "described", "service", "price"] as const;
export type WordsTopic = (typeof wordsTopics)[number];

/** What a text says, in whole numbers that are the same on every machine. */
export interface WordsReading {
  readonly language: Language;
  /** −1000, all blame, … 1000, all praise; 0 where nothing is known. */
  readonly sentiment: number;
  /** Chance in thousandths that the text is about it. */
  readonly topics: Readonly<Record<WordsTopic, number>>;
}

/** 1000 · tanh(x / 2) at x = 0, ¼, ½, … 8: twice a logistic chance less one, without a power of e. */
const curve = [
  0, 124, 245, 358, 462, 555, 635, 704, 762, 809, 848, 880, 905, 925, 941, 954, 964, 972, 978, 983, 987, 990, 992, 994,
  995, 996, 997, 998, 998, 998, 999, 999, 999,
] as const;
/** Units of a logit. */
const logitUnits = 1_024;
const knotUnits = logitUnits / 4;

/** −1000…1000 from a logit in units of 1/1024, by straight lines between the knots. */
export function signedChance(units: number): number {
  const size = Math.min(Math.abs(units), (curve.length - 1) * knotUnits);
  const knot = Math.min(Math.floor(size / knotUnits), curve.length - 2);
  const from = curve[knot] ?? 0;
  const rise = (curve[knot + 1] ?? from) - from;
  const value = from + Math.floor((rise * (size - knot * knotUnits)) / knotUnits);
  return units < 0 ? 0 - value : value;
}

/** The largest whole number whose square is at most `square`. */
function wholeRoot(square: number): number {
  let root = Math.floor(Math.sqrt(square));
  // A root that a machine rounds otherwise is set right.
  while (root * root > square) root -= 1;
  while ((root + 1) * (root + 1) <= square) root += 1;
  return root;
}

/** Logit of a table over the columns at hand, in units of 1/1024: intercept + Σ weight · scale / (256 · √count). */
function logitOf({ weights, mask, scale, intercept }: WordsTable, space: GramSpace, count: number): number {
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += weights[(space.columns[at] ?? 0) & mask] ?? 0;
  return intercept + Math.trunc((sum * scale) / wholeRoot(65_536 * count));
}

const silent = { delivery: 0, quality: 0, described: 0, service: 0, price: 0 } as const;

/**
 * Reads a text: its language, how it feels and what it is about. Tricks of width, invisible signs and look-alike letters are
 * folded away first; of a longer text the first 2,000 characters are read. A text without words or signs, or in a language
 * that the model does not know, has sentiment 0 and no topic.
 */
export function readWords(text: string, model: WordsModel): WordsReading {
  const folded = foldText(text, wordsTextCharsMax);
  const { language, hasLetters } = languageOf(folded);
  const section = hasLetters ? model.sections[language] : model.sections.signs;
  if (section === undefined) return { language, sentiment: 0, topics: silent };
  const count = readGrams(folded, section.space);
  if (count === 0) return { language, sentiment: 0, topics: silent };
  const topics: Record<WordsTopic, number> = { ...silent };
  for (const topic of wordsTopics) {
    const table = section.topics[topic];
    if (table !== undefined)
      topics[topic] = Math.floor((1_000 + signedChance(logitOf(table, section.space, count))) / 2);
  }
  const sentiment =
    section.sentiment === undefined ? 0 : signedChance(logitOf(section.sentiment, section.space, count));
  return { language, sentiment, topics };
}

/** What marks of a text are taken by: undefined for a language that the model does not read. */
export function wordsReader(model: WordsModel): {
  sentiment(text: string): number | undefined;
  tellsOfIncentive(text: string): boolean;
} {
  return {
    sentiment(text) {
      const folded = foldText(text, wordsTextCharsMax);
      const { language, hasLetters } = languageOf(folded);
      const isRead = (hasLetters ? model.sections[language] : model.sections.signs) !== undefined;
      return isRead ? readWords(folded, model).sentiment : undefined;
    },
    tellsOfIncentive: (text) => incentiveWording(text) !== undefined,
  };
}
