import { checkpointText } from "@probity/verifier/tlog/checkpoint";
import { type Note, noteText, readNote } from "@probity/verifier/tlog/note";
import { rangeOfTiles } from "@probity/verifier/tlog/tile";
import type { Ledger } from "../ledger/group-commit.store.ts";
import { readHead } from "../ledger/ledger.store.ts";
import type { Db, Queryable } from "../platform/db.ts";
import { LogKeyError, type LogKeys, type NoteSigner } from "../platform/log-keys.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import {
  dropCheckpoints,
  insertCheckpoint,
  insertLogHead,
  insertShard,
  loadShards,
  lockLogHead,
  moveLogHead,
  publishCheckpoint,
  readCheckpointAt,
  readLeaves,
  readLogHead,
  readPublished,
  readTiles,
  saveTiles,
  type Shard,
  type StoredCheckpoint,
} from "./log.store.ts";
import { nodePrimitives } from "./primitives.ts";
import { edgeOf, TileEdge } from "./tile-edge.ts";
import { tileReader } from "./tiles.store.ts";
import type { Witnesses } from "./witnesses.jobs.ts";

/** The database holds less of a log than was signed, or something else: it must not be continued. */
export class RolledBack extends LogKeyError {
  constructor(market: Marketplace, what: string) {
    super(
      `The public log of ${market.slug} ${what}. A database that was restored from an older dump does this, and to go on ` +
        "would fork the log. Restore the newest dump; if entries are lost for good, begin a new log openly with: " +
        `probity log rotate --marketplace ${market.slug} --after-loss`,
    );
    this.name = "RolledBack";
  }
}

export interface LogOptions {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly keys: LogKeys;
  readonly witnesses: Witnesses;
  readonly now: () => number;
  /** Origin of the first shard of a marketplace's log; later ones add their number. */
  readonly originOf: (slug: string) => string;
  /** Entries that one transaction integrates at most. */
  readonly batchEntries: number;
  readonly onSealed?: (market: Marketplace, entries: number, milliseconds: number) => void;
}

/** What a call of `seal` did. */
export interface Sealing {
  /** Entries that were integrated. */
  readonly entries: number;
  /** Size of the newest published checkpoint; null before the first. */
  readonly published: number | null;
  /** Why witnesses are missing. */
  readonly missing: readonly string[];
}

const leavesPerRead = 65_536;
const keptMs = 30 * 86_400_000;
const dropEveryMs = 3_600_000;

/**
 * Integrates the ledger's entries into the public log, signs checkpoints, has them cosigned and publishes them. Several
 * processes may do so at once: the head's lock orders them, and the primary key of checkpoints allows one root a size.
 */
export class LogJob {
  readonly #options: LogOptions;
  readonly #signers = new Map<string, NoteSigner>();
  readonly #checked = new Set<number>();
  #droppedMs = 0;

  constructor(options: LogOptions) {
    this.#options = options;
  }

  /** Begins the log of a marketplace that has none, with a key of its own; compares every other with its high-water mark. */
  async prepare(market: Marketplace): Promise<void> {
    const { db, keys, now, originOf } = this.#options;
    const { marketplaceId, slug } = market;
    if (this.#checked.has(marketplaceId)) return;
    const shards = await loadShards(db, marketplaceId);
    const mark = keys.mark(slug);
    if (shards.length === 0) {
      if (mark !== undefined) throw new RolledBack(market, `had ${mark.size} entries, and the database knows of none`);
      const signer = keys.find(slug, 1) ?? keys.make(slug, 1, originOf(slug));
      await insertLogHead(db, marketplaceId, market.isPublic ? "public" : "auditors");
      await insertShard(db, marketplaceId, { shard: 1, origin: signer.name, verifierKey: signer.verifierKey }, now());
    }
    await this.check(market);
    this.#checked.add(marketplaceId);
  }

  /** Throws RolledBack where the database holds less than was signed, or another tree. */
  async check(market: Marketplace, db: Queryable = this.#options.db): Promise<void> {
    const { marketplaceId, slug } = market;
    const mark = this.#options.keys.mark(slug);
    if (mark === undefined) return;
    const head = await readLogHead(db, marketplaceId);
    const size = head?.size ?? 0;
    if (size < mark.size)
      throw new RolledBack(market, `had ${mark.size} entries when last signed, and has ${size} now`);
    const range = rangeOfTiles(nodePrimitives, tileReader(db, marketplaceId), mark.size);
    if (mark.size > 0 && Buffer.from(await range(0, mark.size)).toString("hex") !== mark.root)
      throw new RolledBack(market, `has another tree of ${mark.size} entries than was signed`);
    const ledger = await readHead(db, marketplaceId);
    if (ledger.size < size)
      throw new RolledBack(market, `holds ${size} entries, and the ledger under it ${ledger.size}`);
  }

  async #edge(db: Queryable, marketplaceId: number, size: number): Promise<TileEdge> {
    return new TileEdge(size, await readTiles(db, marketplaceId, edgeOf(size)));
  }

  #signer(market: Marketplace, { shard, verifierKey }: Shard): NoteSigner {
    const name = `${market.slug} ${shard}`;
    const signer = this.#signers.get(name) ?? this.#options.keys.read(market.slug, shard);
    if (signer.verifierKey !== verifierKey)
      throw new LogKeyError(
        `The key file of shard ${shard} of ${market.slug}'s log holds another key than the log was begun with: restore it, ` +
          `or begin a new shard with: probity log rotate --marketplace ${market.slug}`,
      );
    this.#signers.set(name, signer);
    return signer;
  }

  /** Integrates what the ledger has; one transaction: leaves in order, tiles, signed checkpoint, head. */
  async #integrate(market: Marketplace): Promise<{ entries: number; checkpoint: StoredCheckpoint | undefined }> {
    const { db, now, batchEntries } = this.#options;
    const { marketplaceId } = market;
    return db.transaction(async (tx) => {
      const head = await lockLogHead(tx, marketplaceId);
      if (head === undefined) throw new Error(`marketplace ${marketplaceId} has no log`);
      await this.check(market, tx);
      const { size: ledgerSize } = await readHead(tx, marketplaceId);
      const to = Math.min(ledgerSize, head.size + batchEntries);
      const shard = (await loadShards(tx, marketplaceId)).at(-1) as Shard;
      if (to === head.size)
        return { entries: 0, checkpoint: to === 0 ? undefined : await readCheckpointAt(tx, marketplaceId, to) };
      const edge = await this.#edge(tx, marketplaceId, head.size);
      while (edge.size < to) {
        const until = Math.min(to, edge.size + leavesPerRead);
        const leaves = await readLeaves(tx, marketplaceId, edge.size, until);
        if (leaves.length !== (until - edge.size) * 32) throw new Error(`the ledger lacks entries below ${until}`);
        edge.add(leaves);
      }
      const root = edge.root();
      const checkpoint = {
        size: to,
        shard: shard.shard,
        root,
        note: this.#sign(this.#signer(market, shard), shard.origin, to, root),
        signed_ms: now(),
      };
      await saveTiles(tx, marketplaceId, edge.writes());
      await insertCheckpoint(tx, marketplaceId, checkpoint);
      await moveLogHead(tx, marketplaceId, to);
      return { entries: to - head.size, checkpoint: { ...checkpoint, published_ms: null } };
    });
  }

  #sign(signer: NoteSigner, origin: string, size: number, root: Uint8Array): string {
    const text = checkpointText({ origin, size, root });
    const signature = signer.sign(Buffer.from(text));
    return noteText({ text, signatures: [{ name: signer.name, keyId: signer.keyId, signature }] });
  }

  /**
   * Integrates everything that the ledger holds and publishes a checkpoint of it once the witnesses make the quorum.
   * The high-water mark is durable before anybody hears of a signature.
   */
  async seal(market: Marketplace): Promise<Sealing> {
    const { keys, onSealed } = this.#options;
    await this.prepare(market);
    const current = await this.#current(market);
    if (current !== undefined) return { entries: 0, published: current, missing: [] };
    const began = performance.now();
    let [entries, newest]: [number, StoredCheckpoint | undefined] = [0, undefined];
    for (;;) {
      const step = await this.#integrate(market);
      newest = step.checkpoint;
      entries += step.entries;
      if (step.entries === 0) break;
    }
    if (newest === undefined) return { entries, published: null, missing: [] };
    const root = Buffer.from(newest.root).toString("hex");
    if (entries > 0) onSealed?.(market, entries, performance.now() - began);
    if (newest.published_ms !== null) return { entries, published: newest.size, missing: [] };
    if ((keys.mark(market.slug)?.size ?? 0) < newest.size) keys.setMark(market.slug, { size: newest.size, root });
    const missing = await this.#publish(market, newest);
    return { entries, published: missing.isPublished ? newest.size : null, missing: missing.missing };
  }

  /** Size of the published checkpoint where nothing has come since: nobody is locked out to find that out. */
  async #current({ marketplaceId }: Marketplace): Promise<number | undefined> {
    const { db } = this.#options;
    const [ledger, published] = await Promise.all([readHead(db, marketplaceId), readPublished(db, marketplaceId)]);
    return published?.size === ledger.size ? published.size : undefined;
  }

  async #publish(
    market: Marketplace,
    { size, note: text }: StoredCheckpoint,
  ): Promise<{ isPublished: boolean; missing: readonly string[] }> {
    const { db, witnesses, now } = this.#options;
    const { marketplaceId } = market;
    const note: Note = readNote(Buffer.from(text));
    const [origin = ""] = note.text.split("\n");
    const range = rangeOfTiles(nodePrimitives, tileReader(db, marketplaceId), size);
    const cosigned = await witnesses.cosign({ origin, size, note, range });
    if (!cosigned.isQuorum) return { isPublished: false, missing: cosigned.missing };
    await publishCheckpoint(db, marketplaceId, size, noteText(cosigned.note), now());
    if (now() - this.#droppedMs > dropEveryMs) {
      this.#droppedMs = now();
      await dropCheckpoints(db, marketplaceId, now() - keptMs);
    }
    return { isPublished: true, missing: cosigned.missing };
  }

  /**
   * Begins a new shard: a new key under an origin of its own, which carries the tree on. The act stands in the ledger.
   * `afterLoss` also forgets the high-water mark: the old shard's readers will see that its entries are gone.
   */
  async rotate(market: Marketplace, { afterLoss }: { readonly afterLoss: boolean }): Promise<Shard> {
    const { db, ledger, keys, now, originOf } = this.#options;
    const { marketplaceId, slug } = market;
    if (!afterLoss) await this.seal(market);
    const last = (await loadShards(db, marketplaceId)).at(-1)?.shard ?? 1;
    const origin = `${originOf(slug)}/${last + 1}`;
    const signer = keys.find(slug, last + 1) ?? keys.make(slug, last + 1, origin);
    const shard = { shard: last + 1, origin: signer.name, verifierKey: signer.verifierKey };
    if (afterLoss) {
      await insertLogHead(db, marketplaceId, market.isPublic ? "public" : "auditors");
      const head = await readLogHead(db, marketplaceId);
      const root = Buffer.from((await this.#edge(db, marketplaceId, head?.size ?? 0)).root()).toString("hex");
      keys.setMark(slug, { size: head?.size ?? 0, root });
    }
    await insertShard(db, marketplaceId, shard, now());
    await ledger.act(market, "log.rotated", `shard:${shard.shard}`, {
      shard: shard.shard,
      origin: shard.origin,
      key: shard.verifierKey,
    });
    await this.seal(market);
    return shard;
  }
}
