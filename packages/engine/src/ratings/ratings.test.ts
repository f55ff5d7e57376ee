import {
  type Policy,
  explanation as explanationSchema,
  grades,
  metricNamed,
  whatIf as whatIfSchema,
} from "@probity/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareRatings,
  compilePolicy,
  defaultPolicies,
  type EpochPriors,
  explain,
  type ExplainInput,
  fitEpoch,
  peerQuartiles,
  rateAll,
  rateSubject,
  type SubjectFact,
  type Telling,
} from "./index.ts";
import { columnsOf } from "./ratings.ts";

const day = 20_800;
const policy = defaultPolicies.merchant;
const compiled = compilePolicy(policy);
const no = (metric: string): number => metricNamed(metric).no;
const fact = (metric: string, age: number, n: number, x = 0): SubjectFact => ({
  metric: no(metric),
  day: day - age,
  n,
  x,
});

/** xorshift: the same marketplace on every machine. */
function drawer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A shop's year: `fault` of a hundred orders go wrong in each way. */
function shop(seed: number, orders: number, fault: number): SubjectFact[] {
  const draw = drawer(seed);
  const facts = [
    fact("licences", 400, 1),
    fact("certificates", 300, 1),
    fact("listings", 350, 20, 20 - Math.min(20, fault)),
    fact("followers", 200, 50, 50),
    fact("followers-interacting", 200, 50, 9),
  ];
  const wrong = (): boolean => draw(100) < fault;
  for (let order = 0; order < orders; order += 1) {
    const age = 10 + draw(340);
    facts.push(
      fact("orders", age, 1),
      fact("order-value", age, 6),
      fact("orders-kept", age - 4, 1),
      fact("buyers", age - 4, 1),
    );
    facts.push(
      fact("dispatch-in-time", age - 1, 1, wrong() ? 0 : 1),
      fact("delivered-in-time", age - 4, 1, wrong() ? 0 : 1),
    );
    if (wrong()) facts.push(fact("complaints", age - 6, 1), fact("complaints-solved-7d", age - 9, 1, draw(2)));
    if (wrong()) facts.push(fact("returns-not-as-described", age - 6, 1));
    if (wrong() && wrong()) facts.push(fact("disputes-lost", age - 8, 1), fact("value-lost", age - 8, 6));
    if (wrong()) facts.push(fact("cancelled-by-merchant", age, 1));
    const stars = wrong() ? 1 : 4 + draw(2);
    if (draw(3) === 0)
      facts.push(
        fact("review-stars", age - 7, 1_000, (stars - 1) * 250),
        fact("review-not-low", age - 7, 1_000, stars >= 3 ? 1_000 : 0),
      );
    if (draw(6) === 0) facts.push(fact("tickets-answered-24h", age - 1, 1, wrong() ? 0 : 1));
    if (draw(4) === 0) facts.push(fact("buyers-returning", age - 9, 1, draw(8) === 0 ? 1 : 0));
  }
  return facts;
}

const shops = Array.from({ length: 40 }, (_, index) => shop(index + 1, 20 + index * 12, index % 10));
const names = ["tea", "books", "rare"];
const categories = { names, of: Int32Array.from(shops, (_, index) => (index === 39 ? 2 : index % 2)) };
const marketRows = shops.flatMap((facts, subject) => facts.map((item) => ({ ...item, subject })));
function marketColumns(rows: readonly (SubjectFact & { subject: number })[]): ReturnType<typeof columnsOf> {
  return { ...columnsOf(rows), subject: Int32Array.from(rows, (row) => row.subject) };
}
const columns = marketColumns(marketRows);
const priors = fitEpoch(compiled, columns, categories, day - 7);
const ratings = rateAll(compiled, priors, columns, categories, day);
const rate = (
  facts: readonly SubjectFact[],
  links?: Parameters<typeof rateSubject>[5],
): ReturnType<typeof rateSubject> => rateSubject(compiled, priors, facts, "tea", day, links);

describe("rateAll and rateSubject", () => {
  it("agree on every column", () => {
    shops.forEach((facts, subject) => {
      const one = rateSubject(compiled, priors, facts, names[categories.of[subject] as number] as string, day);
      const grade = ratings.grade[subject] as number;
      expect([ratings.score[subject], ratings.bound[subject], grades[grade] ?? null]).toEqual([
        one.score,
        one.bound,
        one.grade,
      ]);
      expect([ratings.orders[subject], ratings.buyers[subject]]).toEqual([one.orders, one.buyers]);
      const width = compiled.dimensions.length;
      const points = ratings.dimensionPoints.slice(subject * width, (subject + 1) * width);
      expect([...points]).toEqual(one.dimensions.map((item) => item.microPoints));
    });
  });

  it("do not depend on the order of rows, nor on priors having been through JSON", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (seed) => {
        const draw = drawer(seed);
        const turned = marketRows
          .map((row) => ({ row, key: draw(2 ** 30) }))
          .sort((a, b) => a.key - b.key)
          .map((item) => item.row);
        const mixed = marketColumns(turned);
        const again = JSON.parse(JSON.stringify(fitEpoch(compiled, mixed, categories, day - 7))) as EpochPriors;
        expect(again).toEqual(priors);
        expect(rateAll(compiled, again, mixed, categories, day)).toEqual(ratings);
      }),
      { numRuns: 5 },
    );
  });

  it("the whole points of indicators add up to dimensions, those to the score; maxima to 1000", () => {
    for (const facts of [...shops, [], [fact("orders", 3, 4)]]) {
      const rating = rate(facts);
      const sum = (list: readonly { points: number; max: number }[], part: "points" | "max"): number =>
        list.reduce((all, item) => all + item[part], 0);
      expect(sum(rating.dimensions, "points")).toBe(rating.score);
      expect(sum(rating.dimensions, "max")).toBe(1_000);
      expect(rating.dimensions.reduce((all, item) => all + item.microMax, 0)).toBe(1_000_000_000);
      for (const dimension of rating.dimensions) {
        expect(sum(dimension.indicators, "points")).toBe(dimension.points);
        expect(sum(dimension.indicators, "max")).toBe(dimension.max);
        for (const item of dimension.indicators) expect(item.points).toBeLessThanOrEqual(item.max);
      }
    }
  });

  it("more good never lowers the score where nothing is handed over", () => {
    const keeping: Policy = {
      ...policy,
      indicators: policy.indicators.map((item) => ({ ...item, whenEmpty: "prior" })),
    };
    const own = compilePolicy(keeping);
    const fitted = fitEpoch(own, columns, categories, day);
    const good = fc.constantFrom(
      "dispatch-in-time",
      "delivered-in-time",
      "review-stars",
      "orders-kept",
      "orders",
      "tickets-answered-24h",
      "licences",
      "listings",
    );
    const bad = fc.constantFrom(
      "complaints",
      "privacy-breaches",
      "counterfeits",
      "disputes-lost",
      "cancelled-by-merchant",
    );
    const age = fc.integer({ min: 0, max: 900 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(bad, age, fc.integer({ min: 1, max: 9 })), { maxLength: 4 }),
        good,
        age,
        fc.nat(39),
        (faults, metric, when, index) => {
          const before = [...(shops[index] as SubjectFact[]), ...faults.map(([name, old, n]) => fact(name, old, n))];
          const units = metricNamed(metric).scale;
          const after = [...before, fact(metric, when, units, units)];
          const micro = (facts: readonly SubjectFact[]): number =>
            rateSubject(own, fitted, facts, "tea", day).dimensions.reduce((sum, item) => sum + item.microPoints, 0);
          expect(micro(after)).toBeGreaterThanOrEqual(micro(before));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("tell shops apart: fewer faults rate better, and little evidence is too early", () => {
    const rated = [0, 2, 5, 9].map((fault) => rate(shop(7, 400, fault)));
    const bounds = rated.map((item) => item.bound);
    expect(bounds).toEqual(bounds.toSorted((a, b) => b - a));
    expect(["AAA", "AA", "A"]).toContain(rated[0]?.grade);
    expect(["C", "D"]).toContain(rated[3]?.grade);
    expect(rate(shop(7, 19, 0))).toMatchObject({ status: "too-early", grade: null });
    expect(rate([]).floor).toEqual([
      { metric: "orders-kept", has: 0, needs: 20 },
      { metric: "buyers", has: 0, needs: 10 },
      { metric: "buyers-returning", has: 0, needs: 5 },
    ]);
  });

  it("facts of later days do not count", () => {
    const facts = shops[20] as SubjectFact[];
    expect(rate([...facts, fact("counterfeits", -1, 5), fact("complaints", -3, 50)])).toEqual(rate(facts));
  });

  it("refuse priors of another policy", () => {
    expect(() => rateSubject(compiled, { ...priors, policy: "other" }, [], null, day)).toThrow(TypeError);
  });
});

describe("epoch priors", () => {
  const named = (id: string): EpochPriors["indicators"][number] =>
    priors.indicators.find((item) => item.id === id) as EpochPriors["indicators"][number];

  it("come from the category, from the marketplace where it is small, from the policy where that is small too", () => {
    expect(named("dispatch-in-time").categories["tea"]?.from).toBe("category");
    expect(named("dispatch-in-time").categories["rare"]).toMatchObject({
      from: "marketplace",
      mean: named("dispatch-in-time").marketplace.mean,
      moments: { subjects: 1 },
    });
    expect(named("word-of-mouth").marketplace).toMatchObject({ from: "policy", mean: 120_000, strength: 20_000 });
  });

  it("find the mean and the strength that the subjects were drawn with", () => {
    // 400 subjects × 50 opportunities, half with 40 good and half with 20: p = 0.6, variance 0.04.
    // ρ = (0.04 − 0.24/50) / (0.24·(1 − 1/50)) approximately, strength 1/ρ − 1 ≈ 5.7.
    const rows = Array.from({ length: 400 }, (_, subject) => ({
      ...fact("dispatch-in-time", 0, 50, subject % 2 === 0 ? 40 : 20),
      subject,
    }));
    const fitted = fitEpoch(compiled, marketColumns(rows), { names: [], of: new Int32Array(400).fill(-1) }, day);
    const found = fitted.indicators.find((item) => item.id === "dispatch-in-time")?.marketplace;
    expect(found?.mean).toBe(600_014);
    expect(found?.strength).toBeGreaterThan(5_600);
    expect(found?.strength).toBeLessThan(5_750);
  });

  it("know what the marketplace does not measure, and hand its points over", () => {
    expect(named("green-parcels").measured).toBe(false);
    expect(named("payments-and-data-safe").measured).toBe(false);
    expect(named("few-complaints").measured).toBe(true);
    const security = rate(shops[0] as SubjectFact[]).dimensions.find((item) => item.id === "security");
    expect(security?.indicators.map((item) => [item.id, item.whyNot])).toEqual([
      ["dispatch-in-time", null],
      ["delivered-in-time", null],
      ["tracking-valid", "not-measured"],
      ["not-cancelled", null],
      ["payments-and-data-safe", "not-measured"],
    ]);
    expect(security?.microMax).toBe(200_000_000);
    expect(security?.indicators.map((item) => item.microMax)).toEqual([80_000_000, 66_666_666, 0, 53_333_334, 0]);
  });

  it("say nothing where nothing is measured", () => {
    const empty = fitEpoch(compiled, columnsOf([]), { names: [], of: new Int32Array(3) }, day);
    const rating = rateSubject(compiled, empty, [], null, day);
    expect(rating).toMatchObject({ status: "too-early", score: 0, bound: 0, grade: null, rawGrade: null });
  });
});

describe("red lines and links", () => {
  const good = shop(3, 400, 0);

  it("cap the grade and say until when", () => {
    expect(rate(good).caps).toEqual([]);
    const one = rate([...good, fact("counterfeits", 30, 1)]);
    expect(one.grade).toBe("C");
    expect(one.caps).toEqual([{ redLine: "counterfeit", cap: "C", until: day - 30 + 180 }]);
    const three = rate([...good, fact("counterfeits", 100, 2), fact("counterfeits", 30, 1)]);
    expect(three.grade).toBe("D");
    expect(three.caps).toEqual([
      { redLine: "counterfeit", cap: "C", until: day - 30 + 180 },
      { redLine: "counterfeits", cap: "D", until: day - 100 + 180 },
    ]);
    expect(rate([...good, fact("counterfeits", 180, 1)]).caps).toEqual([]);
  });

  it("value lost needs both its share and its count: many small kept orders do not hide one big fraud", () => {
    const bust = [...good, fact("order-value", 20, 3_000), fact("value-lost", 5, 3_000)];
    expect(rate([...bust, fact("disputes-lost", 5, 2)]).caps).toEqual([]);
    expect(rate([...bust, fact("disputes-lost", 5, 3)]).caps.map((item) => item.redLine)).toEqual(["value-lost"]);
  });

  it("a linked identity's worse grade caps, a better one does not", () => {
    const own = rate(good).grade;
    const linked = rate(good, [
      { id: "old", grade: "C" },
      { id: "new", grade: null },
      { id: "best", grade: "AAA" },
    ]);
    expect(linked).toMatchObject({ grade: "C", ownGrade: own });
    expect(linked.linked).toEqual([
      { id: "old", grade: "C", cap: true },
      { id: "new", grade: null, cap: false },
      { id: "best", grade: "AAA", cap: false },
    ]);
    const [worst, best] = [9, 10];
    const both = rateAll(compiled, priors, columns, categories, day, {
      from: Int32Array.of(best, worst),
      to: Int32Array.of(worst, best),
    });
    expect(both.grade[best]).toBe(Math.max(ratings.ownGrade[best] as number, ratings.ownGrade[worst] as number));
    expect(both.grade[worst]).toBe(ratings.ownGrade[worst]);
  });
});

describe("explanation", () => {
  const facts = shops[25] as SubjectFact[];
  const reason = (index: number): Telling => ({
    metric: "dispatch-in-time",
    day: day - index * 10,
    units: 1,
    reason: {
      seq: index,
      entity: "order",
      entityId: `o${index}`,
      day: "2026-01-01",
      good: false,
      what: { en: "late", zh: "迟发" },
      events: [index],
    },
  });
  const input: ExplainInput = {
    compiled,
    priors,
    facts,
    day,
    subject: { kind: "merchant", id: "m25", name: "Tea house", category: "books" },
    links: [{ id: "m3", grade: "BB" }],
    quartiles: peerQuartiles(compiled, ratings, categories),
    peers: { category: "books", rank: 3, of: 19, median: 700 },
    epoch: 4,
    logSize: 1_234,
    clock: "2026-12-13T00:00:00Z",
    evidence: {
      certificates: [],
      inspections: [],
      obligations: [
        {
          indicator: "complaints-solved",
          count: 2,
          text: { en: "Two complaints wait for an answer", zh: "两件投诉待答复" },
        },
      ],
      telling: (id) => (id === "dispatch-in-time" ? [0, 1, 2, 3, 4, 5, 6].map(reason) : []),
    },
  };
  const made = explain(input);

  it("fits the contract and repeats the rating", () => {
    expect(explanationSchema.safeParse(made).error).toBeUndefined();
    expect(made.rating).toMatchObject({ score: ratings.score[25], bound: ratings.bound[25], epoch: 4 });
  });

  it("shows means without the most telling misses, above the mean, and peers of the category", () => {
    const dispatch = made.dimensions.flatMap((item) => item.indicators).find((item) => item.id === "dispatch-in-time");
    expect(dispatch?.withoutTelling).toBeGreaterThan(dispatch?.mean ?? 0);
    expect(dispatch?.events.map((item) => item.entityId)).toEqual(["o0", "o1", "o2", "o3", "o4", "o5", "o6"]);
    expect(dispatch?.peers?.subjects).toBeGreaterThanOrEqual(8);
    expect(dispatch?.facts[0]?.n).toBe(dispatch?.sample);
  });

  it("raises: obligations first, then at most three changes, whose kept promises are the smallest that get there", () => {
    expect(made.raise[0]).toMatchObject({ kind: "obligation", indicator: "complaints-solved" });
    expect(made.raise.length).toBeLessThanOrEqual(4);
    for (const item of made.raise.slice(1)) {
      const source = policy.indicators.find((other) => other.id === item.indicator)?.evidence;
      if (item.kept === null || source?.kind !== "share") continue;
      const metric = source.of[0] as string;
      const unit = metricNamed(metric).scale;
      const meanWith = (kept: number): number =>
        rateSubject(compiled, priors, [...facts, fact(metric, 0, unit * kept, unit * kept)], "books", day)
          .dimensions.flatMap((one) => one.indicators)
          .find((one) => one.id === item.indicator)?.mean ?? 0;
      expect(meanWith(item.kept)).toBeGreaterThanOrEqual(item.to);
      expect(meanWith(item.kept - 1)).toBeLessThan(item.to);
    }
  });

  it("is frozen for one merchant", async () => {
    await expect(`${JSON.stringify(made, null, 1)}\n`).toMatchFileSnapshot("golden/merchant-explanation-seed-26.json");
  });
});

describe("what-if", () => {
  const stricter: Policy = {
    ...policy,
    grades: policy.grades.map((item) => ({ ...item, min: item.min === 0 ? 0 : item.min + 60 })),
  };
  const after = compilePolicy(stricter);
  const input = {
    subject: "merchant" as const,
    before: { compiled, ratings },
    after: {
      compiled: after,
      ratings: rateAll(after, fitEpoch(after, columns, categories, day - 7), columns, categories, day),
    },
    ids: shops.map((_, index) => `m${index}`),
    names: shops.map(() => null),
    categories: shops.map(() => "tea"),
    gmv: Float64Array.from(shops, (_, index) => index * 100),
    // The last five have been there for less than 90 days; one of them begins on the first day that counts.
    firstDay: Int32Array.from(shops, (_, index) => (index < 35 ? day - 90 : day - 89 + (index - 35))),
    currency: "CNY",
    windowDays: 90,
  };

  it("counts every subject once, and only downwards under stricter thresholds", () => {
    const answer = compareRatings(input);
    expect(whatIfSchema.safeParse(answer).error).toBeUndefined();
    expect(answer.migration.flat().reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(answer.up).toBe(0);
    expect(answer.down).toBeGreaterThan(0);
    expect(answer.movers.length).toBe(answer.down);
    expect(answer.gmv.total).toBe(78_000);
    expect(answer.gmv.byGradeAfter.reduce((sum, value) => sum + value, 0)).toBe(78_000);
  });

  it("sums the same up for large, small and new subjects", () => {
    const answer = compareRatings(input);
    // 0, 100 … 3 900: those of 1 900 and more make 62 700 of 78 000, without the smallest of them 60 800.
    const sizeOf = (index: number): string => (index >= 35 ? "new" : index >= 18 ? "large" : "small");
    const expected = new Map<string, number[]>();
    shops.forEach((_, index) => expected.set(sizeOf(index), [...(expected.get(sizeOf(index)) ?? []), index]));
    for (const part of answer.sizes) {
      const mine = expected.get(part.size) as number[];
      expect([part.size, part.subjects]).toEqual([part.size, mine.length]);
      expect(part.gmv.total).toBe(mine.reduce((sum, index) => sum + index * 100, 0));
      expect(part.migration.flat().reduce((sum, subjects) => sum + subjects, 0)).toBe(mine.length);
    }
    for (const mover of answer.movers) expect(mover.size).toBe(sizeOf(Number(mover.id.slice(1))));
    expect(answer.sizes.reduce((sum, part) => sum + part.down, 0)).toBe(answer.down);
    expect(answer.sizes.reduce((sum, part) => sum + part.gmv.down, 0)).toBe(answer.gmv.down);
  });

  it("the same policy moves no one", () => {
    expect(compareRatings({ ...input, after: input.before })).toMatchObject({
      up: 0,
      down: 0,
      movers: [],
      before: compiled.id,
      after: compiled.id,
    });
  });

  it("names the indicator that moved a subject most", () => {
    const heavier: Policy = structuredClone(policy);
    for (const item of heavier.indicators)
      if (item.id === "dispatch-in-time")
        item.table = [
          [0, 0],
          [999_000, 10],
          [1_000_000, 1_000],
        ];
    const own = compilePolicy(heavier);
    const answer = compareRatings({
      ...input,
      after: {
        compiled: own,
        ratings: rateAll(own, fitEpoch(own, columns, categories, day - 7), columns, categories, day),
      },
    });
    expect(new Set(answer.movers.map((item) => item.because?.indicator))).toEqual(new Set(["dispatch-in-time"]));
    expect(answer.movers.every((item) => (item.because?.points ?? 0) < 0)).toBe(true);
  });
});
