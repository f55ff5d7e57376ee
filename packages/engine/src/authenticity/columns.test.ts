import { describe, expect, it } from "vitest";
import { atFirst, blank, type ColumnTable, tableOf, withColumns } from "./column-table.ts";
import { roughMarket, shuffled } from "./evidence.fixture.ts";
import { followSpecs, followTable } from "./follow-columns.ts";
import { findLikeness } from "./likeness.ts";
import { orderSpecs, orderTable } from "./order-columns.ts";
import { tallyPeople } from "./person-tallies.ts";
import { reviewSpecs, reviewTable } from "./review-columns.ts";

const dayS = 86_400;
const size = { people: 12, merchants: 3, orders: 50, reviews: 40, follows: 20 };

function tables(seed: number): {
  market: ReturnType<typeof roughMarket>;
  order: ColumnTable;
  review: ColumnTable;
  follow: ColumnTable;
} {
  const market = roughMarket(seed, size);
  return { market, ...tablesOf(market) };
}

function tablesOf(market: ReturnType<typeof roughMarket>): {
  order: ColumnTable;
  review: ColumnTable;
  follow: ColumnTable;
} {
  const people = tallyPeople(market);
  const like = findLikeness(market);
  const order = orderTable(market, people, like.likesAtMerchant);
  return {
    order,
    review: reviewTable(market, people, like, order),
    follow: followTable(market, people),
  };
}

function columnOf({ specs, columns }: ColumnTable, name: string): Float64Array {
  return columns[specs.findIndex((spec) => spec.name === name)] as Float64Array;
}

describe("columns of orders", () => {
  it("count the buyer's orders at the merchant within a day as looking at all rows does", () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const { market, order } = tables(seed);
      const { buyer, merchant, placed } = market.orders;
      columnOf(order, "orders-same-day").forEach((found, row) => {
        if ((buyer[row] as number) < 0) return expect(found).toBeNaN();
        const near = [...buyer.keys()].filter(
          (other) =>
            buyer[other] === buyer[row] &&
            merchant[other] === merchant[row] &&
            Math.abs((placed[other] as number) - (placed[row] as number)) <= dayS,
        );
        expect(found).toBe(near.length);
      });
    }
  });

  it("do not depend on the order of rows", () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const { market, order, review } = tables(seed);
      const other = shuffled(market, seed);
      const moved = tablesOf(other.evidence);
      order.columns.forEach((column, place) =>
        column.forEach((value, row) => expect(moved.order.columns[place]?.[other.orderTo[row] as number]).toBe(value)),
      );
      expect(moved.review.columns).toEqual(review.columns);
    }
  });
});

describe("columns of reviews", () => {
  it("say how far stars lie from the merchant's others", () => {
    const { market, review } = tables(4);
    const { stars, merchant } = market.reviews;
    const mean = stars.reduce((sum, value) => sum + value, 0) / stars.length;
    columnOf(review, "deviation").forEach((found, row) => {
      const others = [...merchant.keys()].filter((other) => other !== row && merchant[other] === merchant[row]);
      const sum = others.reduce((total, other) => total + (stars[other] as number), 0);
      expect(found).toBeCloseTo((stars[row] as number) - (sum + 5 * mean) / (others.length + 5), 9);
    });
  });

  it("tell an own delivered order from an own one, another's and none", () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const { market, review } = tables(seed);
      const { orders, reviews } = market;
      columnOf(review, "purchase").forEach((found, row) => {
        const order = reviews.order[row] as number;
        if (order < 0) return expect(found).toBe(0);
        if (orders.buyer[order] !== reviews.reviewer[row]) return expect(found).toBe(1);
        const arrived = [orders.delivered[order], orders.confirmed[order]].some(
          (time) => (time as number) <= (reviews.posted[row] as number),
        );
        expect(found).toBe(arrived ? 3 : 2);
      });
      const counts = [...reviews.reviewer.keys()].map(
        (row) =>
          [...orders.buyer.keys()].filter(
            (other) =>
              orders.buyer[other] === reviews.reviewer[row] && orders.merchant[other] === reviews.merchant[row],
          ).length,
      );
      expect([...columnOf(review, "orders-at-merchant")]).toEqual(counts.map((count) => Math.log2(1 + count)));
    }
  });
});

describe("columns of follows", () => {
  it("say who else follows within a day without a footprint", () => {
    const { market, follow } = tables(7);
    const { target, user, followed } = market.follows;
    const people = tallyPeople(market);
    const empty = (who: number): number =>
      people.orders[who] === 0 &&
      people.reviews[who] === 0 &&
      people.active[who] === 0 &&
      (people.follows[who] as number) < 2
        ? 1
        : 0;
    const usual = user.reduce((sum, who) => sum + empty(who), 0) / user.length;
    columnOf(follow, "empty-around").forEach((found, row) => {
      const near = [...target.keys()].filter(
        (other) =>
          other !== row &&
          target[other] === target[row] &&
          Math.abs((followed[other] as number) - (followed[row] as number)) <= dayS,
      );
      const sum = near.reduce((total, other) => total + empty(user[other] as number), 0);
      expect(found).toBeCloseTo((sum + 4 * usual) / (near.length + 4), 9);
    });
  });
});

describe("a table of columns", () => {
  it("leaves blank what is not given, refuses strangers, forgets what hindsight knew", () => {
    const table = tableOf(2, orderSpecs, { ring: Float64Array.of(1, 2), kept: Float64Array.of(3, 4) });
    expect(columnOf(table, "kept")).toEqual(Float64Array.of(3, 4));
    expect(columnOf(table, "merchant-surprise")).toEqual(blank(2));
    expect(columnOf(atFirst(table), "ring")).toEqual(blank(2));
    expect(columnOf(atFirst(table), "kept")).toEqual(Float64Array.of(3, 4));
    expect(columnOf(withColumns(table, { ring: Float64Array.of(5, 6) }), "ring")).toEqual(Float64Array.of(5, 6));
    expect(() => tableOf(1, orderSpecs, { stars: blank(1) })).toThrow(/stars is no column/);
  });

  it("names each column once, and is whole for markets of no rows", () => {
    for (const specs of [orderSpecs, reviewSpecs, followSpecs])
      expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
    const none = tablesOf(roughMarket(1, { ...size, orders: 0, reviews: 0, follows: 0 }));
    for (const table of Object.values(none))
      expect([table.rows, table.columns.every(({ length }) => length === 0)]).toEqual([0, true]);
  });
});
