import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { limits, oneLine, ProblemError, type Refused } from "@probity/contract";
import type { Raw } from "./group-commit.store.ts";

const inflate = promisify(gunzip);

/** Undoes gzip under a cap: a truncated body and a bomb are problems, not crashes. */
async function decompress(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === "identity") return body;
  if (encoding !== "gzip")
    throw new ProblemError("content-type", `Content-Encoding ${encoding} is not accepted; use gzip or none`);
  try {
    return await inflate(body, { maxOutputLength: limits.bodyBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new ProblemError(
        "body-too-large",
        `The body has more than ${limits.bodyBytes} bytes once decompressed; send smaller batches`,
        { cause },
      );
    }
    throw new ProblemError("body-encoding", "The gzip body is broken or cut short; send it again", { cause });
  }
}

const strict = new TextDecoder("utf-8", { fatal: true });

function decode(body: Buffer): string {
  try {
    return strict.decode(body);
  } catch (cause) {
    throw new ProblemError("body-not-utf8", "The body is not valid UTF-8; nothing was written", { cause });
  }
}

const refuse = (code: Refused["code"], message: string): Refused => ({
  id: null,
  code,
  path: "",
  message: oneLine(message),
});

function readLine(line: Buffer): Raw {
  if (line.length > limits.eventBytes) {
    return {
      text: line.toString("utf8"),
      refused: refuse("event-too-large", `larger than ${limits.eventBytes} bytes`),
    };
  }
  let text: string;
  try {
    text = strict.decode(line);
  } catch {
    return { text: line.toString("latin1"), refused: refuse("not-utf8", "the line is not valid UTF-8") };
  }
  try {
    return { json: JSON.parse(text) as unknown };
  } catch (error) {
    return { text, refused: refuse("not-json", `the line is not JSON: ${(error as Error).message.slice(0, 120)}`) };
  }
}

function readLines(body: Buffer): Raw[] {
  const raws: Raw[] = [];
  for (let from = 0; from < body.length;) {
    const end = body.indexOf(10, from);
    const to = end === -1 ? body.length : end;
    const line = body.subarray(from, body[to - 1] === 13 ? to - 1 : to);
    if (line.length > 0) raws.push(readLine(line));
    if (raws.length > limits.batchEvents) break;
    from = to + 1;
  }
  return raws;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(decode(body)) as unknown;
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    throw new ProblemError("body-not-json", `The body is not JSON: ${(cause as Error).message.slice(0, 120)}`, {
      cause,
    });
  }
}

function readJson(body: Buffer): Raw[] {
  const value = parseJson(body);
  return Array.isArray(value) ? value.map((json: unknown) => ({ json })) : [{ json: value }];
}

/** CloudEvents binary mode: attributes in `ce-` headers, data in the body. */
function readBinary(headers: Readonly<Record<string, unknown>>, body: Buffer): Raw[] {
  const event: Record<string, unknown> = { data: parseJson(body) };
  for (const [name, value] of Object.entries(headers)) if (name.startsWith("ce-")) event[name.slice(3)] = value;
  return [{ json: event }];
}

const structured = new Set(["application/json", "application/cloudevents+json", "application/cloudevents-batch+json"]);
const lines = new Set(["application/x-ndjson", "application/ndjson", "application/jsonl"]);

/** Events of a request body. Throws a problem if the body as a whole cannot be read. */
export async function readBody(headers: Readonly<Record<string, unknown>>, sent: Buffer): Promise<Raw[]> {
  const type =
    String(headers["content-type"] ?? "")
      .split(";")[0]
      ?.trim()
      .toLowerCase() ?? "";
  if (!structured.has(type) && !lines.has(type)) {
    throw new ProblemError(
      "content-type",
      `Content-Type ${type === "" ? "is missing" : type}; send application/cloudevents+json, application/cloudevents-batch+json, application/json or application/x-ndjson`,
    );
  }
  const body = await decompress(sent, headers["content-encoding"] as string | undefined);
  const raws = lines.has(type)
    ? readLines(body)
    : headers["ce-specversion"] === undefined
      ? readJson(body)
      : readBinary(headers, body);
  if (raws.length > limits.batchEvents) {
    throw new ProblemError("batch-too-large", `A batch has at most ${limits.batchEvents} events; nothing was written`);
  }
  return raws;
}
