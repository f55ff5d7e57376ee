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
import type { FactColumns } from "@probity/kernels/stats/decayed-sums";
import type { CompiledIndicator, CompiledPolicy } from "./compile.ts";
import { dayTexts } from "./day-texts.ts";
import { undecayed, weightAt } from "./decay.ts";
import { at } from "./exact.ts";
import { type PeerQuartiles, peersOf } from "./peers.ts";
import { type EpochPriors, shrunkMean } from "./prior.ts";
import { type Obligation, raises } from "./raise.ts";
import { type IndicatorRating, type Link, type Rating, type SubjectFacts, columnsOf, rateSubject } from "./ratings.ts";

/** A miss of one indicator: `units` of n of the metric that it cost, booked on `day`, and the events behind it. */
export interface Telling {
  readonly metric: string;
  readonly day: number;
  readonly units: number;
  /** The reason's own where it is not given: it orders misses whose reasons nobody reads. */
  readonly entityId?: string;
  readonly reason: EventReason;
}

/** What an explanation shows beyond facts; the caller knows the ledger. */
export interface EvidenceSource {
  readonly certificates: Explanation["certificates"];
  readonly inspections: Explanation["inspections"];
  readonly obligations: readonly Obligation[];
  /** Misses of an indicator, any order. */
  readonly telling: (indicator: string) => readonly Telling[];
}

export interface ExplainInput {
  readonly compiled: CompiledPolicy;
  readonly priors: EpochPriors;
  readonly facts: SubjectFacts;
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
  en: "Nothing of the kind here, so it does not apply; its points go to the others",
  zh: "没有此类情形，不适用，分值分给其他指标",
};

type FactReason = IndicatorReason["facts"][number];

function metricsOf(indicator: CompiledIndicator): string[] {
  const evidence = indicator.source.evidence;
  if (evidence.kind === "level") return evidence.parts.map((part) => part.metric);
  return [...evidence.of, ...evidence.less.map((part) => part.metric), ...evidence.against];
}

/** Sums of one metric by day, each day once, ascending. */
interface MetricDays {
  readonly day: number[];
  readonly n: number[];
  readonly x: number[];
}

/** What an explanation looks up again and again: the counters of each metric up to a day, and the days in words. */
interface Tally {
  readonly byMetric: ReadonlyMap<number, MetricDays>;
  readonly textOf: (day: number) => string;
}

function tally(columns: FactColumns, upTo: number): Tally {
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < columns.rows; row += 1) {
    if (at(columns.day, row) > upTo) continue;
    const rows = rowsOf.get(at(columns.metric, row));
    if (rows === undefined) rowsOf.set(at(columns.metric, row), [row]);
    else rows.push(row);
  }
  const byMetric = new Map<number, MetricDays>();
  for (const [metric, rows] of rowsOf) {
    const isAscending = rows.every(
      (row, place) => place === 0 || at(columns.day, row) >= dayBefore(columns, rows, place),
    );
    if (!isAscending) rows.sort((a, b) => at(columns.day, a) - at(columns.day, b));
    const days: MetricDays = { day: [], n: [], x: [] };
    for (const row of rows) {
      const last = days.day.length - 1;
      if (days.day[last] === at(columns.day, row)) {
        days.n[last] = (days.n[last] as number) + at(columns.n, row);
        days.x[last] = (days.x[last] as number) + at(columns.x, row);
        continue;
      }
      days.day.push(at(columns.day, row));
      days.n.push(at(columns.n, row));
      days.x.push(at(columns.x, row));
    }
    byMetric.set(metric, days);
  }
  return { byMetric, textOf: dayTexts() };
}

const dayBefore = (columns: FactColumns, rows: readonly number[], place: number): number =>
  at(columns.day, rows[place - 1] as number);

const noDays: MetricDays = { day: [], n: [], x: [] };

/** Counters of one metric that still weigh something on the day. */
function factReason(indicator: CompiledIndicator, name: string, { byMetric, textOf }: Tally, day: number): FactReason {
  const metric = metricNamed(name);
  const decay = indicator.evidence.kind === "level" ? undecayed : indicator.decay;
  const own = byMetric.get(metric.no) ?? noDays;
  const listed: [string, number, number][] = [];
  let [allN, allX] = [0, 0];
  // Newest first: only so many are listed.
  for (let place = own.day.length - 1; place >= 0; place -= 1) {
    const [on, n, x] = [own.day[place] as number, own.n[place] as number, own.x[place] as number];
    if ((n === 0 && x === 0) || weightAt(decay, day - on) === 0) continue;
    allN += n;
    allX += x;
    if (listed.length < daysListed) listed.push([textOf(on), n, x]);
  }
  return { metric: name, counts: metric.counts, n: allN, x: allX, days: listed.reverse() };
}

const idOf = (item: Telling): string => item.entityId ?? item.reason.entityId;

const byWeight = (a: { weight: bigint; item: Telling }, b: { weight: bigint; item: Telling }): number => {
  if (a.weight !== b.weight) return a.weight > b.weight ? -1 : 1;
  return b.item.day - a.item.day || (idOf(a.item) < idOf(b.item) ? -1 : 1);
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

function indicatorReason(
  input: ExplainInput,
  facts: readonly FactReason[],
  rating: IndicatorRating,
  place: number,
): IndicatorReason {
  const indicator = input.compiled.indicators[place] as CompiledIndicator;
  const { evidence } = indicator.source;
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
    facts: [...facts],
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
  const { compiled, priors, subject, day, links } = input;
  const { policy } = compiled;
  const columns = columnsOf(input.facts);
  const rating = rateSubject(compiled, priors, columns, subject.category, day, links);
  const counted = tally(columns, day);
  const reasonOf = (item: IndicatorRating): IndicatorReason => {
    const place = placeOf.get(item.id) as number;
    const indicator = compiled.indicators[place] as CompiledIndicator;
    const facts = metricsOf(indicator).map((name) => factReason(indicator, name, counted, day));
    return indicatorReason(input, facts, item, place);
  };
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
    inspections: input.evidence.inspections,
    dimensions: rating.dimensions.map((dimension, no) => ({
      id: dimension.id,
      title: summary.dimensions[no]?.title ?? { en: dimension.id, zh: dimension.id },
      points: dimension.points,
      max: dimension.max,
      indicators: dimension.indicators.map(reasonOf),
    })),
    raise: raises(compiled, rating, input.quartiles, subject.category, input.evidence.obligations),
    peers: input.peers,
    clock: input.clock,
  };
}
