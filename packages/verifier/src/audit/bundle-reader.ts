import { isSame } from "../tlog/bytes.ts";
import type { Sha256 } from "../tlog/primitives.ts";
import { hashBytes, readBundle, type TileName, tilePath, tileWidth } from "../tlog/tile.ts";
import type { PlacedAct } from "./acts.ts";
import { AuditFailure } from "./audit-source.ts";
import { type Entry, readEntry } from "./entry.ts";
import { type FactBatch, FactBatcher, type FactStart } from "./fact-batch.ts";

/** A bundle of entries as it is served, with the tile of their hashes. */
export interface ServedBundle {
  readonly name: TileName;
  readonly bundle: Uint8Array;
  readonly tile: Uint8Array;
}

/** Where reading begins. */
export interface ReadStart {
  readonly facts: FactStart;
  /** Entries that are read; those after them are hashed alone. */
  readonly asOf: number;
  /** Sizes at which something is to be computed: steps end there. */
  readonly stops: ReadonlySet<number>;
  /** Types of acts that are to be checked: steps end after them. */
  readonly actTypes: ReadonlySet<string>;
}

/** What some entries say, up to an act that is to be checked or a size at which something is to be computed. */
export interface ReadStep {
  readonly facts: FactBatch;
  /** Of its last entry. */
  readonly act: PlacedAct | null;
}

/** What a bundle comes to. It can be handed from thread to thread. */
export interface BundleContent {
  /** What its entries say, in order. */
  readonly steps: readonly ReadStep[];
  /** The first thing that is off; steps end before it. */
  readonly failure: { readonly where: string; readonly what: string } | undefined;
}

/** Reads bundles, in order: entries strictly, against the tile of their hashes. */
export class BundleReader {
  readonly #sha256: Sha256;
  readonly #start: ReadStart;
  readonly #batcher: FactBatcher;
  #steps: ReadStep[] = [];
  #scratch = new Uint8Array(4_097);

  constructor(sha256: Sha256, start: ReadStart) {
    this.#sha256 = sha256;
    this.#start = start;
    this.#batcher = new FactBatcher(start.facts);
  }

  #leafOf(entry: Uint8Array): Uint8Array {
    const length = entry.length + 1;
    if (length > this.#scratch.length) this.#scratch = new Uint8Array(length);
    this.#scratch.set(entry, 1);
    return this.#sha256(this.#scratch.subarray(0, length));
  }

  #endStep(act: PlacedAct | null): void {
    const facts = this.#batcher.take();
    if (facts.entries > 0) this.#steps.push({ facts, act });
  }

  #addFacts(entry: Entry, place: number): void {
    const { stops, actTypes } = this.#start;
    if (stops.has(place)) this.#endStep(null);
    this.#batcher.add(entry);
    const { type, act } = entry;
    if (act !== null && actTypes.has(type)) this.#endStep({ place, type, act });
  }

  #addEntry(bytes: Uint8Array, place: number, path: string): void {
    if (place >= this.#start.asOf) return;
    try {
      this.#addFacts(readEntry(bytes), place);
    } catch (error) {
      throw AuditFailure.at(`${path} entry ${place}`, error);
    }
  }

  #readBundle({ name, bundle, tile }: ServedBundle): void {
    const [path, tilesPath] = [tilePath(name), tilePath({ ...name, level: 0 })];
    let entries: Uint8Array[];
    try {
      entries = readBundle(bundle, name.width);
    } catch (error) {
      throw AuditFailure.at(path, error);
    }
    if (tile.length !== hashBytes * name.width)
      throw new AuditFailure(tilesPath, `has ${tile.length} bytes, not ${hashBytes * name.width}`);
    for (const [index, bytes] of entries.entries()) {
      const place = name.index * tileWidth + index;
      this.#addEntry(bytes, place, path);
      const leaf = this.#leafOf(bytes);
      if (!isSame(leaf, tile.subarray(hashBytes * index, hashBytes * (index + 1))))
        throw new AuditFailure(`${tilesPath} hash ${index}`, `is not the hash of ${path} entry ${place}`);
    }
  }

  /** Reads the next bundle. After a failure nothing more can be read. */
  read(served: ServedBundle): BundleContent {
    let failure: BundleContent["failure"];
    try {
      this.#readBundle(served);
    } catch (error) {
      const { where, what } = AuditFailure.at(tilePath(served.name), error);
      failure = { where, what };
    }
    this.#endStep(null);
    const content = { steps: this.#steps, failure };
    this.#steps = [];
    return content;
  }
}

/** Reads bundles, here or in a thread of its own. */
export interface Reader {
  read(served: ServedBundle): BundleContent | Promise<BundleContent>;
  close?(): Promise<unknown>;
}
