import { limits, ProblemError } from "@probity/contract";
import type { TrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { hashesAt, readTilePath, type TileName, tileWidth } from "@probity/verifier/tlog/tile";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { readEntries } from "../ledger/ledger.store.ts";
import type { Db } from "../platform/db.ts";
import { addEndpoint, addPublicEndpoint, type CheckToken } from "../platform/http.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { findMarketplace } from "../platform/marketplace.store.ts";
import { loadPublished, readPolicyText } from "../ratings/published.store.ts";
import {
  type Audience,
  loadShards,
  readActs,
  readLogHead,
  readPublished,
  setAudience,
  type Shard,
  type StoredCheckpoint,
} from "./log.store.ts";
import { hintOf } from "./mirror.jobs.ts";
import type { Opener } from "./openings.store.ts";
import type { ReceiptMaker } from "./receipts.store.ts";
import { readLogStatus, trustPolicyOfLog } from "./status.store.ts";
import { readBundleOf, tileReader } from "./tiles.store.ts";

export interface LogRoutesOptions {
  readonly db: Db;
  readonly check: CheckToken;
  readonly receipts: ReceiptMaker;
  readonly opener: Opener;
  /** Witnesses and quorum. */
  readonly policy: TrustPolicy;
  /** Address of the server as others reach it. */
  readonly serverUrl: string;
}

const forEver = "public, max-age=31536000, immutable";
const shortly = "public, max-age=2";
/** Answers that only some may see stay out of shared caches. */
const forOne = "private, max-age=31536000, immutable";

/** A shard of a log as a request names it. */
interface Named {
  readonly market: Marketplace;
  readonly audience: Audience;
  readonly shards: readonly Shard[];
  readonly shard: Shard;
  readonly published: StoredCheckpoint;
}

const nothing = (what: string): ProblemError => new ProblemError("not-found", what);

async function find(db: Db, slug: string, number: number): Promise<Named> {
  const market = await findMarketplace(db, slug);
  const head = market && (await readLogHead(db, market.marketplaceId));
  if (market === undefined || head === undefined) throw nothing(`There is no public log of ${slug}`);
  const shards = await loadShards(db, market.marketplaceId);
  const shard = shards.find((item) => item.shard === number);
  if (shard === undefined) throw nothing(`The log of ${slug} has no shard ${number}`);
  const published = await readPublished(db, market.marketplaceId, number);
  if (published === undefined) throw nothing(`The log of ${slug} has published no checkpoint yet; ask again shortly`);
  return { market, audience: head.audience, shards, shard, published };
}

/** Refuses who may not read entries where they are for auditors, or open them. */
async function admitAuditor(
  request: FastifyRequest,
  { market, audience }: Named,
  check: CheckToken,
  scope: "log:read" | "log:open" = "log:read",
): Promise<void> {
  if (audience === "public" && scope === "log:read") return;
  const [scheme = "", token = ""] = (request.headers.authorization ?? "").split(" ");
  if (scheme.toLowerCase() !== "bearer" || token === "")
    throw new ProblemError("key-missing", `This is for auditors: send an API key with the right ${scope}`);
  const caller = await check(token);
  if (caller === undefined) throw new ProblemError("key-unknown", "The API key is not known, or it was revoked");
  if (caller.market.marketplaceId !== market.marketplaceId)
    throw new ProblemError("marketplace-foreign", "The key belongs to another marketplace");
  if (!caller.scopes.includes(scope)) throw new ProblemError("scope-missing", `The key lacks the right ${scope}`);
}

/** Keeps a request to tiles that a published size has, whole or partial. */
function checkTile({ level, index, width }: TileName, size: number): void {
  const hashes = hashesAt(level === "entries" ? 0 : level, size);
  if (index * tileWidth + width > hashes) throw nothing(`The published log of ${size} entries has no such tile`);
}

async function sendTile(db: Db, name: TileName, named: Named, reply: FastifyReply): Promise<Uint8Array> {
  checkTile(name, named.published.size);
  const isEntries = name.level === "entries";
  const { marketplaceId } = named.market;
  const bytes = isEntries ? await readBundleOf(db, marketplaceId, name) : await tileReader(db, marketplaceId)(name);
  reply
    .type("application/octet-stream")
    .header("cache-control", isEntries && named.audience !== "public" ? forOne : forEver)
    .header("access-control-allow-origin", "*");
  return bytes;
}

async function actsOf(db: Db, named: Named, from: number): Promise<object> {
  const rows = await readActs(db, named.market.marketplaceId, from, named.published.size, limits.logActs);
  return { acts: rows.map(hintOf), next: rows.length === limits.logActs ? (rows.at(-1)?.seq ?? 0) + 1 : null };
}

async function ratingsAt(db: Db, named: Named, place: number): Promise<string> {
  const { marketplaceId } = named.market;
  const [entry] = place < named.published.size ? await readEntries(db, marketplaceId, place, 1) : [];
  const { t, p } = JSON.parse(entry ?? "{}") as { t?: string; p?: { root?: string } };
  const lines = t === "ratings.published" ? await loadPublished(db, marketplaceId, p?.root ?? "") : undefined;
  if (lines === undefined) throw nothing(`No ratings of entry ${place} are kept`);
  return lines;
}

async function policyText(db: Db, { market }: Named, id: string): Promise<string> {
  const text = await readPolicyText(db, market.marketplaceId, id);
  if (text === undefined) throw nothing(`No policy ${id} was published`);
  return text;
}

/** Serves one address below a log's prefix; `rest` is what follows it. */
async function answer(
  options: LogRoutesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  { slug, shard, rest }: Address,
): Promise<unknown> {
  const { db, check } = options;
  const named = await find(db, slug, shard);
  reply.header("access-control-allow-origin", "*");
  const text = (cache: string): FastifyReply => reply.type("text/plain; charset=utf-8").header("cache-control", cache);
  const { audience } = named;
  if (rest === "checkpoint") {
    text(shortly);
    return named.published.note;
  }
  if (rest === "trust-policy") {
    text(shortly);
    return trustPolicyOfLog(options, slug, named.shards);
  }
  const tile = readTilePath(rest);
  if (tile !== undefined) {
    if (tile.level === "entries") await admitAuditor(request, named, check);
    return sendTile(db, tile, named, reply);
  }
  const [kind, name = ""] = rest.split("/");
  if (kind === "policies" && /^[0-9a-f]{64}$/.test(name)) {
    reply.type("application/json; charset=utf-8").header("cache-control", forEver);
    return policyText(db, named, name);
  }
  if (kind === "openings" && /^\d{1,15}$/.test(name)) {
    await admitAuditor(request, named, check, "log:open");
    reply.header("cache-control", "no-store");
    if (Number(name) >= named.published.size) throw nothing(`The published log has no entry ${name}`);
    return options.opener.open(named.market, Number(name));
  }
  if (rest === "acts" || (kind === "ratings" && /^\d{1,15}$/.test(name))) {
    await admitAuditor(request, named, check);
    if (rest !== "acts") {
      text(audience === "public" ? forEver : forOne);
      return ratingsAt(db, named, Number(name));
    }
    const { from = "0" } = request.query as { from?: string };
    if (!/^\d{1,15}$/.test(from)) throw new ProblemError("request-invalid", "/query/from is not a place of the log");
    reply.header("cache-control", audience === "public" ? shortly : "private, max-age=2");
    return actsOf(db, named, Number(from));
  }
  throw nothing("The log serves no such address");
}

interface Address {
  readonly slug: string;
  readonly shard: number;
  readonly rest: string;
}

/** The log as platforms and people ask for it. */
function addEndpoints(app: FastifyInstance, { db, check, receipts, policy, serverUrl }: LogRoutesOptions): void {
  addEndpoint(app, check, "readLog", async ({ market }) => readLogStatus(db, market, policy, serverUrl));
  addEndpoint(app, check, "setLogAudience", async ({ market, body }) => {
    await readLogStatus(db, market, policy, serverUrl);
    await setAudience(db, market.marketplaceId, body.audience);
    return { audience: body.audience };
  });
  addEndpoint(app, check, "readReceipt", async ({ market, params }) => receipts.receipt(market, params.seq));
  addPublicEndpoint(app, "readRatingProof", async ({ params, reply }) => {
    const market = await findMarketplace(db, params.marketplace);
    if (market === undefined || !market.isPublic) throw nothing(`There is no public marketplace ${params.marketplace}`);
    reply.header("access-control-allow-origin", "*").header("cache-control", "public, max-age=60");
    return receipts.ratingProof(market, params.merchant);
  });
}

/** Adds `/log/<marketplace>/…` and, for shards after the first, `/log/<marketplace>/<shard>/…`, beside the endpoints. */
export function addLogRoutes(app: FastifyInstance, options: LogRoutesOptions): void {
  addEndpoints(app, options);
  app.get("/log/:slug/*", async (request, reply) => {
    const { slug, "*": path } = request.params as { slug: string; "*": string };
    const [, number, rest] = /^([1-9]\d{0,5})\/(.*)$/s.exec(path) ?? [];
    return answer(options, request, reply, { slug, shard: Number(number ?? 1), rest: rest ?? path });
  });
}
