import { binOf, currencies, dayOf, type EntityKind, type Metric, metricNamed, parseDay } from "@probity/contract";
import type { EntityState, Slot } from "./entity-state.ts";

/** A subject's key: `m`, `p` or `r` (merchant, product, promoter) and its id. */
export type SubjectKey = string;

export interface FactDelta {
  readonly subject: SubjectKey;
  readonly metric: number;
  readonly day: number;
  readonly n: number;
  readonly x: number;
}

/** What one buyer does with one subject goes through their pair, where the monthly cap is applied. */
export interface PairDelta {
  readonly subject: SubjectKey;
  readonly buyer: string;
  readonly metric: number;
  readonly day: number;
  /** Occurrences, for the cap. */
  readonly count: number;
  readonly n: number;
  readonly x: number;
}

/** A review as its author's record holds it. */
export interface VoiceDelta {
  readonly buyer: string;
  readonly merchant: string;
  readonly review: string;
  readonly day: number;
  readonly stars: number;
}

/** Everything that an entity's state adds to facts: a pure function of the state. */
export interface Contribution {
  readonly facts: FactDelta[];
  readonly pairs: PairDelta[];
  readonly voices: VoiceDelta[];
}

/** Constants of the marketplace that contributions may depend on; fixed when it is made. */
export interface FactSettings {
  readonly currency: string;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;

const no = (name: string): number => metricNamed(name).no;
const M = {
  orders: no("orders"),
  dispatch: no("dispatch-in-time"),
  delivered: no("delivered-in-time"),
  tracking: no("tracking-valid"),
  cancelledByMerchant: no("cancelled-by-merchant"),
  cancelled: no("cancelled"),
  reviewsNotCounted: no("reviews-not-counted"),
  ordersNotCounted: no("orders-not-counted"),
  followersNotCounted: no("followers-not-counted"),
  chargeBacks: no("charge-backs"),
  privacy: no("privacy-breaches"),
  kept: no("orders-kept"),
  notAsDescribed: no("returns-not-as-described"),
  defect: no("returns-defect"),
  inspections: no("inspections"),
  counterfeits: no("counterfeits"),
  listings: no("listings"),
  stars: no("review-stars"),
  notLow: no("review-not-low"),
  lowAnswered: no("low-reviews-answered"),
  answered24: no("tickets-answered-24h"),
  answered48: no("tickets-answered-48h"),
  complaints: no("complaints"),
  solved: no("complaints-solved-7d"),
  disputes: no("disputes"),
  lost: no("disputes-lost"),
  refunds: no("refunds-in-7d"),
  referrals: no("referrals-kept"),
  followers: no("followers"),
  interacting: no("followers-interacting"),
  licences: no("licences"),
  certificates: no("certificates"),
  green: no("green-certificates"),
  greenParcels: no("green-parcels"),
  value: no("order-value"),
  valueLost: no("value-lost"),
  described: no("stars-described"),
  service: no("stars-service"),
  logistics: no("stars-logistics"),
  incidents: no("incidents"),
  reviews: no("reviews"),
  reviewsLow: no("reviews-low"),
  elsewhere: no("credentials-elsewhere"),
  gmv: no("gmv"),
} as const;
const dispatchTime = metricNamed("dispatch-time");
const deliveryTime = metricNamed("delivery-time");
const replyTime = metricNamed("first-reply-time");
const refundTime = metricNamed("refund-time");

class Rows implements Contribution {
  readonly facts: FactDelta[] = [];
  readonly pairs: PairDelta[] = [];
  readonly voices: VoiceDelta[] = [];

  fact(subject: SubjectKey, metric: number, day: number, n: number, x = 0): void {
    this.facts.push({ subject, metric, day, n, x });
  }

  pair(subject: SubjectKey, buyer: string, metric: number, day: number, n: number, x = 0): void {
    this.pairs.push({ subject, buyer, metric, day, count: 1, n, x });
  }

  /** An obligation counts the day after it is due, however early it was met. */
  due(subject: SubjectKey, metric: number, dueMs: number, metMs: number | undefined): void {
    this.fact(subject, metric, dayOf(dueMs) + 1, 1, metMs !== undefined && metMs <= dueMs ? 1 : 0);
  }

  /** Time to an event: its bin, on the day it came. What has not come is counted by its promise. */
  duration(subject: SubjectKey, metric: Metric, fromMs: number, toMs: number | undefined): void {
    if (toMs === undefined) return;
    this.fact(subject, metric.no + binOf(metric, toMs - fromMs), dayOf(Math.max(fromMs, toMs)), 1);
  }
}

const valueBands: readonly [below: number, weight: number][] = [
  [10, 1],
  [30, 2],
  [100, 6],
  [300, 20],
  [1_000, 60],
  [3_000, 200],
  [10_000, 600],
  [30_000, 2_000],
];

/** Weight of an amount: about its band's middle in tens of the currency's units; money is published in bands only. */
export function valueWeight(amount: number, currency: string): number {
  const major = amount / 10 ** (currencies[currency] ?? 2);
  return valueBands.find(([below]) => major < below)?.[1] ?? 6_000;
}

const str = (slot: Slot, field: string): string | undefined => slot.d[field] as string | undefined;
const num = (slot: Slot, field: string): number => (slot.d[field] as number | undefined) ?? 0;

function earliest(...slots: (Slot | undefined)[]): number | undefined {
  let best: number | undefined;
  for (const slot of slots) if (slot !== undefined && (best === undefined || slot.t < best)) best = slot.t;
  return best;
}

interface Item {
  product: string;
  amount: number;
}

/** Below this an order is held to be staged and a follower to be bought: they count as if they had not been. */
const genuineFrom = 500;

/** Whether an assessment says so; what nobody has judged is genuine. */
const isHeldFake = (assessed: Slot | undefined): boolean =>
  assessed !== undefined && num(assessed, "reliability") < genuineFrom;

function orderFacts(rows: Rows, state: EntityState, merchant: string, settings: FactSettings): void {
  const placed = state["placed"];
  if (placed === undefined) return;
  const subject = `m${merchant}`;
  const day = dayOf(placed.t);
  if (isHeldFake(state["assessed"])) {
    rows.fact(subject, M.ordersNotCounted, day, 1);
    const products = new Set(((placed.d["items"] as Item[] | undefined) ?? []).map(({ product }) => product));
    for (const product of products) rows.fact(`p${product}`, M.ordersNotCounted, day, 1);
    return;
  }
  const sameCurrency = str(placed, "currency") === settings.currency;
  const amount = num(placed, "amount");
  const promoter = str(placed, "promoter");
  const byProduct = new Map<string, number>();
  for (const item of (placed.d["items"] as Item[] | undefined) ?? []) {
    byProduct.set(item.product, (byProduct.get(item.product) ?? 0) + item.amount);
  }
  rows.fact(subject, M.orders, day, 1);
  rows.fact(subject, M.value, day, valueWeight(amount, str(placed, "currency") ?? ""));
  if (sameCurrency) rows.fact(subject, M.gmv, day, 1, amount);
  for (const [product, value] of byProduct) {
    rows.fact(`p${product}`, M.orders, day, 1);
    if (sameCurrency) rows.fact(`p${product}`, M.gmv, day, 1, value);
  }
  if (promoter !== undefined) {
    rows.fact(`r${promoter}`, M.orders, day, 1);
    if (sameCurrency) rows.fact(`r${promoter}`, M.gmv, day, 1, amount);
  }
  orderPromises(rows, state, placed, subject);
  orderOutcome(rows, state, placed, subject, [...byProduct.keys()], promoter);
}

function orderPromises(rows: Rows, state: EntityState, placed: Slot, subject: SubjectKey): void {
  const { cancelled, shipped, delivered, confirmed } = state;
  const arrivedMs = earliest(delivered, confirmed);
  const shippedMs = earliest(shipped, delivered, confirmed);
  const [shipBy, deliverBy] = [str(placed, "shipBy"), str(placed, "deliverBy")];
  if (shipBy !== undefined) {
    const dueMs = Date.parse(shipBy);
    const called = shippedMs === undefined && cancelled !== undefined && cancelled.t <= dueMs;
    if (!called) rows.due(subject, M.dispatch, dueMs, shippedMs);
  }
  if (deliverBy !== undefined) {
    const dueMs = Date.parse(deliverBy);
    const called = arrivedMs === undefined && cancelled !== undefined && cancelled.t <= dueMs;
    if (!called) rows.due(subject, M.delivered, dueMs, arrivedMs);
  }
  rows.duration(subject, dispatchTime, placed.t, shippedMs);
  rows.duration(subject, deliveryTime, placed.t, arrivedMs);
  if (shipped === undefined) return;
  const { trackingValid, green } = shipped.d;
  if (trackingValid !== undefined) rows.fact(subject, M.tracking, dayOf(shipped.t), 1, trackingValid ? 1 : 0);
  if (green !== undefined) rows.fact(subject, M.greenParcels, dayOf(shipped.t), 1, green ? 1 : 0);
}

function orderOutcome(
  rows: Rows,
  state: EntityState,
  placed: Slot,
  subject: SubjectKey,
  products: readonly string[],
  promoter: string | undefined,
): void {
  const { cancelled, delivered, confirmed } = state;
  const buyer = str(placed, "buyer") ?? "";
  if (cancelled !== undefined) {
    const day = dayOf(cancelled.t);
    rows.fact(subject, M.cancelled, day, 1);
    if (cancelled.d["by"] === "merchant") rows.fact(subject, M.cancelledByMerchant, day, 1);
    return;
  }
  const arrivedMs = earliest(delivered, confirmed);
  if (arrivedMs === undefined) return;
  const day = dayOf(arrivedMs);
  rows.pair(subject, buyer, M.kept, day, 1);
  for (const product of products) rows.pair(`p${product}`, buyer, M.kept, day, 1);
  if (promoter !== undefined) rows.pair(`r${promoter}`, buyer, M.kept, day, 1);
  if (delivered?.d["damaged"] === true) rows.pair(subject, buyer, M.defect, dayOf(delivered.t), 1);
}

function returnFacts(rows: Rows, state: EntityState, merchant: string): void {
  const { requested, resolved, refunded } = state;
  const subject = `m${merchant}`;
  if (requested !== undefined && resolved?.d["outcome"] !== "withdrawn") {
    const reason = str(requested, "reason");
    const day = dayOf(requested.t);
    const buyer = str(requested, "buyer") ?? "";
    const product = str(requested, "product");
    const metric =
      reason === "not-as-described" || reason === "wrong-item"
        ? M.notAsDescribed
        : reason === "defect" || reason === "damaged"
          ? M.defect
          : undefined;
    if (metric !== undefined) {
      rows.pair(subject, buyer, metric, day, 1);
      if (product !== undefined) rows.pair(`p${product}`, buyer, metric, day, 1);
    }
  }
  if (resolved?.d["outcome"] === "accepted") {
    rows.due(subject, M.refunds, resolved.t + 7 * dayMs, refunded?.t);
    rows.duration(subject, refundTime, resolved.t, refunded?.t);
  }
}

function complaintFacts(rows: Rows, state: EntityState, merchant: string): void {
  const { opened, solved } = state;
  if (opened === undefined) return;
  const subject = `m${merchant}`;
  const buyer = str(opened, "buyer") ?? "";
  const day = dayOf(opened.t);
  rows.pair(subject, buyer, M.complaints, day, 1);
  if (opened.d["about"] === "description") rows.pair(subject, buyer, M.notAsDescribed, day, 1);
  rows.due(subject, M.solved, opened.t + 7 * dayMs, solved?.t);
}

function disputeFacts(rows: Rows, state: EntityState, merchant: string, settings: FactSettings): void {
  const { opened, decided } = state;
  if (opened === undefined) return;
  const subject = `m${merchant}`;
  const buyer = str(opened, "buyer") ?? "";
  const fault = decided?.d["fault"];
  const weight = valueWeight(num(opened, "amount"), str(opened, "currency") ?? settings.currency);
  rows.pair(subject, buyer, M.disputes, dayOf(opened.t), 1);
  const chargeBack = opened.d["kind"] === "charge-back" && fault !== "buyer";
  if (chargeBack) rows.pair(subject, buyer, M.chargeBacks, dayOf(opened.t), 1);
  if (decided !== undefined && fault === "merchant") {
    rows.pair(subject, buyer, M.lost, dayOf(decided.t), 1);
    rows.fact(subject, M.valueLost, dayOf(decided.t), weight);
  } else if (chargeBack) {
    rows.fact(subject, M.valueLost, dayOf(opened.t), weight);
  }
}

const aspectMetrics = [
  ["described", M.described],
  ["service", M.service],
  ["logistics", M.logistics],
] as const;

function reviewFacts(rows: Rows, state: EntityState, merchant: string, review: string): void {
  const { posted, edited, removed, replied, assessed } = state;
  if (posted === undefined) return;
  const words = edited ?? posted;
  const stars = num(words, "stars");
  const weight = removed !== undefined ? 0 : ((assessed?.d["reliability"] as number | undefined) ?? 1_000);
  const buyer = str(posted, "buyer") ?? "";
  const product = str(posted, "product");
  const day = dayOf(posted.t);
  const subjects = product === undefined ? [`m${merchant}`] : [`m${merchant}`, `p${product}`];
  if (weight === 0) {
    if (removed === undefined) for (const subject of subjects) rows.fact(subject, M.reviewsNotCounted, day, 1);
    return;
  }
  const value = (given: number): number => Math.floor((weight * (given - 1)) / 4);
  for (const subject of subjects) {
    rows.pair(subject, buyer, M.stars, day, weight, value(stars));
    rows.pair(subject, buyer, M.notLow, day, weight, stars >= 3 ? weight : 0);
    rows.pair(subject, buyer, M.reviews, day, 1);
  }
  const subject = `m${merchant}`;
  const aspects = words.d["aspects"] as Record<string, number> | undefined;
  for (const [aspect, metric] of aspectMetrics) {
    const given = aspects?.[aspect];
    if (given !== undefined) rows.pair(subject, buyer, metric, day, weight, value(given));
  }
  if (stars <= 2) {
    rows.pair(subject, buyer, M.reviewsLow, day, 1);
    rows.due(subject, M.lowAnswered, posted.t + 72 * hourMs, replied?.t);
  }
  rows.voices.push({ buyer, merchant, review, day, stars });
}

function ticketFacts(rows: Rows, state: EntityState, merchant: string): void {
  const { opened, replied, closed } = state;
  if (opened === undefined) return;
  const subject = `m${merchant}`;
  const answeredMs = earliest(replied, closed);
  rows.due(subject, M.answered24, opened.t + 24 * hourMs, answeredMs);
  rows.due(subject, M.answered48, opened.t + 48 * hourMs, answeredMs);
  rows.duration(subject, replyTime, opened.t, answeredMs);
}

function listingFacts(rows: Rows, state: EntityState): void {
  const { current, published, traced } = state;
  if (current === undefined) return;
  const subject = `m${str(current, "merchant") ?? ""}`;
  const complete =
    num(current, "images") >= 2 &&
    num(current, "descriptionChars") >= 80 &&
    (current.d["origin"] !== false || traced !== undefined)
      ? 1
      : 0;
  rows.fact(subject, M.listings, dayOf(Math.min(published?.t ?? current.t, current.t)), 1, complete);
  if (current.d["withdrawn"] === true) rows.fact(subject, M.listings, dayOf(current.t), -1, -complete);
}

function inspectionFacts(rows: Rows, state: EntityState): void {
  const { inspected } = state;
  if (inspected === undefined) return;
  const passed = inspected.d["passed"] === true ? 1 : 0;
  const day = dayOf(inspected.t);
  rows.fact(`m${str(inspected, "merchant") ?? ""}`, M.inspections, day, 1, passed);
  rows.fact(`p${str(inspected, "product") ?? ""}`, M.inspections, day, 1, passed);
}

function followFacts(rows: Rows, state: EntityState, kind: string, followedId: string): void {
  const { followed, unfollowed, interacted } = state;
  if (followed === undefined) return;
  const subject = `${kind === "promoter" ? "r" : "m"}${followedId}`;
  const day = dayOf(followed.t);
  if (isHeldFake(state["assessed"])) {
    rows.fact(subject, M.followersNotCounted, day, 1);
    if (unfollowed !== undefined && unfollowed.t >= followed.t)
      rows.fact(subject, M.followersNotCounted, dayOf(unfollowed.t), -1);
    return;
  }
  rows.fact(subject, M.followers, day, 1, 1);
  rows.fact(subject, M.interacting, day, 1, 0);
  const activeDay = interacted === undefined ? undefined : Math.max(day, dayOf(interacted.t));
  if (activeDay !== undefined) rows.fact(subject, M.interacting, activeDay, 0, 1);
  if (unfollowed === undefined || unfollowed.t < followed.t) return;
  const goneDay = dayOf(unfollowed.t);
  rows.fact(subject, M.followers, goneDay, -1, -1);
  rows.fact(subject, M.interacting, goneDay, -1, 0);
  if (activeDay !== undefined) rows.fact(subject, M.interacting, Math.max(goneDay, activeDay), 0, -1);
}

function referralFacts(rows: Rows, state: EntityState, merchant: string): void {
  const { made, converted } = state;
  if (made === undefined) return;
  const metMs = converted?.d["kept"] === true ? converted.t : undefined;
  const promoter = str(made, "promoter");
  rows.due(`m${merchant}`, M.referrals, made.t + 30 * dayMs, metMs);
  if (promoter !== undefined) rows.due(`r${promoter}`, M.referrals, made.t + 30 * dayMs, metMs);
}

function incidentFacts(rows: Rows, state: EntityState, merchant: string): void {
  const { reported, confirmed, breached } = state;
  const subject = `m${merchant}`;
  if (reported?.d["severity"] === "high") rows.fact(subject, M.incidents, dayOf(reported.t), 1);
  if (confirmed !== undefined) {
    rows.fact(subject, M.counterfeits, dayOf(confirmed.t), 1);
    const product = str(confirmed, "product");
    if (product !== undefined) rows.fact(`p${product}`, M.counterfeits, dayOf(confirmed.t), 1);
  }
  if (breached !== undefined) rows.fact(subject, M.privacy, dayOf(breached.t), 1);
}

const certificateMetric: Readonly<Record<string, number>> = {
  licence: M.licences,
  quality: M.certificates,
  identity: M.certificates,
  green: M.green,
};

function certificateFacts(rows: Rows, state: EntityState, merchant: string): void {
  const { verified } = state;
  if (verified === undefined) return;
  const metric = certificateMetric[str(verified, "kind") ?? ""];
  if (metric === undefined) return;
  const [issued, expires] = [str(verified, "issued"), str(verified, "expires")];
  const from = issued === undefined ? dayOf(verified.t) : parseDay(issued);
  rows.fact(`m${merchant}`, metric, Math.max(0, from), 1);
  if (expires !== undefined) rows.fact(`m${merchant}`, metric, Math.max(0, from, parseDay(expires) + 1), -1);
}

/** A credential of another marketplace counts while it is valid, and no more from the day on which it was removed. */
function credentialFacts(rows: Rows, state: EntityState, merchant: string): void {
  const { imported, removed } = state;
  if (imported === undefined) return;
  const [from, until] = [num(imported, "from"), num(imported, "until")];
  const weight = num(imported, "weight");
  const good = Math.floor((weight * num(imported, "score")) / 1_000);
  const end = Math.max(from, removed === undefined ? until + 1 : Math.min(until + 1, dayOf(removed.t)));
  rows.fact(`m${merchant}`, M.elsewhere, from, weight, good);
  rows.fact(`m${merchant}`, M.elsewhere, end, -weight, -good);
}

/**
 * What an entity's state adds to facts. Pure: no clock, no other entity. Rows may name days to come:
 * an obligation is booked when it is made, for the day on which it can be judged.
 */
export function contribute(
  kind: EntityKind,
  idParts: readonly string[],
  state: EntityState,
  settings: FactSettings,
): Contribution {
  const rows = new Rows();
  const [first = "", second = ""] = idParts;
  switch (kind) {
    case "order":
      orderFacts(rows, state, first, settings);
      break;
    case "return":
      returnFacts(rows, state, first);
      break;
    case "complaint":
      complaintFacts(rows, state, first);
      break;
    case "dispute":
      disputeFacts(rows, state, first, settings);
      break;
    case "review":
      reviewFacts(rows, state, first, second);
      break;
    case "ticket":
      ticketFacts(rows, state, first);
      break;
    case "listing":
      listingFacts(rows, state);
      break;
    case "inspection":
      inspectionFacts(rows, state);
      break;
    case "follow":
      followFacts(rows, state, first, second);
      break;
    case "referral":
      referralFacts(rows, state, first);
      break;
    case "incident":
      incidentFacts(rows, state, first);
      break;
    case "certificate":
      certificateFacts(rows, state, first);
      break;
    case "credential":
      credentialFacts(rows, state, first);
      break;
    default:
  }
  return rows;
}
