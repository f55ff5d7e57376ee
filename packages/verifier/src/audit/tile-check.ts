import { Frontier } from "../tlog/merkle.ts";
import type { Sha256 } from "../tlog/primitives.ts";
import { hashBytes, type TileName, tileWidth } from "../tlog/tile.ts";

/** What a tree of entries read so far has, to go on from. */
export interface TreeState {
  readonly size: number;
  readonly roots: readonly Uint8Array[];
  /** Hashes of the last tile of each level, from 0 up. */
  readonly edge: readonly Uint8Array[];
}

interface Edge {
  /** Full tiles of the level so far. */
  tiles: number;
  hashes: number;
  readonly bytes: Uint8Array;
}

/** Rebuilds a tree from its leaves, and with it every hash tile that the log has to serve. */
export class TreeBuilder {
  readonly #frontier: Frontier;
  readonly #edge: Edge[] = [];
  readonly #onTile: (name: TileName, hashes: Uint8Array) => void;

  /** `onTile` hears of each full tile. */
  constructor(sha256: Sha256, onTile: (name: TileName, hashes: Uint8Array) => void, state?: TreeState) {
    this.#frontier = new Frontier(sha256, state?.size, state?.roots);
    this.#onTile = onTile;
    state?.edge.forEach((hashes, level) => {
      const edge = this.#level(level);
      edge.bytes.set(hashes);
      edge.hashes = hashes.length / hashBytes;
      edge.tiles = Math.floor(state.size / tileWidth ** (level + 1));
    });
  }

  get size(): number {
    return this.#frontier.size;
  }

  #level(level: number): Edge {
    return (this.#edge[level] ??= { tiles: 0, hashes: 0, bytes: new Uint8Array(tileWidth * hashBytes) });
  }

  #push(level: number, hash: Uint8Array): void {
    const edge = this.#level(level);
    edge.bytes.set(hash, edge.hashes * hashBytes);
    edge.hashes += 1;
    if (edge.hashes < tileWidth) return;
    this.#onTile({ level, index: edge.tiles, width: tileWidth }, edge.bytes.slice());
    edge.tiles += 1;
    edge.hashes = 0;
  }

  add(leaf: Uint8Array): void {
    this.#push(0, leaf);
    this.#frontier.add(leaf, (height, hash) => {
      if (height % 8 === 0) this.#push(height / 8, hash);
    });
  }

  root(): Uint8Array {
    return this.#frontier.root();
  }

  /** The partial tiles at the right edge. */
  partial(): { readonly name: TileName; readonly hashes: Uint8Array }[] {
    return this.#edge.flatMap(({ tiles, hashes, bytes }, level) =>
      hashes === 0
        ? []
        : [{ name: { level, index: tiles, width: hashes }, hashes: bytes.slice(0, hashes * hashBytes) }],
    );
  }

  state(): TreeState {
    const edge = this.#edge.map(({ hashes, bytes }) => bytes.slice(0, hashes * hashBytes));
    return { size: this.size, roots: [...this.#frontier.roots], edge };
  }
}
