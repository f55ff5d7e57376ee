import { simulate } from "@probity/simulator";
import { ingestAll, openEngine } from "../packages/engine/src/main/engine.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import { ensureMarketplace } from "../packages/engine/src/platform/marketplace.store.ts";
import { ownDatabase, postgresUrl } from "./databases.ts";
import { dbEngine, readFlags, say } from "./flags.ts";
import { Random } from "./random.ts";

export const usage =
  "--db postgres|pglite [--orders 10000] [--reviews 300]    what judging a review as it comes in adds";

const quantile = (sorted: readonly number[], share: number): number =>
  Math.round(10 * (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN)) / 10;

const texts = [
  "质量不错，物流也快，包装很用心，会再来的。",
  "Arrived on time and works as described, happy with it.",
  "好评",
  "",
];

/**
 * A marketplace with a past; then reviews one by one, each of an account and a shop of that past. Measured from the moment
 * at which the review is durable to that at which its verdict stands; apart (`told_`), reviews that do not count in full, of
 * which the ledger is told by an event of its own.
 */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { db: "postgres", url: postgresUrl, orders: 10_000, reviews: 300, seed: 1 });
  await using database = await ownDatabase(dbEngine(flags.db), flags.url);
  await using engine = await openEngine(readConfig(database.env));
  const wanted = { slug: "bench", name: "Benchmark", currency: "CNY", clock: "log", isPublic: true } as const;
  const market = await ensureMarketplace(engine.db, wanted, Date.now());
  const plan = {
    seed: flags.seed,
    merchants: Math.max(20, Math.round(flags.orders / 100)),
    orders: flags.orders,
    days: 270,
  };
  const events = [...simulate(plan)];
  await ingestAll(engine, market, events);
  await engine.authenticity.prepare(market);
  await engine.authenticity.run(market);
  // A marketplace that has settled: right after a load the database would tidy up while it is measured.
  await engine.db.script("VACUUM (ANALYZE)");
  say(`${events.length} events of the past`);
  const random = new Random(flags.seed);
  const past = events.filter(({ type }) => type === "order.delivered") as {
    data: { order: string; merchant: string };
  }[];
  const buyers = new Map(
    events.flatMap(({ type, data }) =>
      type === "order.placed" ? [[(data as { order: string }).order, (data as { buyer: string }).buyer] as const] : [],
    ),
  );
  const [committed, judged, told]: [number[], number[], number[]] = [[], [], []];
  for (let no = 0; no < flags.reviews; no += 1) {
    const { order, merchant } = past[random.below(past.length)]!.data;
    const data = {
      review: `bench-${no}`,
      merchant,
      buyer: buyers.get(order),
      order,
      stars: 1 + random.below(5),
      text: texts[no % texts.length],
    };
    const time = new Date(Date.now()).toISOString();
    const began = performance.now();
    await ingestAll(engine, market, [
      { specversion: "1.0", id: `bench-${no}`, source: "urn:bench", type: "review.posted", time, data },
    ]);
    const durable = performance.now();
    const run = await engine.authenticity.follow(market);
    if (run.judged !== 1) throw new Error(`review ${no} was not judged`);
    committed.push(durable - began);
    (run.told > 0 ? told : judged).push(performance.now() - durable);
  }
  const of = (times: readonly number[], share: number): number =>
    quantile(
      times.toSorted((a, b) => a - b),
      share,
    );
  return {
    p50_ms: of(judged, 0.5),
    p99_ms: of(judged, 0.99),
    ...(told.length === 0 ? {} : { told_p50_ms: of(told, 0.5), told_p99_ms: of(told, 0.99) }),
    ingest_p50_ms: of(committed, 0.5),
    reviews: flags.reviews,
    told: told.length,
  };
}
