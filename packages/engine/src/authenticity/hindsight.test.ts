import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawer, roughMarket } from "./evidence.fixture.ts";
import { emptyOrders, type MarketEvidence, type OrderColumns } from "./evidence.ts";
import { doubtAround, findTies, lookBack, tieBits } from "./hindsight.ts";
import { findLikeness } from "./likeness.ts";

const dayS = 86_400;
const size = { people: 9, merchants: 4, orders: 60, reviews: 40, follows: 10 };

function doubtsOf({ orders, reviews }: MarketEvidence, seed: number): { orders: Float64Array; reviews: Float64Array } {
  const draw = drawer(seed + 500);
  return {
    orders: Float64Array.from({ length: orders.count }, () => draw(1_001) / 1_000),
    reviews: Float64Array.from({ length: reviews.count }, () => draw(1_001) / 1_000),
  };
}

describe("doubtAround", () => {
  it("equals the mean of the owner's other rows within a week, shrunk", () => {
    const rows = fc.array(
      fc.tuple(fc.integer({ min: -1, max: 2 }), fc.oneof(fc.nat(30), fc.constant(Number.NaN)), fc.nat(100)),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(rows, (given) => {
        const owner = Int32Array.from(given, ([whose]) => whose);
        const times = Float64Array.from(given, ([, day]) => day * dayS);
        const doubt = Float64Array.from(given, ([, , percent]) => percent / 100);
        const usual = doubt.reduce((sum, value) => sum + value, 0) / doubt.length;
        doubtAround(owner, times, doubt).forEach((found, row) => {
          if ((owner[row] as number) < 0 || Number.isNaN(times[row])) return expect(found).toBeNaN();
          const others = [...owner.keys()].filter(
            (other) =>
              other !== row &&
              owner[other] === owner[row] &&
              Math.abs((times[other] as number) - (times[row] as number)) <= 7 * dayS,
          );
          const sum = others.reduce((total, other) => total + (doubt[other] as number), 0);
          expect(found).toBeCloseTo((sum + 3 * usual) / (others.length + 3), 9);
        });
      }),
    );
  });
});

/** Bits of each pair of buyers by looking at all pairs of orders. */
function naiveSharing({ count, buyer, device, payer, address }: OrderColumns): Map<string, number> {
  const bitsOf = new Map<string, number>();
  const things = [
    [tieBits.device, device],
    [tieBits.payer, payer],
    [tieBits.address, address],
  ] as const;
  for (let pair = 0; pair < count * count; pair += 1) {
    const [one, other] = [Math.floor(pair / count), pair % count];
    const [a, b] = [buyer[one] as number, buyer[other] as number];
    if (a < 0 || a >= b) continue;
    for (const [bit, ids] of things)
      if ((ids[one] as number) >= 0 && ids[one] === ids[other])
        bitsOf.set(`${a} ${b}`, (bitsOf.get(`${a} ${b}`) ?? 0) | bit);
  }
  return bitsOf;
}

describe("findTies", () => {
  it("ties exactly who shares a thing, where no partner is left out", () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const market = roughMarket(seed, { ...size, people: 6, orders: 12, reviews: 0 });
      const ties = findTies(market, findLikeness(market));
      const bitsOf = naiveSharing(market.orders);
      const found = new Map(
        [...ties.a].map((a, edge) => [`${a} ${ties.b[edge]}`, (ties.bits[edge] as number) & 7] as const),
      );
      for (const [pair, bits] of found) if (bits !== 0) expect([pair, bits]).toEqual([pair, bitsOf.get(pair)]);
      expect([...found].filter(([, bits]) => bits !== 0).length).toBe(bitsOf.size);
      ties.a.forEach((a, edge) => expect(a).toBeLessThan(ties.b[edge] as number));
    }
  });

  it("ties a device of 50,000 accounts to a few each, not to a square of pairs", () => {
    const orders = emptyOrders(50_000);
    orders.buyer.forEach((_, row) => {
      orders.buyer[row] = row;
      orders.merchant[row] = row % 50;
      orders.placed[row] = row;
      orders.device[row] = 0;
    });
    const base = roughMarket(1, { ...size, orders: 0, reviews: 0, follows: 0 });
    const market = { ...base, people: 50_000, merchants: 50, devices: 1, orders };
    expect(findTies(market, findLikeness(market)).a.length).toBeLessThanOrEqual(8 * 50_000);
  });
});

/** What doubts are above their mean, as shares of what is left above it. */
function aboveMean(doubts: Float64Array): Float64Array {
  const usual = Math.min(0.5, doubts.reduce((sum, value) => sum + value, 0) / doubts.length);
  return doubts.map((value) => Math.max(0, (value - usual) / (1 - usual)));
}

describe("lookBack", () => {
  it("takes a row's own doubt and that of its order out of its account's mean", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const market = roughMarket(seed, size);
      const { orders, reviews } = market;
      const given = doubtsOf(market, seed);
      const doubts = { orders: aboveMean(given.orders), reviews: aboveMean(given.reviews) };
      const found = lookBack(market, findLikeness(market), given);
      const about = (review: number): number => {
        const order = reviews.order[review] as number;
        return order >= 0 && orders.buyer[order] === reviews.reviewer[review] ? order : -1;
      };
      const mean = (who: number, isLeftOut: (kind: "order" | "review", row: number) => boolean): number => {
        const own = [
          ...[...orders.buyer.keys()]
            .filter((row) => orders.buyer[row] === who && !isLeftOut("order", row))
            .map((row) => doubts.orders[row] as number),
          ...[...reviews.reviewer.keys()]
            .filter((row) => reviews.reviewer[row] === who && !isLeftOut("review", row))
            .map((row) => doubts.reviews[row] as number),
        ];
        return own.length === 0
          ? Number.NaN
          : (own.reduce((sum, value) => sum + value, 0) + 0.5 * 0.03) / (own.length + 0.5);
      };
      const near = (value: number, expected: number): void =>
        Number.isNaN(expected) ? expect(value).toBeNaN() : expect(value).toBeCloseTo(expected, 9);
      orders.buyer.forEach((who, row) => {
        if (who < 0) return expect(found.orders["own-doubt"][row]).toBeNaN();
        near(
          found.orders["own-doubt"][row] as number,
          mean(who, (kind, other) => (kind === "order" ? other === row : about(other) === row)),
        );
      });
      reviews.reviewer.forEach((who, row) => {
        const order = about(row);
        near(
          found.reviews["own-doubt"][row] as number,
          mean(who, (kind, other) =>
            order < 0
              ? kind === "review" && other === row
              : kind === "order"
                ? other === order
                : about(other) === order,
          ),
        );
        const own =
          order < 0
            ? undefined
            : [...reviews.order.keys()].some(
                (other) => about(other) === order && (reviews.stars[other] as number) >= 4,
              );
        if (own !== undefined) expect(found.orders.praised[order]).toBe(own ? 1 : 0);
      });
    }
  });

  it("knows nothing of a market without rows, and gives no column beyond its bounds", () => {
    const none = roughMarket(1, { ...size, orders: 0, reviews: 0, follows: 0 });
    const empty = lookBack(none, findLikeness(none), { orders: new Float64Array(), reviews: new Float64Array() });
    expect(empty.ties.a.length).toBe(0);
    const market = roughMarket(3, size);
    const found = lookBack(market, findLikeness(market), doubtsOf(market, 3));
    for (const [name, column] of [...Object.entries(found.orders), ...Object.entries(found.reviews)])
      for (const value of column)
        if (!Number.isNaN(value)) expect([name, value >= 0 && value <= 1]).toEqual([name, true]);
  });
});
