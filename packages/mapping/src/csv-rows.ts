import type { Bytes } from "./bytes.ts";
import { CsvFramer, type CsvRecord, splitFields } from "./csv-records.ts";
import type { Encoding } from "./encoding.ts";
import { type Cells, ImportError, importLimits, type RowItem } from "./import.ts";
import { readLines, type Reading } from "./lines.ts";
import type { RowFile } from "./rows.ts";

export interface CsvForm {
  readonly delimiter?: string;
  readonly encoding?: Encoding | undefined;
  /** The first record names the columns; otherwise `columns` does. */
  readonly header?: boolean | undefined;
  readonly columns?: readonly string[];
}

type Fields = CsvRecord & { readonly fields: readonly string[] };

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

/** Records that are not empty, with their fields. */
async function* csvRecords(bytes: Bytes, form: CsvForm, reading: Reading): AsyncGenerator<Fields[]> {
  const delimiter = form.delimiter ?? ",";
  const framer = new CsvFramer(delimiter, importLimits.rowBytes);
  const split = (records: readonly CsvRecord[]): Fields[] =>
    records
      .filter(({ text, broken }) => text !== "" || broken !== undefined)
      .map((record) => ({
        ...record,
        fields: record.broken === undefined ? splitFields(record.text, delimiter) : [],
      }));
  for await (const lines of readLines(bytes, form.encoding ?? "utf-8", reading)) {
    const records: CsvRecord[] = [];
    framer.push(lines, records);
    yield split(records);
  }
  const records: CsvRecord[] = [];
  framer.end(records);
  yield split(records);
}

function checkHeader({ file, path }: Bytes, columns: readonly string[]): void {
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

async function csvColumns(bytes: Bytes, form: CsvForm): Promise<readonly string[]> {
  const { file, path } = bytes;
  if (form.header === false) {
    if (form.columns && form.columns.length > 0) return form.columns;
    throw new ImportError(`${path}: a file without a header needs its columns named in the mapping`, {
      file,
      rule: "columns",
    });
  }
  for await (const records of csvRecords(bytes, form, { bytes: 0 })) {
    const [first] = records;
    if (!first) continue;
    if (first.broken !== undefined) {
      throw new ImportError(`${path}: the header cannot be read: it ${first.broken}`, {
        file,
        line: first.line,
        rule: first.broken,
      });
    }
    const columns = first.fields.map((field) => field.trim());
    checkHeader(bytes, columns);
    return columns;
  }
  throw new ImportError(`${path} is empty: not even a header`, { file, line: 1, rule: "header" });
}

/** Opens a CSV file (RFC 4180; other delimiters and encodings as `form` says). Empty lines are passed over. */
export async function openCsv(bytes: Bytes, form: CsvForm = {}): Promise<RowFile> {
  const { file, size } = bytes;
  const columns = await csvColumns(bytes, form);
  let reading: Reading = { bytes: 0 };
  return {
    file,
    columns,
    bytes: size,
    total: size,
    unit: "bytes",
    done: () => reading.bytes,
    async *rows() {
      reading = { bytes: 0 };
      let header = form.header !== false;
      for await (const records of csvRecords(bytes, form, reading)) {
        const own = header ? records.slice(1) : records;
        if (records.length > 0) header = false;
        yield own.map((record) => csvRow(file, columns, record));
      }
    },
  };
}

/** The first records of a file as they were split, to recognise its form; at most `max`. */
export async function firstRecords(bytes: Bytes, form: CsvForm, max: number): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = [];
  for await (const records of csvRecords(bytes, form, { bytes: 0 })) {
    for (const { broken, fields } of records) if (broken === undefined) found.push(fields);
    if (found.length >= max) break;
  }
  return found.slice(0, max);
}
