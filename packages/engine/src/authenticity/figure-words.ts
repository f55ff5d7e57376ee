import type { AuthenticityReason } from "@probity/contract";
import type { JudgedReason } from "./judge.ts";

/** Columns that hold a share, 0…1. */
const shares: ReadonlySet<string> = new Set([
  "greatest-likeness",
  "five-share",
  "share-at-merchant",
  "own-doubt",
  "order-doubt",
  "neighbour-doubt",
  "merchant-doubt",
  "belief",
  "unfairness",
  "empty-around",
]);

/** Columns that hold log₂(1 + count). */
const counts: ReadonlySet<string> = new Set([
  "orders-at-merchant",
  "reviews-at-merchant",
  "buyer-merchants",
  "buyer-unkept",
  "device-others",
  "device-others-at-merchant",
  "payer-others",
  "payer-others-at-merchant",
  "address-others-at-merchant",
  "review-likes-at-merchant",
  "likes",
  "likes-at-merchant",
  "chars",
  "reviewer-reviews",
  "reviewer-merchants",
  "reviewer-unkept",
  "orders",
  "reviews",
  "active",
  "follows",
]);

/** A column's value as people read it: counts as counts, shares in thousandths, the rest (hours, days, stars, yes) as it is. */
export function figureOf(name: string, value: number | null): number | null {
  if (value === null) return null;
  if (counts.has(name)) return Math.round(2 ** value - 1);
  return shares.has(name) ? Math.round(1_000 * value) : value;
}

/** Reasons as they are told: those that move something, their figures as people read them. */
export function tellReasons(reasons: readonly JudgedReason[]): AuthenticityReason[] {
  return reasons
    .filter(({ points }) => points !== 0)
    .map(({ code, points, facts }) => ({
      code,
      points,
      facts: facts.map(({ name, value }) => ({ name, value: figureOf(name, value) })),
      links: [],
    }));
}
