import { type Grade, grades, metricNamed, storedMetricNames } from "@probity/contract";
import type { RawEvent } from "../facts/events.fixture.ts";
import { foldBatches } from "../facts/folding.fixture.ts";
import {
  compilePolicy,
  type CompiledPolicy,
  defaultPolicies,
  type EpochPriors,
  fitEpoch,
  type Link,
  type Rating,
  rateSubject,
  type SubjectFact,
} from "./index.ts";

const metricNo = new Map([...storedMetricNames].map(([no, name]) => [name, no]));

/** Facts of a scenario's events by merchant, and who sells what. */
export interface Story {
  readonly policy: CompiledPolicy;
  readonly facts: ReadonlyMap<string, readonly SubjectFact[]>;
  readonly categories: ReadonlyMap<string, string>;
  /** Priors as a monthly epoch would have them on that day. */
  priors(day: number): EpochPriors;
  rate(merchant: string, day: number, links?: readonly Link[]): Rating;
}

/** Folds the events and makes ready to rate any merchant on any day with the default policy. */
export function tell(events: readonly RawEvent[]): Story {
  const policy = compilePolicy(defaultPolicies.merchant);
  const facts = new Map<string, SubjectFact[]>();
  for (const [key, [n, x]] of foldBatches([events])) {
    if (!key.startsWith("m")) continue;
    const [subject, metric, day] = key.slice(1).split("|") as [string, string, string];
    const own = facts.get(subject) ?? [];
    own.push({ metric: metricNo.get(metric) ?? metricNamed(metric).no, day: Number(day), n, x });
    facts.set(subject, own);
  }
  const categories = new Map<string, string>();
  for (const { type, data } of events) {
    if (type === "merchant.registered" && typeof data["category"] === "string")
      categories.set(String(data["merchant"]), data["category"]);
  }
  const merchants = [...facts.keys()];
  const names = [...new Set(categories.values())].sort();
  const rows = merchants.flatMap((merchant, subject) =>
    (facts.get(merchant) ?? []).map((fact) => ({ subject, ...fact })),
  );
  const columns = {
    rows: rows.length,
    subject: Int32Array.from(rows, (row) => row.subject),
    metric: Int16Array.from(rows, (row) => row.metric),
    day: Int32Array.from(rows, (row) => row.day),
    n: Float64Array.from(rows, (row) => row.n),
    x: Float64Array.from(rows, (row) => row.x),
  };
  const groups = { names, of: Int32Array.from(merchants, (merchant) => names.indexOf(categories.get(merchant) ?? "")) };
  const epochs = new Map<number, EpochPriors>();
  const priors = (day: number): EpochPriors => {
    const epochDay = day - (day % policy.policy.epochDays);
    const known = epochs.get(epochDay) ?? fitEpoch(policy, columns, groups, epochDay);
    epochs.set(epochDay, known);
    return known;
  };
  return {
    policy,
    facts,
    categories,
    priors,
    rate: (merchant, day, links = []) =>
      rateSubject(policy, priors(day), facts.get(merchant) ?? [], categories.get(merchant) ?? null, day, links),
  };
}

/** Steps from the best grade; behind the last for none. */
export const steps = (grade: Grade | null): number => (grade === null ? grades.length : grades.indexOf(grade));

/** `score / bound grade`, with the red line that caps it. */
export function figure(rating: Rating): string {
  const cap =
    rating.caps.length === 0
      ? ""
      : ` (capped at ${rating.caps.map(({ cap: at, redLine }) => `${at}: ${redLine}`).join(", ")})`;
  return `${rating.score} / ${rating.bound} ${rating.grade ?? "too early"}${cap}`;
}

/** Prints a story's figures as lines of a table. */
export function print(title: string, rows: readonly (readonly [what: string, figure: string])[]): void {
  const width = Math.max(...rows.map(([what]) => what.length));
  process.stdout.write(`\n${title}\n${rows.map(([what, value]) => `  ${what.padEnd(width)}  ${value}\n`).join("")}`);
}

/** First day looked at from which on, until the last, the rating satisfies the condition; undefined if never. */
export function since(
  story: Story,
  merchant: string,
  from: number,
  to: number,
  step: number,
  holds: (rating: Rating) => boolean,
): number | undefined {
  let first: number | undefined;
  for (let day = from; day <= to; day += step) {
    if (!holds(story.rate(merchant, day))) first = undefined;
    else first ??= day;
  }
  return first;
}
