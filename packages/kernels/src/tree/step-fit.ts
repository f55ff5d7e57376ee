/**
 * One boosting step on one column: the step function of at most three levels that lowers a second-order loss most,
 * level value G/(H + λ), gain Σ G²/(H + λ) (T. Chen, C. Guestrin, KDD 2016, doi 10.1145/2939672.2939785), grown greedily,
 * levels in the order that a monotone constraint asks for. Bin 0, what is not known, has a level of its own outside of that
 * order. Time O(bins).
 */

/** Sums by bin: place 0 is what is not known. */
export interface Histogram {
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
  readonly rows: Float64Array;
}

export function emptyHistogram(length: number): Histogram {
  return {
    gradient: new Float64Array(length),
    curvature: new Float64Array(length),
    rows: new Float64Array(length),
  };
}

export interface StepOptions {
  /** λ, in curvature. */
  readonly ridge: number;
  /** Rows a level needs. */
  readonly leafRowsMin: number;
  /** 1: never falling, −1: never rising, 0: free. */
  readonly sign: number;
}

interface Cut {
  at: number;
  gain: number;
  low: number;
  high: number;
}

/** Bins `from` … `to` − 1 as one level. */
interface Level {
  readonly gradient: number;
  readonly curvature: number;
  readonly rows: number;
}

function sumLevel({ gradient, curvature, rows }: Histogram, from: number, to: number): Level {
  let [g, h, n] = [0, 0, 0];
  for (let bin = from; bin < to; bin += 1) {
    g += gradient[bin];
    h += curvature[bin];
    n += rows[bin];
  }
  return { gradient: g, curvature: h, rows: n };
}

/** The best cut of a level in two, the new values between `least` and `most`; gain 0 where there is none. */
function bestCut(
  histogram: Histogram,
  from: number,
  to: number,
  options: StepOptions,
  least: number,
  most: number,
): Cut {
  const { ridge, leafRowsMin, sign } = options;
  const all = sumLevel(histogram, from, to);
  const whole = (all.gradient * all.gradient) / (all.curvature + ridge);
  const best: Cut = { at: from, gain: 0, low: 0, high: 0 };
  let [g, h, n] = [0, 0, 0];
  for (let at = from + 1; at < to; at += 1) {
    g += histogram.gradient[at - 1];
    h += histogram.curvature[at - 1];
    n += histogram.rows[at - 1];
    if (n < leafRowsMin || histogram.rows[at - 1] === 0) continue;
    if (all.rows - n < leafRowsMin) break;
    const low = g / (h + ridge);
    const high = (all.gradient - g) / (all.curvature - h + ridge);
    const gain = low * g + high * (all.gradient - g) - whole;
    if (gain <= best.gain) continue;
    if (sign !== 0 && ((high - low) * sign < 0 || low < least || low > most || high < least || high > most)) continue;
    best.at = at;
    best.gain = gain;
    best.low = low;
    best.high = high;
  }
  return best;
}

/**
 * Adds `rate` times the best step function over bins 1 … bins − 1, and the value of bin 0, to `table` from `start` on, and
 * notes the same in `step` (length bins). Returns the gain; 0 and no change where no cut helps.
 */
export function fitStep(
  histogram: Histogram,
  bins: number,
  options: StepOptions,
  rate: number,
  table: Float64Array,
  start: number,
  step: Float64Array,
): number {
  const { ridge, leafRowsMin } = options;
  const [endless, none] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const first = bestCut(histogram, 1, bins, options, none, endless);
  const unknown = histogram.rows[0] >= leafRowsMin ? histogram.gradient[0] / (histogram.curvature[0] + ridge) : 0;
  if (first.gain <= 0 && unknown === 0) return 0;
  step.fill(0, 0, bins);
  step[0] = unknown;
  let gain = unknown * histogram.gradient[0] + first.gain;
  if (first.gain > 0) {
    const rising = options.sign >= 0;
    const below = bestCut(histogram, 1, first.at, options, rising ? none : first.high, rising ? first.high : endless);
    const above = bestCut(histogram, first.at, bins, options, rising ? first.low : none, rising ? endless : first.low);
    step.fill(first.low, 1, first.at);
    step.fill(first.high, first.at, bins);
    if (below.gain > 0 && below.gain >= above.gain) {
      step.fill(below.low, 1, below.at);
      step.fill(below.high, below.at, first.at);
    } else if (above.gain > 0) {
      step.fill(above.low, first.at, above.at);
      step.fill(above.high, above.at, bins);
    }
    gain += Math.max(below.gain, above.gain);
  }
  for (let bin = 0; bin < bins; bin += 1) {
    step[bin] *= rate;
    table[start + bin] += step[bin];
  }
  return gain;
}

/** Scratch of `fitQuadrants`: prefix sums over a square of `side` + 1. */
export function quadrantScratch(side: number): Histogram {
  return emptyHistogram((side + 1) * (side + 1));
}

function accumulate(from: Float64Array, side: number, prefix: Float64Array): void {
  const wide = side + 1;
  for (let i = 0; i < side; i += 1) {
    let row = 0;
    for (let j = 0; j < side; j += 1) {
      row += from[i * side + j];
      prefix[(i + 1) * wide + j + 1] = prefix[i * wide + j + 1] + row;
    }
  }
}

const lowerLower = 0;
const lowerUpper = 1;
const upperLower = 2;
const upperUpper = 3;

/** Writes a quadrant's four sums of one prefix table for cuts i and j. */
function quarter(prefix: Float64Array, side: number, i: number, j: number, out: Float64Array): void {
  const wide = side + 1;
  const [corner, left, top] = [prefix[i * wide + j], prefix[i * wide + side], prefix[side * wide + j]];
  out[lowerLower] = corner;
  out[lowerUpper] = left - corner;
  out[upperLower] = top - corner;
  out[upperUpper] = prefix[side * wide + side] - left - top + corner;
}

export interface QuadrantOptions {
  readonly ridge: number;
  readonly leafRowsMin: number;
  readonly signA: number;
  readonly signB: number;
}

/** Buffers for one call at a time. */
const [g, h, n, value, bestValue] = [0, 1, 2, 3, 4].map(() => new Float64Array(4)) as [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
];

/**
 * The two cuts, one on each side of a `side` × `side` square of sums (row: first column's coarse bin), whose four levels lower the
 * loss most; adds `rate` times them to `table` from `start` on. Returns the gain over one level for all; 0 and no change where
 * nothing helps. With `rate` 0 it only measures: the interaction filter FAST of Lou et al.
 */
export function fitQuadrants(
  sums: Histogram,
  side: number,
  options: QuadrantOptions,
  rate: number,
  scratch: Histogram,
  table: Float64Array,
  start: number,
): number {
  const { ridge, leafRowsMin, signA, signB } = options;
  accumulate(sums.gradient, side, scratch.gradient);
  accumulate(sums.curvature, side, scratch.curvature);
  accumulate(sums.rows, side, scratch.rows);
  const last = (side + 1) * (side + 1) - 1;
  const whole = scratch.gradient[last] ** 2 / (scratch.curvature[last] + ridge);
  let [bestGain, bestI, bestJ] = [0, 0, 0];
  for (let i = 1; i < side; i += 1) {
    for (let j = 1; j < side; j += 1) {
      quarter(scratch.rows, side, i, j, n);
      if (Math.min(n[0], n[1], n[2], n[3]) < leafRowsMin) continue;
      quarter(scratch.gradient, side, i, j, g);
      quarter(scratch.curvature, side, i, j, h);
      let gain = -whole;
      for (let part = 0; part < 4; part += 1) {
        value[part] = g[part] / (h[part] + ridge);
        gain += value[part] * g[part];
      }
      if (gain <= bestGain) continue;
      if ((value[upperLower] - value[lowerLower]) * signA < 0 || (value[upperUpper] - value[lowerUpper]) * signA < 0)
        continue;
      if ((value[lowerUpper] - value[lowerLower]) * signB < 0 || (value[upperUpper] - value[upperLower]) * signB < 0)
        continue;
      bestGain = gain;
      bestI = i;
      bestJ = j;
      bestValue.set(value);
    }
  }
  if (bestGain === 0 || rate === 0) return bestGain;
  for (let i = 0; i < side; i += 1)
    for (let j = 0; j < side; j += 1)
      table[start + i * side + j] += rate * bestValue[(i >= bestI ? upperLower : lowerLower) + (j >= bestJ ? 1 : 0)];
  return bestGain;
}
