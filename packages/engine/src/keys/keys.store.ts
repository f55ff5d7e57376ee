import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import { type ApiKeyScope, apiKeyScopes, ProblemError, signInLimits } from "@probity/contract";
import type { Db, Queryable } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";

/** An API key as a request carries it. */
export interface KeyHolder {
  readonly keyId: string;
  readonly market: Marketplace;
  readonly scopes: readonly ApiKeyScope[];
}

export interface KeyRecord {
  readonly keyId: string;
  readonly marketplace: string;
  readonly label: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdMs: number;
  readonly lastUsedMs: number | null;
  /** When it stopped or will stop; null while it is in force. */
  readonly revokedMs: number | null;
  readonly revoked: boolean;
}

const sha256 = (text: string): string => hash("sha256", text, "hex");
const scopesOf = (text: string): ApiKeyScope[] => apiKeyScopes.filter((scope) => text.split(",").includes(scope));

/** Makes a key. The token is shown once: only its hash is kept. */
export async function createKey(
  db: Queryable,
  market: Marketplace,
  label: string,
  scopes: readonly ApiKeyScope[],
  nowMs: number,
): Promise<{ keyId: string; token: string }> {
  await checkRoom(db, market, nowMs);
  const keyId = randomBytes(9).toString("hex");
  const secret = randomBytes(24).toString("base64url");
  await db.query(
    `INSERT INTO keys_key (key_id, marketplace_id, secret_hash, label, scopes, created_ms)
     VALUES ($1, $2, $3, $4, string_to_array($5, ','), $6)`,
    [keyId, market.marketplaceId, sha256(secret), label, scopes.join(","), nowMs],
  );
  return { keyId, token: `pk_${keyId}_${secret}` };
}

async function checkRoom(db: Queryable, market: Marketplace, nowMs: number): Promise<void> {
  const [row] = await db.query<{ keys: number }>(
    `SELECT count(*)::integer AS keys FROM keys_key
     WHERE marketplace_id = $1 AND (revoked_ms IS NULL OR revoked_ms > $2)`,
    [market.marketplaceId, nowMs],
  );
  if ((row?.keys ?? 0) < signInLimits.keysPerMarketplace) return;
  throw new ProblemError(
    "people-limit",
    `${signInLimits.keysPerMarketplace} keys are in force; revoke those that nobody uses`,
  );
}

interface KeyRow {
  key_id: string;
  slug: string;
  label: string;
  scopes: string;
  created_ms: number;
  last_used_ms: number | null;
  revoked_ms: number | null;
}

const keySql = `SELECT k.key_id, m.slug, k.label, array_to_string(k.scopes, ',') AS scopes, k.created_ms, k.last_used_ms,
     k.revoked_ms FROM keys_key k JOIN marketplace m USING (marketplace_id)`;

/** Keys of all marketplaces, oldest first, revoked ones included. */
export async function listKeys(db: Queryable): Promise<KeyRecord[]> {
  return (await db.query<KeyRow>(`${keySql} ORDER BY k.created_ms, k.key_id`)).map(toRecord);
}

/** Keys of one marketplace, oldest first, revoked ones included. */
export async function listKeysOf(db: Queryable, market: Marketplace): Promise<KeyRecord[]> {
  const sql = `${keySql} WHERE k.marketplace_id = $1 ORDER BY k.created_ms, k.key_id`;
  return (await db.query<KeyRow>(sql, [market.marketplaceId])).map(toRecord);
}

function toRecord(row: KeyRow): KeyRecord {
  return {
    keyId: row.key_id,
    marketplace: row.slug,
    label: row.label,
    scopes: scopesOf(row.scopes),
    createdMs: row.created_ms,
    lastUsedMs: row.last_used_ms,
    revokedMs: row.revoked_ms,
    revoked: row.revoked_ms !== null,
  };
}

/** Ends a key of one marketplace at once, also one that was to end later; false if there is none in force. */
export async function revokeKeyOf(db: Queryable, market: Marketplace, keyId: string, nowMs: number): Promise<boolean> {
  const rows = await db.query(
    `UPDATE keys_key SET revoked_ms = $3
     WHERE marketplace_id = $1 AND key_id = $2 AND (revoked_ms IS NULL OR revoked_ms > $3) RETURNING key_id`,
    [market.marketplaceId, keyId, nowMs],
  );
  return rows.length === 1;
}

/** Makes a key like another, which stops after the overlap; undefined if that one is not in force any more. */
export async function rotateKey(
  db: Db,
  market: Marketplace,
  { keyId, label, scopes }: KeyRecord,
  nowMs: number,
  overlapMs: number,
): Promise<{ keyId: string; token: string } | undefined> {
  return db.transaction(async (tx) => {
    const rows = await tx.query(
      `UPDATE keys_key SET revoked_ms = $3
       WHERE marketplace_id = $1 AND key_id = $2 AND revoked_ms IS NULL RETURNING key_id`,
      [market.marketplaceId, keyId, nowMs + overlapMs],
    );
    return rows.length === 1 ? createKey(tx, market, label, scopes, nowMs) : undefined;
  });
}

/** Ends a key at once; false if there is none of that id in force. */
export async function revokeKey(db: Queryable, keyId: string, nowMs: number): Promise<boolean> {
  const rows = await db.query(
    "UPDATE keys_key SET revoked_ms = $2 WHERE key_id = $1 AND revoked_ms IS NULL RETURNING key_id",
    [keyId, nowMs],
  );
  return rows.length === 1;
}

const rememberedMs = 5_000;
const rememberedMax = 10_000;
const stampEveryMs = 60_000;

/** Checks tokens; a revoked key stops within five seconds. */
export class KeyRing {
  readonly #db: Queryable;
  readonly #now: () => number;
  readonly #known = new Map<string, { holder: KeyHolder | undefined; untilMs: number }>();
  readonly #stamped = new Map<string, number>();

  constructor(db: Queryable, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Who holds the token; undefined if nobody does. */
  async check(token: string): Promise<KeyHolder | undefined> {
    const nowMs = this.#now();
    const id = sha256(token);
    const known = this.#known.get(id);
    if (known !== undefined && known.untilMs > nowMs) return known.holder;
    const holder = await this.#look(token, nowMs);
    if (this.#known.size >= rememberedMax) this.#known.clear();
    this.#known.set(id, { holder, untilMs: nowMs + rememberedMs });
    if (holder !== undefined) await this.#stamp(holder.keyId, nowMs);
    return holder;
  }

  async #look(token: string, nowMs: number): Promise<KeyHolder | undefined> {
    const match = /^pk_([0-9a-f]{18})_([A-Za-z0-9_-]{32})$/.exec(token);
    if (match === null) return undefined;
    const [row] = await this.#db.query<{
      key_id: string;
      secret_hash: string;
      scopes: string;
      marketplace_id: number;
      slug: string;
      name: string;
      currency: string;
      clock: "wall" | "log";
      is_public: boolean;
    }>(
      `SELECT k.key_id, k.secret_hash, array_to_string(k.scopes, ',') AS scopes,
         m.marketplace_id, m.slug, m.name, m.currency, m.clock, m.is_public
       FROM keys_key k JOIN marketplace m USING (marketplace_id) WHERE k.key_id = $1 AND (k.revoked_ms IS NULL OR k.revoked_ms > $2)`,
      [match[1], nowMs],
    );
    if (row === undefined) return undefined;
    if (!timingSafeEqual(Buffer.from(row.secret_hash), Buffer.from(sha256(match[2] as string)))) return undefined;
    return {
      keyId: row.key_id,
      scopes: scopesOf(row.scopes),
      market: {
        marketplaceId: row.marketplace_id,
        slug: row.slug,
        name: row.name,
        currency: row.currency,
        clock: row.clock,
        isPublic: row.is_public,
      },
    };
  }

  async #stamp(keyId: string, nowMs: number): Promise<void> {
    if ((this.#stamped.get(keyId) ?? 0) + stampEveryMs > nowMs) return;
    this.#stamped.set(keyId, nowMs);
    await this.#db.query("UPDATE keys_key SET last_used_ms = $2 WHERE key_id = $1", [keyId, nowMs]);
  }
}
