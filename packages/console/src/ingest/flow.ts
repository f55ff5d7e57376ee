import type { LedgerStatus } from "@probity/contract";
import type { Span } from "./ingest-search.ts";

type Hours = LedgerStatus["hours"];
type Source = LedgerStatus["sources"][number];

export const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Sources of the engine's own acts begin so; nobody sends them. */
const ownSource = "urn:probity:";
export const isOwn = ({ source }: Pick<Source, "source">): boolean => source.startsWith(ownSource);

export interface Sum {
  readonly accepted: number;
  readonly rejected: number;
}

/** What came in during the last so many milliseconds; of an hour that began before, the part that is in it. */
export function sumWithin(hours: Hours, nowMs: number, spanMs: number): Sum {
  const beginMs = nowMs - spanMs;
  let [accepted, rejected] = [0, 0];
  for (const hour of hours) {
    const fromMs = Date.parse(hour.from);
    const share = Math.min(1, Math.max(0, (fromMs + hourMs - beginMs) / hourMs));
    accepted += share * hour.accepted;
    rejected += share * hour.rejected;
  }
  return { accepted: Math.round(accepted), rejected: Math.round(rejected) };
}

/** How a span is cut: so many columns of so many hours. */
const cuts: Readonly<Record<Span, { readonly columns: number; readonly hoursEach: number }>> = {
  day: { columns: 24, hoursEach: 1 },
  week: { columns: 56, hoursEach: 3 },
  month: { columns: 60, hoursEach: 12 },
};

export interface Period extends Sum {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Periods of equal length that end with the present hour, those in which nothing came in included. */
export function periodsOf(hours: Hours, nowMs: number, span: Span): Period[] {
  const { columns, hoursEach } = cuts[span];
  const endMs = (Math.floor(nowMs / hourMs) + 1) * hourMs;
  const each = hoursEach * hourMs;
  const made = Array.from({ length: columns }, (_, place) => ({
    fromMs: endMs - (columns - place) * each,
    toMs: endMs - (columns - place - 1) * each,
    accepted: 0,
    rejected: 0,
  }));
  for (const { from, accepted, rejected } of hours) {
    const period = made[Math.floor((Date.parse(from) - (endMs - columns * each)) / each)];
    if (period === undefined) continue;
    period.accepted += accepted;
    period.rejected += rejected;
  }
  return made;
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

/** Shorter silences mean nothing. */
const silenceMsMin = 3 * hourMs;
/** Who sends as things happen has sent its newest event about when it happened; a file of the past has not. */
const delayMsMax = hourMs;
/** Of the 24 hours up to its last event, in so many something has to have come in: steady, not now and then. */
const busyHoursMin = 20;
/** So many events of the source are expected in an hour: by chance three hours without any are then one in thousands. */
const expectedMin = 3;

/**
 * How long a source has been silent, if that is odd: it sent as things happened, events came in every hour, and it had a
 * fair part in them. The server counts hours of all sources together, so that what one source sent in an hour is
 * estimated by its share of all events.
 */
export function oddSilenceMs(source: Source, status: LedgerStatus, nowMs: number): number | undefined {
  const lastMs = Date.parse(source.receivedAt);
  const silenceMs = nowMs - lastMs;
  const isLate = lastMs - Date.parse(source.newestAt) > delayMsMax;
  if (isOwn(source) || isLate || silenceMs < silenceMsMin) return undefined;
  const counts = new Map(status.hours.map(({ from, accepted }) => [Date.parse(from) / hourMs, accepted]));
  const last = Math.floor(lastMs / hourMs);
  const before = Array.from({ length: 24 }, (_, ago) => counts.get(last - 1 - ago) ?? 0);
  if (before.filter((count) => count > 0).length < busyHoursMin) return undefined;
  const share = source.events / Math.max(1, status.size);
  return share * median(before) >= expectedMin ? silenceMs : undefined;
}

export interface Age {
  readonly count: number;
  readonly unit: "second" | "minute" | "hour" | "day";
}

/** An age in the largest unit of which it holds at least two, whole units. */
export function ageOf(ms: number): Age {
  if (ms >= 2 * dayMs) return { count: Math.floor(ms / dayMs), unit: "day" };
  if (ms >= 2 * hourMs) return { count: Math.floor(ms / hourMs), unit: "hour" };
  if (ms >= 120_000) return { count: Math.floor(ms / 60_000), unit: "minute" };
  return { count: Math.max(0, Math.floor(ms / 1_000)), unit: "second" };
}
