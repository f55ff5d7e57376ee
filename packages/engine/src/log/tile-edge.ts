import { hash } from "node:crypto";
import { Frontier } from "@probity/verifier/tlog/merkle";
import { hashBytes, hashesAt, tileWidth } from "@probity/verifier/tlog/tile";

/** SHA-256 of bytes. */
export const sha256 = (bytes: Uint8Array): Buffer => hash("sha256", bytes, "buffer");

/** Hashes of a tile as they are to be stored. */
export interface TileWrite {
  readonly level: number;
  readonly tile: number;
  readonly hashes: Uint8Array;
}

interface Level {
  tile: number;
  hashes: number;
  readonly bytes: Uint8Array;
}

/** Place of the last tile of each level that is not full, and how many hashes it holds; levels without one are absent. */
export function edgeOf(size: number): { readonly level: number; readonly tile: number; readonly hashes: number }[] {
  const edge = [];
  for (let level = 0; hashesAt(level, size) > 0; level += 1) {
    const hashes = hashesAt(level, size);
    if (hashes % tileWidth > 0) edge.push({ level, tile: Math.floor(hashes / tileWidth), hashes: hashes % tileWidth });
  }
  return edge;
}

function foldTile(bytes: Uint8Array, from: number, count: number): Uint8Array {
  const frontier = new Frontier(sha256);
  for (let place = from; place < from + count; place += 1)
    frontier.add(bytes.slice(place * hashBytes, (place + 1) * hashBytes));
  return frontier.root();
}

/** The right edge of a tree in tiles: takes leaf hashes, gives the tiles that they change and the new root. */
export class TileEdge {
  readonly #levels: Level[] = [];
  readonly #full: TileWrite[] = [];
  readonly #touched = new Set<number>();
  #size: number;

  /** Continues a tree of `size` from the hashes of its partial tiles, as `edgeOf` names them. */
  constructor(size: number, partial: readonly TileWrite[]) {
    this.#size = size;
    for (const { level, tile, hashes } of edgeOf(size)) {
      const stored = partial.find((item) => item.level === level && item.tile === tile);
      if (stored === undefined || stored.hashes.length < hashes * hashBytes)
        throw new Error(`tile ${tile} of level ${level} is missing for a tree of ${size}`);
      const own = this.#level(level);
      own.hashes = hashes;
      own.bytes.set(stored.hashes.subarray(0, hashes * hashBytes));
    }
  }

  get size(): number {
    return this.#size;
  }

  #level(level: number): Level {
    let own = this.#levels[level];
    if (own === undefined) {
      const tile = Math.floor(hashesAt(level, this.#size) / tileWidth);
      this.#levels[level] = own = { tile, hashes: 0, bytes: new Uint8Array(tileWidth * hashBytes) };
    }
    return own;
  }

  #add(level: number, hashed: Uint8Array): void {
    const own = this.#level(level);
    own.bytes.set(hashed, own.hashes * hashBytes);
    own.hashes += 1;
    this.#touched.add(level);
    if (own.hashes < tileWidth) return;
    this.#full.push({ level, tile: own.tile, hashes: own.bytes.slice() });
    own.tile += 1;
    own.hashes = 0;
    this.#add(level + 1, foldTile(own.bytes, 0, tileWidth));
  }

  /** Adds leaf hashes, 32 bytes each. */
  add(leaves: Uint8Array): void {
    for (let at = 0; at < leaves.length; at += hashBytes) this.#add(0, leaves.subarray(at, at + hashBytes));
    this.#size += leaves.length / hashBytes;
  }

  /** Tiles that were changed since the edge was made. */
  writes(): TileWrite[] {
    const partial = [...this.#touched].flatMap((level): TileWrite[] => {
      const { tile, hashes, bytes } = this.#level(level);
      return hashes === 0 ? [] : [{ level, tile, hashes: bytes.slice(0, hashes * hashBytes) }];
    });
    return [...this.#full, ...partial];
  }

  /** Root of the tree. */
  root(): Uint8Array {
    const roots: Uint8Array[] = [];
    for (const { hashes, bytes } of this.#levels.toReversed()) {
      let from = 0;
      for (let width = tileWidth / 2; width >= 1; width /= 2) {
        if (Math.floor(hashes / width) % 2 === 0) continue;
        roots.push(foldTile(bytes, from, width));
        from += width;
      }
    }
    return new Frontier(sha256, this.#size, roots).root();
  }
}
