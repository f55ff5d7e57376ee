import { type CredentialFormat, limits, ProblemError, type PublicJwk } from "@probity/contract";
import type { Queryable } from "../platform/db.ts";
import type { IssuerKey } from "./index.ts";

export interface KeyRow extends IssuerKey {
  readonly madeMs: number;
  readonly retiredMs: number | null;
}

/** Keys of a marketplace in the order in which they were made. */
export async function loadKeys(db: Queryable, marketplaceId: number): Promise<KeyRow[]> {
  const rows = await db.query<{ kid: string; jwk: string; made_ms: number; retired_ms: number | null }>(
    "SELECT kid, jwk, made_ms, retired_ms FROM credentials_key WHERE marketplace_id = $1 ORDER BY key_no",
    [marketplaceId],
  );
  return rows.map(({ kid, jwk, made_ms, retired_ms }) => ({
    kid,
    jwk: JSON.parse(jwk) as PublicJwk,
    madeMs: made_ms,
    retiredMs: retired_ms,
  }));
}

/** Lists a key as the newest; false where another process has listed one since `known` were read. */
export async function insertKey(
  db: Queryable,
  marketplaceId: number,
  { kid, jwk }: IssuerKey,
  known: number,
  nowMs: number,
): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO credentials_key (marketplace_id, kid, jwk, made_ms, key_no) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING kid`,
    [marketplaceId, kid, JSON.stringify(jwk), nowMs, known + 1],
  );
  return rows.length === 1;
}

/** Retires every key but one. */
export async function retireKeys(db: Queryable, marketplaceId: number, but: string, nowMs: number): Promise<void> {
  await db.query(
    "UPDATE credentials_key SET retired_ms = $3 WHERE marketplace_id = $1 AND kid <> $2 AND retired_ms IS NULL",
    [marketplaceId, but, nowMs],
  );
}

export interface IssuedRow {
  readonly credential_id: string;
  readonly merchant: string;
  readonly format: CredentialFormat;
  readonly hash: string;
  readonly body: string;
  readonly audience: string | null;
  readonly score: number;
  readonly grade: string | null;
  readonly day: number;
  readonly list: number;
  readonly place: number;
  readonly issued_ms: number;
  readonly expires_ms: number;
  readonly revoked_ms: number | null;
  readonly reason: string | null;
}

const issuedColumns =
  "credential_id, merchant, format, hash, body, audience, score, grade, day, list, place, issued_ms, expires_ms, revoked_ms, reason";

/** The status list that takes new credentials: places stay so sparse that a random one is free at the second try. */
export async function openList(db: Queryable, marketplaceId: number): Promise<number> {
  const [row] = await db.query<{ list: number; used: number }>(
    `SELECT list, count(*)::integer AS used FROM credentials_issued WHERE marketplace_id = $1
       AND list = (SELECT max(list) FROM credentials_issued WHERE marketplace_id = $1) GROUP BY list`,
    [marketplaceId],
  );
  if (row === undefined) return 1;
  return row.used < limits.statusListEntries / 2 ? row.list : row.list + 1;
}

export async function isPlaceTaken(
  db: Queryable,
  marketplaceId: number,
  list: number,
  place: number,
): Promise<boolean> {
  const rows = await db.query(
    "SELECT 1 FROM credentials_issued WHERE marketplace_id = $1 AND list = $2 AND place = $3",
    [marketplaceId, list, place],
  );
  return rows.length > 0;
}

/** Keeps an issued credential; false where its place was taken meanwhile. */
export async function insertIssued(
  db: Queryable,
  marketplaceId: number,
  row: Omit<IssuedRow, "revoked_ms" | "reason">,
): Promise<boolean> {
  const rows = await db.query(
    `INSERT INTO credentials_issued (marketplace_id, credential_id, merchant, format, hash, body, audience, score, grade,
       day, list, place, issued_ms, expires_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (marketplace_id, list, place) DO NOTHING RETURNING credential_id`,
    [
      marketplaceId,
      row.credential_id,
      row.merchant,
      row.format,
      row.hash,
      row.body,
      row.audience,
      row.score,
      row.grade,
      row.day,
      row.list,
      row.place,
      row.issued_ms,
      row.expires_ms,
    ],
  );
  return rows.length === 1;
}

export async function findIssued(db: Queryable, marketplaceId: number, id: string): Promise<IssuedRow | undefined> {
  const [row] = await db.query<IssuedRow>(
    `SELECT ${issuedColumns} FROM credentials_issued WHERE marketplace_id = $1 AND credential_id = $2`,
    [marketplaceId, id],
  );
  return row;
}

/** Revokes a credential; what is revoked stays as it is. */
export async function setRevoked(
  db: Queryable,
  marketplaceId: number,
  id: string,
  reason: string,
  nowMs: number,
): Promise<void> {
  await db.query(
    `UPDATE credentials_issued SET revoked_ms = $3, reason = $4
     WHERE marketplace_id = $1 AND credential_id = $2 AND revoked_ms IS NULL`,
    [marketplaceId, id, nowMs, reason],
  );
}

/** Places of a status list whose credentials are revoked, in order; undefined where there is no such list. */
export async function loadRevoked(db: Queryable, marketplaceId: number, list: number): Promise<number[] | undefined> {
  const [known] = await db.query<{ known: boolean }>(
    "SELECT EXISTS (SELECT FROM credentials_issued WHERE marketplace_id = $1 AND list = $2) AS known",
    [marketplaceId, list],
  );
  if (known?.known !== true) return undefined;
  const rows = await db.query<{ place: number }>(
    "SELECT place FROM credentials_issued WHERE marketplace_id = $1 AND list = $2 AND revoked_ms IS NOT NULL ORDER BY place",
    [marketplaceId, list],
  );
  return rows.map(({ place }) => place);
}

export interface ListQuery {
  readonly merchant?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Place of a row in a list that goes back in time. */
export function readCursor(cursor: string | undefined): { ms: number; id: string } {
  if (cursor === undefined) return { ms: Number.MAX_SAFE_INTEGER, id: "" };
  const [, ms, id] = /^(\d{1,16})\.([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (ms === undefined || id === undefined)
    throw new ProblemError("request-invalid", "/query/cursor is not a cursor of this list");
  return { ms: Number(ms), id };
}

/** A page of rows of which one more was read than it has, and the cursor of the next. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => { ms: number; id: string },
): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items, nextCursor: null };
  const { ms, id } = placeOf(last);
  return { items, nextCursor: `${ms}.${id}` };
}

/** Issued credentials, newest first. */
export async function listIssued(
  db: Queryable,
  marketplaceId: number,
  { merchant, cursor, limit }: ListQuery,
): Promise<{ items: IssuedRow[]; nextCursor: string | null }> {
  const { ms, id } = readCursor(cursor);
  const rows = await db.query<IssuedRow>(
    `SELECT ${issuedColumns} FROM credentials_issued WHERE marketplace_id = $1 AND ($2::text IS NULL OR merchant = $2)
       AND (issued_ms, credential_id) < ($3, $4) ORDER BY issued_ms DESC, credential_id DESC LIMIT $5`,
    [marketplaceId, merchant ?? null, ms, id, limit + 1],
  );
  return pageOf(rows, limit, ({ issued_ms, credential_id }) => ({ ms: issued_ms, id: credential_id }));
}
