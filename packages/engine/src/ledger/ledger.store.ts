import { integerArray, joinedTexts, textArray, type Queryable } from "../platform/db.ts";
import type { Statement } from "../platform/statement.ts";

export interface Head {
  readonly size: number;
  readonly subjects: number;
  readonly newestMs: number;
  /** People erased so far: what was read before the last of them must be read again. */
  readonly erasures: number;
}

interface HeadRow {
  size: number;
  subjects: number;
  newest_ms: number;
  erasures: number;
}

const toHead = (row: HeadRow): Head => ({
  size: row.size,
  subjects: row.subjects,
  newestMs: row.newest_ms,
  erasures: row.erasures,
});

/** The head, locked until the transaction ends: all writers of a marketplace take turns here. */
export async function lockHead(db: Queryable, marketplaceId: number): Promise<Head> {
  const [row] = await db.query<HeadRow>(
    "SELECT size, subjects, newest_ms, erasures FROM ledger_head WHERE marketplace_id = $1 FOR UPDATE",
    [marketplaceId],
  );
  if (row === undefined) throw new Error(`marketplace ${marketplaceId} has no ledger`);
  return toHead(row);
}

/** Size of the ledger that ratings have followed; null before their first run. */
export async function readRatedSize(db: Queryable, marketplaceId: number): Promise<number | null> {
  const [row] = await db.query<{ next_seq: number }>("SELECT next_seq FROM ratings_cursor WHERE marketplace_id = $1", [
    marketplaceId,
  ]);
  return row?.next_seq ?? null;
}

export async function readHead(db: Queryable, marketplaceId: number): Promise<Head> {
  const [row] = await db.query<HeadRow>(
    "SELECT size, subjects, newest_ms, erasures FROM ledger_head WHERE marketplace_id = $1",
    [marketplaceId],
  );
  if (row === undefined) throw new Error(`marketplace ${marketplaceId} has no ledger`);
  return toHead(row);
}

/** Adds the move of the head to a statement: it moves only from where the batch was folded. */
export function addHead(statement: Statement, marketplaceId: number, before: Head, after: Head): string {
  let market = "";
  statement.add("head", (put) => {
    market = `${put(marketplaceId)}::integer`;
    return `UPDATE ledger_head SET size = ${put(after.size)}, subjects = ${put(after.subjects)}, newest_ms = ${put(after.newestMs)}
     WHERE marketplace_id = ${market} AND size = ${put(before.size)} AND erasures = ${put(before.erasures)} RETURNING size`;
  });
  return market;
}

/** Places of the events that are already there, in the order asked; null where there is none. */
export async function findDuplicates(
  db: Queryable,
  marketplaceId: number,
  events: readonly { readonly id: string; readonly source: string }[],
): Promise<(number | null)[]> {
  const rows = await db.query<{ place: number; seq: number }>(
    `SELECT t.place, e.seq FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS t (id, source, place)
     CROSS JOIN LATERAL (SELECT e.seq FROM ledger_event e
       WHERE e.id = t.id AND e.source = t.source AND e.marketplace_id = $1 LIMIT 1) AS e`,
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
  /** 32 bytes. */
  readonly salt: Uint8Array;
  readonly entry: string;
  /** 32 bytes. */
  readonly leaf: Uint8Array;
}

/** Adds the rows of a batch of events to a statement; they are written where `condition` holds. */
export function addEvents(
  statement: Statement,
  market: string,
  receivedMs: number,
  rows: readonly EventRow[],
  condition: string,
): void {
  const slice = (bytes: string): string => `substring(${bytes}::bytea FROM 32 * place::integer - 31 FOR 32)`;
  statement.add("events", (put) => {
    const salts = put(Buffer.concat(rows.map(({ salt }) => salt)));
    const leaves = put(Buffer.concat(rows.map(({ leaf }) => leaf)));
    return `INSERT INTO ledger_event
       (marketplace_id, seq, source, id, type, time_ms, received_ms, person_no, subjects, body, sealed, salt, entry, leaf)
     SELECT ${market}, seq, source, id, type, time_ms, ${put(receivedMs)}, person_no, subjects::integer[], body,
       decode(sealed, 'hex'), ${slice(salts)}, entry, ${slice(leaves)}
     FROM unnest(${put(integerArray(rows.map(({ seq }) => seq)))}::bigint[],
       ${put(textArray(rows.map(({ source }) => source)))}::text[],
       ${put(textArray(rows.map(({ id }) => id)))}::text[],
       ${put(textArray(rows.map(({ type }) => type)))}::text[],
       ${put(integerArray(rows.map(({ timeMs }) => timeMs)))}::bigint[],
       ${put(integerArray(rows.map(({ personNo }) => personNo)))}::bigint[],
       ${put(textArray(rows.map(({ subjects }) => integerArray(subjects))))}::text[],
       string_to_array(${put(joinedTexts(rows.map(({ body }) => body)))}, chr(30)),
       ${put(textArray(rows.map(({ sealedHex }) => sealedHex)))}::text[],
       string_to_array(${put(joinedTexts(rows.map(({ entry }) => entry)))}, chr(30)))
       WITH ORDINALITY AS t (seq, source, id, type, time_ms, person_no, subjects, body, sealed, entry, place)
     WHERE ${condition}`;
  });
}

const hourMs = 3_600_000;

/** Adds what a batch brought to the tally of sources and hours. */
export function addTally(
  statement: Statement,
  market: string,
  receivedMs: number,
  rows: readonly EventRow[],
  condition: string,
): void {
  const tally = new Map<string, { events: number; newestMs: number }>();
  for (const { source, timeMs } of rows) {
    const sum = tally.get(source);
    if (sum === undefined) tally.set(source, { events: 1, newestMs: timeMs });
    else {
      sum.events += 1;
      if (timeMs > sum.newestMs) sum.newestMs = timeMs;
    }
  }
  const sources = [...tally.keys()].sort();
  const sums = sources.map((source) => tally.get(source) as { events: number; newestMs: number });
  statement.add(
    "tally",
    (put) => `INSERT INTO ledger_source AS s (marketplace_id, hour, source, events, newest_ms, received_ms)
     SELECT ${market}, ${put(Math.floor(receivedMs / hourMs))}::integer, source, events, newest_ms, ${put(receivedMs)}::bigint
     FROM unnest(${put(textArray(sources))}::text[], ${put(integerArray(sums.map(({ events }) => events)))}::bigint[],
       ${put(integerArray(sums.map(({ newestMs }) => newestMs)))}::bigint[]) AS t (source, events, newest_ms)
     WHERE ${condition}
     ON CONFLICT (marketplace_id, hour, source) DO UPDATE SET events = s.events + excluded.events,
       newest_ms = greatest(s.newest_ms, excluded.newest_ms), received_ms = greatest(s.received_ms, excluded.received_ms)`,
  );
}

export interface SourceRow {
  readonly source: string;
  readonly events: number;
  readonly newest_ms: number;
  readonly received_ms: number;
}

/** Sources of all times, the most recent first. */
export async function readSources(db: Queryable, marketplaceId: number, limit: number): Promise<SourceRow[]> {
  return db.query<SourceRow>(
    `SELECT source, sum(events)::bigint AS events, max(newest_ms) AS newest_ms, max(received_ms) AS received_ms
     FROM ledger_source WHERE marketplace_id = $1 GROUP BY source ORDER BY 4 DESC, 1 LIMIT $2`,
    [marketplaceId, limit],
  );
}

export interface HourRow {
  readonly hour: number;
  readonly accepted: number;
  readonly rejected: number;
}

/** Hours since a time in which anything came in, in order. */
export async function readHours(db: Queryable, marketplaceId: number, sinceMs: number): Promise<HourRow[]> {
  return db.query<HourRow>(
    `SELECT hour, sum(accepted)::bigint AS accepted, sum(rejected)::bigint AS rejected FROM
       (SELECT hour, sum(events) AS accepted, 0 AS rejected FROM ledger_source
         WHERE marketplace_id = $1 AND hour >= $2::bigint / ${hourMs} GROUP BY hour
        UNION ALL
        SELECT received_ms / ${hourMs}, 0, count(*) FROM ledger_dead_letter
         WHERE marketplace_id = $1 AND received_ms >= $2::bigint GROUP BY 1) AS counted
     GROUP BY hour ORDER BY hour`,
    [marketplaceId, Math.floor(sinceMs / hourMs) * hourMs],
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

/** Number under which everybody stands who was erased: nobody's. */
const nobody = 0;

/** Events that name a person. */
export async function readEventsOfPerson(
  db: Queryable,
  marketplaceId: number,
  personNo: number,
): Promise<
  {
    readonly seq: number;
    readonly type: string;
    readonly timeMs: number;
    readonly key: string;
    readonly time: string;
    readonly data: Readonly<Record<string, unknown>>;
  }[]
> {
  const rows = await db.query<{ seq: number; type: string; time_ms: number; key: string; body: string }>(
    `SELECT seq, type, time_ms, source || chr(31) || id AS key, body FROM ledger_event
     WHERE marketplace_id = $1 AND person_no = $2 ORDER BY seq`,
    [marketplaceId, personNo],
  );
  return rows.map(({ body, time_ms: timeMs, ...row }) => ({
    ...row,
    timeMs,
    ...(JSON.parse(body) as { time: string; data: Record<string, unknown> }),
  }));
}

/** Types and data of the events up to a place that name some people. */
export async function readRefsOfPeople(
  db: Queryable,
  marketplaceId: number,
  personNos: readonly number[],
  upTo: number,
  limit: number,
): Promise<{ readonly type: string; readonly data: Readonly<Record<string, unknown>> }[]> {
  if (personNos.length === 0) return [];
  const rows = await db.query<{ type: string; body: string }>(
    `SELECT type, body FROM ledger_event WHERE marketplace_id = $1 AND person_no > 0 AND person_no = ANY ($2::bigint[])
       AND seq <= $3 LIMIT $4`,
    [marketplaceId, integerArray(personNos), upTo, limit],
  );
  return rows.map(({ type, body }) => ({ type, data: (JSON.parse(body) as { data: Record<string, unknown> }).data }));
}

/** Writes other bodies to events of an erased person; what was sealed goes, entries stay. */
export async function renameEvents(
  db: Queryable,
  marketplaceId: number,
  events: readonly { readonly seq: number; readonly body: string }[],
): Promise<void> {
  if (events.length === 0) return;
  await db.query(
    `UPDATE ledger_event e SET body = t.body, sealed = NULL, person_no = ${nobody}
     FROM unnest($2::bigint[], string_to_array($3, chr(30))) AS t (seq, body) WHERE e.marketplace_id = $1 AND e.seq = t.seq`,
    [marketplaceId, integerArray(events.map(({ seq }) => seq)), joinedTexts(events.map(({ body }) => body))],
  );
}

/** Makes every process read again what it remembers of the ledger. */
export async function markErasure(tx: Queryable, marketplaceId: number): Promise<void> {
  await tx.query("UPDATE ledger_head SET erasures = erasures + 1 WHERE marketplace_id = $1", [marketplaceId]);
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
