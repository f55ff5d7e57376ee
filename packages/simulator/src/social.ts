import type { EventData } from "@probity/contract";
import { dayMs, hourMs, minuteMs } from "./calendar.ts";
import { promoterName } from "./names.ts";
import type { Ending, Order } from "./order.ts";
import { momentOf } from "./rhythm.ts";
import type { Shopper } from "./shoppers.ts";
import { isOpen, type Follow, type Promoter, type World } from "./world.ts";

const followsMax = 8_192;

/** Files a follow and remembers it among the latest, for those who like and share. */
export function follow(world: World, user: string, kind: Follow["kind"], followed: string, timeMs: number): void {
  if (!world.calendar.add(timeMs, "user.followed", { user, kind, followed })) return;
  const entry = { user, kind, followed, sinceMs: timeMs };
  if (world.follows.length < followsMax) world.follows.push(entry);
  else world.follows[world.dice.social.below(followsMax)] = entry;
}

/** What a buyer allows on the first order. */
export function giveConsent(world: World, shopper: Shopper, timeMs: number): void {
  shopper.known = true;
  const random = world.dice.social;
  for (const purpose of ["marketing", "personalisation", "analytics"]) {
    if (!random.chance(0.45)) continue;
    world.calendar.add(timeMs, "consent.given", { user: shopper.id, purpose });
    if (random.chance(0.05)) {
      world.calendar.add(timeMs + random.between(5, 200) * dayMs, "consent.withdrawn", {
        user: shopper.id,
        purpose,
      });
    }
  }
}

/** Friends who join a purchase at the group's price. */
export function gatherFriends(world: World, order: Order): void {
  const random = world.dice.social;
  const group = world.newId("g");
  const joined = { group, merchant: order.merchant.id, product: order.product.id };
  world.calendar.add(order.placedMs, "group-buy.joined", { ...joined, buyer: order.shopper.id });
  for (let friends = random.integer(1, 3); friends > 0; friends -= 1) {
    const buyer = world.shoppers.friendOf(order.shopper, random).id;
    world.calendar.add(order.placedMs + random.integer(2, 600) * minuteMs, "group-buy.joined", {
      ...joined,
      buyer,
    });
  }
}

/** What became of the recommendation that brought an order. */
export function concludeReferral(world: World, order: Order, ending: Ending): void {
  const { referral } = order.wishes;
  if (referral === undefined) return;
  const data: EventData<"referral.converted"> = {
    referral,
    merchant: order.merchant.id,
    order: order.id,
    kept: ending.kept,
    amount: order.amount,
    currency: "CNY",
  };
  world.calendar.add(ending.timeMs + 8 * dayMs, "referral.converted", data);
}

/** What a happy buyer does besides a review: follows the shop, tells a friend. */
export function spreadTheWord(world: World, order: Order, deliveredMs: number): void {
  const random = world.dice.social;
  const { merchant, shopper, wishes } = order;
  if (wishes.fake !== undefined) return;
  const timeMs = deliveredMs + random.between(1, 90) * hourMs;
  if (random.chance(0.07)) follow(world, shopper.id, "merchant", merchant.id, timeMs);
  if (merchant.weight === 0 || !random.chance(0.035)) return;
  const referral = world.newId("f");
  const made = { referral, merchant: merchant.id, user: shopper.id, product: order.product.id };
  if (!world.calendar.add(timeMs, "referral.made", made)) return;
  if (random.chance(0.4)) {
    const day = Math.floor(timeMs / dayMs) + random.integer(1, 5);
    const friend = world.shoppers.friendOf(shopper, random);
    world.invitations.add(day, {
      merchant,
      shopper: friend,
      referral,
      promoter: undefined,
      fake: undefined,
    });
  }
}

/** The promoters of a world, about one per eight shops; a fifth of them crooked where crooks are let in. */
export function foundPromoters(world: World): void {
  const random = world.dice.social;
  const { startDay, days, crooks } = world.settings;
  const count = Math.max(3, Math.round(world.merchants.length / 8));
  const rogues = world.merchants.filter((merchant) => merchant.kind === "fraudulent");
  for (let index = 0; index < count; index += 1) {
    const crooked = crooks && rogues.length > 0 && (index === 1 || random.chance(0.18));
    const shelf = crooked ? rogues : world.merchants;
    const user = world.shoppers.at(random.below(world.shoppers.count));
    const promoter: Promoter = {
      id: `k-${String(index + 1).padStart(3, "0")}`,
      user: user.id,
      name: promoterName(user.language, random),
      crooked,
      merchants: Array.from({ length: random.integer(2, 6) }, () => random.pick(shelf)),
      accomplices: crooked ? Array.from({ length: random.integer(4, 12) }, () => world.shoppers.enroll()) : [],
      registeredDay: index === 0 || random.chance(0.7) ? startDay : startDay + random.below(Math.ceil(days / 2)),
    };
    world.promoters.push(promoter);
    if (crooked) world.truth.crookedPromoters.add(promoter.id);
    const registered = {
      promoter: promoter.id,
      name: promoter.name,
      category: promoter.merchants[0]!.category.name,
    };
    world.calendar.add(promoter.registeredDay * dayMs, "promoter.registered", registered);
  }
}

/** Recommendations of the day's promoters; some bring an order in the days after. */
export function promote(world: World, day: number, orders: number): void {
  const random = world.dice.social;
  for (let count = random.poisson(0.06 * orders); count > 0; count -= 1) {
    const promoter = random.pick(world.promoters);
    const merchant = random.pick(promoter.merchants);
    if (promoter.registeredDay > day || !isOpen(merchant, day)) continue;
    const referral = world.newId("f");
    const timeMs = momentOf(day, random);
    const product = random.pick(merchant.products).id;
    const made = {
      referral,
      merchant: merchant.id,
      user: promoter.user,
      promoter: promoter.id,
      product,
    };
    world.calendar.add(timeMs, "referral.made", made);
    if (!random.chance(promoter.crooked ? 0.6 : 0.4)) continue;
    const bought = promoter.crooked && random.chance(0.7);
    world.invitations.add(day + random.integer(1, 4), {
      merchant,
      shopper: bought ? random.pick(promoter.accomplices) : world.shoppers.draw(random),
      referral,
      promoter: promoter.id,
      fake: bought ? { ring: promoter.id, role: "commission" } : undefined,
    });
  }
}

/** The day's follows out of interest, likes, shares, unfollows and live rooms. */
export function mingle(world: World, day: number, orders: number): void {
  const random = world.dice.social;
  const { calendar } = world;
  for (let count = random.poisson(0.03 * orders); count > 0; count -= 1) {
    const promoter = random.pick(world.promoters);
    if (promoter.registeredDay > day) continue;
    const user = world.shoppers.draw(random).id;
    const timeMs = momentOf(day, random);
    if (random.chance(0.4)) follow(world, user, "promoter", promoter.id, timeMs);
    else
      calendar.add(timeMs, "live-room.visited", {
        room: `room-${promoter.id}-${day}`,
        promoter: promoter.id,
        user,
      });
  }
  if (world.follows.length === 0) return;
  for (let count = random.poisson(0.08 * orders); count > 0; count -= 1) {
    const { user, kind, followed, sinceMs } = random.pick(world.follows);
    const timeMs = momentOf(day, random);
    if (sinceMs >= timeMs) continue;
    const about = { user, kind, followed };
    const content = `post-${followed}-${random.integer(1, 40)}`;
    const turn = random.next();
    if (turn < 0.6) calendar.add(timeMs, "content.liked", { ...about, content });
    else if (turn < 0.9)
      calendar.add(timeMs, "content.shared", {
        ...about,
        content,
        channel: random.pick(["chat", "feed", "link"]),
      });
    else calendar.add(timeMs, "user.unfollowed", about);
  }
}
