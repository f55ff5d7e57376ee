/**
 * What the neighbourhood of a node is like: mean, maximum and standard deviation of one feature over its neighbours
 * (hop 1) and over the ends of all walks of two steps that do not come back (hop 2), each walk counted.
 *   hop 1 of v: {x_u : u ∈ N(v)};  hop 2 of v: {x_w : u ∈ N(v), w ∈ N(u), w ≠ v}.
 * Walks instead of sets make hop 2 as cheap as hop 1: a neighbour's sums and two largest values are kept, and v's own
 * part is taken out. Mean aggregators: W. Hamilton et al., NeurIPS 2017, doi 10.48550/arXiv.1706.02216.
 * Time O(edges), memory O(nodes); a hub costs its degree, never its square.
 */
import type { Csr } from "./csr.ts";

/** A value per node; NaN where no neighbour has a value. */
export interface NeighbourColumns {
  readonly mean: Float64Array;
  readonly max: Float64Array;
  /** Of the population (divided by n): 0 for a single neighbour; exact to about 1e-8 of the column's range. */
  readonly std: Float64Array;
}

export function neighbourColumns(nodes: number): NeighbourColumns {
  return { mean: new Float64Array(nodes), max: new Float64Array(nodes), std: new Float64Array(nodes) };
}

/** Sums over each node's neighbours: what the second hop is made of. */
interface Sums {
  readonly count: Float64Array;
  readonly sum: Float64Array;
  readonly square: Float64Array;
  readonly top: Float64Array;
  readonly second: Float64Array;
}

/** Buffers that calls for graphs of the same size may use again. */
export interface NeighbourScratch extends Sums {
  readonly centred: Float64Array;
}

export function neighbourScratch(nodes: number): NeighbourScratch {
  const column = (): Float64Array => new Float64Array(nodes);
  return { count: column(), sum: column(), square: column(), top: column(), second: column(), centred: column() };
}

/** Writes values minus their mean, so that squares lose no digits, and returns the mean. */
function centre(values: Float64Array, out: Float64Array): number {
  let [sum, count] = [0, 0];
  for (let node = 0; node < values.length; node += 1) {
    if (Number.isNaN(values[node])) continue;
    sum += values[node];
    count += 1;
  }
  const mean = count === 0 ? 0 : sum / count;
  for (let node = 0; node < values.length; node += 1) out[node] = values[node] - mean;
  return mean;
}

function sumNeighbours(
  { rows, offsets, targets }: Csr,
  { centred, count, sum, square, top, second }: NeighbourScratch,
): void {
  for (let row = 0; row < rows; row += 1) {
    let [n, total, squares, first, next] = [0, 0, 0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let place = offsets[row]; place < offsets[row + 1]; place += 1) {
      const value = centred[targets[place]];
      if (Number.isNaN(value)) continue;
      n += 1;
      total += value;
      squares += value * value;
      if (value > first) {
        next = first;
        first = value;
      } else if (value > next) next = value;
    }
    count[row] = n;
    sum[row] = total;
    square[row] = squares;
    top[row] = first;
    second[row] = next;
  }
}

function write(
  out: NeighbourColumns,
  node: number,
  n: number,
  sum: number,
  square: number,
  max: number,
  shift: number,
): void {
  if (n === 0) {
    out.mean[node] = out.max[node] = out.std[node] = Number.NaN;
    return;
  }
  const mean = sum / n;
  out.mean[node] = mean + shift;
  out.max[node] = max + shift;
  out.std[node] = Math.sqrt(Math.max(0, square / n - mean * mean));
}

/**
 * Statistics of `values` (a finite number or NaN per node, NaN counts as not known) over the neighbourhood of each node of
 * an undirected graph, written into `one` and, where given, `two`. Throws RangeError where lengths differ.
 */
export function neighbourStatistics(
  graph: Csr,
  values: Float64Array,
  scratch: NeighbourScratch,
  one: NeighbourColumns,
  two?: NeighbourColumns,
): void {
  const { rows, columns, offsets, targets } = graph;
  if (rows !== columns || values.length !== rows || scratch.sum.length !== rows || one.mean.length !== rows)
    throw new RangeError("graph, values and columns differ in length");
  const shift = centre(values, scratch.centred);
  sumNeighbours(graph, scratch);
  const { centred, count, sum, square, top, second } = scratch;
  for (let node = 0; node < rows; node += 1) write(one, node, count[node], sum[node], square[node], top[node], shift);
  if (two === undefined) return;
  if (two.mean.length !== rows) throw new RangeError("graph, values and columns differ in length");
  for (let node = 0; node < rows; node += 1) {
    const own = centred[node];
    const known = Number.isNaN(own) ? 0 : 1;
    const part = known === 1 ? own : 0;
    let [n, total, squares, max] = [0, 0, 0, Number.NEGATIVE_INFINITY];
    for (let place = offsets[node]; place < offsets[node + 1]; place += 1) {
      const through = targets[place];
      n += count[through] - known;
      total += sum[through] - part;
      squares += square[through] - part * part;
      const best = known === 1 && own === top[through] ? second[through] : top[through];
      if (best > max) max = best;
    }
    write(two, node, n, total, squares, max, shift);
  }
}
