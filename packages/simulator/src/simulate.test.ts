import { createHash } from "node:crypto";
import { eventDefinition, type EventData, type ProbityEvent } from "@probity/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { simulate, simulateWithTruth, truthOf, type MerchantTruth, type SimulationOptions } from "./index.ts";

const small: SimulationOptions = { seed: 42, merchants: 24, orders: 1_200, days: 150 };
const large: SimulationOptions = { seed: 7, merchants: 120, orders: 20_000, days: 365 };

function fingerprint(events: Iterable<ProbityEvent>): { events: number; sha256: string } {
  const hash = createHash("sha256");
  let count = 0;
  for (const event of events) {
    hash.update(`${JSON.stringify(event)}\n`);
    count += 1;
  }
  return { events: count, sha256: hash.digest("hex") };
}

function expectSound(events: Iterable<ProbityEvent>, options: SimulationOptions): void {
  const ids = new Set<string>();
  let latest = "";
  let placed = 0;
  let count = 0;
  for (const event of events) {
    const outcome = eventDefinition(event.type)?.data.safeParse(event.data);
    if (outcome?.success !== true) {
      throw new Error(`${event.type} ${JSON.stringify(event.data)}: ${outcome?.error?.message ?? "unknown type"}`);
    }
    if (event.time < latest) throw new Error(`${event.id} at ${event.time} comes after ${latest}`);
    latest = event.time;
    ids.add(event.id);
    count += 1;
    if (event.type === "order.placed") placed += 1;
  }
  expect(ids.size).toBe(count);
  expect(placed).toBe(options.orders);
}

describe("the events", () => {
  test("are the same for the same seed, others for another", async () => {
    const first = fingerprint(simulate(small));
    expect(fingerprint(simulate(small))).toEqual(first);
    expect(fingerprint(simulate({ ...small, seed: 43 })).sha256).not.toBe(first.sha256);
    await expect(`${first.events} events, SHA-256 ${first.sha256}\n`).toMatchFileSnapshot("golden/seed-42.txt");
  });

  test("fit the contract, in order, under ids of their own, for any options", () => {
    const options = fc.record({
      seed: fc.nat(),
      merchants: fc.integer({ min: 1, max: 40 }),
      orders: fc.integer({ min: 1, max: 400 }),
      days: fc.integer({ min: 1, max: 200 }),
      crooks: fc.boolean(),
      crises: fc.boolean(),
    });
    fc.assert(
      fc.property(options, (drawn) => expectSound(simulate(drawn), drawn)),
      {
        numRuns: 25,
        // A ring's first order leaves nothing for its cover.
        examples: [[{ seed: 1, merchants: 7, orders: 1, days: 5, crooks: true, crises: false }]],
      },
    );
  });

  test("fit the contract in a larger world and speak of nearly everything", () => {
    const seen = new Set<string>();
    const heard = function* (): Generator<ProbityEvent> {
      for (const event of simulate(large)) {
        seen.add(event.type);
        yield event;
      }
    };
    expectSound(heard(), large);
    expect(seen.size).toBeGreaterThanOrEqual(44);
  });

  test("end on the day asked for and carry the source asked for", () => {
    const events = [...simulate({ ...small, endDay: 20_000, source: "urn:test" })];
    expect(events.every((event) => event.source === "urn:test")).toBe(true);
    expect(events[0]!.time).toBe("2024-05-08T00:00:00Z");
    expect(events.at(-1)!.time.slice(0, 10)).toBe("2024-10-04");
  });

  test("refuse options that make no world", () => {
    expect(() => simulate({ ...small, merchants: 0 })).toThrow(RangeError);
    expect(() => simulate({ ...small, days: 1.5 })).toThrow(RangeError);
  });

  test("tell a story in which nothing comes before its cause", () => {
    const opened = new Set<string>();
    const orders = new Set<string>();
    const reviews = new Set<string>();
    for (const { type, data } of simulate(small)) {
      if (type === "merchant.registered") opened.add(data.merchant);
      else if (type === "order.placed") {
        expect(opened.has(data.merchant)).toBe(true);
        expect(data.items.reduce((sum, item) => sum + item.amount, 0)).toBe(data.amount);
        orders.add(data.order);
      } else if (type === "order.paid" || type === "order.shipped" || type === "order.delivered") {
        expect(orders.has(data.order)).toBe(true);
      } else if (type === "review.posted") {
        expect(orders.has(data.order!)).toBe(true);
        reviews.add(data.review);
      } else if (type === "review.edited" || type === "review.replied" || type === "review.voted") {
        expect(reviews.has(data.review)).toBe(true);
      }
    }
  });
});

describe("the truth", () => {
  const { events: generator, truth } = simulateWithTruth(large);
  const events = [...generator];
  const of = <T extends ProbityEvent["type"]>(type: T): EventData<T>[] =>
    events.filter((event) => event.type === type).map((event) => event.data as EventData<T>);

  test("lists only what happened", () => {
    const reviews = new Set(of("review.posted").map((review) => review.review));
    const orders = new Set(of("order.placed").map((order) => order.order));
    const follows = new Set(of("user.followed").map((follow) => `${follow.user} ${follow.followed}`));
    expect(truth.counts).toEqual({ orders: orders.size, reviews: reviews.size });
    for (const review of truth.reviews.keys()) expect(reviews.has(review)).toBe(true);
    for (const order of truth.orders.keys()) expect(orders.has(order)).toBe(true);
    for (const follow of truth.followers.keys()) expect(follows.has(follow)).toBe(true);
    expect(truth.merchants.size).toBe(large.merchants);
  });

  test("knows every kind of merchant and of attack", () => {
    const kinds = new Set([...truth.merchants.values()].map((merchant) => merchant.kind));
    expect([...kinds].toSorted()).toEqual(["failing", "fraudulent", "honest", "improving", "sloppy"]);
    const attacks = new Set([...truth.reviews.values()].map((review) => review.attack));
    for (const attack of ["brushing", "farm", "bad-mouthing", "camouflage", "bribed"])
      expect(attacks).toContain(attack);
    const rings = new Set([...truth.rings.values()].map((ring) => ring.kind));
    expect([...rings].toSorted()).toEqual(["bad-mouthing", "bought-followers", "brushing", "farm"]);
    expect(new Set(truth.crises.map((crisis) => crisis.kind)).size).toBe(2);
    expect(truth.maliciousReturners.size).toBeGreaterThan(0);
    expect(truth.crookedPromoters.size).toBeGreaterThan(0);
  });

  test("agrees with what the orders of its rings say", () => {
    const placed = new Map(of("order.placed").map((order) => [order.order, order]));
    for (const [order, { ring, role }] of truth.orders) {
      const found = truth.rings.get(ring);
      if (found === undefined) {
        expect(truth.crookedPromoters.has(ring)).toBe(true);
        continue;
      }
      const { buyer, merchant } = placed.get(order)!;
      expect(found.members).toContain(buyer);
      if (role !== "camouflage") expect(found.targets).toContain(merchant);
    }
  });

  test("stands apart in the facts: frauds lose several times the disputes of the honest", () => {
    const kindOf = (merchant: string): MerchantTruth["kind"] => truth.merchants.get(merchant)!.kind;
    const genuine = of("order.placed").filter((order) => !truth.orders.has(order.order));
    const rate = (kind: MerchantTruth["kind"]): number => {
      const orders = genuine.filter((order) => kindOf(order.merchant) === kind).length;
      const lost = of("dispute.decided").filter((each) => each.fault === "merchant" && kindOf(each.merchant) === kind);
      return lost.length / orders;
    };
    expect(rate("fraudulent")).toBeGreaterThan(8 * rate("honest"));
    expect(rate("sloppy")).toBeGreaterThan(1.5 * rate("honest"));
  });

  test("stays out of the events: brushing looks like any order to who only reads ids", () => {
    const ids = of("order.placed").map((order) => order.order);
    expect(ids.every((id) => /^o-[0-9a-z]{1,7}$/.test(id))).toBe(true);
    expect(JSON.stringify(events.slice(0, 5_000))).not.toMatch(/brush|farm-|ring-|fraud/);
  });

  test("a bad batch shows in the returns of its days", () => {
    const batches = truth.crises.filter((crisis) => crisis.kind === "bad-batch");
    const dayOf = new Map(
      events
        .filter((event) => event.type === "order.placed")
        .map((event) => [(event.data as EventData<"order.placed">).order, Date.parse(event.time) / 86_400_000]),
    );
    const returned = new Set(of("return.requested").map((each) => each.order));
    let during = 0;
    let hit = 0;
    for (const order of of("order.placed")) {
      const day = Math.floor(dayOf.get(order.order)!);
      if (!batches.some((batch) => batch.merchant === order.merchant && batch.fromDay <= day && day <= batch.toDay))
        continue;
      during += 1;
      if (returned.has(order.order)) hit += 1;
    }
    expect(during).toBeGreaterThan(5);
    expect(hit / during).toBeGreaterThan(0.1);
  });

  test("genuine reviews differ, near-duplicate rings repeat themselves", () => {
    const genuine: string[] = [];
    const byRing = new Map<string, string[]>();
    for (const { review, text } of of("review.posted")) {
      if (text === undefined) continue;
      const fake = truth.reviews.get(review);
      if (fake === undefined) genuine.push(text);
      else if (fake.attack === "brushing" && truth.rings.get(fake.ring!)!.wording === "near-duplicate") {
        byRing.set(fake.ring!, [...(byRing.get(fake.ring!) ?? []), text.slice(0, 6)]);
      }
    }
    expect(new Set(genuine).size / genuine.length).toBeGreaterThan(0.6);
    const openings = [...byRing.values()].filter((texts) => texts.length >= 30);
    expect(openings.length).toBeGreaterThan(0);
    for (const texts of openings) expect(new Set(texts).size / texts.length).toBeLessThan(0.8);
  });

  test("is clean where crooks and crises are left out", () => {
    const clean = truthOf({ ...small, crooks: false, crises: false });
    expect([...clean.merchants.values()].some((merchant) => merchant.kind === "fraudulent")).toBe(false);
    const dirt = [
      clean.orders,
      clean.reviews,
      clean.followers,
      clean.rings,
      clean.maliciousReturners,
      clean.crookedPromoters,
    ];
    expect(dirt.map((each) => each.size)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(clean.crises).toEqual([]);
  });
});
