import { limits, metricNamed } from "@probity/contract";
import type { FactDelta, VoiceDelta } from "./contributions.ts";
import { keySeparator } from "./entity-state.ts";

/** A shopper's standing: merchants with whom an order was kept, and the reviews it speaks through. */
export interface ShopperState {
  /** Merchants with a kept order. */
  readonly merchants: number;
  /** Reviews that ever stood; beyond the limit none counts, so that the state stays bounded. */
  readonly voices: number;
  /** `merchant␟review` → [day, stars]. */
  readonly reviews: Readonly<Record<string, readonly [number, number]>>;
}

export const newShopper: ShopperState = { merchants: 0, voices: 0, reviews: {} };

const standing = metricNamed("raters-standing").no;
const standingMax = 10;

/** The shopper after a review began (1) or ceased (−1) to stand. */
export function addVoice(state: ShopperState, voice: VoiceDelta, sign: 1 | -1): ShopperState {
  const key = voice.merchant + keySeparator + voice.review;
  const { [key]: _old, ...others } = state.reviews;
  if (sign === -1) return { ...state, reviews: others };
  return { ...state, reviews: { ...others, [key]: [voice.day, voice.stars] } };
}

/** The shopper after one more review was first seen; past the limit the reviews are let go for good. */
export function countVoice(state: ShopperState): ShopperState {
  const voices = state.voices + 1;
  return { ...state, voices, reviews: voices > limits.shopperReviews ? {} : state.reviews };
}

/** What a shopper's standing adds to facts: each review weighs the kept orders with other merchants. */
export function contributeShopper(state: ShopperState): FactDelta[] {
  const weight = Math.min(standingMax, Math.max(0, state.merchants - 1));
  if (weight === 0 || state.voices > limits.shopperReviews) return [];
  return Object.entries(state.reviews).map(([key, [day, stars]]) => ({
    subject: `m${key.slice(0, key.indexOf(keySeparator))}`,
    metric: standing,
    day,
    n: 4 * weight,
    x: weight * (stars - 1),
  }));
}
