import { isUtf8 } from "node:buffer";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { TextDecoder } from "node:util";
import { parse } from "csv-parse/sync";
import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { CsvFramer, type CsvRecord, type FileLine } from "./csv-records.ts";
import { type Cells, ImportError, importLimits, type RowItem } from "./import.ts";

export type Encoding = "utf-8" | "gb18030";

export interface CsvForm {
  readonly delimiter?: string;
  readonly encoding?: Encoding | undefined;
  /** The first record names the columns; otherwise `columns` does. */
  readonly header?: boolean | undefined;
  readonly columns?: readonly string[];
}

/** Rows of one file. `rows` may be called again to read from the beginning. */
export interface RowFile {
  readonly file: string;
  readonly columns: readonly string[];
  readonly bytes: number;
  /** Bytes (rows for Parquet) read by the last call of `rows`, and how many there are. */
  done(): number;
  readonly total: number;
  readonly unit: "bytes" | "rows";
  rows(): AsyncGenerator<readonly RowItem[]>;
}

const blockBytes = 262_144;
const lineFeed = 10;

function unreadable(path: string, cause: unknown): ImportError {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  const why =
    code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : code || "it cannot be read";
  return new ImportError(`${path} cannot be opened: ${why}`, { file: basename(path), rule: why, cause });
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (!found.isFile()) throw unreadable(path, { code: "EISDIR" });
  return found.size;
}

interface Reading {
  bytes: number;
}

function lineOf(bytes: Buffer, line: number, encoding: Encoding): FileLine {
  const end = bytes.at(-1) === 13 ? bytes.length - 1 : bytes.length;
  if (bytes.length > importLimits.rowBytes) {
    return { line, text: bytes.toString("utf8", 0, 200), cut: true, broken: `is over ${importLimits.rowBytes} bytes` };
  }
  const own = bytes.subarray(0, end);
  try {
    return { line, text: new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(own) };
  } catch {
    return {
      line,
      text: new TextDecoder(encoding).decode(own),
      broken: `is not ${encoding === "utf-8" ? "UTF-8" : "GB18030"}`,
    };
  }
}

/** Complete lines of a block at once; line by line only where something is wrong. */
function splitBlock(block: Buffer, line: number, encoding: Encoding): FileLine[] {
  let text: string | undefined;
  if (encoding === "utf-8") {
    if (isUtf8(block)) text = block.toString("utf8");
  } else {
    try {
      text = new TextDecoder(encoding, { fatal: true }).decode(block);
    } catch {
      text = undefined;
    }
  }
  const lines = text?.split("\n");
  if (lines?.every((own) => own.length * 3 <= importLimits.rowBytes)) {
    return lines.map((own, at) => ({ line: line + at, text: own.endsWith("\r") ? own.slice(0, -1) : own }));
  }
  const found: FileLine[] = [];
  for (let at = 0; at <= block.length;) {
    const next = block.indexOf(lineFeed, at);
    const end = next === -1 ? block.length : next;
    found.push(lineOf(block.subarray(at, end), line + found.length, encoding));
    at = end + 1;
  }
  return found;
}

/** Lines of a file in batches. A line feed is never part of another character in either encoding. */
async function* readLines(path: string, encoding: Encoding, reading: Reading): AsyncGenerator<FileLine[]> {
  const handle = await open(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    let line = 1;
    let rest = Buffer.alloc(0);
    let overflowing = false;
    for (;;) {
      const block = Buffer.allocUnsafe(blockBytes);
      const { bytesRead } = await handle.read(block, 0, blockBytes, null);
      const first = reading.bytes === 0;
      reading.bytes += bytesRead;
      const bytes = Buffer.concat([rest, block.subarray(0, bytesRead)]);
      const from = first && encoding === "utf-8" && bytes.indexOf("\u{feff}", 0, "utf8") === 0 ? 3 : 0;
      const last = bytesRead === 0 ? bytes.length : bytes.lastIndexOf(lineFeed);
      if (last === -1) {
        // A line that outgrows its limit is cut: only enough is kept to say that it was too long.
        overflowing ||= bytes.length > importLimits.rowBytes;
        rest = overflowing ? bytes.subarray(from, importLimits.rowBytes + 1) : bytes.subarray(from);
        continue;
      }
      if (bytesRead === 0 && bytes.length === 0) return;
      const lines = splitBlock(bytes.subarray(from, last), line, encoding);
      line += lines.length;
      yield lines;
      if (bytesRead === 0) return;
      rest = bytes.subarray(last + 1);
      overflowing = false;
    }
  } finally {
    await handle.close();
  }
}

function csvFields(text: string, delimiter: string): string[][] {
  return parse(text, { delimiter, relax_column_count: true, record_delimiter: ["\n"], skip_empty_lines: false });
}

type Fields = CsvRecord & { readonly fields: readonly string[] };

function splitRecord(record: CsvRecord, delimiter: string): Fields {
  if (record.broken !== undefined) return { ...record, fields: [] };
  if (!record.text.includes('"')) return { ...record, fields: record.text.split(delimiter) };
  try {
    return { ...record, fields: csvFields(record.text, delimiter)[0] ?? [] };
  } catch (cause) {
    return { ...record, fields: [], broken: cause instanceof Error ? cause.message : "cannot be read as CSV" };
  }
}

/** Most records have no quotes and need no parser; the others go through it together. */
function splitRecords(records: readonly CsvRecord[], delimiter: string): Fields[] {
  const needsParser = (record: CsvRecord): boolean => record.broken === undefined && record.text.includes('"');
  const quoted = records.filter(needsParser);
  let parsed: string[][] = [];
  try {
    parsed = csvFields(quoted.map((record) => record.text).join("\n"), delimiter);
  } catch {
    // Told for the record that caused it, below.
  }
  let next = 0;
  return records.map((record) =>
    needsParser(record) && parsed.length === quoted.length
      ? { ...record, fields: parsed[next++] ?? [] }
      : splitRecord(record, delimiter),
  );
}

function cellsOf(columns: readonly string[], fields: readonly string[]): Cells {
  const cells: Record<string, unknown> = Object.create(null);
  for (let at = 0; at < columns.length; at++) cells[columns[at] ?? ""] = fields[at];
  return cells;
}

function csvRow(file: string, columns: readonly string[], { line, text, broken, fields }: Fields): RowItem {
  if (broken !== undefined) return { reject: { file, line, field: "", reason: broken, raw: text } };
  if (fields.length !== columns.length) {
    const reason = `has ${fields.length} fields, the header has ${columns.length}`;
    return { reject: { file, line, field: "", reason, raw: text } };
  }
  return { file, line, cells: cellsOf(columns, fields) };
}

async function* csvRecords(path: string, form: CsvForm, reading: Reading): AsyncGenerator<Fields[]> {
  const delimiter = form.delimiter ?? ",";
  const framer = new CsvFramer(delimiter, importLimits.rowBytes);
  const filled = ({ text, broken }: CsvRecord): boolean => text !== "" || broken !== undefined;
  for await (const lines of readLines(path, form.encoding ?? "utf-8", reading)) {
    const records: CsvRecord[] = [];
    framer.push(lines, records);
    yield splitRecords(records.filter(filled), delimiter);
  }
  const records: CsvRecord[] = [];
  framer.end(records);
  yield splitRecords(records.filter(filled), delimiter);
}

function checkHeader(path: string, columns: readonly string[]): void {
  const file = basename(path);
  const empty = columns.findIndex((column) => column.trim() === "");
  if (empty !== -1)
    throw new ImportError(`${path}: column ${empty + 1} of the header has no name`, {
      file,
      line: 1,
      rule: "every column has a name",
    });
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (twice !== undefined) {
    throw new ImportError(`${path}: the header names the column ${twice} twice`, {
      file,
      line: 1,
      field: twice,
      rule: "column names are unique",
    });
  }
}

async function csvColumns(path: string, form: CsvForm): Promise<readonly string[]> {
  if (form.header === false) {
    if (form.columns && form.columns.length > 0) return form.columns;
    throw new ImportError(`${path}: a file without a header needs its columns named in the mapping`, {
      file: basename(path),
      rule: "columns",
    });
  }
  for await (const records of csvRecords(path, form, { bytes: 0 })) {
    const [first] = records;
    if (!first) continue;
    if (first.broken !== undefined) {
      throw new ImportError(`${path}: the header cannot be read: it ${first.broken}`, {
        file: basename(path),
        line: first.line,
        rule: first.broken,
      });
    }
    const columns = first.fields.map((field) => field.trim());
    checkHeader(path, columns);
    return columns;
  }
  throw new ImportError(`${path} is empty: not even a header`, { file: basename(path), line: 1, rule: "header" });
}

/** Opens a CSV file (RFC 4180; other delimiters and GB18030 as `form` says). Empty lines are passed over. */
export async function openCsv(path: string, form: CsvForm = {}): Promise<RowFile> {
  const bytes = await sizeOf(path);
  const file = basename(path);
  const columns = await csvColumns(path, form);
  let reading: Reading = { bytes: 0 };
  return {
    file,
    columns,
    bytes,
    total: bytes,
    unit: "bytes",
    done: () => reading.bytes,
    async *rows() {
      reading = { bytes: 0 };
      let header = form.header !== false;
      for await (const records of csvRecords(path, form, reading)) {
        const own = header ? records.slice(1) : records;
        if (records.length > 0) header = false;
        yield own.map((record) => csvRow(file, columns, record));
      }
    },
  };
}

function jsonRow(file: string, { line, text, broken }: FileLine): RowItem {
  const wrong = (reason: string): RowItem => ({ reject: { file, line, field: "", reason, raw: text } });
  if (broken !== undefined) return wrong(broken);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong("is not a JSON object");
    return { file, line, cells: value as Cells };
  } catch {
    return wrong("is not JSON");
  }
}

/** Names of a row's cells; those of nested objects are joined by dots. */
function columnNames(cells: Cells, prefix: string, depth: number, out: Set<string>): void {
  for (const [name, value] of Object.entries(cells)) {
    out.add(prefix + name);
    const nested = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
    if (nested && depth > 0) columnNames(value as Cells, `${prefix}${name}.`, depth - 1, out);
  }
}

/** Opens a file of one JSON object per line. Its columns are those of the first rows. */
export async function openJsonl(path: string): Promise<RowFile> {
  const bytes = await sizeOf(path);
  const file = basename(path);
  let reading: Reading = { bytes: 0 };
  async function* rows(): AsyncGenerator<readonly RowItem[]> {
    reading = { bytes: 0 };
    for await (const lines of readLines(path, "utf-8", reading)) {
      yield lines
        .filter(({ text, broken }) => text.trim() !== "" || broken !== undefined)
        .map((line) => jsonRow(file, line));
    }
  }
  const columns = new Set<string>();
  let sampled = 0;
  for await (const batch of rows()) {
    for (const row of batch.slice(0, importLimits.sampleRows - sampled)) {
      if ("cells" in row) columnNames(row.cells, "", 4, columns);
    }
    sampled += batch.length;
    if (sampled >= importLimits.sampleRows) break;
  }
  reading = { bytes: 0 };
  return { file, columns: [...columns], bytes, total: bytes, unit: "bytes", done: () => reading.bytes, rows };
}

/** Makes one cell plain: decimals as exact text, zoneless timestamps without a zone, dates as dates. */
type CellReader = (value: unknown) => unknown;

function parquetCell(element: ReturnType<typeof parquetSchema>["element"]): CellReader | undefined {
  const { converted_type: converted, logical_type: logical, scale } = element;
  if (converted === "DECIMAL" || logical?.type === "DECIMAL") {
    const places = scale ?? 0;
    return (value) => {
      if (typeof value !== "number") return value;
      // Beyond 2⁵³ units the reader's number is no longer the written one.
      return Math.abs(value) * 10 ** places < Number.MAX_SAFE_INTEGER ? value.toFixed(places) : `${value} (inexact)`;
    };
  }
  if (converted === "DATE" || logical?.type === "DATE") {
    return (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value);
  }
  if (logical?.type === "TIMESTAMP" && !logical.isAdjustedToUTC) {
    return (value) => (value instanceof Date ? value.toISOString().slice(0, -1) : value);
  }
  return undefined;
}

/** Rows that are decoded at a time; a column chunk is read again for each part of a larger row group. */
const parquetRows = 262_144;

function* parquetParts(metadata: FileMetaData): Generator<{ rowStart: number; rowEnd: number }> {
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    for (let rowStart = start; rowStart < end; rowStart += parquetRows) {
      yield { rowStart, rowEnd: Math.min(rowStart + parquetRows, end) };
    }
    start = end;
  }
}

/** Opens a Parquet file of any codec; `line` of a row is its number. */
export async function openParquet(path: string): Promise<RowFile> {
  const bytes = await sizeOf(path);
  const file = basename(path);
  const broken = (cause: unknown): ImportError =>
    new ImportError(`${path} cannot be read as Parquet: ${cause instanceof Error ? cause.message : String(cause)}`, {
      file,
      rule: "parquet",
      cause,
    });
  const attempt = async <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((cause: unknown) => {
      throw broken(cause);
    });
  const buffer = await attempt(() => asyncBufferFromFile(path));
  const metadata = await attempt(() => parquetMetadataAsync(buffer));
  const children = await attempt(async () => parquetSchema(metadata).children);
  const columns = children.map((child) => child.element.name);
  const readers = children.flatMap((child) => {
    const reader = parquetCell(child.element);
    return reader ? [[child.element.name, reader] as const] : [];
  });
  let done = 0;
  return {
    file,
    columns,
    bytes,
    total: Number(metadata.num_rows),
    unit: "rows",
    done: () => done,
    async *rows() {
      done = 0;
      for (const part of parquetParts(metadata)) {
        const found = await attempt(() => parquetReadObjects({ file: buffer, metadata, compressors, ...part }));
        for (const row of found) for (const [name, reader] of readers) row[name] = reader(row[name]);
        done += found.length;
        yield found.map((cells, at) => ({ file, line: part.rowStart + at + 1, cells }));
      }
    },
  };
}
