import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError } from "../tlog/bytes.ts";
import type { Entry } from "./entry.ts";
import { FactBatcher } from "./fact-batch.ts";
import { addEntries } from "./facts.fixture.ts";
import { Facts } from "./facts.ts";

const entry: Entry = { type: "order.placed", categories: [], facts: [], act: null, digests: "[]" };
const idOf = (no: number): string => `m:${String(no).padStart(22, "0")}`;
const named = (...subjects: readonly string[]): Entry => ({
  ...entry,
  categories: subjects.map((subject) => ({ subject, category: "" })),
});
const fact = (subject: string, n: number, x: number = 0): Entry => ({
  ...entry,
  facts: [{ subject, metric: "orders", day: 20_000, n, x }],
});
const link = (holds: boolean, merchant: string, to: string): Entry => ({
  ...entry,
  type: "merchant.linked",
  act: { holds, merchant, to },
});

const factsOf = (...entries: readonly Entry[]): Facts => addEntries(new Facts(), ...entries);

/** Rows as a map from their subject, metric and day. */
function rowsOf(facts: Facts, metrics: readonly string[]): Map<string, [number, number]> {
  const { table } = facts;
  const names = new Map(metrics.map((name) => [facts.metric(name), name]));
  const rows = new Map<string, [number, number]>();
  for (const subject of facts.subjects("merchant")) {
    for (let row = table.newest(subject); row >= 0; row = table.before(row)) {
      const key = `${facts.name(subject)} ${names.get(table.metric[row])} ${table.day[row]}`;
      expect(rows.has(key)).toBe(false);
      rows.set(key, [table.n[row] as number, table.x[row] as number]);
    }
  }
  return rows;
}

describe("Facts", () => {
  it("are the sums of all rows, saved and restored at any time", () => {
    const metrics = ["orders", "reviews", "listings", "reply-time/3"];
    const changes = fc.array(
      fc.record({
        subject: fc.nat(60).map(idOf),
        metric: fc.constantFrom(...metrics),
        day: fc.integer({ min: 20_000, max: 20_030 }),
        n: fc.integer({ min: -5, max: 5 }),
        x: fc.integer({ min: -5, max: 5 }),
      }),
      { minLength: 1, maxLength: 4_000, size: "max" },
    );
    fc.assert(
      fc.property(changes, fc.nat(), (list, cut) => {
        let facts = factsOf(named(...Array.from({ length: 61 }, (_, no) => idOf(no))));
        const expected = new Map<string, [number, number]>();
        list.forEach((change, place) => {
          if (place === cut % list.length) facts = Facts.from(facts.toBytes());
          addEntries(facts, { ...entry, facts: [change] });
          const key = `${change.subject} ${change.metric} ${change.day}`;
          const [n, x] = expected.get(key) ?? [0, 0];
          expected.set(key, [n + change.n, x + change.x]);
        });
        expect(facts.entries).toBe(list.length + 1);
        expect(facts.table.rows).toBe(expected.size);
        expect(rowsOf(facts, metrics)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it("know the latest category and the subjects of a kind in order", () => {
    const [first, second] = [`p:${"z".repeat(22)}`, `p:${"Z".repeat(22)}`];
    const tea = "t".repeat(22);
    const facts = factsOf(named(first, second, idOf(1)), {
      ...entry,
      categories: [
        { subject: first, category: tea },
        { subject: second, category: tea },
        { subject: second, category: "" },
      ],
    });
    const restored = Facts.from(facts.toBytes());
    for (const each of [facts, restored]) {
      expect(each.subjects("product").map((no) => [each.name(no), each.category(no)])).toEqual([
        [second, ""],
        [first, tea],
      ]);
      expect(each.subjects("promoter")).toEqual([]);
    }
  });

  it("hold links of ordered pairs as the later word says, of merchants that have been named", () => {
    const [a, b, c] = [idOf(1), idOf(2), idOf(3)];
    const facts = factsOf(named(a, b), link(true, a, b), link(true, b, a), link(false, a, b), link(true, b, c));
    const pairs = (each: Facts): string[][] => each.links().map((pair) => pair.map((no) => each.name(no)));
    expect(pairs(facts)).toEqual([[b, a]]);
    addEntries(facts, named(c));
    expect(pairs(Facts.from(facts.toBytes()))).toEqual([
      [b, a],
      [b, c],
    ]);
  });

  it("take a subject that the same entry names", () => {
    expect(factsOf({ ...fact(idOf(1), 2), categories: named(idOf(1)).categories }).table.rows).toBe(1);
  });

  it.each([
    ["a subject that nobody named", [fact(idOf(1), 1)], /^d of entry 0 is of m:0+1, which no c has named/],
    ["n past 2^53 - 1", [named(idOf(1)), fact(idOf(1), 2 ** 53 - 1), fact(idOf(1), 1)], /^d of entry 2 takes orders/],
    ["x past 2^53 - 1", [named(idOf(1)), fact(idOf(1), 0, 1 - 2 ** 53), fact(idOf(1), 0, -1)], /past 2\^53 - 1/],
    ["a link of nobody", [{ ...entry, type: "merchant.linked" }], /^p of entry 0 must tell/],
    ["a link with a product", [link(true, idOf(1), `p:${"a".repeat(22)}`)], /^p of entry 0 must tell/],
  ])("refuse %s", (_, entries: readonly Entry[], message) => {
    expect(() => factsOf(...entries)).toThrow(FormatError);
    expect(() => factsOf(...entries)).toThrow(message);
  });

  it("refuse an entry out of turn", () => {
    expect(() => new Facts().add(new FactBatcher(factsOf(entry).start).take())).toThrow(RangeError);
  });
});
