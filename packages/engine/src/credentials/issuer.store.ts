import { randomBytes, randomInt, randomUUID } from "node:crypto";
import {
  type CredentialAnswer,
  type CredentialKeysAnswer,
  type CredentialRecord,
  type CredentialSubject,
  dayOf,
  dayText,
  type issueBody,
  limits,
  parseDay,
  ProblemError,
} from "@probity/contract";
import type { z } from "zod";
import type { Ledger } from "../ledger/group-commit.store.ts";
import { loadShards, readPublished } from "../log/log.store.ts";
import type { ReceiptMaker } from "../log/receipts.store.ts";
import type { CredentialKeys, CredentialSigner } from "../platform/credential-keys.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { findSubject, loadCurrent, type SubjectInfo } from "../ratings/ratings.store.ts";
import {
  findIssued,
  insertIssued,
  insertKey,
  isPlaceTaken,
  type IssuedRow,
  type KeyRow,
  listIssued,
  type ListQuery,
  loadKeys,
  loadRevoked,
  openList,
  retireKeys,
  setRevoked,
} from "./credentials.store.ts";
import {
  type Claims,
  contextUrlOf,
  didDocument,
  didOf,
  hashOf,
  hostOf,
  issuerUrlOf,
  sdJwtPayload,
  vcPayload,
} from "./index.ts";
import { withhold } from "./sd-jwt.ts";
import { statusListClaims, statusListMs } from "./status-list.ts";

export interface IssuerOptions {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly keys: CredentialKeys;
  readonly receipts: ReceiptMaker;
  readonly now: () => number;
  /** Address of the server as others reach it. */
  readonly serverUrl: string;
}

const dayMs = 86_400_000;
const pendingSeconds = 5;
const placesDrawn = 64;
const iso = (ms: number): string => new Date(ms).toISOString();

interface SignedList {
  readonly text: string;
  readonly madeMs: number;
  /** Its key and the places that are set. */
  readonly holds: string;
}

/** Issues, renews and revokes credentials of a server's marketplaces, and serves what verifiers ask for. */
export class CredentialIssuer {
  readonly #options: IssuerOptions;
  readonly #lists = new Map<string, SignedList>();

  constructor(options: IssuerOptions) {
    this.#options = options;
  }

  /** The marketplace's own did:web. */
  did({ slug }: Marketplace): string {
    return didOf(this.#options.serverUrl, slug);
  }

  #present(row: IssuedRow): CredentialRecord {
    const isExpired = row.expires_ms <= this.#options.now();
    return {
      credential: row.credential_id,
      merchant: row.merchant,
      format: row.format,
      hash: row.hash,
      state: row.revoked_ms !== null ? "revoked" : isExpired ? "expired" : "valid",
      issuedAt: iso(row.issued_ms),
      expiresAt: iso(row.expires_ms),
      audience: row.audience,
      score: row.score,
      grade: row.grade,
      day: dayText(row.day),
      list: row.list,
      index: row.place,
      revokedAt: row.revoked_ms === null ? null : iso(row.revoked_ms),
      reason: row.reason,
    };
  }

  /** Makes a key and lists it; of several processes that do so at once, the first one's is taken. */
  async #makeKey(market: Marketplace, known: readonly KeyRow[]): Promise<void> {
    const { db, keys, now } = this.#options;
    await insertKey(db, market.marketplaceId, keys.make(market.slug), known.length, now());
  }

  async #signer(market: Marketplace): Promise<CredentialSigner> {
    const { db, keys } = this.#options;
    let listed = await loadKeys(db, market.marketplaceId);
    if (listed.length === 0) {
      await this.#makeKey(market, listed);
      listed = await loadKeys(db, market.marketplaceId);
    }
    return keys.read(market.slug, listed.at(-1)?.kid ?? "");
  }

  /** What the log has published of a merchant, else how it is rated now. */
  async #rating(
    market: Marketplace,
    subject: SubjectInfo,
  ): Promise<Pick<CredentialSubject, "rating"> & { line?: string; place?: number }> {
    const { db, receipts } = this.#options;
    const published = await receipts.publishedLine(market, subject.publicId);
    if (published !== undefined) {
      const { line, place, policy, day } = published;
      const [, status, score, bound, grade] = JSON.parse(line) as [string, string, number, number, string | null];
      if (status !== "rated") throw this.#tooEarly(subject);
      return { rating: { score, bound, outOf: 1_000, grade, policy, day: dayText(day) }, line, place };
    }
    const current = await loadCurrent(db, market.marketplaceId, subject.no);
    if (current?.status !== "rated") throw this.#tooEarly(subject);
    const { score, bound, grade, policy_id: policy, day } = current;
    return { rating: { score, bound, outOf: 1_000, grade, policy, day: dayText(day) } };
  }

  #tooEarly({ id }: SubjectInfo): ProblemError {
    return new ProblemError("credential-state", `${id} has no rating yet: a credential would say nothing`);
  }

  async #subject(market: Marketplace, merchant: string): Promise<CredentialSubject> {
    const { db } = this.#options;
    const { marketplaceId, slug } = market;
    const found = await findSubject(db, marketplaceId, "merchant", merchant);
    if (found === undefined) throw new ProblemError("not-found", `There is no merchant ${merchant}`);
    const { rating, ...place } = await this.#rating(market, found);
    const checkpoint = await readPublished(db, marketplaceId);
    const shards = await loadShards(db, marketplaceId);
    const shard = shards.find((item) => item.shard === checkpoint?.shard);
    if (checkpoint === undefined || shard === undefined)
      throw new ProblemError("log-state", `The log of ${slug} has published no checkpoint yet; ask again shortly`, {
        retryAfterSeconds: pendingSeconds,
      });
    const root = Buffer.from(checkpoint.root).toString("hex");
    return {
      type: "RatedMerchant",
      merchant,
      name: found.name,
      rating,
      log: { origin: shard.origin, size: checkpoint.size, root, ...place },
    };
  }

  async #sign(market: Marketplace, format: IssuedRow["format"], claims: Claims): Promise<string> {
    const signer = await this.#signer(market);
    if (format === "vc+jwt")
      return signer.sign({ typ: format, kid: `${claims.issuer}#${signer.kid}` }, vcPayload(claims));
    const salt = (): string => randomBytes(16).toString("base64url");
    const { payload, disclosures } = withhold(sdJwtPayload(claims), salt);
    const jwt = await signer.sign({ typ: format, kid: signer.kid }, payload);
    return `${[jwt, ...disclosures].join("~")}~`;
  }

  /** A free place of the newest status list, at random: it tells nothing of when a credential was issued. */
  async #place(market: Marketplace): Promise<{ list: number; place: number }> {
    const { db } = this.#options;
    const list = await openList(db, market.marketplaceId);
    for (let drawn = 0; drawn < placesDrawn; drawn += 1) {
      const place = randomInt(limits.statusListEntries);
      if (!(await isPlaceTaken(db, market.marketplaceId, list, place))) return { list, place };
    }
    throw new Error(`no free place was found in status list ${list} of ${market.slug}`);
  }

  /**
   * Issues a credential. Its act stands in the ledger before anybody has it, so that none is valid of which the log
   * does not know.
   */
  async issue(market: Marketplace, merchant: string, body: z.output<typeof issueBody>): Promise<CredentialAnswer> {
    const { db, ledger, now, serverUrl } = this.#options;
    const issuer = this.did(market);
    if (hostOf(issuer) === undefined)
      throw new ProblemError("credential-state", `${serverUrl} is no address for a did:web; set PROBITY_PUBLIC_URL`);
    const subject = await this.#subject(market, merchant);
    const { list, place } = await this.#place(market);
    const id = randomUUID();
    const issuedMs = Math.floor(now() / 1_000) * 1_000;
    const expiresMs = issuedMs + body.validDays * dayMs;
    const text = await this.#sign(market, body.format, {
      id: `urn:uuid:${id}`,
      issuer,
      subject,
      validFromMs: issuedMs,
      validUntilMs: expiresMs,
      audience: body.audience,
      statusListUrl: `${issuerUrlOf(issuer)}/status/${list}`,
      index: place,
      contextUrl: contextUrlOf(serverUrl),
    });
    const row = {
      credential_id: id,
      merchant,
      format: body.format,
      hash: hashOf(text),
      body: text,
      audience: body.audience ?? null,
      score: subject.rating.score,
      grade: subject.rating.grade,
      day: parseDay(subject.rating.day),
      list,
      place,
      issued_ms: issuedMs,
      expires_ms: expiresMs,
    };
    const until = dayOf(expiresMs - 1);
    await ledger.acts(market, [
      {
        type: "credential.issued",
        id: `credential:${id}`,
        data: { merchant, credential: row.hash, until },
        published: { credential: row.hash, until },
      },
    ]);
    if (!(await insertIssued(db, market.marketplaceId, row))) return this.issue(market, merchant, body);
    return { credential: this.#present({ ...row, revoked_ms: null, reason: null }), text };
  }

  async #find(market: Marketplace, id: string): Promise<IssuedRow> {
    const row = await findIssued(this.#options.db, market.marketplaceId, id);
    if (row === undefined) throw new ProblemError("not-found", `There is no credential ${id} in this marketplace`);
    return row;
  }

  async read(market: Marketplace, id: string): Promise<CredentialAnswer> {
    const row = await this.#find(market, id);
    return { credential: this.#present(row), text: row.body };
  }

  async list(market: Marketplace, query: ListQuery): Promise<{ items: CredentialRecord[]; nextCursor: string | null }> {
    const { items, nextCursor } = await listIssued(this.#options.db, market.marketplaceId, query);
    return { items: items.map((row) => this.#present(row)), nextCursor };
  }

  /** Revokes a credential for good: first in the ledger, then in its status list. */
  async revoke(market: Marketplace, id: string, reason: string): Promise<CredentialRecord> {
    const { db, ledger, now } = this.#options;
    const { revoked_ms: revokedMs, merchant, hash: credential } = await this.#find(market, id);
    if (revokedMs !== null) throw new ProblemError("credential-state", `The credential ${id} is revoked already`);
    await ledger.acts(market, [
      {
        type: "credential.revoked",
        id: `credential-revoked:${id}`,
        data: { merchant, credential, reason },
        published: { credential },
      },
    ]);
    await setRevoked(db, market.marketplaceId, id, reason, now());
    return this.#present(await this.#find(market, id));
  }

  async keys(market: Marketplace): Promise<CredentialKeysAnswer> {
    const rows = await loadKeys(this.#options.db, market.marketplaceId);
    return {
      issuer: this.did(market),
      keys: rows.map(({ kid, madeMs, retiredMs }, index) => ({
        kid,
        madeAt: iso(madeMs),
        signs: index === rows.length - 1,
        retiredAt: retiredMs === null ? null : iso(retiredMs),
      })),
    };
  }

  /** Signs with a new key from here on. */
  async rotate(market: Marketplace, retireOld: boolean): Promise<CredentialKeysAnswer> {
    const { db, now } = this.#options;
    await this.#makeKey(market, await loadKeys(db, market.marketplaceId));
    const newest = (await loadKeys(db, market.marketplaceId)).at(-1);
    if (retireOld && newest !== undefined) await retireKeys(db, market.marketplaceId, newest.kid, now());
    return this.keys(market);
  }

  /** Keys that verify; undefined before the first credential. */
  async #verifying(market: Marketplace): Promise<KeyRow[] | undefined> {
    const rows = await loadKeys(this.#options.db, market.marketplaceId);
    return rows.length === 0 ? undefined : rows.filter(({ retiredMs }) => retiredMs === null);
  }

  /** The DID document; undefined before the first credential. */
  async document(market: Marketplace): Promise<object | undefined> {
    const keys = await this.#verifying(market);
    return keys && didDocument(this.did(market), keys);
  }

  /** Metadata of an issuer of SD-JWT VC; undefined before the first credential. */
  async metadata(market: Marketplace): Promise<object | undefined> {
    const keys = await this.#verifying(market);
    if (keys === undefined) return undefined;
    const jwks = keys.map(({ kid, jwk }) => ({ ...jwk, kid, use: "sig", alg: "ES256" }));
    return { issuer: issuerUrlOf(this.did(market)), jwks: { keys: jwks } };
  }

  /** A status list, signed; it is signed again when something was revoked, by a new key, or when half its time is over. */
  async statusList(market: Marketplace, list: number): Promise<string | undefined> {
    const { db, now } = this.#options;
    const places = await loadRevoked(db, market.marketplaceId, list);
    if (places === undefined) return undefined;
    const nowMs = now();
    const signer = await this.#signer(market);
    const holds = [signer.kid, ...places].join(" ");
    const key = `${market.marketplaceId} ${list}`;
    const known = this.#lists.get(key);
    if (known?.holds === holds && nowMs - known.madeMs < statusListMs / 2) return known.text;
    const issuer = this.did(market);
    const claims = statusListClaims(issuer, `${issuerUrlOf(issuer)}/status/${list}`, places, nowMs);
    const text = await signer.sign({ typ: "vc+jwt", kid: `${issuer}#${signer.kid}` }, claims);
    this.#lists.set(key, { text, madeMs: nowMs, holds });
    return text;
  }
}
