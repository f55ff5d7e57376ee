import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import type { Bytes } from "./bytes.ts";
import { ImportError } from "./import.ts";
import { codecs } from "./parquet-codecs.ts";
import type { RowFile } from "./rows.ts";

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

function bufferOf(bytes: Bytes): AsyncBuffer {
  return {
    byteLength: bytes.size,
    async slice(start, end) {
      const from = start < 0 ? Math.max(0, bytes.size + start) : start;
      const read = await bytes.read(from, Math.min(end ?? bytes.size, bytes.size));
      return read.slice().buffer;
    },
  };
}

/** Opens a Parquet file of any codec; `line` of a row is its number. */
export async function openParquet(bytes: Bytes): Promise<RowFile> {
  const { file, path, size } = bytes;
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
  const buffer = bufferOf(bytes);
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
    bytes: size,
    total: Number(metadata.num_rows),
    unit: "rows",
    done: () => done,
    async *rows() {
      done = 0;
      for (const part of parquetParts(metadata)) {
        const found = await attempt(() => parquetReadObjects({ file: buffer, metadata, compressors: codecs, ...part }));
        for (const row of found) for (const [name, reader] of readers) row[name] = reader(row[name]);
        done += found.length;
        yield found.map((cells, at) => ({ file, line: part.rowStart + at + 1, cells }));
      }
    },
  };
}
