import { figuresFor } from "./figures.ts";

const { count, plural } = figuresFor("en");

/** Words of the page on what changed. */
export const overview = {
  lead: (since: string, day: string): string => `What changed from ${since} to ${day}.`,
  since: "Since",
  sinceVisit: (day: string): string => `last visit, ${day}`,
  sinceDays: (days: number): string => `${count(days)} ${plural(days, "day", "days")} ago`,
  up: (n: number): string => `${count(n)} up`,
  down: (n: number): string => `${count(n)} down`,
  graded: (n: number): string => `${count(n)} newly graded`,
  calm: "No grade changed.",
  grades: "Grades",
  early: "Too early to grade",
  migration: "Who went where",
  migrationHint: "Rows: the grade then. Columns: the grade now.",
  migrationCell: (n: number, from: string, to: string): string =>
    `${count(n)} ${plural(n, "merchant", "merchants")} from ${from} to ${to}`,
  from: "Then",
  to: "Now",
  movers: "Largest moves",
  moversHint: "By score; behind each the indicators that moved it most.",
  later: "Evidence that came in later",
  laterText: "The earlier day was rated before all of its events had arrived.",
  moversNone: "No score moved.",
  wentFrom: (then: number, now: number): string => `${count(then)} → ${count(now)}`,
  noReasons: "The policy changed in between, so the indicators cannot be compared.",
  freshness: "Days since the newest order",
  freshnessHint: "How fresh what is known of the merchants is.",
  within: (days: number): string => (days === 1 ? "Today" : `Within ${count(days)} days`),
  older: "Older, or none",
  ingest: "Coming in",
  ingestEmpty: "No event has come in yet.",
  ledgerSize: (n: number): string => `${count(n)} ${plural(n, "event", "events")} in the ledger`,
  receivedAt: (when: string): string => `the last received ${when}`,
  sources: (n: number): string => `${count(n)} ${plural(n, "source", "sources")}`,
  hour: (from: string, accepted: number, rejected: number): string =>
    `${from}: ${count(accepted)} accepted, ${count(rejected)} rejected`,
  waiting: "Waiting for you",
  waitingNone: "Nothing waits for you.",
  letters: (n: number): string => `${count(n)} rejected ${plural(n, "event", "events")} to correct or set aside`,
  decisions: (n: number): string =>
    n >= 1_000
      ? `${count(1_000)} or more reviews, orders and followers to decide on`
      : `${count(n)} ${plural(n, "review, order or follower", "reviews, orders and followers")} to decide on`,
  policyWaits: (title: string, state: string): string => `${title}: ${state}`,
  emptyTitle: "Nothing is rated yet",
  empty: "Send events or import a file; the first ratings come within a minute.",
};
