import { integerArray, type Queryable, textArray } from "../platform/db.ts";
import type { TileWrite } from "./tile-edge.ts";

/** Whom entry bundles are served to. */
export type Audience = "public" | "auditors";

export interface LogHead {
  /** Entries whose hashes stand in tiles. */
  readonly size: number;
  readonly audience: Audience;
}

/** The log's head, locked until the transaction ends; undefined where no log was begun. */
export async function lockLogHead(tx: Queryable, marketplaceId: number): Promise<LogHead | undefined> {
  const [row] = await tx.query<{ size: number; audience: Audience }>(
    "SELECT size, audience FROM log_head WHERE marketplace_id = $1 FOR UPDATE",
    [marketplaceId],
  );
  return row;
}

export async function readLogHead(db: Queryable, marketplaceId: number): Promise<LogHead | undefined> {
  const [row] = await db.query<{ size: number; audience: Audience }>(
    "SELECT size, audience FROM log_head WHERE marketplace_id = $1",
    [marketplaceId],
  );
  return row;
}

/** Begins a log that has none; leaves another alone. */
export async function insertLogHead(db: Queryable, marketplaceId: number, audience: Audience): Promise<void> {
  await db.query(
    "INSERT INTO log_head (marketplace_id, size, audience) VALUES ($1, 0, $2) ON CONFLICT (marketplace_id) DO NOTHING",
    [marketplaceId, audience],
  );
}

export async function moveLogHead(tx: Queryable, marketplaceId: number, size: number): Promise<void> {
  await tx.query("UPDATE log_head SET size = $2 WHERE marketplace_id = $1", [marketplaceId, size]);
}

export async function setAudience(db: Queryable, marketplaceId: number, audience: Audience): Promise<void> {
  await db.query("UPDATE log_head SET audience = $2 WHERE marketplace_id = $1", [marketplaceId, audience]);
}

export interface Shard {
  readonly shard: number;
  readonly origin: string;
  readonly verifierKey: string;
}

/** Shards in order; the last signs. */
export async function loadShards(db: Queryable, marketplaceId: number): Promise<Shard[]> {
  const rows = await db.query<{ shard: number; origin: string; verifier_key: string }>(
    "SELECT shard, origin, verifier_key FROM log_shard WHERE marketplace_id = $1 ORDER BY shard",
    [marketplaceId],
  );
  return rows.map(({ verifier_key: verifierKey, ...row }) => ({ ...row, verifierKey }));
}

/** Begins a shard; leaves one of that number alone. */
export async function insertShard(db: Queryable, marketplaceId: number, shard: Shard, nowMs: number): Promise<void> {
  await db.query(
    `INSERT INTO log_shard (marketplace_id, shard, origin, verifier_key, begun_ms) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (marketplace_id, shard) DO NOTHING`,
    [marketplaceId, shard.shard, shard.origin, shard.verifierKey, nowMs],
  );
}

/** Leaf hashes of the ledger's entries [from, to), one after another. */
export async function readLeaves(db: Queryable, marketplaceId: number, from: number, to: number): Promise<Uint8Array> {
  const [row] = await db.query<{ leaves: Uint8Array | null }>(
    "SELECT string_agg(leaf, ''::bytea ORDER BY seq) AS leaves FROM ledger_event WHERE marketplace_id = $1 AND seq >= $2 AND seq < $3",
    [marketplaceId, from, to],
  );
  return row?.leaves ?? new Uint8Array(0);
}

/** Tiles as they are stored; those that do not exist are left out. */
export async function readTiles(
  db: Queryable,
  marketplaceId: number,
  names: readonly { readonly level: number; readonly tile: number }[],
): Promise<TileWrite[]> {
  if (names.length === 0) return [];
  return db.query<{ level: number; tile: number; hashes: Uint8Array }>(
    `SELECT t.level, t.tile, s.hashes FROM unnest($2::smallint[], $3::bigint[]) AS t (level, tile)
     JOIN log_tile s ON s.marketplace_id = $1 AND s.level = t.level AND s.tile = t.tile`,
    [marketplaceId, integerArray(names.map(({ level }) => level)), integerArray(names.map(({ tile }) => tile))],
  );
}

export async function saveTiles(tx: Queryable, marketplaceId: number, tiles: readonly TileWrite[]): Promise<void> {
  await tx.query(
    `INSERT INTO log_tile (marketplace_id, level, tile, hashes)
     SELECT $1, level, tile, decode(hashes, 'hex') FROM unnest($2::smallint[], $3::bigint[], $4::text[]) AS t (level, tile, hashes)
     ON CONFLICT (marketplace_id, level, tile) DO UPDATE SET hashes = excluded.hashes`,
    [
      marketplaceId,
      integerArray(tiles.map(({ level }) => level)),
      integerArray(tiles.map(({ tile }) => tile)),
      textArray(tiles.map(({ hashes }) => Buffer.from(hashes).toString("hex"))),
    ],
  );
}

export interface StoredCheckpoint {
  readonly size: number;
  readonly shard: number;
  readonly root: Uint8Array;
  readonly note: string;
  readonly signed_ms: number;
  readonly published_ms: number | null;
}

const checkpointColumns = "size, shard, root, note, signed_ms, published_ms";

export async function insertCheckpoint(
  tx: Queryable,
  marketplaceId: number,
  checkpoint: Omit<StoredCheckpoint, "published_ms">,
): Promise<void> {
  await tx.query(
    `INSERT INTO log_checkpoint (marketplace_id, size, shard, root, note, signed_ms) VALUES ($1, $2, $3, decode($4, 'hex'), $5, $6)`,
    [
      marketplaceId,
      checkpoint.size,
      checkpoint.shard,
      Buffer.from(checkpoint.root).toString("hex"),
      checkpoint.note,
      checkpoint.signed_ms,
    ],
  );
}

/** The checkpoint of a size. */
export async function readCheckpointAt(
  db: Queryable,
  marketplaceId: number,
  size: number,
): Promise<StoredCheckpoint | undefined> {
  const [row] = await db.query<StoredCheckpoint>(
    `SELECT ${checkpointColumns} FROM log_checkpoint WHERE marketplace_id = $1 AND size = $2`,
    [marketplaceId, size],
  );
  return row;
}

/** The newest checkpoint that is published, of one shard or of all. */
export async function readPublished(
  db: Queryable,
  marketplaceId: number,
  shard?: number,
): Promise<StoredCheckpoint | undefined> {
  const [row] = await db.query<StoredCheckpoint>(
    `SELECT ${checkpointColumns} FROM log_checkpoint WHERE marketplace_id = $1 AND published_ms IS NOT NULL
       AND ($2::integer IS NULL OR shard = $2) ORDER BY size DESC LIMIT 1`,
    [marketplaceId, shard ?? null],
  );
  return row;
}

/** The newest checkpoints, published or not. */
export async function listCheckpoints(
  db: Queryable,
  marketplaceId: number,
  before: number,
  limit: number,
): Promise<StoredCheckpoint[]> {
  return db.query<StoredCheckpoint>(
    `SELECT ${checkpointColumns} FROM log_checkpoint WHERE marketplace_id = $1 AND size < $2 ORDER BY size DESC LIMIT $3`,
    [marketplaceId, before, limit],
  );
}

/** Publishes a checkpoint with its cosignatures; what is published stays as it is. */
export async function publishCheckpoint(
  db: Queryable,
  marketplaceId: number,
  size: number,
  note: string,
  nowMs: number,
): Promise<void> {
  await db.query(
    "UPDATE log_checkpoint SET note = $3, published_ms = $4 WHERE marketplace_id = $1 AND size = $2 AND published_ms IS NULL",
    [marketplaceId, size, note, nowMs],
  );
}

/** Drops checkpoints that were never published and lie below the newest published one, and old ones but for one a day. */
export async function dropCheckpoints(db: Queryable, marketplaceId: number, beforeMs: number): Promise<void> {
  await db.query(
    `DELETE FROM log_checkpoint c WHERE c.marketplace_id = $1 AND c.signed_ms < $2 AND EXISTS
       (SELECT FROM log_checkpoint later WHERE later.marketplace_id = $1 AND later.shard = c.shard AND later.size > c.size
         AND later.published_ms IS NOT NULL AND (c.published_ms IS NULL OR later.signed_ms / 86400000 = c.signed_ms / 86400000))`,
    [marketplaceId, beforeMs],
  );
}

export interface ActRow {
  readonly seq: number;
  readonly type: string;
  readonly entry: string;
}

/** Acts that a rating depends on, from a place on and below a size. */
export async function readActs(
  db: Queryable,
  marketplaceId: number,
  from: number,
  size: number,
  limit: number,
): Promise<ActRow[]> {
  return db.query<ActRow>(
    `SELECT seq, type, entry FROM ledger_event WHERE marketplace_id = $1 AND seq >= $2 AND seq < $3
       AND type IN ('policy.published', 'epoch.begun', 'ratings.published') ORDER BY seq LIMIT $4`,
    [marketplaceId, from, size, limit],
  );
}

/** The newest act that published ratings of a kind, below a size. */
export async function readNewestRatings(
  db: Queryable,
  marketplaceId: number,
  kind: string,
  size: number,
): Promise<ActRow | undefined> {
  const [row] = await db.query<ActRow>(
    `SELECT seq, type, entry FROM ledger_event WHERE marketplace_id = $1 AND seq < $3 AND type = 'ratings.published'
       AND body::json -> 'data' ->> 'kind' = $2 ORDER BY seq DESC LIMIT 1`,
    [marketplaceId, kind, size],
  );
  return row;
}
