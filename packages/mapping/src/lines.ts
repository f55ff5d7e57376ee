import { type Bytes, joinBytes } from "./bytes.ts";
import type { FileLine } from "./csv-records.ts";
import { type Encoding, encodingNames, markedEncoding } from "./encoding.ts";
import { importLimits } from "./import.ts";

/** How far a file has been read. */
export interface Reading {
  bytes: number;
}

const lineFeed = 10;
const replacement = "\u{fffd}";

function lineOf(bytes: Uint8Array, line: number, encoding: Encoding): FileLine {
  if (bytes.length > importLimits.rowBytes) {
    const text = new TextDecoder(encoding).decode(bytes.subarray(0, 200));
    return { line, text, cut: true, broken: `is over ${importLimits.rowBytes} bytes` };
  }
  const own = bytes.at(-1) === 13 ? bytes.subarray(0, -1) : bytes;
  try {
    return { line, text: new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(own) };
  } catch {
    return { line, text: new TextDecoder(encoding).decode(own), broken: `is not ${encodingNames[encoding]}` };
  }
}

/** Complete lines of a block at once; line by line only where something is wrong. */
function splitBlock(block: Uint8Array, line: number, encoding: Encoding): FileLine[] {
  let text: string | undefined;
  try {
    text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(block);
  } catch {
    text = undefined;
  }
  const lines = text?.split("\n");
  if (lines?.every((own) => own.length * 3 <= importLimits.rowBytes)) {
    return lines.map((own, at) => ({ line: line + at, text: own.endsWith("\r") ? own.slice(0, -1) : own }));
  }
  const found: FileLine[] = [];
  for (let at = 0; at <= block.length;) {
    const next = block.indexOf(lineFeed, at);
    const end = next === -1 ? block.length : next;
    found.push(lineOf(block.subarray(at, end), line + found.length, encoding));
    at = end + 1;
  }
  return found;
}

/** UTF-16 as UTF-8: what is no character becomes U+FFFD. */
async function* asUtf8(blocks: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  for await (const block of blocks) yield encoder.encode(decoder.decode(block, { stream: true }));
  yield encoder.encode(decoder.decode());
}

function told(line: FileLine, encoding: Encoding): FileLine {
  if (line.broken !== undefined || !line.text.includes(replacement)) return line;
  return { ...line, broken: `is not ${encodingNames[encoding]}` };
}

async function* counted(blocks: AsyncIterable<Uint8Array>, reading: Reading): AsyncGenerator<Uint8Array> {
  for await (const block of blocks) {
    reading.bytes += block.length;
    yield block;
  }
}

/** Lines of UTF-8 or GB18030 in batches. A line feed is never part of another character in either encoding. */
async function* linesOf(blocks: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<FileLine[]> {
  let line = 1;
  let rest: Uint8Array = new Uint8Array();
  let overflowing = false;
  let first = true;
  for await (const block of blocks) {
    let bytes = joinBytes(rest, block);
    if (first && bytes.length >= 3) {
      first = false;
      if (encoding === "utf-8" && markedEncoding(bytes) === "utf-8") bytes = bytes.subarray(3);
    }
    const last = bytes.lastIndexOf(lineFeed);
    if (last === -1) {
      // A line that outgrows its limit is cut: only enough is kept to say that it was too long.
      overflowing ||= bytes.length > importLimits.rowBytes;
      rest = overflowing ? bytes.slice(0, importLimits.rowBytes + 1) : bytes;
      continue;
    }
    const lines = splitBlock(bytes.subarray(0, last), line, encoding);
    line += lines.length;
    first = false;
    yield lines;
    rest = bytes.slice(last + 1);
    overflowing = false;
  }
  if (rest.length > 0) yield splitBlock(rest, line, encoding);
}

/** Lines of a file in batches; `reading` tells how many bytes of the file have been read. */
export async function* readLines(bytes: Bytes, encoding: Encoding, reading: Reading): AsyncGenerator<FileLine[]> {
  const blocks = counted(bytes.blocks(), reading);
  if (encoding === "utf-8" || encoding === "gb18030") {
    yield* linesOf(blocks, encoding);
    return;
  }
  for await (const lines of linesOf(asUtf8(blocks, encoding), "utf-8")) {
    yield lines.map((line) => told(line, encoding));
  }
}
