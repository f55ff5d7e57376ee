import { dayText, type FactRow, isMetricName, metricNamed, ProblemError, storedMetricNames } from "@probity/contract";
import type { FactColumns } from "@probity/kernels/stats/decayed-sums";
import { copyDataCode, messageHeadBytes } from "../platform/copy-frames.ts";
import type { Queryable, Tx } from "../platform/db.ts";

/** Of a binary COPY: signature and flags, then the length of an extension. */
const headerBytes = 19;
/** int16 count, then five fields: length and value of int4, int2, int4, int8, int8. */
const rowBytes = 2 + 8 + 6 + 8 + 12 + 12;
const rowFields = 5;
/** Room that is taken before the first row comes, at most. */
const rowsExpectedMax = 100_000_000;
const two32 = 4_294_967_296;
const none: Uint8Array = new Uint8Array();

/** Growing columns of facts. */
class Columns {
  rows = 0;
  subject = new Int32Array(0);
  metric = new Int16Array(0);
  day = new Int32Array(0);
  n = new Float64Array(0);
  x = new Float64Array(0);

  reserve(rows: number): void {
    if (rows <= this.subject.length) return;
    const length = Math.ceil(Math.max(rows, this.subject.length * 2));
    const grow = <A extends Int32Array | Int16Array | Float64Array>(array: A, fresh: A): A => {
      fresh.set(array);
      return fresh;
    };
    this.subject = grow(this.subject, new Int32Array(length));
    this.metric = grow(this.metric, new Int16Array(length));
    this.day = grow(this.day, new Int32Array(length));
    this.n = grow(this.n, new Float64Array(length));
    this.x = grow(this.x, new Float64Array(length));
  }

  /** Takes over a row of others as one of subject 0. */
  add({ metric, day, n, x }: FactColumns, row: number): void {
    this.reserve(this.rows + 1);
    this.metric[this.rows] = metric[row] as number;
    this.day[this.rows] = day[row] as number;
    this.n[this.rows] = n[row] as number;
    this.x[this.rows] = x[row] as number;
    this.rows += 1;
  }

  done(): FactColumns {
    const { rows } = this;
    return {
      rows,
      subject: this.subject.subarray(0, rows),
      metric: this.metric.subarray(0, rows),
      day: this.day.subarray(0, rows),
      n: this.n.subarray(0, rows),
      x: this.x.subarray(0, rows),
    };
  }
}

/** Whether five fields of the lengths asked for stand there, none of them null. */
function isRow(view: DataView, at: number): boolean {
  return (
    view.getInt16(at) === rowFields &&
    view.getInt32(at + 2) === 4 &&
    view.getInt32(at + 10) === 2 &&
    view.getInt32(at + 16) === 4 &&
    view.getInt32(at + 24) === 8 &&
    view.getInt32(at + 36) === 8
  );
}

type Place = (subjectNo: number) => number;

/** Puts the rows of one binary COPY into columns; several of them may fill the same. */
class RowReader {
  readonly #columns: Columns;
  readonly #place: Place;
  #headed = false;
  #ended = false;
  /** Data that does not end with a row yet. A server sends one row a message; the protocol does not promise it. */
  #rest: Uint8Array = none;

  constructor(columns: Columns, place: Place) {
    this.#columns = columns;
    this.#place = place;
  }

  /** Reads whole messages. */
  read(chunk: Uint8Array): void {
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#columns.reserve(this.#columns.rows + Math.ceil((this.#rest.length + chunk.length) / rowBytes));
    let at = 0;
    while (at < chunk.length) {
      const isData = chunk[at] === copyDataCode;
      const length = view.getUint32(at + 1) - 4;
      at += messageHeadBytes;
      if (isData) {
        if (length === rowBytes && this.#headed && this.#rest.length === 0) this.#readRow(view, at);
        else this.#readAcross(chunk.subarray(at, at + length));
      }
      at += length;
    }
  }

  /** Fails if the copy did not come to its end. */
  end(): void {
    if (!this.#ended) throw new Error("a copy of counters ended too early");
  }

  #readAcross(data: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    if (!this.#headed && bytes.length >= headerBytes && bytes.length >= headerBytes + view.getUint32(headerBytes - 4)) {
      at = headerBytes + view.getUint32(headerBytes - 4);
      this.#headed = true;
    }
    while (this.#headed && !this.#ended && at + 2 <= bytes.length) {
      if (view.getInt16(at) === -1) {
        this.#ended = true;
        at += 2;
      } else if (at + rowBytes <= bytes.length) {
        this.#readRow(view, at);
        at += rowBytes;
      } else break;
    }
    this.#rest = bytes.subarray(at);
  }

  #readRow(view: DataView, at: number): void {
    if (!isRow(view, at)) {
      throw new TypeError("a row of counters is not of the five columns asked for");
    }
    const subject = this.#place(view.getInt32(at + 6));
    if (subject < 0) return;
    const n = view.getInt32(at + 28) * two32 + view.getUint32(at + 32);
    const x = view.getInt32(at + 40) * two32 + view.getUint32(at + 44);
    if (!Number.isSafeInteger(n) || !Number.isSafeInteger(x)) throw new RangeError("a counter is beyond 2^53");
    const columns = this.#columns;
    const row = columns.rows;
    columns.subject[row] = subject;
    columns.metric[row] = view.getInt16(at + 14);
    columns.day[row] = view.getInt32(at + 20);
    columns.n[row] = n;
    columns.x[row] = x;
    columns.rows = row + 1;
  }
}

async function readCopy(chunks: AsyncIterable<Uint8Array>, columns: Columns, place: Place): Promise<void> {
  const reader = new RowReader(columns, place);
  for await (const chunk of chunks) reader.read(chunk);
  reader.end();
}

/** Counters from the messages of one binary COPY of subject_no, metric_no, day, n, x. */
export async function decodeCopy(chunks: AsyncIterable<Uint8Array>): Promise<FactColumns> {
  const columns = new Columns();
  await readCopy(chunks, columns, (no) => no);
  return columns.done();
}

const counters = (marketplaceId: number, where: string): string =>
  `SELECT subject_no, metric_no, day, n, x FROM facts_count WHERE marketplace_id = ${marketplaceId}${where}`;

/** A table this large is read by two connections, a half each: the server is the slower side. */
const halvesPages = 8_192;

/** Reads counters of a transaction's state: by one copy, or by two at once where they are many and it can. */
async function readHalves(
  tx: Tx,
  marketplaceId: number,
  columns: Columns,
  place: Place,
  pagesMin: number,
): Promise<void> {
  const [table] = await tx.query<{ pages: number; rows: number }>(
    `SELECT (pg_relation_size(oid) / current_setting('block_size')::bigint)::integer AS pages, reltuples::bigint AS rows
     FROM pg_class WHERE oid = 'facts_count'::regclass`,
  );
  const { pages = 0, rows = 0 } = table ?? {};
  // What is never written takes no memory; growing would copy all of it.
  columns.reserve(Math.min(rows + rows / 16, rowsExpectedMax));
  if (tx.copyParts === undefined || pages < pagesMin) {
    await readCopy(tx.copyOut(counters(marketplaceId, "")), columns, place);
    return;
  }
  const half = `'(${Math.floor(pages / 2)},0)'::tid`;
  const selects = [`ctid < ${half}`, `ctid >= ${half}`].map((where) => counters(marketplaceId, ` AND ${where}`));
  await tx.copyParts(selects, (chunks) => readCopy(chunks, columns, place));
}

/** Subjects a copy takes at once where the answer comes whole (PGlite). */
const subjectsPerCopy = 4_000;

/**
 * Counters of all subjects as typed arrays. `place` gives a subject's dense number, negative to leave
 * it out. Rows come in no particular order. `wholeCopies`: the engine gives a copy in one piece (PGlite).
 */
export async function readColumns(
  tx: Tx,
  wholeCopies: boolean,
  marketplaceId: number,
  subjects: number,
  place: Place,
  halvesFromPages: number = halvesPages,
): Promise<FactColumns> {
  const columns = new Columns();
  if (!wholeCopies) await readHalves(tx, marketplaceId, columns, place, halvesFromPages);
  else {
    for (let from = 0; from < subjects; from += subjectsPerCopy) {
      const range = ` AND subject_no >= ${from} AND subject_no < ${from + subjectsPerCopy}`;
      await readCopy(tx.copyOut(counters(marketplaceId, range)), columns, place);
    }
  }
  return columns.done();
}

/** One counter of one subject. */
export interface StoredFact {
  readonly metric: number;
  readonly day: number;
  readonly n: number;
  readonly x: number;
}

/** Counters of one subject as typed arrays, its number 0. Rows come in no particular order. */
export async function readSubjectColumns(db: Tx, marketplaceId: number, subjectNo: number): Promise<FactColumns> {
  const columns = new Columns();
  await readCopy(db.copyOut(counters(marketplaceId, ` AND subject_no = ${subjectNo}`)), columns, () => 0);
  return columns.done();
}

/** Counters of some subjects as typed arrays, as of one state; each has the number 0 in its own. */
export async function readSubjectsColumns(
  db: Tx,
  marketplaceId: number,
  subjectNos: readonly number[],
): Promise<Map<number, FactColumns>> {
  const columns = new Map(subjectNos.map((no): [number, Columns] => [no, new Columns()]));
  if (columns.size > 0) {
    const where = ` AND subject_no IN (${[...columns.keys()].join(", ")})`;
    const all = await decodeCopy(db.copyOut(counters(marketplaceId, where)));
    for (let row = 0; row < all.rows; row += 1) columns.get(all.subject[row] as number)?.add(all, row);
  }
  return new Map([...columns].map(([no, own]) => [no, own.done()]));
}

/** Counters of some subjects, as of one state; a subject without any has an empty list. */
export async function readSubjectsFacts(
  db: Tx,
  marketplaceId: number,
  subjectNos: readonly number[],
): Promise<Map<number, StoredFact[]>> {
  const facts = new Map<number, StoredFact[]>();
  for (const [no, { rows, metric, day, n, x }] of await readSubjectsColumns(db, marketplaceId, subjectNos)) {
    const own: StoredFact[] = [];
    for (let row = 0; row < rows; row += 1) {
      own.push({
        metric: metric[row] as number,
        day: day[row] as number,
        n: n[row] as number,
        x: x[row] as number,
      });
    }
    facts.set(no, own);
  }
  return facts;
}

/** Counters of one subject. */
export async function readSubjectFacts(db: Tx, marketplaceId: number, subjectNo: number): Promise<StoredFact[]> {
  return (await readSubjectsFacts(db, marketplaceId, [subjectNo])).get(subjectNo) ?? [];
}

export interface FactPage {
  readonly metric: string | undefined;
  readonly fromDay: number;
  readonly toDay: number;
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** Counters of a subject by metric and day, a page at a time. Unpublished metrics are shown: the caller has a key. */
export async function readFactRows(
  db: Queryable,
  marketplaceId: number,
  subjectNo: number,
  page: FactPage,
): Promise<{ rows: FactRow[]; nextCursor: string | null }> {
  const match = /^(\d{1,4})\.(\d{1,6})$/.exec(page.cursor ?? "0.0");
  if (match === null) throw new ProblemError("request-invalid", "/query/cursor is not a cursor of this list");
  const wanted = page.metric === undefined ? null : metricRange(page.metric);
  const rows = await db.query<{ metric_no: number; day: number; n: number; x: number }>(
    `SELECT metric_no, day, n, x FROM facts_count
     WHERE marketplace_id = $1 AND subject_no = $2 AND day BETWEEN $3 AND $4
       AND metric_no BETWEEN $5::integer AND $6::integer AND (metric_no, day) > ($7::integer, $8::integer) AND (n <> 0 OR x <> 0)
     ORDER BY metric_no, day LIMIT $9`,
    [
      marketplaceId,
      subjectNo,
      page.fromDay,
      page.toDay,
      wanted?.[0] ?? 0,
      wanted?.[1] ?? 32_000,
      Number(match[1]),
      Number(match[2]),
      page.limit + 1,
    ],
  );
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    rows: shown.map(({ metric_no, day, n, x }) => ({
      metric: storedMetricNames.get(metric_no) ?? String(metric_no),
      day: dayText(day),
      n,
      x,
    })),
    nextCursor: rows.length > page.limit && last !== undefined ? `${last.metric_no}.${last.day}` : null,
  };
}

function metricRange(name: string): [number, number] {
  if (!isMetricName(name))
    throw new ProblemError("request-invalid", `/query/metric is not a metric of the registry: ${name}`);
  const { no, edgesHours } = metricNamed(name);
  return [no, no + (edgesHours?.length ?? 0)];
}
