import { type ColumnGuess, type EventRule, eventShapes, type Mapping, mappingIssues } from "@probity/mapping";
import { describe, expect, test } from "vitest";
import {
  conditionOf,
  fieldPath,
  fieldValue,
  isWritten,
  issuesAt,
  newRule,
  sourceOf,
  testOf,
  valueOf,
  withConditions,
  withCurrency,
  withField,
  withoutRule,
  withRule,
  withTime,
  withType,
  wordsOf,
} from "./mapping-edit.ts";

const shapes = eventShapes();
const shapeOf = (type: string) => {
  const found = shapes.find((shape) => shape.type === type);
  if (found === undefined) throw new Error(type);
  return found;
};
const column = (
  name: string,
  meaning: ColumnGuess["meaning"],
  shape: ColumnGuess["shape"] = { kind: "id" },
): ColumnGuess => ({
  column: name,
  meaning,
  shape,
  reason: "name",
  confidence: 95,
  samples: [],
  filled: 1,
});
const columns = [
  column("No", "order"),
  column("Shop", "merchant"),
  column("When", "placedAt", { kind: "time", format: "YYYY/M/D" }),
  column("Sum", "amount", { kind: "decimal" }),
];
const fieldOf = (type: string, field: string) => {
  const found = shapeOf(type).fields.find((own) => own.field === field);
  if (found === undefined) throw new Error(field);
  return found;
};

describe("editing a mapping", () => {
  test("a new rule begins with what the columns mean", () => {
    expect(newRule(shapeOf("order.delivered"), columns)).toEqual({
      type: "order.delivered",
      id: "order-delivered-{No}",
      time: { column: "When", format: "YYYY/M/D" },
      data: { order: { column: "No" }, merchant: { column: "Shop" } },
    });
  });

  test("a field is a column with the conversion it needs, a fixed value, a template, or left out", () => {
    const rule = newRule(shapeOf("order.placed"), columns);
    const set = (field: string, source: Parameters<typeof valueOf>[1]): EventRule =>
      withField(rule, field, valueOf(fieldOf("order.placed", field), source, columns, fieldValue(rule, field)));
    expect(set("amount", { by: "column", column: "Sum" }).data["amount"]).toEqual({ column: "Sum", as: "money" });
    expect(set("shipBy", { by: "column", column: "When" }).data["shipBy"]).toEqual({
      column: "When",
      as: "time",
      format: "YYYY/M/D",
    });
    expect(set("items.quantity", { by: "fixed", value: "1" }).data["items"]).toEqual({
      list: [{ quantity: { const: 1 } }],
    });
    expect(set("shipTo", { by: "template", text: "{a} {b}" }).data["shipTo"]).toEqual({ text: "{a} {b}" });
    expect(set("order", { by: "nothing" }).data["order"]).toBeUndefined();
    const items = set("items.quantity", { by: "fixed", value: "1" });
    expect(withField(items, "items.quantity", undefined).data["items"]).toBeUndefined();
    expect(sourceOf(fieldValue(items, "items.quantity"))).toEqual({ by: "fixed", value: "1" });
  });

  test("another currency is that of the amounts and of the events", () => {
    const rule = { ...newRule(shapeOf("order.placed"), columns), data: { currency: { const: "CNY" } } };
    const mapping: Mapping = { source: "urn:x", money: { unit: "major", currency: "CNY" }, events: [rule] };
    expect(withCurrency(mapping, "EUR")).toMatchObject({
      money: { currency: "EUR" },
      events: [{ data: { currency: { const: "EUR" } } }],
    });
    const own = { ...mapping, events: [{ ...rule, data: { currency: { column: "cur" } } }] };
    expect(withCurrency(own, "EUR").events[0]?.data["currency"]).toEqual({ column: "cur" });
  });

  test("words with a meaning stay when another column is chosen, and what no form shows stays as written", () => {
    const map = { column: "why", map: { 质量: "defect" }, otherwise: "other" };
    expect(valueOf(fieldOf("return.requested", "reason"), { by: "column", column: "cause" }, columns, map)).toEqual({
      ...map,
      column: "cause",
    });
    const rule = {
      ...newRule(shapeOf("order.placed"), columns),
      data: { items: { each: "lines", item: { product: { column: "sku" } } } },
    };
    expect(isWritten(rule, "items.product")).toBe(true);
    expect(valueOf(fieldOf("order.placed", "items.product"), { by: "written" }, columns, rule.data.items)).toEqual(
      rule.data.items,
    );
  });

  test("another type keeps the fields that both have", () => {
    const rule = newRule(shapeOf("order.delivered"), columns);
    expect(
      withType(
        { ...rule, data: { ...rule.data, damaged: { const: true }, "x-a": { const: "b" } } },
        shapeOf("order.shipped"),
      ),
    ).toMatchObject({
      type: "order.shipped",
      id: "order-shipped-{No}",
      data: { order: { column: "No" }, merchant: { column: "Shop" }, "x-a": { const: "b" } },
    });
    expect(withTime(rule, "No", columns).time).toEqual({ column: "No" });
  });

  test.each([
    [{ column: "a", present: true }, "filled", ""],
    [{ column: "a", present: false }, "empty", ""],
    [{ column: "a", is: ["x", "y"] }, "is", "x, y"],
    [{ column: "a", not: ["0"] }, "not", "0"],
  ] as const)("the condition %j is told and read back", (condition, kind, words) => {
    expect([testOf(condition), wordsOf(condition)]).toEqual([kind, words]);
    expect(conditionOf("a", kind, words)).toEqual(condition);
  });

  test("an edited mapping is checked as the command line checks it, and issues are found by their place", () => {
    const mapping: Mapping = {
      source: "urn:x",
      format: "csv",
      money: { unit: "major", currency: "CNY" },
      events: [newRule(shapeOf("order.delivered"), columns)],
    };
    const names = columns.map(({ column: name }) => name);
    expect(mappingIssues(mapping, names)).toEqual([]);
    const rule = mapping.events[0] as EventRule;
    const broken = withRule(
      mapping,
      0,
      withConditions(withField(rule, "merchant", { column: "nowhere" }), [conditionOf("No", "filled", "")]),
    );
    const issues = mappingIssues(broken, names);
    expect(issuesAt(issues, fieldPath(0, "merchant"))).toMatchObject([
      { rule: expect.stringContaining("no column nowhere") },
    ]);
    expect(issuesAt(issues, fieldPath(0, "order"))).toEqual([]);
    expect(withConditions(rule, [])).not.toHaveProperty("when");
    expect(withoutRule(mapping, 0).events).toEqual([]);
  });
});
