import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { codecs } from "./parquet-codecs.ts";

const text = Buffer.from("诚信 trust ".repeat(500));

/** A block of LZ4 that is one run of literals. */
function lz4Literals(bytes: Buffer): Buffer {
  const lengths: number[] = [];
  for (let left = bytes.length - 15; ; left -= 255) {
    lengths.push(Math.min(left, 255));
    if (left < 255) break;
  }
  return Buffer.concat([Buffer.from([0xf0, ...lengths]), bytes]);
}

test.each([
  ["GZIP", gzipSync(text)],
  ["BROTLI", brotliCompressSync(text)],
  ["ZSTD", zstdCompressSync(text)],
  ["LZ4_RAW", lz4Literals(text)],
] as const)("%s is unpacked", (codec, packed) => {
  const unpacked = codecs[codec]?.(new Uint8Array(packed), text.length);
  expect(Buffer.from(unpacked ?? []).equals(text)).toBe(true);
});
