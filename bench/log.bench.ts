import { createHash } from "node:crypto";
import { ingestAll, openEngine } from "../packages/engine/src/main/engine.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import { ownDatabase, postgresUrl } from "./databases.ts";
import { dbEngine, readFlags, say } from "./flags.ts";
import { benchMarket, yearOf } from "./log-market.ts";

export const usage =
  "--db postgres|pglite [--entries 300000] [--events 30000]    entries into tiles and checkpoints, ingest's own cost apart";

const batchEvents = 1_000;
const checkpointRounds = 25;
const checkpointEvents = 50;
const leavesPerInsert = 50_000;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/**
 * Ingests events with no log beside it and then as many with a checkpoint after each batch; then integrates entries that
 * are there already, made straight in the table so that nothing but the log is measured.
 */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { db: "postgres", url: postgresUrl, entries: 300_000, events: 30_000, seed: 1 });
  await using database = await ownDatabase(dbEngine(flags.db), flags.url);
  await using engine = await openEngine(readConfig(database.env));
  const { db, publicLog } = engine;
  const market = await benchMarket(engine);
  const events = yearOf(flags.seed, Math.ceil(flags.events / 4));
  const part = Math.min(flags.events, events.length) >> 1;
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return (performance.now() - began) / 1_000;
  };
  const ingestSeconds = await timed(() => ingestAll(engine, market, events.slice(0, part)));
  await publicLog.seal(market);
  let sealSeconds = 0;
  const bothSeconds = await timed(async () => {
    for (let from = part; from < 2 * part; from += batchEvents) {
      await ingestAll(engine, market, events.slice(from, Math.min(from + batchEvents, 2 * part)));
      sealSeconds += await timed(() => publicLog.seal(market));
    }
  });
  say(
    `ingest ${Math.round(part / ingestSeconds)}/s, with a checkpoint every ${batchEvents} ${Math.round(part / bothSeconds)}/s`,
  );
  const checkpoints: number[] = [];
  for (let round = 0; round < checkpointRounds; round += 1) {
    const from = 2 * part + round * checkpointEvents;
    await ingestAll(engine, market, events.slice(from, from + checkpointEvents));
    checkpoints.push(1_000 * (await timed(() => publicLog.seal(market))));
  }
  await fill(db, market.marketplaceId, flags.entries);
  const seconds = await timed(() => publicLog.seal(market));
  say(`${flags.entries} entries integrated in ${seconds.toFixed(2)} s`);
  return {
    entries_per_s: Math.round(flags.entries / seconds),
    checkpoint_ms: Math.round(10 * median(checkpoints)) / 10,
    ingest_events_per_s: Math.round(part / ingestSeconds),
    ingest_with_log_events_per_s: Math.round(part / bothSeconds),
    log_share: Math.round((1_000 * sealSeconds) / bothSeconds) / 1_000,
  };
}

/** Puts entries straight into the ledger's table, as ingest would have left them. */
async function fill(
  db: Awaited<ReturnType<typeof openEngine>>["db"],
  marketplaceId: number,
  entries: number,
): Promise<void> {
  const [head] = await db.query<{ size: number }>("SELECT size FROM ledger_head WHERE marketplace_id = $1", [
    marketplaceId,
  ]);
  const size = head?.size ?? 0;
  for (let from = size; from < size + entries; from += leavesPerInsert) {
    const to = Math.min(size + entries, from + leavesPerInsert);
    const leaves = Buffer.concat(
      Array.from({ length: to - from }, (_, at) =>
        createHash("sha256")
          .update(`${from + at}`)
          .digest(),
      ),
    );
    await db.query(
      `INSERT INTO ledger_event (marketplace_id, seq, source, id, type, time_ms, received_ms, subjects, body, salt, entry, leaf)
       SELECT $1, $2 + place, 'urn:bench', 'filled ' || ($2 + place), 'x', 0, 0, '{}', '{}', '', '{}',
         substring($4::bytea FROM 32 * place::integer + 1 FOR 32)
       FROM generate_series(0, $3::bigint - $2::bigint - 1) AS place`,
      [marketplaceId, from, to, leaves],
    );
  }
  await db.query("UPDATE ledger_head SET size = $2 WHERE marketplace_id = $1", [marketplaceId, size + entries]);
}
