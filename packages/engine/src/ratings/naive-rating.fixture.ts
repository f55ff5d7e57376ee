/**
 * An independent twin of the arithmetic in README.md: BigInt straight from fact rows, nothing shared with the code
 * but the contract's types and registry.
 */
import { type Decay, type Grade, type Indicator, type Policy, grades, metricNamed } from "@probity/contract";

/** A counter of a subject, by the metric's number. */
export interface Fact {
  readonly subject: number;
  readonly metric: number;
  readonly day: number;
  readonly n: number;
  readonly x: number;
}

export const big = (value: number): bigint => BigInt(value);
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

/** A subject's facts by metric, found once. */
const shelves = new WeakMap<readonly Fact[], Map<number, Fact[]>>();

function ofMetric(facts: readonly Fact[], name: string): readonly Fact[] {
  let shelf = shelves.get(facts);
  if (shelf === undefined) {
    shelf = new Map();
    for (const fact of facts) shelf.set(fact.metric, [...(shelf.get(fact.metric) ?? []), fact]);
    shelves.set(facts, shelf);
  }
  return shelf.get(metricNamed(name).no) ?? [];
}

function decayed(
  facts: readonly Fact[],
  name: string,
  part: "n" | "x",
  decay: Decay,
  day: number,
  squared = false,
): bigint {
  let sum = 0n;
  for (const fact of ofMetric(facts, name)) {
    if (fact.day > day) continue;
    const age = day - fact.day;
    const weight = big(age < decay.weights.length ? (decay.weights[age] as number) : decay.tail);
    sum += (squared ? (weight * weight) / 2n ** 32n : weight) * big(fact[part]);
  }
  return sum;
}

/** Σ n of a metric over days, both ends included. */
export const plain = (facts: readonly Fact[], name: string, from: number, to: number): bigint =>
  ofMetric(facts, name).reduce((sum, fact) => (fact.day >= from && fact.day <= to ? sum + big(fact.n) : sum), 0n);

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
    const mean = evidence.parts.reduce(
      (sum, part, index) => sum + big(part.each) * min(levels[index] as bigint, big(part.cap)),
      0n,
    );
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
  const measured =
    evidence.good === "x" ? good > 0n : faults.some((name) => decayed(facts, name, "n", decay, day) > 0n);
  return { good, bad, effective, level: null, empty, measured };
}

export interface Prior {
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

export type IndicatorPrior = Prior & { readonly measured: boolean };

/** A marketplace's facts by subject, and the category of each. */
export interface Market {
  readonly subjects: readonly (readonly Fact[])[];
  readonly categories: readonly (string | null)[];
  readonly epochDay: number;
}

/** Priors of a category by place of the indicator. */
export function priorsOf(policy: Policy, market: Market): (category: string | null) => readonly IndicatorPrior[] {
  const evidence = policy.indicators.map((item) =>
    market.subjects.map((facts) => evidenceOf(policy, item, facts, market.epochDay)),
  );
  const known = new Map<string | null, readonly IndicatorPrior[]>();
  return (category) => {
    const found =
      known.get(category) ??
      policy.indicators.map((item, place) => priorOf(policy, item, evidence[place] ?? [], market.categories, category));
    known.set(category, found);
    return found;
  };
}

function priorOf(
  policy: Policy,
  item: Indicator,
  every: readonly Evidence[],
  categories: readonly (string | null)[],
  category: string | null,
): IndicatorPrior {
  const measured = every.some((one) => one.measured);
  const isAsked = (one: Evidence): boolean => !one.empty && item.evidence.kind === "share";
  const asked = every.filter(isAsked);
  const here = every.filter((one, subject) => isAsked(one) && category !== null && categories[subject] === category);
  const least = policy.categorySubjectsMin;
  if (here.length >= least) return { ...(fit(here, item) as Prior), from: "category", measured };
  if (asked.length >= least) return { ...(fit(asked, item) as Prior), from: "marketplace", measured };
  return { mean: big(item.prior.mean), strength: big(item.prior.strength) * 1_000n, from: "policy", measured };
}

export interface Scored {
  readonly applies: boolean;
  readonly score: bigint;
  readonly bound: bigint;
  readonly means: (bigint | null)[];
  readonly micro: bigint[];
}

/** Score, bound and points of a subject on a day. */
export function score(policy: Policy, priors: readonly IndicatorPrior[], facts: readonly Fact[], day: number): Scored {
  const evidence = policy.indicators.map((item) => evidenceOf(policy, item, facts, day));
  const applies = policy.indicators.map(
    (item, index) =>
      priors[index]?.measured === true && !(evidence[index]?.empty === true && item.whenEmpty === "hand-over"),
  );
  const open = (dimension: string): bigint =>
    policy.indicators.reduce(
      (sum, item, index) => (item.dimension === dimension && applies[index] ? sum + big(item.points) : sum),
      0n,
    );
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
      const [x0, y0] = (item.table[row] as [number, number]).map(big) as [bigint, bigint];
      const [x1, y1] = (item.table[row + 1] as [number, number]).map(big) as [bigint, bigint];
      const value = ((y0 * (x1 - x0) + (y1 - y0) * (mean - x0)) * 1_000n) / (x1 - x0);
      micro[index] = (most * value) / 1_000_000n;
      if (level !== null) return;
      const error = root((mean * (1_000_000n - mean) * 1_000n * 10_000n) / (effective + k + 1_000n));
      const slope = (most * (y1 - y0)) / (x1 - x0);
      variance += min((slope * error) / 10n ** 8n, most / 1_000n) ** 2n;
    });
  });
  const sum = micro.reduce((total, part) => total + part, 0n);
  const { zNumerator, zDenominator } = policy.bound;
  const scaled = sum * big(zDenominator) - big(zNumerator) * root(variance) * 1_000n;
  const bound = max(0n, floorDiv(scaled, big(zDenominator) * 1_000_000n));
  return { applies: all > 0n, score: sum / 1_000_000n, bound, means, micro };
}

/** Place in the contract's grades after the bounds of the window, today's last. */
export function gradeByWindow(policy: Policy, bounds: readonly number[]): number {
  const { margin, days } = policy.hysteresis;
  const list = policy.grades.map((item) => item.min);
  const raw = (bound: number): number => list.findIndex((least) => bound >= least);
  let held = raw(Math.min(...bounds));
  bounds.forEach((bound, day) => {
    const recent = day + 1 >= days ? bounds.slice(day + 1 - days, day + 1) : null;
    const up = list.findIndex(
      (least) => bound >= least + margin || (recent?.every((other) => other >= least) ?? false),
    );
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

/** Worst place that the red lines leave; −1 where none holds. */
export function capBy(policy: Policy, facts: readonly Fact[], day: number): number {
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

export interface TwinRating extends Scored {
  readonly rated: boolean;
  readonly bounds: readonly number[];
  readonly cap: number;
  /** Place in the contract's grades before links; −1 for none. */
  readonly grade: number;
}

/** The whole rating of a subject on a day, before links. */
export function rate(
  policy: Policy,
  priors: readonly IndicatorPrior[],
  facts: readonly Fact[],
  day: number,
): TwinRating {
  const window = Array.from({ length: 2 * policy.hysteresis.days + 1 }, (_, back) =>
    score(policy, priors, facts, day - back),
  ).reverse();
  const here = window.at(-1) as Scored;
  const bounds = window.map((one) => Number(one.bound));
  const { windowDays, conditions } = policy.floor;
  const enough = conditions.every(
    (item) =>
      plain(facts, item.metric, day - windowDays + 1, day) >= big(item.min) * big(metricNamed(item.metric).scale),
  );
  const cap = capBy(policy, facts, day);
  const rated = here.applies && enough;
  return { ...here, rated, bounds, cap, grade: rated ? Math.max(cap, gradeByWindow(policy, bounds)) : -1 };
}
