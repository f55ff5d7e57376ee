import type { Figures } from "../messages/figures.ts";
import type { AuthenticityWords } from "./authenticity-words.ts";

/** What a figure of a model is counted in. */
type Unit = "hours" | "days" | "count" | "share" | "yes" | "stars" | "surprise" | "purchase" | "plain";

const units: Readonly<Record<string, Unit>> = {
  purchase: "purchase",
  deviation: "stars",
  "tracking-valid": "yes",
  unkept: "yes",
  kept: "yes",
  praised: "yes",
  "incentive-words": "yes",
  "review-incentive": "yes",
  declared: "yes",
  insider: "yes",
  "greatest-likeness": "share",
  "five-share": "share",
  "share-at-merchant": "share",
  "own-doubt": "share",
  "order-doubt": "share",
  "neighbour-doubt": "share",
  "merchant-doubt": "share",
  belief: "share",
  unfairness: "share",
  "empty-around": "share",
  ring: "surprise",
  "sentiment-gap": "plain",
  "orders-same-day": "count",
};

export function unitOf(name: string): Unit {
  const known = units[name];
  if (known !== undefined) return known;
  if (name.startsWith("hours-")) return "hours";
  if (name.endsWith("age-days")) return "days";
  return name.endsWith("-surprise") ? "surprise" : "count";
}

/** What a figure is called; one that a newer engine brought keeps its own name. */
export const columnTitle = (name: string, words: Pick<AuthenticityWords, "columns">): string =>
  words.columns[name] ?? name.replaceAll("-", " ");

type FigureWords = Pick<AuthenticityWords, "figureOf" | "purchases" | "yes" | "no">;

/** Columns hold counts as log₂(1 + n) and shares from 0 to 1; facts hold the count itself and thousandths. */
export function columnValue(name: string, value: number, words: FigureWords, f: Figures): string {
  const unit = unitOf(name);
  if (unit === "count" && name !== "orders-same-day") return f.decimal(2 ** value - 1, 1);
  return figureWords(unit, unit === "share" ? value * 1_000 : value, words, f);
}

export const factValue = (name: string, value: number, words: FigureWords, f: Figures): string =>
  figureWords(unitOf(name), value, words, f);

function figureWords(unit: Unit, value: number, words: FigureWords, f: Figures): string {
  const number = f.decimal(value, Math.abs(value) < 10 ? 1 : 0).replace("-", "−");
  switch (unit) {
    case "share":
      return f.percent(value * 1_000);
    case "yes":
      return value >= 0.5 ? words.yes : words.no;
    case "purchase":
      return words.purchases[Math.round(value)] ?? number;
    case "count":
    case "plain":
      return number;
    case "hours":
    case "days":
    case "stars":
    case "surprise":
      return words.figureOf[unit](number);
  }
}
