import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

export interface Bundle {
  readonly code: string;
  readonly gzipBytes: number;
}

/** What a storefront may be asked to load for the card, for the notes, and to check a rating; the last for a receipt. */
export const trustCardGzipBytesMax = 8_192;
export const reviewNoteGzipBytesMax = 5_120;
export const checkRatingGzipBytesMax = 8_192;
export const checkReceiptGzipBytesMax = 8_192;

const builtAt = (name: string): URL => new URL(`../built/${name}.js`, import.meta.url);

/** Where the built modules are kept; a test builds them again and compares. */
export const trustCardBuilt: URL = builtAt("trust-card");
export const reviewNoteBuilt: URL = builtAt("review-note");
export const checkRatingBuilt: URL = builtAt("check-rating");
export const checkReceiptBuilt: URL = builtAt("check-receipt");

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

export function buildCheckRating(): Promise<Bundle> {
  return bundle("./check-rating.ts");
}

export function buildCheckReceipt(): Promise<Bundle> {
  return bundle("./check-receipt.ts");
}

if (process.argv[1] === import.meta.filename) {
  for (const [name, built, make, max] of [
    ["trust-card", trustCardBuilt, buildTrustCard, trustCardGzipBytesMax],
    ["review-note", reviewNoteBuilt, buildReviewNote, reviewNoteGzipBytesMax],
    ["check-rating", checkRatingBuilt, buildCheckRating, checkRatingGzipBytesMax],
    ["check-receipt", checkReceiptBuilt, buildCheckReceipt, checkReceiptGzipBytesMax],
  ] as const) {
    const { code, gzipBytes } = await make();
    await writeFile(built, code);
    process.stdout.write(`${name}: ${code.length} characters, ${gzipBytes} bytes gzipped (at most ${max})\n`);
  }
}
