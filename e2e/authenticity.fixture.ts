import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dayOf } from "@probity/contract";
import { simulateWithTruth, type Truth } from "@probity/simulator";
import { defaultModel } from "../packages/engine/src/authenticity/default-model.ts";
import { modelIdOf } from "../packages/engine/src/authenticity/judge-file.ts";
import { insertModel } from "../packages/engine/src/authenticity/models.store.ts";
import { catchUp } from "../packages/engine/src/main/commands/rate.ts";
import { createApp, openEngine, startWorker } from "../packages/engine/src/main/engine.ts";
import { makeSetupCode } from "../packages/engine/src/people/people.store.ts";
import { readConfig } from "../packages/engine/src/platform/config.ts";
import { ensureMarketplace } from "../packages/engine/src/platform/marketplace.store.ts";
import { Pglite } from "../packages/engine/src/platform/pglite.ts";

const dayMs = 86_400_000;
const plan = { seed: 11, merchants: 24, orders: 2_600, days: 120 } as const;
const batchEvents = 2_000;

export interface Desk extends AsyncDisposable {
  readonly address: string;
  readonly setupCode: string;
  readonly truth: Truth;
  /** A model that a training has left behind: it passed and waits to be promoted. */
  readonly candidate: string;
}

/** A served marketplace with planted rings, in memory, judged and rated. */
export async function openDesk(): Promise<Desk> {
  const config = readConfig({
    PROBITY_DATA_DIR: mkdtempSync(join(tmpdir(), "probity-e2e-")),
    PROBITY_LOG_LEVEL: "warn",
    PROBITY_MASTER_KEY: randomBytes(32).toString("hex"),
    PROBITY_MARKETPLACE: "main",
    PROBITY_PORT: "0",
  });
  let behindMs = (plan.days + 1) * dayMs;
  const engine = await openEngine(config, { db: new Pglite(), now: () => Date.now() - behindMs });
  const wanted = { slug: "main", name: "云市 Cloud Market", currency: "CNY", clock: "wall", isPublic: true } as const;
  const market = await ensureMarketplace(engine.db, wanted, engine.now());
  behindMs = 0;
  const { events, truth } = simulateWithTruth({ ...plan, endDay: dayOf(Date.now()) - 1 });
  const all = [...events];
  for (let from = 0; from < all.length; from += batchEvents)
    await engine.ledger.ingest(
      market,
      all.slice(from, from + batchEvents).map((json) => ({ json })),
    );
  await catchUp(engine, market);
  const { review } = defaultModel;
  const file = { ...defaultModel, review: { ...review, intercept: review.intercept + 1 } };
  const candidate = modelIdOf(file);
  await insertModel(
    engine.db,
    market.marketplaceId,
    {
      model: candidate,
      state: "candidate",
      origin: "trained",
      labels: 120,
      trainedMs: Date.now(),
      promotedMs: null,
      passed: true,
    },
    file,
    "",
  );
  const setupCode = (await makeSetupCode(engine.db, Date.now())) ?? "";
  const app = await createApp(engine);
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  const worker = startWorker(engine);
  return {
    address,
    setupCode,
    truth,
    candidate,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await worker[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}
