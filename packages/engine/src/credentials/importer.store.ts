import { randomUUID } from "node:crypto";
import {
  type CredentialIssuerBody,
  type CredentialSubject,
  dayOf,
  dayText,
  type ImportRecord,
  type importBody,
  type IssuerRecord,
  limits,
  ProblemError,
} from "@probity/contract";
import type { z } from "zod";
import type { Ledger, OwnAct } from "../ledger/group-commit.store.ts";
import type { Db } from "../platform/db.ts";
import { FetchError, type FetchText } from "../platform/fetch-text.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { findMarketplace } from "../platform/marketplace.store.ts";
import { findSubject } from "../ratings/ratings.store.ts";
import type { ListQuery } from "./credentials.store.ts";
import {
  deleteIssuer,
  findImport,
  findIssuer,
  findStanding,
  type ImportRow,
  insertImport,
  listImportRows,
  listIssuers,
  loadUnchecked,
  loadUntold,
  removeImports,
  saveIssuer,
  setChecked,
  setTold,
  stateOf,
  type TrustedIssuer,
} from "./imports.store.ts";
import { isLoopback } from "./did-web.ts";
import {
  CredentialRefused,
  hostOf,
  issuerUrlOf,
  thumbprint,
  type VerifiedCredential,
  verifyCredential,
} from "./index.ts";
import type { CredentialIssuer } from "./issuer.store.ts";

export interface ImporterOptions {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly issuer: CredentialIssuer;
  readonly fetchText: FetchText;
  readonly now: () => number;
}

const checkedEveryMs = 6 * 3_600_000;
const checkedAtOnce = 10_000;
const toldAtOnce = 500;
const iso = (ms: number): string => new Date(ms).toISOString();

const presentIssuer = ({ addedMs, keys, ...rest }: TrustedIssuer): IssuerRecord => ({
  ...rest,
  keys: [...keys],
  addedAt: iso(addedMs),
});

function importedAct({ import_id: id, merchant, issuer, hash: credential, ...row }: ImportRow): OwnAct {
  const { from_day: from, until_day: until, weight } = row;
  const { rating } = JSON.parse(row.claims) as CredentialSubject;
  return {
    type: "credential.imported",
    id: `import:${id}`,
    data: { merchant, import: id, issuer, credential, from, until, weight, score: rating.score },
    published: { credential, issuer, until, weight },
  };
}

const removedAct = ({ import_id: id, merchant, hash: credential, removed_as }: ImportRow): OwnAct => ({
  type: "credential.removed",
  id: `import-removed:${id}`,
  data: { merchant, import: id, credential, reason: removed_as },
  published: { credential, reason: removed_as },
});

/** Takes credentials of other marketplaces, and lets them count in facts through the ledger. */
export class CredentialImporter {
  readonly #options: ImporterOptions;

  constructor(options: ImporterOptions) {
    this.#options = options;
  }

  #present(row: ImportRow): ImportRecord {
    const { name, rating } = JSON.parse(row.claims) as CredentialSubject;
    return {
      import: row.import_id,
      merchant: row.merchant,
      issuer: row.issuer,
      merchantThere: row.subject,
      nameThere: name ?? null,
      score: rating.score,
      grade: rating.grade,
      day: rating.day,
      policy: rating.policy,
      hash: row.hash,
      weight: row.weight,
      from: dayText(row.from_day),
      until: dayText(row.until_day),
      importedAt: iso(row.imported_ms),
      checkedAt: iso(row.checked_ms),
      state: stateOf(row, this.#options.now()),
      removedAt: row.removed_ms === null ? null : iso(row.removed_ms),
      reason: row.reason,
    };
  }

  async issuers(market: Marketplace): Promise<IssuerRecord[]> {
    return (await listIssuers(this.#options.db, market.marketplaceId)).map(presentIssuer);
  }

  async setIssuer(market: Marketplace, body: CredentialIssuerBody): Promise<IssuerRecord> {
    const { db, issuer, now } = this.#options;
    if (body.issuer === issuer.did(market))
      throw new ProblemError("credential-state", "A marketplace does not take its own credentials");
    const [host, own] = [hostOf(body.issuer), hostOf(issuer.did(market))];
    if (host === undefined || (isLoopback(host) && !(own !== undefined && isLoopback(own))))
      throw new ProblemError("credential-state", `${body.issuer} names no host that others can reach`);
    const known = await listIssuers(db, market.marketplaceId);
    const old = known.find((item) => item.issuer === body.issuer);
    if (old === undefined && known.length >= limits.credentialIssuers)
      throw new ProblemError("credential-state", `There are ${known.length} issuers, as many as there may be`);
    const saved = { ...body, addedMs: old?.addedMs ?? now() };
    await saveIssuer(db, market.marketplaceId, saved);
    return presentIssuer(saved);
  }

  async removeIssuer(market: Marketplace, issuer: string): Promise<number> {
    const { db, now } = this.#options;
    if (!(await deleteIssuer(db, market.marketplaceId, issuer)))
      throw new ProblemError("not-found", `${issuer} is not among those whose credentials are taken`);
    const reason = "its issuer was taken off the list";
    const rows = await removeImports(db, market.marketplaceId, { issuer }, "withdrawn", reason, now());
    await this.tell(market);
    return rows.length;
  }

  /** Text of a status list: of a marketplace on this very server without a request. */
  async #statusList(market: Marketplace, address: string): Promise<string> {
    const { db, issuer, fetchText } = this.#options;
    const own = issuerUrlOf(issuer.did(market)).slice(0, -market.slug.length);
    const [slug = "", word, list] = address.startsWith(own) ? address.slice(own.length).split("/") : [];
    const here = word === "status" && /^\d{1,9}$/.test(list ?? "") ? await findMarketplace(db, slug) : undefined;
    if (here === undefined) return fetchText(address, limits.statusListBytes);
    const text = await issuer.statusList(here, Number(list));
    if (text === undefined) throw new FetchError(`There is no status list at ${address}`);
    return text;
  }

  /** Verifies by pinned keys; a refusal is thrown as CredentialRefused, an unreachable status list as FetchError. */
  async #verify(
    market: Marketplace,
    text: string,
    statusListOf: (address: string) => Promise<string>,
  ): Promise<{ verified: VerifiedCredential; trusted: TrustedIssuer | undefined }> {
    const { db, issuer, now } = this.#options;
    const own = issuer.did(market);
    let trusted: TrustedIssuer | undefined;
    const verified = await verifyCredential(text, {
      nowMs: now(),
      audiences: [own, issuerUrlOf(own)],
      keysOf: async (name) => {
        trusted = await findIssuer(db, market.marketplaceId, name);
        return trusted?.keys.map((jwk) => ({ kid: jwk.kid ?? thumbprint(jwk), jwk }));
      },
      statusListOf,
    });
    return { verified, trusted };
  }

  async #accepted(
    market: Marketplace,
    body: z.output<typeof importBody>,
  ): Promise<{ verified: VerifiedCredential; trusted: TrustedIssuer; subject: string }> {
    const { statusList } = body;
    try {
      const { verified, trusted } = await this.#verify(market, body.credential, async (address) =>
        statusList === undefined ? this.#statusList(market, address) : statusList,
      );
      const { merchant } = verified.subject;
      if (merchant === undefined)
        throw new CredentialRefused("malformed", "The credential does not disclose for which merchant it is");
      return { verified, trusted: trusted as TrustedIssuer, subject: merchant };
    } catch (error) {
      if (!(error instanceof CredentialRefused) && !(error instanceof FetchError)) throw error;
      throw new ProblemError("credential-refused", error.message, { cause: error });
    }
  }

  /** Takes a credential for a merchant here, in place of an earlier one of the same issuer. */
  async import(market: Marketplace, body: z.output<typeof importBody>): Promise<ImportRecord> {
    const { db, now } = this.#options;
    const { marketplaceId } = market;
    const { merchant } = body;
    if ((await findSubject(db, marketplaceId, "merchant", merchant)) === undefined)
      throw new ProblemError("not-found", `There is no merchant ${merchant}`);
    const { verified, trusted, subject } = await this.#accepted(market, body);
    const standing = await findStanding(db, marketplaceId, verified.issuer, merchant);
    if (standing !== undefined && standing.expires_ms >= verified.validUntilMs)
      throw new ProblemError(
        "credential-state",
        `A credential of ${verified.issuer} for ${merchant} that is valid as long counts already`,
      );
    const nowMs = now();
    const row = {
      import_id: randomUUID(),
      merchant,
      issuer: verified.issuer,
      subject,
      hash: verified.hash,
      body: body.credential,
      claims: JSON.stringify(verified.subject),
      weight: trusted.weight,
      from_day: dayOf(nowMs),
      until_day: dayOf(verified.validUntilMs - 1),
      imported_ms: nowMs,
      expires_ms: verified.validUntilMs,
      checked_ms: nowMs,
    };
    if ((await insertImport(db, marketplaceId, row)) === undefined)
      throw new ProblemError(
        "credential-state",
        `The good name of ${subject} at ${verified.issuer} counts for another merchant here already`,
      );
    await this.tell(market);
    return this.#read(market, row.import_id);
  }

  async #read(market: Marketplace, id: string): Promise<ImportRecord> {
    const row = await findImport(this.#options.db, market.marketplaceId, id);
    if (row === undefined) throw new ProblemError("not-found", `There is no import ${id} in this marketplace`);
    return this.#present(row);
  }

  async remove(market: Marketplace, id: string, reason: string): Promise<ImportRecord> {
    const { db, now } = this.#options;
    const { state } = await this.#read(market, id);
    const rows = await removeImports(db, market.marketplaceId, { id }, "withdrawn", reason, now());
    if (rows.length === 0) throw new ProblemError("credential-state", `The import ${id} counts no more: ${state}`);
    await this.tell(market);
    return this.#read(market, id);
  }

  async list(market: Marketplace, query: ListQuery): Promise<{ items: ImportRecord[]; nextCursor: string | null }> {
    const { items, nextCursor } = await listImportRows(this.#options.db, market.marketplaceId, query);
    return { items: items.map((row) => this.#present(row)), nextCursor };
  }

  /** Tells the ledger what the rows say; what it knows already is a duplicate there. Durable when it resolves. */
  async tell(market: Marketplace): Promise<void> {
    const { db, ledger } = this.#options;
    const rows = await loadUntold(db, market.marketplaceId, toldAtOnce);
    const acts = rows.flatMap((row) => [importedAct(row), ...(row.removed_ms === null ? [] : [removedAct(row)])]);
    await ledger.acts(market, acts);
    for (const row of rows) await setTold(db, market.marketplaceId, row);
    if (rows.length === toldAtOnce) await this.tell(market);
  }

  /**
   * Tells what is untold, and asks issuers whether what counts was revoked. Returns what could not be asked, by address.
   */
  async check(market: Marketplace): Promise<ReadonlyMap<string, string>> {
    const { db, now } = this.#options;
    const { marketplaceId } = market;
    await this.tell(market);
    const [lists, failures] = [new Map<string, Promise<string>>(), new Map<string, string>()];
    const ask = (address: string): Promise<string> => {
      const asked = lists.get(address) ?? this.#statusList(market, address);
      lists.set(address, asked);
      return asked;
    };
    const nowMs = now();
    const due = await loadUnchecked(db, marketplaceId, nowMs - checkedEveryMs, nowMs, checkedAtOnce);
    for (const row of due) {
      try {
        await this.#verify(market, row.body, ask);
        await setChecked(db, marketplaceId, row.import_id, nowMs);
      } catch (error) {
        const isRevoked = error instanceof CredentialRefused && error.code === "revoked";
        if (!isRevoked && !(error instanceof CredentialRefused) && !(error instanceof FetchError)) throw error;
        if (!isRevoked) failures.set(row.import_id, error.message);
        else await removeImports(db, marketplaceId, { id: row.import_id }, "revoked", error.message, nowMs);
      }
    }
    await this.tell(market);
    return failures;
  }
}
