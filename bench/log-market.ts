import { simulate } from "@probity/simulator";
import { type Engine, ingestAll } from "../packages/engine/src/main/engine.ts";
import type { Marketplace } from "../packages/engine/src/platform/marketplace.ts";
import { ensureMarketplace } from "../packages/engine/src/platform/marketplace.store.ts";

/** The marketplace of a benchmark, made where it is not there yet. */
export function benchMarket({ db }: Engine): Promise<Marketplace> {
  const wanted = { slug: "bench", name: "Benchmark", currency: "CNY", clock: "log", isPublic: true } as const;
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
