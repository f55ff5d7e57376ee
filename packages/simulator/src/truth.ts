export type MerchantKind = "honest" | "sloppy" | "improving" | "failing" | "fraudulent";

/** How a shop really works. Shares are probabilities per opportunity. */
export interface Quality {
  /** Share of orders whose goods are as described. */
  readonly asDescribed: number;
  readonly defect: number;
  readonly counterfeit: number;
  /** Share of orders paid and never sent. */
  readonly neverSent: number;
  readonly damaged: number;
  readonly wrongItem: number;
  readonly dispatchInTime: number;
  readonly trackingValid: number;
  readonly merchantCancels: number;
  readonly replies: number;
  readonly replyMedianHours: number;
  readonly answersReviews: number;
  readonly solves: number;
  readonly solveMedianHours: number;
  readonly refundMedianHours: number;
  readonly inspectionPasses: number;
  /** Share of buyers who are paid for praise. */
  readonly bribes: number;
}

export interface Phase {
  readonly fromDay: number;
  readonly quality: Quality;
}

export interface MerchantTruth {
  readonly merchant: string;
  readonly kind: MerchantKind;
  readonly category: string;
  readonly openedDay: number;
  /** The latent quality by day, earliest first; each phase holds until the next. */
  readonly phases: readonly Phase[];
  readonly changeDays: readonly number[];
}

export type Wording = "near-duplicate" | "cash-back" | "varied";
export type RingKind = "brushing" | "farm" | "bad-mouthing" | "bought-followers";

export interface RingTruth {
  readonly ring: string;
  readonly kind: RingKind;
  /** Whom the ring praises, attacks or follows. */
  readonly targets: readonly string[];
  readonly members: readonly string[];
  /** Share of the member–target pairs that are meant to have an order. */
  readonly density: number;
  /** Share of the members' orders that are ordinary purchases elsewhere. */
  readonly camouflage: number;
  /** Share of the members who order from a device (or pay from an account) of the ring. */
  readonly sharedDevices: number;
  readonly sharedPayers: number;
  readonly wording: Wording;
  readonly fromDay: number;
  readonly toDay: number;
}

type Crisis =
  | {
      readonly kind: "bad-batch";
      readonly merchant: string;
      readonly fromDay: number;
      readonly toDay: number;
    }
  | {
      readonly kind: "logistics-strike";
      readonly carrier: string;
      readonly regions: readonly string[];
      readonly fromDay: number;
      readonly toDay: number;
    };

/**
 * `camouflage`: an ordinary purchase of a ring's member, for cover; `commission`: ordered for a promoter's
 * commission and returned; `bribed`: a real buyer, paid to praise; `malicious-return`: by a shopper who
 * makes a living of returns.
 */
export type Attack = "brushing" | "farm" | "bad-mouthing" | "camouflage" | "commission" | "bribed" | "malicious-return";

/** An order that is not what it seems: the ring (or promoter, or scripted actor) behind it, and what for. */
export interface Fake {
  readonly ring: string;
  readonly role: Attack;
}

/**
 * What is really so, beside the events. Orders, reviews and followers that are not listed are genuine.
 * It grows while the events are drawn and is whole when they are exhausted.
 */
export interface Truth {
  readonly merchants: Map<string, MerchantTruth>;
  readonly crises: Crisis[];
  readonly rings: Map<string, RingTruth>;
  readonly orders: Map<string, Fake>;
  /** Review → the attack it belongs to; `ring` is absent where one person acts alone. */
  readonly reviews: Map<string, { readonly attack: Attack; readonly ring?: string }>;
  /** `user followed` (two ids and a blank) → the ring that sold the follow. */
  readonly followers: Map<string, string>;
  readonly maliciousReturners: Set<string>;
  readonly crookedPromoters: Set<string>;
  /** Totals of the run so far, genuine and fake. */
  readonly counts: { orders: number; reviews: number };
}

export function emptyTruth(): Truth {
  return {
    merchants: new Map(),
    crises: [],
    rings: new Map(),
    orders: new Map(),
    reviews: new Map(),
    followers: new Map(),
    maliciousReturners: new Set(),
    crookedPromoters: new Set(),
    counts: { orders: 0, reviews: 0 },
  };
}
