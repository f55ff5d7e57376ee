/** The twin of naive-rating.fixture.ts must agree to the bit on random marketplaces under random policies, and on simulated ones. */
import { type Decay, type Indicator, type Policy, grades, metricNamed, storedMetricNames } from "@probity/contract";
import { simulate } from "@probity/simulator";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RawEvent } from "../facts/events.fixture.ts";
import { currency, foldBatches } from "../facts/folding.fixture.ts";
import { naiveFacts } from "../facts/naive-facts.fixture.ts";
import { drawSeed } from "../facts/seed.fixture.ts";
import { compilePolicy, defaultPolicies, fitEpoch, rateAll, rateSubject } from "./index.ts";
import { type Fact, type Prior, priorsOf, rate } from "./naive-rating.fixture.ts";

const half = (days: number, tail: number): Decay => ({
  halfLifeDays: days,
  weights: Array.from({ length: days * 3 }, (_, age) => Math.round(2 ** 32 * 2 ** (-age / days))),
  tail,
});
const decays = fc.record({
  short: fc.integer({ min: 1, max: 9 }).map((days) => half(days, 0)),
  long: fc.integer({ min: 5, max: 30 }).map((days) => half(days, 1_000_000)),
  flat: fc.constant<Decay>({ halfLifeDays: null, weights: [2 ** 32], tail: 2 ** 32 }),
});

const words = { en: "a", zh: "甲" };
const cuts = (length: number, top: number): fc.Arbitrary<number[]> =>
  fc
    .uniqueArray(fc.integer({ min: 1, max: top }), { minLength: length, maxLength: length })
    .map((list) => list.sort((a, b) => a - b));

const table = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.nat(400)).chain(([inner, first]) =>
  fc
    .tuple(
      cuts(inner, 999_999),
      fc.array(fc.integer({ min: first, max: 1_000 }), { minLength: inner, maxLength: inner }),
    )
    .map(([xs, ys]) => {
      const values = ys.sort((a, b) => a - b);
      const rows: [number, number][] = [
        [0, first],
        ...xs.map((x, index): [number, number] => [x, values[index] as number]),
        [1_000_000, 1_000],
      ];
      return rows;
    }),
);

const lessPart = (metric: string): fc.Arbitrary<{ metric: string; weight: number }> =>
  fc.integer({ min: 1, max: 60 }).map((weight) => ({ metric, weight }));
const evidence: fc.Arbitrary<Indicator["evidence"]> = fc.oneof(
  fc.constant<Indicator["evidence"]>({ kind: "share", of: ["dispatch-in-time"], good: "x", less: [], against: [] }),
  fc.constant<Indicator["evidence"]>({ kind: "share", of: ["review-stars"], good: "x", less: [], against: [] }),
  fc.constant<Indicator["evidence"]>({
    kind: "share",
    of: ["inspections"],
    good: "x",
    less: [],
    against: ["counterfeits"],
  }),
  fc.constant<Indicator["evidence"]>({
    kind: "share",
    of: ["dispatch-in-time", "tracking-valid"],
    good: "x",
    less: [],
    against: [],
  }),
  lessPart("complaints").map((part): Indicator["evidence"] => ({
    kind: "share",
    of: ["orders-kept"],
    good: "all",
    less: [part],
    against: [],
  })),
  fc.tuple(lessPart("charge-backs"), lessPart("complaints")).map((less): Indicator["evidence"] => ({
    kind: "share",
    of: ["orders"],
    good: "all",
    less,
    against: ["counterfeits"],
  })),
  fc.constant<Indicator["evidence"]>({
    kind: "level",
    parts: [
      { metric: "licences", each: 700_000, cap: 1 },
      { metric: "certificates", each: 200_000, cap: 3 },
    ],
  }),
);

const indicators = fc
  .array(
    fc.record({
      evidence,
      table,
      decay: fc.constantFrom("short", "long", "flat"),
      points: fc.integer({ min: 0, max: 9 }),
      dimension: fc.nat(2),
      whenEmpty: fc.constantFrom<"prior" | "hand-over">("prior", "hand-over"),
      prior: fc.record({ mean: fc.integer({ min: 0, max: 1_000_000 }), strength: fc.integer({ min: 1, max: 50 }) }),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .filter((list) => list.some((item) => item.points > 0));

const redLines: fc.Arbitrary<Policy["redLines"]> = fc.subarray([
  { id: "one", title: words, windowDays: 9, when: [{ metric: "counterfeits", min: 2 }], cap: "B" },
  {
    id: "two",
    title: words,
    windowDays: 30,
    when: [{ metric: "complaints", min: 1, share: { of: "orders", min: 200_000 } }],
    cap: "C",
  },
  {
    id: "three",
    title: words,
    windowDays: 20,
    when: [
      { metric: "review-stars", min: 3, share: { of: "orders", min: 500_000 } },
      { metric: "charge-backs", min: 1 },
    ],
    cap: "AA",
  },
]);

/** Points of the drawn indicators, stretched so that they add up to 1000. */
function stretched(points: readonly number[]): number[] {
  const all = points.reduce((sum, item) => sum + item, 0);
  let sum = 0;
  return points.map((item) => {
    const before = Math.floor((1_000 * sum) / all);
    sum += item;
    return Math.floor((1_000 * sum) / all) - before;
  });
}

const policies: fc.Arbitrary<Policy> = fc
  .record({
    indicators,
    decays,
    cuts: cuts(7, 999),
    margin: fc.nat(40),
    days: fc.integer({ min: 1, max: 4 }),
    zNumerator: fc.nat(3_000),
    least: fc.integer({ min: 2, max: 4 }),
    redLines,
    floor: fc.nat(3),
  })
  .map((drawn): Policy => {
    const points = stretched(drawn.indicators.map((item) => item.points));
    const items = drawn.indicators.map((item, index) => ({
      ...item,
      id: `i${index}`,
      dimension: `d${item.dimension}`,
      title: words,
      points: points[index] as number,
      target: 900_000,
    }));
    const dimension = (id: string): Policy["dimensions"][number] => ({
      id,
      title: words,
      points: items.filter((item) => item.dimension === id).reduce((sum, item) => sum + item.points, 0),
    });
    return {
      format: "probity-policy/1",
      name: "drawn",
      subject: "merchant",
      title: words,
      dimensions: ["d0", "d1", "d2"].map(dimension),
      indicators: items,
      decays: drawn.decays,
      bound: { zNumerator: drawn.zNumerator, zDenominator: 1_000 },
      grades: grades.map((grade, place) => ({ grade, min: [...drawn.cuts].reverse()[place] ?? 0 })),
      floor: { windowDays: 60, conditions: [{ metric: "orders", min: drawn.floor + 1, title: words }] },
      hysteresis: { margin: drawn.margin, days: drawn.days },
      categorySubjectsMin: drawn.least,
      epochDays: 30,
      redLines: drawn.redLines,
    };
  });

const today = 200;
const rowOf = (subject: number): fc.Arbitrary<Fact> =>
  fc
    .record({
      metric: fc.constantFrom(
        "dispatch-in-time",
        "tracking-valid",
        "review-stars",
        "inspections",
        "counterfeits",
        "orders-kept",
        "orders",
        "orders",
        "orders",
        "complaints",
        "charge-backs",
        "licences",
        "certificates",
      ),
      day: fc.integer({ min: today - 60, max: today + 2 }),
      n: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 6 }) },
        { weight: 2, arbitrary: fc.integer({ min: -3, max: 60 }) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 ** 29 }) },
      ),
      share: fc.integer({ min: 0, max: 10 }),
    })
    .map(({ metric, day, n, share }) => {
      const scaled = n * metricNamed(metric).scale;
      const units = Math.abs(scaled) > 2 ** 31 ? n : scaled;
      return { subject, metric: metricNamed(metric).no, day, n: units, x: Math.trunc((units * share) / 10) };
    });

interface Drawn {
  readonly facts: readonly Fact[];
  readonly categories: readonly (string | null)[];
  readonly epochDay: number;
  readonly day: number;
}

const market: fc.Arbitrary<Drawn> = fc.integer({ min: 4, max: 10 }).chain((subjects) =>
  fc
    .record({
      facts: fc.tuple(
        ...Array.from({ length: subjects }, (_, subject) =>
          fc.array(rowOf(subject), { minLength: subject % 4, maxLength: 25, size: "large" }),
        ),
      ),
      categories: fc.array(fc.constantFrom("tea", "books", null), { minLength: subjects, maxLength: subjects }),
      lag: fc.nat(20),
    })
    .map(({ facts, categories, lag }) => ({ facts: facts.flat(), categories, epochDay: today - lag, day: today })),
);

describe("the twin", () => {
  it("agrees to the bit on more than 1,000 merchants under random policies", () => {
    let merchants = 0;
    let graded = 0;
    fc.assert(
      fc.property(policies, market, (policy, drawn) => {
        const compiled = compilePolicy(policy);
        const { facts, categories, day } = drawn;
        const names = ["tea", "books"];
        const columns = {
          rows: facts.length,
          subject: Int32Array.from(facts, (fact) => fact.subject),
          metric: Int16Array.from(facts, (fact) => fact.metric),
          day: Int32Array.from(facts, (fact) => fact.day),
          n: Float64Array.from(facts, (fact) => fact.n),
          x: Float64Array.from(facts, (fact) => fact.x),
        };
        const groups = { names, of: Int32Array.from(categories, (name) => (name === null ? -1 : names.indexOf(name))) };
        const epoch = fitEpoch(compiled, columns, groups, drawn.epochDay);
        const ratings = rateAll(compiled, epoch, columns, groups, day);
        const subjects = categories.map((_, subject) => facts.filter((fact) => fact.subject === subject));
        const priorsIn = priorsOf(policy, { subjects, categories, epochDay: drawn.epochDay });
        categories.forEach((category, subject) => {
          const own = subjects[subject] ?? [];
          const priors = priorsIn(category);
          const { rated, bounds, cap, grade, ...here } = rate(policy, priors, own, day);
          const rating = rateSubject(compiled, epoch, own, category, day);
          const flat = new Map(rating.dimensions.flatMap((item) => item.indicators).map((item) => [item.id, item]));
          expect(rating.bounds).toEqual(bounds);
          expect([rating.status, rating.score, rating.bound]).toEqual([
            rated ? "rated" : "too-early",
            Number(here.score),
            Number(here.bound),
          ]);
          expect(rating.grade).toBe(grades[grade] ?? null);
          policy.indicators.forEach((item, place) => {
            const found = flat.get(item.id);
            expect([found?.microPoints, found?.applies ? found.mean : null]).toEqual([
              Number(here.micro[place]),
              here.means[place] === null ? null : Number(here.means[place]),
            ]);
            if (item.evidence.kind === "level") return;
            const { mean, strength, from } = priors[place] as Prior;
            expect(found?.prior).toMatchObject({ mean: Number(mean), strength: Number(strength), from });
            expect(ratings.indicatorPoints[subject * policy.indicators.length + place]).toBe(Number(here.micro[place]));
          });
          expect([
            ratings.score[subject],
            ratings.bound[subject],
            ratings.grade[subject],
            ratings.cap[subject],
            ratings.status[subject],
          ]).toEqual([Number(here.score), Number(here.bound), grade, cap, rated ? 0 : 1]);
          merchants += 1;
          if (rated) graded += 1;
        });
      }),
      { numRuns: 250 },
    );
    expect(merchants).toBeGreaterThan(1_000);
    expect(graded).toBeGreaterThan(500);
  }, 120_000);

  const seed = drawSeed("twin of a rating from raw events");
  const metricNo = new Map([...storedMetricNames].map(([no, name]) => [name, no]));

  /** Facts of merchants, as rows of the subjects' places. */
  function rowsOf(facts: ReadonlyMap<string, readonly [number, number]>, places: ReadonlyMap<string, number>): Fact[] {
    return [...facts].flatMap(([key, [n, x]]) => {
      const [subject = "", metric = "", day] = key.split("|");
      const place = subject.startsWith("m") ? places.get(subject.slice(1)) : undefined;
      return place === undefined
        ? []
        : [{ subject: place, metric: metricNo.get(metric) ?? -1, day: Number(day), n, x }];
    });
  }

  it.each([0, 1, 2, 3])(
    "recomputes ratings from raw events: 260 merchants, part %i",
    (part) => {
      const policy = defaultPolicies.merchant;
      const compiled = compilePolicy(policy);
      const events = [
        ...simulate({ seed: seed + part, merchants: 260, orders: 3_900, days: 130 }),
      ] as unknown as RawEvent[];
      const registered = events.filter(({ type }) => type === "merchant.registered");
      const merchants = registered.map(({ data }) => String(data["merchant"]));
      const places = new Map(merchants.map((merchant, place) => [merchant, place]));
      const categories = registered.map(({ data }) => (data["category"] as string | undefined) ?? null);
      const names = [...new Set(categories.filter((name) => name !== null))].sort();
      const groups = { names, of: Int32Array.from(categories, (name) => (name === null ? -1 : names.indexOf(name))) };
      const [epochDay, day] = [20_690, 20_700];
      const folded = rowsOf(foldBatches([events]), places);
      const columns = {
        rows: folded.length,
        subject: Int32Array.from(folded, (fact) => fact.subject),
        metric: Int16Array.from(folded, (fact) => fact.metric),
        day: Int32Array.from(folded, (fact) => fact.day),
        n: Float64Array.from(folded, (fact) => fact.n),
        x: Float64Array.from(folded, (fact) => fact.x),
      };
      const epoch = fitEpoch(compiled, columns, groups, epochDay);
      const ratings = rateAll(compiled, epoch, columns, groups, day);
      const subjects: Fact[][] = merchants.map(() => []);
      for (const fact of rowsOf(naiveFacts(events, currency), places)) subjects[fact.subject]?.push(fact);
      const priorsIn = priorsOf(policy, { subjects, categories, epochDay });
      const grown = new Set<number>();
      merchants.forEach((_, subject) => {
        const twin = rate(policy, priorsIn(categories[subject] ?? null), subjects[subject] ?? [], day);
        expect([
          ratings.status[subject],
          ratings.score[subject],
          ratings.bound[subject],
          ratings.ownGrade[subject],
          ratings.cap[subject],
        ]).toEqual([twin.rated ? 0 : 1, Number(twin.score), Number(twin.bound), twin.grade, twin.cap]);
        const width = policy.indicators.length;
        expect([...ratings.indicatorPoints.subarray(subject * width, (subject + 1) * width)]).toEqual(
          twin.micro.map(Number),
        );
        if (subject % 5 === 0) {
          const one = rateSubject(
            compiled,
            epoch,
            folded.filter((fact) => fact.subject === subject),
            categories[subject] ?? null,
            day,
          );
          expect([one.score, one.bound, one.bounds, one.ownGrade]).toEqual([
            Number(twin.score),
            Number(twin.bound),
            twin.bounds,
            grades[twin.grade] ?? null,
          ]);
        }
        grown.add(twin.grade);
      });
      expect(grown.size).toBeGreaterThan(3);
    },
    120_000,
  );
});
