/**
 * Area under the ROC curve as the Mann–Whitney statistic, ties at half:
 *   AUC = (R⁺ − P(P+1)/2) / (P·N), R⁺ the sum of the positives' mid-ranks.
 * J. A. Hanley, B. J. McNeil, Radiology 143 (1982) 29–36, doi 10.1148/radiology.143.1.7063747. Time O(n log n).
 */

/**
 * Chance that a positive (label 1) scores above a negative (label 0), ties at half; NaN where one kind is missing.
 * `order` (length n) is the caller's: it is overwritten with the places by ascending score.
 */
export function rocAuc(scores: Float64Array, labels: Uint8Array, order: Uint32Array): number {
  const count = scores.length;
  if (labels.length !== count || order.length !== count)
    throw new RangeError("scores, labels and order differ in length");
  for (let place = 0; place < count; place += 1) order[place] = place;
  order.sort((a, b) => scores[a] - scores[b]);
  let positives = 0;
  let rankSum = 0;
  let start = 0;
  while (start < count) {
    let end = start + 1;
    while (end < count && scores[order[end]] === scores[order[start]]) end += 1;
    const midRank = (start + 1 + end) / 2;
    for (let place = start; place < end; place += 1) {
      if (labels[order[place]] !== 1) continue;
      positives += 1;
      rankSum += midRank;
    }
    start = end;
  }
  const negatives = count - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
