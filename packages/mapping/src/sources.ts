import type { Bytes } from "./bytes.ts";
import { openCsv } from "./csv-rows.ts";
import {
  eventProblem,
  type ImportEvent,
  ImportError,
  type ImportItem,
  importLimits,
  type ImportSource,
  type Measure,
  type RowItem,
} from "./import.ts";
import { openJsonl } from "./jsonl-rows.ts";
import { rowMapper } from "./mapped.ts";
import { checkMapping, type Mapping } from "./mapping.ts";
import { olistColumns, olistFiles, olistItems, type OlistOptions, type OlistTable } from "./olist.ts";
import { openRows, type RowFile } from "./rows.ts";

/** Items that `make` makes of the rows of one file. */
function rowSource(open: () => Promise<RowFile>, make: (row: RowItem) => readonly ImportItem[]): ImportSource {
  let opened: RowFile | undefined;
  let [rows, rowsUnused] = [0, 0];
  async function* items(): AsyncGenerator<ImportItem> {
    [rows, rowsUnused] = [0, 0];
    opened = await open();
    for await (const batch of opened.rows()) {
      for (const row of batch) {
        rows++;
        const made = make(row);
        if (made.length === 0) rowsUnused++;
        for (const item of made) yield item;
      }
    }
  }
  return {
    [Symbol.asyncIterator]: items,
    measure: (): Measure => ({
      done: opened?.done() ?? 0,
      total: opened?.total ?? 0,
      unit: opened?.unit ?? "bytes",
      rows,
      rowsUnused,
    }),
  };
}

/**
 * Events of one file by a mapping. Throws ImportError at the first item when the file cannot be
 * opened or lacks a column that the mapping names.
 */
export function importMapped(bytes: Bytes, mapping: Mapping, mappingName = "mapping"): ImportSource {
  const open = async (): Promise<RowFile> => {
    const opened = await openRows(bytes, mapping);
    checkMapping(mapping, opened.columns, mappingName);
    return opened;
  };
  return rowSource(open, rowMapper(mapping));
}

/** The item of a row that is an event already. */
export function eventItem(row: RowItem): ImportItem {
  if ("reject" in row) return row;
  const { file, line, cells } = row;
  const event = cells as unknown as ImportEvent;
  const problem = eventProblem(event);
  return problem ? { reject: { file, line, ...problem, raw: cells } } : { event, file, line };
}

/** Events of one file whose rows are events already, as they are sent to the API. */
export function importEvents(bytes: Bytes): ImportSource {
  return rowSource(
    () => openJsonl(bytes),
    (row) => [eventItem(row)],
  );
}

const olistHome = "https://www.kaggle.com/datasets/olistbr/brazilian-ecommerce";
const optionalTables: ReadonlySet<OlistTable> = new Set(["translation"]);

/** Finds a table's file; undefined if it is not among the files. */
export type OlistFinder = (file: string) => Promise<Bytes | undefined>;

async function openOlistTable(find: OlistFinder, table: OlistTable, place: string): Promise<RowFile | undefined> {
  const file = olistFiles[table];
  const bytes = await find(file);
  if (bytes === undefined) {
    if (optionalTables.has(table)) return undefined;
    throw new ImportError(
      `${file} is missing. Download the Brazilian E-Commerce Public Dataset by Olist from ${olistHome} and ${place}`,
      { file, rule: "the file must be there" },
    );
  }
  const opened = await openCsv(bytes);
  const missing = olistColumns[table].find((column) => !opened.columns.includes(column));
  if (missing !== undefined) {
    throw new ImportError(`${bytes.path} has no column ${missing}; it is not the published file`, {
      file,
      line: 1,
      field: missing,
      rule: "the column must be there",
    });
  }
  return opened;
}

async function* noRows(): AsyncGenerator<readonly RowItem[]> {}

/** Most events come of these, so progress goes by them; orders are read once before, to know the shop. */
const eventTables: ReadonlyMap<OlistTable, number> = new Map([
  ["orders", 2],
  ["reviews", 1],
]);

export interface OlistPlace extends OlistOptions {
  /** What to do with a file that is missing: `unpack it into DIR`. */
  readonly place: string;
}

/**
 * Events of the published Olist files, a sample or the full set. The tables are joined in memory, at most
 * `importLimits.joinBytes` of them. Throws ImportError at the first item when a file or a column is missing.
 */
export function importOlist(find: OlistFinder, { place, ...options }: OlistPlace): ImportSource {
  let files = new Map<OlistTable, RowFile>();
  let reads = new Map<OlistTable, number>();
  let rows = 0;
  async function* read(table: OlistTable): AsyncGenerator<readonly RowItem[]> {
    const again = (reads.get(table) ?? 0) + 1;
    reads.set(table, again);
    for await (const batch of files.get(table)?.rows() ?? noRows()) {
      if (again === 1) rows += batch.length;
      yield batch;
    }
  }
  async function* items(): AsyncGenerator<ImportItem> {
    [files, reads, rows] = [new Map(), new Map(), 0];
    let size = 0;
    for (const table of Object.keys(olistFiles) as OlistTable[]) {
      const opened = await openOlistTable(find, table, place);
      if (opened) files.set(table, opened);
      size += opened?.bytes ?? 0;
    }
    if (size > importLimits.joinBytes) {
      throw new ImportError(`the Olist files are over ${importLimits.joinBytes} bytes together`, { rule: "joinBytes" });
    }
    yield* olistItems(read, options);
  }
  const measure = (): Measure => {
    let [done, total] = [0, 0];
    for (const [table, lastRead] of eventTables) {
      const opened = files.get(table);
      total += opened?.bytes ?? 0;
      if (reads.get(table) === lastRead) done += opened?.done() ?? 0;
    }
    return { done, total, unit: "bytes", rows, rowsUnused: 0 };
  };
  return { [Symbol.asyncIterator]: items, measure };
}
