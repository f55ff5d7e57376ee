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

/** Rebuilds a tree from its leaves, and with it every hash tile that the log has to serve. */
export class TreeBuilder {
  readonly #frontier: Frontier;
  readonly #edge: number[][] = [];
  readonly #done: number[] = [];
  readonly #onTile: (name: TileName, hashes: Uint8Array) => void;

  /** `onTile` hears of each full tile. */
  constructor(sha256: Sha256, onTile: (name: TileName, hashes: Uint8Array) => void, state?: TreeState) {
    this.#frontier = new Frontier(sha256, state?.size, state?.roots);
    this.#onTile = onTile;
    state?.edge.forEach((hashes, level) => {
      this.#edge[level] = Array.from(hashes);
      this.#done[level] = Math.floor(state.size / tileWidth ** (level + 1));
    });
  }

  get size(): number {
    return this.#frontier.size;
  }

  #push(level: number, hash: Uint8Array): void {
    const hashes = (this.#edge[level] ??= []);
    for (const byte of hash) hashes.push(byte);
    if (hashes.length < tileWidth * hashBytes) return;
    const index = this.#done[level] ?? 0;
    this.#done[level] = index + 1;
    this.#edge[level] = [];
    this.#onTile({ level, index, width: tileWidth }, Uint8Array.from(hashes));
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
    return this.#edge.flatMap((hashes, level) =>
      hashes.length === 0
        ? []
        : [
            {
              name: { level, index: this.#done[level] ?? 0, width: hashes.length / hashBytes },
              hashes: Uint8Array.from(hashes),
            },
          ],
    );
  }

  state(): TreeState {
    return {
      size: this.size,
      roots: [...this.#frontier.roots],
      edge: Array.from(this.#edge, (hashes) => Uint8Array.from(hashes ?? [])),
    };
  }
}
