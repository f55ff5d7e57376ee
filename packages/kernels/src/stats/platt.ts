/**
 * Chances from scores by a logistic curve, p = 1 / (1 + exp(−(a·s + b))), with Platt's smoothed targets (P + 1)/(P + 2) and
 * 1/(N + 2), so that separable classes and a single class stay finite (J. Platt, 1999; fitted by Newton steps with halving
 * after H.-T. Lin et al., Mach. Learn. 68 (2007) 267–276, doi 10.1007/s10994-007-5018-6). Time O(n) a step.
 */

export interface Platt {
  readonly slope: number;
  readonly offset: number;
}

const stepsMax = 100;

function loss(
  scores: Float64Array,
  labels: Uint8Array,
  high: number,
  low: number,
  slope: number,
  offset: number,
): number {
  let sum = 0;
  for (let row = 0; row < scores.length; row += 1) {
    const logit = slope * scores[row] + offset;
    const target = labels[row] === 1 ? high : low;
    sum +=
      logit >= 0 ? (1 - target) * logit + Math.log1p(Math.exp(-logit)) : -target * logit + Math.log1p(Math.exp(logit));
  }
  return sum;
}

/** Fits finite scores to labels 0 or 1. No rows give slope 0 and chance ½. Throws RangeError on NaN or unequal lengths. */
export function fitPlatt(scores: Float64Array, labels: Uint8Array): Platt {
  const count = scores.length;
  if (labels.length !== count) throw new RangeError("scores and labels differ in length");
  let [positives, mean, square] = [0, 0, 0];
  for (let row = 0; row < count; row += 1) {
    if (!Number.isFinite(scores[row])) throw new RangeError(`row ${row}: score ${scores[row]}`);
    positives += labels[row];
    mean += scores[row] / count;
  }
  for (let row = 0; row < count; row += 1) square += (scores[row] - mean) ** 2 / count;
  // Standard scores keep the Newton steps well conditioned whatever the unit.
  const unit = square > 0 ? Math.sqrt(square) : 1;
  const standard = scores.map((score) => (score - mean) / unit);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (count - positives + 2);
  let [slope, offset] = [0, Math.log((positives + 1) / (count - positives + 1))];
  let value = loss(standard, labels, high, low, slope, offset);
  for (let step = 0; step < stepsMax; step += 1) {
    let [gs, go, hss, hso, hoo] = [0, 0, 1e-9, 0, 1e-9];
    for (let row = 0; row < count; row += 1) {
      const chance = 1 / (1 + Math.exp(-(slope * standard[row] + offset)));
      const gap = chance - (labels[row] === 1 ? high : low);
      const weight = chance * (1 - chance);
      gs += gap * standard[row];
      go += gap;
      hss += weight * standard[row] * standard[row];
      hso += weight * standard[row];
      hoo += weight;
    }
    const determinant = hss * hoo - hso * hso;
    const [dSlope, dOffset] = [(hoo * gs - hso * go) / determinant, (hss * go - hso * gs) / determinant];
    let part = 1;
    let next = loss(standard, labels, high, low, slope - dSlope, offset - dOffset);
    while (!(next <= value) && part > 1e-6) {
      part /= 2;
      next = loss(standard, labels, high, low, slope - part * dSlope, offset - part * dOffset);
    }
    if (!(next <= value)) break;
    slope -= part * dSlope;
    offset -= part * dOffset;
    const gained = value - next;
    value = next;
    if (gained < 1e-12 * (1 + Math.abs(value))) break;
  }
  return { slope: slope / unit, offset: offset - (slope * mean) / unit };
}

/** The chance at a score, 0…1. */
export function plattAt({ slope, offset }: Platt, score: number): number {
  return 1 / (1 + Math.exp(-(slope * score + offset)));
}
