import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { openEngine } from "../packages/engine/src/main/engine.ts";
import { makeSetupCode } from "../packages/engine/src/people/people.store.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import { makeApiMarket } from "./api-market.ts";
import { type Visit, visit } from "./console-visit.ts";
import { type OwnDatabase, ownDatabase, postgresUrl } from "./databases.ts";
import { startEngine } from "./engine-process.ts";
import { type DbEngine, dbEngine, readFlags, say, UsageError } from "./flags.ts";

export const usage =
  "[--merchants 100000] [--rows 2000000] [--runs 3] [--slowdown 4]    the console in Chromium: first view, list, merchant, interactions";

const consoleFolder = fileURLToPath(new URL("../packages/console/", import.meta.url));

/** Without PostgreSQL the market is smaller, so that the run ends in time. */
const sizes: Readonly<Record<DbEngine, { readonly merchants: number; readonly rows: number }>> = {
  postgres: { merchants: 100_000, rows: 2_000_000 },
  pglite: { merchants: 10_000, rows: 200_000 },
};

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (place: number): number => sorted[Math.floor(place)] ?? Number.NaN;
  return (at((sorted.length - 1) / 2) + at(sorted.length / 2)) / 2;
}

/** The database that was asked for; without a word PostgreSQL if it can be had, else PGlite. */
async function openDatabase(db: string, url: string): Promise<OwnDatabase> {
  if (db !== "") return ownDatabase(dbEngine(db), url);
  try {
    return await ownDatabase("postgres", url);
  } catch (error) {
    say(`PGlite, as PostgreSQL cannot be had: ${(error as Error).message}`);
    return ownDatabase("pglite", url);
  }
}

function chromiumPath(): string {
  const path = process.env["PROBITY_CHROMIUM"] ?? "/usr/bin/chromium";
  if (existsSync(path)) return path;
  throw new UsageError(`There is no Chromium at ${path}. Install it, or name another with PROBITY_CHROMIUM`);
}

function buildConsole(): void {
  const { status } = spawnSync(process.execPath, [`${consoleFolder}build-console.ts`], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error("the console could not be built");
}

/** The compressed size of files of the build in thousands of bytes; addresses of pages are the page itself. */
function kilobytes(loaded: Visit["loaded"]): number {
  const paths = loaded.map(({ path }) => path).filter((path) => path.startsWith("/console/"));
  const files = new Set(
    paths.map((path) => path.replace("/console/", "")).map((path) => (/\.\w+$/.test(path) ? path : "index.html")),
  );
  files.add("index.html");
  const bytes = [...files].map((file) => gzipSync(readFileSync(`${consoleFolder}dist/${file}`)).byteLength);
  return bytes.reduce((sum, one) => sum + one, 0) / 1_000;
}

/** The first person signs up; what the browser then keeps. */
async function signUp(
  browser: Browser,
  address: string,
  setupCode: string,
): Promise<Awaited<ReturnType<BrowserContext["storageState"]>>> {
  const context = await browser.newContext();
  const answer = await context.request.post(`${address}/v1/session/first-run`, {
    headers: { origin: address },
    data: { setupCode, name: "Reader", email: "reader@example.org", password: "correct horse battery" },
  });
  if (!answer.ok()) throw new Error(`signing up: ${answer.status()} ${await answer.text()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

/** From the process's begin: a run ends within two minutes. */
const lastMs = 110_000;

async function visits(address: string, setupCode: string, runs: number, slowdown: number): Promise<Visit[]> {
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
  try {
    const state = await signUp(browser, address, setupCode);
    const made: Visit[] = [];
    let longestMs = 0;
    for (let run = 0; run < runs; run += 1) {
      if (run > 0 && performance.now() + longestMs > lastMs) {
        say(`no time for more than ${run} of ${runs} visits`);
        break;
      }
      const begunMs = performance.now();
      const one = await visit({ browser, address, state, slowdown });
      made.push(one);
      longestMs = Math.max(longestMs, performance.now() - begunMs);
      const { firstViewMs, largestPaintMs, merchantsMs, merchantMs, inpMs, loaded } = one;
      const told = [firstViewMs, largestPaintMs, merchantsMs, merchantMs, inpMs].map(Math.round);
      say(
        `visit ${run + 1}: first view ${told[0]} (largest paint ${told[1]}), merchants ${told[2]}, merchant ${told[3]}, slowest interaction ${told[4]} ms`,
      );
      const answers = loaded.filter(({ path }) => path.startsWith("/v1/"));
      say(
        `  ${answers.map(({ path, beginMs, endMs }) => `${path} ${Math.round(beginMs)} to ${Math.round(endMs)}`).join(", ")}`,
      );
    }
    return made;
  } finally {
    await browser.close();
  }
}

/** The console as its reader meets it: a large marketplace, nothing in the browser's caches, a slow processor. */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { db: "", url: postgresUrl, merchants: 0, rows: 0, runs: 3, slowdown: 4, seed: 1 });
  chromiumPath();
  buildConsole();
  await using database = await openDatabase(flags.db, flags.url);
  const usual = sizes[database.engine];
  const merchants = flags.merchants === 0 ? usual.merchants : flags.merchants;
  const rows = flags.rows === 0 ? Math.round((merchants * usual.rows) / usual.merchants) : flags.rows;
  say(`${merchants} merchants on ${database.engine}, processor ${flags.slowdown} times slower`);
  const setupCode = await (async () => {
    await using engine = await openEngine(readConfig(database.env), { db: database.open() });
    await makeApiMarket(engine, { merchants, rows, seed: flags.seed });
    return await makeSetupCode(engine.db, Date.now());
  })();
  if (setupCode === undefined) throw new Error("somebody can sign in already");
  const engine = await startEngine(database.env);
  try {
    const made = await visits(`http://127.0.0.1:${engine.port}`, setupCode, flags.runs, flags.slowdown);
    const of = (pick: (one: Visit) => number): number => Math.round(median(made.map(pick)));
    return {
      first_view_ms: of(({ firstViewMs }) => firstViewMs),
      merchants_ms: of(({ merchantsMs }) => merchantsMs),
      merchant_ms: of(({ merchantMs }) => merchantMs),
      inp_ms: of(({ inpMs }) => inpMs),
      bundle_kb: Math.round(Math.max(...made.map(({ loaded }) => kilobytes(loaded))) * 10) / 10,
    };
  } finally {
    await engine.stop();
  }
}
