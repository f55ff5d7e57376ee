import { concat, FormatError, isSame } from "./bytes.ts";
import type { Primitives, Sha256 } from "./primitives.ts";

/** Merkle trees of RFC 9162, section 2.1 (https://www.rfc-editor.org/rfc/rfc9162#section-2.1); sizes below 2^53. */

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export const leafInput = (entry: Uint8Array): Uint8Array => concat(leafPrefix, entry);
export const nodeInput = (left: Uint8Array, right: Uint8Array): Uint8Array => concat(nodePrefix, left, right);

/** Largest power of two below `size`; needs size ≥ 2. */
function splitOf(size: number): number {
  let k = 1;
  while (2 * k < size) k *= 2;
  return k;
}

/**
 * A growing tree of which only the right edge is kept: the roots of the full subtrees into which its size decomposes,
 * largest first. Time O(1) amortised a leaf, memory O(log size).
 */
export class Frontier {
  readonly #sha256: Sha256;
  readonly #buffer = new Uint8Array(65).fill(1, 0, 1);
  #size: number;
  readonly #roots: Uint8Array[];

  /** Continues a tree from its size and roots, as `size` and `roots` gave them. */
  constructor(sha256: Sha256, size = 0, roots: readonly Uint8Array[] = []) {
    this.#sha256 = sha256;
    this.#size = size;
    this.#roots = [...roots];
    let [bits, rest] = [0, size];
    for (; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
    if (bits !== roots.length) throw new FormatError(`a tree of ${size} leaves has ${bits} roots, not ${roots.length}`);
  }

  get size(): number {
    return this.#size;
  }

  get roots(): readonly Uint8Array[] {
    return this.#roots;
  }

  #node(left: Uint8Array, right: Uint8Array): Uint8Array {
    this.#buffer.set(left, 1);
    this.#buffer.set(right, 33);
    return this.#sha256(this.#buffer);
  }

  /** Adds the hash of a leaf; `onNode` hears of every full subtree that it completes, by level from 1 up. */
  add(leaf: Uint8Array, onNode?: (level: number, hash: Uint8Array) => void): void {
    let hash = leaf;
    let level = 0;
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      hash = this.#node(this.#roots.pop() as Uint8Array, hash);
      level += 1;
      onNode?.(level, hash);
    }
    this.#roots.push(hash);
    this.#size += 1;
  }

  /** Root of the tree; of the empty one, the hash of nothing. */
  root(): Uint8Array {
    const last = this.#roots.length - 1;
    if (last < 0) return this.#sha256(new Uint8Array(0));
    let hash = this.#roots[last] as Uint8Array;
    for (let place = last - 1; place >= 0; place -= 1) hash = this.#node(this.#roots[place] as Uint8Array, hash);
    return hash;
  }
}

/** Root over hashes of leaves. */
export function treeRoot(sha256: Sha256, leaves: Iterable<Uint8Array>): Uint8Array {
  const frontier = new Frontier(sha256);
  for (const leaf of leaves) frontier.add(leaf);
  return frontier.root();
}

/** Root that an inclusion proof leads to, section 2.1.3.2; throws FormatError where its length cannot be right. */
export async function rootOfInclusion(
  { sha256 }: Primitives,
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Promise<Uint8Array> {
  if (index >= size) throw new FormatError(`place ${index} lies outside of a tree of ${size}`);
  let [at, last, hash] = [index, size - 1, leaf];
  for (const other of path) {
    if (last === 0) throw new FormatError("the inclusion proof is too long");
    if (at % 2 === 1 || at === last) {
      hash = await sha256(nodeInput(other, hash));
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else hash = await sha256(nodeInput(hash, other));
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  if (last !== 0) throw new FormatError("the inclusion proof is too short");
  return hash;
}

/** Whether a tree of `size` is a prefix of one of `newSize`, section 2.1.4.2. */
export async function isConsistent(
  { sha256 }: Primitives,
  size: number,
  root: Uint8Array,
  newSize: number,
  newRoot: Uint8Array,
  path: readonly Uint8Array[],
): Promise<boolean> {
  if (size > newSize) return false;
  if (size === newSize) return path.length === 0 && isSame(root, newRoot);
  if (size === 0) return path.length === 0;
  let [at, last] = [size - 1, newSize - 1];
  while (at % 2 === 1) [at, last] = [(at - 1) / 2, Math.floor(last / 2)];
  const rest = at === 0 ? [root, ...path] : [...path];
  const first = rest.shift();
  if (first === undefined) return false;
  let [old, young] = [first, first];
  for (const other of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      old = await sha256(nodeInput(other, old));
      young = await sha256(nodeInput(other, young));
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else young = await sha256(nodeInput(young, other));
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && isSame(old, root) && isSame(young, newRoot);
}

/** Reader of the hash of leaves [begin, end) by means of full subtrees. */
export type RangeHash = (begin: number, end: number) => Promise<Uint8Array>;

/** Path of an inclusion proof, from the leaf's sibling up; section 2.1.3.1. */
export async function inclusionPath(range: RangeHash, index: number, size: number): Promise<Uint8Array[]> {
  const path: Uint8Array[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    if (index < middle) {
      path.push(await range(middle, end));
      end = middle;
    } else {
      path.push(await range(begin, middle));
      begin = middle;
    }
  }
  return path.reverse();
}

/** Path of a consistency proof between a tree of `size` and one of `newSize`; section 2.1.4.1. */
export async function consistencyPath(range: RangeHash, size: number, newSize: number): Promise<Uint8Array[]> {
  if (size === 0 || size === newSize) return [];
  const path: Uint8Array[] = [];
  let [begin, end, isWhole] = [0, newSize, true];
  while (size !== end) {
    const middle = begin + splitOf(end - begin);
    if (size <= middle) {
      path.push(await range(middle, end));
      end = middle;
    } else {
      path.push(await range(begin, middle));
      begin = middle;
      isWhole = false;
    }
  }
  if (!isWhole) path.push(await range(begin, end));
  return path.reverse();
}

/** Hash of leaves [begin, end) where `begin` is a multiple of the power of two not below their number. */
export async function rangeHash(
  primitives: Primitives,
  node: (level: number, index: number) => Promise<Uint8Array>,
  begin: number,
  end: number,
): Promise<Uint8Array> {
  let [level, width] = [0, 1];
  while (width < end - begin) [level, width] = [level + 1, width * 2];
  if (width === end - begin) return node(level, begin / width);
  const middle = begin + splitOf(end - begin);
  const left = await rangeHash(primitives, node, begin, middle);
  return primitives.sha256(nodeInput(left, await rangeHash(primitives, node, middle, end)));
}
