import type { Bytes } from "./bytes.ts";

export const encodings = ["utf-8", "gb18030", "utf-16le", "utf-16be"] as const;
export type Encoding = (typeof encodings)[number];

/** As a message names them. */
export const encodingNames: Readonly<Record<Encoding, string>> = {
  "utf-8": "UTF-8",
  gb18030: "GB18030",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16",
};

const lineFeed = 10;

/** Encoding that a byte order mark tells; undefined without one. */
export function markedEncoding(head: Uint8Array): Encoding | undefined {
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return undefined;
}

function decodes(line: Uint8Array, encoding: Encoding): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(line);
    return true;
  } catch {
    return false;
  }
}

/** Lines that hold more than ASCII, without the first and the last, which a probe may have cut. */
function foreignLines(probe: Uint8Array, first: boolean, last: boolean): Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = first ? 0 : probe.indexOf(lineFeed) + 1;
  while (at < probe.length) {
    const next = probe.indexOf(lineFeed, at);
    if (next === -1 && !last) break;
    const line = probe.subarray(at, next === -1 ? probe.length : next);
    if (line.some((byte) => byte > 127)) found.push(line);
    at = next === -1 ? probe.length : next + 1;
  }
  return found;
}

/** Share of the two-byte characters that GB2312 has: text in another 8-bit encoding rarely has such pairs. */
function looksChinese(lines: readonly Uint8Array[]): boolean {
  let [pairs, plain] = [0, 0];
  for (const line of lines) {
    for (let at = 0; at < line.length; at++) {
      if ((line[at] ?? 0) < 0x81) continue;
      const next = line[at + 1] ?? 0;
      pairs++;
      if (next >= 0xa1 || (next >= 0x30 && next <= 0x39)) plain++;
      at++;
    }
  }
  return pairs > 0 && plain / pairs >= 0.7;
}

const probeBytes = 262_144;
const probes = 8;

/**
 * Encoding of a text file, from its byte order mark or from its lines at several places: UTF-8 unless most of the lines
 * that are not plain ASCII are not UTF-8 and read as GB18030 instead (which GBK and GB2312 are part of).
 */
export async function recogniseEncoding(bytes: Bytes): Promise<Encoding> {
  const head = await bytes.read(0, Math.min(probeBytes, bytes.size));
  const marked = markedEncoding(head);
  if (marked !== undefined) return marked;
  const lines = foreignLines(head, true, head.length === bytes.size);
  for (let probe = 1; probe < probes && bytes.size > probeBytes; probe++) {
    const start = Math.max(probeBytes, Math.floor((bytes.size * probe) / probes));
    const end = Math.min(bytes.size, start + probeBytes / 4);
    lines.push(...foreignLines(await bytes.read(start, end), false, end === bytes.size));
  }
  const utf8 = lines.filter((line) => decodes(line, "utf-8")).length;
  if (lines.length === 0 || utf8 * 2 > lines.length) return "utf-8";
  const chinese = lines.filter((line) => decodes(line, "gb18030"));
  return chinese.length * 2 > lines.length && looksChinese(chinese) ? "gb18030" : "utf-8";
}
