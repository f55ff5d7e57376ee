/** The audit and the engine, written apart, must agree to the bit: the texts of priors and the lines of ratings. */
import { createHash, randomBytes } from "node:crypto";
import { type Policy, type SubjectKind, grades, metricNamed, subjectKinds } from "@probity/contract";
import { simulate } from "@probity/simulator";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RawEvent } from "../../../engine/src/facts/events.fixture.ts";
import { foldBatches } from "../../../engine/src/facts/folding.fixture.ts";
import { drawSeed } from "../../../engine/src/facts/seed.fixture.ts";
import {
  compilePolicy,
  defaultPolicies,
  fitEpoch,
  rateAll as rateByEngine,
  wholeDimensions,
} from "../../../engine/src/ratings/index.ts";
import { canonicalJson } from "./canonical-json.ts";
import { type Entry, readEntry } from "./entry.ts";
import { addEntries } from "./facts.fixture.ts";
import { Facts } from "./facts.ts";
import { readPolicy } from "./policy.ts";
import { fitPriors, priorsText } from "./priors.ts";
import { rateAll, ratingLines } from "./rating.ts";

interface Row {
  readonly subject: number;
  readonly metric: string;
  readonly day: number;
  readonly n: number;
  readonly x: number;
}

interface Market {
  readonly ids: readonly string[];
  readonly categories: readonly (string | null)[];
  readonly rows: readonly Row[];
  /** Ordered pairs of places, and whether they hold: the later one counts. */
  readonly links: readonly (readonly [number, number, boolean])[];
  readonly epochDay: number;
  readonly day: number;
}

const letters = { merchant: "m", product: "p", promoter: "r" } as const;
const digestOf = (category: string): string =>
  createHash("sha256").update(`probity category 1\n${category}`).digest("base64url").slice(0, 22);
const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
const sd = Array.from({ length: 20 }, () => randomBytes(32).toString("base64url")).sort();

/** The market as entries of a log, some rows in each; every subject is named where it first appears. */
function factsOf({ ids, categories, rows, links }: Market): Facts {
  const entries: Entry[] = [];
  const add = (entry: object): void =>
    void entries.push(readEntry(new TextEncoder().encode(JSON.stringify({ ...entry, v: 1 }))));
  ids.forEach((id, place) => {
    const category = categories[place] ?? null;
    // First under another category, then under its own.
    add({ c: [[id, digestOf("before")]], d: [], sd, t: "listing.published" });
    add({ c: [[id, category === null ? "" : digestOf(category)]], d: [], sd, t: "listing.changed" });
  });
  for (let at = 0; at < rows.length; at += 7) {
    const d = rows.slice(at, at + 7).map(({ subject, metric, day, n, x }) => [ids[subject], metric, day, n, x]);
    add({ d, sd, t: "order.placed" });
  }
  for (const [one, other, holds] of links) {
    add({ d: [], p: { holds, merchant: ids[one], to: ids[other] }, sd, t: "merchant.linked" });
  }
  return addEntries(new Facts(), ...entries);
}

function byEngine(policy: Policy, market: Market): { readonly text: string; readonly lines: readonly string[] } {
  const compiled = compilePolicy(policy);
  const { rows, ids, links } = market;
  const columns = {
    rows: rows.length,
    subject: Int32Array.from(rows, ({ subject }) => subject),
    metric: Int16Array.from(rows, ({ metric }) => metricNamed(metric).no),
    day: Int32Array.from(rows, ({ day }) => day),
    n: Float64Array.from(rows, ({ n }) => n),
    x: Float64Array.from(rows, ({ x }) => x),
  };
  const digests = market.categories.map((category) => (category === null ? null : digestOf(category)));
  const names = [...new Set(digests.filter((category) => category !== null))].sort();
  const categories = { names, of: Int32Array.from(digests, (name) => (name === null ? -1 : names.indexOf(name))) };
  const epoch = fitEpoch(compiled, columns, categories, market.epochDay);
  const held = new Map(links.map(([one, other, holds]) => [`${one} ${other}`, holds ? [one, other] : null]));
  const pairs = [...held.values()].flatMap((pair) => (pair === null ? [] : [pair, pair.toReversed()]));
  const ratings = rateByEngine(compiled, epoch, columns, categories, market.day, {
    from: Int32Array.from(pairs, ([from]) => from as number),
    to: Int32Array.from(pairs, ([, to]) => to as number),
  });
  const width = policy.dimensions.length;
  const lines = ids.map((id, place) => {
    const [micro, microMax] = [ratings.dimensionPoints, ratings.dimensionMax].map((column) =>
      Array.from(column.subarray(place * width, (place + 1) * width)),
    ) as [number[], number[]];
    const score = ratings.score[place] as number;
    const { points } = wholeDimensions(compiled, micro, microMax, score);
    return JSON.stringify([
      id,
      ratings.status[place] === 0 ? "rated" : "too-early",
      score,
      ratings.bound[place],
      grades[ratings.grade[place] as number] ?? null,
      grades[ratings.ownGrade[place] as number] ?? null,
      points,
    ]);
  });
  return { text: canonicalJson(epoch), lines: lines.sort() };
}

const metricsOf = (policy: Policy): string[] => [
  ...new Set([
    ...policy.indicators.flatMap(({ evidence }) =>
      evidence.kind === "level"
        ? evidence.parts.map(({ metric }) => metric)
        : [...evidence.of, ...evidence.against, ...evidence.less.map(({ metric }) => metric)],
    ),
    ...policy.floor.conditions.map(({ metric }) => metric),
    ...policy.redLines.flatMap(({ when }) => when.flatMap(({ metric, share }) => [metric, share?.of ?? metric])),
  ]),
];

const today = 20_800;
const id = (kind: SubjectKind): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((bytes) => `${letters[kind]}:${Buffer.from(bytes).toString("base64url")}`);

const rowOf = (metrics: readonly string[], subjects: number): fc.Arbitrary<Row> =>
  fc
    .record({
      subject: fc.nat(subjects - 1),
      metric: fc.constantFrom(...metrics),
      day: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: today - 90, max: today + 2 }) },
        { weight: 1, arbitrary: fc.integer({ min: today - 4_000, max: today }) },
      ),
      n: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 1, max: 12 }) },
        { weight: 1, arbitrary: fc.integer({ min: -3, max: 60 }) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 ** 22 }) },
      ),
      share: fc.constantFrom(0, 5, 9, 10, 10, 10),
    })
    .map(({ subject, metric, day, n, share }) => {
      const units = n * metricNamed(metric).scale;
      return { subject, metric, day, n: units, x: Math.trunc((units * share) / 10) };
    });

const market = (kind: SubjectKind): fc.Arbitrary<Market> =>
  fc.uniqueArray(id(kind), { minLength: 2, maxLength: 24 }).chain((ids) => {
    const place = fc.nat(ids.length - 1);
    const category = fc.constantFrom("tea", "books", null);
    const metrics = metricsOf(defaultPolicies[kind]);
    return fc.record({
      ids: fc.constant(ids),
      categories: fc.array(category, { minLength: ids.length, maxLength: ids.length }),
      rows: fc.array(rowOf(metrics, ids.length), { maxLength: 40 * ids.length, size: "max" }),
      links: kind === "merchant" ? fc.array(fc.tuple(place, place, fc.boolean()), { maxLength: 8 }) : fc.constant([]),
      epochDay: fc.integer({ min: today - 40, max: today }),
      day: fc.integer({ min: today - 3, max: today }),
    });
  });

/** The starting policy, and others in which random markets reach every grade and categories are soon large enough. */
function policies(kind: SubjectKind): fc.Arbitrary<Policy> {
  const start = defaultPolicies[kind];
  const drawn = fc.record({
    cuts: fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { minLength: 7, maxLength: 7 }),
    hysteresis: fc.record({ margin: fc.nat(30), days: fc.integer({ min: 1, max: 4 }) }),
    categorySubjectsMin: fc.integer({ min: 2, max: 4 }),
    zNumerator: fc.nat(2_000),
    whenEmpty: fc.constantFrom<"prior" | "hand-over">("prior", "hand-over"),
    // So little that what is old adds up to more than nothing, but not to a thousandth.
    tail: fc.constantFrom(0, 1_000),
  });
  const others = drawn.map(({ cuts, hysteresis, categorySubjectsMin, zNumerator, whenEmpty, tail }): Policy => ({
    ...start,
    decays: Object.fromEntries(
      Object.entries(start.decays).map(([name, decay]) => [name, decay.tail === 0 ? { ...decay, tail } : decay]),
    ),
    grades: grades.map((grade, place) => ({ grade, min: [...cuts].sort((a, b) => b - a)[place] ?? 0 })),
    floor: { ...start.floor, conditions: start.floor.conditions.slice(0, 1).map((item) => ({ ...item, min: 1 })) },
    indicators: start.indicators.map((item) => ({ ...item, whenEmpty })),
    bound: { ...start.bound, zNumerator },
    hysteresis,
    categorySubjectsMin,
  }));
  return fc.oneof({ weight: 1, arbitrary: fc.constant(start) }, { weight: 2, arbitrary: others });
}

/** Grades in force that a market's ratings have; both sides' texts must be the same. */
function compare(source: Policy, drawn: Market): (string | null)[] {
  const text = canonicalJson(source);
  const policy = readPolicy(text);
  const facts = factsOf(drawn);
  const expected = byEngine(source, drawn);
  const priors = fitPriors(policy, facts, drawn.epochDay);
  expect(priorsText(priors, hashOf(text))).toBe(expected.text);
  const rows = rateAll(policy, priors, facts, drawn.day);
  expect(ratingLines(rows)).toEqual(expected.lines);
  return rows.map(({ grade }) => grade);
}

describe("the audit agrees with the engine to the bit", () => {
  it.each(subjectKinds)(
    "on random markets: %s",
    (kind) => {
      const seen = new Set<string | null>();
      fc.assert(
        fc.property(market(kind), policies(kind), (drawn, source) => {
          for (const grade of compare(source, drawn)) seen.add(grade);
        }),
        { numRuns: 60 },
      );
      expect(seen.size).toBeGreaterThan(4);
    },
    120_000,
  );

  const seed = drawSeed("the audit's twin of a simulated market");
  const events = [...simulate({ seed, merchants: 120, orders: 6_000, days: 200 })] as unknown as RawEvent[];
  const day = Math.floor(Date.parse(events.at(-1)?.time ?? "") / 86_400_000);
  const folded = [...foldBatches([events])].flatMap(([key, [n, x]]) => {
    const [name = "", metric = "", booked = ""] = key.split("|");
    // No rating asks for a bin of a histogram, and the engine's columns know it by another number.
    return metric.includes("/") ? [] : [{ name, metric, day: Number(booked), n, x }];
  });
  const merchants = new Map(
    events.flatMap(({ type, data }): [string, string][] =>
      type === "merchant.registered" ? [[`m${String(data["merchant"])}`, String(data["category"])]] : [],
    ),
  );

  it.each(subjectKinds)(
    "on a simulated market: %s",
    (kind) => {
      const isOfKind = ({ name }: { readonly name: string }): boolean => name.startsWith(letters[kind]);
      const names = [...new Set(folded.filter(isOfKind).map(({ name }) => name))];
      const places = new Map(names.map((name, place) => [name, place]));
      const seen = compare(defaultPolicies[kind], {
        ids: names.map((name) => `${letters[kind]}:${hashOf(name).slice(0, 22)}`),
        categories: names.map((name) => merchants.get(name) ?? null),
        rows: folded.filter(isOfKind).map((row) => ({ ...row, subject: places.get(row.name) as number })),
        links: [],
        epochDay: day - 20,
        day,
      });
      if (kind === "merchant") expect(new Set(seen).size).toBeGreaterThan(3);
    },
    120_000,
  );
});
