import {
  type Categories,
  compilePolicy,
  defaultPolicies,
  fitEpoch,
  rateAll,
} from "../packages/engine/src/ratings/index.ts";
import { askedMetrics, drawCounter, makeFactRows } from "./fact-rows.ts";
import { readFlags, say } from "./flags.ts";
import { ownDatabase, postgresUrl } from "./databases.ts";
import { ensureMarketplace } from "../packages/engine/src/platform/marketplace.store.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import { openEngine } from "../packages/engine/src/main/engine.ts";
import { Random } from "./random.ts";

export const usage =
  "[--merchants 100000] [--days 365] [--rows 20000000]    re-rates a whole marketplace, then one merchant after an event";

const lastDay = 20_700;
const categoryCount = 40;
const singles = 20;
const dayMs = 86_400_000;

interface Flags {
  readonly merchants: number;
  readonly days: number;
  readonly rows: number;
  readonly seed: number;
}

/** Seconds that it takes to rate everyone from counters in memory, priors given. */
function rateMarket({ merchants, days, rows, seed }: Flags): number {
  const compiled = compilePolicy(defaultPolicies.merchant);
  const columns = makeFactRows(seed, merchants, days, rows, lastDay, askedMetrics(compiled));
  const random = new Random(seed + 1);
  const categories: Categories = {
    names: Array.from({ length: categoryCount }, (_, index) => `category-${index}`),
    of: Int32Array.from({ length: merchants }, () => random.below(categoryCount)),
  };
  const begun = performance.now();
  const priors = fitEpoch(compiled, columns, categories, lastDay - 10);
  const fitted = performance.now();
  say(`${columns.rows} counters of ${merchants} merchants; epoch fitted in ${((fitted - begun) / 1_000).toFixed(2)} s`);
  const ratings = rateAll(compiled, priors, columns, categories, lastDay);
  const seconds = (performance.now() - fitted) / 1_000;
  say(
    `${ratings.status.reduce((sum, tooEarly) => sum + 1 - tooEarly, 0)} rated, the others too early; ${compiled.plan.series} series, ${compiled.days} days of bounds each`,
  );
  return seconds;
}

/** Ingests one event for a merchant with a counter for every day and metric until its rating is stored, median of many. */
async function rateOne(days: number, seed: number): Promise<number> {
  await using database = await ownDatabase("pglite", postgresUrl);
  await using engine = await openEngine(readConfig(database.env), { db: database.open() });
  const market = await ensureMarketplace(
    engine.db,
    { slug: "bench", name: "Benchmark", currency: "CNY", clock: "log", isPublic: true },
    Date.now(),
  );
  const send = async (type: string, no: number, data: object): Promise<void> => {
    const time = new Date(lastDay * dayMs + no * 1_000).toISOString();
    const [verdict] = await engine.ledger.ingest(market, [
      { json: { specversion: "1.0", id: `${type}-${no}`, source: "urn:bench", type, time, data } },
    ]);
    if (verdict?.verdict !== "accepted") throw new Error(`the event was not accepted: ${JSON.stringify(verdict)}`);
  };
  await send("merchant.registered", 0, { merchant: "big", name: "Big", category: "toys" });
  const [subject] = await engine.db.query<{ subject_no: number }>(
    "SELECT subject_no FROM facts_subject WHERE id = 'big'",
  );
  const random = new Random(seed);
  for (const metric of askedMetrics(compilePolicy(defaultPolicies.merchant))) {
    const counters = Array.from({ length: days }, () => drawCounter(random, metric));
    await engine.db.query(
      `INSERT INTO facts_count (marketplace_id, subject_no, metric_no, day, n, x)
       SELECT $1, $2, $3, $4 + place, n, x FROM unnest($5::bigint[], $6::bigint[]) WITH ORDINALITY AS t (n, x, place)
       ON CONFLICT DO NOTHING`,
      [
        market.marketplaceId,
        subject?.subject_no,
        metric,
        lastDay - days,
        `{${counters.map(({ n }) => n).join(",")}}`,
        `{${counters.map(({ x }) => x).join(",")}}`,
      ],
    );
  }
  await engine.ratings.prepare(market);
  await engine.ratings.run(market);
  while (((await engine.ratings.run(market))?.rated ?? 0) > 0);
  const times: number[] = [];
  for (let no = 1; no <= singles; no += 1) {
    const begun = performance.now();
    await send("order.placed", no, {
      order: `order-${no}`,
      merchant: "big",
      buyer: `buyer-${no}`,
      amount: 9_900,
      currency: "CNY",
      items: [{ product: "toy", quantity: 1, amount: 9_900 }],
    });
    const run = await engine.ratings.run(market);
    times.push(performance.now() - begun);
    if (run?.whole !== false || run.rated === 0) throw new Error(`the merchant was not rated: ${JSON.stringify(run)}`);
  }
  return times.toSorted((a, b) => a - b)[singles / 2] as number;
}

export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { merchants: 100_000, days: 365, rows: 20_000_000, seed: 1 });
  const seconds = rateMarket(flags);
  // Before the embedded database is opened: it would add its own memory.
  const peakMb = process.resourceUsage().maxRSS / 1_024;
  const oneMs = await rateOne(flags.days, flags.seed);
  return { seconds: Math.round(seconds * 100) / 100, one_ms: Math.round(oneMs * 10) / 10, peak_mb: Math.round(peakMb) };
}
