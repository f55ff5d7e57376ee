/** What is not known of a subject: it stands at what is usual, as uncertain as anyone unknown, and is never paid for. */
import { type Indicator, metricNamed, type Policy, q32 } from "@probity/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Categories,
  compilePolicy,
  type CompiledPolicy,
  defaultPolicies,
  type EpochPriors,
  fitEpoch,
  peerQuartiles,
  rateAll,
  rateSubject,
  type SubjectFact,
} from "./index.ts";
import { standardError } from "./points.ts";
import { raises } from "./raise.ts";
import { columnsOf } from "./ratings.ts";

const day = 20_800;
const fact = (metric: string, n: number, x: number): SubjectFact => ({ metric: metricNamed(metric).no, day, n, x });
const whole = 1_000_000;

/** xorshift: the same marketplace on every machine; from 0 to below 1. */
function drawer(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / q32;
  };
}

function marketOf(shops: readonly (readonly SubjectFact[])[]): {
  columns: ReturnType<typeof columnsOf>;
  categories: Categories;
} {
  const rows = shops.flatMap((facts, subject) => facts.map((item) => ({ ...item, subject })));
  return {
    columns: { ...columnsOf(rows), subject: Int32Array.from(rows, (row) => row.subject) },
    categories: { names: [], of: new Int32Array(shops.length).fill(-1) },
  };
}

/** Half of the points for promises kept, half for complaints solved; a point for every thousandth. */
function twoPromises(whenEmpty: Indicator["whenEmpty"]): CompiledPolicy {
  const base = defaultPolicies.merchant;
  const half = (id: string): Indicator => ({
    ...(base.indicators.find((item) => item.id === id) as Indicator),
    dimension: "kept",
    points: 500,
    decay: "none",
    table: [
      [0, 0],
      [whole, 1_000],
    ],
    whenEmpty,
  });
  return compilePolicy({
    ...base,
    dimensions: [{ id: "kept", title: base.title, points: 1_000 }],
    indicators: [half("dispatch-in-time"), half("complaints-solved")],
    decays: { none: { halfLifeDays: null, weights: [q32], tail: q32 } },
    floor: { windowDays: 1, conditions: [{ metric: "dispatch-in-time", min: 1, title: base.title }] },
    redLines: [],
  });
}

interface Planted {
  readonly facts: readonly SubjectFact[];
  /** Score that it deserves. */
  readonly truth: number;
  readonly promises: number;
  readonly complaints: number;
  readonly flawless: boolean;
}

/** Shops whose rates are Beta(8, 2) and Beta(5, 5), and what a few or many draws show of them. */
function plant(count: number, seed: number): Planted[] {
  const draw = drawer(seed);
  /** The k-th of nine uniforms is Beta(k, 10 − k). */
  const rate = (k: number): number => Array.from({ length: 9 }, draw).toSorted((a, b) => a - b)[k - 1] as number;
  const kept = (n: number, p: number): number => Array.from({ length: n }, draw).filter((one) => one < p).length;
  return Array.from({ length: count }, (_, place) => {
    const [promises, complaints] = [place % 2 === 0 ? 5 : 300, place % 4 < 2 ? 0 : 300];
    const [onTime, solved] = [rate(8), rate(5)];
    const x = kept(promises, onTime);
    return {
      facts: [
        fact("dispatch-in-time", promises, x),
        ...(complaints > 0 ? [fact("complaints-solved-7d", complaints, kept(complaints, solved))] : []),
      ],
      truth: 500 * (onTime + solved),
      promises,
      complaints,
      flawless: x === promises,
    };
  });
}

describe("planted shops", () => {
  const shops = plant(6_000, 11);
  const { columns, categories } = marketOf(shops.map(({ facts }) => facts));
  /** Per mille of some shops who deserve at least their bound. */
  const covered = (compiled: CompiledPolicy, isAsked: (shop: Planted) => boolean): number => {
    const ratings = rateAll(compiled, fitEpoch(compiled, columns, categories, day), columns, categories, day);
    const held = shops.flatMap((shop, place) =>
      isAsked(shop) ? [shop.truth >= (ratings.bound[place] as number)] : [],
    );
    return Math.round((1_000 * held.filter(Boolean).length) / held.length);
  };
  const usual = twoPromises("prior");

  it.each([
    [5, 0],
    [5, 300],
    [300, 0],
    [300, 300],
  ])("deserve their bound nine times in ten: %i promises, %i complaints", (promises, complaints) => {
    const held = covered(usual, (shop) => shop.promises === promises && shop.complaints === complaints);
    expect(held).toBeGreaterThan(860);
    expect(held).toBeLessThan(940);
  });

  it("so do the flawless newcomers, whom handing over would flatter", () => {
    const newcomer = (shop: Planted): boolean => shop.promises === 5 && shop.complaints === 0 && shop.flawless;
    expect(covered(usual, newcomer)).toBeGreaterThan(860);
    expect(covered(twoPromises("hand-over"), newcomer)).toBeLessThan(700);
  });
});

const policy = defaultPolicies.merchant;
const compiled = compilePolicy(policy);
type Share = Extract<Indicator["evidence"], { kind: "share" }>;
const shares = policy.indicators.filter((item) => item.evidence.kind === "share" && item.points > 0);
const first = (item: Indicator): string => (item.evidence as Share).of[0] as string;

/** Indicators that read the same metric have evidence together. */
const expected = [...new Set(shares.filter((item) => item.whenEmpty === "prior").map(first))];

/** So many cases of every metric named, `good` of a hundred. */
function record(metrics: readonly string[], cases: number, good: number): SubjectFact[] {
  return metrics.map((metric) => {
    const n = cases * metricNamed(metric).scale;
    return fact(metric, n, Math.floor((n * good) / 100));
  });
}
const faults = ["complaints", "disputes-lost", "returns-not-as-described", "returns-defect", "cancelled-by-merchant"];
const misses = (count: number): SubjectFact[] =>
  [...faults, "charge-backs"].flatMap((metric) => (count > 0 ? [fact(metric, count, 0)] : []));
const everything = [...new Set(shares.map(first))];
/** A marketplace that records all: forty shops of a hundred cases, from all good to four in five. */
const market = marketOf(
  Array.from({ length: 40 }, (_, place) => [...record(everything, 100, 100 - (place % 20)), ...misses(place % 4)]),
);
const priors = fitEpoch(compiled, market.columns, market.categories, day);
const identity = [fact("licences", 1, 0), fact("certificates", 2, 0)];
const rate = (facts: readonly SubjectFact[], by: EpochPriors = priors): ReturnType<typeof rateSubject> =>
  rateSubject(compiled, by, [...identity, ...facts], null, day);

describe("under the starting policy", () => {
  const cases = fc.integer({ min: 1, max: 400 });

  it("only what a subject may do without hands its points over", () => {
    const handing = (value: Policy): string[] =>
      value.indicators.filter((item) => item.whenEmpty === "hand-over").map((item) => item.id);
    expect(handing(policy)).toEqual([
      "word-of-mouth",
      "real-followers",
      "interaction",
      "green-parcels",
      "green-certificates",
    ]);
    expect(handing(defaultPolicies.product)).toEqual([]);
    expect(handing(defaultPolicies.promoter)).toEqual([]);
  });

  it("a flawless shop never gains by having less to show", () => {
    fc.assert(
      fc.property(cases, fc.subarray(expected, { minLength: 1 }), (count, hidden) => {
        const full = rate(record(expected, count, 100));
        const less = rate(
          record(
            expected.filter((metric) => !hidden.includes(metric)),
            count,
            100,
          ),
        );
        expect(less.score).toBeLessThanOrEqual(full.score);
        expect(less.bound).toBeLessThanOrEqual(full.bound);
        expect(less.error).toBeGreaterThanOrEqual(full.error);
      }),
    );
  });

  it("nor does it gain when more is measured of which it has nothing to show, and which is usually worse", () => {
    fc.assert(
      fc.property(cases, fc.subarray(expected, { minLength: 1 }), (count, hidden) => {
        const facts = record(
          expected.filter((metric) => !hidden.includes(metric)),
          count,
          100,
        );
        const isNew = (place: number): boolean => {
          const { evidence } = policy.indicators[place] as Indicator;
          return evidence.kind === "share" && hidden.includes(evidence.of[0] as string);
        };
        const after = rate(facts);
        const before = rate(facts, {
          ...priors,
          indicators: priors.indicators.map((item, place) => (isNew(place) ? { ...item, measured: false } : item)),
        });
        const shareOf = (id: string): number => {
          const one = after.dimensions.flatMap(({ indicators }) => indicators).find((item) => item.id === id);
          return one === undefined || one.microMax === 0 ? Number.NaN : one.microPoints / one.microMax;
        };
        const [fresh, known] = [true, false].map((side) =>
          policy.indicators.flatMap(({ id }, place) => {
            const share = shareOf(id);
            return isNew(place) === side && !Number.isNaN(share) ? [share] : [];
          }),
        ) as [number[], number[]];
        fc.pre(known.length > 0 && Math.max(...fresh) <= Math.min(...known));
        expect(after.score).toBeLessThanOrEqual(before.score);
        expect(after.bound).toBeLessThanOrEqual(before.bound);
      }),
    );
  });

  it("ten times the flawless record never has a lower bound", () => {
    fc.assert(
      fc.property(cases, fc.subarray(expected), (count, shown) => {
        const [few, many] = [count, 10 * count].map((n) => rate(record(shown, n, 100)));
        expect(many?.bound).toBeGreaterThanOrEqual(few?.bound ?? Number.NaN);
      }),
    );
  });

  it("at the same mean more evidence never has a wider error", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: whole }),
        fc.nat(10 ** 9),
        fc.nat(10 ** 9),
        fc.nat(10 ** 6),
        (mean, n, more, k) => {
          expect(standardError(mean, n + more, k)).toBeLessThanOrEqual(standardError(mean, n, k));
        },
      ),
    );
  });

  it("an indicator without a case stands at the prior, is no peer and is not advised upon", () => {
    const shown = expected.filter((metric) => metric !== "complaints-solved-7d");
    const rating = rate(record(shown, 50, 80));
    const one = rating.dimensions.flatMap(({ indicators }) => indicators).find(({ id }) => id === "complaints-solved");
    const place = policy.indicators.findIndex(({ id }) => id === "complaints-solved");
    const fitted = priors.indicators.find(({ id }) => id === "complaints-solved")?.marketplace;
    expect(one).toMatchObject({ applies: true, whyNot: null, n: 0, mean: fitted?.mean, prior: { share: whole } });
    const advised = (by: typeof rating): string[] =>
      raises({ ...compiled, indicators: compiled.indicators.slice(place, place + 1) }, by, null, null, []).map(
        ({ indicator }) => indicator,
      );
    expect(advised(rating)).toEqual([]);
    expect(advised(rate(record(expected, 50, 80)))).toEqual(["complaints-solved"]);
    const width = compiled.indicators.length;
    const few = marketOf(Array.from({ length: 12 }, (_, shop) => record(shop < 9 ? everything : shown, 50, 90)));
    const ratings = rateAll(compiled, priors, few.columns, few.categories, day);
    const means = Array.from({ length: 12 }, (_, shop) => ratings.mean[shop * width + place]);
    expect(means.slice(0, 9)).not.toContain(-1);
    expect(means.slice(9)).toEqual([-1, -1, -1]);
    ratings.status.fill(0);
    expect(peerQuartiles(compiled, ratings, few.categories).indicators[place]?.marketplace?.subjects).toBe(9);
  });
});
