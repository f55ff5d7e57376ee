import { dayMs, dayText, hourMs } from "./calendar.ts";
import type { Random } from "./random.ts";

export type Season = "steady" | "winter" | "summer";

// Shopping by hour of the day at UTC+8: quiet nights, a bump at noon, the peak in the evening.
const hours = [2, 1, 1, 1, 1, 1, 2, 3, 5, 7, 8, 7, 8, 7, 6, 6, 6, 6, 7, 9, 11, 11, 8, 5];
const hourOffset = 8;
const cumulativeHours: number[] = [];
let sum = 0;
for (const weight of hours) {
  sum += weight;
  cumulativeHours.push(sum);
}

/** A time on the day, by the daily rhythm, to the second. */
export function momentOf(day: number, random: Random): number {
  const target = random.next() * sum;
  let local = 0;
  while (cumulativeHours[local]! <= target) local += 1;
  const hour = (local + 24 - hourOffset) % 24;
  return day * dayMs + hour * hourMs + random.below(3_600) * 1_000;
}

/** The same time, or the next morning if people at UTC+8 are asleep then. */
export function awake(timeMs: number, random: Random): number {
  const local = Math.floor(timeMs / hourMs + hourOffset) % 24;
  if (local >= 8) return timeMs;
  return timeMs + (8 - local) * hourMs + random.below(5_400) * 1_000;
}

const festivals: Readonly<Record<string, number>> = {
  "06-16": 1.6,
  "06-17": 2,
  "06-18": 3,
  "11-09": 1.5,
  "11-10": 2,
  "11-11": 4,
  "11-12": 1.8,
  "12-11": 1.5,
  "12-12": 2.5,
};

/** How busy a day is: week, year, festivals and a little growth over the run. */
export function business(day: number, startDay: number, days: number): number {
  // Day 0 was a Thursday, so 2 and 3 are Saturday and Sunday.
  const weekday = day % 7;
  const week = weekday === 2 || weekday === 3 ? 1.18 : weekday === 1 ? 1.05 : 0.94;
  const year = 1 + 0.12 * Math.cos((2 * Math.PI * (day - 325)) / 365.2425);
  const growth = 1 + (0.25 * (day - startDay)) / days;
  return week * year * growth * (festivals[dayText(day).slice(5)] ?? 1);
}

/** Demand of a seasonal shop on a day, as a share of its best. */
export function demand(season: Season, day: number): number {
  if (season === "steady") return 1;
  const warmth = 0.5 - 0.5 * Math.cos((2 * Math.PI * (day - 17)) / 365.2425);
  return season === "summer" ? 0.08 + 0.92 * warmth : 1 - 0.92 * warmth;
}

/** Shares a whole number out by weight; the parts add up to it exactly. */
export function shareOut(total: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((left, right) => left + right, 0);
  let passed = 0;
  let given = 0;
  return weights.map((weight) => {
    passed += weight;
    const upTo = Math.round((total * passed) / whole);
    const part = upTo - given;
    given = upTo;
    return part;
  });
}
