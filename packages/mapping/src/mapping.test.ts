import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ImportError } from "./import.ts";
import { checkMapping, parseMapping } from "./mapping.ts";
import { nearest } from "./nearest.ts";

const shop = readFileSync(join(import.meta.dirname, "golden", "shop.mapping.yaml"), "utf8");

function refused(work: () => unknown): ImportError {
  try {
    work();
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

/** The golden mapping with one piece of text replaced. */
function broken(from: string, to: string): ImportError {
  expect(shop).toContain(from);
  return refused(() => parseMapping(shop.replace(from, to), "shop.yaml"));
}

describe("parseMapping", () => {
  test("takes YAML and JSON alike", () => {
    const mapping = parseMapping(shop);
    expect(mapping.events.map(({ type }) => type)).toEqual(["order.placed", "order.delivered", "return.requested"]);
    expect(parseMapping(JSON.stringify(mapping))).toEqual(mapping);
  });

  test.each([
    [
      "type: order.placed",
      "type: order.place",
      "/events/0/type",
      "rule 1 (order.place): order.place is not an event type; did you mean order.placed?",
    ],
    ["type: order.placed", "type: policy.published", "/events/0/type", "is written by the engine alone"],
    [
      "buyer: { column: user }",
      "buyr: { column: user }",
      "/events/0/data/buyr",
      "has no field buyr; did you mean buyer?",
    ],
    [
      "      buyer: { column: user }\n      amount",
      "      amount",
      "/events/0/data/buyer",
      "the required field buyer is not mapped",
    ],
    [
      "quantity: { column: pieces, as: integer }",
      "quantity: { column: pieces }",
      "/events/0/data/items/list/0/quantity",
      "needs as: integer or as: money",
    ],
    [
      "            quantity: { column: pieces, as: integer }\n",
      "",
      "/events/0/data/items/list/0/quantity",
      "is not mapped",
    ],
    [
      "shipBy: { column: ship_by, as: time,",
      "shipBy: { column: ship_by, as: boolean,",
      "/events/0/data/shipBy",
      "cannot be boolean; it takes as: time",
    ],
    ["kind: { const: return }", "kind: { const: retrun }", "/events/2/data/kind/const", "did you mean return?"],
    ["otherwise: other", "otherwise: others", "/events/2/data/reason/otherwise", "did you mean other?"],
    ["质量问题: defect", "质量问题: defects", "/events/2/data/reason/map/质量问题", "did you mean defect?"],
    ["money: { unit: major, currency: CNY }\n", "", "/events/0/data/amount", "is money, but"],
    ["currency: CNY }\nconstants", "currency: RMB }\nconstants", "/money/currency", "ISO 4217"],
    ['timeZone: "+08:00"', "timeZone: Asia/Shanghai", "/timeZone", "offset"],
    ['format: "YYYY-MM-DD HH:mm:ss" }\n    data', "format: iso }\n    data", "/events/0/time/format", "pattern"],
    ["source: urn:shop:orders", "sorce: urn:shop:orders", "/", "did you mean source?"],
    ['id: "order-placed-{order_no}"', "id: order-placed", "/events/0/id", "names no column"],
    ["order: { column: order_no }", "order: order_no", "/events/0/data/order", "must have one of column, const"],
    [
      "order: { column: order_no }",
      "order: { column: order_no, const: 1 }",
      "/events/0/data/order",
      "must have one of",
    ],
    ["order: { column: order_no }", "order: { list: [] }", "/events/0/data/order", "is not a list"],
    ["items:\n        list:", "items:\n        lists:", "/events/0/data/items", "must have one of"],
    [
      "damaged: { column: state, as: boolean, true: [broken] }",
      "damaged: { const: perhaps }",
      "/events/1/data/damaged/const",
      "true or false",
    ],
  ])("%s → %s", (from, to, path, rule) => {
    const { issues, file } = broken(from, to);
    expect(file).toBe("shop.yaml");
    expect(issues).toContainEqual({ path, rule: expect.stringContaining(rule) });
  });

  test("says where YAML breaks", () => {
    expect(refused(() => parseMapping("source: urn:x\nevents: [", "m.yaml"))).toMatchObject({
      file: "m.yaml",
      line: 2,
    });
  });

  test("random text gives ImportError or a mapping, nothing else", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: "binary" }),
          fc.json(),
          fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("latin1")),
        ),
        (text) => {
          expect(refused(() => parseMapping(text))).toBeInstanceOf(ImportError);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a mapping with any value in any place gives ImportError or a mapping", () => {
    const whole: unknown = JSON.parse(JSON.stringify(parseMapping(shop)));
    fc.assert(
      fc.property(fc.nat(200), fc.jsonValue(), (place, value) => {
        let left = place;
        const walk = (node: unknown): unknown => {
          if (left-- === 0) return value;
          if (Array.isArray(node)) return node.map(walk);
          if (typeof node === "object" && node !== null)
            return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]));
          return node;
        };
        try {
          parseMapping(JSON.stringify(walk(whole)));
        } catch (error) {
          expect(error).toBeInstanceOf(ImportError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("checkMapping", () => {
  const columns = [
    "order_no",
    "user",
    "total",
    "created",
    "sku",
    "pieces",
    "ship_by",
    "city",
    "street",
    "channel",
    "arrived",
    "back",
    "state",
    "why",
  ];
  const mapping = parseMapping(shop);

  test("takes a file with the columns", () => {
    expect(() => checkMapping(mapping, columns)).not.toThrow();
  });

  test.each([
    ["total", "totals", "/events/0/data/amount/column", "did you mean totals?"],
    ["arrived", "arived", "/events/1/when", "did you mean arived?"],
    ["created", "Created", "/events/0/time/column", "did you mean Created?"],
    ["order_no", "id", "/events/0/id", "the file has no column order_no"],
    ["street", "road", "/events/0/data/shipTo/text", "the file has no column street"],
  ])("a file with %s spelt %s", (column, spelt, path, rule) => {
    const { issues } = refused(() =>
      checkMapping(
        mapping,
        columns.map((name) => (name === column ? spelt : name)),
      ),
    );
    expect(issues).toContainEqual({ path, rule: expect.stringContaining(rule) });
  });

  test("a constant must not hide a column", () => {
    expect(refused(() => checkMapping(mapping, [...columns, "shop"])).issues).toContainEqual({
      path: "/constants/shop",
      rule: "the file has a column of that name",
    });
  });
});

test("nearest finds a slip of the pen and nothing far-fetched", () => {
  expect(nearest("order.palced", ["order.placed", "order.paid"])).toBe("order.placed");
  expect(nearest("zebra", ["order.placed", "order.paid"])).toBeUndefined();
});
