/**
 * Quantile bins: columns of numbers become columns of bytes, so that learners count instead of sort. Bin 0 holds what is not
 * known (NaN); bins 1…255 hold values between edges, of about equal counts, or one value each where there are few
 * (G. Ke et al., NeurIPS 2017, section 2; P. Li et al., NeurIPS 2007). Infinite values fall into the outermost bins.
 * Time O(n log n) to fit, O(n log bins) to apply.
 */

/** Bin 0 and up to 255 others. */
export const binsMax = 256;

/** Edges of many columns: those of column c are edges[from[c]] … edges[from[c + 1] − 1], ascending. */
export interface Binning {
  readonly edges: Float64Array;
  readonly from: Int32Array;
}

/**
 * Edges between at most `bins` − 1 bins of the finite values of a column, ascending; none for a constant column. An edge
 * lies halfway between neighbouring values, and a value on an edge belongs above it. Throws RangeError unless 2 ≤ bins ≤ 256.
 */
export function fitEdges(column: Float64Array, bins: number): Float64Array {
  if (!Number.isInteger(bins) || bins < 2 || bins > binsMax) throw new RangeError(`${bins} bins`);
  const values = column.filter((value) => Number.isFinite(value)).sort();
  const distinct = values.filter((value, place) => place === 0 || value !== values[place - 1]);
  const between = (low: number, high: number): number => {
    const middle = low + (high - low) / 2;
    return middle > low ? middle : high;
  };
  if (distinct.length < bins) return distinct.slice(1).map((value, place) => between(distinct[place], value));
  const edges = new Float64Array(bins - 2);
  let length = 0;
  for (let cut = 1; cut < bins - 1; cut += 1) {
    const place = Math.floor((cut * values.length) / (bins - 1));
    // The edge stands below the run of equal values that holds the quantile, or above a run that begins the column.
    const value = values[place];
    let below = place - 1;
    while (below >= 0 && values[below] === value) below -= 1;
    if (below < 0) continue;
    const edge = between(values[below], value);
    if (length > 0 && edge <= edges[length - 1]) continue;
    edges[length] = edge;
    length += 1;
  }
  return edges.slice(0, length);
}

/** The bin of one value: 0 for NaN, else 1 and the number of edges at or below it. */
export function binOf(value: number, edges: Float64Array, from: number, to: number): number {
  if (Number.isNaN(value)) return 0;
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return 1 + low - from;
}

/** Writes the bins of a column into `out` from `start` on. */
export function binColumn(column: Float64Array, edges: Float64Array, out: Uint8Array, start: number): void {
  if (start + column.length > out.length) throw new RangeError("out is too short for the column");
  for (let row = 0; row < column.length; row += 1) out[start + row] = binOf(column[row], edges, 0, edges.length);
}

/** Edges of columns one after another. */
export function joinEdges(columns: readonly Float64Array[]): Binning {
  const from = new Int32Array(columns.length + 1);
  columns.forEach((edges, column) => (from[column + 1] = from[column] + edges.length));
  const edges = new Float64Array(from[columns.length]);
  columns.forEach((own, column) => edges.set(own, from[column]));
  return { edges, from };
}
