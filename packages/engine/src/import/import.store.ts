import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { ingestAnswer, limits, problem, rejectCode, type Verdict } from "@probity/contract";
import {
  type ImportEvent,
  ImportError,
  type ImportItem,
  type ImportSink,
  type ImportSource,
  type Measure,
  type Reject,
  type RowItem,
  type SinkAnswer,
} from "./import.ts";
import { checkMapping, type Mapping, parseMapping } from "./mapping.ts";
import { rowMapper } from "./mapped.ts";
import { olistColumns, olistFiles, olistItems, type OlistOptions, type OlistTable } from "./olist.ts";
import { openCsv, openJsonl, openParquet, type RowFile } from "./rows.store.ts";
import type { ImportClock, ImportCursor, RejectWriter } from "./run.ts";

const olistHome = "https://www.kaggle.com/datasets/olistbr/brazilian-ecommerce";
const optionalTables: ReadonlySet<OlistTable> = new Set(["translation"]);

/** The clock of the machine. */
export const systemClock: ImportClock = {
  nowMs: () => Date.now(),
  sleep: async (milliseconds) => {
    await sleep(milliseconds);
  },
};

async function openOlistTable(dir: string, table: OlistTable): Promise<RowFile | undefined> {
  const file = olistFiles[table];
  const opened = await openCsv(join(dir, file)).catch((cause: unknown) => {
    if (!(cause instanceof ImportError) || cause.rule !== "there is no such file") throw cause;
    if (optionalTables.has(table)) return undefined;
    throw new ImportError(
      `${join(dir, file)} is missing. Download the Brazilian E-Commerce Public Dataset by Olist from ${olistHome} and unpack it into ${dir}`,
      { file, rule: "the file must be there", cause },
    );
  });
  const missing = olistColumns[table].find((column) => opened && !opened.columns.includes(column));
  if (missing !== undefined) {
    throw new ImportError(`${join(dir, file)} has no column ${missing}; it is not the published file`, {
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

/**
 * Events of a folder with the published Olist files, a sample or the full set.
 * Throws ImportError at the first item when a file or a column is missing.
 */
export function importOlist(dir: string, options: OlistOptions = {}): ImportSource {
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
    for (const table of Object.keys(olistFiles) as OlistTable[]) {
      const opened = await openOlistTable(dir, table);
      if (opened) files.set(table, opened);
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

function formatOf(path: string, mapping: Mapping): "csv" | "jsonl" | "parquet" {
  const format = mapping.format ?? formats[extname(path).toLowerCase()];
  if (format) return format;
  throw new ImportError(`${path}: say format: csv, jsonl or parquet in the mapping`, {
    file: basename(path),
    field: "/format",
    rule: "format",
  });
}

const formats: Readonly<Record<string, "csv" | "jsonl" | "parquet">> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".txt": "csv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".parquet": "parquet",
};

/** Opens a file as its mapping says. */
export async function openRows(path: string, mapping: Mapping): Promise<RowFile> {
  switch (formatOf(path, mapping)) {
    case "csv": {
      const delimiter = mapping.csv?.delimiter ?? (extname(path).toLowerCase() === ".tsv" ? "\t" : ",");
      return openCsv(path, { ...mapping.csv, delimiter, ...(mapping.columns ? { columns: mapping.columns } : {}) });
    }
    case "jsonl":
      return openJsonl(path);
    case "parquet":
      return openParquet(path);
  }
}

/** Reads a mapping file. Throws ImportError. */
export async function readMapping(path: string): Promise<Mapping> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new ImportError(`${path} cannot be opened`, {
      file: basename(path),
      rule: "the mapping must be readable",
      cause,
    });
  });
  return parseMapping(bytes.toString("utf8"), basename(path));
}

/**
 * Events of one file by a mapping. Throws ImportError at the first item when the file cannot be
 * opened or lacks a column that the mapping names.
 */
export function importMapped(path: string, mapping: Mapping, mappingName = "mapping"): ImportSource {
  const map = rowMapper(mapping);
  let opened: RowFile | undefined;
  let [rows, rowsUnused] = [0, 0];
  async function* items(): AsyncGenerator<ImportItem> {
    [rows, rowsUnused] = [0, 0];
    opened = await openRows(path, mapping);
    checkMapping(mapping, opened.columns, mappingName);
    for await (const batch of opened.rows()) {
      for (const row of batch) {
        rows++;
        const made = map(row);
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

/** A mark of what is imported: other files, other sizes or another mapping give another mark. */
export async function sourceMark(paths: readonly string[], also = ""): Promise<string> {
  const hash = createHash("sha256").update(also);
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    hash.update(`\n${basename(path)} ${found?.size ?? 0} ${found?.mtimeMs ?? 0}`);
  }
  return hash.digest("hex");
}

/**
 * A cursor in a file. `save` replaces the file in one step. A file that holds another `mark`, or
 * cannot be read, means the beginning: sent twice is safe, skipped is not.
 */
export function fileCursor(path: string, mark = ""): ImportCursor {
  return {
    async load() {
      try {
        const found: unknown = JSON.parse(await readFile(path, "utf8"));
        if (typeof found !== "object" || found === null || !("position" in found) || !("mark" in found)) return 0;
        const { position } = found;
        return found.mark === mark && Number.isSafeInteger(position) && Number(position) > 0 ? Number(position) : 0;
      } catch {
        return 0;
      }
    },
    async save(position) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, `${JSON.stringify({ position, mark })}\n`);
      await rename(`${path}.new`, path);
    },
    async clear() {
      await rm(path, { force: true });
    },
  };
}

/** Rejects as JSON lines. A new import empties the file, a resumed one adds to it. */
export async function fileRejects(path: string, resumed: boolean): Promise<RejectWriter> {
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, "");
  if (!resumed) await truncate(path);
  return {
    async write(rejects: readonly Reject[]) {
      await appendFile(path, rejects.map((reject) => `${JSON.stringify(reject, plain)}\n`).join(""));
    },
  };
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

/** Thrown by `httpSink` when the server asks to wait; `runImport` waits and sends again. */
class SinkBusy extends Error {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "SinkBusy";
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const compress = promisify(gzip);
const networkWaitSeconds = 5;
const requestTimeoutMs = 120_000;

/** Parts that fit one request: by events and by bytes. */
function requestParts(events: readonly ImportEvent[]): string[][] {
  const parts: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const event of events) {
    const line = `${JSON.stringify(event)}\n`;
    const own = Buffer.byteLength(line);
    if (bytes + own > limits.bodyBytes || (parts.at(-1)?.length ?? 0) >= limits.batchEvents) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(line);
    bytes += own;
  }
  return parts;
}

async function post(url: string, key: string, lines: readonly string[]): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson", "content-encoding": "gzip" },
    body: new Uint8Array(await compress(lines.join(""), { level: 1 })),
    signal: AbortSignal.timeout(requestTimeoutMs),
  }).catch((cause: unknown) => {
    throw new SinkBusy(networkWaitSeconds, `${url} does not answer`, cause);
  });
  const text = await response.text();
  if (response.status === 429 || response.status === 502 || response.status === 503 || response.status === 504) {
    const seconds = Number(response.headers.get("retry-after") ?? networkWaitSeconds);
    throw new SinkBusy(Number.isFinite(seconds) ? seconds : networkWaitSeconds, `${url} is busy (${response.status})`);
  }
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch (cause) {
    throw new ImportError(`${url} answered ${response.status}: ${text.slice(0, 200)}`, { rule: "answer", cause });
  }
}

/** A request of one event that was refused answers with a problem instead of verdicts. */
function refusedAlone(body: unknown, line: string): SinkAnswer | undefined {
  const parsed = problem.safeParse(body);
  const issue = parsed.data?.errors?.[0];
  if (!parsed.success || !issue) return undefined;
  const [code = "", ...message] = issue.rule.split(": ");
  const known = rejectCode.safeParse(code);
  if (!known.success) return undefined;
  const { id } = JSON.parse(line) as ImportEvent;
  const verdict = {
    verdict: "rejected",
    id,
    code: known.data,
    path: issue.path,
    message: message.join(": "),
    deadLetter: null,
  } as const;
  return { accepted: 0, duplicates: 0, rejected: 1, verdicts: [verdict] };
}

async function sendPart(endpoint: string, key: string, lines: readonly string[]): Promise<SinkAnswer> {
  const { status, body } = await post(endpoint, key, lines);
  const answer = ingestAnswer.safeParse(body);
  if (answer.success) return answer.data;
  const refused = status === 422 && lines.length === 1 ? refusedAlone(body, lines[0] ?? "") : undefined;
  if (refused) return refused;
  const detail = typeof body === "object" && body !== null && "detail" in body ? String(body.detail) : "no verdicts";
  throw new ImportError(`${endpoint} did not take the events (${status}): ${detail}`, { rule: "answer" });
}

/** Sends to `POST <url>/v1/events` as gzipped NDJSON, in as many requests as the limits ask for. */
export function httpSink(url: string, key: string): ImportSink {
  const endpoint = new URL("/v1/events", url).href;
  return async (events) => {
    const total = { accepted: 0, duplicates: 0, rejected: 0 };
    const verdicts: Verdict[] = [];
    for (const lines of requestParts(events)) {
      const answer = await sendPart(endpoint, key, lines);
      total.accepted += answer.accepted;
      total.duplicates += answer.duplicates;
      total.rejected += answer.rejected;
      verdicts.push(...answer.verdicts);
    }
    return { ...total, verdicts };
  };
}
