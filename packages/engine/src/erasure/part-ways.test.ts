import { describe, expect, test } from "vitest";
import { entityKey, entityOf, foldEntities, foldFacts, keySeparator } from "../facts/index.ts";
import { type KeptEntity, type NamingEvent, partWays } from "./part-ways.ts";

const dayMs = 86_400_000;
let places = 0;

function event(type: string, data: Record<string, unknown>, personField: string, day = 20_000): NamingEvent {
  places += 1;
  return { seq: places, type, timeMs: day * dayMs, key: `urn:x${keySeparator}${places}`, time: "", data, personField };
}

const order = (no: string, merchant: string, buyer: string, day: number): NamingEvent =>
  event("order.placed", { order: no, merchant, buyer, items: [{ product: "p", quantity: 1 }] }, "buyer", day);

const events = [
  order("o1", "m1", "b", 20_000),
  event("review.posted", { review: "r1", merchant: "m1", buyer: "b", order: "o1", stars: 4 }, "buyer", 20_005),
  event(
    "return.requested",
    { return: "t1", merchant: "m1", buyer: "b", order: "o1", kind: "return", reason: "defect" },
    "buyer",
    20_006,
  ),
  order("o2", "m1", "b", 20_010),
  order("o3", "m2", "b", 20_011),
  event("review.posted", { review: "r2", merchant: "m2", buyer: "b", stars: 5 }, "buyer", 20_020),
  event("user.followed", { user: "b", kind: "merchant", followed: "m1" }, "user", 20_021),
  event("review.voted", { review: "r9", merchant: "m1", voter: "b", helpful: true }, "voter", 20_022),
];

function entitiesOf(all: readonly NamingEvent[]): Map<string, KeptEntity> {
  const states = new Map();
  foldEntities(all, states, { currency: "CNY" });
  return new Map(
    all.flatMap((one): [string, KeptEntity][] => {
      const ref = entityOf(one);
      const key = ref && entityKey(ref.kind, ref.id);
      return ref === undefined || key === undefined || !states.has(key)
        ? []
        : [[key, { ...ref, state: states.get(key) }]];
    }),
  );
}

describe("what becomes of a person's purchases", () => {
  let names = 0;
  const parted = partWays("b", events, entitiesOf(events), { currency: "CNY" }, () => `erased-${(names += 1)}`);

  test("each has a name of its own, which all that belongs to it shares", () => {
    const [o1, r1, t1, o2, o3, r2, follow, vote] = events.map(({ seq }) => parted.names.get(seq));
    expect(new Set([o1, r1, t1]).size).toBe(1);
    expect(new Set([o1, o2, o3, r2, follow, vote]).size).toBe(6);
  });

  test("no state, key, pair or shopper names the person any more", () => {
    const all = JSON.stringify([parted.entities.map(({ after }) => after), [...parted.pairs], [...parted.shoppers]]);
    expect(all).not.toMatch(/"b"|\\u001fb"|by:b"/);
    expect(parted.entities.find(({ after }) => after.kind === "follow")?.after.id).toMatch(/erased-\d+$/);
  });

  test("states are those of events that had named the new names from the first", () => {
    const renamed = events.map((one) => ({
      ...one,
      data: { ...one.data, [one.personField]: parted.names.get(one.seq) },
    }));
    const states = { entities: new Map(), pairs: new Map(), shoppers: new Map() };
    foldFacts(foldEntities(renamed, states.entities, { currency: "CNY" }), states);
    for (const { after } of parted.entities)
      expect(after.state).toEqual(states.entities.get(entityKey(after.kind, after.id)));
    expect(Object.fromEntries(parted.pairs)).toEqual(Object.fromEntries(states.pairs));
    expect(Object.fromEntries(parted.shoppers)).toEqual(Object.fromEntries(states.shoppers));
  });
});
