import { scenarios } from "@probity/simulator";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BookIds, EvidenceBook } from "./evidence-book.ts";
import { drawer } from "./evidence.fixture.ts";
import type { MarketEvidence } from "./evidence.ts";
import { type EvidenceEvent, evidenceTypes, patchOf } from "./patch.ts";
import type { WordReader } from "./text-marks.ts";

const reader: WordReader = {
  sentiment: (text) => Math.min(1_000, text.length),
  tellsOfIncentive: (text) => text.includes("返现"),
};
const event = (type: string, day: number, data: Readonly<Record<string, unknown>>): EvidenceEvent => ({
  type,
  timeMs: day * 86_400_000,
  data,
  sealed: {},
});

function columnsOf(events: readonly EvidenceEvent[]): { evidence: MarketEvidence; ids: BookIds } {
  const book = new EvidenceBook(reader);
  for (const one of events) book.take(one);
  return book.columns();
}

/** Rows by their ids, every dense number as the id behind it: the same whatever the order in which ids were met. */
function named({ evidence, ids }: ReturnType<typeof columnsOf>): unknown {
  const { orders, reviews, follows } = evidence;
  const rows = <C extends object>(
    columns: C,
    keys: readonly (readonly string[])[],
    names: Readonly<Record<string, readonly string[]>>,
  ) =>
    keys
      .map((key, row) => [
        key.join("/"),
        Object.entries(columns).flatMap(([name, column]) => {
          if (
            typeof column === "number" ||
            name === "signature" ||
            ["device", "payer", "address", "carrier", "order"].includes(name)
          )
            return [];
          const value = (column as ArrayLike<number>)[row] as number;
          return [[name, names[name] === undefined || value < 0 ? value : names[name][value]]];
        }),
      ])
      .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
  const { people, merchants, products, targets } = ids;
  return {
    orders: rows(orders, ids.orders, { merchant: merchants, buyer: people, product: products }),
    reviews: rows(reviews, ids.reviews, { merchant: merchants, reviewer: people, product: products }),
    follows: rows(follows, ids.follows, { target: targets, user: people }),
    about: [...reviews.order]
      .map((order, row) => [ids.reviews[row]?.join("/"), order < 0 ? null : ids.orders[order]?.join("/")])
      .sort(),
    texts: [...ids.reviews.keys()]
      .map((row) => [ids.reviews[row]?.join("/"), reviews.signature.slice(row * 32, row * 32 + 4).join()])
      .sort(),
    shared: ["device", "payer", "address", "carrier"].map((name) => {
      const column = orders[name as "device"];
      return [...ids.orders.keys()]
        .map((row) => [
          ids.orders[row]?.join("/"),
          (column[row] as number) < 0 ? -1 : column.filter((own) => own === column[row]).length,
        ])
        .sort();
    }),
  };
}

describe("EvidenceBook", () => {
  it("gives the same columns for events in any order", () => {
    const { events } = scenarios.brushingRing({ seed: 3, population: 3 });
    const own = events
      .filter(({ type }) => evidenceTypes.includes(type))
      .slice(0, 1_500)
      .map(({ type, time, data }) => ({ type, timeMs: Date.parse(time), data, sealed: {} }));
    const expected = named(columnsOf(own));
    for (let seed = 1; seed <= 3; seed += 1) {
      const draw = drawer(seed);
      const mixed = own.map((one) => ({ one, at: draw(1_000_000) })).toSorted((a, b) => a.at - b.at);
      expect(named(columnsOf(mixed.map(({ one }) => one)))).toEqual(expected);
    }
  });

  it("does not count an event twice", () => {
    const { events } = scenarios.boughtFollowers({ seed: 3, population: 2 });
    const own = events
      .slice(0, 2_000)
      .map(({ type, time, data }) => ({ type, timeMs: Date.parse(time), data, sealed: {} }));
    expect(named(columnsOf([...own, ...own]))).toEqual(named(columnsOf(own)));
  });

  it("keeps the first time of a milestone and the last words of a review", () => {
    const about = { merchant: "m", order: "o" };
    const review = { merchant: "m", review: "r", buyer: "b", stars: 1, text: "很差，再也不买了，太失望" };
    const events = [
      event("order.delivered", 5, about),
      event("order.placed", 2, { ...about, buyer: "b", items: [{ product: "p" }], device: "d" }),
      event("order.delivered", 4, about),
      event("order.shipped", 3, { ...about, carrier: "c", trackingValid: true }),
      event("review.edited", 9, { merchant: "m", review: "r", stars: 5, text: "好评返现，非常满意的一次购物" }),
      event("review.posted", 7, review),
      event("review.edited", 8, { merchant: "m", review: "r", stars: 3, text: "一般般吧，没有想象的那么好" }),
    ];
    for (const order of [events, events.toReversed()]) {
      const { evidence } = columnsOf(order);
      expect([evidence.orders.delivered[0], evidence.orders.tracking[0]]).toEqual([4 * 86_400, 1]);
      expect([evidence.reviews.stars[0], evidence.reviews.incentiveWords[0], evidence.reviews.posted[0]]).toEqual([
        5,
        1,
        7 * 86_400,
      ]);
    }
  });

  it("leaves out what was never placed, posted or followed, and what was removed", () => {
    const { evidence } = columnsOf([
      event("order.shipped", 1, { merchant: "m", order: "o" }),
      event("review.removed", 1, { merchant: "m", review: "r" }),
      event("review.posted", 2, { merchant: "m", review: "r", buyer: "b", stars: 5 }),
      event("content.liked", 2, { user: "u", kind: "merchant", followed: "m" }),
      event("merchant.registered", 1, { merchant: "m" }),
    ]);
    expect([evidence.orders.count, evidence.reviews.count, evidence.follows.count]).toEqual([0, 0, 0]);
  });

  it("takes an insider's word while it holds", () => {
    const posted = event("review.posted", 2, { merchant: "m", review: "r", buyer: "b", stars: 5 });
    const declared = (holds: boolean, day: number): EvidenceEvent =>
      event("insider.declared", day, { merchant: "m", user: "b", holds });
    expect(columnsOf([declared(true, 5), posted]).evidence.reviews.insider[0]).toBe(1);
    expect(columnsOf([declared(false, 6), declared(true, 5), posted]).evidence.reviews.insider[0]).toBe(0);
  });
});

describe("patchOf", () => {
  it("prefers what stands under the person's key, and drops what is empty", () => {
    const placed = { merchant: "m", order: "o", buyer: "b", items: [], device: "", payer: "open" };
    const patch = patchOf({ type: "order.placed", timeMs: 1_000, data: placed, sealed: { payer: "sealed" } });
    expect(patch).toEqual({ table: "order", merchant: "m", order: "o", buyer: "b", placed: 1, payer: "sealed" });
  });

  it("takes what the platform itself says of us as its word", () => {
    expect(
      patchOf(event("follow.assessed", 1, { kind: "promoter", followed: "r", user: "u", reliability: 3 })),
    ).toMatchObject({
      table: "told",
      kind: "follow",
      reliability: 3,
    });
  });

  it("adds nothing for any other event", () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.string()), (type, data) => {
        fc.pre(!evidenceTypes.includes(type) && type !== "insider.declared");
        expect(patchOf({ type, timeMs: 0, data, sealed: {} })).toBeUndefined();
      }),
    );
  });
});
