/**
 * Compressed sparse rows from edge lists: the neighbours of row r are targets[offsets[r]] … targets[offsets[r + 1] − 1],
 * ascending, each once. Two stable counting sorts (F. G. Gustavson, ACM TOMS 4 (1978) 250–269,
 * doi 10.1145/355791.355796). Time and memory O(edges + rows + columns); a row above the degree cap O(d log d) more.
 * Ids are 0…rows − 1 and 0…columns − 1; up to 2^31 − 1 listed edges.
 */
import { mixPair } from "../sketch/mix.ts";

export interface Csr {
  readonly rows: number;
  readonly columns: number;
  /** rows + 1 places in `targets`. */
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  /** How often each edge was listed. */
  readonly counts: Int32Array;
  /** Listed edges that were left out because they lead to where they begin. */
  readonly selfLoops: number;
  /** Distinct edges that were left out because their row was above the degree cap. */
  readonly cut: number;
}

export interface CsrOptions {
  /** Neighbours a row keeps; above it a pseudo-random sample that does not depend on the order of the list. */
  readonly degreeMax?: number;
}

export interface GraphOptions extends CsrOptions {
  /** What an edge from a node to itself does: it is left out and counted, or it is an error. */
  readonly selfLoops?: "drop" | "refuse";
}

/** Stable counting sort: `order` is written with the places of `keys` by ascending key, those of `before` kept where equal. */
function sortBy(keys: Int32Array, limit: number, before: Int32Array | undefined, order: Int32Array): void {
  const starts = new Int32Array(limit + 1);
  for (let place = 0; place < keys.length; place += 1) starts[keys[place] + 1] += 1;
  for (let key = 0; key < limit; key += 1) starts[key + 1] += starts[key];
  for (let step = 0; step < keys.length; step += 1) {
    const place = before === undefined ? step : before[step];
    order[starts[keys[place]]++] = place;
  }
}

function checkIds(ids: Int32Array, limit: number, what: string): void {
  for (let place = 0; place < ids.length; place += 1)
    if (ids[place] < 0 || ids[place] >= limit)
      throw new RangeError(`edge ${place}: ${what} ${ids[place]} is not in 0…${limit - 1}`);
}

interface Deduped {
  offsets: Int32Array;
  targets: Int32Array;
  counts: Int32Array;
}

function dedupe(source: Int32Array, target: Int32Array, rows: number, columns: number): Deduped {
  const byTarget = new Int32Array(source.length);
  const order = new Int32Array(source.length);
  sortBy(target, columns, undefined, byTarget);
  sortBy(source, rows, byTarget, order);
  const offsets = new Int32Array(rows + 1);
  const targets = new Int32Array(source.length);
  const counts = new Int32Array(source.length);
  let length = 0;
  let row = -1;
  for (let step = 0; step < order.length; step += 1) {
    const place = order[step];
    if (source[place] === row && targets[length - 1] === target[place]) {
      counts[length - 1] += 1;
      continue;
    }
    row = source[place];
    targets[length] = target[place];
    counts[length] = 1;
    length += 1;
    offsets[row + 1] += 1;
  }
  for (let index = 0; index < rows; index += 1) offsets[index + 1] += offsets[index];
  return { offsets, targets: targets.slice(0, length), counts: counts.slice(0, length) };
}

/** Keeps `degreeMax` neighbours of each row: those with the least hash of the pair, so that both ends mostly agree. */
function capDegrees({ offsets, targets, counts }: Deduped, degreeMax: number): Deduped & { cut: number } {
  const capped = new Int32Array(offsets.length);
  let length = 0;
  for (let row = 0; row + 1 < offsets.length; row += 1) {
    const [from, to] = [offsets[row], offsets[row + 1]];
    let bar = Number.POSITIVE_INFINITY;
    if (to - from > degreeMax) {
      const hashes = new Float64Array(to - from);
      for (let place = from; place < to; place += 1) hashes[place - from] = mixPair(row, targets[place], 1);
      bar = degreeMax === 0 ? -1 : hashes.sort()[degreeMax - 1];
    }
    let room = degreeMax;
    for (let place = from; place < to && room > 0; place += 1) {
      if (bar !== Number.POSITIVE_INFINITY && mixPair(row, targets[place], 1) > bar) continue;
      targets[length] = targets[place];
      counts[length] = counts[place];
      length += 1;
      room -= 1;
    }
    capped[row + 1] = length;
  }
  return {
    offsets: capped,
    targets: targets.slice(0, length),
    counts: counts.slice(0, length),
    cut: targets.length - length,
  };
}

/**
 * Rows × columns, one kind of node each (a reviewer's products). Edge k leads from source[k] to target[k]; the same edge
 * listed again counts once and raises its count. Throws RangeError where the lists differ in length or an id is out of range.
 */
export function buildCsr(
  source: Int32Array,
  target: Int32Array,
  rows: number,
  columns: number,
  options: CsrOptions = {},
): Csr {
  if (source.length !== target.length) throw new RangeError("source and target differ in length");
  checkIds(source, rows, "source");
  checkIds(target, columns, "target");
  const whole = dedupe(source, target, rows, columns);
  if (options.degreeMax === undefined) return { rows, columns, ...whole, selfLoops: 0, cut: 0 };
  if (!Number.isInteger(options.degreeMax) || options.degreeMax < 0)
    throw new RangeError(`a degree cap of ${options.degreeMax}`);
  return { rows, columns, ...capDegrees(whole, options.degreeMax), selfLoops: 0 };
}

/**
 * An undirected graph on one kind of node: each edge {a[k], b[k]} stands in both rows, listed either way. Self-loops are left
 * out and counted, or refused with RangeError. Under a degree cap a row may keep an edge that the other end has dropped.
 */
export function buildGraph(a: Int32Array, b: Int32Array, nodes: number, options: GraphOptions = {}): Csr {
  if (a.length !== b.length) throw new RangeError("the two ends differ in length");
  let selfLoops = 0;
  for (let place = 0; place < a.length; place += 1) if (a[place] === b[place]) selfLoops += 1;
  if (selfLoops > 0 && options.selfLoops === "refuse")
    throw new RangeError(`${selfLoops} edges lead from a node to itself`);
  const source = new Int32Array(2 * (a.length - selfLoops));
  const target = new Int32Array(source.length);
  let length = 0;
  for (let place = 0; place < a.length; place += 1) {
    if (a[place] === b[place]) continue;
    source[length] = target[length + 1] = a[place];
    target[length] = source[length + 1] = b[place];
    length += 2;
  }
  return { ...buildCsr(source, target, nodes, nodes, options), selfLoops };
}

/** The same edges seen from the other side: rows become columns, counts kept. */
export function transpose({ rows, columns, offsets, targets, counts, selfLoops, cut }: Csr): Csr {
  const turned = new Int32Array(columns + 1);
  for (let place = 0; place < targets.length; place += 1) turned[targets[place] + 1] += 1;
  for (let column = 0; column < columns; column += 1) turned[column + 1] += turned[column];
  const next = turned.slice();
  const turnedTargets = new Int32Array(targets.length);
  const turnedCounts = new Int32Array(targets.length);
  for (let row = 0; row < rows; row += 1) {
    for (let place = offsets[row]; place < offsets[row + 1]; place += 1) {
      const slot = next[targets[place]]++;
      turnedTargets[slot] = row;
      turnedCounts[slot] = counts[place];
    }
  }
  return {
    rows: columns,
    columns: rows,
    offsets: turned,
    targets: turnedTargets,
    counts: turnedCounts,
    selfLoops,
    cut,
  };
}
