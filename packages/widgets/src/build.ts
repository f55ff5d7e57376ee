import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

export interface Bundle {
  readonly code: string;
  readonly gzipBytes: number;
}

/** What a storefront may be asked to load for the card. */
export const trustCardGzipBytesMax = 8_192;

/** Where the built module is kept; a test builds it again and compares. */
export const trustCardBuilt: URL = new URL("../built/trust-card.js", import.meta.url);

/** The trust card as one minified ES module that imports nothing. */
export async function buildTrustCard(): Promise<Bundle> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL("./trust-card.ts", import.meta.url))],
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

if (process.argv[1] === import.meta.filename) {
  const { code, gzipBytes } = await buildTrustCard();
  await writeFile(trustCardBuilt, code);
  process.stdout.write(
    `trust-card: ${code.length} characters, ${gzipBytes} bytes gzipped (at most ${trustCardGzipBytesMax})\n`,
  );
}
