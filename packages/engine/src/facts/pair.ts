import { limits, metricNamed } from "@probity/contract";
import type { FactDelta, PairDelta, SubjectKey } from "./contributions.ts";

/** Metric → day → [occurrences, n, x]: what one buyer did with one subject, as plain sums. */
export type PairState = Readonly<Record<string, Readonly<Record<string, readonly [number, number, number]>>>>;

const kept = metricNamed("orders-kept").no;
const buyers = metricNamed("buyers").no;
const returning = metricNamed("buyers-returning").no;
const harmed = metricNamed("buyers-harmed").no;
const harms = ["disputes-lost", "charge-backs", "complaints"].map((name) => metricNamed(name).no);

/** Days within which a second kept order makes a buyer a returning one. */
const returnDays = 90;

/** The pair after a difference: sums, so any order of differences ends alike. */
export function addToPair(state: PairState, delta: PairDelta, sign: 1 | -1): PairState {
  const days = state[delta.metric] ?? {};
  const [count, n, x] = days[delta.day] ?? [0, 0, 0];
  const sums = [count + sign * delta.count, n + sign * delta.n, x + sign * delta.x] as const;
  const { [delta.day]: _old, ...otherDays } = days;
  const nextDays = sums.some((sum) => sum !== 0) ? { ...otherDays, [delta.day]: sums } : otherDays;
  const { [delta.metric]: _metric, ...otherMetrics } = state;
  return Object.keys(nextDays).length === 0 ? otherMetrics : { ...otherMetrics, [delta.metric]: nextDays };
}

/** Calendar month of a day number, as a count of months. */
function monthOf(day: number): number {
  const date = new Date(day * 86_400_000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function sortedDays(
  days: Readonly<Record<string, readonly [number, number, number]>>,
): [number, readonly [number, number, number]][] {
  return Object.entries(days)
    .map(([day, sums]): [number, readonly [number, number, number]] => [Number(day), sums])
    .sort(([a], [b]) => a - b);
}

/** The first few of a calendar month count; a day that holds more than is left counts in proportion. */
function cappedFacts(
  facts: FactDelta[],
  subject: SubjectKey,
  metric: number,
  days: readonly [number, readonly [number, number, number]][],
): void {
  let month = -1;
  let left = 0;
  for (const [day, [count, n, x]] of days) {
    if (monthOf(day) !== month) {
      month = monthOf(day);
      left = limits.pairMonthCap;
    }
    const take = Math.min(count, left);
    left -= take;
    if (take <= 0) continue;
    facts.push({
      subject,
      metric,
      day,
      n: take === count ? n : Math.floor((n * take) / count),
      x: take === count ? x : Math.floor((x * take) / count),
    });
  }
}

/** What a pair adds to its subject's facts: capped sums, and the buyer as a person counted once. */
export function contributePair(subject: SubjectKey, state: PairState): FactDelta[] {
  const facts: FactDelta[] = [];
  for (const [metric, days] of Object.entries(state)) cappedFacts(facts, subject, Number(metric), sortedDays(days));
  if (!subject.startsWith("m")) return facts;
  const keptDays = sortedDays(state[kept] ?? {});
  const first = keptDays[0]?.[0];
  if (first !== undefined) {
    const orders = keptDays.filter(([day]) => day <= first + returnDays).reduce((sum, [, [count]]) => sum + count, 0);
    facts.push({ subject, metric: buyers, day: first, n: 1, x: 0 });
    facts.push({ subject, metric: returning, day: first + returnDays + 1, n: 1, x: orders >= 2 ? 1 : 0 });
  }
  const harmDays = harms.flatMap((metric) => Object.keys(state[metric] ?? {}).map(Number));
  if (harmDays.length > 0) facts.push({ subject, metric: harmed, day: Math.min(...harmDays), n: 1, x: 0 });
  return facts;
}

/** Whether the buyer has a kept order with the subject. */
export function hasKept(state: PairState): boolean {
  return state[kept] !== undefined;
}
