import type { Facts } from "./facts.ts";
import { mulDiv } from "./integers.ts";
import type { AuditPolicy, Level, Share } from "./policy.ts";
import { scaleOf, undecayed, type Weights } from "./weights.ts";

/** Numbers of a day in a series: Σ w·n, Σ w·x, Σ w²·n, each as hi and lo of hi·2^16 + lo. */
const stride = 6;
const [ofN, ofX, ofSquare] = [0, 2, 4];
const q16 = 2 ** 16;
/** Halves of weights are at most 2^16: below this load every sum of products is under 2^53. */
const loadMax = 2 ** 36;

/** Decayed sums of one subject's rows of a metric, for consecutive days. */
export interface Series {
  readonly weights: Weights;
  /** [day][stride] */
  readonly sums: Float64Array;
  /** Σ |n| + |x| of the rows that count. */
  load: number;
}

function addRow(series: Series, days: number, age: number, n: number, x: number): void {
  const { sums, weights } = series;
  const { hi, lo, squareHi, squareLo } = weights;
  const tail = hi.length - 1;
  if (age - days + 1 >= tail && hi[tail] === 0 && lo[tail] === 0) return;
  series.load += Math.abs(n) + Math.abs(x);
  for (let day = Math.max(0, days - 1 - age), at = day * stride; day < days; day += 1, at += stride) {
    const entry = Math.min(age - (days - 1 - day), tail);
    const wHi = hi[entry] as number;
    const wLo = lo[entry] as number;
    (sums[at] as number) += wHi * n;
    (sums[at + 1] as number) += wLo * n;
    (sums[at + 2] as number) += wHi * x;
    (sums[at + 3] as number) += wLo * x;
    (sums[at + 4] as number) += (squareHi[entry] as number) * n;
    (sums[at + 5] as number) += (squareLo[entry] as number) * n;
  }
}

/** The sums that are asked for, of one subject after another, for the `days` days that end on a day. */
export class Sums {
  readonly #facts: Facts;
  readonly #days: number;
  readonly #all: Series[] = [];
  readonly #ofMetric: Series[][] = [];

  constructor(facts: Facts, days: number) {
    this.#facts = facts;
    this.#days = days;
  }

  ask(metric: string, weights: Weights): Series {
    const no = this.#facts.metric(metric);
    const list = no === undefined ? [] : (this.#ofMetric[no] ??= []);
    const known = list.find((item) => item.weights === weights);
    if (known !== undefined) return known;
    const series = { weights, sums: new Float64Array(this.#days * stride), load: 0 };
    list.push(series);
    this.#all.push(series);
    return series;
  }

  /** Fills every series from a subject's rows up to a day. Throws RangeError before a sum could lose exactness. */
  read(subject: number, day: number): void {
    for (const series of this.#all) {
      series.sums.fill(0);
      series.load = 0;
    }
    const { table } = this.#facts;
    for (let row = table.newest(subject); row >= 0; row = table.before(row)) {
      const age = day - (table.day[row] as number);
      if (age < 0) continue;
      for (const series of this.#ofMetric[table.metric[row] as number] ?? []) {
        addRow(series, this.#days, age, table.n[row] as number, table.x[row] as number);
      }
    }
    for (const { load } of this.#all) checkLoad(load, loadMax);
  }

  /** Σ n of a series whose weights are all 1 or 0, on a day of those read, 0 the first; by default on the last. */
  plain({ sums }: Series, day: number = this.#days - 1): number {
    return (sums[day * stride] as number) / q16;
  }
}

function checkLoad(load: number, most: number): void {
  if (!(load < most)) throw new RangeError(`counters of a subject add up to ${load}; ratings are exact below ${most}`);
}

/** What speaks for and against a subject: thousandths of an opportunity. */
export interface Evidence {
  readonly good: number;
  readonly bad: number;
  /** Kish's effective sample. */
  readonly effective: number;
  /** Mean of a level, ppm; null of a share. */
  readonly level: number | null;
  readonly isEmpty: boolean;
  /** Whether it shows that the marketplace measures the indicator. */
  readonly isMeasured: boolean;
}

/** Evidence on a day of those that the sums have read, 0 the first. */
export type EvidenceOn = (day: number) => Evidence;

/** floor(1000·max(0, hi·2^16 + lo) / (2^32·scale)); |hi| and |lo| below 2^53. */
function thousandths(hi: number, lo: number, scale: number): number {
  const carry = Math.floor(lo / q16);
  const high = hi + carry;
  if (high < 0) return 0;
  const unit = q16 * scale;
  const whole = Math.floor(high / unit);
  const rest = 1_000 * (high - whole * unit) + Math.floor((1_000 * (lo - carry * q16)) / q16);
  return 1_000 * whole + Math.floor(rest / unit);
}

/** A number of a series, `weight` times. */
interface Term {
  readonly series: Series;
  readonly part: number;
  readonly weight: number;
}

function total(terms: readonly Term[], at: number): number {
  let sum = 0;
  for (const { series, part, weight } of terms) sum += weight * (series.sums[at + part] as number);
  return sum;
}

function loadOf(terms: readonly Term[]): number {
  let load = 0;
  for (const { series, weight } of terms) load += Math.abs(weight) * series.load;
  return load;
}

function shareOn(item: Share, weights: Weights, sums: Sums): EvidenceOn {
  const terms = (metrics: readonly string[], part: number): Term[] =>
    metrics.map((metric) => ({ series: sums.ask(metric, weights), part, weight: 1 }));
  const opportunities = terms([...item.of, ...item.against], ofN);
  const squares = terms([...item.of, ...item.against], ofSquare);
  const losses = item.less.map(({ metric, weight }) => ({
    series: sums.ask(metric, weights),
    part: ofN,
    weight: -weight,
  }));
  const goods = [...terms(item.of, item.good === "x" ? ofX : ofN), ...losses];
  const faults = [...losses, ...terms(item.against, ofN)];
  const scale = scaleOf(item.of[0] as string);
  return (day) => {
    checkLoad(loadOf(opportunities) + loadOf(goods), 2 * loadMax);
    const at = day * stride;
    let [nHi, nLo] = [total(opportunities, at), total(opportunities, at + 1)];
    // The sign of a sum of two exact numbers is exact.
    if (nHi * q16 + nLo < 0) [nHi, nLo] = [0, 0];
    const [xHi, xLo] = [total(goods, at), total(goods, at + 1)];
    const n = thousandths(nHi, nLo, scale);
    const square = thousandths(total(squares, at), total(squares, at + 1), scale);
    const good = Math.min(thousandths(xHi, xLo, scale), n);
    const bad = thousandths(nHi - xHi, nLo - xLo, scale);
    return {
      good,
      bad,
      effective: square > 0 ? Math.max(n, mulDiv(n, n, square)) : n,
      level: null,
      isEmpty: good + bad === 0,
      isMeasured: item.good === "x" ? good > 0 : faults.some(({ series }) => isPositive(series, at)),
    };
  };
}

function isPositive({ sums }: Series, at: number): boolean {
  return (sums[at] as number) * q16 + (sums[at + 1] as number) > 0;
}

function levelOn(item: Level, sums: Sums): EvidenceOn {
  const parts = item.parts.map(({ metric, each, cap }) => ({ series: sums.ask(metric, undecayed), each, cap }));
  return (day) => {
    const units = parts.map(({ series }) => Math.max(0, sums.plain(series, day)));
    const mean = parts.reduce((sum, { each, cap }, place) => sum + each * Math.min(units[place] as number, cap), 0);
    const isEmpty = units.every((unit) => unit === 0);
    return { good: 0, bad: 0, effective: 0, level: Math.min(1_000_000, mean), isEmpty, isMeasured: !isEmpty };
  };
}

/** Evidence of every indicator, in the policy's order, of the subject that the sums have read last. */
export function evidenceOf(policy: AuditPolicy, sums: Sums): EvidenceOn[] {
  return policy.indicators.map(({ evidence, decay }) =>
    evidence.kind === "level" ? levelOn(evidence, sums) : shareOn(evidence, policy.decays[decay] as Weights, sums),
  );
}
