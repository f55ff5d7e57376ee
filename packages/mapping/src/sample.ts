import type { Bytes } from "./bytes.ts";
import { firstRecords, openCsv } from "./csv-rows.ts";
import { type Encoding, markedEncoding, recogniseEncoding } from "./encoding.ts";
import { ImportError, importLimits, type RowItem } from "./import.ts";
import { openJsonl } from "./jsonl-rows.ts";
import type { FileFormat } from "./mapping.ts";
import { openParquet } from "./parquet-rows.ts";
import { formatByName, type RowFile } from "./rows.ts";
import { shapeOf } from "./shapes.ts";

/** How a file is written, as far as its bytes tell. */
export interface FileForm {
  readonly format: FileFormat;
  readonly encoding?: Encoding;
  readonly delimiter?: string;
  readonly header?: boolean;
  /** Names given to the columns of a CSV file without header. */
  readonly columns?: readonly string[];
}

/** The first rows of a file, unreadable ones included. */
export interface Sample {
  readonly file: string;
  readonly bytes: number;
  readonly form: FileForm;
  readonly columns: readonly string[];
  readonly rows: readonly RowItem[];
}

const delimiters = [",", "\t", ";", "|"] as const;
const recordsLooked = 30;

/** The delimiter that cuts the first records into most fields of equal number; a comma if none cuts. */
async function recogniseDelimiter(bytes: Bytes, encoding: Encoding): Promise<string> {
  let best: { delimiter: string; score: number } = { delimiter: ",", score: 0 };
  for (const delimiter of delimiters) {
    const records = await firstRecords(bytes, { delimiter, encoding }, recordsLooked);
    const width = records[0]?.length ?? 0;
    const even = records.filter((fields) => fields.length === width).length;
    const score = width < 2 ? 0 : (even / records.length) * width;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** Names are words: a first record with a time, an amount or an empty field is a row already. */
function isHeader(first: readonly string[]): boolean {
  return first.every((field) => {
    const { kind } = shapeOf([field]);
    return kind !== "empty" && kind !== "time" && kind !== "integer" && kind !== "decimal";
  });
}

async function csvForm(bytes: Bytes, encoding: Encoding): Promise<FileForm> {
  const delimiter = await recogniseDelimiter(bytes, encoding);
  const [first, ...rest] = await firstRecords(bytes, { delimiter, encoding }, recordsLooked);
  const form = { format: "csv", encoding, delimiter } as const;
  // A single line of anything is read as a header without rows.
  if (first === undefined || rest.length === 0 || isHeader(first)) return { ...form, header: true };
  const empty = first.some((field) => field.trim() === "");
  // An empty name among names is a mistake of the header, which opening tells.
  if (empty && first.filter((field) => field.trim() !== "").every((field) => isHeader([field]))) {
    return { ...form, header: true };
  }
  return { ...form, header: false, columns: first.map((_, at) => `column ${at + 1}`) };
}

const startsWith = (head: Uint8Array, text: string): boolean =>
  [...text].every((sign, at) => head[at] === sign.codePointAt(0));

/** Format, encoding, delimiter and header of a file. Throws ImportError for what is none of the three formats. */
export async function recogniseForm(bytes: Bytes): Promise<FileForm> {
  const { file, path, size } = bytes;
  const head = await bytes.read(0, Math.min(size, 4_096));
  if (startsWith(head, "PAR1")) return { format: "parquet" };
  const wrong = (why: string, rule: string): ImportError => new ImportError(`${path}: ${why}`, { file, rule });
  if (size === 0) throw wrong("is empty", "empty");
  if (startsWith(head, "PK\u0003\u0004") || (head[0] === 0xd0 && head[1] === 0xcf)) {
    throw wrong("is a spreadsheet or an archive: save it as CSV (UTF-8) first", "spreadsheet");
  }
  if (head[0] === 0x1f && head[1] === 0x8b) throw wrong("is compressed: unpack it first", "compressed");
  if (markedEncoding(head) === undefined && head.includes(0)) {
    throw wrong("is neither text nor Parquet", "binary");
  }
  const encoding = await recogniseEncoding(bytes);
  const text = new TextDecoder(encoding).decode(head).trimStart();
  if (formatByName(file) === "jsonl" || text.startsWith("{")) return { format: "jsonl", encoding };
  if (/^\[\s*[[{]/u.test(text)) throw wrong("is one JSON list: write one object per line instead", "json-list");
  return csvForm(bytes, encoding);
}

/** Opens a file in its form. */
export async function openForm(bytes: Bytes, form: FileForm): Promise<RowFile> {
  if (form.format === "parquet") return openParquet(bytes);
  if (form.format === "jsonl") return openJsonl(bytes, form.encoding);
  const { encoding, delimiter, header, columns } = form;
  return openCsv(bytes, {
    encoding,
    header,
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(columns === undefined ? {} : { columns }),
  });
}

/** Recognises a file's form and reads its first rows. Throws ImportError. */
export async function takeSample(bytes: Bytes, said?: FileForm): Promise<Sample> {
  const form = said ?? (await recogniseForm(bytes));
  const opened = await openForm(bytes, form);
  const rows: RowItem[] = [];
  for await (const batch of opened.rows()) {
    rows.push(...batch.slice(0, importLimits.sampleRows - rows.length));
    if (rows.length >= importLimits.sampleRows) break;
  }
  return { file: bytes.file, bytes: bytes.size, form, columns: opened.columns, rows };
}
