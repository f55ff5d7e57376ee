import { dayMs, hourMs } from "./calendar.ts";
import { carriers, type Merchant } from "./merchants.ts";
import { regions } from "./names.ts";
import { momentOf } from "./rhythm.ts";
import type { Shopper } from "./shoppers.ts";
import { isOpen, type World } from "./world.ts";

/** Bad batches at honest shops, logistics strikes and a leak: when they come, and what is said of them. */
export function planCrises(world: World): void {
  const random = world.dice.crises;
  const { startDay, days, endDay } = world.settings;
  const honest = world.merchants.filter((merchant) => merchant.kind === "honest" && merchant.weight > 0);
  const hit = random.shuffled(honest).slice(0, Math.max(1, Math.round(world.merchants.length / 30)));
  for (const merchant of hit) {
    const first = Math.max(merchant.openedDay + 1, startDay + Math.floor(days * 0.3));
    if (first > endDay) continue;
    const fromDay = random.integer(first, Math.max(first, startDay + Math.floor(days * 0.85)));
    spoilBatch(world, merchant, fromDay, fromDay + random.integer(9, 20));
  }
  for (let count = Math.max(1, Math.round(days / 180)); count > 0; count -= 1) {
    const fromDay = startDay + Math.floor(days * random.between(0.25, 0.9));
    strike(world, fromDay, Math.min(endDay, fromDay + random.integer(5, 11)));
  }
  const careless = world.merchants.filter((merchant) => merchant.kind === "sloppy" && isOpen(merchant, startDay));
  if (careless.length > 0) {
    const merchant = random.pick(careless);
    world.calendar.add(momentOf(startDay + Math.floor(days * 0.55), random), "privacy.breached", {
      incident: world.newId("i"),
      merchant: merchant.id,
      people: random.integer(40, 900),
      summary: "订单表格外泄 (an order sheet was left open)",
    });
  }
}

function spoilBatch(world: World, merchant: Merchant, fromDay: number, toDay: number): void {
  const random = world.dice.crises;
  merchant.badBatches.push({ fromDay, toDay, defect: random.between(0.25, 0.45) });
  world.truth.crises.push({ kind: "bad-batch", merchant: merchant.id, fromDay, toDay });
  if (random.chance(0.7)) {
    world.calendar.add(momentOf(fromDay + random.integer(6, 12), random), "incident.reported", {
      incident: world.newId("i"),
      merchant: merchant.id,
      kind: "bad-batch",
      severity: random.pick(["medium", "high"]),
      summary: "同一批次商品质量投诉集中 (complaints about one batch pile up)",
    });
  }
}

function strike(world: World, fromDay: number, toDay: number): void {
  const random = world.dice.crises;
  const carrier = random.pick(carriers);
  const affected = random.shuffled(regions).slice(0, 4);
  world.strikes.push({ carrier, regions: affected, fromDay, toDay });
  world.truth.crises.push({ kind: "logistics-strike", carrier, regions: affected, fromDay, toDay });
  world.calendar.add(momentOf(fromDay + 1, random), "notice.published", {
    notice: world.newId("a"),
    subject: `物流延误通知：${carrier} ${affected.join("、")} (deliveries are delayed)`,
  });
}

/** Whether a parcel handed over at that time is caught in a strike. */
export function struck(world: World, merchant: Merchant, shopper: Shopper, shippedMs: number): boolean {
  const day = Math.floor(shippedMs / dayMs);
  return world.strikes.some(
    (each) =>
      each.fromDay - 2 <= day &&
      day <= each.toDay &&
      each.carrier === merchant.carrier &&
      each.regions.includes(shopper.region),
  );
}

/** The small incidents of any day. */
export function stumble(world: World, day: number): void {
  const random = world.dice.crises;
  for (let count = random.poisson(world.merchants.length / 900); count > 0; count -= 1) {
    const merchant = random.pick(world.merchants);
    if (!isOpen(merchant, day)) continue;
    world.calendar.add(momentOf(day, random) + hourMs / 4, "incident.reported", {
      incident: world.newId("i"),
      merchant: merchant.id,
      kind: random.pick(["price-error", "system-outage", "packaging", "advertising"]),
      severity: random.chance(merchant.kind === "honest" ? 0.05 : 0.3) ? "medium" : "low",
      summary: "日常运营问题 (an everyday mishap)",
    });
  }
}
