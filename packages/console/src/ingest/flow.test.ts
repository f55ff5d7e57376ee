import type { LedgerStatus } from "@probity/contract";
import { expect, test } from "vitest";
import { ageOf, hourMs, isOwn, oddSilenceMs, periodsOf, sumWithin } from "./flow.ts";

const now = Date.parse("2026-11-22T10:30:00Z");
const hour = (ago: number, accepted: number, rejected = 0): LedgerStatus["hours"][number] => ({
  from: new Date((Math.floor(now / hourMs) - ago) * hourMs).toISOString(),
  accepted,
  rejected,
});

test("the last hour takes of the hour before the part that is in it", () => {
  expect(sumWithin([hour(2, 1_000), hour(1, 60, 4), hour(0, 40, 1)], now, hourMs)).toEqual({
    accepted: 70,
    rejected: 3,
  });
  expect(sumWithin([], now, hourMs)).toEqual({ accepted: 0, rejected: 0 });
});

test("periods end with the present hour and lose nothing that is in them", () => {
  const hours = [hour(400, 9), hour(100, 7, 2), hour(23, 5), hour(0, 3, 1)];
  const day = periodsOf(hours, now, "day");
  expect([day.length, day[0]?.accepted, day.at(-1)]).toEqual([
    24,
    5,
    {
      fromMs: Date.parse("2026-11-22T10:00:00Z"),
      toMs: Date.parse("2026-11-22T11:00:00Z"),
      accepted: 3,
      rejected: 1,
    },
  ]);
  const sum = (span: "week" | "month"): number =>
    periodsOf(hours, now, span).reduce((all, { accepted }) => all + accepted, 0);
  expect([sum("week"), sum("month")]).toEqual([15, 24]);
});

const status = (hours: LedgerStatus["hours"], size = 10_000): LedgerStatus => ({
  size,
  newestAt: null,
  receivedAt: null,
  lettersOpen: 0,
  sources: [],
  hours,
});
const source = (events: number, hoursAgo: number, name = "urn:shop", delayHours = 0) => ({
  source: name,
  events,
  newestAt: new Date(now - (hoursAgo + delayHours) * hourMs).toISOString(),
  receivedAt: new Date(now - hoursAgo * hourMs).toISOString(),
});
const steady = (from: number, to: number, accepted: number): LedgerStatus["hours"] =>
  Array.from({ length: from - to }, (_, place) => hour(from - place, accepted));

test("a source that sent every hour and stopped is silent, for how long", () => {
  expect(oddSilenceMs(source(10_000, 5), status(steady(60, 5, 100)), now)).toBe(5 * hourMs);
  // One of several; the others go on.
  const fewer = [...steady(60, 6, 100), ...steady(6, 0, 90)];
  expect(oddSilenceMs(source(1_000, 6), status(fewer), now)).toBe(6 * hourMs);
});

test("other silences are as they should be", () => {
  expect(oddSilenceMs(source(10_000, 2), status(steady(60, 2, 100)), now)).toBeUndefined();
  // A file of history, once.
  expect(oddSilenceMs(source(10_000, 50), status([hour(50, 10_000)]), now)).toBeUndefined();
  // A file of history beside shops that go on as before.
  const beside = [...steady(60, 30, 100), hour(30, 9_100), ...steady(29, 0, 100)];
  expect(oddSilenceMs(source(9_000, 30, "urn:file", 12), status(beside), now)).toBeUndefined();
  // One that seldom has anything to send.
  expect(oddSilenceMs(source(20, 9), status(steady(60, 0, 100)), now)).toBeUndefined();
  expect(oddSilenceMs(source(10_000, 5, "urn:probity:main"), status(steady(60, 5, 100)), now)).toBeUndefined();
  expect(isOwn({ source: "urn:probity:main" })).toBe(true);
});

test("an age is told in units of which there are two", () => {
  expect([-5, 119_999, 120_000, 2 * hourMs, 47 * hourMs, 48 * hourMs].map(ageOf)).toEqual([
    { count: 0, unit: "second" },
    { count: 119, unit: "second" },
    { count: 2, unit: "minute" },
    { count: 2, unit: "hour" },
    { count: 47, unit: "hour" },
    { count: 2, unit: "day" },
  ]);
});
