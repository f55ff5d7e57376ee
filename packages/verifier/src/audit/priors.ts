import { canonicalJson } from "./canonical-json.ts";
import { type EvidenceOn, evidenceOf, Sums } from "./evidence.ts";
import type { Facts } from "./facts.ts";
import { bigRoot } from "./integers.ts";
import type { AuditPolicy, Indicator } from "./policy.ts";

export interface Prior {
  readonly from: "category" | "marketplace" | "policy";
  /** ppm */
  readonly mean: number;
  /** Of the very subjects meant, also where the prior comes from elsewhere; sums in decimals. */
  readonly moments: {
    readonly n: string;
    readonly nn: string;
    readonly subjects: number;
    readonly x: string;
    readonly xxn: string;
  };
  /** Thousandths of an opportunity. */
  readonly strength: number;
}

export interface IndicatorPriors {
  readonly id: string;
  readonly measured: boolean;
  readonly marketplace: Prior;
  /** By the 22 characters of those in which a subject has evidence. */
  readonly categories: Readonly<Record<string, Prior>>;
}

/** Priors of an epoch, indicators in the policy's order. */
export interface Priors {
  readonly day: number;
  readonly indicators: readonly IndicatorPriors[];
}

/** W, X, Q, P of the ratings' page, and J. */
interface Moments {
  subjects: number;
  n: bigint;
  x: bigint;
  nn: bigint;
  xxn: bigint;
}

const noMoments = (): Moments => ({ subjects: 0, n: 0n, x: 0n, nn: 0n, xxn: 0n });

function addSubject(moments: Moments, n: bigint, good: bigint): void {
  moments.subjects += 1;
  moments.n += n;
  moments.x += good;
  moments.nn += n * n;
  moments.xxn += (good * good) / n;
}

/** Milli-opportunities between which a fitted strength is kept. */
const [strengthMin, strengthMax] = [2_000n, 1_000_000n];

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Beta–Binomial by moments; `own` is the policy's strength, for where nothing can be told. */
function strengthOf({ subjects, n, x, nn, xxn }: Moments, own: number): number {
  const others = BigInt(subjects - 1);
  const degrees = 1_000n * others;
  const chance = x * (n - x);
  const above = ((xxn * n - x * x) * n - degrees * chance) * n;
  const below = chance * (n * n - nn - degrees * n);
  if (below <= 0n) return own;
  const told = bigRoot((n * n - nn) ** 2n / (2n * n * n * others));
  const found = above <= 0n ? told : above >= below ? 0n : (1_000n * (below - above)) / above;
  const strength = least(found, least(told, strengthMax));
  return Number(strength > strengthMin ? strength : strengthMin);
}

/** The prior of some subjects: fitted where they are enough, else another's. */
function priorOf(
  moments: Moments,
  { prior }: Indicator,
  from: "category" | "marketplace",
  subjectsMin: number,
  otherwise: Pick<Prior, "from" | "mean" | "strength">,
): Prior {
  const { subjects, n, x, nn, xxn } = moments;
  const told = { moments: { n: String(n), nn: String(nn), subjects, x: String(x), xxn: String(xxn) } };
  if (subjects < subjectsMin) return { ...otherwise, ...told };
  const mean = Number((1_000_000n * x + 1_000n * BigInt(prior.mean)) / (n + 1_000n));
  return { from, mean, strength: strengthOf(moments, 1_000 * prior.strength), ...told };
}

/** What the subjects show of one indicator. */
interface Shown {
  measured: boolean;
  readonly marketplace: Moments;
  readonly categories: Map<string, Moments>;
}

function showsOf(policy: AuditPolicy, facts: Facts, day: number): Shown[] {
  const sums = new Sums(facts, 1);
  const evidence = evidenceOf(policy, sums);
  const shown = evidence.map((): Shown => ({ measured: false, marketplace: noMoments(), categories: new Map() }));
  for (const subject of facts.subjects(policy.subject)) {
    const category = facts.category(subject);
    sums.read(subject, day);
    shown.forEach((item, place) => {
      const here = (evidence[place] as EvidenceOn)(0);
      item.measured ||= here.isMeasured;
      if (here.isEmpty || here.level !== null) return;
      const [n, good] = [BigInt(here.good + here.bad), BigInt(here.good)];
      addSubject(item.marketplace, n, good);
      if (category === "") return;
      const moments = item.categories.get(category) ?? noMoments();
      item.categories.set(category, moments);
      addSubject(moments, n, good);
    });
  }
  return shown;
}

/** Priors that a policy fits to its kind of subjects, from their facts up to a day. */
export function fitPriors(policy: AuditPolicy, facts: Facts, day: number): Priors {
  const shown = showsOf(policy, facts, day);
  const enough = policy.categorySubjectsMin;
  const indicators = policy.indicators.map((item, place): IndicatorPriors => {
    const { measured, marketplace: moments, categories } = shown[place] as Shown;
    const own = { from: "policy", mean: item.prior.mean, strength: 1_000 * item.prior.strength } as const;
    const marketplace = priorOf(moments, item, "marketplace", enough, own);
    const fitted = [...categories].map(([category, here]): [string, Prior] => [
      category,
      priorOf(here, item, "category", enough, marketplace),
    ]);
    return { id: item.id, measured, marketplace, categories: Object.fromEntries(fitted) };
  });
  return { day, indicators };
}

/** The text whose SHA-256 an epoch publishes; `policy` is the hash by which the policy goes. */
export function priorsText(priors: Priors, policy: string): string {
  return canonicalJson({ format: "probity-epoch/1", policy, ...priors });
}
