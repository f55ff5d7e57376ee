import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readBody } from "./fetch-text.ts";

/** A log's address cannot be read; the message says why. */
export class SourceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SourceError";
  }
}

/** Reads addresses below a prefix; undefined where nothing is there. */
export interface Source {
  readonly prefix: string;
  get(path: string): Promise<Uint8Array | undefined>;
}

const answerBytesMax = 64 * 1_048_576;
const timeoutMs = 60_000;
const attempts = 4;

/** Something that may go well at another time, and what it was. */
interface Again {
  readonly again: string;
}

async function ask(address: string, key: string | undefined): Promise<Uint8Array | undefined | Again> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  let answer: Response;
  try {
    answer = await fetch(address, { headers, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    if (answer.ok) {
      const body = await readBody(answer, answerBytesMax);
      if (body === undefined) throw new SourceError(`${address} answers with more than ${answerBytesMax} bytes`);
      return body;
    }
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const { cause, message } = error as Error;
    return { again: `cannot be reached: ${(cause as Error | undefined)?.message ?? message}` };
  }
  await answer.body?.cancel();
  if (answer.status === 404) return undefined;
  if (answer.status === 429 || answer.status >= 500) return { again: `answers ${answer.status}` };
  const hint = answer.status === 401 || answer.status === 403 ? "; send an auditor's API key with --key" : "";
  throw new SourceError(`${address} answers ${answer.status}${hint}`);
}

function serverSource(prefix: string, key: string | undefined): Source {
  return {
    prefix,
    async get(path) {
      const address = `${prefix}/${path}`;
      for (let attempt = 1; ; attempt += 1) {
        const answer = await ask(address, key);
        if (answer === undefined || !("again" in answer)) return answer;
        if (attempt === attempts) throw new SourceError(`${address} ${answer.again}`);
        await sleep(250 * 2 ** attempt);
      }
    },
  };
}

function folderSource(folder: string): Source {
  return {
    prefix: folder,
    async get(path) {
      // Files have no queries; a mirror has all acts in one file.
      const [name = ""] = path.split("?");
      try {
        return await readFile(join(folder, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT" || (error as NodeJS.ErrnoException).code === "ENOTDIR")
          return undefined;
        throw new SourceError(`${join(folder, name)} cannot be read: ${(error as Error).message}`);
      }
    },
  };
}

/**
 * Source of a log: a server with the name of a marketplace, a log's own prefix (`…/log/<marketplace>[/<shard>]`), or a
 * folder that mirrors one.
 */
export async function openSource(where: string, marketplace: string, key: string | undefined): Promise<Source> {
  if (/^https?:\/\//.test(where)) {
    const url = new URL(where);
    const path = url.pathname.replace(/\/+$/, "");
    const isLog = /\/log\/[a-z0-9-]+(\/\d+)?$/.test(path);
    return serverSource(`${url.origin}${isLog ? path : `${path}/log/${marketplace}`}`, key);
  }
  const folder = where.startsWith("file:") ? fileURLToPath(where) : where;
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new SourceError(`${where} is neither an http address nor a folder`);
  const inside = await stat(join(folder, marketplace)).catch(() => undefined);
  return folderSource(inside?.isDirectory() ? join(folder, marketplace) : folder);
}
