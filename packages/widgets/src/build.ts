import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

export interface Bundle {
  readonly code: string;
  readonly gzipBytes: number;
}

/** What a storefront may be asked to load for the card, and for the notes. */
export const trustCardGzipBytesMax = 8_192;
export const reviewNoteGzipBytesMax = 5_120;

/** Where the built modules are kept; a test builds them again and compares. */
export const trustCardBuilt: URL = new URL("../built/trust-card.js", import.meta.url);
export const reviewNoteBuilt: URL = new URL("../built/review-note.js", import.meta.url);

/** A source as one minified ES module that imports nothing. */
async function bundle(source: string): Promise<Bundle> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(source, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
  });
  const code = result.outputFiles[0]?.text ?? "";
  return { code, gzipBytes: gzipSync(code, { level: 9 }).byteLength };
}

export function buildTrustCard(): Promise<Bundle> {
  return bundle("./trust-card.ts");
}

export function buildReviewNote(): Promise<Bundle> {
  return bundle("./review-note.ts");
}

if (process.argv[1] === import.meta.filename) {
  for (const [name, built, make, max] of [
    ["trust-card", trustCardBuilt, buildTrustCard, trustCardGzipBytesMax],
    ["review-note", reviewNoteBuilt, buildReviewNote, reviewNoteGzipBytesMax],
  ] as const) {
    const { code, gzipBytes } = await make();
    await writeFile(built, code);
    process.stdout.write(`${name}: ${code.length} characters, ${gzipBytes} bytes gzipped (at most ${max})\n`);
  }
}
