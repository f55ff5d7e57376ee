import { type Pack, type PackAnswer, type PackCheck, metricNamed, q32 } from "@probity/contract";
import { undecayed, weightAt } from "./decay.ts";
import { exactMax } from "./exact.ts";
import type { SubjectFact } from "./ratings.ts";

type Checked = PackAnswer["checks"][number];

/** Σ of a part of a metric over the days day − windowDays + 1 … day. */
function windowSum(
  facts: readonly SubjectFact[],
  name: string,
  part: "n" | "x",
  day: number,
  windowDays: number,
): number {
  const { no } = metricNamed(name);
  let sum = 0;
  for (const fact of facts) if (fact.metric === no && fact.day <= day && fact.day > day - windowDays) sum += fact[part];
  return sum;
}

function windowOf(check: PackCheck, facts: readonly SubjectFact[], day: number): number {
  const busy = check.busyWindow;
  if (busy === undefined) return check.windowDays;
  const units = windowSum(facts, busy.metric, "n", day, busy.windowDays);
  return units >= busy.min * metricNamed(busy.metric).scale ? busy.windowDays : check.windowDays;
}

const exact = (value: bigint): number => {
  if (value < 0n) return 0;
  return value < BigInt(exactMax) ? Number(value) : Number.MAX_SAFE_INTEGER;
};

interface Sums {
  /** Numerator and opportunities × 2^32 where they decay, so that both are integers. */
  readonly above: bigint;
  readonly below: bigint;
  /** Units of n that make one opportunity, in the same measure. */
  readonly unit: bigint;
}

function sumsOf(pack: Pack, check: PackCheck, facts: readonly SubjectFact[], day: number, windowDays: number): Sums {
  const decay = check.decay === undefined ? undecayed : pack.decays?.[check.decay];
  if (decay === undefined) throw new TypeError(`pack ${pack.id}: check ${check.id} names no decay of the pack`);
  const names = [...check.denominator, ...check.numerator.map((item) => item.metric)];
  const scales = new Set(names.map((name) => metricNamed(name).scale));
  if (scales.size > 1) throw new TypeError(`pack ${pack.id}: metrics of check ${check.id} must share one scale`);
  const sum = (name: string, part: "n" | "x"): bigint => {
    const { no } = metricNamed(name);
    let total = 0n;
    for (const fact of facts) {
      if (fact.metric !== no || fact.day > day || fact.day <= day - windowDays) continue;
      total += BigInt(weightAt(decay, day - fact.day)) * BigInt(fact[part]);
    }
    return total;
  };
  const unit = BigInt(q32) * BigInt([...scales][0] ?? 1);
  let above = check.numerator.reduce((total, item) => total + sum(item.metric, item.part), 0n);
  let below = check.denominator.reduce((total, name) => total + sum(name, "n"), 0n);
  if (check.complement === true) above = below - above;
  if (check.prior !== undefined) {
    const weight = BigInt(check.prior.weight) * unit;
    above += (weight * BigInt(check.prior.mean)) / 1_000_000n;
    below += weight;
  }
  if (check.kind === "count") below = above;
  return { above: above < 0n ? 0n : above, below: below < 0n ? 0n : below, unit };
}

/**
 * One check. A rate or mean is compared as a fraction, so a threshold in ppm is met exactly; nothing to judge
 * (no opportunity, or fewer than `minOpportunities`) counts as met.
 */
function evaluateCheck(pack: Pack, check: PackCheck, facts: readonly SubjectFact[], day: number): Checked {
  const windowDays = windowOf(check, facts, day);
  const { above, below, unit } = sumsOf(pack, check, facts, day, windowDays);
  const isCount = check.kind === "count";
  const count = exact(above / unit);
  const opportunities = exact(below / unit);
  const judged = isCount || (below > 0n && opportunities >= (check.minOpportunities ?? 0));
  const harmed = windowSum(facts, "buyers-harmed", "n", day, windowDays);
  const [value, of] = isCount ? [above, unit] : [above * 1_000_000n, below];
  const tiers = Object.entries(check.tiers).map(([tier, bounds]): [string, Checked["tiers"][string]] => {
    const bound = bounds.max === undefined ? "min" : "max";
    const threshold = bounds.max ?? bounds.min ?? 0;
    const met = bound === "max" ? value <= BigInt(threshold) * of : value >= BigInt(threshold) * of;
    const spared = count < (bounds.unlessCount ?? 0) || harmed < (bounds.unlessBuyers ?? 0);
    return [tier, { threshold, bound, holds: !judged || met || spared }];
  });
  return {
    id: check.id,
    title: check.title,
    kind: check.kind,
    value: isCount || below === 0n ? null : Math.min(1_000_000, exact(value / of)),
    count,
    opportunities,
    windowDays,
    tiers: Object.fromEntries(tiers),
  };
}

/**
 * What another marketplace's rules would say of one subject on a day: the first tier of which no check is broken.
 * Facts in any order; those later than `day` do not count.
 */
export function evaluatePack(pack: Pack, facts: readonly SubjectFact[], day: number): PackAnswer {
  const checks = pack.checks.map((check) => evaluateCheck(pack, check, facts, day));
  const tier =
    pack.tiers.find((item) => checks.every((check) => check.tiers[item.id]?.holds !== false)) ?? pack.otherwise;
  return {
    pack: pack.id,
    title: pack.title,
    source: pack.source,
    figures: pack.figures,
    tier: tier.id,
    tierTitle: tier.title,
    checks,
  };
}
