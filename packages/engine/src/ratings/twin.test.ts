/**
 * An independent twin of the arithmetic in README.md: BigInt straight from fact rows, nothing shared with the code
 * but the contract's types and registry. It must agree to the bit on random marketplaces under random policies.
 */
import { type Decay, type Grade, type Indicator, type Policy, grades, metricNamed } from "@probity/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePolicy, fitEpoch, rateAll, rateSubject } from "./index.ts";

interface Fact {
  readonly subject: number;
  readonly metric: number;
  readonly day: number;
  readonly n: number;
  readonly x: number;
}

const big = (value: number): bigint => BigInt(value);
const floorDiv = (a: bigint, b: bigint): bigint => (a >= 0n ? a / b : -((-a + b - 1n) / b));
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

function root(value: bigint): bigint {
  let [low, high] = [0n, 1n << 256n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle * middle <= value) low = middle;
    else high = middle;
  }
  return low;
}

function decayed(facts: readonly Fact[], name: string, part: "n" | "x", decay: Decay, day: number, squared = false): bigint {
  let sum = 0n;
  for (const fact of facts) {
    if (fact.metric !== metricNamed(name).no || fact.day > day) continue;
    const age = day - fact.day;
    const weight = big(age < decay.weights.length ? (decay.weights[age] as number) : decay.tail);
    sum += (squared ? (weight * weight) / 2n ** 32n : weight) * big(fact[part]);
  }
  return sum;
}

const plain = (facts: readonly Fact[], name: string, from: number, to: number): bigint =>
  facts.reduce((sum, fact) => (fact.metric === metricNamed(name).no && fact.day >= from && fact.day <= to ? sum + big(fact.n) : sum), 0n);

interface Evidence {
  readonly good: bigint;
  readonly bad: bigint;
  readonly effective: bigint;
  /** Mean of a level; null for a share. */
  readonly level: bigint | null;
  readonly empty: boolean;
  readonly measured: boolean;
}

function evidenceOf(policy: Policy, item: Indicator, facts: readonly Fact[], day: number): Evidence {
  const { evidence } = item;
  if (evidence.kind === "level") {
    const levels = evidence.parts.map((part) => max(0n, plain(facts, part.metric, 0, day)));
    const mean = evidence.parts.reduce((sum, part, index) => sum + big(part.each) * min(levels[index] as bigint, big(part.cap)), 0n);
    const empty = levels.every((level) => level === 0n);
    return { good: 0n, bad: 0n, effective: 0n, level: min(1_000_000n, mean), empty, measured: !empty };
  }
  const decay = policy.decays[item.decay] as Decay;
  const unit = 2n ** 32n * big(metricNamed(evidence.of[0] as string).scale);
  const total = (names: readonly string[], part: "n" | "x", squared = false): bigint =>
    names.reduce((sum, name) => sum + decayed(facts, name, part, decay, day, squared), 0n);
  const n = max(0n, total(evidence.of, "n") + total(evidence.against, "n"));
  const n2 = max(0n, total(evidence.of, "n", true) + total(evidence.against, "n", true));
  const losses = evidence.less.map((part) => big(part.weight) * decayed(facts, part.metric, "n", decay, day));
  const x = losses.reduce((left, loss) => left - loss, total(evidence.of, evidence.good === "x" ? "x" : "n"));
  const milli = (value: bigint): bigint => (value * 1_000n) / unit;
  const good = milli(min(max(x, 0n), n));
  const bad = milli(max(n - x, 0n));
  const square = milli(n2);
  const effective = square === 0n ? milli(n) : max(milli(n), (milli(n) * milli(n)) / square);
  const empty = good + bad === 0n;
  const faults = [...evidence.less.map((part) => part.metric), ...evidence.against];
  const measured = evidence.good === "x" ? good > 0n : faults.some((name) => decayed(facts, name, "n", decay, day) > 0n);
  return { good, bad, effective, level: null, empty, measured };
}

interface Prior {
  readonly mean: bigint;
  readonly strength: bigint;
  readonly from: string;
}

function fit(pairs: readonly Evidence[], item: Indicator): Prior | null {
  const W = pairs.reduce((sum, pair) => sum + pair.good + pair.bad, 0n);
  const X = pairs.reduce((sum, pair) => sum + pair.good, 0n);
  const squares = pairs.reduce((sum, pair) => sum + (pair.good + pair.bad) ** 2n, 0n);
  const parts = pairs.reduce((sum, pair) => sum + (pair.good * pair.good) / (pair.good + pair.bad), 0n);
  const J1 = 1_000n * big(pairs.length - 1);
  const mean = (X * 1_000_000n + 1_000n * big(item.prior.mean)) / (W + 1_000n);
  // ρ = [S − pq·J1] / [pq(W − ΣN²/W − J1)]; both times W³.
  const above = W * (W * (W * parts - X * X) - X * (W - X) * J1);
  const below = X * (W - X) * (W * W - squares - J1 * W);
  if (below <= 0n) return { mean, strength: big(item.prior.strength) * 1_000n, from: "" };
  const told = root((W * W - squares) ** 2n / (W * W * 2n * big(pairs.length - 1)));
  const found = above <= 0n ? told : below > above ? ((below - above) * 1_000n) / above : 0n;
  return { mean, strength: max(2_000n, min(found, min(told, 1_000_000n))), from: "" };
}

interface Market {
  readonly facts: readonly Fact[];
  readonly categories: readonly (string | null)[];
  readonly epochDay: number;
  readonly day: number;
}

function priorOf(policy: Policy, market: Market, item: Indicator, category: string | null): Prior & { measured: boolean } {
  const every = market.categories.map((own, subject) => ({
    own,
    evidence: evidenceOf(policy, item, market.facts.filter((fact) => fact.subject === subject), market.epochDay),
  }));
  const measured = every.some((one) => one.evidence.measured);
  const asked = every.filter((one) => !one.evidence.empty && item.evidence.kind === "share");
  const here = asked.filter((one) => category !== null && one.own === category).map((one) => one.evidence);
  const least = policy.categorySubjectsMin;
  if (here.length >= least) return { ...(fit(here, item) as Prior), from: "category", measured };
  if (asked.length >= least) return { ...(fit(asked.map((one) => one.evidence), item) as Prior), from: "marketplace", measured };
  return { mean: big(item.prior.mean), strength: big(item.prior.strength) * 1_000n, from: "policy", measured };
}

interface Scored {
  readonly applies: boolean;
  readonly score: bigint;
  readonly bound: bigint;
  readonly means: (bigint | null)[];
  readonly micro: bigint[];
}

function score(policy: Policy, priors: readonly (Prior & { measured: boolean })[], facts: readonly Fact[], day: number): Scored {
  const evidence = policy.indicators.map((item) => evidenceOf(policy, item, facts, day));
  const applies = policy.indicators.map(
    (item, index) => priors[index]?.measured === true && !(evidence[index]?.empty === true && item.whenEmpty === "hand-over"),
  );
  const open = (dimension: string): bigint =>
    policy.indicators.reduce((sum, item, index) => (item.dimension === dimension && applies[index] ? sum + big(item.points) : sum), 0n);
  const live = policy.dimensions.map((dimension) => min(big(dimension.points), 2n * open(dimension.id)));
  const all = live.reduce((sum, points) => sum + points, 0n);
  const micro = policy.indicators.map(() => 0n);
  const means = policy.indicators.map((): bigint | null => null);
  let variance = 0n;
  let run = 0n;
  policy.dimensions.forEach((dimension, no) => {
    const start = run;
    run += live[no] as bigint;
    const budget = all === 0n ? 0n : (10n ** 9n * run) / all - (10n ** 9n * start) / all;
    let inner = 0n;
    policy.indicators.forEach((item, index) => {
      if (item.dimension !== dimension.id || !applies[index]) return;
      const before = open(dimension.id) === 0n ? 0n : (budget * inner) / open(dimension.id);
      inner += big(item.points);
      const most = open(dimension.id) === 0n ? 0n : (budget * inner) / open(dimension.id) - before;
      const { good, bad, effective, level } = evidence[index] as Evidence;
      const { mean: m, strength: k } = priors[index] as Prior;
      const mean = level ?? (good * 1_000_000n + k * m) / (good + bad + k);
      means[index] = mean;
      let row = 0;
      while (row + 2 < item.table.length && big(item.table[row + 1]?.[0] ?? 0) <= mean) row += 1;
      const [[x0, y0], [x1, y1]] = [item.table[row], item.table[row + 1]].map((pair) => (pair as [number, number]).map(big)) as [bigint[], bigint[]];
      const value = ((y0! * (x1! - x0!) + (y1! - y0!) * (mean - x0!)) * 1_000n) / (x1! - x0!);
      micro[index] = (most * value) / 1_000_000n;
      if (level !== null) return;
      const error = root((mean * (1_000_000n - mean) * 1_000n * 10_000n) / (effective + k + 1_000n));
      const slope = (most * (y1! - y0!)) / (x1! - x0!);
      variance += min((slope * error) / 10n ** 8n, most / 1_000n) ** 2n;
    });
  });
  const sum = micro.reduce((total, part) => total + part, 0n);
  const { zNumerator, zDenominator } = policy.bound;
  const scaled = sum * big(zDenominator) - big(zNumerator) * root(variance) * 1_000n;
  const bound = max(0n, floorDiv(scaled, big(zDenominator) * 1_000_000n));
  return { applies: all > 0n, score: sum / 1_000_000n, bound, means, micro };
}

function gradeByWindow(policy: Policy, bounds: readonly number[]): number {
  const { margin, days } = policy.hysteresis;
  const list = policy.grades.map((item) => item.min);
  const raw = (bound: number): number => list.findIndex((least) => bound >= least);
  let held = raw(Math.min(...bounds));
  bounds.forEach((bound, day) => {
    const recent = day + 1 >= days ? bounds.slice(day + 1 - days, day + 1) : null;
    const up = list.findIndex((least) => bound >= least + margin || (recent?.every((other) => other >= least) ?? false));
    if (up !== -1 && up < held) {
      held = up;
      return;
    }
    const lost = (place: number): boolean => {
      const least = list[place] as number;
      return bound < least - margin || (recent?.every((other) => other < least) ?? false);
    };
    while (lost(held)) held += 1;
  });
  return grades.indexOf((policy.grades[held] as { grade: Grade }).grade);
}

function capBy(policy: Policy, facts: readonly Fact[], day: number): number {
  let worst = -1;
  for (const line of policy.redLines) {
    const sum = (name: string): bigint => plain(facts, name, day - line.windowDays + 1, day);
    const holds = line.when.every((item) => {
      const scale = big(metricNamed(item.metric).scale);
      if (sum(item.metric) < big(item.min) * scale) return false;
      if (item.share === undefined) return true;
      const of = max(0n, sum(item.share.of));
      return sum(item.metric) * 1_000_000n * big(metricNamed(item.share.of).scale) >= big(item.share.min) * of * scale;
    });
    if (holds) worst = Math.max(worst, grades.indexOf(line.cap));
  }
  return worst;
}

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
  fc.uniqueArray(fc.integer({ min: 1, max: top }), { minLength: length, maxLength: length }).map((list) => list.sort((a, b) => a - b));

const table = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.nat(400))
  .chain(([inner, first]) =>
    fc.tuple(cuts(inner, 999_999), fc.array(fc.integer({ min: first, max: 1_000 }), { minLength: inner, maxLength: inner })).map(([xs, ys]) => {
      const values = ys.sort((a, b) => a - b);
      const rows: [number, number][] = [[0, first], ...xs.map((x, index): [number, number] => [x, values[index] as number]), [1_000_000, 1_000]];
      return rows;
    }),
  );

const lessPart = (metric: string): fc.Arbitrary<{ metric: string; weight: number }> =>
  fc.integer({ min: 1, max: 60 }).map((weight) => ({ metric, weight }));
const evidence: fc.Arbitrary<Indicator["evidence"]> = fc.oneof(
  fc.constant<Indicator["evidence"]>({ kind: "share", of: ["dispatch-in-time"], good: "x", less: [], against: [] }),
  fc.constant<Indicator["evidence"]>({ kind: "share", of: ["review-stars"], good: "x", less: [], against: [] }),
  fc.constant<Indicator["evidence"]>({ kind: "share", of: ["inspections"], good: "x", less: [], against: ["counterfeits"] }),
  fc.constant<Indicator["evidence"]>({ kind: "share", of: ["dispatch-in-time", "tracking-valid"], good: "x", less: [], against: [] }),
  lessPart("complaints").map((part): Indicator["evidence"] => ({ kind: "share", of: ["orders-kept"], good: "all", less: [part], against: [] })),
  fc.tuple(lessPart("charge-backs"), lessPart("complaints")).map((less): Indicator["evidence"] => ({ kind: "share", of: ["orders"], good: "all", less, against: ["counterfeits"] })),
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
  { id: "two", title: words, windowDays: 30, when: [{ metric: "complaints", min: 1, share: { of: "orders", min: 200_000 } }], cap: "C" },
  { id: "three", title: words, windowDays: 20, when: [{ metric: "review-stars", min: 3, share: { of: "orders", min: 500_000 } }, { metric: "charge-backs", min: 1 }], cap: "AA" },
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
      n: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 6 }) }, { weight: 2, arbitrary: fc.integer({ min: -3, max: 60 }) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 ** 29 }) }),
      share: fc.integer({ min: 0, max: 10 }),
    })
    .map(({ metric, day, n, share }) => {
      const scaled = n * metricNamed(metric).scale;
      const units = Math.abs(scaled) > 2 ** 31 ? n : scaled;
      return { subject, metric: metricNamed(metric).no, day, n: units, x: Math.trunc((units * share) / 10) };
    });

const market: fc.Arbitrary<Market> = fc.integer({ min: 4, max: 10 }).chain((subjects) =>
  fc
    .record({
      facts: fc.tuple(...Array.from({ length: subjects }, (_, subject) => fc.array(rowOf(subject), { minLength: subject % 4, maxLength: 25, size: "large" }))),
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
        categories.forEach((category, subject) => {
          const own = facts.filter((fact) => fact.subject === subject);
          const priors = policy.indicators.map((item) => priorOf(policy, drawn, item, category));
          const window = Array.from({ length: 2 * policy.hysteresis.days + 1 }, (_, back) => score(policy, priors, own, day - back)).reverse();
          const here = window.at(-1) as Scored;
          const enough = plain(own, "orders", day - 59, day) >= big(policy.floor.conditions[0]?.min ?? 0);
          const bounds = window.map((one) => Number(one.bound));
          const cap = capBy(policy, own, day);
          const rated = here.applies && enough;
          const grade = rated ? Math.max(cap, gradeByWindow(policy, bounds)) : -1;
          const rating = rateSubject(compiled, epoch, own, category, day);
          const flat = new Map(rating.dimensions.flatMap((item) => item.indicators).map((item) => [item.id, item]));
          expect(rating.bounds).toEqual(bounds);
          expect([rating.status, rating.score, rating.bound]).toEqual([rated ? "rated" : "too-early", Number(here.score), Number(here.bound)]);
          expect(rating.grade).toBe(grades[grade] ?? null);
          policy.indicators.forEach((item, place) => {
            const found = flat.get(item.id);
            expect([found?.microPoints, found?.applies ? found.mean : null]).toEqual([Number(here.micro[place]), here.means[place] === null ? null : Number(here.means[place])]);
            if (item.evidence.kind === "level") return;
            const { mean, strength, from } = priors[place] as Prior;
            expect(found?.prior).toMatchObject({ mean: Number(mean), strength: Number(strength), from });
            expect(ratings.indicatorPoints[subject * policy.indicators.length + place]).toBe(Number(here.micro[place]));
          });
          expect([ratings.score[subject], ratings.bound[subject], ratings.grade[subject], ratings.cap[subject], ratings.status[subject]]).toEqual([
            Number(here.score),
            Number(here.bound),
            grade,
            cap,
            rated ? 0 : 1,
          ]);
          merchants += 1;
          if (rated) graded += 1;
        });
      }),
      { numRuns: 250 },
    );
    expect(merchants).toBeGreaterThan(1_000);
    expect(graded).toBeGreaterThan(500);
  }, 120_000);
});
