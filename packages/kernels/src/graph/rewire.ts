/**
 * The null model of a bipartite graph: the same degrees, otherwise by chance. Pairs of edges (a, x), (b, y) become (a, y),
 * (b, x) unless an edge would stand twice; after some ten swaps an edge the graph has forgotten its shape (R. Milo et al.,
 * 2003, doi 10.48550/arXiv.cond-mat/0312028). A statistic is then compared with those of rewired graphs by a Monte Carlo
 * p-value, (1 + number at least as great) / (1 + number of graphs) (B. Phipson, G. Smyth, 2010, doi 10.2202/1544-6115.1585).
 * Time O(swaps), memory O(edges).
 */
import { buildCsr, type Csr } from "./csr.ts";

/**
 * A graph with the degrees of `graph`. `draw` gives numbers in 0…1, 1 excluded; the same numbers give the same graph.
 * Edges lose their counts. Throws RangeError on a negative number of swaps.
 */
export function rewire(graph: Csr, swapsPerEdge: number, draw: () => number): Csr {
  const { rows, columns, offsets, targets } = graph;
  if (!(swapsPerEdge >= 0)) throw new RangeError(`${swapsPerEdge} swaps per edge`);
  const count = targets.length;
  const source = new Int32Array(count);
  const target = targets.slice();
  for (let row = 0; row < rows; row += 1) source.fill(row, offsets[row], offsets[row + 1]);
  const key = (row: number, column: number): number => row * columns + column;
  const present = new Set<number>();
  for (let edge = 0; edge < count; edge += 1) present.add(key(source[edge], target[edge]));
  const swaps = count < 2 ? 0 : Math.ceil(swapsPerEdge * count);
  for (let swap = 0; swap < swaps; swap += 1) {
    const one = Math.floor(draw() * count);
    const two = Math.floor(draw() * count);
    const [a, b, x, y] = [source[one], source[two], target[one], target[two]];
    if (a === b || x === y || present.has(key(a, y)) || present.has(key(b, x))) continue;
    present.delete(key(a, x));
    present.delete(key(b, y));
    present.add(key(a, y));
    present.add(key(b, x));
    target[one] = y;
    target[two] = x;
  }
  return buildCsr(source, target, rows, columns);
}

/** Monte Carlo p-value that a statistic is as great by chance: never 0. No values of chance give 1. NaN is refused. */
export function chanceOf(statistic: number, byChance: Float64Array): number {
  let reached = 1;
  for (let place = 0; place < byChance.length; place += 1) {
    if (Number.isNaN(statistic) || Number.isNaN(byChance[place])) throw new RangeError("a statistic is NaN");
    if (byChance[place] >= statistic) reached += 1;
  }
  return reached / (byChance.length + 1);
}
