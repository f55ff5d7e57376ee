import type { CompiledIndicator, CompiledPolicy } from "./compile.ts";
import type { EvidenceBuffers } from "./evidence.ts";
import { at, isqrt, million, mulDiv } from "./exact.ts";
import { shrunkMean } from "./prior.ts";

/** Priors as the arithmetic reads them: ppm, thousandths of an opportunity, 1 where the indicator is measured. */
export interface PriorColumns {
  readonly mean: Float64Array;
  readonly strength: Float64Array;
  readonly measured: Uint8Array;
}

/** One subject on one day. Points in micro-points (10^-6), means and errors as named. */
export interface ScoreBuffers {
  /** 1 where the indicator applies. */
  readonly applies: Uint8Array;
  /** ppm */
  readonly mean: Int32Array;
  /** Standard error of the mean, hundredths of a ppm. */
  readonly error: Int32Array;
  readonly max: Int32Array;
  readonly points: Int32Array;
  readonly dimensionMax: Int32Array;
  readonly dimensionPoints: Int32Array;
  /** Micro-points of the score; thousandths of a point of its standard error; the bound in points. */
  readonly total: Float64Array;
}

/** Places in `ScoreBuffers.total`. */
export const totals = { score: 0, error: 1, bound: 2, applies: 3 } as const;

export function scoreBuffers(compiled: CompiledPolicy): ScoreBuffers {
  const indicators = compiled.indicators.length;
  const dimensions = compiled.dimensions.length;
  return {
    applies: new Uint8Array(indicators),
    mean: new Int32Array(indicators),
    error: new Int32Array(indicators),
    max: new Int32Array(indicators),
    points: new Int32Array(indicators),
    dimensionMax: new Int32Array(dimensions),
    dimensionPoints: new Int32Array(dimensions),
    total: new Float64Array(4),
  };
}

/** Row of the table in whose segment the mean lies: mean[row] ≤ mean < mean[row + 1]; 1,000,000 lies in the last. */
function segmentOf(indicator: CompiledIndicator, mean: number): number {
  const rows = indicator.tableMean;
  let row = rows.length - 2;
  while (row > 0 && at(rows, row) > mean) row -= 1;
  return row;
}

/** Micro-points at a mean: `max` × the table's value, linear between its rows, both floored. */
export function pointsAt(indicator: CompiledIndicator, mean: number, max: number): number {
  const row = segmentOf(indicator, mean);
  const width = at(indicator.tableMean, row + 1) - at(indicator.tableMean, row);
  const low = at(indicator.tablePoints, row);
  const rise = at(indicator.tablePoints, row + 1) - low;
  const value = Math.floor(((low * width + rise * (mean - at(indicator.tableMean, row))) * 1_000) / width);
  return Math.floor((max * value) / million);
}

/** √(μ(1−μ) / (n* + k + 1)) in hundredths of a ppm, floored; effective and strength in thousandths. */
export function standardError(mean: number, effective: number, strength: number): number {
  const below = effective + strength + 1_000;
  const above = mean * (million - mean) * 1_000;
  const whole = Math.floor(above / below);
  return isqrt(whole * 10_000 + mulDiv(above - whole * below, 10_000, below));
}

/**
 * Standard error of the points in thousandths of a point: slope of the table at the mean × error of the mean,
 * at most the indicator's points (a step in a table has no meaningful slope).
 */
function pointsError(indicator: CompiledIndicator, mean: number, error: number, max: number): number {
  const row = segmentOf(indicator, mean);
  const width = at(indicator.tableMean, row + 1) - at(indicator.tableMean, row);
  const rise = at(indicator.tablePoints, row + 1) - at(indicator.tablePoints, row);
  return Math.min(mulDiv(Math.floor((max * rise) / width), error, 100_000_000), Math.floor(max / 1_000));
}

/** Means and errors of all indicators, and which of them apply. */
function readMeans(compiled: CompiledPolicy, priors: PriorColumns, evidence: EvidenceBuffers, out: ScoreBuffers): void {
  for (let place = 0; place < compiled.indicators.length; place += 1) {
    const indicator = compiled.indicators[place] as CompiledIndicator;
    const empty = at(evidence.empty, place) === 1;
    out.applies[place] = at(priors.measured, place) === 1 && !(empty && indicator.handsOver) ? 1 : 0;
    if (indicator.evidence.kind === "level") {
      out.mean[place] = at(evidence.level, place);
      out.error[place] = 0;
      continue;
    }
    const strength = at(priors.strength, place);
    const mean = shrunkMean(at(evidence.good, place), at(evidence.bad, place), at(priors.mean, place), strength);
    out.mean[place] = mean;
    out.error[place] = standardError(mean, at(evidence.effective, place), strength);
  }
}

/** An indicator grows at most so many times by what others hand it: none is to carry a whole dimension alone. */
const handedMost = 2;

/**
 * Micro-points that every dimension and indicator can reach. What does not apply hands its points to the rest
 * in proportion: the k-th of them gets floor(total·P_k / P) − floor(total·P_{k−1} / P), P_k the sum of points up to it,
 * so that the parts add up to the total exactly.
 */
function handOver(compiled: CompiledPolicy, out: ScoreBuffers): void {
  let all = 0;
  for (let no = 0; no < compiled.dimensions.length; no += 1) {
    out.dimensionMax[no] = 0;
    const dimension = compiled.dimensions[no] as CompiledPolicy["dimensions"][number];
    const applied = appliedPoints(compiled, dimension.indicators, out);
    if (applied > 0) all += out.dimensionMax[no] = Math.min(dimension.points, handedMost * applied);
  }
  out.total[totals.applies] = all > 0 ? 1 : 0;
  let before = 0;
  for (let no = 0; no < compiled.dimensions.length; no += 1) {
    const upTo = before + at(out.dimensionMax, no);
    const share =
      all === 0 ? 0 : Math.floor((upTo * 1_000 * million) / all) - Math.floor((before * 1_000 * million) / all);
    before = upTo;
    out.dimensionMax[no] = share;
    spread(compiled, (compiled.dimensions[no] as CompiledPolicy["dimensions"][number]).indicators, share, out);
  }
}

function appliedPoints(compiled: CompiledPolicy, indicators: Int32Array, out: ScoreBuffers): number {
  let points = 0;
  for (let index = 0; index < indicators.length; index += 1) {
    const place = at(indicators, index);
    if (at(out.applies, place) === 1) points += (compiled.indicators[place] as CompiledIndicator).source.points;
  }
  return points;
}

function spread(compiled: CompiledPolicy, indicators: Int32Array, total: number, out: ScoreBuffers): void {
  const all = appliedPoints(compiled, indicators, out);
  let before = 0;
  for (let index = 0; index < indicators.length; index += 1) {
    const place = at(indicators, index);
    out.max[place] = 0;
    if (all === 0 || at(out.applies, place) === 0) continue;
    const upTo = before + (compiled.indicators[place] as CompiledIndicator).source.points;
    out.max[place] = Math.floor((total * upTo) / all) - Math.floor((total * before) / all);
    before = upTo;
  }
}

/** S − z·√V: floor((score·zd − zn·error) / zd) in points, at least 0. */
function boundOf(compiled: CompiledPolicy, score: number, error: number): number {
  const { zNumerator, zDenominator } = compiled.policy.bound;
  const above = score * zDenominator - zNumerator * error * 1_000;
  return above <= 0 ? 0 : Math.floor(above / (zDenominator * million));
}

/** Points, score, standard error and bound of one subject on one day, from its evidence and priors. */
export function scoreDay(
  compiled: CompiledPolicy,
  priors: PriorColumns,
  evidence: EvidenceBuffers,
  out: ScoreBuffers,
): void {
  readMeans(compiled, priors, evidence, out);
  handOver(compiled, out);
  let score = 0;
  let variance = 0;
  for (let no = 0; no < compiled.dimensions.length; no += 1) {
    const indicators = (compiled.dimensions[no] as CompiledPolicy["dimensions"][number]).indicators;
    let sum = 0;
    for (let index = 0; index < indicators.length; index += 1) {
      const place = at(indicators, index);
      const indicator = compiled.indicators[place] as CompiledIndicator;
      const max = at(out.max, place);
      const points = max === 0 ? 0 : pointsAt(indicator, at(out.mean, place), max);
      out.points[place] = points;
      sum += points;
      if (max === 0 || at(out.error, place) === 0) continue;
      const error = pointsError(indicator, at(out.mean, place), at(out.error, place), max);
      variance += error * error;
    }
    out.dimensionPoints[no] = sum;
    score += sum;
  }
  const error = isqrt(variance);
  out.total[totals.score] = score;
  out.total[totals.error] = error;
  out.total[totals.bound] = boundOf(compiled, score, error);
}
