import type { Bytes } from "./bytes.ts";
import { openCsv } from "./csv-rows.ts";
import { ImportError, type RowItem } from "./import.ts";
import { openJsonl } from "./jsonl-rows.ts";
import type { FileFormat, Mapping } from "./mapping.ts";
import { openParquet } from "./parquet-rows.ts";

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

const formats: Readonly<Record<string, FileFormat>> = {
  csv: "csv",
  tsv: "csv",
  txt: "csv",
  jsonl: "jsonl",
  ndjson: "jsonl",
  parquet: "parquet",
};

const endingOf = (name: string): string => /\.([^.]+)$/u.exec(name)?.[1]?.toLowerCase() ?? "";

/** What the name of a file says of its format. */
export function formatByName(name: string): FileFormat | undefined {
  const ending = endingOf(name);
  return Object.hasOwn(formats, ending) ? formats[ending] : undefined;
}

/** Delimiter of a CSV file whose mapping names none. */
export function delimiterByName(name: string): string {
  return endingOf(name) === "tsv" ? "\t" : ",";
}

/** Opens a file as its mapping says. */
export async function openRows(bytes: Bytes, mapping: Mapping): Promise<RowFile> {
  const format = mapping.format ?? formatByName(bytes.file);
  switch (format) {
    case "csv": {
      const delimiter = mapping.csv?.delimiter ?? delimiterByName(bytes.file);
      return openCsv(bytes, { ...mapping.csv, delimiter, ...(mapping.columns ? { columns: mapping.columns } : {}) });
    }
    case "jsonl":
      return openJsonl(bytes, mapping.csv?.encoding);
    case "parquet":
      return openParquet(bytes);
    default:
      throw new ImportError(`${bytes.path}: say format: csv, jsonl or parquet in the mapping`, {
        file: bytes.file,
        field: "/format",
        rule: "format",
      });
  }
}
