import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "../packages/engine/src/main/engine.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import type { AuditMeasure } from "./audit-child.ts";
import { ownDatabase, postgresUrl } from "./databases.ts";
import { dataFolder, dbEngine, readFlags, say } from "./flags.ts";
import { loggedMarket, mirrorLog } from "./log-market.ts";

export const usage =
  "[--data DIR] [--orders 30000] [--runs 3]    a whole audit: tree, facts and ratings; DIR mirrors a log";

type Threads = "one-thread" | "two-threads";

async function auditIn(folder: string, threads: Threads): Promise<AuditMeasure> {
  const child = fork(new URL("./audit-child.ts", import.meta.url), [folder, threads], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const gone = once(child, "exit").then(([code]) => {
    throw new Error(`the audit ended without an answer (${String(code)})`);
  });
  const [measure] = (await Promise.race([once(child, "message"), gone])) as [AuditMeasure];
  gone.catch(() => undefined);
  return measure;
}

const middleOf = (measures: readonly AuditMeasure[]): AuditMeasure =>
  measures.toSorted((a, b) => a.seconds - b.seconds)[measures.length >> 1] as AuditMeasure;

/** Makes a log of a simulated year with three rating runs as a folder; or takes the one of --data. */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { data: "", db: "postgres", url: postgresUrl, orders: 30_000, runs: 3, seed: 1 });
  const folder = flags.data === "" ? mkdtempSync(join(tmpdir(), "probity-audit-")) : "";
  try {
    const data =
      flags.data === ""
        ? await make(folder, flags)
        : dataFolder(flags.data, "a mirrored log: checkpoint, tile/, acts, policies/, ratings/, trust-policy");
    const [one, two]: [AuditMeasure[], AuditMeasure[]] = [[], []];
    for (let run = 0; run < flags.runs; run += 1) {
      for (const [threads, measures] of [
        ["one-thread", one],
        ["two-threads", two],
      ] as const) {
        const measure = await auditIn(data, threads);
        const { entries, seconds, peakMb } = measure;
        say(`${threads}: ${entries} entries in ${seconds.toFixed(2)} s, ${Math.round(peakMb)} MB`);
        measures.push(measure);
      }
    }
    const middle = middleOf(two);
    return {
      entries_per_s: Math.round(middle.entries / middle.seconds),
      one_thread_entries_per_s: Math.round(middle.entries / middleOf(one).seconds),
      peak_mb: Math.round(Math.max(...two.map(({ peakMb }) => peakMb))),
      entries: middle.entries,
      ratings: middle.ratings,
      seconds: Math.round(100 * middle.seconds) / 100,
    };
  } finally {
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  }
}

async function make(
  folder: string,
  { db, url, seed, orders }: { db: string; url: string; seed: number; orders: number },
): Promise<string> {
  await using database = await ownDatabase(dbEngine(db), url);
  await using engine = await openEngine(readConfig(database.env));
  const market = await loggedMarket(engine, seed, orders, 3);
  return mirrorLog(engine, market, folder);
}
