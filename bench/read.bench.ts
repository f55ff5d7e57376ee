import { openEngine } from "../packages/engine/src/main/engine.ts";
import { readColumns } from "../packages/engine/src/facts/columns.store.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import { ensureMarketplace } from "../packages/engine/src/platform/marketplace.store.ts";
import { ownDatabase, postgresUrl } from "./databases.ts";
import { dbEngine, readFlags, say } from "./flags.ts";

export const usage = "--db postgres|pglite [--rows 5000000 | 1000000]    counters read into typed arrays";

const chunkRows = 250_000;
const days = 100;
const metricsEach = 10;
const rowsPerSubject = days * metricsEach;

/** Fills counters in chunks and reads them three times; the median counts. */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { db: "postgres", url: postgresUrl, rows: 0, seed: 1 });
  const engineName = dbEngine(flags.db);
  const wanted = flags.rows > 0 ? flags.rows : engineName === "postgres" ? 5_000_000 : 1_000_000;
  await using database = await ownDatabase(engineName, flags.url);
  await using engine = await openEngine(readConfig(database.env), { db: database.open() });
  const { db } = engine;
  const { marketplaceId } = await ensureMarketplace(
    db,
    { slug: "bench", name: "Benchmark", currency: "CNY", clock: "log", isPublic: true },
    Date.now(),
  );
  const begun = performance.now();
  for (let from = 0; from < wanted; from += chunkRows) {
    await db.query(
      `INSERT INTO facts_count (marketplace_id, subject_no, metric_no, day, n, x)
       SELECT $1, place / $4, 1 + place % $5, 20000 + (place % $4) / $5, 1 + place % 7, place % 2
       FROM generate_series($2::integer, $3::integer) AS place`,
      [marketplaceId, from, Math.min(wanted, from + chunkRows) - 1, rowsPerSubject, metricsEach],
    );
  }
  await db.script("VACUUM (ANALYZE) facts_count");
  say(`${wanted} rows written in ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  const subjects = Math.ceil(wanted / rowsPerSubject);
  const rates: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const from = performance.now();
    // In a transaction, as a marketplace is read for rating.
    const columns = await db.transaction(
      (tx) => readColumns(tx, db.engine === "pglite", marketplaceId, subjects, (no) => no),
      "repeatable read",
    );
    const seconds = (performance.now() - from) / 1_000;
    if (columns.rows !== wanted) throw new Error(`${columns.rows} of ${wanted} rows were read`);
    say(`read in ${seconds.toFixed(2)} s`);
    rates.push(wanted / seconds);
  }
  return { rows_per_s: Math.round(rates.toSorted((a, b) => a - b)[1] as number) };
}
