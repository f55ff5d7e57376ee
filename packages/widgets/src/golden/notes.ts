import type { ReviewNote } from "@probity/contract";

const note: ReviewNote = {
  review: "r-1",
  verified: "delivered",
  daysAfterDelivery: 12,
  incentive: false,
  weight: 1_000,
  top: null,
  by: "batch",
};

/** Notes by the review's id. */
export const notes: Readonly<Record<string, ReviewNote>> = {
  bought: note,
  "same-day": { ...note, review: "same-day", daysAfterDelivery: 0 },
  "next-day": { ...note, review: "next-day", daysAfterDelivery: 1 },
  ordered: { ...note, review: "ordered", verified: "ordered", daysAfterDelivery: null },
  unverified: { ...note, review: "unverified", verified: "none", daysAfterDelivery: null },
  rewarded: { ...note, review: "rewarded", incentive: true },
  copied: { ...note, review: "copied", weight: 400, top: "duplicates" },
  ring: { ...note, review: "ring", verified: "none", daysAfterDelivery: null, weight: 0, top: "ring" },
  all: { ...note, review: "all", incentive: true, weight: 4, top: "sharing" },
  decided: { ...note, review: "decided", weight: 0, top: "ring", by: "decided" },
  platform: { ...note, review: "platform", weight: 0, by: "platform" },
};

const hostile = "<img src=x onerror=window.broken=1>";

/** What no server of ours would say: words that are not of the contract. */
export const hostileNote: Record<string, unknown> = { ...note, verified: hostile, top: hostile, weight: 10, by: hostile, daysAfterDelivery: hostile };
