import { assessedKinds, limits, queueFilter, queueOrder, reasonCodes, ringState } from "@probity/contract";
import { expect, test } from "vitest";
import {
  bulkItemsMax,
  decisionItemsMax,
  filterOf,
  itemKey,
  kindNames,
  noteCharsMax,
  orderNames,
  queueSearch,
  reasonNames,
  ringStateNames,
} from "./queue-search.ts";

test("the page's lists and limits are the contract's", () => {
  expect([kindNames, reasonNames, orderNames, ringStateNames]).toEqual([
    assessedKinds,
    reasonCodes,
    queueOrder.options,
    ringState.options,
  ]);
  expect([decisionItemsMax, bulkItemsMax, noteCharsMax]).toEqual([
    limits.decisionItems,
    limits.bulkItems,
    limits.noteChars,
  ]);
});

test("what stands in the address is checked, and what is wrong is dropped", () => {
  expect(
    queueSearch({ order: "evil", kind: "order", level: "low", appealed: "true", user: 12, item: "order/a/b", x: 1 }),
  ).toEqual({ kind: "order", level: "low", user: "12", item: "order/a/b" });
  expect(queueSearch({ order: "second-look", appealed: true, merchant: "m".repeat(129) })).toEqual({
    order: "second-look",
    appealed: true,
  });
});

test("filters are those of the contract, and order and item are none", () => {
  const filter = filterOf({ order: "newest", item: "review/a/b", level: "lower", ring: "r-1", appealed: true });
  expect(filter).toEqual({ ring: "r-1", appealed: true, reliabilityMax: 499 });
  expect(queueFilter.parse(filter)).toEqual(filter);
});

test("an item's key keeps ids apart whatever stands in them", () => {
  expect(itemKey({ kind: "review", merchant: "a/b", id: "c" })).not.toBe(
    itemKey({ kind: "review", merchant: "a", id: "b/c" }),
  );
});
