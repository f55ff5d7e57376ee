import { checkReceipt } from "@probity/verifier/tlog/receipt";
import { type Primitives, webPrimitives } from "@probity/verifier/tlog/primitives";
import { readTrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { nodePrimitives } from "../packages/engine/src/log/index.ts";
import { loadShards } from "../packages/engine/src/log/log.store.ts";
import { ReceiptMaker } from "../packages/engine/src/log/receipts.store.ts";
import { trustPolicyOfLog } from "../packages/engine/src/log/status.store.ts";
import { ingestAll, openEngine } from "../packages/engine/src/main/engine.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import { ownDatabase, postgresUrl } from "./databases.ts";
import { dbEngine, readFlags, say } from "./flags.ts";
import { benchMarket, yearOf } from "./log-market.ts";
import { Random } from "./random.ts";

export const usage =
  "--db postgres|pglite [--receipts 400]    receipts made, and checked by Node's and by Web cryptography";

/** Receipts of random events of a simulated market. */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { db: "postgres", url: postgresUrl, receipts: 400, orders: 4_000, seed: 1 });
  await using database = await ownDatabase(dbEngine(flags.db), flags.url);
  await using engine = await openEngine(readConfig(database.env));
  const market = await benchMarket(engine);
  const events = yearOf(flags.seed, flags.orders);
  await ingestAll(engine, market, events);
  await engine.publicLog.seal(market);
  const text = await trustPolicyOfLog(
    { policy: engine.trustPolicy, serverUrl: "http://127.0.0.1" },
    market.slug,
    await loadShards(engine.db, market.marketplaceId),
  );
  const policy = await readTrustPolicy(nodePrimitives, text);
  const maker = new ReceiptMaker(engine.db, engine.master);
  const random = new Random(flags.seed);
  const receipts: Buffer[] = [];
  const rate = async (work: () => Promise<void>): Promise<number> => {
    const began = performance.now();
    await work();
    return Math.round((1_000 * flags.receipts) / (performance.now() - began));
  };
  const made = await rate(async () => {
    for (let no = 0; no < flags.receipts; no += 1)
      receipts.push(Buffer.from((await maker.receipt(market, random.below(events.length))).receipt));
  });
  const check = (primitives: Primitives) => async (): Promise<void> => {
    for (const receipt of receipts) await checkReceipt(primitives, receipt, policy);
  };
  await check(nodePrimitives)();
  const byNode = await rate(check(nodePrimitives));
  const byWeb = await rate(check(webPrimitives));
  say(`${made} made, ${byNode} checked by Node, ${byWeb} by Web cryptography, a second`);
  return { receipts_per_s: byNode, web_receipts_per_s: byWeb, made_per_s: made };
}
