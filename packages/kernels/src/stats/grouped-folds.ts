/**
 * Folds that keep groups whole (all reviews of one reviewer), so that nothing learnt about a group is tested on it, and that
 * hold both classes in about equal parts: groups go, in an order that the seed gives, to the fold that holds the fewest
 * positives, or the fewest rows if the group has none (greedy list scheduling, R. L. Graham, SIAM J. Appl. Math. 17 (1969)
 * 416–429, doi 10.1137/0117039). Time O(n log n).
 */
import { mix32 } from "../sketch/mix.ts";

/**
 * Writes the fold 0…folds − 1 of each row into `out`. `group` is any whole number per row, `labels` 0 or 1. Throws
 * RangeError for fewer than 2 folds, lists of different lengths, or more folds than groups.
 */
export function groupedFolds(
  group: Int32Array,
  labels: Uint8Array,
  folds: number,
  seed: number,
  out: Uint8Array,
): void {
  const count = group.length;
  if (labels.length !== count || out.length !== count) throw new RangeError("group, labels and out differ in length");
  if (!Number.isInteger(folds) || folds < 2 || folds > 255) throw new RangeError(`${folds} folds`);
  const order = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) order[row] = row;
  order.sort((a, b) => mix32(group[a], seed) - mix32(group[b], seed) || group[a] - group[b]);
  const rows = new Float64Array(folds);
  const positives = new Float64Array(folds);
  let groups = 0;
  let start = 0;
  while (start < count) {
    let end = start;
    let hits = 0;
    while (end < count && group[order[end]] === group[order[start]]) hits += labels[order[end++]];
    let best = 0;
    for (let fold = 1; fold < folds; fold += 1) {
      const gain = hits > 0 ? positives[fold] - positives[best] || rows[fold] - rows[best] : rows[fold] - rows[best];
      if (gain < 0) best = fold;
    }
    for (let place = start; place < end; place += 1) out[order[place]] = best;
    rows[best] += end - start;
    positives[best] += hits;
    groups += 1;
    start = end;
  }
  if (groups < folds) throw new RangeError(`${groups} groups do not fill ${folds} folds`);
}
