/**
 * Isotonic regression by pooling adjacent violators: the non-decreasing step function of a score that is nearest to the
 * labels by weighted squares (M. Ayer et al., Ann. Math. Stat. 26 (1955) 641–647, doi 10.1214/aoms/1177728423; for
 * chances: B. Zadrozny, C. Elkan, KDD 2002, doi 10.1145/775047.775151). Time O(n log n).
 */

/** Steps by ascending score: `chance[k]` holds from `score[k]` on; below the first step the first chance holds. */
export interface Isotonic {
  readonly score: Float64Array;
  readonly chance: Float64Array;
}

/**
 * Fits labels (0 or 1, or any finite value) to finite scores with weights above 0; equal scores get one chance. No rows give
 * no steps. Throws RangeError on lists of different lengths, NaN scores or weights that are not above 0.
 */
export function fitIsotonic(scores: Float64Array, labels: Uint8Array | Float64Array, weights?: Float64Array): Isotonic {
  const count = scores.length;
  if (labels.length !== count || (weights !== undefined && weights.length !== count))
    throw new RangeError("scores, labels and weights differ in length");
  const order = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) {
    if (!Number.isFinite(scores[row])) throw new RangeError(`row ${row}: score ${scores[row]}`);
    if (weights !== undefined && !(weights[row] > 0)) throw new RangeError(`row ${row}: weight ${weights[row]}`);
    order[row] = row;
  }
  order.sort((a, b) => scores[a] - scores[b]);
  const start = new Float64Array(count);
  const mean = new Float64Array(count);
  const mass = new Float64Array(count);
  let blocks = 0;
  let place = 0;
  while (place < count) {
    const score = scores[order[place]];
    let [sum, weight] = [0, 0];
    while (place < count && scores[order[place]] === score) {
      const row = order[place++];
      const own = weights === undefined ? 1 : weights[row];
      sum += own * labels[row];
      weight += own;
    }
    start[blocks] = score;
    mean[blocks] = sum / weight;
    mass[blocks] = weight;
    blocks += 1;
    while (blocks > 1 && mean[blocks - 2] >= mean[blocks - 1]) {
      const total = mass[blocks - 2] + mass[blocks - 1];
      mean[blocks - 2] = (mean[blocks - 2] * mass[blocks - 2] + mean[blocks - 1] * mass[blocks - 1]) / total;
      mass[blocks - 2] = total;
      blocks -= 1;
    }
  }
  return { score: start.slice(0, blocks), chance: mean.slice(0, blocks) };
}

/** The chance that holds at a score; NaN where nothing was fitted. */
export function isotonicAt({ score, chance }: Isotonic, value: number): number {
  let [low, high] = [0, score.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (score[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return chance.length === 0 ? Number.NaN : chance[low];
}
