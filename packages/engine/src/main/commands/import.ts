import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  dryRun,
  importMapped,
  type ImportSink,
  type ImportSource,
  type ImportSummary,
  runImport,
} from "@probity/mapping";
import {
  fileBytes,
  fileCursor,
  fileRejects,
  httpSink,
  importOlistFolder,
  readMapping,
  sourceMark,
  systemClock,
} from "../../import/import.store.ts";
import { terminalProgress } from "../../import/progress.store.ts";
import { readConfig } from "../../platform/config.ts";
import type { Marketplace } from "../../platform/marketplace.ts";
import { ensureMarketplace } from "../../platform/marketplace.store.ts";
import { type Engine, openEngine } from "../engine.ts";
import { readArgs, UsageError } from "./usage.ts";

const usage = `probity import olist DIR        the published Olist files
probity import FILE --mapping M  CSV, JSONL or Parquet by a mapping file (docs/importing-your-data.md)

  --dry-run            check everything, write nothing
  --marketplace M      made if it does not exist (default: PROBITY_MARKETPLACE)
  --currency C         of a marketplace that is made (Olist: BRL, else CNY)
  --rejects FILE       rejected rows as JSON lines (default: rejects.jsonl in the data folder)
  --url U --key K      send to a running server instead of opening the database
  --from-start         do not resume an import that was cut off`;

/** Sends to the ledger in this process. */
export function ledgerSink(engine: Engine, market: Marketplace): ImportSink {
  return async (events) => {
    const verdicts = await engine.ledger.ingest(
      market,
      events.map((json) => ({ json })),
    );
    const count = (kind: string): number => verdicts.filter(({ verdict }) => verdict === kind).length;
    return { accepted: count("accepted"), duplicates: count("duplicate"), rejected: count("rejected"), verdicts };
  };
}

async function openSource(
  words: readonly string[],
  mapping: string | undefined,
): Promise<{ source: ImportSource; mark: string; name: string; olist: boolean }> {
  const [first, second] = words;
  if (first === "olist") {
    if (second === undefined) throw new UsageError(`Name the folder.\n\n${usage}`);
    const files = (await readdir(second).catch(() => [])).map((name) => join(second, name));
    return {
      source: importOlistFolder(second),
      mark: await sourceMark(files),
      name: `olist-${basename(second)}`,
      olist: true,
    };
  }
  if (first === undefined || mapping === undefined) throw new UsageError(`Name a file and its mapping.\n\n${usage}`);
  const read = await readMapping(mapping);
  const mark = await sourceMark([first], JSON.stringify(read));
  return { source: importMapped(await fileBytes(first), read, mapping), mark, name: basename(first), olist: false };
}

function printSummary(summary: ImportSummary, rejects: string): void {
  const types = Object.entries(summary.byType)
    .sort(([, a], [, b]) => b - a)
    .map(([type, events]) => `  ${String(events).padStart(9)}  ${type}`);
  const rate = summary.seconds > 0 ? Math.round(summary.events / summary.seconds) : 0;
  process.stdout.write(
    `${types.join("\n")}\n${summary.accepted} accepted, ${summary.duplicates} duplicates, ${summary.rejected} rejected ` +
      `in ${summary.seconds.toFixed(1)} s (${rate} events/s)\n`,
  );
  if (summary.resumedAt > 0) process.stdout.write(`Went on after ${summary.resumedAt} items of an earlier run.\n`);
  if (summary.rejected > 0) process.stdout.write(`Rejected rows: ${rejects}\n`);
}

export async function importData(args: string[]): Promise<void> {
  const parsed = readArgs(usage, args, {
    mapping: { type: "string" },
    "dry-run": { type: "boolean" },
    marketplace: { type: "string" },
    currency: { type: "string" },
    rejects: { type: "string" },
    url: { type: "string" },
    key: { type: "string" },
    "from-start": { type: "boolean" },
  });
  if (parsed === undefined) return;
  const { values } = parsed;
  const { source, mark, name, olist } = await openSource(parsed.words, values.mapping);
  if (values["dry-run"] === true) {
    const { byType, first, rejected, rejects, events, repeatedIds } = await dryRun(source, { nowMs: Date.now() });
    process.stdout.write(
      `${JSON.stringify({ events, byType, rejected, repeatedIds, first, rejects }, null, 2)}\nNothing was written.\n`,
    );
    if (rejected > 0) process.exitCode = 1;
    return;
  }
  const config = readConfig({ PROBITY_LOG_LEVEL: "warn", ...process.env });
  const rejects = values.rejects ?? join(config.dataDir, "rejects.jsonl");
  const target = createHash("sha256")
    .update(`${values.url ?? ""}|${values.marketplace ?? config.marketplace}|${name}`)
    .digest("hex")
    .slice(0, 16);
  const cursor = fileCursor(join(config.dataDir, `import-${target}.json`), mark);
  if (values["from-start"] === true) await cursor.clear?.();
  const run = async (sink: ImportSink): Promise<void> => {
    const resumed = (await cursor.load()) > 0;
    const summary = await runImport({
      items: source,
      sink,
      clock: systemClock,
      cursor,
      rejects: await fileRejects(rejects, resumed),
      progress: terminalProgress(process.stderr),
    });
    printSummary(summary, rejects);
  };
  if (values.url !== undefined) {
    if (values.key === undefined) throw new UsageError("--url needs --key");
    await run(httpSink(values.url, values.key));
    return;
  }
  await using engine = await openEngine(config);
  const slug = values.marketplace ?? config.marketplace;
  const currency = values.currency ?? (olist ? "BRL" : "CNY");
  const market = await ensureMarketplace(
    engine.db,
    { slug, name: slug, currency, clock: olist ? "log" : "wall", isPublic: true },
    engine.now(),
  );
  await engine.ratings.prepare(market);
  await run(ledgerSink(engine, market));
  process.stdout.write("Rate it: probity rate    Serve it: probity serve\n");
}
