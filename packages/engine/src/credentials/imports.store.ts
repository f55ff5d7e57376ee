import { type ImportRecord, ProblemError, type PublicJwk } from "@probity/contract";
import type { Db, Queryable } from "../platform/db.ts";
import { type ListQuery, pageOf, readCursor } from "./credentials.store.ts";

/** Another marketplace whose credentials are taken. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly keys: readonly PublicJwk[];
  readonly weight: number;
  readonly addedMs: number;
}

interface IssuerRow {
  issuer: string;
  keys: string;
  weight: number;
  added_ms: number;
}

const toIssuer = ({ issuer, keys, weight, added_ms }: IssuerRow): TrustedIssuer => ({
  issuer,
  keys: JSON.parse(keys) as PublicJwk[],
  weight,
  addedMs: added_ms,
});

export async function listIssuers(db: Queryable, marketplaceId: number): Promise<TrustedIssuer[]> {
  const rows = await db.query<IssuerRow>(
    "SELECT issuer, keys, weight, added_ms FROM credentials_issuer WHERE marketplace_id = $1 ORDER BY added_ms, issuer",
    [marketplaceId],
  );
  return rows.map(toIssuer);
}

export async function findIssuer(
  db: Queryable,
  marketplaceId: number,
  issuer: string,
): Promise<TrustedIssuer | undefined> {
  const [row] = await db.query<IssuerRow>(
    "SELECT issuer, keys, weight, added_ms FROM credentials_issuer WHERE marketplace_id = $1 AND issuer = $2",
    [marketplaceId, issuer],
  );
  return row && toIssuer(row);
}

/** Takes an issuer up, or replaces its keys and weight. */
export async function saveIssuer(
  db: Queryable,
  marketplaceId: number,
  { issuer, keys, weight, addedMs }: TrustedIssuer,
): Promise<void> {
  await db.query(
    `INSERT INTO credentials_issuer (marketplace_id, issuer, keys, weight, added_ms) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (marketplace_id, issuer) DO UPDATE SET keys = excluded.keys, weight = excluded.weight`,
    [marketplaceId, issuer, JSON.stringify(keys), weight, addedMs],
  );
}

export async function deleteIssuer(db: Queryable, marketplaceId: number, issuer: string): Promise<boolean> {
  const rows = await db.query(
    "DELETE FROM credentials_issuer WHERE marketplace_id = $1 AND issuer = $2 RETURNING issuer",
    [marketplaceId, issuer],
  );
  return rows.length === 1;
}

export type RemovedAs = "withdrawn" | "replaced" | "revoked";

export interface ImportRow {
  readonly import_id: string;
  readonly merchant: string;
  readonly issuer: string;
  readonly subject: string;
  readonly hash: string;
  readonly body: string;
  readonly claims: string;
  readonly weight: number;
  readonly from_day: number;
  readonly until_day: number;
  readonly imported_ms: number;
  readonly expires_ms: number;
  readonly checked_ms: number;
  readonly removed_ms: number | null;
  readonly removed_as: RemovedAs | null;
  readonly reason: string | null;
}

const importColumns =
  "import_id, merchant, issuer, subject, hash, body, claims, weight, from_day, until_day, imported_ms, expires_ms, checked_ms, removed_ms, removed_as, reason";

/**
 * Keeps an import in place of those of the same issuer for the same merchant, here or there; the ledger is yet to be
 * told. Undefined, and nothing is written, where the good name counts for another merchant here.
 */
export async function insertImport(
  db: Db,
  marketplaceId: number,
  row: Omit<ImportRow, "removed_ms" | "removed_as" | "reason">,
): Promise<{ replaced: ImportRow[] } | undefined> {
  return db.transaction(async (tx) => {
    const [issuer] = await tx.query(
      "SELECT 1 FROM credentials_issuer WHERE marketplace_id = $1 AND issuer = $2 FOR UPDATE",
      [marketplaceId, row.issuer],
    );
    if (issuer === undefined)
      throw new ProblemError("credential-refused", `${row.issuer} was taken off the list of issuers`);
    const [lent] = await tx.query(
      `SELECT 1 FROM credentials_import WHERE marketplace_id = $1 AND issuer = $2 AND subject = $3 AND merchant <> $4
         AND removed_ms IS NULL AND expires_ms > $5`,
      [marketplaceId, row.issuer, row.subject, row.merchant, row.imported_ms],
    );
    if (lent !== undefined) return undefined;
    const replaced = await tx.query<ImportRow>(
      `UPDATE credentials_import SET removed_ms = $5, removed_as = 'replaced', told = false
       WHERE marketplace_id = $1 AND issuer = $2 AND (subject = $3 OR merchant = $4) AND removed_ms IS NULL
       RETURNING ${importColumns}`,
      [marketplaceId, row.issuer, row.subject, row.merchant, row.imported_ms],
    );
    await tx.query(
      `INSERT INTO credentials_import (marketplace_id, import_id, merchant, issuer, subject, hash, body, claims, weight,
         from_day, until_day, imported_ms, expires_ms, checked_ms, told)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, false)`,
      [
        marketplaceId,
        row.import_id,
        row.merchant,
        row.issuer,
        row.subject,
        row.hash,
        row.body,
        row.claims,
        row.weight,
        row.from_day,
        row.until_day,
        row.imported_ms,
        row.expires_ms,
        row.checked_ms,
      ],
    );
    return { replaced };
  });
}

export async function findImport(db: Queryable, marketplaceId: number, id: string): Promise<ImportRow | undefined> {
  const [row] = await db.query<ImportRow>(
    `SELECT ${importColumns} FROM credentials_import WHERE marketplace_id = $1 AND import_id = $2`,
    [marketplaceId, id],
  );
  return row;
}

/** The import of a credential that counts now or is in place of it. */
export async function findStanding(
  db: Queryable,
  marketplaceId: number,
  issuer: string,
  merchant: string,
): Promise<ImportRow | undefined> {
  const [row] = await db.query<ImportRow>(
    `SELECT ${importColumns} FROM credentials_import
     WHERE marketplace_id = $1 AND issuer = $2 AND merchant = $3 AND removed_ms IS NULL`,
    [marketplaceId, issuer, merchant],
  );
  return row;
}

/** Lets imports count no more, those of an issuer or one; the ledger is yet to be told. Returns the rows as they are now. */
export async function removeImports(
  db: Queryable,
  marketplaceId: number,
  which: { readonly id: string } | { readonly issuer: string },
  as: RemovedAs,
  reason: string,
  nowMs: number,
): Promise<ImportRow[]> {
  const [column, value] = "id" in which ? ["import_id", which.id] : ["issuer", which.issuer];
  return db.query<ImportRow>(
    `UPDATE credentials_import SET removed_ms = $3, removed_as = $4, reason = $5, told = false
     WHERE marketplace_id = $1 AND ${column} = $2 AND removed_ms IS NULL AND expires_ms > $3 RETURNING ${importColumns}`,
    [marketplaceId, value ?? "", nowMs, as, reason],
  );
}

/** Imports of which the ledger does not know yet as their rows say. */
export async function loadUntold(db: Queryable, marketplaceId: number, limit: number): Promise<ImportRow[]> {
  return db.query<ImportRow>(
    `SELECT ${importColumns} FROM credentials_import WHERE marketplace_id = $1 AND NOT told ORDER BY import_id LIMIT $2`,
    [marketplaceId, limit],
  );
}

/** Notes that the ledger knows of a row as it was read. */
export async function setTold(db: Queryable, marketplaceId: number, row: ImportRow): Promise<void> {
  await db.query(
    `UPDATE credentials_import SET told = true
     WHERE marketplace_id = $1 AND import_id = $2 AND removed_ms IS NOT DISTINCT FROM $3::bigint`,
    [marketplaceId, row.import_id, row.removed_ms],
  );
}

/** Imports that count and were last checked before a time, the longest unchecked first. */
export async function loadUnchecked(
  db: Queryable,
  marketplaceId: number,
  beforeMs: number,
  nowMs: number,
  limit: number,
): Promise<ImportRow[]> {
  return db.query<ImportRow>(
    `SELECT ${importColumns} FROM credentials_import WHERE marketplace_id = $1 AND removed_ms IS NULL
       AND expires_ms > $3 AND checked_ms < $2 ORDER BY checked_ms, import_id LIMIT $4`,
    [marketplaceId, beforeMs, nowMs, limit],
  );
}

export async function setChecked(db: Queryable, marketplaceId: number, id: string, nowMs: number): Promise<void> {
  await db.query("UPDATE credentials_import SET checked_ms = $3 WHERE marketplace_id = $1 AND import_id = $2", [
    marketplaceId,
    id,
    nowMs,
  ]);
}

/** Imports, the latest first. */
export async function listImportRows(
  db: Queryable,
  marketplaceId: number,
  { merchant, cursor, limit }: ListQuery,
): Promise<{ items: ImportRow[]; nextCursor: string | null }> {
  const { ms, id } = readCursor(cursor);
  const rows = await db.query<ImportRow>(
    `SELECT ${importColumns} FROM credentials_import WHERE marketplace_id = $1 AND ($2::text IS NULL OR merchant = $2)
       AND (imported_ms, import_id) < ($3, $4) ORDER BY imported_ms DESC, import_id DESC LIMIT $5`,
    [marketplaceId, merchant ?? null, ms, id, limit + 1],
  );
  return pageOf(rows, limit, ({ imported_ms, import_id }) => ({ ms: imported_ms, id: import_id }));
}

/** How an import stands at a time. */
export function stateOf({ removed_as, expires_ms }: ImportRow, nowMs: number): ImportRecord["state"] {
  return removed_as ?? (expires_ms > nowMs ? "counts" : "expired");
}
