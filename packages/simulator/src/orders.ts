import type { EventData } from "@probity/contract";
import { settleAfterSales } from "./after-sales.ts";
import { dayMs, hourMs, minuteMs, timeText } from "./calendar.ts";
import { struck } from "./crises.ts";
import { qualityOn, type Merchant } from "./merchants.ts";
import type { Fate, Order, Purchase } from "./order.ts";
import { askForHelp } from "./service.ts";
import { concludeReferral, gatherFriends, giveConsent, spreadTheWord } from "./social.ts";
import type { Quality } from "./truth.ts";
import { answerSurvey, speak } from "./voice.ts";
import type { World } from "./world.ts";

/** Draws the whole life of an order and files its events. */
export function placeOrder(world: World, purchase: Purchase): Order {
  const order = announce(world, purchase);
  const paidMs = pay(world, order);
  if (paidMs === undefined) {
    concludeReferral(world, order, { kept: false, timeMs: order.placedMs + hourMs });
    return order;
  }
  const cancelledMs = callOff(world, order, paidMs);
  if (cancelledMs !== undefined) {
    concludeReferral(world, order, { kept: false, timeMs: cancelledMs });
    return order;
  }
  askForHelp(world, order, paidMs, "before");
  const shippedMs = ship(world, order, paidMs);
  if (shippedMs === undefined || order.fate === "lost" || order.fate === "never-sent") {
    const waited = order.deliverByMs + world.dice.orders.between(2, 9) * dayMs;
    concludeReferral(world, order, settleAfterSales(world, order, waited, true));
    return order;
  }
  const deliveredMs = deliver(world, order, shippedMs);
  const late = deliveredMs > order.deliverByMs;
  const ending = settleAfterSales(world, order, deliveredMs, late);
  if (ending.kept) confirm(world, order, deliveredMs);
  askForHelp(world, order, deliveredMs, "after");
  speak(world, order, deliveredMs, late);
  answerSurvey(world, order, deliveredMs, late);
  concludeReferral(world, order, ending);
  if (ending.kept && order.fate === "kept") spreadTheWord(world, order, deliveredMs);
  order.shopper.favourite = ending.kept ? order.merchant : undefined;
  return order;
}

function drawFate(world: World, merchant: Merchant, quality: Quality, day: number): Fate {
  const random = world.dice.orders;
  const batch = merchant.badBatches.find((bad) => bad.fromDay <= day && day <= bad.toDay);
  const chances: readonly (readonly [Fate, number])[] = [
    ["not-as-described", 1 - quality.asDescribed],
    ["defect", quality.defect + (batch?.defect ?? 0)],
    ["counterfeit", quality.counterfeit],
    ["never-sent", quality.neverSent],
    ["damaged", quality.damaged],
    ["wrong-item", quality.wrongItem],
    ["size", merchant.category.size],
    ["changed-mind", 0.012],
    ["lost", 0.0012],
  ];
  let left = random.next();
  for (const [fate, chance] of chances) {
    left -= chance;
    if (left < 0) return fate;
  }
  return "kept";
}

function announce(world: World, purchase: Purchase): Order {
  const random = world.dice.orders;
  const { merchant, shopper, timeMs } = purchase;
  const day = Math.floor(timeMs / dayMs);
  const quality = qualityOn(merchant, day);
  const items = fillBasket(world, purchase);
  const product = purchase.product ?? merchant.products.find((each) => each.id === items[0]!.product)!;
  const amount = items.reduce((sum, item) => sum + item.amount, 0);
  const shipByMs = timeMs + merchant.shipWindowHours * hourMs;
  const order: Order = {
    id: world.newId("o"),
    merchant,
    shopper,
    quality,
    product,
    amount,
    placedMs: timeMs,
    shipByMs,
    deliverByMs: shipByMs + merchant.promisedTransitDays * dayMs,
    fate: purchase.fate ?? drawFate(world, merchant, quality, day),
    wishes: purchase,
  };
  const data = placedData(order, items, purchase.promoter);
  world.calendar.add(timeMs, "order.placed", data);
  world.truth.counts.orders += 1;
  if (purchase.fake !== undefined) world.truth.orders.set(order.id, purchase.fake);
  if (shopper.maliciousReturner) world.truth.maliciousReturners.add(shopper.id);
  if (!shopper.known) giveConsent(world, shopper, timeMs);
  if (items[0]!.quantity > 1 && random.chance(0.15)) gatherFriends(world, order);
  return order;
}

type Items = EventData<"order.placed">["items"];

function fillBasket(world: World, purchase: Purchase): Items {
  const random = world.dice.orders;
  const { products } = purchase.merchant;
  const first = purchase.product ?? products[Math.floor(random.next() ** 2 * products.length)]!;
  if (purchase.amount !== undefined) return [{ product: first.id, quantity: 1, amount: purchase.amount }];
  const quantity = random.chance(0.15) ? random.integer(2, 3) : 1;
  const items = [{ product: first.id, quantity, amount: first.price * quantity }];
  if (random.chance(0.14)) {
    const second = random.pick(products);
    if (second.id !== first.id) items.push({ product: second.id, quantity: 1, amount: second.price });
  }
  return items;
}

/** The placed order as the platform reports it, with what it knows of the buyer. */
export function placedData(order: Order, items: Items, promoter: string | undefined): EventData<"order.placed"> {
  const { shopper } = order;
  const data: EventData<"order.placed"> = {
    order: order.id,
    merchant: order.merchant.id,
    buyer: shopper.id,
    amount: order.amount,
    currency: "CNY",
    items,
    shipBy: timeText(order.shipByMs),
    deliverBy: timeText(order.deliverByMs),
  };
  if (promoter !== undefined) data.promoter = promoter;
  if (shopper.name !== undefined) data.buyerName = shopper.name;
  if (shopper.phone !== undefined) data.buyerPhone = shopper.phone;
  if (shopper.email !== undefined) data.buyerEmail = shopper.email;
  if (shopper.address !== undefined) data.shipTo = shopper.address;
  if (shopper.device !== undefined) data.device = shopper.device;
  if (shopper.payer !== undefined) data.payer = shopper.payer;
  return data;
}

const methods = ["wallet", "wallet", "bank-card", "bank-card", "instalments"];

function pay(world: World, order: Order): number | undefined {
  const random = world.dice.orders;
  const { calendar } = world;
  const about = { order: order.id, merchant: order.merchant.id };
  let timeMs = order.placedMs + random.integer(20, 900) * 1_000;
  if (order.wishes.fate === undefined && random.chance(0.012)) {
    calendar.add(timeMs, "payment.failed", {
      ...about,
      reason: random.pick(["insufficient-funds", "declined", "timeout"]),
    });
    timeMs += random.integer(2, 25) * minuteMs;
    if (random.chance(0.35)) {
      calendar.add(timeMs, "order.cancelled", { ...about, by: "platform", reason: "unpaid" });
      return undefined;
    }
  }
  calendar.add(timeMs, "order.paid", {
    ...about,
    amount: order.amount,
    currency: "CNY",
    method: random.pick(methods),
  });
  return timeMs;
}

/** The time of a cancellation, if there is one. */
function callOff(world: World, order: Order, paidMs: number): number | undefined {
  const random = world.dice.orders;
  if (order.wishes.fate !== undefined) return undefined;
  const about = { order: order.id, merchant: order.merchant.id };
  if (random.chance(0.018)) {
    const cancelledMs = paidMs + random.integer(5, 600) * minuteMs;
    const reason = random.pick(["changed-mind", "wrong-address", "found-cheaper"]);
    world.calendar.add(cancelledMs, "order.cancelled", { ...about, by: "buyer", reason });
    return cancelledMs;
  }
  if (random.chance(order.quality.merchantCancels)) {
    const cancelledMs = paidMs + random.integer(3, 60) * hourMs;
    world.calendar.add(cancelledMs, "order.cancelled", {
      ...about,
      by: "merchant",
      reason: random.pick(["out-of-stock", "price-error"]),
    });
    return cancelledMs;
  }
  return undefined;
}

/** Files the hand-over to the carrier; undefined when the shop never even pretends to send. */
function ship(world: World, order: Order, paidMs: number): number | undefined {
  const random = world.dice.orders;
  const { merchant, quality, wishes } = order;
  const neverSent = order.fate === "never-sent";
  if (neverSent && random.chance(0.5)) return undefined;
  const windowMs = order.shipByMs - paidMs;
  const inTime = wishes.swift === true || random.chance(quality.dispatchInTime);
  const share =
    wishes.swift === true ? random.between(0.05, 0.3) : inTime ? random.between(0.1, 0.92) : 1.05 + random.next() * 1.4;
  const shippedMs = paidMs + Math.max(20 * minuteMs, Math.floor(windowMs * share));
  const data: EventData<"order.shipped"> = {
    order: order.id,
    merchant: merchant.id,
    carrier: merchant.carrier,
    trackingValid: neverSent ? random.chance(0.1) : random.chance(quality.trackingValid),
  };
  if (merchant.green > 0.1) data.green = random.chance(merchant.green);
  world.calendar.add(shippedMs, "order.shipped", data);
  return shippedMs;
}

function deliver(world: World, order: Order, shippedMs: number): number {
  const random = world.dice.orders;
  const { merchant, shopper } = order;
  const near = merchant.region === shopper.region ? 0.7 : 1;
  const transitDays = order.wishes.swift === true ? random.between(0.6, 1.2) : near * random.logNormal(2.3, 0.33);
  const delayDays = struck(world, merchant, shopper, shippedMs) ? random.between(4, 11) : 0;
  const deliveredMs = shippedMs + Math.floor((transitDays + delayDays) * dayMs);
  const about = { order: order.id, merchant: merchant.id };
  if (delayDays > 0 && random.chance(0.2)) {
    world.calendar.add(deliveredMs + hourMs, "compensation.paid", {
      compensation: world.newId("k"),
      ...about,
      buyer: shopper.id,
      amount: 500,
      currency: "CNY",
      by: "platform",
    });
  }
  if (order.fate === "damaged") world.calendar.add(deliveredMs, "order.delivered", { ...about, damaged: true });
  else world.calendar.add(deliveredMs, "order.delivered", about);
  return deliveredMs;
}

const remarks = {
  zh: ["收到，谢谢", "没问题", "包装完好"],
  en: ["Received, thanks", "All good", "Well packed"],
};

function confirm(world: World, order: Order, deliveredMs: number): void {
  const random = world.dice.orders;
  const about = { order: order.id, merchant: order.merchant.id };
  // Who does not confirm is taken to have done so after ten days.
  const confirmedMs = random.chance(0.6)
    ? deliveredMs + random.integer(30, 4 * 1_440) * minuteMs
    : deliveredMs + 10 * dayMs;
  if (random.chance(0.05)) {
    world.calendar.add(confirmedMs, "order.confirmed", {
      ...about,
      remark: random.pick(remarks[order.shopper.language]),
    });
  } else world.calendar.add(confirmedMs, "order.confirmed", about);
}
