import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

export interface Bundle {
  readonly code: string;
  readonly gzipBytes: number;
}

/** What a storefront may be asked to load for the card. */
export const trustCardGzipBytesMax = 8_192;

/** The trust card as one minified ES module that imports nothing. Takes some tens of milliseconds: keep the answer. */
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
  process.stdout.write(`trust-card: ${code.length} characters, ${gzipBytes} bytes gzipped (at most ${trustCardGzipBytesMax})\n`);
}
