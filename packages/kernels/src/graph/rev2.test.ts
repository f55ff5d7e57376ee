import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rev2, rev2Defaults, type Rev2Options, type Rev2Ratings, rev2State } from "./rev2.ts";

interface Edge {
  readonly u: number;
  readonly p: number;
  readonly s: number;
}

const edges = fc.array(fc.record({ u: fc.nat(4), p: fc.nat(3), s: fc.double({ min: -1, max: 1, noNaN: true }) }), {
  maxLength: 25,
});
const options = fc.record({
  fairnessSmoothing: fc.integer({ min: 0, max: 3 }),
  raterPriorWeight: fc.integer({ min: 0, max: 3 }),
  goodnessSmoothing: fc.integer({ min: 0, max: 3 }),
  rateePriorWeight: fc.integer({ min: 0, max: 2 }),
  raterWeight: fc.integer({ min: 0, max: 2 }),
  agreementWeight: fc.integer({ min: 1, max: 2 }),
});

function ratingsOf(list: readonly Edge[]): Rev2Ratings {
  return {
    raters: 5,
    ratees: 4,
    rater: Int32Array.from(list, ({ u }) => u),
    ratee: Int32Array.from(list, ({ p }) => p),
    score: Float64Array.from(list, ({ s }) => s),
    raterPrior: Float64Array.of(1, 0.5, 0, 0.3, 0.9),
    rateePrior: Float64Array.of(0, 0.5, -0.5, 1),
  };
}

/** The paper's three equations, a few hundred times. */
function naive(list: readonly Edge[], given: Rev2Options): { f: number[]; g: number[]; r: number[] } {
  const { raterPrior, rateePrior } = ratingsOf(list);
  let r = list.map(() => 1);
  let [f, g]: [number[], number[]] = [[], []];
  const mean = (top: number, below: number, fallback: number): number => (below === 0 ? fallback : top / below);
  for (let round = 0; round < 400; round += 1) {
    const settle = (
      node: number,
      end: "u" | "p",
      first: number,
      start: number,
      second: number,
      prior: number,
    ): number => {
      const own = list.flatMap((edge, place) => (edge[end] === node ? [r[place]! * (end === "p" ? edge.s : 1)] : []));
      const top = first * start + second * prior + own.reduce((sum, item) => sum + item, 0);
      return mean(top, first + second + own.length, start);
    };
    f = [0, 1, 2, 3, 4].map((u) =>
      settle(u, "u", given.fairnessSmoothing, given.fairnessDefault, given.raterPriorWeight, raterPrior[u]!),
    );
    g = [0, 1, 2, 3].map((p) =>
      settle(p, "p", given.goodnessSmoothing, given.goodnessDefault, given.rateePriorWeight, rateePrior[p]!),
    );
    r = list.map(({ u, p, s }) => {
      const agreement = 1 - Math.abs(s - g[p]!) / 2;
      return (
        (given.raterWeight * f[u]! + given.agreementWeight * agreement) / (given.raterWeight + given.agreementWeight)
      );
    });
  }
  return { f, g, r };
}

describe("rev2", () => {
  it("reaches the fixed point of the paper's equations, within its bound", () => {
    fc.assert(
      fc.property(edges, options, (list, some) => {
        const all = { ...rev2Defaults, ...some, tolerance: 1e-9, roundsMax: 500 };
        const ratings = ratingsOf(list);
        const state = rev2State(ratings);
        const { bound, rounds } = rev2(ratings, all, state);
        const { f, g, r } = naive(list, all);
        expect(bound).toBeLessThanOrEqual(1e-9);
        expect(rounds).toBeLessThan(150);
        r.forEach((item, edge) => expect(Math.abs(state.reliability[edge]! - item)).toBeLessThan(1e-8));
        f.forEach((item, node) => expect(Math.abs(state.fairness[node]! - item)).toBeLessThan(1e-8));
        g.forEach((item, node) => expect(Math.abs(state.goodness[node]! - item)).toBeLessThan(1e-8));
      }),
    );
  });

  it("states a bound that holds after any number of rounds, and stays in range", () => {
    fc.assert(
      fc.property(edges, fc.integer({ min: 1, max: 12 }), (list, roundsMax) => {
        const ratings = ratingsOf(list);
        const [early, late] = [rev2State(ratings), rev2State(ratings)];
        const { bound } = rev2(ratings, { ...rev2Defaults, roundsMax, tolerance: 0 }, early);
        rev2(ratings, { ...rev2Defaults, roundsMax: 300, tolerance: 0 }, late);
        late.reliability.forEach((item, edge) => {
          expect(Math.abs(item - early.reliability[edge]!)).toBeLessThanOrEqual(bound + 1e-12);
          expect(item >= 0 && item <= 1).toBe(true);
        });
        late.goodness.forEach((item) => expect(item >= -1 && item <= 1).toBe(true));
      }),
    );
  });

  it("finds raters that contradict everybody else", () => {
    // Ten honest raters agree on twenty ratees; the last two raters say the opposite.
    const list = Array.from({ length: 12 * 20 }, (_, k) => {
      const [u, p] = [Math.floor(k / 20), k % 20];
      return { u, p, s: (p % 2 === 0 ? 1 : -1) * (u < 10 ? 0.8 : -0.8) };
    });
    const ratings = {
      ...ratingsOf(list),
      raters: 12,
      ratees: 20,
      raterPrior: new Float64Array(12).fill(0.5),
      rateePrior: new Float64Array(20),
    };
    const state = rev2State(ratings);
    rev2(ratings, rev2Defaults, state);
    expect(Math.max(...state.fairness.slice(10))).toBeLessThan(Math.min(...state.fairness.slice(0, 10)) - 0.2);
  });

  it("refuses what is out of range", () => {
    const one = ratingsOf([{ u: 0, p: 0, s: 1 }]);
    const run =
      (change: Partial<Rev2Ratings>, other: Partial<Rev2Options> = {}) =>
      (): unknown =>
        rev2({ ...one, ...change }, { ...rev2Defaults, ...other }, rev2State(one));
    expect(run({ score: Float64Array.of(Number.NaN) })).toThrow(/score NaN is not in/);
    expect(run({ rater: Int32Array.of(5) })).toThrow(/out of range/);
    expect(run({ ratee: new Int32Array() })).toThrow(/differ in length/);
    expect(run({ raterPrior: Float64Array.of(2, 0, 0, 0, 0) })).toThrow(/prior 2/);
    expect(run({}, { agreementWeight: 0 })).toThrow(/agreement needs a weight/);
  });
});
