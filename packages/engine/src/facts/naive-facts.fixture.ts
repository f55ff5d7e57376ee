/**
 * Facts straight from raw events, by what the registry of the contract says of each metric: every question is asked
 * anew of the whole list of events. Shares nothing with the engine but the contract. O(events × entities).
 */
import { binOf, currencies, dayOf, metricNamed } from "@probity/contract";
import type { RawEvent } from "./events.fixture.ts";

/** `subject|metric|day` → [n, x]; a bin of a histogram is `metric/bin`. */
export type NaiveFacts = Map<string, [number, number]>;

/** Fields of all events that are asked for; which of them an event has is for its schema to say. */
interface Data {
  readonly amount: number;
  readonly aspects?: Readonly<Record<string, number>>;
  readonly about: string;
  readonly authority: string;
  readonly buyer: string;
  readonly by: string;
  readonly currency: string;
  readonly damaged?: boolean;
  readonly descriptionChars: number;
  readonly expires?: string;
  readonly fault: string;
  readonly from: number;
  readonly green?: boolean;
  readonly images: number;
  readonly issued?: string;
  readonly items: readonly { readonly product: string; readonly amount: number }[];
  readonly kept: boolean;
  readonly kind: string;
  readonly merchant: string;
  readonly origin?: boolean;
  readonly outcome: string;
  readonly passed: boolean;
  readonly product?: string;
  readonly promoter?: string;
  readonly reason: string;
  readonly reliability: number;
  readonly score: number;
  readonly severity: string;
  readonly shipBy?: string;
  readonly deliverBy?: string;
  readonly solved: boolean;
  readonly stars: number;
  readonly trackingValid?: boolean;
  readonly until: number;
  readonly weight: number;
  readonly withdrawn?: boolean;
}

interface Told {
  readonly ms: number;
  readonly data: Data;
}

/** What a buyer did with a subject; the first three a calendar month count. */
interface Deed {
  readonly subject: string;
  readonly buyer: string;
  readonly metric: string;
  readonly day: number;
  readonly n: number;
  readonly x: number;
}

interface Voice {
  readonly buyer: string;
  readonly merchant: string;
  readonly day: number;
  readonly stars: number;
}

const hourMs = 3_600_000;

class Twin {
  readonly facts: NaiveFacts = new Map();
  readonly deeds: Deed[] = [];
  readonly voices: Voice[] = [];
  /** Reviews that an author ever posted, whatever became of them. */
  readonly posted = new Map<string, Set<string>>();
  readonly currency: string;

  constructor(currency: string) {
    this.currency = currency;
  }

  add(subject: string, metric: string, day: number, n: number, x = 0): void {
    const key = `${subject}|${metric}|${day}`;
    const [oldN, oldX] = this.facts.get(key) ?? [0, 0];
    this.facts.set(key, [oldN + n, oldX + x]);
  }

  deed(subject: string, buyer: string, metric: string, day: number, n = 1, x = 0): void {
    this.deeds.push({ subject, buyer, metric, day, n, x });
  }

  due(subject: string, metric: string, dueMs: number, metMs: number | undefined): void {
    this.add(subject, metric, dayOf(dueMs) + 1, 1, metMs !== undefined && metMs <= dueMs ? 1 : 0);
  }

  took(subject: string, metric: string, fromMs: number, toMs: number | undefined): void {
    if (toMs === undefined) return;
    this.add(subject, `${metric}/${binOf(metricNamed(metric), toMs - fromMs)}`, dayOf(Math.max(fromMs, toMs)), 1);
  }
}

/** The events of one entity, in the order of time, source and id. */
class File {
  readonly #events: readonly RawEvent[];

  constructor(events: readonly RawEvent[]) {
    this.#events = events;
  }

  every(...types: string[]): Told[] {
    return this.#events
      .filter((event) => types.includes(event.type))
      .map((event) => ({ ms: Date.parse(event.time), data: event.data as unknown as Data }));
  }

  first(...types: string[]): Told | undefined {
    return this.every(...types)[0];
  }

  last(...types: string[]): Told | undefined {
    return this.every(...types).at(-1);
  }
}

function isLater(one: RawEvent, other: RawEvent): number {
  const times = Date.parse(one.time) - Date.parse(other.time);
  if (times !== 0) return times;
  if (one.source !== other.source) return one.source < other.source ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

/** Files of the entities that the types are about, by the fields that name them. */
function filesOf(events: readonly RawEvent[], types: readonly string[], fields: readonly string[]): [string[], File][] {
  const groups = new Map<string, { parts: string[]; events: RawEvent[] }>();
  for (const event of events) {
    if (!types.includes(event.type)) continue;
    const parts = fields.map((field) => event.data[field] as string);
    const group = groups.get(JSON.stringify(parts)) ?? { parts, events: [] };
    group.events.push(event);
    groups.set(JSON.stringify(parts), group);
  }
  return [...groups.values()].map((group) => [group.parts, new File(group.events.sort(isLater))]);
}

const least = (...told: (Told | undefined)[]): number | undefined => {
  const times = told.flatMap((one) => (one === undefined ? [] : [one.ms]));
  return times.length === 0 ? undefined : Math.min(...times);
};

/** Bands of value: below so many units of the currency, weight. */
function weightOf(amount: number, currency: string): number {
  const units = amount / 10 ** (currencies[currency] as number);
  if (units < 10) return 1;
  if (units < 30) return 2;
  if (units < 100) return 6;
  if (units < 300) return 20;
  if (units < 1_000) return 60;
  if (units < 3_000) return 200;
  if (units < 10_000) return 600;
  return units < 30_000 ? 2_000 : 6_000;
}

const orderTypes = [
  "order.placed",
  "order.paid",
  "order.cancelled",
  "order.shipped",
  "order.delivered",
  "order.confirmed",
  "order.assessed",
];

function placedOrder(twin: Twin, merchant: string, placed: Told): string[] {
  const { amount, currency, items, promoter } = placed.data;
  const day = dayOf(placed.ms);
  const products = [...new Set(items.map((item) => item.product))];
  const own = currency === twin.currency;
  twin.add(merchant, "orders", day, 1);
  twin.add(merchant, "order-value", day, weightOf(amount, currency));
  if (own) twin.add(merchant, "gmv", day, 1, amount);
  for (const product of products) {
    twin.add(`p${product}`, "orders", day, 1);
    const worth = items.reduce((sum, item) => (item.product === product ? sum + item.amount : sum), 0);
    if (own) twin.add(`p${product}`, "gmv", day, 1, worth);
  }
  if (promoter !== undefined) {
    twin.add(`r${promoter}`, "orders", day, 1);
    if (own) twin.add(`r${promoter}`, "gmv", day, 1, amount);
  }
  return products;
}

function promises(twin: Twin, merchant: string, placed: Told, file: File): void {
  const [cancelled, shipped] = [file.first("order.cancelled"), file.first("order.shipped")];
  const arrivedMs = least(file.first("order.delivered"), file.first("order.confirmed"));
  const shippedMs = least(shipped, file.first("order.delivered"), file.first("order.confirmed"));
  for (const [field, metric, metMs] of [
    ["shipBy", "dispatch-in-time", shippedMs],
    ["deliverBy", "delivered-in-time", arrivedMs],
  ] as const) {
    if (placed.data[field] === undefined) continue;
    const dueMs = Date.parse(placed.data[field]);
    const calledOff = metMs === undefined && cancelled !== undefined && cancelled.ms <= dueMs;
    if (!calledOff) twin.due(merchant, metric, dueMs, metMs);
  }
  twin.took(merchant, "dispatch-time", placed.ms, shippedMs);
  twin.took(merchant, "delivery-time", placed.ms, arrivedMs);
  if (shipped === undefined) return;
  if (shipped.data.trackingValid !== undefined)
    twin.add(merchant, "tracking-valid", dayOf(shipped.ms), 1, shipped.data.trackingValid ? 1 : 0);
  if (shipped.data.green !== undefined)
    twin.add(merchant, "green-parcels", dayOf(shipped.ms), 1, shipped.data.green ? 1 : 0);
}

function orders(twin: Twin, events: readonly RawEvent[]): void {
  for (const [[id], file] of filesOf(events, orderTypes, ["merchant", "order"])) {
    const placed = file.last("order.placed");
    if (placed === undefined) continue;
    const merchant = `m${id}`;
    if ((file.last("order.assessed")?.data.reliability ?? 1_000) < 500) {
      const fakes = new Set([merchant, ...placed.data.items.map((item) => `p${item.product}`)]);
      for (const subject of fakes) twin.add(subject, "orders-not-counted", dayOf(placed.ms), 1);
      continue;
    }
    const products = placedOrder(twin, merchant, placed);
    promises(twin, merchant, placed, file);
    const cancelled = file.first("order.cancelled");
    if (cancelled !== undefined) {
      twin.add(merchant, "cancelled", dayOf(cancelled.ms), 1);
      if (cancelled.data.by === "merchant") twin.add(merchant, "cancelled-by-merchant", dayOf(cancelled.ms), 1);
      continue;
    }
    const delivered = file.first("order.delivered");
    const arrivedMs = least(delivered, file.first("order.confirmed"));
    if (arrivedMs === undefined) continue;
    const { buyer, promoter } = placed.data;
    twin.deed(merchant, buyer, "orders-kept", dayOf(arrivedMs));
    for (const product of products) twin.deed(`p${product}`, buyer, "orders-kept", dayOf(arrivedMs));
    if (promoter !== undefined) twin.deed(`r${promoter}`, buyer, "orders-kept", dayOf(arrivedMs));
    if (delivered?.data.damaged === true) twin.deed(merchant, buyer, "returns-defect", dayOf(delivered.ms));
  }
}

function returns(twin: Twin, events: readonly RawEvent[]): void {
  for (const [[id], file] of filesOf(
    events,
    ["return.requested", "return.resolved", "refund.issued"],
    ["merchant", "return"],
  )) {
    const [requested, resolved, refunded] = [
      file.first("return.requested"),
      file.last("return.resolved"),
      file.first("refund.issued"),
    ];
    if (requested !== undefined && resolved?.data.outcome !== "withdrawn") {
      const { reason, buyer, product } = requested.data;
      const metric = new Map([
        ["not-as-described", "returns-not-as-described"],
        ["wrong-item", "returns-not-as-described"],
        ["defect", "returns-defect"],
        ["damaged", "returns-defect"],
      ]).get(reason);
      if (metric !== undefined) twin.deed(`m${id}`, buyer, metric, dayOf(requested.ms));
      if (metric !== undefined && product !== undefined) twin.deed(`p${product}`, buyer, metric, dayOf(requested.ms));
    }
    if (resolved?.data.outcome !== "accepted") continue;
    twin.due(`m${id}`, "refunds-in-7d", resolved.ms + 168 * hourMs, refunded?.ms);
    twin.took(`m${id}`, "refund-time", resolved.ms, refunded?.ms);
  }
}

function complaints(twin: Twin, events: readonly RawEvent[]): void {
  for (const [[id], file] of filesOf(events, ["complaint.opened", "complaint.answered"], ["merchant", "complaint"])) {
    const opened = file.first("complaint.opened");
    if (opened === undefined) continue;
    const solved = file.every("complaint.answered").find((one) => one.data.solved);
    twin.deed(`m${id}`, opened.data.buyer, "complaints", dayOf(opened.ms));
    if (opened.data.about === "description")
      twin.deed(`m${id}`, opened.data.buyer, "returns-not-as-described", dayOf(opened.ms));
    twin.due(`m${id}`, "complaints-solved-7d", opened.ms + 168 * hourMs, solved?.ms);
  }
}

function disputes(twin: Twin, events: readonly RawEvent[]): void {
  for (const [[id], file] of filesOf(events, ["dispute.opened", "dispute.decided"], ["merchant", "dispute"])) {
    const [opened, decided] = [file.first("dispute.opened"), file.last("dispute.decided")];
    if (opened === undefined) continue;
    const { buyer, kind } = opened.data;
    const told: Partial<Data> = opened.data;
    const { amount = 0, currency = twin.currency } = told;
    const chargeBack = kind === "charge-back" && decided?.data.fault !== "buyer";
    const lost = decided !== undefined && decided.data.fault === "merchant";
    twin.deed(`m${id}`, buyer, "disputes", dayOf(opened.ms));
    if (chargeBack) twin.deed(`m${id}`, buyer, "charge-backs", dayOf(opened.ms));
    if (lost) twin.deed(`m${id}`, buyer, "disputes-lost", dayOf(decided.ms));
    if (lost || chargeBack)
      twin.add(`m${id}`, "value-lost", dayOf(lost ? decided.ms : opened.ms), weightOf(amount, currency));
  }
}

const reviewTypes = ["review.posted", "review.edited", "review.removed", "review.replied", "reliability.assessed"];

function reviews(twin: Twin, events: readonly RawEvent[]): void {
  for (const [[id, review], file] of filesOf(events, reviewTypes, ["merchant", "review"])) {
    for (const one of file.every("review.posted")) {
      const own = twin.posted.get(one.data.buyer) ?? new Set<string>();
      twin.posted.set(one.data.buyer, own.add(JSON.stringify([id, review])));
    }
    const posted = file.first("review.posted");
    if (posted === undefined) continue;
    const weight =
      file.first("review.removed") !== undefined ? 0 : (file.last("reliability.assessed")?.data.reliability ?? 1_000);
    const { buyer, product } = posted.data;
    if (weight === 0) {
      const about = [`m${id}`, ...(product === undefined ? [] : [`p${product}`])];
      if (file.first("review.removed") === undefined)
        for (const subject of about) twin.add(subject, "reviews-not-counted", dayOf(posted.ms), 1);
      continue;
    }
    const { stars, aspects = {} } = (file.last("review.edited") ?? posted).data;
    const day = dayOf(posted.ms);
    const worth = (given: number): number => Math.floor((weight * (given - 1)) / 4);
    for (const subject of [`m${id}`, ...(product === undefined ? [] : [`p${product}`])]) {
      twin.deed(subject, buyer, "review-stars", day, weight, worth(stars));
      twin.deed(subject, buyer, "review-not-low", day, weight, stars > 2 ? weight : 0);
      twin.deed(subject, buyer, "reviews", day);
    }
    for (const aspect of ["described", "service", "logistics"]) {
      const given = aspects[aspect];
      if (given !== undefined) twin.deed(`m${id}`, buyer, `stars-${aspect}`, day, weight, worth(given));
    }
    if (stars < 3) {
      twin.deed(`m${id}`, buyer, "reviews-low", day);
      twin.due(`m${id}`, "low-reviews-answered", posted.ms + 72 * hourMs, file.first("review.replied")?.ms);
    }
    twin.voices.push({ buyer, merchant: id as string, day, stars });
  }
}

function tickets(twin: Twin, events: readonly RawEvent[]): void {
  for (const [[id], file] of filesOf(
    events,
    ["ticket.opened", "ticket.replied", "ticket.closed"],
    ["merchant", "ticket"],
  )) {
    const opened = file.first("ticket.opened");
    if (opened === undefined) continue;
    const answeredMs = least(file.first("ticket.replied"), file.last("ticket.closed"));
    twin.due(`m${id}`, "tickets-answered-24h", opened.ms + 24 * hourMs, answeredMs);
    twin.due(`m${id}`, "tickets-answered-48h", opened.ms + 48 * hourMs, answeredMs);
    twin.took(`m${id}`, "first-reply-time", opened.ms, answeredMs);
  }
}

function listings(twin: Twin, events: readonly RawEvent[]): void {
  for (const [, file] of filesOf(events, ["listing.published", "listing.changed", "listing.traced"], ["product"])) {
    const now = file.last("listing.published", "listing.changed");
    if (now === undefined) continue;
    const { merchant, images, descriptionChars, origin, withdrawn } = now.data;
    const complete =
      images >= 2 && descriptionChars >= 80 && (origin !== false || file.first("listing.traced") !== undefined) ? 1 : 0;
    const since = Math.min(file.first("listing.published")?.ms ?? now.ms, now.ms);
    twin.add(`m${merchant}`, "listings", dayOf(since), 1, complete);
    if (withdrawn === true) twin.add(`m${merchant}`, "listings", dayOf(now.ms), -1, -complete);
  }
  for (const [, file] of filesOf(events, ["listing.inspected"], ["inspection"])) {
    const { ms, data } = file.last("listing.inspected") as Told;
    for (const subject of [`m${data.merchant}`, `p${data.product}`])
      twin.add(subject, "inspections", dayOf(ms), 1, data.passed ? 1 : 0);
  }
}

function follows(twin: Twin, events: readonly RawEvent[]): void {
  const types = ["user.followed", "user.unfollowed", "content.shared", "content.liked", "follow.assessed"];
  for (const [[kind, whom], file] of filesOf(events, types, ["kind", "followed", "user"])) {
    const [followed, left, active] = [
      file.last("user.followed"),
      file.last("user.unfollowed"),
      file.first("content.shared", "content.liked"),
    ];
    if (followed === undefined) continue;
    const subject = `${kind === "promoter" ? "r" : "m"}${whom}`;
    const from = dayOf(followed.ms);
    const activeFrom = active === undefined ? undefined : Math.max(from, dayOf(active.ms));
    const to = left !== undefined && left.ms >= followed.ms ? dayOf(left.ms) : undefined;
    if ((file.last("follow.assessed")?.data.reliability ?? 1_000) < 500) {
      twin.add(subject, "followers-not-counted", from, 1);
      if (to !== undefined) twin.add(subject, "followers-not-counted", to, -1);
      continue;
    }
    twin.add(subject, "followers", from, 1, 1);
    twin.add(subject, "followers-interacting", from, 1);
    if (activeFrom !== undefined) twin.add(subject, "followers-interacting", activeFrom, 0, 1);
    if (to === undefined) continue;
    twin.add(subject, "followers", to, -1, -1);
    twin.add(subject, "followers-interacting", to, -1);
    if (activeFrom !== undefined) twin.add(subject, "followers-interacting", Math.max(to, activeFrom), 0, -1);
  }
}

function referrals(twin: Twin, events: readonly RawEvent[]): void {
  for (const [[id], file] of filesOf(events, ["referral.made", "referral.converted"], ["merchant", "referral"])) {
    const [made, converted] = [file.first("referral.made"), file.first("referral.converted")];
    if (made === undefined) continue;
    const metMs = converted?.data.kept === true ? converted.ms : undefined;
    const { promoter } = made.data;
    for (const subject of [`m${id}`, ...(promoter === undefined ? [] : [`r${promoter}`])])
      twin.due(subject, "referrals-kept", made.ms + 720 * hourMs, metMs);
  }
}

function incidents(twin: Twin, events: readonly RawEvent[]): void {
  const types = ["incident.reported", "counterfeit.confirmed", "privacy.breached"];
  for (const [[id], file] of filesOf(events, types, ["merchant", "incident"])) {
    const [reported, fake, breach] = [
      file.last("incident.reported"),
      file.first("counterfeit.confirmed"),
      file.first("privacy.breached"),
    ];
    if (reported?.data.severity === "high") twin.add(`m${id}`, "incidents", dayOf(reported.ms), 1);
    if (fake !== undefined) twin.add(`m${id}`, "counterfeits", dayOf(fake.ms), 1);
    if (fake?.data.product !== undefined) twin.add(`p${fake.data.product}`, "counterfeits", dayOf(fake.ms), 1);
    if (breach !== undefined) twin.add(`m${id}`, "privacy-breaches", dayOf(breach.ms), 1);
  }
}

function certificates(twin: Twin, events: readonly RawEvent[]): void {
  for (const [[id], file] of filesOf(events, ["merchant.verified"], ["merchant", "certificate"])) {
    const { ms, data } = file.last("merchant.verified") as Told;
    const metric = data.kind === "licence" ? "licences" : data.kind === "green" ? "green-certificates" : "certificates";
    const from = Math.max(0, data.issued === undefined ? dayOf(ms) : dayOf(Date.parse(data.issued)));
    twin.add(`m${id}`, metric, from, 1);
    if (data.expires !== undefined) twin.add(`m${id}`, metric, Math.max(from, dayOf(Date.parse(data.expires)) + 1), -1);
  }
}

function credentials(twin: Twin, events: readonly RawEvent[]): void {
  for (const [[id], file] of filesOf(events, ["credential.imported", "credential.removed"], ["merchant", "import"])) {
    const [taken, gone] = [file.last("credential.imported"), file.first("credential.removed")];
    if (taken === undefined) continue;
    const { from, until, weight, score } = taken.data;
    // Day by day, as it holds: what differs from the day before is booked.
    const holds = (day: number): boolean => day >= from && day <= until && (gone === undefined || day < dayOf(gone.ms));
    for (let day = from; day <= until + 1; day += 1) {
      const step = Number(holds(day)) - Number(holds(day - 1));
      if (step !== 0)
        twin.add(`m${id}`, "credentials-elsewhere", day, step * weight, step * Math.floor((weight * score) / 1_000));
    }
  }
}

const month = (day: number): string => new Date(day * 24 * hourMs).toISOString().slice(0, 7);

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** A buyer's first three a month count; of a day that holds more than are left, a share of its sums. */
function cap(twin: Twin): void {
  for (const deeds of groupBy(twin.deeds, (deed) =>
    JSON.stringify([deed.subject, deed.buyer, deed.metric, month(deed.day)]),
  ).values()) {
    let left = 3;
    const days = [...groupBy(deeds, (deed) => String(deed.day)).values()].sort(
      (one, other) => (one[0] as Deed).day - (other[0] as Deed).day,
    );
    for (const same of days) {
      const { subject, metric, day } = same[0] as Deed;
      const take = Math.min(left, same.length);
      left -= take;
      const share = (part: "n" | "x"): number =>
        Math.floor((same.reduce((sum, deed) => sum + deed[part], 0) * take) / same.length);
      if (take > 0) twin.add(subject, metric, day, share("n"), share("x"));
    }
  }
}

function buyers(twin: Twin): void {
  const own = twin.deeds.filter((deed) => deed.subject.startsWith("m"));
  for (const deeds of groupBy(own, (deed) => JSON.stringify([deed.subject, deed.buyer])).values()) {
    const { subject } = deeds[0] as Deed;
    const kept = deeds.filter((deed) => deed.metric === "orders-kept").map((deed) => deed.day);
    if (kept.length > 0) {
      const first = Math.min(...kept);
      twin.add(subject, "buyers", first, 1);
      twin.add(subject, "buyers-returning", first + 91, 1, kept.filter((day) => day <= first + 90).length > 1 ? 1 : 0);
    }
    const harms = deeds
      .filter((deed) => ["disputes-lost", "charge-backs", "complaints"].includes(deed.metric))
      .map((deed) => deed.day);
    if (harms.length > 0) twin.add(subject, "buyers-harmed", Math.min(...harms), 1);
  }
}

/** A review weighs its author's merchants with a kept order, but for one; authors of more than a hundred weigh nothing. */
function standing(twin: Twin): void {
  const keptBy = groupBy(
    twin.deeds.filter((deed) => deed.metric === "orders-kept" && deed.subject.startsWith("m")),
    (deed) => deed.buyer,
  );
  for (const [buyer, voices] of groupBy(twin.voices, (voice) => voice.buyer)) {
    if ((twin.posted.get(buyer)?.size ?? 0) > 100) continue;
    const merchants = new Set(keptBy.get(buyer)?.map((deed) => deed.subject));
    const weight = Math.min(10, merchants.size - 1);
    if (weight < 1) continue;
    for (const { merchant, day, stars } of voices)
      twin.add(`m${merchant}`, "raters-standing", day, 4 * weight, weight * (stars - 1));
  }
}

/** All facts of a set of events. */
export function naiveFacts(events: readonly RawEvent[], currency: string): NaiveFacts {
  const twin = new Twin(currency);
  for (const part of [
    orders,
    returns,
    complaints,
    disputes,
    reviews,
    tickets,
    listings,
    follows,
    referrals,
    incidents,
    certificates,
    credentials,
  ])
    part(twin, events);
  for (const part of [cap, buyers, standing]) part(twin);
  return new Map([...twin.facts].filter(([, [n, x]]) => n !== 0 || x !== 0));
}
