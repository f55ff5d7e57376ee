import { wilsonLower } from "@probity/kernels/stats/intervals";
import type { CompiledIndicator } from "../packages/engine/src/ratings/compile.ts";
import { pointsAt } from "../packages/engine/src/ratings/points.ts";
import { fitLogistic } from "./fit-logistic.ts";
import { dataFolder, readFlags, say, UsageError } from "./flags.ts";
import { Forecasts, rounded } from "./forecasts.ts";
import { readWalkData, type WalkData, walkLayout } from "./walk-data.ts";
import { Walk, type WalkIndicator } from "./walk-model.ts";

export const usage = "--data DIR    who is rated badly next, foretold from the ratee's past (rater,ratee,rating,time)";

const million = 1_000_000;
const halfLives = [10, 14, 20, 28, 40, 57, 80, 113, 160, 226];
const strengths = [0.5, 1, 2, 4, 8];
const quietHalfLives = [2, 4, 8, 16];
const z = 1.959_964;

/** What is foretold, by place in the data: `from` ≤ place < `to`, ratee rated before. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const isBad = (data: WalkData, place: number): boolean => data.rating[place]! < 0;

/** Calls `see` for every rating of the span with the means of its ratee's past. */
function walk(
  data: WalkData,
  indicators: readonly WalkIndicator[],
  rateSpan: number,
  span: Span,
  see: (place: number, means: Int32Array) => void,
): void {
  const model = new Walk(data, indicators, rateSpan);
  for (let place = 0; place < span.to; place += 1) {
    const ratee = data.ratee[place]!;
    if (place >= span.from && model.hasPast(ratee)) see(place, model.look(ratee, data.day[place]!));
    model.add(place);
  }
}

/** The first is what a rater's standing is read from; the others carry points. */
function indicatorsOf(halfLifeDays: number, strength: number, quietDays: number, mean: number): WalkIndicator[] {
  const share = { halfLifeDays, reads: "good", mean, strength: strength * 1_000 } as const;
  return [
    { ...share, id: "plain", metric: "plain" },
    { ...share, id: "not-bad", metric: "notBad" },
    { ...share, id: "raters-standing", metric: "standing" },
    { id: "quiet", metric: "standing", halfLifeDays: quietDays, reads: "quiet", mean: million, strength: 500 },
  ];
}

interface Fitted {
  readonly halfLifeDays: number;
  readonly strength: number;
  readonly indicators: readonly WalkIndicator[];
  readonly tables: readonly CompiledIndicator[];
  readonly maxima: readonly number[];
}

function fitCounters(
  data: WalkData,
  rateSpan: number,
  span: Span,
  mean: number,
): { halfLifeDays: number; strength: number } {
  let best = { halfLifeDays: 0, strength: 0, auc: Number.NEGATIVE_INFINITY };
  for (const halfLifeDays of halfLives) {
    for (const strength of strengths) {
      const forecasts = new Forecasts();
      const indicators = indicatorsOf(halfLifeDays, strength, halfLifeDays, mean).slice(0, 2);
      walk(data, indicators, rateSpan, span, (place, means) => forecasts.add(-means[1]!, isBad(data, place)));
      const auc = forecasts.auc();
      if (auc > best.auc) best = { halfLifeDays, strength, auc };
    }
  }
  return best;
}

/** Means at which the points tables bend, ppm. */
const bends = [0, 5, 20, 50, 100, 200, 300, 400, 500, 600, 700, 800, 850, 900, 950, 970, 980, 990, 995, 1_000].map(
  (part) => part * 1_000,
);

const logOdds = (mean: number): number =>
  Math.log(Math.max(mean, 1_000) / million / (1 - Math.min(mean, 999_000) / million));

/** Points as policies give them: monotone piecewise-linear in the mean, here along its log-odds. */
const table: CompiledIndicator = {
  tableMean: Int32Array.from(bends),
  tablePoints: Int32Array.from(bends, (mean) =>
    Math.round((1_000 * (logOdds(mean) - logOdds(0))) / (logOdds(million) - logOdds(0))),
  ),
} as unknown as CompiledIndicator;

/** Shares out 1000 points by what a logistic regression finds; an indicator that points the wrong way gets none. */
function fitPoints(
  data: WalkData,
  indicators: readonly WalkIndicator[],
  rateSpan: number,
  span: Span,
): { maxima: number[]; loss: number } {
  const rows: Float64Array[] = [];
  const labels: number[] = [];
  // The first quarter of the ratings has hardly a past to learn from.
  walk(data, indicators, rateSpan, { from: Math.floor(span.to / 4), to: span.to }, (place, means) => {
    rows.push(Float64Array.from(means.subarray(1), (mean) => pointsAt(table, mean, million) / million));
    labels.push(isBad(data, place) ? 0 : 1);
  });
  const { weights, intercept } = fitLogistic(rows, labels, 1);
  const useful = weights.map((weight) => Math.max(0, weight));
  const total = useful.reduce((sum, weight) => sum + weight, 0);
  if (total === 0)
    return { maxima: useful.map((_, place) => (place === 0 ? 1_000 * million : 0)), loss: Number.POSITIVE_INFINITY };
  const loss = rows.reduce((sum, row, index) => {
    const logit = useful.reduce((part, weight, place) => part + weight * row[place]!, intercept);
    return sum + Math.log1p(Math.exp(labels[index] === 1 ? -logit : logit));
  }, 0);
  return { maxima: useful.map((weight) => Math.round((1_000 * million * weight) / total)), loss: loss / rows.length };
}

/** Everything from the first half alone. */
function fit(data: WalkData, rateSpan: number, span: Span): Fitted {
  let bad = 0;
  for (let place = 0; place < span.to; place += 1) bad += isBad(data, place) ? 1 : 0;
  const mean = Math.round((million * (span.to - bad + 1)) / (span.to + 2));
  const { halfLifeDays, strength } = fitCounters(data, rateSpan, span, mean);
  const tried = quietHalfLives.map((quietDays) => {
    const indicators = indicatorsOf(halfLifeDays, strength, quietDays, mean);
    return { indicators, ...fitPoints(data, indicators, rateSpan, span) };
  });
  const best = tried.reduce((left, right) => (right.loss < left.loss ? right : left));
  best.indicators.slice(1).forEach(({ id, halfLifeDays: days }, place) => {
    say(`${id}: half-life ${days} days, ${Math.round(best.maxima[place]! / million)} of 1000 points`);
  });
  return {
    halfLifeDays,
    strength,
    indicators: best.indicators,
    tables: best.indicators.slice(1).map(() => table),
    maxima: best.maxima,
  };
}

/** What marketplaces usually show, of the whole past at face value. */
function simpleScores(
  data: WalkData,
  span: Span,
  priorMean: number,
  priorWeight: number,
): Record<"star_average" | "wilson" | "bayesian", Forecasts> {
  const scores = { star_average: new Forecasts(), wilson: new Forecasts(), bayesian: new Forecasts() };
  const [count, good, sum] = [
    new Float64Array(data.people),
    new Float64Array(data.people),
    new Float64Array(data.people),
  ];
  for (let place = 0; place < span.to; place += 1) {
    const ratee = data.ratee[place]!;
    const n = count[ratee]!;
    if (place >= span.from && n > 0) {
      const bad = isBad(data, place);
      scores.star_average.add(-sum[ratee]! / n, bad);
      scores.wilson.add(-wilsonLower(good[ratee]!, n, z), bad);
      scores.bayesian.add(-(sum[ratee]! + priorWeight * priorMean) / (n + priorWeight), bad);
    }
    count[ratee]! += 1;
    good[ratee]! += isBad(data, place) ? 0 : 1;
    sum[ratee]! += data.rating[place]!;
  }
  return scores;
}

function fitBayesian(data: WalkData, span: Span): { mean: number; weight: number } {
  const mean = data.rating.subarray(0, span.to).reduce((sum, rating) => sum + rating, 0) / span.to;
  const tried = [1, 2, 4, 7, 15, 30].map((weight) => ({
    mean,
    weight,
    auc: simpleScores(data, span, mean, weight).bayesian.auc(),
  }));
  return tried.reduce((left, right) => (right.auc > left.auc ? right : left));
}

/**
 * In order of time, every rating of the second half whose ratee was rated before: is it bad, foretold from the
 * ratee's past alone. One pooled AUC; everything fitted is fitted on the first half.
 */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { data: "", seed: 1 });
  const data = await readWalkData(dataFolder(flags.data, walkLayout));
  const half = Math.floor(data.count / 2);
  const [first, second] = [
    { from: 0, to: half },
    { from: half, to: data.count },
  ];
  const rateSpan = data.rating.subarray(0, half).reduce((most, rating) => Math.max(most, Math.abs(rating)), 1);
  const bayes = fitBayesian(data, first);
  const simple = simpleScores(data, second, bayes.mean, bayes.weight);
  if (!simple.wilson.bothHappen || !simpleScores(data, first, 0, 1).wilson.bothHappen) {
    throw new UsageError("Both halves need bad and good ratings of people rated before; this data has not");
  }
  const fitted = fit(data, rateSpan, first);
  const forecasts = new Forecasts();
  walk(data, fitted.indicators, rateSpan, second, (place, means) => {
    const points = fitted.tables.reduce(
      (sum, item, index) => sum + pointsAt(item, means[index + 1]!, fitted.maxima[index]!),
      0,
    );
    forecasts.add(-points, isBad(data, place));
  });
  say(
    `${forecasts.count} ratings foretold, ${forecasts.happened} of them bad; prior weight of the Bayesian average ${bayes.weight}`,
  );
  return {
    auc: rounded(forecasts.auc()),
    auc_star_average: rounded(simple.star_average.auc()),
    auc_wilson: rounded(simple.wilson.auc()),
    auc_bayesian: rounded(simple.bayesian.auc()),
    half_life_days: fitted.halfLifeDays,
    prior_strength: fitted.strength,
  };
}
