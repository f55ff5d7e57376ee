import { readFileSync, statSync } from "node:fs";
import { UsageError } from "./flags.ts";

/** A CSV file with a header, kept as texts. */
export interface Csv {
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Text of each cell of a column. */
  texts(column: string): string[];
  /** Numbers of a column; NaN for an empty cell or the words nan, null and na. */
  numbers(column: string): Float64Array;
}

const unknown = new Set(["", "nan", "null", "na", "none"]);

/** Fields of one line; quotes are taken off, doubled quotes inside them are one. */
export function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'),
  );
}

/**
 * Calls `see` with the fields of each row, one line at a time, and returns the header. Throws UsageError if the file is missing,
 * empty, or a row has another number of cells than the header. A line feed inside quotes is not read.
 */
export function scanCsv(
  path: string,
  see: (fields: readonly string[], line: number, header: readonly string[]) => void,
): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new UsageError(`${path} is not a file`);
  const bytes = readFileSync(path);
  let header: string[] | undefined;
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    const text = bytes.toString("utf8", start, bytes[end - 1] === 13 ? end - 1 : end);
    start = end + 1;
    line += 1;
    if (text === "") continue;
    const fields = fieldsOf(text);
    if (header === undefined) {
      header = fields.map((name) => name.replace(/^\uFEFF/, "").trim());
      continue;
    }
    if (fields.length !== header.length)
      throw new UsageError(`${path} line ${line} has ${fields.length} cells, the header ${header.length}`);
    see(fields, line, header);
  }
  if (header === undefined) throw new UsageError(`${path} is empty: it needs a header`);
  return header;
}

/** The number in a cell; NaN for an empty cell or a word for unknown; undefined for any other text. */
export function numberIn(cell: string): number | undefined {
  const text = cell.trim();
  const value = Number(text);
  if (unknown.has(text.toLowerCase())) return Number.NaN;
  return Number.isNaN(value) ? undefined : value;
}

/** Reads a file whole, cells as texts. */
export function readCsv(path: string): Csv {
  const cells: (readonly string[])[] = [];
  const columns = scanCsv(path, (fields) => cells.push(fields));
  const texts = (column: string): string[] => {
    const place = columns.indexOf(column);
    if (place < 0) throw new UsageError(`${path} has no column ${column}; it has ${columns.join(", ")}`);
    return cells.map((fields) => (fields[place] ?? "").trim());
  };
  const numbers = (column: string): Float64Array =>
    Float64Array.from(texts(column), (text, place) => {
      const value = numberIn(text);
      if (value === undefined) throw new UsageError(`${path} row ${place + 1}: ${column} is no number: ${text}`);
      return value;
    });
  return { path, columns, rows: cells.length, texts, numbers };
}

/** Dense numbers 0, 1, … for ids in order of first sight. */
export class Ids {
  readonly #numbers = new Map<string, number>();

  get count(): number {
    return this.#numbers.size;
  }

  add(id: string): number {
    const known = this.#numbers.get(id) ?? this.#numbers.size;
    this.#numbers.set(id, known);
    return known;
  }

  find(id: string): number | undefined {
    return this.#numbers.get(id);
  }
}
