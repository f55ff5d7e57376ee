import { admit, type Metric, metrics } from "@probity/contract";
import { simulate } from "@probity/simulator";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventSets, type RawEvent } from "./events.fixture.ts";
import { currency, foldBatches, sorted } from "./folding.fixture.ts";
import { naiveFacts } from "./naive-facts.fixture.ts";
import { drawSeed, shuffled, uniform } from "./seed.fixture.ts";

const runs = 200;

/** The events in another order, some of them twice or three times, cut into batches. */
function scrambled(events: readonly RawEvent[], seed: number): RawEvent[][] {
  const random = uniform(seed);
  const repeated = events.flatMap((event) =>
    random() < 0.2 ? [event, event, event] : random() < 0.3 ? [event, event] : [event],
  );
  const mixed = shuffled(repeated, random);
  const batches: RawEvent[][] = [];
  while (mixed.length > 0) batches.push(mixed.splice(0, 1 + Math.floor(random() ** 3 * 60)));
  return batches;
}

/** Events of a simulated marketplace; some reviews are judged, taken down or edited besides. */
function simulated(seed: number, merchants = 30, orders = 1_500): RawEvent[] {
  const random = uniform(seed);
  const events = [...simulate({ seed, merchants, orders, days: 200 })] as unknown as RawEvent[];
  const later = (event: RawEvent, type: string, data: Record<string, unknown>): RawEvent => ({
    ...event,
    id: `${type}-${event.id}`,
    type,
    time: new Date(Date.parse(event.time) + 86_400_000 * Math.floor(random() * 9)).toISOString(),
    data: { review: event.data["review"], merchant: event.data["merchant"], ...data },
  });
  const afterwards = events
    .filter((event) => event.type === "review.posted")
    .flatMap((event) => [
      ...(random() < 0.2
        ? [later(event, "reliability.assessed", { reliability: Math.floor(random() * 1_001), model: "m", reasons: [] })]
        : []),
      ...(random() < 0.05 ? [later(event, "review.removed", { by: "platform", reason: "fake" })] : []),
      ...(random() < 0.05
        ? [later(event, "review.edited", { buyer: event.data["buyer"], stars: 1 + Math.floor(random() * 5) })]
        : []),
    ]);
  return [...events, ...afterwards];
}

describe("random events over few ids", () => {
  const seed = drawSeed("facts of random events");

  test("are valid", () => {
    fc.assert(
      fc.property(eventSets, (events) => {
        for (const event of events) expect(admit(event, 4e12, true)).toHaveProperty("admitted");
      }),
      { seed, numRuns: 50 },
    );
  });

  test("give the same facts in any order, repeated, in any batches", () => {
    fc.assert(
      fc.property(eventSets, fc.nat(), (events, mix) => {
        expect(sorted(foldBatches(scrambled(events, mix), true))).toEqual(sorted(foldBatches([events])));
      }),
      { seed, numRuns: runs },
    );
  });

  test("add up event by event to the whole", () => {
    fc.assert(
      fc.property(eventSets, (events) => {
        expect(sorted(foldBatches(events.map((event) => [event])))).toEqual(sorted(foldBatches([events])));
      }),
      { seed, numRuns: runs / 2 },
    );
  });

  test("give the facts that a naive count of the raw events gives", () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(eventSets, (events) => {
        const facts = foldBatches([events]);
        for (const key of facts.keys()) met.add((key.split("|")[1] as string).split("/")[0] as string);
        expect(sorted(facts)).toEqual(sorted(naiveFacts(events, currency)));
      }),
      { seed, numRuns: runs },
    );
    expect(metrics.map((metric) => metric.name).filter((name) => !met.has(name))).toEqual([]);
  });
});

/** Metrics that a small marketplace may have no fact of: crises are rare, and what others judge is not simulated. */
const mayLack: ReadonlySet<string> = new Set([
  "charge-backs",
  "counterfeits",
  "incidents",
  "privacy-breaches",
  "reviews-not-counted",
  "orders-not-counted",
  "followers-not-counted",
  "credentials-elsewhere",
]);

describe("a simulated marketplace", () => {
  const seed = drawSeed("facts of a simulated marketplace");
  const events = simulated(seed);
  const facts = foldBatches([events]);

  test("gives the facts that a naive count gives, every metric", () => {
    expect(sorted(facts)).toEqual(sorted(naiveFacts(events, currency)));
    const met = new Set([...facts.keys()].map((key) => key.split("|")[1]?.split("/")[0]));
    expect(metrics.map(({ name }) => name).filter((name) => !met.has(name) && !mayLack.has(name))).toEqual([]);
  });

  test("gives the same facts shuffled, repeated and in batches", () => {
    expect(sorted(foldBatches(scrambled(events, seed)))).toEqual(sorted(facts));
    const backwards = events.toReversed();
    const batches = Array.from({ length: Math.ceil(events.length / 1_000) }, (_, at) =>
      backwards.slice(1_000 * at, 1_000 * at + 1_000),
    );
    expect(sorted(foldBatches(batches, true))).toEqual(sorted(facts));
  });

  test("keeps every counter inside what its metric allows", () => {
    const byName = new Map<string, Metric>(metrics.map((metric) => [metric.name, metric]));
    for (const [key, [n, x]] of facts) {
      const { kind, subjects } = byName.get((key.split("|")[1] as string).split("/")[0] as string) as Metric;
      expect(subjects.some((subject) => (subject === "promoter" ? "r" : subject[0]) === key[0])).toBe(true);
      if (kind === "ratio" || kind === "mean") expect(x >= 0 && x <= n).toBe(true);
      if (kind === "histogram") expect(n > 0 && x === 0).toBe(true);
    }
  });
});

describe("one buyer in one month", () => {
  const day = 20_000 * 86_400_000;
  const event = (id: string, type: string, hours: number, data: Record<string, unknown>): RawEvent => ({
    specversion: "1.0",
    id,
    source: "urn:shop",
    type,
    time: new Date(day + hours * 3_600_000).toISOString(),
    data: { merchant: "m1", ...data },
  });
  const keptOrders = Array.from({ length: 12 }, (_, no) => [
    event(`p${no}`, "order.placed", no, {
      order: `o${no}`,
      buyer: "b1",
      amount: 100,
      currency,
      items: [{ product: "p1", quantity: 1, amount: 100 }],
      promoter: "r1",
    }),
    event(`d${no}`, "order.delivered", 24 * (1 + (no % 4)), { order: `o${no}` }),
  ]).flat();

  test("counts as three kept orders of a merchant and as one buyer", () => {
    const facts = foldBatches([keptOrders]);
    const total = (metric: string): number =>
      [...facts].reduce((sum, [key, [n]]) => (key.startsWith(`mm1|${metric}|`) ? sum + n : sum), 0);
    expect([total("orders"), total("orders-kept"), total("buyers")]).toEqual([12, 3, 1]);
  });

  test("counts as three kept orders of a product and of a promoter too, as the registry says", () => {
    expect(metrics.find(({ name }) => name === "orders-kept")).toMatchObject({
      pairCapped: true,
      subjects: ["merchant", "product", "promoter"],
    });
    const facts = foldBatches([keptOrders]);
    const total = (subject: string): number =>
      [...facts].reduce((sum, [key, [n]]) => (key.startsWith(`${subject}|orders-kept|`) ? sum + n : sum), 0);
    expect([total("mm1"), total("pp1"), total("rr1")]).toEqual([3, 3, 3]);
  });
});
