import type { FactColumns } from "@probity/kernels/stats/decayed-sums";
import {
  decayedSum,
  decayedSums,
  decayedSumsLength,
  orderBySubject,
  sumsStride,
} from "@probity/kernels/stats/decayed-sums";
import type { CompiledIndicator, CompiledPolicy } from "./compile.ts";
import { evidenceBuffers, readEvidence } from "./evidence.ts";
import { at, isqrtBig, million, mulDiv } from "./exact.ts";

/** Category of every subject: place in `names`, −1 for none. `of.length` is the number of subjects. */
export interface Categories {
  readonly names: readonly string[];
  readonly of: Int32Array;
}

/** Integer moments over subjects with evidence, in thousandths of an opportunity; decimal strings. */
export interface Moments {
  readonly subjects: number;
  /** Σ N, Σ X, Σ N², Σ floor(X²/N). */
  readonly n: string;
  readonly x: string;
  readonly nn: string;
  readonly xxn: string;
}

export interface FittedPrior {
  /** ppm */
  readonly mean: number;
  /** Thousandths of an opportunity. */
  readonly strength: number;
  readonly from: "category" | "marketplace" | "policy";
  /** Of the very subjects named, also where the prior comes from elsewhere. */
  readonly moments: Moments;
}

/** Priors of an epoch: plain JSON, a function of the facts up to `day` and the policy alone. */
export interface EpochPriors {
  readonly format: "probity-epoch/1";
  readonly policy: string;
  readonly day: number;
  readonly indicators: readonly {
    readonly id: string;
    /** False: nobody in this marketplace shows evidence that could tell subjects apart; it applies to no one. */
    readonly measured: boolean;
    readonly marketplace: FittedPrior;
    readonly categories: Readonly<Record<string, FittedPrior>>;
  }[];
}

const strengthMin = 2_000n;
/**
 * However alike the others look, nobody knows the next subject better than a thousand cases of its own would tell. Not
 * lower: a weaker prior lets a flawless first week weigh more and lifts its bound (decision 0008).
 */
const strengthMax = 1_000_000n;

interface Sums {
  subjects: number;
  n: bigint;
  x: bigint;
  nn: bigint;
  xxn: bigint;
}

const noSums = (): Sums => ({ subjects: 0, n: 0n, x: 0n, nn: 0n, xxn: 0n });

function addSubject(sums: Sums, n: number, x: number): void {
  sums.subjects += 1;
  sums.n += BigInt(n);
  sums.x += BigInt(x);
  sums.nn += BigInt(n) * BigInt(n);
  sums.xxn += BigInt(mulDiv(x, x, n));
}

function addSums(into: Sums, from: Sums): void {
  into.subjects += from.subjects;
  into.n += from.n;
  into.x += from.x;
  into.nn += from.nn;
  into.xxn += from.xxn;
}

/**
 * Beta–Binomial by moments, weights N (J. C. Kleinman, JASA 68 (1973) 46–54, doi 10.1080/01621459.1973.10481332):
 * ρ = [S − pq(J−1)] / [pq(W − ΣN²/W − (J−1))], S = ΣX²/N − (ΣX)²/ΣN, W = ΣN, p = ΣX/W, strength = 1/ρ − 1.
 * Both sides are multiplied by W³ so that they are integers; N and X are thousandths, hence 1000·(J−1).
 * The mean takes one opportunity at the policy's own mean, so that a category without a miss stays below 1.
 *
 * Without any true spread ρ has a standard error of about √(2/(J−1)) / n0, n0 = (W − ΣN²/W) / (J−1). A smaller ρ
 * cannot be told from that, so strength is at most told = n0·√((J−1)/2): a few subjects with little evidence never
 * claim that all are alike. Where nothing can be told at all, strength is the policy's own.
 */
export function fitMoments(
  sums: {
    readonly subjects: number;
    readonly n: bigint;
    readonly x: bigint;
    readonly nn: bigint;
    readonly xxn: bigint;
  },
  prior: { readonly mean: number; readonly strength: number },
): { mean: number; strength: number } {
  const { n, x, nn, xxn } = sums;
  const mean = Number((x * 1_000_000n + BigInt(prior.mean) * 1_000n) / (n + 1_000n));
  const degrees = 1_000n * BigInt(sums.subjects - 1);
  const chance = x * (n - x);
  const above = ((xxn * n - x * x) * n - degrees * chance) * n;
  const below = chance * (n * n - nn - degrees * n);
  if (below <= 0n) return { mean, strength: prior.strength * 1_000 };
  const room = n * n - nn;
  const told = isqrtBig((room * room) / (2n * n * n * BigInt(sums.subjects - 1)));
  const most = told < strengthMax ? told : strengthMax;
  const found = above <= 0n ? most : above >= below ? 0n : (1_000n * (below - above)) / above;
  const strength = found < most ? found : most;
  return { mean, strength: Number(strength > strengthMin ? strength : strengthMin) };
}

const momentsOf = (sums: Sums): Moments => ({
  subjects: sums.subjects,
  n: String(sums.n),
  x: String(sums.x),
  nn: String(sums.nn),
  xxn: String(sums.xxn),
});

/** Whether this subject's facts show that the marketplace measures the indicator. */
function showsMeasured(
  indicator: CompiledIndicator,
  sums: Float64Array,
  days: number,
  empty: boolean,
  good: number,
): boolean {
  const evidence = indicator.evidence;
  if (evidence.kind === "level") return !empty;
  if (evidence.goodIsX) return good > 0;
  const positive = (series: number): boolean => decayedSum(sums, series * days * sumsStride) > 0n;
  return evidence.less.some(positive) || evidence.against.some(positive);
}

interface Gathered {
  readonly measured: Uint8Array;
  /** By indicator: by category, the last place for subjects without one. */
  readonly sums: readonly (readonly Sums[])[];
}

function gather(compiled: CompiledPolicy, columns: FactColumns, categories: Categories, day: number): Gathered {
  const { plan, indicators } = compiled;
  const subjects = categories.of.length;
  const offsets = new Int32Array(subjects + 1);
  const places = new Int32Array(columns.rows);
  const order = orderBySubject(columns, offsets, places) ? places : null;
  const sums = new Float64Array(decayedSumsLength(plan, 1, 1));
  const evidence = evidenceBuffers(indicators.length);
  const measured = new Uint8Array(indicators.length);
  const gathered = indicators.map(() => Array.from({ length: categories.names.length + 1 }, noSums));
  for (let subject = 0; subject < subjects; subject += 1) {
    const [from, to] = [at(offsets, subject), at(offsets, subject + 1)];
    if (from === to) continue;
    sums.fill(0);
    decayedSums(columns, order, from, to, plan, subject, day, 1, sums);
    readEvidence(indicators, sums, 1, 0, evidence);
    const category = at(categories.of, subject);
    for (let place = 0; place < indicators.length; place += 1) {
      const indicator = indicators[place] as CompiledIndicator;
      if (
        measured[place] === 0 &&
        showsMeasured(indicator, sums, 1, evidence.empty[place] === 1, at(evidence.good, place))
      )
        measured[place] = 1;
      if (indicator.evidence.kind === "level") continue;
      const n = at(evidence.good, place) + at(evidence.bad, place);
      const into = gathered[place]?.[category < 0 ? categories.names.length : category];
      if (n > 0 && into !== undefined) addSubject(into, n, at(evidence.good, place));
    }
  }
  return { measured, sums: gathered };
}

/**
 * Priors of every (category, indicator) from the facts with day ≤ `day`. A category with fewer than
 * `categorySubjectsMin` subjects takes the marketplace's; too few there as well: the policy's own.
 */
export function fitEpoch(
  compiled: CompiledPolicy,
  columns: FactColumns,
  categories: Categories,
  day: number,
): EpochPriors {
  const { measured, sums } = gather(compiled, columns, categories, day);
  const least = compiled.policy.categorySubjectsMin;
  return {
    format: "probity-epoch/1",
    policy: compiled.id,
    day,
    indicators: compiled.indicators.map((indicator, place) => {
      const own = indicator.source.prior;
      const all = noSums();
      for (const item of sums[place] ?? []) addSums(all, item);
      const marketplace: FittedPrior =
        all.subjects >= least
          ? { ...fitMoments(all, own), from: "marketplace", moments: momentsOf(all) }
          : { mean: own.mean, strength: own.strength * 1_000, from: "policy", moments: momentsOf(all) };
      const fitted = categories.names.flatMap((name, index): [string, FittedPrior][] => {
        const here = sums[place]?.[index];
        if (here === undefined || here.subjects === 0) return [];
        const moments = momentsOf(here);
        return [
          [
            name,
            here.subjects >= least
              ? { ...fitMoments(here, own), from: "category", moments }
              : { ...marketplace, moments },
          ],
        ];
      });
      return {
        id: indicator.source.id,
        measured: measured[place] === 1,
        marketplace,
        categories: Object.fromEntries(fitted),
      };
    }),
  };
}

/** Priors of a category, or of a subject without one, by place of the indicator. */
export function priorsFor(priors: EpochPriors, category: string | null): FittedPrior[] {
  return priors.indicators.map((item) =>
    category !== null && Object.hasOwn(item.categories, category)
      ? (item.categories[category] as FittedPrior)
      : item.marketplace,
  );
}

/** μ = floor((good + strength·mean) / (good + bad + strength)), ppm; arguments in thousandths and ppm. */
export function shrunkMean(good: number, bad: number, mean: number, strength: number): number {
  const above = good * million + strength * mean;
  const below = good + bad + strength;
  if (above < Number.MAX_SAFE_INTEGER) return Math.floor(above / below);
  return Number((BigInt(good) * 1_000_000n + BigInt(strength) * BigInt(mean)) / BigInt(below));
}
