import { base64, concat, fromBase64, hex, isSame, textOf, utf8 } from "../tlog/bytes.ts";
import { checkCheckpoint, type TrustedCheckpoint } from "../tlog/checkpoint.ts";
import type { Primitives, Sha256 } from "../tlog/primitives.ts";
import { hashBytes, readBundle, type TileName, tilePath, tilesAt, tileWidth } from "../tlog/tile.ts";
import type { TrustPolicy } from "../tlog/trust-policy.ts";
import { ActCheck, type ActCounts, type ActState, basisOf, checkedTypes, type PlannedAct } from "./acts.ts";
import { AuditFailure, type LogSource } from "./audit-source.ts";
import { type BundleContent, BundleReader, type Reader, type ReadStart } from "./bundle-reader.ts";
import { type Entry, readEntry } from "./entry.ts";
import { Facts } from "./facts.ts";
import { TreeBuilder } from "./tile-check.ts";

export interface AuditOptions {
  readonly source: LogSource;
  readonly primitives: Primitives;
  readonly sha256: Sha256;
  readonly policy: TrustPolicy;
  /** Where bundles are read; here, unless a thread of its own is given. */
  readonly openReader?: ((start: ReadStart) => Reader) | undefined;
  /** Origin that the checkpoint must have; undefined takes any log of the policy. */
  readonly origin?: string | undefined;
  /** Facts and ratings up to this size alone; the tree is checked whole. */
  readonly asOf?: number | undefined;
  /** Entries read, of how many. */
  readonly onProgress?: ((read: number, size: number) => void) | undefined;
  /** What an earlier audit of the same log has left. */
  readonly state?: Uint8Array | undefined;
  /** Called between bundles where nothing is pending; it may keep what `state` gives. `isLast`: no full bundle follows. */
  readonly onRest?: ((state: () => Uint8Array, isLast: boolean) => void) | undefined;
}

export interface AuditReport extends ActCounts {
  readonly origin: string;
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** Entries whose facts were added up. */
  readonly asOf: number;
  /** Root of the tree of that size, hex. */
  readonly asOfRoot: string;
  readonly facts: Facts;
}

/** Bundles that are fetched at once. */
const fetchesMax = 8;
/** Bundles that are fetched and read ahead: ratings of many subjects take as long as reading some. */
const aheadMax = 128;
/** Their bytes; what is being fetched comes on top. */
const aheadBytesMax = 64 * 1_048_576;

interface ReadBundle {
  readonly name: TileName;
  /** Hashes of its entries. */
  readonly tile: Uint8Array;
  readonly content: BundleContent;
}

/** One audit: everything is read once, in order, and compared with what the entries come to. */
class Audit {
  readonly #options: AuditOptions;
  readonly #checkpoint: TrustedCheckpoint;
  readonly #asOf: number;
  readonly #facts: Facts;
  readonly #acts: ActCheck;
  readonly #tree: TreeBuilder;
  readonly #planned = new Map<number, PlannedAct[]>();
  /** Upper tiles to be compared with what is served. */
  #tiles: { readonly name: TileName; readonly hashes: Uint8Array }[] = [];
  #asOfRoot: Uint8Array | undefined;
  /** The bundle that was peeked into last: acts stand close together. */
  #peeked: { readonly path: string; readonly entries: readonly Uint8Array[] } | undefined;

  constructor(options: AuditOptions, checkpoint: TrustedCheckpoint, asOf: number) {
    const { source, sha256, state } = options;
    const kept = state === undefined ? undefined : readState(state);
    this.#options = options;
    this.#checkpoint = checkpoint;
    this.#asOf = asOf;
    this.#facts = kept?.facts ?? new Facts();
    this.#acts = new ActCheck(source, sha256, kept?.acts);
    const onTile = (name: TileName, hashes: Uint8Array): void => {
      if (name.level !== 0) this.#tiles.push({ name, hashes });
    };
    this.#tree = new TreeBuilder(sha256, onTile, kept?.tree);
    const { size } = this.#tree;
    if (size > checkpoint.size || size > asOf)
      throw new AuditFailure(
        "checkpoint",
        size > checkpoint.size
          ? `is of ${checkpoint.size} entries, and ${size} were audited before: the log shrank`
          : `cannot be audited as of ${asOf}: ${size} entries were audited before; begin without the state`,
      );
  }

  async #get(path: string): Promise<Uint8Array> {
    const bytes = await this.#options.source.get(path);
    if (bytes === undefined) throw new AuditFailure(path, "is not served");
    return bytes;
  }

  /** The entry at a place, as its bundle serves it; it is compared when it comes by. */
  async #peek(place: number): Promise<Entry> {
    const index = Math.floor(place / tileWidth);
    const width = Math.min(tileWidth, this.#checkpoint.size - index * tileWidth);
    const path = tilePath({ level: "entries", index, width });
    try {
      if (this.#peeked?.path !== path) this.#peeked = { path, entries: readBundle(await this.#get(path), width) };
      return readEntry(this.#peeked.entries[place % tileWidth] as Uint8Array);
    } catch (error) {
      throw AuditFailure.at(path, error);
    }
  }

  /** Reads where the acts stand: at which sizes priors and ratings are to be computed. */
  async plan(): Promise<void> {
    let from: number | null = 0;
    while (from !== null) {
      const path: string = `acts?from=${from}`;
      const hint = readHint(await this.#get(path));
      for (const [place, type, logSize] of hint.acts) {
        if (logSize === null || place >= this.#asOf || place < this.#tree.size) continue;
        const { act } = await this.#peek(place);
        try {
          if (basisOf(act, place).logSize !== logSize) throw new Error(`names another log size than entry ${place}`);
        } catch (error) {
          throw AuditFailure.at("acts", error);
        }
        const planned = this.#planned.get(logSize) ?? [];
        this.#planned.set(logSize, planned);
        planned.push({ place, type, act: act as PlannedAct["act"] });
      }
      if (hint.next !== null && hint.next <= from)
        throw new AuditFailure("acts", "leads back to where it was asked from");
      from = hint.next;
    }
  }

  /** Computes what is planned for as many entries as the facts have. */
  async #reach(size: number): Promise<void> {
    const planned = this.#planned.get(size);
    if (planned === undefined) return;
    this.#planned.delete(size);
    await this.#acts.compute(planned, this.#facts);
  }

  async #addBundle({ name, tile, content }: ReadBundle): Promise<void> {
    for (const { facts, act } of content.steps) {
      await this.#reach(facts.first);
      try {
        this.#facts.add(facts);
      } catch (error) {
        throw AuditFailure.at(tilePath(name), error);
      }
      if (act !== null) await this.#acts.check(act);
    }
    if (content.failure !== undefined) throw new AuditFailure(content.failure.where, content.failure.what);
    for (let at = 0; at < tile.length; at += hashBytes) {
      if (this.#tree.size === this.#asOf) this.#asOfRoot = this.#tree.root();
      this.#tree.add(tile.subarray(at, at + hashBytes));
    }
    await this.#compareTiles();
  }

  /** Compares the tiles above the entries with what is served. */
  async #compareTiles(): Promise<void> {
    const tiles = this.#tiles;
    this.#tiles = [];
    for (const { name, hashes } of tiles) {
      const path = tilePath(name);
      const served = await this.#get(path);
      if (!isSame(served, hashes)) throw new AuditFailure(path, "is not what the tiles below it come to");
    }
  }

  /** What every bundle comes to, in order; the next ones are fetched and read meanwhile. */
  async *#read(reader: Reader): AsyncGenerator<ReadBundle> {
    const names = tilesAt("entries", this.#checkpoint.size, Math.floor(this.#tree.size / tileWidth));
    const ahead: Promise<ReadBundle>[] = [];
    let [fetching, aheadBytes] = [0, 0];
    let isOver = false;
    /** Settles once every bundle so far was handed to the reader. */
    let turn: Promise<unknown> = Promise.resolve();
    const begin = (name: TileName): void => {
      const before = turn;
      const fetched = Promise.all([this.#get(tilePath(name)), this.#get(tilePath({ ...name, level: 0 }))]);
      fetching += 1;
      const served = fetched
        .then((both) => {
          aheadBytes += both[0].length;
          return both;
        })
        .finally(() => {
          fetching -= 1;
          more();
        });
      const inTurn = before.then(() => served);
      const read = inTurn.then(async ([bundle, tile]) => {
        // A reader may take the bundle's memory.
        const bytes = bundle.length;
        const content = await reader.read({ name, bundle, tile });
        aheadBytes -= bytes;
        return { name, tile, content };
      });
      // They are awaited later; until then nobody handles their failure.
      for (const promise of [served, inTurn, read]) promise.catch(() => undefined);
      turn = inTurn;
      ahead.push(read);
    };
    const more = (): void => {
      const isFull = fetching === fetchesMax || ahead.length >= aheadMax || aheadBytes >= aheadBytesMax;
      if (isOver || isFull) return;
      const next = names.next();
      if (next.done) return;
      begin(next.value);
      more();
    };
    more();
    try {
      for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
        const bundle = await next;
        more();
        yield bundle;
      }
    } finally {
      isOver = true;
    }
  }

  #openReader(): Reader {
    const { openReader, sha256 } = this.#options;
    const start: ReadStart = {
      facts: this.#facts.start,
      asOf: this.#asOf,
      stops: new Set(this.#planned.keys()),
      actTypes: checkedTypes,
    };
    return openReader === undefined ? new BundleReader(sha256, start) : openReader(start);
  }

  /** Reads every entry and tile in order. */
  async read(): Promise<void> {
    const { onProgress } = this.#options;
    const { size, root } = this.#checkpoint;
    const reader = this.#openReader();
    try {
      for await (const bundle of this.#read(reader)) {
        await this.#addBundle(bundle);
        onProgress?.(this.#tree.size, size);
        if (this.#tree.size % tileWidth === 0 && this.#tree.size <= this.#asOf) this.#rest();
      }
    } finally {
      await reader.close?.();
    }
    await this.#reach(this.#facts.entries);
    this.#tiles.push(...this.#tree.partial().filter(({ name }) => name.level !== 0));
    await this.#compareTiles();
    if (this.#planned.size > 0)
      throw new AuditFailure("acts", `names a log size of ${[...this.#planned.keys()][0]}, past the end`);
    const made = this.#tree.root();
    if (!isSame(made, root))
      throw new AuditFailure("checkpoint", `has the root ${hex(root)}; the entries come to ${hex(made)}`);
  }

  #rest(): void {
    const acts = this.#acts.state();
    const isLast = this.#checkpoint.size - this.#tree.size < tileWidth;
    if (acts !== undefined)
      this.#options.onRest?.(() => writeState({ tree: this.#tree.state(), acts, facts: this.#facts }), isLast);
  }

  report(): AuditReport {
    const { origin, size, root } = this.#checkpoint;
    return {
      origin,
      size,
      root: hex(root),
      asOf: this.#asOf,
      asOfRoot: hex(this.#asOfRoot ?? root),
      facts: this.#facts,
      ...this.#acts.counts,
    };
  }
}

type Hint = {
  readonly acts: readonly [place: number, type: string, logSize: number | null][];
  readonly next: number | null;
};

function readHint(bytes: Uint8Array): Hint {
  const isPlace = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  try {
    const { acts, next } = JSON.parse(textOf(bytes, "the answer")) as Hint;
    const isRight =
      Array.isArray(acts) &&
      acts.every(
        (act) =>
          Array.isArray(act) && isPlace(act[0]) && typeof act[1] === "string" && (act[2] === null || isPlace(act[2])),
      ) &&
      (next === null || isPlace(next));
    if (!isRight) throw new Error('is not {"acts":[[place,type,logSize],…],"next":…}');
    return { acts, next };
  } catch (error) {
    throw AuditFailure.at("acts", error);
  }
}

interface State {
  readonly tree: ReturnType<TreeBuilder["state"]>;
  readonly acts: ActState;
  readonly facts: Facts;
}

/** Length of a JSON head as uint32, the head, the facts. */
function writeState({ tree, acts, facts }: State): Uint8Array {
  const head = utf8(
    JSON.stringify({ size: tree.size, roots: tree.roots.map(base64), edge: tree.edge.map(base64), acts }),
  );
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, head.length);
  return concat(length, head, facts.toBytes());
}

function readState(bytes: Uint8Array): State {
  try {
    return parseState(bytes);
  } catch (error) {
    throw new AuditFailure(
      "state",
      `is not what an audit has left: ${(error as Error).message}; begin without it`,
      error,
    );
  }
}

function parseState(bytes: Uint8Array): State {
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const head = JSON.parse(textOf(bytes.subarray(4, end), "the state")) as {
    size: number;
    roots: string[];
    edge: string[];
    acts: ActState;
  };
  const decode = (coded: string): Uint8Array => fromBase64(coded, "the state");
  const tree = { size: head.size, roots: head.roots.map(decode), edge: head.edge.map(decode) };
  return { tree, acts: head.acts, facts: Facts.from(bytes.subarray(end)) };
}

/**
 * Audits a log with nothing but what it serves: the checkpoint's signatures, every entry and tile, and from the entries
 * facts, priors and ratings. Throws AuditFailure naming the first difference.
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const { source, primitives, policy, origin } = options;
  const bytes = await source.get("checkpoint");
  if (bytes === undefined) throw new AuditFailure("checkpoint", "is not served");
  let checkpoint: TrustedCheckpoint;
  try {
    checkpoint = await checkCheckpoint(primitives, bytes, policy, origin);
  } catch (error) {
    throw AuditFailure.at("checkpoint", error);
  }
  const asOf = options.asOf ?? checkpoint.size;
  if (asOf > checkpoint.size)
    throw new AuditFailure("checkpoint", `is of ${checkpoint.size} entries, fewer than ${asOf} that were asked for`);
  const run = new Audit(options, checkpoint, asOf);
  await run.plan();
  await run.read();
  return run.report();
}
