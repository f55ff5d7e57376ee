import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { projectCoReviews } from "./co-review.ts";

interface Event {
  readonly who: number;
  readonly what: number;
  readonly at: number;
}
const events = fc.array(fc.record({ who: fc.nat(5), what: fc.nat(3), at: fc.nat(20) }), { maxLength: 40 });
const options = fc.record({ window: fc.nat(8), partnersMax: fc.integer({ min: 1, max: 6 }) });

const project = (list: readonly Event[], window: number, partnersMax: number): ReturnType<typeof projectCoReviews> =>
  projectCoReviews(
    Int32Array.from(list, ({ who }) => who),
    Int32Array.from(list, ({ what }) => what),
    Float64Array.from(list, ({ at }) => at),
    { window, partnersMax },
  );

/** All pairs of an item's events, looked at one by one. */
function naive(
  list: readonly Event[],
  window: number,
  partnersMax: number,
): Map<string, [items: number, weight: number]> {
  const found = new Map<string, [number, number]>();
  for (const what of new Set(list.map((event) => event.what))) {
    const own = list.filter((event) => event.what === what).toSorted((x, y) => x.at - y.at || x.who - y.who);
    const met = new Set<string>();
    own.forEach((event, place) => {
      own.slice(Math.max(0, place - partnersMax), place).forEach((other) => {
        if (event.at - other.at > window || other.who === event.who) return;
        met.add(`${Math.min(other.who, event.who)},${Math.max(other.who, event.who)}`);
      });
    });
    for (const pair of met) {
      const [items, weight] = found.get(pair) ?? [0, 0];
      found.set(pair, [items + 1, weight + 1 / Math.log(Math.E + own.length - 2)]);
    }
  }
  return found;
}

describe("projectCoReviews", () => {
  it("equals looking at all pairs, whatever the order of events", () => {
    fc.assert(
      fc.property(events, options, (list, { window, partnersMax }) => {
        const expected = naive(list, window, partnersMax);
        const pairs = project(list, window, partnersMax);
        expect(pairs.a.length).toBe(expected.size);
        pairs.a.forEach((a, place) => {
          const [items, weight] = expected.get(`${a},${pairs.b[place]}`) ?? [0, 0];
          expect(pairs.items[place]).toBe(items);
          expect(pairs.weight[place]).toBeCloseTo(weight, 12);
        });
        expect(project(list.toReversed(), window, partnersMax)).toEqual(pairs);
      }),
    );
  });

  it("is not quadratic in a product with 200,000 reviews in a day", () => {
    const count = 200_000;
    const actor = Int32Array.from({ length: count }, (_, k) => k);
    const time = Float64Array.from({ length: count }, (_, k) => (k * 86_400) / count);
    const pairs = projectCoReviews(actor, new Int32Array(count), time, { window: 86_400, partnersMax: 5 });
    expect(pairs.a.length).toBe(5 * count - 15);
    expect(pairs.capped).toBeGreaterThan(1e10);
  });

  it("takes nothing, and refuses events without time, wrong windows and lists of two lengths", () => {
    expect(project([], 1, 1).a.length).toBe(0);
    expect(() => project([{ who: 0, what: 0, at: Number.NaN }], 1, 1)).toThrow(/event 0 has no time/);
    expect(() => project([], -1, 1)).toThrow(/window of -1/);
    expect(() => project([], 1, 0)).toThrow(/0 partners/);
    expect(() =>
      projectCoReviews(Int32Array.of(1), new Int32Array(), new Float64Array(), { window: 1, partnersMax: 1 }),
    ).toThrow(/differ/);
  });
});
