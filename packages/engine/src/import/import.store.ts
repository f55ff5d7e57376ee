import { createHash } from "node:crypto";
import { appendFile, mkdir, open, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { ingestAnswer, limits, problem, rejectCode, type Verdict } from "@probity/contract";
import {
  type Bytes,
  type ImportClock,
  type ImportCursor,
  type ImportEvent,
  ImportError,
  importOlist,
  type ImportSink,
  type ImportSource,
  type Mapping,
  parseMapping,
  type Reject,
  type RejectWriter,
  type SinkAnswer,
} from "@probity/mapping";

/** The clock of the machine. */
export const systemClock: ImportClock = {
  nowMs: () => Date.now(),
  sleep: async (milliseconds) => {
    await sleep(milliseconds);
  },
};

const blockBytes = 262_144;

function unreadable(path: string, cause: unknown): ImportError {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  const why =
    code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : code || "it cannot be read";
  return new ImportError(`${path} cannot be opened: ${why}`, { file: basename(path), rule: why, cause });
}

/** A file of the disk, opened for each reading. Throws ImportError if there is none. */
export async function fileBytes(path: string): Promise<Bytes> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (!found.isFile()) throw unreadable(path, { code: "EISDIR" });
  const handleOf = async () =>
    open(path).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
  return {
    file: basename(path),
    path,
    size: found.size,
    modifiedMs: found.mtimeMs,
    async read(start, end) {
      await using handle = await handleOf();
      const bytes = Buffer.alloc(Math.max(0, end - start));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      return bytes.subarray(0, bytesRead);
    },
    async *blocks() {
      await using handle = await handleOf();
      for (;;) {
        const block = Buffer.allocUnsafe(blockBytes);
        const { bytesRead } = await handle.read(block, 0, blockBytes, null);
        if (bytesRead === 0) return;
        yield block.subarray(0, bytesRead);
      }
    },
  };
}

/** Events of a folder with the published Olist files, a sample or the full set. */
export function importOlistFolder(dir: string): ImportSource {
  const find = async (file: string): Promise<Bytes | undefined> => {
    try {
      return await fileBytes(join(dir, file));
    } catch (error) {
      if (error instanceof ImportError && error.rule === "there is no such file") return undefined;
      throw error;
    }
  };
  return importOlist(find, { place: `unpack it into ${dir}` });
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
