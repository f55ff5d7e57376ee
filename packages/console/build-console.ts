import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const folder = import.meta.dirname;

/** The built page: written last, so that its time is the build's. */
export const builtFolder: string = join(folder, "dist");
const builtPage = join(builtFolder, "index.html");

/** What the build is made of; of the contract only the import's worker takes more than types. */
const sources = [
  "src",
  "public",
  "index.html",
  "vite.config.ts",
  "package.json",
  "../sdk/src",
  "../mapping/src",
  "../verifier/src",
  "../contract/src",
];

function newestMs(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

/** Whether a build is there that is newer than everything it is made of. */
export function isFresh(): boolean {
  if (!existsSync(builtPage)) return false;
  const builtMs = statSync(builtPage).mtimeMs;
  return sources.every((source) => newestMs(join(folder, source)) <= builtMs);
}

/** Builds a page into a folder, in a process of its own: tests have another NODE_ENV than production. */
export async function buildInto(target: string, page: string): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js");
  const child = spawn(process.execPath, [vite, "build", "--logLevel", "error", "--outDir", target, "--emptyOutDir"], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: "production", PROBITY_CONSOLE_PAGE: page },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`the console's build ended with ${code}`);
}

/** Builds the console where its build is missing or stale. */
export async function ensureBuilt(): Promise<void> {
  if (!isFresh()) await buildInto(builtFolder, "index.html");
}

if (import.meta.main) await ensureBuilt();
