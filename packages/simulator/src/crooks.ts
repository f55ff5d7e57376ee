import { dayMs, hourMs, minuteMs } from "./calendar.ts";
import type { Language } from "./goods.ts";
import { qualityOn, type Merchant } from "./merchants.ts";
import { type Order, wordsFor } from "./order.ts";
import { placedData, placeOrder } from "./orders.ts";
import { echoOf, paidText, reviewText, type Opinion } from "./review-text.ts";
import { momentOf } from "./rhythm.ts";
import type { Shopper } from "./shoppers.ts";
import type { Attack, RingKind, RingTruth, Wording } from "./truth.ts";
import { postReview, reviewData } from "./voice.ts";
import { Agenda, type Market, type World } from "./world.ts";

interface Ring {
  readonly truth: RingTruth;
  readonly targets: readonly Merchant[];
  readonly members: readonly Shopper[];
  /** The sentences that a near-duplicate ring copies from, by product noun as it comes. */
  readonly scripts: Map<string, readonly string[]>;
}

/** One thing a ring does on a day; without a target it is an ordinary purchase, for cover. */
interface Deed {
  readonly ring: Ring;
  readonly member: Shopper;
  readonly target: Merchant | undefined;
}

/** What all rings will do: their deeds by day, and how many orders that makes. */
export interface Plot {
  readonly deeds: Agenda<Deed>;
  readonly follows: Agenda<{ readonly ring: string; readonly merchant: Merchant }>;
  orders: number;
}

// Fake orders stay below this share of all, so that small runs are not swamped by their rings.
const fakeShareMax = 0.15;

/** How a ring is to be; what is absent is drawn. */
interface RingWish {
  readonly kind: RingKind;
  readonly targets: readonly Merchant[];
  /** Orders at the targets. */
  readonly orders: number;
  readonly density?: number;
  readonly camouflage?: number;
  readonly wording?: Wording;
  readonly fromDay?: number;
  readonly toDay?: number;
}

export function emptyPlot(): Plot {
  return { deeds: new Agenda(), follows: new Agenda(), orders: 0 };
}

/** Brushing rings for the fraudulent, farms, smears of the honest, bought followers. */
export function planCrooks(world: World): Plot {
  const random = world.dice.crooks;
  const plot = emptyPlot();
  const { orders, merchants, endDay } = world.settings;
  const ready = world.merchants.filter((merchant) => merchant.openedDay < endDay - 3);
  const rogues = ready.filter((merchant) => merchant.kind === "fraudulent");
  const clients = ready.filter((merchant) => merchant.kind === "fraudulent" || merchant.kind === "sloppy");
  const honest = ready.filter((merchant) => merchant.kind === "honest");
  const plans: (() => RingWish)[] = [];
  const size = Math.max(5, (0.05 * orders) / Math.max(1, rogues.length));
  for (const [index, merchant] of rogues.entries()) {
    if (index > 0 && random.chance(0.2)) continue;
    plans.push(() => ({
      kind: "brushing",
      targets: [merchant],
      orders: Math.round(random.logNormal(size, 0.5)),
    }));
  }
  for (let farms = clients.length === 0 ? 0 : Math.max(1, Math.round(merchants / 60)); farms > 0; farms -= 1) {
    const targets = random.shuffled(clients).slice(0, random.integer(2, 6));
    plans.push(() => ({ kind: "farm", targets, orders: Math.round(random.logNormal(size, 0.4)) }));
  }
  for (let smears = honest.length === 0 ? 0 : Math.max(1, Math.round(merchants / 60)); smears > 0; smears -= 1) {
    const most = Math.min(100, Math.max(6, Math.round(0.006 * orders)));
    plans.push(() => ({
      kind: "bad-mouthing",
      targets: [random.pick(honest)],
      orders: random.integer(Math.ceil(most / 2), most),
    }));
  }
  for (const plan of plans)
    if (plot.orders < fakeShareMax * orders) formRing(world, plot, plan(), fakeShareMax * orders - plot.orders);
  for (const merchant of clients) {
    if (random.chance(merchant.kind === "fraudulent" ? 0.6 : 0.15)) buyFollowers(world, plot, merchant);
  }
  return plot;
}

function drawWindow(world: World, targets: readonly Merchant[], burst: boolean): [number, number] {
  const random = world.dice.crooks;
  const { endDay, days } = world.settings;
  const first = Math.max(...targets.map((target) => target.openedDay)) + 1;
  const span = burst ? random.integer(4, 14) : Math.round(days * random.between(0.3, 0.7));
  const fromDay = random.integer(first, Math.max(first, endDay - span));
  return [fromDay, Math.min(endDay, fromDay + span)];
}

/** Enrols a ring and spreads its deeds over its days. `ordersMax` bounds them, cover included. */
export function formRing(world: World, plot: Plot, wish: RingWish, ordersMax: number): RingTruth {
  const random = world.dice.crooks;
  const { kind, targets } = wish;
  const smear = kind === "bad-mouthing";
  const density = wish.density ?? (smear ? 1 : random.pick([0.25, 0.5, 0.9]));
  const camouflage = wish.camouflage ?? (smear ? 0 : random.pick([0, 0.3, 0.6]));
  const core = Math.max(1, Math.floor(Math.min(wish.orders, ordersMax * (1 - camouflage))));
  const [fromDay, toDay] = drawWindow(world, targets, smear || random.chance(0.4));
  const memberCount = smear ? core : Math.max(3, Math.ceil(core / (density * targets.length * 1.3)));
  const sharing = smear || kind === "farm" ? [0, 0.15] : [random.pick([0, 0.4, 0.8]), random.pick([0, 0.3, 0.7])];
  const recruits = camouflage > 0.5 ? 0.3 : 0;
  const members = enrol(world, memberCount, sharing[0]!, sharing[1]!, recruits);
  const truth: RingTruth = {
    ring: world.newId("ring"),
    kind,
    targets: targets.map((target) => target.id),
    members: members.map((member) => member.id),
    density,
    camouflage,
    sharedDevices: sharing[0]!,
    sharedPayers: sharing[1]!,
    wording:
      wish.wording ?? (smear ? "varied" : random.pick(["near-duplicate", "near-duplicate", "cash-back", "varied"])),
    fromDay: wish.fromDay ?? fromDay,
    toDay: wish.toDay ?? toDay,
  };
  world.truth.rings.set(truth.ring, truth);
  const ring: Ring = { truth, targets, members, scripts: new Map() };
  const pairs = random.shuffled(members.flatMap((member) => targets.map((target) => ({ member, target }))));
  const used = Math.max(1, Math.min(core, Math.round(pairs.length * density)));
  for (let order = 0; order < core; order += 1) {
    plot.deeds.add(random.integer(truth.fromDay, truth.toDay), { ring, ...pairs[order % used]! });
  }
  // A ring has one order at a target even where less than one was left to it: its cover then gives way.
  const cover = Math.min(Math.floor((core * camouflage) / (1 - camouflage)), Math.max(0, Math.floor(ordersMax - core)));
  for (let order = 0; order < cover; order += 1) {
    plot.deeds.add(random.integer(truth.fromDay, truth.toDay), {
      ring,
      member: random.pick(members),
      target: undefined,
    });
  }
  plot.orders += core + cover;
  return truth;
}

function enrol(world: World, count: number, devices: number, payers: number, recruits: number): Shopper[] {
  const random = world.dice.crooks;
  const machines = Array.from({ length: Math.max(1, Math.round(count / 6)) }, () => world.newId("d"));
  const purses = Array.from({ length: Math.max(1, Math.round(count / 8)) }, () => world.newId("w"));
  const members = new Set<Shopper>();
  while (members.size < count) {
    if (random.chance(recruits)) {
      members.add(world.shoppers.at(random.below(world.shoppers.count)));
      continue;
    }
    const member = world.shoppers.enroll();
    if (random.chance(devices)) member.device = random.pick(machines);
    if (random.chance(payers)) member.payer = random.pick(purses);
    members.add(member);
  }
  return [...members];
}

/** Followers bought within days; how many and from when is drawn unless wished. */
export function buyFollowers(
  world: World,
  plot: Plot,
  merchant: Merchant,
  wish: { readonly count?: number; readonly fromDay?: number } = {},
): void {
  const random = world.dice.crooks;
  const { orders, merchants } = world.settings;
  const drawn = Math.max(15, Math.min(3_000, Math.round((orders / merchants) * random.between(0.15, 0.6))));
  const count = wish.count ?? drawn;
  const [drawnDay] = drawWindow(world, [merchant], true);
  const fromDay = wish.fromDay ?? drawnDay;
  const toDay = Math.min(world.settings.endDay, fromDay + random.integer(0, 3));
  const ring = world.newId("ring");
  const members: string[] = [];
  world.truth.rings.set(ring, {
    ring,
    kind: "bought-followers",
    targets: [merchant.id],
    members,
    density: 1,
    camouflage: 0,
    sharedDevices: 0,
    sharedPayers: 0,
    wording: "varied",
    fromDay,
    toDay,
  });
  for (let follower = 0; follower < count; follower += 1) {
    plot.follows.add(random.integer(fromDay, toDay), { ring, merchant });
  }
}

/** What the rings do on the day. */
export function playCrooks(world: World, plot: Plot, market: Market, day: number): void {
  const random = world.dice.crooks;
  for (const { ring, member, target } of plot.deeds.take(day)) {
    const timeMs = momentOf(day, random);
    const note = (role: Attack): { ring: string; role: Attack } => ({
      ring: ring.truth.ring,
      role,
    });
    if (target === undefined) {
      const merchant = market.choose(member, day, random);
      placeOrder(world, { merchant, shopper: member, timeMs, fake: note("camouflage") });
    } else if (ring.truth.kind === "bad-mouthing") {
      placeOrder(world, {
        merchant: target,
        shopper: member,
        timeMs,
        fate: "kept",
        stars: 1,
        fake: note("bad-mouthing"),
      });
    } else brush(world, ring, member, target, timeMs);
  }
  for (const { ring, merchant } of plot.follows.take(day)) {
    const user = world.newId("u");
    world.truth.followers.set(`${user} ${merchant.id}`, ring);
    (world.truth.rings.get(ring)!.members as string[]).push(user);
    world.calendar.add(momentOf(day, random), "user.followed", {
      user,
      kind: "merchant",
      followed: merchant.id,
    });
  }
}

/** A staged purchase: an empty parcel, confirmed as soon as it is there, and praise. */
function brush(world: World, ring: Ring, member: Shopper, merchant: Merchant, placedMs: number): void {
  const random = world.dice.crooks;
  const { calendar, truth } = world;
  const product = merchant.products[random.below(Math.min(4, merchant.products.length))]!;
  const shipByMs = placedMs + merchant.shipWindowHours * hourMs;
  const order: Order = {
    id: world.newId("o"),
    merchant,
    shopper: member,
    quality: qualityOn(merchant, Math.floor(placedMs / dayMs)),
    product,
    amount: product.price,
    placedMs,
    shipByMs,
    deliverByMs: shipByMs + merchant.promisedTransitDays * dayMs,
    fate: "kept",
    wishes: { merchant, shopper: member, timeMs: placedMs },
  };
  const role = ring.truth.kind === "farm" ? "farm" : "brushing";
  truth.orders.set(order.id, { ring: ring.truth.ring, role });
  truth.counts.orders += 1;
  const about = { order: order.id, merchant: merchant.id };
  const items = [{ product: product.id, quantity: 1, amount: product.price }];
  calendar.add(placedMs, "order.placed", placedData(order, items, undefined));
  const paidMs = placedMs + random.integer(20, 240) * 1_000;
  calendar.add(paidMs, "order.paid", {
    ...about,
    amount: order.amount,
    currency: "CNY",
    method: "wallet",
  });
  const shippedMs = paidMs + random.integer(60, 1_200) * minuteMs;
  calendar.add(shippedMs, "order.shipped", {
    ...about,
    carrier: merchant.carrier,
    trackingValid: random.chance(0.6),
  });
  const deliveredMs = shippedMs + Math.floor(random.between(0.9, 2.6) * dayMs);
  calendar.add(deliveredMs, "order.delivered", about);
  const hasty = ring.truth.camouflage < 0.5 || random.chance(0.3);
  const confirmedMs = deliveredMs + (hasty ? random.integer(2, 60) : random.integer(120, 2_400)) * minuteMs;
  calendar.add(confirmedMs, "order.confirmed", about);
  if (random.chance(0.85)) praise(world, ring, order, confirmedMs + random.integer(5, 1_500) * minuteMs, role);
}

function praise(world: World, ring: Ring, order: Order, timeMs: number, attack: "brushing" | "farm"): void {
  const random = world.dice.crooks;
  const { language } = order.shopper;
  const stars = random.chance(0.96) ? 5 : 4;
  const words = wordsFor(order, language);
  const opinion: Opinion = { stars, described: 5, service: 5, logistics: 5, words, language };
  const data = reviewData(world, order, opinion);
  const { wording } = ring.truth;
  if (wording === "near-duplicate") data.text = echoOf(random.pick(scriptsFor(world, ring, opinion, language)), random);
  else
    data.text = wording === "cash-back" && random.chance(0.6) ? paidText(opinion, random) : reviewText(opinion, random);
  postReview(world, order, data, timeMs, { attack, ring: ring.truth.ring });
}

function scriptsFor(world: World, ring: Ring, opinion: Opinion, language: Language): readonly string[] {
  const key = `${language} ${opinion.words.noun}`;
  const present = ring.scripts.get(key);
  if (present !== undefined) return present;
  const random = world.dice.crooks;
  const scripts: string[] = [];
  while (scripts.length < 3) {
    const script = reviewText(opinion, random);
    if (script.length > 14) scripts.push(script);
  }
  ring.scripts.set(key, scripts);
  return scripts;
}
