import { chromium } from "playwright-core";
import { checkReceipt } from "@probity/verifier/tlog/receipt";
import { type Primitives, webPrimitives } from "@probity/verifier/tlog/primitives";
import { readTrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { nodePrimitives } from "../packages/engine/src/log/index.ts";
import { loadShards } from "../packages/engine/src/log/log.store.ts";
import { ReceiptMaker } from "../packages/engine/src/log/receipts.store.ts";
import { trustPolicyOfLog } from "../packages/engine/src/log/status.store.ts";
import { createApp, type Engine, ingestAll, openEngine } from "../packages/engine/src/main/engine.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import { ownDatabase, postgresUrl } from "./databases.ts";
import { dbEngine, readFlags, say } from "./flags.ts";
import { benchMarket, yearOf } from "./log-market.ts";
import { Random } from "./random.ts";

export const usage =
  "--db postgres|pglite [--receipts 400]    receipts made, and checked by Node's and by Web cryptography and in a page";

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
  const pageMs = await inBrowser(engine, receipts.slice(0, pageRounds), text);
  say(`${made} made, ${byNode} checked by Node, ${byWeb} by Web cryptography, a second; ${pageMs} ms in the page`);
  return { receipts_per_s: byNode, web_receipts_per_s: byWeb, made_per_s: made, page_ms: pageMs };
}

const pageRounds = 9;

/** Median ms from the press of 'Check' on `/verify` until the finding is shown. */
async function inBrowser(engine: Engine, receipts: readonly Buffer[], policy: string): Promise<number> {
  const app = await createApp(engine);
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  const browser = await chromium.launch({
    executablePath: process.env["PROBITY_CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${address}/verify`);
    const took: number[] = [];
    for (const [no, buffer] of receipts.entries()) {
      await page.locator("#receipt").setInputFiles({ name: `${no}.tlog-proof`, mimeType: "text/plain", buffer });
      await page.getByLabel("or as text").fill(policy);
      const began = performance.now();
      await page.getByRole("button", { name: "Check", exact: true }).press("Enter");
      await page.getByRole("heading", { name: "The receipt holds" }).waitFor();
      took.push(performance.now() - began);
    }
    return Math.round(took.toSorted((a, b) => a - b)[took.length >> 1] ?? Number.NaN);
  } finally {
    await browser.close();
    await app.close();
  }
}
