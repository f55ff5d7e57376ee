/**
 * FRAUDAR: the densest block of a bipartite graph, found by peeling off the node that holds the least (B. Hooi et al.,
 * KDD 2016, doi 10.1145/2939672.2939747). An edge weighs 1 / ln(degree of its column + 5), so that edges to popular columns —
 * camouflage — say little; a block S has the density g(S) = (Σ edge weights + Σ node suspicion inside S) / |S|. The best
 * prefix of the peel has at least half of the greatest density. Time O(edges · log nodes), memory O(edges).
 * Density is evidence and never a verdict: what density chance gives must be known first (see `rewire`).
 */
import { type Csr, transpose } from "./csr.ts";

export interface Peel {
  /** Nodes in the order in which they were taken away: rows 0…rows − 1, then columns from `rows` on. */
  readonly order: Int32Array;
  /** Nodes that were left when the density was greatest are `order` from this place on. */
  readonly blockFrom: number;
  /** Greatest density that the peel passed. */
  readonly density: number;
}

/** 1 / ln(d + 5) by column, d its degree: the paper's column weights. */
export function camouflageWeights(graph: Csr): Float64Array {
  const degree = new Float64Array(graph.columns);
  for (let place = 0; place < graph.targets.length; place += 1) degree[graph.targets[place]] += 1;
  return degree.map((count) => 1 / Math.log(count + 5));
}

/** A heap of nodes by what they hold; ties by number, so that the peel is the same everywhere. */
interface Heap {
  readonly held: Float64Array;
  readonly nodes: Int32Array;
  readonly place: Int32Array;
  size: number;
}

const less = ({ held }: Heap, a: number, b: number): boolean => held[a] < held[b] || (held[a] === held[b] && a < b);

function put(heap: Heap, at: number, node: number): void {
  heap.nodes[at] = node;
  heap.place[node] = at;
}

function rise(heap: Heap, from: number): void {
  const node = heap.nodes[from];
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!less(heap, node, heap.nodes[parent])) break;
    put(heap, at, heap.nodes[parent]);
    at = parent;
  }
  put(heap, at, node);
}

function sink(heap: Heap, from: number): void {
  const node = heap.nodes[from];
  let at = from;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.size) break;
    if (child + 1 < heap.size && less(heap, heap.nodes[child + 1], heap.nodes[child])) child += 1;
    if (!less(heap, heap.nodes[child], node)) break;
    put(heap, at, heap.nodes[child]);
    at = child;
  }
  put(heap, at, node);
}

function takeLeast(heap: Heap): number {
  const least = heap.nodes[0];
  heap.size -= 1;
  if (heap.size > 0) {
    put(heap, 0, heap.nodes[heap.size]);
    sink(heap, 0);
  }
  heap.place[least] = -1;
  return least;
}

function fill(held: Float64Array): Heap {
  const size = held.length;
  const heap: Heap = { held, nodes: new Int32Array(size), place: new Int32Array(size), size };
  for (let node = 0; node < size; node += 1) put(heap, node, node);
  for (let at = (size >> 1) - 1; at >= 0; at -= 1) sink(heap, at);
  return heap;
}

function checkWeights(weights: Float64Array, length: number, what: string): void {
  if (weights.length !== length) throw new RangeError(`${what} and nodes differ in length`);
  for (let node = 0; node < length; node += 1)
    if (!(weights[node] >= 0 && weights[node] < Number.POSITIVE_INFINITY))
      throw new RangeError(`${what} of node ${node}: ${weights[node]}`);
}

/**
 * Peels rows × columns. `columnWeights`: what an edge to a column weighs; `suspicion`: what a node (rows, then columns) holds
 * by itself. A graph without nodes has density 0. Throws RangeError on lengths or on weights that are negative or not finite.
 */
export function peel(graph: Csr, columnWeights: Float64Array, suspicion?: Float64Array): Peel {
  const { rows, columns, offsets, targets } = graph;
  const count = rows + columns;
  checkWeights(columnWeights, columns, "weight");
  if (suspicion !== undefined) checkWeights(suspicion, count, "suspicion");
  const back = transpose(graph);
  const held = new Float64Array(count);
  let total = 0;
  for (let node = 0; node < count; node += 1) {
    held[node] = suspicion === undefined ? 0 : suspicion[node];
    total += held[node];
  }
  for (let row = 0; row < rows; row += 1) {
    for (let place = offsets[row]; place < offsets[row + 1]; place += 1) {
      const weight = columnWeights[targets[place]];
      held[row] += weight;
      held[rows + targets[place]] += weight;
      total += weight;
    }
  }
  const heap = fill(held);
  const order = new Int32Array(count);
  let [density, blockFrom] = [count === 0 ? 0 : total / count, 0];
  for (let step = 0; step < count; step += 1) {
    const node = takeLeast(heap);
    order[step] = node;
    total -= held[node];
    const [near, own] = node < rows ? [graph, node] : [back, node - rows];
    for (let place = near.offsets[own]; place < near.offsets[own + 1]; place += 1) {
      const other = node < rows ? rows + near.targets[place] : near.targets[place];
      if (heap.place[other] < 0) continue;
      held[other] -= columnWeights[node < rows ? near.targets[place] : own];
      rise(heap, heap.place[other]);
    }
    const left = count - step - 1;
    // Sums that lost digits must not make the last nodes look dense.
    if (left > 0 && total / left > density * (1 + 1e-12)) {
      density = total / left;
      blockFrom = step + 1;
    }
  }
  return { order, blockFrom, density };
}
