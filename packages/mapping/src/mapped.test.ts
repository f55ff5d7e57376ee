import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dryRun } from "./dry-run.ts";
import type { Cells, ImportItem } from "./import.ts";
import { rowMapper } from "./mapped.ts";
import { parseMapping } from "./mapping.ts";

const shop = readFileSync(join(import.meta.dirname, "golden", "shop.mapping.yaml"), "utf8");
const map = rowMapper(parseMapping(shop));

const full: Cells = {
  order_no: "o1",
  user: "u1",
  total: "17.87",
  created: "2024-02-29 10:00:00",
  sku: "p1",
  pieces: "2",
  ship_by: "2024-03-02 00:00:00",
  city: "上海",
  street: "南京路 1",
  channel: "live",
  arrived: "1709400000",
  back: "2024-03-04T10:00:00+08:00",
  state: "broken",
  why: "质量问题",
};

const items = (change: Cells): ImportItem[] => map({ file: "f.csv", line: 7, cells: { ...full, ...change } });
const events = (change: Cells) => items(change).flatMap((item) => ("event" in item ? [item.event] : []));
const rejects = (change: Cells) => items(change).flatMap((item) => ("reject" in item ? [item.reject] : []));

describe("rowMapper", () => {
  test("makes an event for each rule that wants the row", () => {
    const [placed, delivered, returned] = events({});
    expect(placed).toEqual({
      specversion: "1.0",
      source: "urn:shop:orders",
      type: "order.placed",
      id: "order-placed-o1",
      time: "2024-02-29T10:00:00+08:00",
      data: {
        order: "o1",
        merchant: "merchant-1",
        buyer: "u1",
        amount: 1_787,
        currency: "CNY",
        items: [{ product: "p1", quantity: 2, amount: 1_787 }],
        shipBy: "2024-03-02T00:00:00+08:00",
        shipTo: "上海 南京路 1",
        "x-channel": "live",
      },
    });
    expect(delivered).toMatchObject({ time: "2024-03-02T17:20:00Z", data: { damaged: true } });
    expect(returned).toMatchObject({ data: { return: "o1-r", kind: "return", reason: "defect" } });
  });

  test("leaves out what is empty and may be left out", () => {
    const [placed] = events({ ship_by: "", street: "", channel: undefined });
    expect(Object.keys(placed?.data ?? {})).toEqual(["order", "merchant", "buyer", "amount", "currency", "items"]);
  });

  test("conditions: present, not, and a word outside the map", () => {
    expect(events({ arrived: "", back: "" }).map(({ type }) => type)).toEqual(["order.placed"]);
    expect(events({ state: "void" }).map(({ type }) => type)).toEqual(["order.placed", "order.delivered"]);
    expect(events({ state: "fine" })[1]?.data["damaged"]).toBe(false);
    expect(events({ why: "不喜欢" })[2]?.data["reason"]).toBe("other");
    expect(events({ why: "" })[2]?.data["reason"]).toBe("other");
  });

  test.each([
    [{ total: "17.875" }, "total", "more decimals than CNY"],
    [{ total: "" }, "total", "amount is required"],
    [{ pieces: "two" }, "pieces", "is not a whole number"],
    [{ pieces: "0" }, "items.0.quantity", "must be at least 1"],
    [{ created: "2023-02-29 10:00:00" }, "created", "not a time that exists"],
    [{ created: "" }, "created", "is empty"],
    [{ order_no: "" }, "order_no", "is empty"],
    [{ order_no: "x".repeat(200) }, "id", "must have at most"],
    [{ user: "a\u0007b" }, "user", "control characters"],
    [{ user: { first: "a" } }, "user", "is a list or an object"],
    [{ channel: "x".repeat(501) }, "channel", "at most 500"],
    [{ created: "1999-12-31 10:00:00" }, "time", "before 2000-01-01"],
  ])("%j is refused for %s", (change, field, reason) => {
    const [first] = rejects(change);
    expect(first).toMatchObject({
      file: "f.csv",
      line: 7,
      reason: expect.stringContaining(reason),
      raw: { sku: "p1" },
    });
    expect(field.includes(".") ? first?.reason : first?.field).toContain(field);
    expect(first?.reason).toContain("rule 1 (order.placed)");
  });

  test("nested objects and lists of a JSON row", () => {
    const nested = rowMapper(
      parseMapping(`
source: urn:shop
money: { unit: minor, currency: { column: pay.currency } }
events:
  - type: order.placed
    id: "placed-{id}"
    time: { column: at, format: unix-ms }
    data:
      order: { column: id }
      merchant: { column: shop.id }
      buyer: { column: buyer.id }
      amount: { column: pay.total, as: money }
      currency: { column: pay.currency }
      items:
        each: lines
        item:
          product: { column: sku }
          quantity: { column: n, as: integer }
          amount: { column: sum, as: money }
  - type: review.posted
    when: { column: review.stars, present: true }
    id: "review-{id}"
    time: { column: at, format: unix-ms }
    data:
      review: { column: id }
      merchant: { column: shop.id }
      buyer: { column: buyer.id }
      stars: { column: review.stars, as: integer }
      aspects: { object: { service: { column: review.service, as: integer } } }
`),
    );
    const cells = {
      id: 12,
      at: 1_709_400_000_000,
      shop: { id: "m1" },
      buyer: { id: "b1" },
      pay: { total: 500, currency: "JPY" },
      lines: [
        { sku: "a", n: 1, sum: 200 },
        { sku: "b", n: 3, sum: 300 },
      ],
      review: { stars: 5 },
    };
    expect(nested({ file: "f.jsonl", line: 1, cells })).toMatchObject([
      {
        event: {
          id: "placed-12",
          data: {
            order: "12",
            amount: 500,
            items: [
              { product: "a", quantity: 1, amount: 200 },
              { product: "b", quantity: 3, amount: 300 },
            ],
          },
        },
      },
      { event: { data: { review: "12", stars: 5 } } },
    ]);
    expect(nested({ file: "f.jsonl", line: 1, cells: { ...cells, lines: "none" } })).toMatchObject([
      { reject: { field: "lines" } },
      { event: {} },
    ]);
  });
});

test("dryRun counts, shows the first events and finds ids that repeat", async () => {
  async function* rows(): AsyncGenerator<ImportItem> {
    for (let at = 0; at < 10; at++) yield* items({ order_no: at < 8 ? `o${at}` : "o0", total: at === 3 ? "-1" : "5" });
  }
  const result = await dryRun(rows());
  expect(result).toMatchObject({
    events: 29,
    rejected: 1,
    repeatedIds: 6,
    byType: { "order.placed": 9, "order.delivered": 10, "return.requested": 10 },
  });
  expect(result.first).toHaveLength(5);
  expect(result.rejects).toMatchObject([{ field: "total", line: 7 }]);
  expect((await dryRun(rows(), { nowMs: Date.parse("2024-03-01T00:00:00Z"), rejectsShown: 2 })).rejects).toHaveLength(
    2,
  );
});
