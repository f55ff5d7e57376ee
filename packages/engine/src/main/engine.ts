import { limits } from "@probity/contract";
import type { FastifyInstance } from "fastify";
import { pino, type Logger } from "pino";
import { KeyRing } from "../keys/keys.store.ts";
import { Ledger } from "../ledger/group-commit.store.ts";
import { addLedgerRoutes } from "../ledger/ledger.routes.ts";
import { readHead } from "../ledger/ledger.store.ts";
import { type Config, readMasterKey } from "../platform/config.ts";
import type { Db } from "../platform/db.ts";
import { createHttp } from "../platform/http.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { listMarketplaces } from "../platform/marketplace.store.ts";
import { createMetrics, type Metrics } from "../platform/metrics.ts";
import { migrate } from "../platform/migrate.ts";
import { Pglite } from "../platform/pglite.ts";
import { Postgres } from "../platform/postgres.ts";
import { MasterKey } from "../privacy/index.ts";
import { RatingsJob } from "../ratings/ratings.jobs.ts";
import { addRatingsRoutes } from "../ratings/ratings.routes.ts";
import { RatingsReader } from "../ratings/reader.store.ts";
import { addStorefrontRoutes } from "../storefront/storefront.routes.ts";
import { Worker } from "./worker.ts";

/** Everything of one process, opened once and closed in order. */
export interface Engine extends AsyncDisposable {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly db: Db;
  readonly master: MasterKey;
  readonly ledger: Ledger;
  readonly ratings: RatingsJob;
  readonly reader: RatingsReader;
  readonly now: () => number;
}

/** Opens the database that the configuration names: PostgreSQL, or PGlite in the data folder. */
export function openDb(config: Config): Db {
  return config.databaseUrl === undefined
    ? new Pglite(config.dataDir)
    : new Postgres(config.databaseUrl, config.dbConnections);
}

export interface EngineParts {
  /** A database that is open already; the engine closes it. */
  readonly db?: Db;
  readonly now?: () => number;
}

/** Opens the engine: database migrated, ledger ready. Close it with `await using`. */
export async function openEngine(config: Config, parts: EngineParts = {}): Promise<Engine> {
  const log = pino({ level: config.logLevel, redact: ["req.headers.authorization", "*.params", "*.parameters"] });
  const master = new MasterKey(readMasterKey(config));
  const db = parts.db ?? openDb(config);
  const now = parts.now ?? Date.now;
  try {
    const applied = await migrate(db);
    if (applied.length > 0) log.info({ applied }, "database migrated");
  } catch (error) {
    await db[Symbol.asyncDispose]();
    throw error;
  }
  const metrics = createMetrics();
  const ledger = new Ledger({
    db,
    master,
    now,
    onCommit: (market, _accepted, milliseconds) =>
      metrics.commitSeconds.observe({ marketplace: market.slug }, milliseconds / 1_000),
  });
  const ratings = new RatingsJob({
    db,
    ledger,
    now,
    onRated: (market, kind, subjects) => metrics.ratings.inc({ marketplace: market.slug, kind }, subjects),
  });
  return {
    config,
    log,
    metrics,
    db,
    master,
    ledger,
    ratings,
    reader: new RatingsReader(db, now),
    now,
    [Symbol.asyncDispose]: async () => {
      await ledger[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

/** Ingests all events in-process, a batch after the other; throws on the first rejected one. */
export async function ingestAll(engine: Engine, market: Marketplace, events: readonly unknown[]): Promise<void> {
  for (let from = 0; from < events.length; from += limits.commitEvents) {
    const verdicts = await engine.ledger.ingest(
      market,
      events.slice(from, from + limits.commitEvents).map((json) => ({ json })),
    );
    const refused = verdicts.find(({ verdict }) => verdict === "rejected");
    if (refused !== undefined) throw new Error(`an event was rejected: ${JSON.stringify(refused)}`);
  }
}

function addOperations(app: FastifyInstance, engine: Engine): void {
  let ready = true;
  app.addHook("onClose", async () => {
    ready = false;
  });
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    try {
      await engine.db.query("SELECT 1");
    } catch (error) {
      engine.log.warn({ err: error }, "database does not answer");
      ready = false;
    }
    if (!ready) reply.code(503);
    const answer = { status: ready ? "ready" : "not ready" };
    ready = true;
    return answer;
  });
  app.get("/metrics", async (_request, reply) => {
    for (const market of await listMarketplaces(engine.db)) {
      const [row] = await engine.db.query<{ next_seq: number }>(
        "SELECT next_seq FROM ratings_cursor WHERE marketplace_id = $1",
        [market.marketplaceId],
      );
      const head = await readHead(engine.db, market.marketplaceId);
      engine.metrics.ratingLagEvents.set({ marketplace: market.slug }, head.size - (row?.next_seq ?? 0));
    }
    reply.type(engine.metrics.registry.contentType);
    return engine.metrics.registry.metrics();
  });
}

/** The HTTP application with every route. */
export async function createApp(engine: Engine): Promise<FastifyInstance> {
  const { db, ledger, master, metrics, ratings, reader, now, config, log } = engine;
  const app = await createHttp({ log, metrics, bodyBytesMax: limits.bodyBytes });
  const keys = new KeyRing(db, now);
  const check = (token: string) => keys.check(token);
  addOperations(app, engine);
  addLedgerRoutes(app, { db, ledger, master, check, metrics });
  addRatingsRoutes(app, { db, reader, job: ratings, check, now });
  await addStorefrontRoutes(app, { db, reader, defaultMarketplace: config.marketplace, publicUrl: config.publicUrl });
  return app;
}

/** Starts the jobs; they stop when the worker is disposed. */
export function startWorker(engine: Engine): Worker {
  return new Worker(engine);
}
