/**
 * Is a count too great for chance? Exact upper tails, P(X ≥ k):
 *   Poisson(λ): the regularised lower gamma function P(k, λ);  Binomial(n, p): the regularised beta function I_p(k, n−k+1)
 * (W. Press et al., Numerical Recipes, 3rd ed., 2007, sections 6.2 and 6.4: series and Lentz's continued fractions). The
 * dearest window of a sorted series is found by two pointers; its tail is multiplied by the number of windows looked at
 * (Bonferroni; the scan statistic of J. Naus, JASA 60 (1965) 532–538, doi 10.1080/01621459.1965.10480810, is at most that).
 * Relative error about 1e-12 for k up to 10^6. Time O(√k) a tail.
 */

const tiny = 1e-300;
const precision = 1e-15;
const stepsMax = 100_000;

/** Below this argument the series of six terms is not exact enough. */
const smallest = 15;

/** ln Γ(x) for x > 0: Stirling's series above 15, by recurrence below. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`ln Γ of ${x}`);
  let [shift, at] = [0, x];
  while (at < smallest) {
    shift -= Math.log(at);
    at += 1;
  }
  const inverse = 1 / at;
  const square = inverse * inverse;
  const series =
    inverse *
    (1 / 12 -
      square *
        (1 / 360 - square * (1 / 1_260 - square * (1 / 1_680 - square * (1 / 1_188 - (square * 691) / 360_360)))));
  return shift + (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series;
}

function checkCount(count: number, what: string): void {
  if (!Number.isInteger(count) || count < 0) throw new RangeError(`${what} of ${count}`);
}

/** P(X ≥ count) for X ~ Poisson(mean). 1 for a count of 0. Throws RangeError on a negative count or mean, or NaN. */
export function poissonTail(count: number, mean: number): number {
  checkCount(count, "a count");
  if (!(mean >= 0)) throw new RangeError(`a mean of ${mean}`);
  if (count === 0) return 1;
  if (mean === 0) return 0;
  const front = Math.exp(count * Math.log(mean) - mean - logGamma(count));
  if (mean < count + 1) {
    let [term, sum] = [1 / count, 1 / count];
    for (let step = 1; step < stepsMax && term > sum * precision; step += 1) {
      term *= mean / (count + step);
      sum += term;
    }
    return Math.min(1, front * sum);
  }
  let b = mean + 1 - count;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let step = 1; step < stepsMax; step += 1) {
    const a = -step * (step - count);
    b += 2;
    d = 1 / (Math.abs(a * d + b) < tiny ? tiny : a * d + b);
    c = Math.abs(b + a / c) < tiny ? tiny : b + a / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < precision) break;
  }
  return Math.min(1, Math.max(0, 1 - front * fraction));
}

/** Lentz's continued fraction of the incomplete beta function. */
function betaFraction(a: number, b: number, x: number): number {
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let step = 1; step < stepsMax; step += 1) {
    const twice = 2 * step;
    const even = (step * (b - step) * x) / ((a + twice - 1) * (a + twice));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + step) * (a + b + step) * x) / ((a + twice) * (a + twice + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < precision) break;
  }
  return fraction;
}

/** P(X ≥ count) for X ~ Binomial(trials, chance). Throws RangeError unless 0 ≤ count ≤ trials and 0 ≤ chance ≤ 1. */
export function binomialTail(count: number, trials: number, chance: number): number {
  checkCount(count, "a count");
  checkCount(trials, "a number of trials");
  if (count > trials) throw new RangeError(`${count} of ${trials} trials`);
  if (!(chance >= 0 && chance <= 1)) throw new RangeError(`a chance of ${chance}`);
  if (count === 0 || chance === 1) return 1;
  if (chance === 0) return 0;
  const [a, b] = [count, trials - count + 1];
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(chance) + b * Math.log1p(-chance));
  if (chance < (a + 1) / (a + b + 2)) return Math.min(1, (front * betaFraction(a, b, chance)) / a);
  return Math.min(1, Math.max(0, 1 - (front * betaFraction(b, a, 1 - chance)) / b));
}

export interface Burst {
  /** Places of the first event of the window and after the last. */
  readonly from: number;
  readonly to: number;
  /** Chance of so many events in the window under an even rate, times the windows looked at; at most 1. */
  readonly chance: number;
}

/**
 * The window [t, t + width) that begins at an event and holds most events, against `rate` events per unit of time. Times are
 * ascending. No events: chance 1. Throws RangeError on times out of order or a width or rate that is not above 0.
 */
export function densestWindow(times: Float64Array, width: number, rate: number): Burst {
  if (!(width > 0) || !(rate > 0)) throw new RangeError(`a width of ${width} at a rate of ${rate}`);
  let [from, to, end] = [0, 0, 0];
  for (let start = 0; start < times.length; start += 1) {
    if (!(start === 0 || times[start] >= times[start - 1])) throw new RangeError(`event ${start} is out of order`);
    while (end < times.length && times[end] < times[start] + width) end += 1;
    if (end - start > to - from) [from, to] = [start, end];
  }
  // The window begins at an event: that one is given, the others have to come by chance.
  const chance = to === 0 ? 1 : poissonTail(to - from - 1, rate * width);
  return { from, to, chance: Math.min(1, chance * Math.max(1, times.length)) };
}
