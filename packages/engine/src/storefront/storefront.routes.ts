import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  dayText,
  type Grade,
  grades,
  openapi,
  ProblemError,
  problems,
  type ReviewNote,
  type TrustCard,
  type Verification,
} from "@probity/contract";
import type { TrustPolicy } from "@probity/verifier/tlog/trust-policy";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AuthenticityReader } from "../authenticity/reader.store.ts";
import type { Db } from "../platform/db.ts";
import { addPublicEndpoint } from "../platform/http.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { findMarketplace } from "../platform/marketplace.store.ts";
import { readLogStatus } from "../log/status.store.ts";
import { countGrades, loadPolicies, toRecord } from "../ratings/ratings.store.ts";
import type { RatingsReader } from "../ratings/reader.store.ts";
import {
  renderCheckReceiptPage,
  renderErrorPage,
  renderHowWeRatePage,
  renderHowWeVerifyPage,
  renderIndexPage,
  renderMerchantPage,
  renderNotFoundPage,
  renderTrustPage,
  merchantPath,
  pickLocale,
  siteCss,
  siteCssPath,
  toTrustCard,
} from "./index.ts";
import type { Site } from "./paths.ts";

export interface StorefrontOptions {
  readonly db: Db;
  readonly reader: RatingsReader;
  readonly verdicts: AuthenticityReader;
  /** Served at `/`; others at `/at/<slug>`. */
  readonly defaultMarketplace: string;
  readonly publicUrl: string | undefined;
  /** Witnesses and quorum of the public log, and the server's address in it. */
  readonly log: { readonly policy: TrustPolicy; readonly serverUrl: string };
}

const pageRows = 40;
const historyDays = 400;

type Query = Record<string, string | undefined>;

/** Query of a page; what no database holds (NUL) is left out. */
const queryOf = (request: FastifyRequest): Query =>
  Object.fromEntries(
    Object.entries(request.query as Record<string, unknown>).map(([key, value]) => [
      key,
      typeof value === "string" && !value.includes("\u0000") ? value : undefined,
    ]),
  );

/** Answers 304 where the reader has this very content. */
function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  body: string,
  type: string,
  cache: string,
): FastifyReply {
  const tag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  reply.header("etag", tag).header("cache-control", cache).header("vary", "accept-language");
  if (request.headers["if-none-match"] === tag) return reply.code(304).send();
  return reply.type(type).send(body);
}

const whenCode = (code: ProblemError["code"]) => (error: unknown) => {
  if (error instanceof ProblemError && error.code === code) return null;
  throw error;
};

class Storefront {
  readonly #options: StorefrontOptions;
  /** Runs under way by marketplace: a run reads every verdict, so those who ask meanwhile wait for the same. */
  readonly #verifying = new Map<number, Promise<Verification>>();

  constructor(options: StorefrontOptions) {
    this.#options = options;
  }

  /** The public marketplace of a path, or a 404. */
  async market(slug: string | undefined): Promise<Marketplace> {
    const wanted = slug ?? this.#options.defaultMarketplace;
    const found = wanted.includes("\u0000") ? undefined : await findMarketplace(this.#options.db, wanted);
    if (found === undefined || !found.isPublic)
      throw new ProblemError("not-found", "There is no public marketplace here");
    return found;
  }

  #origin(request: FastifyRequest): string {
    return this.#options.publicUrl?.replace(/\/+$/, "") ?? `${request.protocol}://${request.host}`;
  }

  site(request: FastifyRequest, market: Marketplace | undefined): Site {
    const { defaultMarketplace } = this.#options;
    const prefix = market === undefined || market.slug === defaultMarketplace ? "" : `/at/${market.slug}`;
    return {
      locale: pickLocale(queryOf(request)["lang"], request.headers["accept-language"]),
      baseUrl: this.#origin(request) + prefix,
      marketplaceName: market?.name ?? "Probity",
      ...(market === undefined ? {} : { marketplace: market.slug }),
    };
  }

  async card(market: Marketplace, id: string): Promise<TrustCard> {
    const explanation = await this.#options.reader.explain(market, "merchant", id);
    const prefix = market.slug === this.#options.defaultMarketplace ? "" : `/at/${market.slug}`;
    return toTrustCard(explanation, { url: prefix + merchantPath(id) });
  }

  verification(market: Marketplace): Promise<Verification> {
    const { marketplaceId } = market;
    const running = this.#verifying.get(marketplaceId);
    if (running !== undefined) return running;
    const started = this.#options.verdicts.verification(market).finally(() => this.#verifying.delete(marketplaceId));
    this.#verifying.set(marketplaceId, started);
    return started;
  }

  async note(market: Marketplace, merchant: string, review: string): Promise<ReviewNote> {
    const note = await this.#options.verdicts.note(market, merchant, review);
    if (note === undefined) throw new ProblemError("not-found", `There is no review ${review} of ${merchant}`);
    return note;
  }

  async howWeVerify(request: FastifyRequest, market: Marketplace): Promise<string> {
    const site = this.site(request, market);
    return renderHowWeVerifyPage({
      ...site,
      verification: await this.verification(market).catch(whenCode("not-ready")),
      dataUrl: `${this.#origin(request)}/v1/public/${encodeURIComponent(market.slug)}/verification`,
    });
  }

  async merchantPage(request: FastifyRequest, market: Marketplace, id: string): Promise<string> {
    const { reader, verdicts } = this.#options;
    if (id.includes("\u0000")) throw new ProblemError("not-found", "There is no such merchant");
    const explanation = await reader.explain(market, "merchant", id);
    const day = Date.parse(explanation.rating.day) / 86_400_000;
    return renderMerchantPage({
      ...this.site(request, market),
      card: toTrustCard(explanation, { url: merchantPath(id) }),
      explanation,
      history: await reader.history(market, "merchant", id, dayText(Math.max(0, day - historyDays))),
      packs: await reader.packs(market, "merchant", id),
      summary: await verdicts.summary(market, "merchant", id).catch(whenCode("not-found")),
      policy: (await reader.policyOn(market, "merchant", day)).policy,
    });
  }

  async indexPage(request: FastifyRequest, market: Marketplace): Promise<string> {
    const { db, reader } = this.#options;
    const { q, category, grade, status, cursor } = queryOf(request);
    const filters = {
      q: q?.slice(0, 100),
      category: category?.slice(0, 128),
      grade: (grades as readonly string[]).includes(grade ?? "") ? (grade as Grade) : undefined,
      status: status === "rated" || status === "too-early" ? status : undefined,
    } as const;
    const page = await reader.list(market, { kind: "merchant", ...filters }, cursor, pageRows);
    const counted = await countGrades(db, market.marketplaceId, "merchant");
    const byGrade = new Map<string | null, number>();
    const byCategory = new Map<string, number>();
    for (const { grade: held, category: of, subjects } of counted) {
      byGrade.set(held, (byGrade.get(held) ?? 0) + subjects);
      if (of !== null) byCategory.set(of, (byCategory.get(of) ?? 0) + subjects);
    }
    return renderIndexPage({
      ...this.site(request, market),
      ...page,
      counts: [...grades, null].map((held) => ({ grade: held, merchants: byGrade.get(held) ?? 0 })),
      categories: [...byCategory]
        .map(([of, merchants]) => ({ category: of, merchants }))
        .sort((a, b) => b.merchants - a.merchants || (a.category < b.category ? -1 : 1)),
      filters,
      cursor: cursor ?? null,
    });
  }

  async howWeRate(request: FastifyRequest, market: Marketplace): Promise<string> {
    const { db, reader } = this.#options;
    const current = await reader.policyOn(market, "merchant", await reader.today(market));
    const others = (await loadPolicies(db, market.marketplaceId)).filter(
      ({ policyId, subject, state }) =>
        policyId !== current.policyId && subject === "merchant" && (state === "published" || state === "superseded"),
    );
    return renderHowWeRatePage({
      ...this.site(request, market),
      policy: current.policy,
      record: toRecord(current),
      versions: others.reverse().map(toRecord),
    });
  }

  /** Receipts are of any log of the server, of a marketplace without public pages too. */
  async checkReceipt(request: FastifyRequest): Promise<string> {
    const { defaultMarketplace } = this.#options;
    const asked = queryOf(request)["log"] ?? defaultMarketplace;
    const log = slugForm.test(asked) ? asked : defaultMarketplace;
    const market = await this.market(log).catch(whenCode("not-found"));
    return renderCheckReceiptPage({ ...this.site(request, market ?? undefined), log });
  }

  async trust(request: FastifyRequest, market: Marketplace): Promise<string> {
    const { db, log } = this.#options;
    const policies = await loadPolicies(db, market.marketplaceId);
    return renderTrustPage({
      ...this.site(request, market),
      marketplace: market.slug,
      log: await readLogStatus(db, market, log.policy, log.serverUrl).catch(whenCode("log-state")),
      policies: policies.filter(isPublished).reverse().map(toRecord),
    });
  }
}

const slugForm = /^[\w-]{1,128}$/;
const isPublished = ({ state }: { readonly state: string }): boolean =>
  state === "published" || state === "in-force" || state === "superseded";

type Render = (request: FastifyRequest, market: Marketplace) => Promise<string>;

/** Sends a page, or the page that says why there is none. */
async function sendPage(
  front: Storefront,
  request: FastifyRequest,
  reply: FastifyReply,
  slug: string | undefined,
  render: Render,
): Promise<FastifyReply> {
  let market: Marketplace | undefined;
  try {
    market = await front.market(slug);
    const page = await render(request, market);
    return sendTagged(request, reply, page, "text/html; charset=utf-8", "public, max-age=30");
  } catch (error) {
    const status = error instanceof ProblemError ? problems[error.code].status : 500;
    if (status >= 500) request.log.error({ err: error }, "page failed");
    const site = front.site(request, market);
    const page =
      status === 404 ? renderNotFoundPage(site) : renderErrorPage({ ...site, status, reference: request.id });
    return reply.code(status).type("text/html; charset=utf-8").send(page);
  }
}

const slugOf = (request: FastifyRequest): string | undefined =>
  (request.params as { marketplace?: string }).marketplace;

/** A page of the default marketplace, and below its prefix of every other. */
function addPage(app: FastifyInstance, front: Storefront, url: string, render: Render): void {
  const handler = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    sendPage(front, request, reply, slugOf(request), render);
  app.get(url, handler);
  app.get(url === "/" ? "/at/:marketplace" : `/at/:marketplace${url}`, handler);
}

/** Pages that stand beside those of all marketplaces: on trust in one, and the one that checks receipts. */
function addTrustPages(app: FastifyInstance, front: Storefront): void {
  app.get("/trust/:marketplace", (request, reply) =>
    sendPage(front, request, reply, slugOf(request), (asked, market) => front.trust(asked, market)),
  );
  app.get("/verify", async (request, reply) =>
    sendTagged(request, reply, await front.checkReceipt(request), "text/html; charset=utf-8", "public, max-age=30"),
  );
}

function addPublicData(app: FastifyInstance, front: Storefront): void {
  const sendJson = (request: FastifyRequest, reply: FastifyReply, answer: unknown): never =>
    sendTagged(
      request,
      reply,
      JSON.stringify(answer),
      "application/json; charset=utf-8",
      "public, max-age=30",
    ) as never;
  addPublicEndpoint(app, "readTrustCard", async ({ params, request, reply }) =>
    sendJson(request, reply, await front.card(await front.market(params.marketplace), params.id)),
  );
  addPublicEndpoint(app, "readReviewNote", async ({ params, request, reply }) => {
    const market = await front.market(params.marketplace);
    return sendJson(request, reply, await front.note(market, params.merchant, params.review));
  });
  addPublicEndpoint(app, "readVerification", async ({ params, request, reply }) =>
    sendJson(request, reply, await front.verification(await front.market(params.marketplace))),
  );
}

/** Public pages, the data and scripts of trust card and review note, and the API's description. */
export async function addStorefrontRoutes(app: FastifyInstance, options: StorefrontOptions): Promise<void> {
  const front = new Storefront(options);
  const built = (address: string): Promise<string> => readFile(new URL(address), "utf8");
  const description = JSON.stringify(openapi());
  addPage(app, front, "/", (request, market) => front.indexPage(request, market));
  addPage(app, front, "/m", (request, market) => front.indexPage(request, market));
  addPage(app, front, "/m/:merchant", (request, market) =>
    front.merchantPage(request, market, (request.params as { merchant: string }).merchant),
  );
  addPage(app, front, "/how-we-rate", (request, market) => front.howWeRate(request, market));
  addPage(app, front, "/how-we-verify", (request, market) => front.howWeVerify(request, market));
  addTrustPages(app, front);
  const asset = (url: string, body: string, type: string, cache: string): void => {
    app.get(url, (request, reply) => {
      reply.header("access-control-allow-origin", "*");
      return sendTagged(request, reply, body, type, cache);
    });
  };
  asset(siteCssPath, siteCss, "text/css; charset=utf-8", "public, max-age=31536000, immutable");
  asset(`/at/:marketplace${siteCssPath}`, siteCss, "text/css; charset=utf-8", "public, max-age=31536000, immutable");
  for (const name of ["trust-card", "review-note", "check-rating", "check-receipt"]) {
    const script = await built(import.meta.resolve(`@probity/widgets/built/${name}.js`));
    asset(`/widgets/${name}.js`, script, "text/javascript; charset=utf-8", "public, max-age=3600");
  }
  asset("/openapi.json", description, "application/json; charset=utf-8", "public, max-age=300");
  addPublicData(app, front);
}
