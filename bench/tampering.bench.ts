import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runImport } from "@probity/mapping";
import { importOlistFolder, systemClock } from "../packages/engine/src/import/import.store.ts";
import { ledgerSink } from "../packages/engine/src/main/commands/import.ts";
import { catchUp } from "../packages/engine/src/main/commands/rate.ts";
import { type Engine, openEngine } from "../packages/engine/src/main/engine.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import type { Marketplace } from "../packages/engine/src/platform/marketplace.ts";
import { ownDatabase, postgresUrl } from "./databases.ts";
import { dataFolder, dbEngine, readFlags, say, UsageError } from "./flags.ts";
import { benchMarket, loggedMarket, mirrorLog } from "./log-market.ts";
import { Random } from "./random.ts";

export const usage =
  "[--data DIR] [--changes 20] [--within 60]    single bytes changed in what a log serves, and who finds them; DIR: Olist's files";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const execute = promisify(execFile);

interface Verdict {
  readonly ok: boolean;
  readonly size: number | null;
  readonly root: string | null;
  readonly facts: string | null;
  readonly ratings: number;
  /** Of the second auditor: what it calls ratings are runs. */
  readonly lines?: number;
  readonly failure: { readonly where: string; readonly what: string } | null;
}

interface Change {
  readonly path: string;
  readonly place: number;
  readonly bits: number;
}

const auditors: Readonly<Record<"typescript" | "python", readonly [command: string, ...args: string[]]>> = {
  typescript: [process.execPath, here("../packages/engine/src/main/cli.ts"), "audit"],
  python: ["python3", here("../auditors/python/probity_audit.py")],
};

async function verdictBy(auditor: keyof typeof auditors, args: readonly string[]): Promise<Verdict> {
  const [command, ...first] = auditors[auditor];
  const { stdout } = await execute(command, [...first, ...args], { maxBuffer: 64_000_000 }).catch(
    (failure: unknown) => {
      const {
        stdout: told = "",
        stderr = "",
        message,
      } = failure as { stdout?: string; stderr?: string; message: string };
      if (told === "") throw new Error(`${message}\n${stderr}`);
      return { stdout: told };
    },
  );
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) as string) as Verdict;
}

async function bothOf(args: readonly string[]): Promise<readonly [typescript: Verdict, python: Verdict]> {
  return Promise.all([verdictBy("typescript", args), verdictBy("python", args)]);
}

/** A log of Olist's orders, or of a simulated year. */
async function market(engine: Engine, data: string, seed: number, orders: number): Promise<Marketplace> {
  if (data === "") return loggedMarket(engine, seed, orders, 2);
  const olist = await benchMarket(engine, "BRL");
  await runImport({ items: importOlistFolder(data), sink: ledgerSink(engine, olist), clock: systemClock });
  await catchUp(engine, olist);
  await engine.publicLog.seal(olist);
  return olist;
}

/** Serves a folder as a log, a byte of one file changed. */
async function serve(folder: string): Promise<{ readonly url: string; change: Change | undefined } & Disposable> {
  const state: { change: Change | undefined } = { change: undefined };
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0]?.replace("/log/bench/", "") ?? "";
    try {
      const bytes = readFileSync(join(folder, path));
      const { change } = state;
      if (change?.path === path) bytes[change.place] = (bytes[change.place] as number) ^ change.bits;
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]: () => {
      server.close();
      server.closeAllConnections();
    },
  });
}

const kinds = [/^tile\/\d/, /^tile\/entries/, /^checkpoint$/, /^policies\//, /^ratings\//] as const;

/** Changes one byte after another, of every kind of file in turn, and asks both auditors. */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, {
    data: "",
    changes: 20,
    within: 60,
    orders: 1_000,
    db: "pglite",
    url: postgresUrl,
    seed: 1,
  });
  const data =
    flags.data === "" ? "" : dataFolder(flags.data, "the files of Olist (olist_orders_dataset.csv and others)");
  if (spawnSync("python3", ["-c", "import cryptography"]).status !== 0)
    throw new UsageError("python3 with the package cryptography is missing (Debian: python3-cryptography)");
  const folder = mkdtempSync(join(tmpdir(), "probity-tampering-"));
  try {
    await using database = await ownDatabase(dbEngine(flags.db), flags.url);
    await using engine = await openEngine(readConfig(database.env));
    const log = await mirrorLog(engine, await market(engine, data, flags.seed, flags.orders), folder);
    using server = await serve(log);
    const options = [server.url, "--marketplace", "bench", "--policy", join(log, "trust-policy"), "--json"];
    const [one, other] = await bothOf(options);
    for (const { failure } of [one, other]) if (failure !== null) throw new Error(`${failure.where}: ${failure.what}`);
    say(
      `both audits: ${one.size} entries, ${one.ratings} ratings, root ${one.root}, facts ${one.facts} and ${other.facts}`,
    );
    const paths = readdirSync(log, { recursive: true, encoding: "utf8" });
    const groups = kinds.map((kind) => paths.filter((path) => kind.test(path) && statSync(join(log, path)).isFile()));
    const random = new Random(flags.seed);
    const found = { typescript: 0, python: 0 };
    let changes = 0;
    const began = performance.now();
    for (; changes < flags.changes && performance.now() - began < 1_000 * flags.within; changes += 1) {
      const group = groups[changes % groups.length] as string[];
      const path = group[random.below(group.length)] as string;
      server.change = { path, place: random.below(statSync(join(log, path)).size), bits: 1 + random.below(255) };
      const [typescript, python] = await bothOf(options);
      found.typescript += typescript.ok ? 0 : 1;
      found.python += python.ok ? 0 : 1;
      say(
        `${path} byte ${server.change.place}: ${typescript.failure?.where ?? "not found"} | ${python.failure?.where ?? "not found"}`,
      );
    }
    return {
      entries: one.size ?? 0,
      ratings: one.ratings,
      agree: one.root === other.root && one.facts === other.facts && one.ratings === other.lines ? 1 : 0,
      changes,
      found_by_typescript: found.typescript,
      found_by_python: found.python,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
