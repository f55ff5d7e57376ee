import {
  type EventReason,
  type Explanation,
  type IndicatorReason,
  type RatingSummary,
  type SubjectKind,
  dayText,
  limits,
  metricNamed,
} from "@probity/contract";
import type { CompiledIndicator, CompiledPolicy } from "./compile.ts";
import { undecayed, weightAt } from "./decay.ts";
import { type PeerQuartiles, peersOf } from "./peers.ts";
import { type EpochPriors, shrunkMean } from "./prior.ts";
import { type Obligation, raises } from "./raise.ts";
import { type IndicatorRating, type Link, type Rating, type SubjectFact, rateSubject } from "./ratings.ts";

/** A miss of one indicator: `units` of n of the metric that it cost, booked on `day`, and the events behind it. */
export interface Telling {
  readonly metric: string;
  readonly day: number;
  readonly units: number;
  readonly reason: EventReason;
}

/** What an explanation shows beyond facts; the caller knows the ledger. */
export interface EvidenceSource {
  readonly certificates: Explanation["certificates"];
  readonly obligations: readonly Obligation[];
  /** Misses of an indicator, any order. */
  readonly telling: (indicator: string) => readonly Telling[];
}

export interface ExplainInput {
  readonly compiled: CompiledPolicy;
  readonly priors: EpochPriors;
  readonly facts: readonly SubjectFact[];
  readonly day: number;
  readonly subject: {
    readonly kind: SubjectKind;
    readonly id: string;
    readonly name: string | null;
    readonly category: string | null;
  };
  readonly links: readonly Link[];
  readonly quartiles: PeerQuartiles | null;
  /** Place of the score among the category's. */
  readonly peers: Explanation["peers"];
  readonly epoch: number;
  readonly logSize: number;
  readonly clock: string;
  readonly evidence: EvidenceSource;
}

/** How many of the most telling misses the mean is shown without. */
const tellingCount = 5;
/** Counters by day that are listed, newest; sums cover the whole horizon. */
const daysListed = 400;

const notMeasured = {
  en: "This marketplace does not record it; its points go to the others",
  zh: "本市场没有这项记录，分值分给其他指标",
};
const noEvidence = {
  en: "No evidence yet; its points go to the others",
  zh: "尚无记录，分值分给其他指标",
};

type FactReason = IndicatorReason["facts"][number];

function metricsOf(indicator: CompiledIndicator): string[] {
  const evidence = indicator.source.evidence;
  if (evidence.kind === "level") return evidence.parts.map((part) => part.metric);
  return [...evidence.of, ...evidence.less.map((part) => part.metric), ...evidence.against];
}

/** Counters of one metric that still weigh something on the day. */
function factReason(
  indicator: CompiledIndicator,
  name: string,
  facts: readonly SubjectFact[],
  day: number,
): FactReason {
  const metric = metricNamed(name);
  const decay = indicator.evidence.kind === "level" ? undecayed : indicator.decay;
  const days = new Map<number, [number, number]>();
  for (const fact of facts) {
    if (fact.metric !== metric.no || fact.day > day || weightAt(decay, day - fact.day) === 0) continue;
    const [n, x] = days.get(fact.day) ?? [0, 0];
    days.set(fact.day, [n + fact.n, x + fact.x]);
  }
  const listed = [...days].filter(([, [n, x]]) => n !== 0 || x !== 0).sort(([a], [b]) => a - b);
  return {
    metric: name,
    counts: metric.counts,
    n: listed.reduce((sum, [, [n]]) => sum + n, 0),
    x: listed.reduce((sum, [, [, x]]) => sum + x, 0),
    days: listed.slice(-daysListed).map(([on, [n, x]]): [string, number, number] => [dayText(on), n, x]),
  };
}

const byWeight = (a: { weight: bigint; item: Telling }, b: { weight: bigint; item: Telling }): number => {
  if (a.weight !== b.weight) return a.weight > b.weight ? -1 : 1;
  return b.item.day - a.item.day || (a.item.reason.entityId < b.item.reason.entityId ? -1 : 1);
};

/** Misses by their weight in the sums on the day, heaviest first: weight of age × units × weight of the loss. */
function weighed(
  indicator: CompiledIndicator,
  telling: readonly Telling[],
  day: number,
): { weight: bigint; item: Telling }[] {
  const evidence = indicator.source.evidence;
  return telling
    .map((item) => {
      const less = evidence.kind === "share" ? evidence.less.find((part) => part.metric === item.metric) : undefined;
      const age = BigInt(weightAt(indicator.decay, Math.max(0, day - item.day)));
      return { weight: age * BigInt(item.units) * BigInt(less?.weight ?? 1), item };
    })
    .sort(byWeight);
}

/** Mean as if the heaviest misses had not been: a loss leaves a good opportunity, a missed opportunity leaves none. */
function meanWithout(
  indicator: CompiledIndicator,
  rating: IndicatorRating,
  misses: readonly { weight: bigint; item: Telling }[],
): number | null {
  const { evidence } = indicator;
  if (evidence.kind === "level" || misses.length === 0) return null;
  const unit = BigInt(evidence.scale) << 32n;
  let good = rating.x;
  let bad = rating.n - rating.x;
  const losses =
    indicator.source.evidence.kind === "share" ? indicator.source.evidence.less.map((part) => part.metric) : [];
  for (const { weight, item } of misses) {
    const taken = Math.min(bad, Number((weight * 1_000n) / unit));
    bad -= taken;
    if (losses.includes(item.metric)) good += taken;
  }
  return shrunkMean(good, bad, rating.prior.mean, rating.prior.strength);
}

function indicatorReason(input: ExplainInput, rating: IndicatorRating, place: number): IndicatorReason {
  const indicator = input.compiled.indicators[place] as CompiledIndicator;
  const { evidence } = indicator.source;
  const facts = metricsOf(indicator).map((name) => factReason(indicator, name, input.facts, input.day));
  const counted = evidence.kind === "level" ? metricsOf(indicator) : [...evidence.of, ...evidence.against];
  const units = facts.filter((item) => counted.includes(item.metric)).reduce((sum, item) => sum + item.n, 0);
  const scale = indicator.evidence.kind === "level" ? 1 : indicator.evidence.scale;
  const misses = weighed(indicator, input.evidence.telling(rating.id), input.day);
  const whyNot = rating.whyNot === null ? null : rating.whyNot === "not-measured" ? notMeasured : noEvidence;
  return {
    id: rating.id,
    title: indicator.source.title,
    points: rating.points,
    max: rating.max,
    applies: rating.applies,
    whyNot,
    mean: rating.mean,
    low: rating.low,
    high: rating.high,
    n: rating.n,
    x: rating.x,
    effective: rating.effective,
    sample: Math.max(0, Math.floor(units / scale)),
    prior: rating.prior,
    peers: peersOf(input.quartiles, input.subject.category, place),
    withoutTelling: meanWithout(indicator, rating, misses.slice(0, tellingCount)),
    facts,
    events: misses.slice(0, limits.telling).map(({ item }) => item.reason),
  };
}

/** The row of a rating that lists show. */
export function summarize(
  input: Pick<ExplainInput, "compiled" | "subject" | "epoch" | "logSize">,
  rating: Rating,
): RatingSummary {
  const titles = new Map(input.compiled.policy.dimensions.map((item) => [item.id, item.title]));
  return {
    ...input.subject,
    day: dayText(rating.day),
    status: rating.status,
    score: rating.score,
    bound: rating.bound,
    grade: rating.grade,
    policy: rating.policy,
    epoch: input.epoch,
    logSize: input.logSize,
    orders: rating.orders,
    buyers: rating.buyers,
    dimensions: rating.dimensions.map(({ id, points, max }) => ({
      id,
      title: titles.get(id) ?? { en: id, zh: id },
      points,
      max,
    })),
  };
}

/**
 * The reasons of a rating: a tree whose children add up to their parents exactly, down to counters by day and the
 * events that the caller names. The rating inside is the one that `rateSubject` gives for the same arguments.
 */
export function explain(input: ExplainInput): Explanation {
  const { compiled, priors, facts, subject, day, links } = input;
  const { policy } = compiled;
  const rating = rateSubject(compiled, priors, facts, subject.category, day, links);
  const summary = summarize(input, rating);
  const placeOf = new Map(compiled.indicators.map((item, place) => [item.source.id, place]));
  const lineOf = new Map(policy.redLines.map((line) => [line.id, line]));
  return {
    rating: summary,
    rawGrade: rating.rawGrade,
    floor: rating.floor.map((item, index) => ({
      ...item,
      title: policy.floor.conditions[index]?.title ?? { en: item.metric, zh: item.metric },
    })),
    caps: rating.caps.map((item) => ({
      redLine: item.redLine,
      title: lineOf.get(item.redLine)?.title ?? { en: item.redLine, zh: item.redLine },
      cap: item.cap,
      until: dayText(item.until),
    })),
    linked: [...rating.linked],
    certificates: input.evidence.certificates,
    dimensions: rating.dimensions.map((dimension, no) => ({
      id: dimension.id,
      title: summary.dimensions[no]?.title ?? { en: dimension.id, zh: dimension.id },
      points: dimension.points,
      max: dimension.max,
      indicators: dimension.indicators.map((item) => indicatorReason(input, item, placeOf.get(item.id) as number)),
    })),
    raise: raises(compiled, rating, input.quartiles, subject.category, input.evidence.obligations),
    peers: input.peers,
    clock: input.clock,
  };
}
