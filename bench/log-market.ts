import { join } from "node:path";
import { simulate } from "@probity/simulator";
import { loadShards } from "../packages/engine/src/log/log.store.ts";
import { LogMirror } from "../packages/engine/src/log/mirror.jobs.ts";
import { trustPolicyOfLog } from "../packages/engine/src/log/status.store.ts";
import { type Engine, ingestAll } from "../packages/engine/src/main/engine.ts";
import { FolderTarget } from "../packages/engine/src/platform/folder-target.ts";
import type { Marketplace } from "../packages/engine/src/platform/marketplace.ts";
import { ensureMarketplace } from "../packages/engine/src/platform/marketplace.store.ts";
import { say } from "./flags.ts";

/** The marketplace of a benchmark, made where it is not there yet. */
export function benchMarket({ db }: Engine, currency = "CNY"): Promise<Marketplace> {
  const wanted = { slug: "bench", name: "Benchmark", currency, clock: "log", isPublic: true } as const;
  return ensureMarketplace(db, wanted, Date.now());
}

/** Events of a seeded year of a marketplace that has some five for each order. */
export function yearOf(seed: number, orders: number): unknown[] {
  return [...simulate({ seed, merchants: Math.max(50, Math.round(orders / 100)), orders, days: 365 })];
}

/** A marketplace whose log publishes ratings several times as it grows; returns its events. */
export async function loggedMarket(engine: Engine, seed: number, orders: number, runs: number): Promise<Marketplace> {
  const market = await benchMarket(engine);
  const events = yearOf(seed, orders);
  await engine.ratings.prepare(market);
  for (let run = 0; run < runs; run += 1) {
    const part = (at: number): number => Math.floor((at * events.length) / runs);
    await ingestAll(engine, market, events.slice(part(run), part(run + 1)));
    while (((await engine.ratings.run(market))?.rated ?? 0) > 0);
  }
  await engine.publicLog.seal(market);
  return market;
}

/** Writes what the log serves into a folder; returns the one of the marketplace. */
export async function mirrorLog(engine: Engine, market: Marketplace, folder: string): Promise<string> {
  const mirror = new LogMirror({
    db: engine.db,
    target: new FolderTarget(folder),
    trustPolicyOf: async ({ marketplaceId, slug }) =>
      trustPolicyOfLog(
        { policy: engine.trustPolicy, serverUrl: "http://127.0.0.1" },
        slug,
        await loadShards(engine.db, marketplaceId),
      ),
  });
  say(`a log of ${String(await mirror.write(market))} entries`);
  return join(folder, market.slug);
}
