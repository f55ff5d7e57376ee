import type { ApiKeyScope } from "@probity/contract";
import type { FastifyInstance } from "fastify";
import { createKey, listKeys } from "../../keys/keys.store.ts";
import { makeSetupCode } from "../../people/people.store.ts";
import { readConfig } from "../../platform/config.ts";
import type { Marketplace } from "../../platform/marketplace.ts";
import { ensureMarketplace, listMarketplaces } from "../../platform/marketplace.store.ts";
import { createApp, type Engine, openEngine, originOf, startWorker } from "../engine.ts";
import { readArgs, UsageError } from "./usage.ts";

/** Resolves at SIGINT or SIGTERM. */
export function stopSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve(signal));
  return promise;
}

/** The marketplace that the configuration names; made at the first start. */
export async function defaultMarketplace(engine: Engine, currency = "CNY"): Promise<Marketplace> {
  return ensureMarketplace(
    engine.db,
    { slug: engine.config.marketplace, name: engine.config.marketplace, currency, clock: "wall", isPublic: true },
    engine.now(),
  );
}

/** Rights of the first key: those of a shop's servers, none over people or keys. */
export const firstKeyScopes: readonly ApiKeyScope[] = [
  "events:write",
  "events:read",
  "log:read",
  "letters:read",
  "ratings:read",
  "policies:write",
  "policies:publish",
  "authenticity:read",
];

/** Listens; returns the address. */
export async function listen(app: FastifyInstance, engine: Engine): Promise<string> {
  const { host, port } = engine.config;
  try {
    return await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
      throw new UsageError(`Port ${port} on ${host} is taken; choose another with PROBITY_PORT or --port`);
    }
    throw error;
  }
}

/** Begins the logs of new marketplaces; refuses to go on where a database was rolled back. */
async function prepareLogs(engine: Engine): Promise<void> {
  for (const market of await listMarketplaces(engine.db)) await engine.publicLog.prepare(market);
}

const serveUsage = `probity serve: HTTP API, public pages and (unless PROBITY_WORKER=off) the jobs.
Configuration by environment (PROBITY_HOST, PROBITY_PORT, PROBITY_DATABASE_URL, …): docs/running-in-production.md`;

export async function serve(args: string[]): Promise<void> {
  if (readArgs(serveUsage, args, {}) === undefined) return;
  await using engine = await openEngine(readConfig(process.env));
  const market = await defaultMarketplace(engine);
  await engine.ratings.prepare(market);
  if ((await listKeys(engine.db)).length === 0) {
    const { token } = await createKey(engine.db, market, "first key", firstKeyScopes, engine.now());
    process.stdout.write(`First API key for ${market.slug}, shown once: ${token}\n`);
  }
  // The machine's clock, as sessions have it.
  const setupCode = await makeSetupCode(engine.db, Date.now());
  if (setupCode !== undefined) {
    process.stdout.write(
      `Nobody can sign in yet. Setup code for the first person, at ${originOf(engine.config)}/console/: ${setupCode}\n`,
    );
  }
  if (engine.config.worker) await prepareLogs(engine);
  const app = await createApp(engine);
  const stopped = stopSignal();
  const address = await listen(app, engine);
  const worker = engine.config.worker ? startWorker(engine) : undefined;
  engine.log.info({ address, database: engine.db.engine }, "serving");
  const signal = await stopped;
  engine.log.info({ signal }, "stopping");
  await app.close();
  await worker?.[Symbol.asyncDispose]();
}

const workerUsage = "probity worker: the jobs alone, beside servers that share a PostgreSQL database.";

export async function work(args: string[]): Promise<void> {
  if (readArgs(workerUsage, args, {}) === undefined) return;
  await using engine = await openEngine(readConfig(process.env));
  if (engine.db.engine === "pglite") {
    throw new UsageError(
      "A worker of its own needs PostgreSQL (PROBITY_DATABASE_URL); with the embedded database `probity serve` runs the jobs",
    );
  }
  await prepareLogs(engine);
  const stopped = stopSignal();
  await using _worker = startWorker(engine);
  engine.log.info("working");
  engine.log.info({ signal: await stopped }, "stopping");
}
