import { hkdfSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { limits } from "@probity/contract";
import { FormatError } from "@probity/verifier/tlog/bytes";
import { readTrustPolicy, type TrustPolicy } from "@probity/verifier/tlog/trust-policy";
import type { FastifyInstance } from "fastify";
import { pino, type Logger } from "pino";
import { AuthenticityJob } from "../authenticity/authenticity.jobs.ts";
import { addAuthenticityRoutes } from "../authenticity/authenticity.routes.ts";
import { AuthenticityReader } from "../authenticity/reader.store.ts";
import { defaultWordReader } from "../authenticity/index.ts";
import { addCredentialsRoutes } from "../credentials/credentials.routes.ts";
import { CredentialImporter } from "../credentials/importer.store.ts";
import { CredentialIssuer } from "../credentials/issuer.store.ts";
import { addErasureRoutes } from "../erasure/erasure.routes.ts";
import { addKeysRoutes } from "../keys/keys.routes.ts";
import { KeyRing } from "../keys/keys.store.ts";
import { Ledger } from "../ledger/group-commit.store.ts";
import { addLedgerRoutes } from "../ledger/ledger.routes.ts";
import { readHead } from "../ledger/ledger.store.ts";
import { nodePrimitives } from "../log/index.ts";
import { LogJob } from "../log/log.jobs.ts";
import { addLogRoutes } from "../log/log.routes.ts";
import { loadShards } from "../log/log.store.ts";
import { Opener } from "../log/openings.store.ts";
import { LogMirror } from "../log/mirror.jobs.ts";
import { trustPolicyOfLog } from "../log/status.store.ts";
import { ReceiptMaker } from "../log/receipts.store.ts";
import { Witnesses } from "../log/witnesses.jobs.ts";
import { parseOidcRules } from "../people/index.ts";
import { addMarketplacesRoutes } from "../people/marketplaces.routes.ts";
import { addPeopleRoutes } from "../people/people.routes.ts";
import { addSessionRoutes } from "../people/session.routes.ts";
import { People, type PeopleOptions } from "../people/sign-in.store.ts";
import { type Config, ConfigError, readMasterKey } from "../platform/config.ts";
import { CredentialKeys } from "../platform/credential-keys.ts";
import type { Db } from "../platform/db.ts";
import { type FetchText, fetchText } from "../platform/fetch-text.ts";
import { type CheckToken, createHttp } from "../platform/http.ts";
import { BucketTarget } from "../platform/bucket-target.ts";
import { FolderTarget } from "../platform/folder-target.ts";
import { LogKeys } from "../platform/log-keys.ts";
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
import { addConsole } from "./console-files.ts";

/** Everything of one process, opened once and closed in order. */
export interface Engine extends AsyncDisposable {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly db: Db;
  readonly master: MasterKey;
  /** Signs the cookies of sessions and seals authenticators' secrets. */
  readonly signInSecret: Uint8Array;
  readonly ledger: Ledger;
  readonly authenticity: AuthenticityJob;
  readonly ratings: RatingsJob;
  readonly publicLog: LogJob;
  readonly receipts: ReceiptMaker;
  readonly credentialIssuer: CredentialIssuer;
  readonly credentialImporter: CredentialImporter;
  /** Copies what is published into a folder; undefined where none is configured. */
  readonly mirror: LogMirror | undefined;
  /** Witnesses of the public log, and their quorum. */
  readonly trustPolicy: TrustPolicy;
  readonly reader: RatingsReader;
  readonly now: () => number;
  /** Called with a marketplace whenever something was committed to its ledger by this process. */
  readonly committed: Set<(market: Marketplace) => void>;
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
  /** How status lists of other marketplaces are fetched. */
  readonly fetchText?: FetchText;
}

async function migrateOrClose(db: Db, log: Logger): Promise<void> {
  try {
    const applied = await migrate(db);
    if (applied.length > 0) log.info({ applied }, "database migrated");
  } catch (error) {
    await db[Symbol.asyncDispose]();
    throw error;
  }
}

/** Opens the engine: database migrated, ledger ready. Close it with `await using`. */
export async function openEngine(config: Config, parts: EngineParts = {}): Promise<Engine> {
  const log = pino({
    level: config.logLevel,
    redact: ["req.headers.authorization", "req.headers.cookie", "*.params", "*.parameters"],
  });
  const masterBytes = readMasterKey(config);
  const master = new MasterKey(masterBytes);
  readOidcSettings(config);
  const trustPolicy = await readLogPolicy(config);
  const db = parts.db ?? openDb(config);
  const now = parts.now ?? Date.now;
  await migrateOrClose(db, log);
  const metrics = createMetrics();
  const committed = new Set<(market: Marketplace) => void>();
  const ledger = new Ledger({
    db,
    master,
    now,
    onCommit: (market, accepted, milliseconds) => {
      metrics.commitSeconds.observe({ marketplace: market.slug }, milliseconds / 1_000);
      if (accepted > 0) for (const tell of committed) tell(market);
    },
  });
  const authenticity = new AuthenticityJob({
    db,
    ledger,
    master,
    reader: defaultWordReader(),
    now,
    onJudged: (market, occasion, items, milliseconds) => {
      metrics.judged.inc({ marketplace: market.slug, occasion }, items);
      metrics.judgeSeconds.observe({ marketplace: market.slug, occasion }, milliseconds / 1_000);
    },
  });
  const ratings = new RatingsJob({
    db,
    ledger,
    now,
    onRated: (market, kind, subjects) => metrics.ratings.inc({ marketplace: market.slug, kind }, subjects),
  });
  const publicLog = openLog(config, { db, ledger, metrics, now, trustPolicy });
  const receipts = new ReceiptMaker(db, master);
  return {
    config,
    log,
    metrics,
    db,
    master,
    signInSecret: new Uint8Array(hkdfSync("sha256", masterBytes, "probity", "sign-in", 32)),
    ledger,
    authenticity,
    ratings,
    publicLog,
    receipts,
    ...openCredentials(config, { db, ledger, receipts, now, fetchText: parts.fetchText ?? fetchText }),
    mirror: openMirror(config, db, trustPolicy),
    trustPolicy,
    reader: new RatingsReader(db, now),
    now,
    committed,
    [Symbol.asyncDispose]: async () => {
      await ledger[Symbol.asyncDispose]();
      await authenticity[Symbol.asyncDispose]();
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

function openMirror(config: Config, db: Db, policy: TrustPolicy): LogMirror | undefined {
  const { mirror } = config.log;
  if (mirror === undefined) return undefined;
  return new LogMirror({
    db,
    target: "folder" in mirror ? new FolderTarget(mirror.folder) : new BucketTarget(mirror),
    trustPolicyOf: async ({ marketplaceId, slug }) =>
      trustPolicyOfLog({ policy, serverUrl: originOf(config) }, slug, await loadShards(db, marketplaceId)),
  });
}

interface LogParts {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly trustPolicy: TrustPolicy;
}

function openLog(config: Config, { db, ledger, metrics, now, trustPolicy }: LogParts): LogJob {
  return new LogJob({
    db,
    ledger,
    keys: new LogKeys(config.log.keys),
    witnesses: new Witnesses(trustPolicy),
    now,
    originOf: (slug) => `${originOf(config).replace(/^https?:\/\//, "")}/log/${slug}`,
    batchEntries: config.log.batchEntries,
    onSealed: (market, entries, milliseconds) => {
      metrics.logEntries.inc({ marketplace: market.slug }, entries);
      metrics.sealSeconds.observe({ marketplace: market.slug }, milliseconds / 1_000);
    },
  });
}

interface CredentialParts {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly receipts: ReceiptMaker;
  readonly now: () => number;
  readonly fetchText: FetchText;
}

function openCredentials(
  config: Config,
  { fetchText: fetcher, ...parts }: CredentialParts,
): Pick<Engine, "credentialIssuer" | "credentialImporter"> {
  const keys = new CredentialKeys(config.credentialKeys);
  const credentialIssuer = new CredentialIssuer({ ...parts, keys, serverUrl: originOf(config) });
  const credentialImporter = new CredentialImporter({ ...parts, issuer: credentialIssuer, fetchText: fetcher });
  return { credentialIssuer, credentialImporter };
}

/** Witnesses and quorum of the public log; without a file, none are asked for. */
async function readLogPolicy({ log: { policyFile } }: Config): Promise<TrustPolicy> {
  if (policyFile === undefined) return { logs: [], witnesses: [], groups: [], quorum: "none" };
  try {
    return await readTrustPolicy(nodePrimitives, await readFile(policyFile, "utf8"));
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError(
      `PROBITY_LOG_POLICY: ${policyFile} ${error instanceof FormatError ? `breaks a rule: ${message}` : `cannot be read: ${message}`}`,
    );
  }
}

/** Settings of the identity provider; throws where a rule about roles breaks the form. */
function readOidcSettings({ oidc }: Config): PeopleOptions["oidc"] {
  if (oidc === undefined) return undefined;
  const parsed = parseOidcRules(oidc.roles);
  if ("wrong" in parsed) {
    throw new ConfigError(`PROBITY_OIDC_ROLES: ${parsed.wrong} is not written as VALUE=MARKETPLACE/ROLE`);
  }
  return { ...oidc, rules: parsed.rules };
}

export interface AppOptions {
  /** Whether visitors may look around without a password: `demo` alone. */
  readonly isDemo?: boolean;
}

/** Address of the server as browsers see it: what was configured, or where it listens. */
export function originOf({ publicUrl, host, port }: Config): string {
  return publicUrl === undefined
    ? `http://${host.includes(":") ? `[${host}]` : host}:${port}`
    : new URL(publicUrl).origin;
}

/** The HTTP application with every route. */
export async function createApp(engine: Engine, { isDemo = false }: AppOptions = {}): Promise<FastifyInstance> {
  const { db, ledger, master, metrics, ratings, reader, now, config, log } = engine;
  const { trustedProxies, publicUrl } = config;
  const people = new People({
    db,
    ledger,
    secret: engine.signInSecret,
    origin: originOf(config),
    oidc: readOidcSettings(config),
    warn: (message) => log.warn({ from: "sign-in library" }, message),
    demo: isDemo ? { host: config.host } : undefined,
    // The machine's clock, not the engine's: the sign-in library reads it by itself.
    now: () => Date.now(),
  });
  const app = await createHttp({
    log,
    metrics,
    bodyBytesMax: limits.bodyBytes,
    trustedProxies,
    sessions: people,
    publicUrl,
  });
  const keys = new KeyRing(db, now);
  const check: CheckToken = async (token) => {
    const holder = await keys.check(token);
    return holder && { ...holder, actor: { by: "key", who: holder.keyId } };
  };
  addOperations(app, engine);
  addSessionRoutes(app, people);
  addPeopleRoutes(app, people, check);
  addMarketplacesRoutes(app, people, (market) => ratings.prepare(market));
  addKeysRoutes(app, { db, ledger, check, now });
  addLedgerRoutes(app, { db, ledger, master, check, metrics, now });
  addRatingsRoutes(app, { db, reader, job: ratings, check, now });
  const verdicts = new AuthenticityReader({ db, master, reader: defaultWordReader(), now });
  addAuthenticityRoutes(app, {
    db,
    ledger,
    job: engine.authenticity,
    reader: verdicts,
    ratings: reader,
    check,
    now,
  });
  addProofs(app, engine, check);
  await addConsole(app);
  await addStorefrontRoutes(app, {
    db,
    reader,
    verdicts,
    defaultMarketplace: config.marketplace,
    publicUrl,
    log: { policy: engine.trustPolicy, serverUrl: originOf(config) },
  });
  return app;
}

/** What outsiders check: the log, credentials; and what is taken out of reach without touching them. */
function addProofs(app: FastifyInstance, engine: Engine, check: CheckToken): void {
  const { db, ledger, master, now, authenticity, receipts, trustPolicy: policy } = engine;
  const onErased = (market: Marketplace): void => {
    ledger.forget(market);
    authenticity.forget(market);
  };
  addErasureRoutes(app, { db, master, now, onErased, check });
  const opener = new Opener(db, master);
  addLogRoutes(app, { db, check, receipts, opener, policy, serverUrl: originOf(engine.config) });
  addCredentialsRoutes(app, { db, check, issuer: engine.credentialIssuer, importer: engine.credentialImporter });
}

/** Starts the jobs; they stop when the worker is disposed. */
export function startWorker(engine: Engine): Worker {
  return new Worker(engine);
}
