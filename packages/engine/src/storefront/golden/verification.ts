import type { AuthenticitySummary, Verification } from "@probity/contract";

export const bambooSummary: AuthenticitySummary = {
  reviews: 132,
  reviewsNotCounted: 9,
  reviewsReduced: 4,
  orders: 1_812,
  ordersNotCounted: 21,
  followers: 640,
  followersNotCounted: 38,
  reasons: [
    { code: "duplicates", items: 6 },
    { code: "ring", items: 4 },
    { code: "decision", items: 2 },
    { code: "incentive", items: 1 },
  ],
};

/** A shop of which everything counts. */
export const cleanSummary: AuthenticitySummary = {
  reviews: 1,
  reviewsNotCounted: 0,
  reviewsReduced: 0,
  orders: 8,
  ordersNotCounted: 0,
  followers: 0,
  followersNotCounted: 0,
  reasons: [],
};

export const bambooVerification: Verification = {
  model: "5b1e".repeat(16),
  origin: "shipped",
  since: "2026-10-02T08:00:00.000Z",
  fullFrom: 600,
  noneBelow: 300,
  reasons: [
    { code: "neighbours", weight: 3.1 },
    { code: "ring", weight: 2.4 },
    { code: "purchase", weight: 1.9 },
    { code: "duplicates", weight: 1.7 },
    { code: "burst", weight: 1.2 },
    { code: "incentive", weight: 1.1 },
    { code: "record", weight: 0.9 },
    { code: "sharing", weight: 0.8 },
    { code: "timing", weight: 0.5 },
    { code: "deviation", weight: 0.4 },
    { code: "repeat", weight: 0.3 },
    { code: "handling", weight: 0.2 },
    { code: "wording", weight: 0.1 },
    { code: "insider", weight: 0.02 },
    { code: "footprint", weight: 0 },
  ],
  summary: {
    reviews: 5_132,
    reviewsNotCounted: 93,
    reviewsReduced: 40,
    orders: 61_204,
    ordersNotCounted: 377,
    followers: 9_310,
    followersNotCounted: 1_024,
    reasons: [
      { code: "ring", items: 52 },
      { code: "duplicates", items: 41 },
      { code: "decision", items: 19 },
      { code: "incentive", items: 12 },
      { code: "burst", items: 7 },
      { code: "platform", items: 2 },
    ],
  },
  ringsConfirmed: 3,
  moderatorsAgree: 0.817,
  audit: {
    day: "2026-11-21",
    reviews: 5_132,
    reduced: 133,
    lowShareReduced: 0.128,
    lowShareCounted: 0.094,
    difference: 0.034,
    low: -0.011,
    high: 0.104,
    sentimentDifference: -41.2,
    sentimentLow: -130.5,
    sentimentHigh: 48.1,
    verdict: "even",
  },
  deletes: false,
};

/** A marketplace that has just begun: nothing to compare, nobody to agree with. */
export const youngVerification: Verification = {
  ...bambooVerification,
  origin: "trained",
  summary: { ...cleanSummary, reviews: 0, orders: 0 },
  ringsConfirmed: 0,
  moderatorsAgree: null,
  audit: {
    day: "2026-11-21",
    reviews: 0,
    reduced: 0,
    lowShareReduced: null,
    lowShareCounted: null,
    difference: null,
    low: null,
    high: null,
    sentimentDifference: null,
    sentimentLow: null,
    sentimentHigh: null,
    verdict: "too-little",
  },
};

const leaning = { difference: 0.21, low: 0.12, high: 0.31, lowShareReduced: 0.304 };

/** What the audit must be able to say against us. */
export const leaningVerification: Verification = {
  ...bambooVerification,
  audit: { ...bambooVerification.audit, ...leaning, verdict: "leans-to-bad" },
};
