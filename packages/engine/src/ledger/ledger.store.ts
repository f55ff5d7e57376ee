import { integerArray, joinedTexts, textArray, type Queryable } from "../platform/db.ts";

export interface Head {
  readonly size: number;
  readonly subjects: number;
  readonly newestMs: number;
}

interface HeadRow {
  size: number;
  subjects: number;
  newest_ms: number;
}

const toHead = (row: HeadRow): Head => ({
  size: row.size,
  subjects: row.subjects,
  newestMs: row.newest_ms,
});

/** The head, locked until the transaction ends: all writers of a marketplace take turns here. */
export async function lockHead(db: Queryable, marketplaceId: number): Promise<Head> {
  const [row] = await db.query<HeadRow>(
    "SELECT size, subjects, newest_ms FROM ledger_head WHERE marketplace_id = $1 FOR UPDATE",
    [marketplaceId],
  );
  if (row === undefined) throw new Error(`marketplace ${marketplaceId} has no ledger`);
  return toHead(row);
}

export async function readHead(db: Queryable, marketplaceId: number): Promise<Head> {
  const [row] = await db.query<HeadRow>("SELECT size, subjects, newest_ms FROM ledger_head WHERE marketplace_id = $1", [
    marketplaceId,
  ]);
  if (row === undefined) throw new Error(`marketplace ${marketplaceId} has no ledger`);
  return toHead(row);
}

export async function moveHead(db: Queryable, marketplaceId: number, head: Head): Promise<void> {
  await db.query("UPDATE ledger_head SET size = $2, subjects = $3, newest_ms = $4 WHERE marketplace_id = $1", [
    marketplaceId,
    head.size,
    head.subjects,
    head.newestMs,
  ]);
}

/** Places of the events that are already there, in the order asked; null where there is none. */
export async function findDuplicates(
  db: Queryable,
  marketplaceId: number,
  events: readonly { readonly id: string; readonly source: string }[],
): Promise<(number | null)[]> {
  const rows = await db.query<{ place: number; seq: number }>(
    `SELECT t.place, e.seq FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS t (id, source, place)
     JOIN ledger_event e ON e.id = t.id AND e.source = t.source AND e.marketplace_id = $1`,
    [marketplaceId, textArray(events.map(({ id }) => id)), textArray(events.map(({ source }) => source))],
  );
  const places: (number | null)[] = events.map(() => null);
  for (const { place, seq } of rows) places[place - 1] = seq;
  return places;
}

export interface EventRow {
  readonly seq: number;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly timeMs: number;
  readonly personNo: number | null;
  readonly subjects: readonly number[];
  /** `{"time":…,"data":…}` as text. */
  readonly body: string;
  readonly sealedHex: string | null;
  readonly saltHex: string;
  readonly entry: string;
  readonly leaf: string;
}

export async function insertEvents(
  db: Queryable,
  marketplaceId: number,
  receivedMs: number,
  rows: readonly EventRow[],
): Promise<void> {
  await db.query(
    `INSERT INTO ledger_event
       (marketplace_id, seq, source, id, type, time_ms, received_ms, person_no, subjects, body, sealed, salt, entry, leaf)
     SELECT $1, seq, source, id, type, time_ms, $2, person_no, subjects::integer[], body,
       decode(sealed, 'hex'), decode(salt, 'hex'), entry, decode(leaf, 'hex')
     FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[],
       string_to_array($10, chr(30)), $11::text[], $12::text[], string_to_array($13, chr(30)), $14::text[])
       AS t (seq, source, id, type, time_ms, person_no, subjects, body, sealed, salt, entry, leaf)`,
    [
      marketplaceId,
      receivedMs,
      integerArray(rows.map(({ seq }) => seq)),
      textArray(rows.map(({ source }) => source)),
      textArray(rows.map(({ id }) => id)),
      textArray(rows.map(({ type }) => type)),
      integerArray(rows.map(({ timeMs }) => timeMs)),
      integerArray(rows.map(({ personNo }) => personNo)),
      textArray(rows.map(({ subjects }) => integerArray(subjects))),
      joinedTexts(rows.map(({ body }) => body)),
      textArray(rows.map(({ sealedHex }) => sealedHex)),
      textArray(rows.map(({ saltHex }) => saltHex)),
      joinedTexts(rows.map(({ entry }) => entry)),
      textArray(rows.map(({ leaf }) => leaf)),
    ],
  );
}

export interface LetterRow {
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly sealed: Uint8Array;
}

/** Keeps rejected events; returns their ids in order. */
export async function insertDeadLetters(
  db: Queryable,
  marketplaceId: number,
  receivedMs: number,
  rows: readonly LetterRow[],
): Promise<number[]> {
  const ids = await db.query<{ dead_letter_id: number }>(
    `INSERT INTO ledger_dead_letter (marketplace_id, received_ms, code, path, message, state, sealed)
     SELECT $1, $2, code, path, message, 'open', decode(sealed, 'hex')
     FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS t (code, path, message, sealed, place)
     ORDER BY place RETURNING dead_letter_id`,
    [
      marketplaceId,
      receivedMs,
      textArray(rows.map(({ code }) => code)),
      textArray(rows.map(({ path }) => path)),
      textArray(rows.map(({ message }) => message)),
      textArray(rows.map(({ sealed }) => Buffer.from(sealed).toString("hex"))),
    ],
  );
  return ids.map(({ dead_letter_id }) => dead_letter_id);
}

export async function countOpenLetters(db: Queryable, marketplaceId: number, max: number): Promise<number> {
  const [row] = await db.query<{ open: number }>(
    `SELECT count(*)::integer AS open FROM
       (SELECT 1 FROM ledger_dead_letter WHERE marketplace_id = $1 AND state = 'open' LIMIT $2) AS counted`,
    [marketplaceId, max],
  );
  return row?.open ?? 0;
}

export interface StoredLetter {
  readonly dead_letter_id: number;
  readonly received_ms: number;
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly state: "open" | "replayed" | "discarded";
  readonly sealed: Uint8Array;
  readonly seq: number | null;
}

export async function listDeadLetters(
  db: Queryable,
  marketplaceId: number,
  state: string,
  before: number,
  limit: number,
): Promise<StoredLetter[]> {
  return db.query<StoredLetter>(
    `SELECT dead_letter_id, received_ms, code, path, message, state, sealed, seq FROM ledger_dead_letter
     WHERE marketplace_id = $1 AND state = $2 AND dead_letter_id < $3 ORDER BY dead_letter_id DESC LIMIT $4`,
    [marketplaceId, state, before, limit],
  );
}

export async function readDeadLetter(
  db: Queryable,
  marketplaceId: number,
  id: number,
): Promise<StoredLetter | undefined> {
  const [row] = await db.query<StoredLetter>(
    `SELECT dead_letter_id, received_ms, code, path, message, state, sealed, seq FROM ledger_dead_letter
     WHERE marketplace_id = $1 AND dead_letter_id = $2`,
    [marketplaceId, id],
  );
  return row;
}

/** Closes an open dead letter; false if it was not open. */
export async function closeDeadLetter(
  db: Queryable,
  marketplaceId: number,
  id: number,
  state: "replayed" | "discarded",
  seq: number | null,
): Promise<boolean> {
  const rows = await db.query(
    `UPDATE ledger_dead_letter SET state = $3, seq = $4
     WHERE marketplace_id = $1 AND dead_letter_id = $2 AND state = 'open' RETURNING dead_letter_id`,
    [marketplaceId, id, state, seq],
  );
  return rows.length === 1;
}

export interface StoredRow {
  readonly seq: number;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly person_no: number | null;
  readonly body: string;
  readonly sealed: Uint8Array | null;
  readonly salt: Uint8Array;
  readonly entry: string;
  readonly leaf: string;
}

export async function readEvents(db: Queryable, marketplaceId: number, seqs: readonly number[]): Promise<StoredRow[]> {
  return db.query<StoredRow>(
    `SELECT e.seq, e.source, e.id, e.type, e.person_no, e.body, e.sealed, e.salt, e.entry, encode(e.leaf, 'hex') AS leaf
     FROM unnest($2::bigint[]) AS t (seq) JOIN ledger_event e ON e.marketplace_id = $1 AND e.seq = t.seq ORDER BY e.seq`,
    [marketplaceId, integerArray(seqs)],
  );
}

/** Entries in order, from a place on. */
export async function readEntries(
  db: Queryable,
  marketplaceId: number,
  from: number,
  limit: number,
): Promise<string[]> {
  const rows = await db.query<{ entry: string }>(
    "SELECT entry FROM ledger_event WHERE marketplace_id = $1 AND seq >= $2 ORDER BY seq LIMIT $3",
    [marketplaceId, from, limit],
  );
  return rows.map(({ entry }) => entry);
}

/** Subjects whose facts were changed by the events from `from` on, and where that ends. */
export async function readTouched(
  db: Queryable,
  marketplaceId: number,
  from: number,
  limit: number,
): Promise<{ subjects: number[]; next: number }> {
  const [row] = await db.query<{ subjects: number[] | null; next: number | null }>(
    `SELECT (SELECT array_agg(DISTINCT s) FROM unnest(string_to_array(string_agg(nullif(array_to_string(e.subjects, ','), ''), ','), ',')::integer[]) AS s) AS subjects,
       max(e.seq) + 1 AS next
     FROM (SELECT seq, subjects FROM ledger_event WHERE marketplace_id = $1 AND seq >= $2 ORDER BY seq LIMIT $3) AS e`,
    [marketplaceId, from, limit],
  );
  return { subjects: row?.subjects ?? [], next: row?.next ?? from };
}
