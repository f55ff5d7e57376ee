/**
 * How far stated chances can be believed.
 *
 * Log-loss: −mean(y ln p + (1−y) ln(1−p)) (I. J. Good, J. R. Stat. Soc. B 14 (1952) 107–114).
 * Expected calibration error, bins of equal mass: Σ_b (n_b/n)·|mean p − mean y| (M. P. Naeini et al., AAAI 2015;
 * equal mass after K. Nguyen, B. O'Connor, EMNLP 2015, doi 10.18653/v1/D15-1182).
 * Population stability index: Σ_b (a_b − e_b)·ln(a_b / e_b), the symmetric Kullback–Leibler divergence
 * (N. Siddiqi, Credit Risk Scorecards, 2006); below 0.1 is usually read as stable, above 0.25 as shifted.
 */

const least = 1e-15;

/** Mean log-loss in nats; chances are kept 1e-15 away from 0 and 1. NaN for no rows. */
export function logLoss(chances: Float64Array, labels: Uint8Array): number {
  if (labels.length !== chances.length) throw new RangeError("chances and labels differ in length");
  let sum = 0;
  for (let row = 0; row < chances.length; row += 1) {
    const chance = Math.min(1 - least, Math.max(least, chances[row]));
    sum -= labels[row] === 1 ? Math.log(chance) : Math.log1p(-chance);
  }
  return sum / chances.length;
}

/**
 * Expected calibration error over `bins` bins whose sizes differ by at most one; rows in order of chance, ties by place.
 * `order` (length n) is the caller's and is overwritten.
 */
export function calibrationError(chances: Float64Array, labels: Uint8Array, bins: number, order: Uint32Array): number {
  const count = chances.length;
  if (labels.length !== count || order.length !== count)
    throw new RangeError("chances, labels and order differ in length");
  if (!(bins >= 1)) throw new RangeError(`${bins} bins`);
  for (let place = 0; place < count; place += 1) order[place] = place;
  order.sort((a, b) => chances[a] - chances[b] || a - b);
  let error = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    const end = Math.floor(((bin + 1) * count) / bins);
    let gap = 0;
    for (let place = Math.floor((bin * count) / bins); place < end; place += 1)
      gap += chances[order[place]] - labels[order[place]];
    error += Math.abs(gap);
  }
  return error / count;
}

/**
 * Population stability index of two histograms over the same bins. Half a count is added to every bin, so that
 * an empty one stays finite.
 */
export function stabilityIndex(expected: Float64Array, actual: Float64Array): number {
  const bins = expected.length;
  if (actual.length !== bins) throw new RangeError("histograms differ in length");
  let [expectedSum, actualSum] = [0, 0];
  for (let bin = 0; bin < bins; bin += 1) {
    expectedSum += expected[bin] + 0.5;
    actualSum += actual[bin] + 0.5;
  }
  let index = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    const before = (expected[bin] + 0.5) / expectedSum;
    const after = (actual[bin] + 0.5) / actualSum;
    index += (after - before) * Math.log(after / before);
  }
  return index;
}
