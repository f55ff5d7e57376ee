import type { AssessedItem, AssessedKind, QueueFilter, QueueOrder, ReasonCode, RingSummary } from "@probity/contract";
import { oneOfParam, present, textParam } from "../shell/search-params.ts";

/* Copies of the contract's lists; a test keeps them equal, so that the schema library stays out of the page. */

export const kindNames: readonly AssessedKind[] = ["review", "order", "follow"];
export const reasonNames: readonly ReasonCode[] = [
  "purchase",
  "timing",
  "handling",
  "burst",
  "deviation",
  "duplicates",
  "wording",
  "incentive",
  "record",
  "repeat",
  "sharing",
  "insider",
  "neighbours",
  "ring",
  "footprint",
];
export const orderNames: readonly QueueOrder[] = ["effect", "uncertain", "second-look", "newest"];
export const ringStateNames: readonly RingSummary["state"][] = ["open", "confirmed", "dismissed"];
/** So many are decided together at most: chosen by hand, and by a filter. */
export const decisionItemsMax = 200;
export const bulkItemsMax = 5_000;
export const noteCharsMax = 500;

/** Reliability in thousandths, both ends included. */
export const levels = {
  low: { reliabilityMax: 199 },
  lower: { reliabilityMax: 499 },
  upper: { reliabilityMin: 500 },
} as const satisfies Readonly<Record<string, QueueFilter>>;
export type Level = keyof typeof levels;
export const levelNames: readonly Level[] = ["low", "lower", "upper"];

export interface QueueSearch {
  /** Without it, by effect. */
  readonly order?: QueueOrder;
  readonly kind?: AssessedKind;
  readonly reason?: ReasonCode;
  readonly level?: Level;
  readonly merchant?: string;
  readonly user?: string;
  readonly ring?: string;
  readonly appealed?: true;
  /** Key of the item whose evidence is shown beside the list. */
  readonly item?: string;
}

const idCharsMax = 128;
const itemCharsMax = 2_400;

export function queueSearch(search: Readonly<Record<string, unknown>>): QueueSearch {
  return present({
    order: oneOfParam(search, "order", orderNames),
    kind: oneOfParam(search, "kind", kindNames),
    reason: oneOfParam(search, "reason", reasonNames),
    level: oneOfParam(search, "level", levelNames),
    merchant: textParam(search, "merchant", idCharsMax),
    user: textParam(search, "user", idCharsMax),
    ring: textParam(search, "ring", idCharsMax),
    appealed: search["appealed"] === true ? (true as const) : undefined,
    item: textParam(search, "item", itemCharsMax),
  });
}

export function filterOf({ kind, reason, level, merchant, user, ring, appealed }: QueueSearch): QueueFilter {
  return present({
    kind,
    reason,
    merchant,
    user,
    ring,
    appealed,
    ...(level === undefined ? {} : levels[level]),
  });
}

type ItemName = Pick<AssessedItem, "kind" | "merchant" | "id">;

/** An id may hold any sign, so that each part is written as in an address. */
export const itemKey = ({ kind, merchant, id }: ItemName): string =>
  [kind, merchant, id].map(encodeURIComponent).join("/");

export interface DossierSearch {
  /** It was decided by somebody else, whose decision is not shown. */
  readonly second?: true;
}

export const dossierSearch = (search: Readonly<Record<string, unknown>>): DossierSearch =>
  present({ second: search["second"] === true ? (true as const) : undefined });

export interface RingsSearch {
  readonly state?: RingSummary["state"];
  readonly merchant?: string;
}

export const ringsSearch = (search: Readonly<Record<string, unknown>>): RingsSearch =>
  present({ state: oneOfParam(search, "state", ringStateNames), merchant: textParam(search, "merchant", idCharsMax) });

export const ringViews = ["graph", "nodes", "ties"] as const;
export type RingView = (typeof ringViews)[number];
export const colourNames = ["kind", "reliability", "tie", "day"] as const;
export type ColourName = (typeof colourNames)[number];

export interface RingSearch {
  readonly view?: RingView;
  readonly colour?: ColourName;
}

export const ringSearch = (search: Readonly<Record<string, unknown>>): RingSearch =>
  present({ view: oneOfParam(search, "view", ringViews), colour: oneOfParam(search, "colour", colourNames) });

export interface ModelSearch {
  /** Part of the model: `review.batch`. */
  readonly part?: string;
  /** Figure whose curve is shown. */
  readonly curve?: string;
}

export const modelSearch = (search: Readonly<Record<string, unknown>>): ModelSearch =>
  present({ part: textParam(search, "part", 32), curve: textParam(search, "curve", 64) });
