/**
 * Average precision, the step-wise area under the precision–recall curve: AP = Σ_k (R_k − R_{k−1})·P_k over thresholds,
 * tied scores entering together (J. Davis, M. Goadrich, ICML 2006, doi 10.1145/1143844.1143874; no interpolation).
 * Recall at k: the share of positives among the k highest scores; a tie across the cut counts by its share.
 * Time O(n log n).
 */

function byScore(scores: Float64Array, labels: Uint8Array, order: Uint32Array): number {
  const count = scores.length;
  if (labels.length !== count || order.length !== count)
    throw new RangeError("scores, labels and order differ in length");
  let positives = 0;
  for (let place = 0; place < count; place += 1) {
    order[place] = place;
    positives += labels[place];
  }
  order.sort((a, b) => scores[b] - scores[a]);
  return positives;
}

/** Average precision of labels 0 or 1; NaN without positives. `order` (length n) is the caller's and is overwritten. */
export function averagePrecision(scores: Float64Array, labels: Uint8Array, order: Uint32Array): number {
  const positives = byScore(scores, labels, order);
  let [found, sum, start] = [0, 0, 0];
  while (start < order.length) {
    let end = start;
    let hits = 0;
    while (end < order.length && scores[order[end]] === scores[order[start]]) {
      hits += labels[order[end]];
      end += 1;
    }
    found += hits;
    sum += (hits * found) / end;
    start = end;
  }
  return sum / positives;
}

/** Share of the positives that are among the `k` highest scores; NaN without positives. */
export function recallAt(scores: Float64Array, labels: Uint8Array, k: number, order: Uint32Array): number {
  const positives = byScore(scores, labels, order);
  let [found, start] = [0, 0];
  while (start < order.length && start < k) {
    let end = start;
    let hits = 0;
    while (end < order.length && scores[order[end]] === scores[order[start]]) {
      hits += labels[order[end]];
      end += 1;
    }
    found += end <= k ? hits : (hits * (k - start)) / (end - start);
    start = end;
  }
  return found / positives;
}
