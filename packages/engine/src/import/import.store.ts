import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { ingestAnswer, limits, type Verdict } from "@probity/contract";
import { type ImportEvent, ImportError, type ImportItem, type ImportSink, type ImportSource, type Measure, type Reject, type RowItem } from "./import.ts";
import { olistColumns, olistFiles, olistItems, type OlistOptions, type OlistTable } from "./olist.ts";
import { openCsv, type RowFile } from "./rows.store.ts";
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
    throw new ImportError(`${join(dir, file)} has no column ${missing}; it is not the published file`, { file, line: 1, field: missing, rule: "the column must be there" });
  }
  return opened;
}

async function* noRows(): AsyncGenerator<readonly RowItem[]> {}

const readTwice: ReadonlySet<OlistTable> = new Set(["orders", "products"]);

/**
 * Events of a folder with the published Olist files, a sample or the full set.
 * Throws ImportError at the first item when a file or a column is missing.
 */
export function importOlist(dir: string, options: OlistOptions = {}): ImportSource {
  let files = new Map<OlistTable, RowFile>();
  let finished = 0;
  let current: RowFile | undefined;
  let rows = 0;
  async function* read(table: OlistTable): AsyncGenerator<readonly RowItem[]> {
    const opened = files.get(table);
    if (!opened) return yield* noRows();
    current = opened;
    for await (const batch of opened.rows()) {
      rows += batch.length;
      yield batch;
    }
    finished += opened.bytes;
    current = undefined;
  }
  async function* items(): AsyncGenerator<ImportItem> {
    [files, finished, rows] = [new Map(), 0, 0];
    for (const table of Object.keys(olistFiles) as OlistTable[]) {
      const opened = await openOlistTable(dir, table);
      if (opened) files.set(table, opened);
    }
    yield* olistItems(read, options);
  }
  const total = (): number => [...files].reduce((sum, [table, { bytes }]) => sum + bytes * (readTwice.has(table) ? 2 : 1), 0);
  return {
    [Symbol.asyncIterator]: items,
    measure: (): Measure => ({ done: finished + (current?.done() ?? 0), total: total(), unit: "bytes", rows, rowsUnused: 0 }),
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

async function post(url: string, key: string, lines: readonly string[]): Promise<unknown> {
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
    return JSON.parse(text);
  } catch (cause) {
    throw new ImportError(`${url} answered ${response.status}: ${text.slice(0, 200)}`, { rule: "answer", cause });
  }
}

/** Sends to `POST <url>/v1/events` as gzipped NDJSON, in as many requests as the limits ask for. */
export function httpSink(url: string, key: string): ImportSink {
  const endpoint = new URL("/v1/events", url).href;
  return async (events) => {
    const total = { accepted: 0, duplicates: 0, rejected: 0 };
    const verdicts: Verdict[] = [];
    for (const lines of requestParts(events)) {
      const body = await post(endpoint, key, lines);
      const answer = ingestAnswer.safeParse(body);
      if (!answer.success) {
        const detail = typeof body === "object" && body !== null && "detail" in body ? String(body.detail) : "no verdicts";
        throw new ImportError(`${endpoint} did not take the events: ${detail}`, { rule: "answer" });
      }
      total.accepted += answer.data.accepted;
      total.duplicates += answer.data.duplicates;
      total.rejected += answer.data.rejected;
      verdicts.push(...answer.data.verdicts);
    }
    return { ...total, verdicts };
  };
}
