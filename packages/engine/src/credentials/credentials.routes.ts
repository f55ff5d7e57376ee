import { hash } from "node:crypto";
import { ProblemError } from "@probity/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Db } from "../platform/db.ts";
import { addEndpoint, type CheckToken } from "../platform/http.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { findMarketplace } from "../platform/marketplace.store.ts";
import type { CredentialImporter } from "./importer.store.ts";
import { contextDocument } from "./index.ts";
import type { CredentialIssuer } from "./issuer.store.ts";

export interface CredentialsRoutesOptions {
  readonly db: Db;
  readonly check: CheckToken;
  readonly issuer: CredentialIssuer;
  readonly importer: CredentialImporter;
}

const shortly = "public, max-age=60";
const forADay = "public, max-age=86400";

/** Answers any origin, and 304 where the reader has this very content. */
function send(request: FastifyRequest, reply: FastifyReply, type: string, cache: string, body: string): FastifyReply {
  const tag = `"${hash("sha256", body, "base64url").slice(0, 22)}"`;
  reply.header("access-control-allow-origin", "*").header("etag", tag).header("cache-control", cache);
  if (request.headers["if-none-match"] === tag) return reply.code(304).send();
  return reply.type(type).send(body);
}

/** What verifiers ask for. */
function addPublicRoutes(app: FastifyInstance, { db, issuer }: CredentialsRoutesOptions): void {
  const find = async (request: FastifyRequest): Promise<Marketplace> => {
    const { slug } = request.params as { slug: string };
    const market = /^[a-z0-9-]{1,63}$/.test(slug) ? await findMarketplace(db, slug) : undefined;
    if (market === undefined) throw new ProblemError("not-found", "There is no such marketplace here");
    return market;
  };
  const orNothing = <T>(found: T | undefined): T => {
    if (found === undefined) throw new ProblemError("not-found", "This marketplace has issued no such credentials");
    return found;
  };
  app.get("/credentials/context/v1", async (request, reply) =>
    send(request, reply, "application/ld+json", forADay, JSON.stringify(contextDocument)),
  );
  app.get("/credentials/:slug/did.json", async (request, reply) => {
    const document = orNothing(await issuer.document(await find(request)));
    return send(request, reply, "application/json", shortly, JSON.stringify(document));
  });
  app.get("/.well-known/jwt-vc-issuer/credentials/:slug", async (request, reply) => {
    const metadata = orNothing(await issuer.metadata(await find(request)));
    return send(request, reply, "application/json", shortly, JSON.stringify(metadata));
  });
  app.get("/credentials/:slug/status/:list", async (request, reply) => {
    const { list } = request.params as { list: string };
    const market = await find(request);
    const text = orNothing(/^[1-9]\d{0,8}$/.test(list) ? await issuer.statusList(market, Number(list)) : undefined);
    return send(request, reply, "application/vc+jwt", shortly, text);
  });
}

/** Adds the endpoints of credentials, and what verifiers read below `/credentials` and `/.well-known`. */
export function addCredentialsRoutes(app: FastifyInstance, options: CredentialsRoutesOptions): void {
  const { check, issuer, importer } = options;
  addEndpoint(app, check, "issueCredential", ({ market, params, body }) => issuer.issue(market, params.merchant, body));
  addEndpoint(app, check, "listCredentials", ({ market, query }) => issuer.list(market, query));
  addEndpoint(app, check, "readCredential", ({ market, params }) => issuer.read(market, params.credential));
  addEndpoint(app, check, "revokeCredential", ({ market, params, body }) =>
    issuer.revoke(market, params.credential, body.reason),
  );
  addEndpoint(app, check, "readCredentialKeys", ({ market }) => issuer.keys(market));
  addEndpoint(app, check, "rotateCredentialKey", ({ market, body }) => issuer.rotate(market, body.retireOld));
  addEndpoint(app, check, "importCredential", ({ market, body }) => importer.import(market, body));
  addEndpoint(app, check, "listImports", ({ market, query }) => importer.list(market, query));
  addEndpoint(app, check, "removeImport", ({ market, params, body }) =>
    importer.remove(market, params.import, body.reason),
  );
  addEndpoint(app, check, "setCredentialIssuer", ({ market, body }) => importer.setIssuer(market, body));
  addEndpoint(app, check, "listCredentialIssuers", async ({ market }) => ({ items: await importer.issuers(market) }));
  addEndpoint(app, check, "removeCredentialIssuer", async ({ market, params }) => ({
    removed: await importer.removeIssuer(market, params.issuer),
  }));
  addPublicRoutes(app, options);
}
