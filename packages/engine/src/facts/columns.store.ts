import { dayText, type FactRow, isMetricName, metricNamed, ProblemError, storedMetricNames } from "@probity/contract";
import type { FactColumns } from "@probity/kernels/stats/decayed-sums";
import type { Queryable, Tx } from "../platform/db.ts";

const headerBytes = 19;
/** int16 count, then five fields: length and value of int4, int2, int4, int8, int8. */
const rowBytes = 2 + 8 + 6 + 8 + 12 + 12;

/** Growing columns of facts. */
class Columns {
  rows = 0;
  subject = new Int32Array(1 << 16);
  metric = new Int16Array(1 << 16);
  day = new Int32Array(1 << 16);
  n = new Float64Array(1 << 16);
  x = new Float64Array(1 << 16);

  reserve(rows: number): void {
    if (rows <= this.subject.length) return;
    const length = Math.max(rows, this.subject.length * 2);
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

const two32 = 4_294_967_296;

function readInt64(view: DataView, at: number): number {
  const value = view.getInt32(at) * two32 + view.getUint32(at + 4);
  if (!Number.isSafeInteger(value)) throw new RangeError("a counter is beyond 2^53");
  return value;
}

/** Reads whole rows of a binary COPY; returns the bytes that were used. */
function readRows(
  bytes: Uint8Array,
  columns: Columns,
  place: (subjectNo: number) => number,
): { used: number; ended: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  columns.reserve(columns.rows + Math.ceil(bytes.length / rowBytes));
  let at = 0;
  while (at + 2 <= bytes.length) {
    if (view.getInt16(at) === -1) return { used: at + 2, ended: true };
    if (at + rowBytes > bytes.length) break;
    const subject = place(view.getInt32(at + 6));
    if (subject >= 0) {
      const row = columns.rows;
      columns.subject[row] = subject;
      columns.metric[row] = view.getInt16(at + 14);
      columns.day[row] = view.getInt32(at + 20);
      columns.n[row] = readInt64(view, at + 28);
      columns.x[row] = readInt64(view, at + 40);
      columns.rows = row + 1;
    }
    at += rowBytes;
  }
  return { used: at, ended: false };
}

async function readCopy(
  chunks: AsyncIterable<Uint8Array>,
  columns: Columns,
  place: (subjectNo: number) => number,
): Promise<void> {
  let rest: Uint8Array = new Uint8Array();
  let headed = false;
  for await (const chunk of chunks) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!headed) {
      if (bytes.length < headerBytes) {
        rest = bytes;
        continue;
      }
      bytes = bytes.subarray(headerBytes);
      headed = true;
    }
    const { used, ended } = readRows(bytes, columns, place);
    rest = ended ? new Uint8Array() : bytes.subarray(used);
  }
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
  place: (subjectNo: number) => number,
): Promise<FactColumns> {
  const columns = new Columns();
  const select = `SELECT subject_no, metric_no, day, n, x FROM facts_count WHERE marketplace_id = ${marketplaceId}`;
  if (!wholeCopies) await readCopy(tx.copyOut(select), columns, place);
  else {
    for (let from = 0; from < subjects; from += subjectsPerCopy) {
      const range = `AND subject_no >= ${from} AND subject_no < ${from + subjectsPerCopy}`;
      await readCopy(tx.copyOut(`${select} ${range}`), columns, place);
    }
  }
  return columns.done();
}

/** Counters of one subject. */
export async function readSubjectFacts(
  db: Queryable,
  marketplaceId: number,
  subjectNo: number,
): Promise<{ metric: number; day: number; n: number; x: number }[]> {
  return db.query(
    "SELECT metric_no AS metric, day, n, x FROM facts_count WHERE marketplace_id = $1 AND subject_no = $2",
    [marketplaceId, subjectNo],
  );
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
