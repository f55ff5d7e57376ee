import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type {
  CredentialAnswer,
  CredentialKeysAnswer,
  CredentialRecord,
  Explanation,
  ImportRecord,
  Policy,
  PublicJwk,
  RatingSummary,
} from "@probity/contract";
import { simulate } from "@probity/simulator";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { event, storedFacts, testNowMs } from "../ledger/ledger.fixture.ts";
import { catchUp } from "../main/commands/rate.ts";
import { ingestAll } from "../main/engine.ts";
import { type Answered, call, openTestEngine, problemOf, type TestEngine } from "../main/engine.fixture.ts";
import { databases } from "../platform/databases.fixture.ts";
import { FetchError } from "../platform/fetch-text.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { defaultPolicies } from "../ratings/index.ts";
import { claims, makeSigner, subject as sampleSubject } from "./credentials.fixture.ts";
import { type Claims, hashOf, keysOfDocument, vcPayload, verifyCredential } from "./index.ts";
import { statusListClaims } from "./status-list.ts";

const dayMs = 86_400_000;
const today = Math.floor(testNowMs / dayMs);
const elsewhere = "did:web:other.example:credentials:shop";
const elsewhereList = "https://other.example/credentials/shop/status/1";

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const hasPython =
  process.env["PROBITY_REQUIRE_ALL"] === "1" || spawnSync("python3", ["-c", "import cryptography"]).status === 0;
type Payload = Record<string, unknown>;

interface House {
  readonly market: Marketplace;
  readonly token: string;
}

describe.each(databases)("credentials on $name", (database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let house: TestEngine;
  let own: House;
  let other: House;
  let [merchant, second, third] = ["", "", ""];
  let [nowMs, revokedThere]: [number, number[]] = [testNowMs, []];
  let isReachable = true;
  const fetched: string[] = [];
  const signer = makeSigner();

  const ask = (name: House, url: string, body?: unknown): Promise<Answered> =>
    call(house.app, {
      url,
      token: name.token,
      ...(body === undefined ? {} : { body: JSON.stringify(body), type: "application/json" }),
    });
  async function get<T>(name: House, url: string, body?: unknown): Promise<T> {
    const answer = await ask(name, url, body);
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${answer.text}`);
    return answer.json as T;
  }
  const code = async (answer: Promise<Answered>): Promise<string> => {
    const problem = problemOf(await answer);
    return `${problem.status} ${problem.type.split("/").at(-1)}: ${problem.detail}`;
  };
  const open = (url: string, headers = {}): Promise<Answered> => call(house.app, { url, headers });
  const issue = (body: object = {}, name = own, id = merchant): Promise<CredentialAnswer> =>
    get(name, `/v1/credentials/merchants/${id}`, body);

  /** Verifies as an outsider does, by what is served in public. */
  async function verify(text: string) {
    return verifyCredential(text, {
      nowMs,
      keysOf: async (did) => keysOfDocument((await open(`/credentials/${did.split(":").at(-1)}/did.json`)).text, did),
      statusListOf: async (address) => (await open(new URL(address).pathname)).text,
    });
  }

  async function fill(name: House): Promise<RatingSummary[]> {
    const events = [...simulate({ seed: 5, merchants: 6, orders: 500, days: 120 })];
    await ingestAll(house.engine, name.market, events);
    await catchUp(house.engine, name.market);
    return (await get<{ items: RatingSummary[] }>(name, "/v1/ratings/merchant")).items;
  }

  /** A credential that another server's marketplace issued. */
  const foreign = (changed: Partial<Claims> = {}, merchantThere = "shop-7"): Promise<string> =>
    signer.sign(
      { typ: "vc+jwt", kid: `${elsewhere}#${signer.kid}` },
      vcPayload(
        claims({
          issuer: elsewhere,
          statusListUrl: elsewhereList,
          subject: { ...sampleSubject, merchant: merchantThere },
          validFromMs: nowMs,
          validUntilMs: nowMs + 10 * dayMs,
          ...changed,
        }),
      ),
    );
  const take = (credential: string, id = merchant, more = {}): Promise<ImportRecord> =>
    get(own, "/v1/credentials/imports", { merchant: id, credential, ...more });
  const refused = (credential: string, id = merchant): Promise<string> =>
    code(ask(own, "/v1/credentials/imports", { merchant: id, credential }));
  const trust = (weight = 600, keys: readonly PublicJwk[] = [signer.jwk]) =>
    get(own, "/v1/credentials/issuers", { issuer: elsewhere, keys, weight });

  /** What the metric stands at on days after today, by day. */
  async function level(id: string, ...days: number[]): Promise<[number, number][]> {
    const facts = [...(await storedFacts(house.engine.db, own.market))].flatMap(([key, [n, x]]) => {
      const [of, metric, day] = key.split("|");
      return of === `m${id}` && metric === "credentials-elsewhere" ? [{ day: Number(day), n, x }] : [];
    });
    return days.map((day) => {
      const held = facts.filter((row) => row.day <= today + day);
      return [held.reduce((sum, { n }) => sum + n, 0), held.reduce((sum, { x }) => sum + x, 0)];
    });
  }

  async function entriesOf(type: string): Promise<{ p: Record<string, unknown>; d: unknown[] }[]> {
    const rows = await house.engine.db.query<{ entry: string }>(
      "SELECT entry FROM ledger_event WHERE marketplace_id = $1 AND type = $2 ORDER BY seq",
      [own.market.marketplaceId, type],
    );
    return rows.map(({ entry }) => JSON.parse(entry) as { p: Record<string, unknown>; d: unknown[] });
  }

  beforeAll(async () => {
    house = await openTestEngine(database, {
      now: () => nowMs,
      fetchText: async (address) => {
        fetched.push(address);
        if (!isReachable) throw new FetchError(`${address} cannot be reached: made to fail`);
        const list = statusListClaims(elsewhere, elsewhereList, revokedThere, nowMs);
        return signer.sign({ typ: "vc+jwt", kid: signer.kid }, list);
      },
    });
    [own, other] = [await house.enter(), await house.enter()];
    const rated = (await fill(own)).filter(({ status }) => status === "rated");
    [merchant, second, third] = rated.map(({ id }) => id) as [string, string, string];
  }, 120_000);
  afterAll(() => house[Symbol.asyncDispose]());
  beforeEach(() => {
    fetched.length = 0;
    [nowMs, revokedThere, isReachable] = [testNowMs, [], true];
  });

  test("are not issued before the log has published, nor for whom nobody knows or nobody has rated", async () => {
    expect(await code(ask(own, `/v1/credentials/merchants/${merchant}`, {}))).toMatch(/^409 log-state: .*checkpoint/);
    expect((await open(`/credentials/${own.market.slug}/did.json`)).status).toBe(404);
    expect((await open(`/.well-known/jwt-vc-issuer/credentials/${own.market.slug}`)).status).toBe(404);
    for (const { market } of [own, other]) await house.engine.publicLog.seal(market);
    expect(await code(ask(own, "/v1/credentials/merchants/nobody", {}))).toMatch(/^404 not-found: .*nobody/);
    await ingestAll(house.engine, own.market, [
      event("new-1", "merchant.registered", { merchant: "new", name: "New" }),
    ]);
    expect(await code(ask(own, "/v1/credentials/merchants/new", {}))).toMatch(/^409 credential-state: .*no rating/);
    await catchUp(house.engine, own.market);
    expect(await code(ask(own, "/v1/credentials/merchants/new", {}))).toMatch(/^409 credential-state: .*no rating/);
  });

  test("tell the rating that the log has published, and verify by what is served in public", async () => {
    const { credential, text } = await issue();
    const { subject, issuer, isStatusChecked, validUntilMs } = await verify(text);
    expect([issuer, isStatusChecked, validUntilMs]).toEqual([
      `did:web:trust.example:credentials:${own.market.slug}`,
      true,
      testNowMs + 30 * dayMs,
    ]);
    const rating = await get<RatingSummary>(own, `/v1/ratings/merchant/${merchant}`);
    const { score, bound, grade, day } = rating;
    expect(subject).toMatchObject({ merchant, rating: { score, bound, grade, day, outOf: 1_000 } });
    const proof = await open(`/v1/public/${own.market.slug}/merchants/${merchant}/proof`);
    expect(subject.log.line).toBe((proof.json as { line: string }).line);
    const status = await get<{ published: { size: number; root: string }; shards: { origin: string }[] }>(
      own,
      "/v1/log",
    );
    expect(subject.log).toMatchObject({
      size: status.published.size,
      root: status.published.root,
      origin: status.shards[0]?.origin,
    });
    expect(subject.log.place).toBeLessThan(subject.log.size);
    expect(credential).toMatchObject({ state: "valid", hash: hashOf(text), merchant, score, grade, list: 1 });
    expect(await get(own, `/v1/credentials/${credential.credential}`)).toEqual({ credential, text });
    const act = (await entriesOf("credential.issued")).at(-1);
    expect(act).toMatchObject({ p: { credential: hashOf(text), until: today + 30 }, d: [] });
    expect(Object.keys(act?.p ?? {})).toEqual(["credential", "until"]);
  });

  test("are signed by a key that its owner alone may read", async () => {
    const folder = house.engine.config.credentialKeys;
    const files = readdirSync(folder);
    const { keys, issuer } = await get<CredentialKeysAnswer>(own, "/v1/credentials/keys");
    expect(files).toEqual([`${own.market.slug}.${keys[0]?.kid}.jwk`]);
    expect(statSync(join(folder, files[0] as string)).mode & 0o777).toBe(0o600);
    expect(issuer).toBe(`did:web:trust.example:credentials:${own.market.slug}`);
  });

  test("are served with what verifiers need: for any origin, by tag, briefly", async () => {
    const { slug } = own.market;
    for (const [path, type] of [
      [`/credentials/${slug}/did.json`, "application/json"],
      [`/credentials/${slug}/status/1`, "application/vc+jwt"],
      ["/credentials/context/v1", "application/ld+json"],
      [`/.well-known/jwt-vc-issuer/credentials/${slug}`, "application/json"],
    ] as const) {
      const { status, headers } = await open(path);
      expect([status, String(headers["content-type"]).split(";")[0]]).toEqual([200, type]);
      expect(headers["access-control-allow-origin"]).toBe("*");
      expect(String(headers["cache-control"])).toMatch(/^public, max-age=(60|86400)$/);
      expect((await open(path, { "if-none-match": headers["etag"] })).status).toBe(304);
    }
    for (const path of ["nobody/did.json", `${slug}/status/2`, `${slug}/status/x`, `${other.market.slug}/status/1`])
      expect((await open(`/credentials/${path}`)).status).toBe(404);
    const { json } = await open(`/.well-known/jwt-vc-issuer/credentials/${slug}`);
    expect(json).toMatchObject({ issuer: `https://trust.example/credentials/${slug}` });
    expect(JSON.stringify(json)).not.toContain('"d"');
  });

  test("come as SD-JWT too, for so many days and for somebody", async () => {
    const { text, credential } = await issue({ format: "dc+sd-jwt", validDays: 3, audience: "https://bank.example" });
    expect(credential).toMatchObject({ format: "dc+sd-jwt", audience: "https://bank.example" });
    const options = { nowMs, keysOf: async () => undefined, audiences: ["https://bank.example"] };
    await expect(verifyCredential(text, options)).rejects.toThrow("is not one whose credentials are taken");
    await expect(verify(text)).rejects.toThrow("is meant for https://bank.example");
    expect(Date.parse(credential.expiresAt)).toBe(testNowMs + 3 * dayMs);
    const [jwt = "", ...disclosures] = text.split("~");
    expect(disclosures).toHaveLength(3);
    expect(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString()).not.toContain(`"merchant":`);
    for (const body of [{ validDays: 31 }, { validDays: 0 }, { format: "jwt" }, { audience: "a b" }])
      expect(await code(ask(own, `/v1/credentials/merchants/${merchant}`, body))).toMatch(/^400 request-invalid/);
  });

  test("are renewed by issuing again, at places that tell nothing; listed newest first, in pages", async () => {
    const made = await Promise.all([issue(), issue(), issue({}, own, second)]);
    expect(new Set(made.map(({ credential }) => credential.index)).size).toBe(3);
    for (const { text } of made) await verify(text);
    nowMs += 1_000;
    const latest = await issue();
    const seen: CredentialRecord[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: { items: CredentialRecord[]; nextCursor: string | null } = await get(
        own,
        `/v1/credentials?merchant=${merchant}&limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(seen[0]).toEqual(latest.credential);
    expect(new Set(seen.map(({ credential }) => credential)).size).toBe(seen.length);
    expect(seen.every((item) => item.merchant === merchant)).toBe(true);
    nowMs += 30 * dayMs;
    const { items } = await get<{ items: CredentialRecord[] }>(own, "/v1/credentials");
    expect(items.every(({ state }) => state === "expired")).toBe(true);
    expect(await code(ask(own, "/v1/credentials?cursor=x"))).toMatch(/^400 request-invalid/);
  });

  test("are revoked for good: the bit flips at once, the act publishes the hash alone", async () => {
    const { credential, text } = await issue();
    const { text: kept } = await issue();
    const tag = (await open(`/credentials/${own.market.slug}/status/1`)).headers["etag"];
    const url = `/v1/credentials/${credential.credential}/revoke`;
    expect(await code(ask(own, url, { reason: "" }))).toMatch(/^400 request-invalid/);
    expect(await get(own, url, { reason: "sold counterfeits" })).toMatchObject({
      state: "revoked",
      reason: "sold counterfeits",
      revokedAt: new Date(testNowMs).toISOString(),
    });
    await expect(verify(text)).rejects.toThrow("was revoked");
    await verify(kept);
    expect((await open(`/credentials/${own.market.slug}/status/1`, { "if-none-match": tag })).status).toBe(200);
    expect(await code(ask(own, url, { reason: "again" }))).toMatch(/^409 credential-state/);
    expect((await entriesOf("credential.revoked")).map(({ p }) => p)).toEqual([{ credential: hashOf(text) }]);
  });

  test("stay with their marketplace", async () => {
    const { credential, text } = await issue();
    const url = `/v1/credentials/${credential.credential}`;
    expect(await code(ask(other, url))).toMatch(/^404/);
    expect(await code(ask(other, `${url}/revoke`, { reason: "mine" }))).toMatch(/^404/);
    expect(await get(other, "/v1/credentials")).toEqual({ items: [], nextCursor: null });
    expect((await get<CredentialKeysAnswer>(other, "/v1/credentials/keys")).keys).toEqual([]);
    await verify(text);
    const reader = await house.key(own.market, ["credentials:read"]);
    expect(await code(ask({ ...own, token: reader }, `/v1/credentials/merchants/${merchant}`, {}))).toMatch(/^403/);
    expect((await ask({ ...own, token: reader }, url)).status).toBe(200);
  });

  test("signed by an old key go on to verify, until it is retired", async () => {
    const { text: old } = await issue();
    const turned = await get<CredentialKeysAnswer>(own, "/v1/credentials/keys/rotate", {});
    expect(turned.keys.map(({ signs, retiredAt }) => [signs, retiredAt])).toEqual([
      [false, null],
      [true, null],
    ]);
    const { text } = await issue();
    for (const one of [old, text]) await verify(one);
    await get(own, "/v1/credentials/keys/rotate", { retireOld: true });
    const { text: newest } = await issue();
    await verify(newest);
    for (const one of [old, text]) await expect(verify(one)).rejects.toThrow("does not have");
  });

  test("of another marketplace are not taken before it is on the list, nor one's own ever", async () => {
    expect(await refused(await foreign())).toMatch(/^422 credential-refused: The issuer .* is not one whose/);
    expect(fetched).toEqual([]);
    const { issuer } = await get<CredentialKeysAnswer>(own, "/v1/credentials/keys");
    expect(await code(ask(own, "/v1/credentials/issuers", { issuer, keys: [signer.jwk], weight: 1 }))).toMatch(/^409/);
    const local = { issuer: "did:web:localhost%3A5432", keys: [signer.jwk], weight: 1 };
    expect(await code(ask(own, "/v1/credentials/issuers", local))).toMatch(/^409 credential-state: .*host/);
    for (const wrong of [
      { issuer: "https://other.example", keys: [signer.jwk], weight: 1 },
      { issuer: elsewhere, keys: [{ ...signer.jwk, d: signer.jwk.x }], weight: 1 },
      { issuer: elsewhere, keys: [], weight: 1 },
      { issuer: elsewhere, keys: [signer.jwk], weight: 1_001 },
    ])
      expect(await code(ask(own, "/v1/credentials/issuers", wrong))).toMatch(/^400 request-invalid/);
    expect(await trust()).toMatchObject({ issuer: elsewhere, weight: 600, keys: [signer.jwk] });
    expect(await get(other, "/v1/credentials/issuers")).toEqual({ items: [] });
  });

  test("count from today until the day after they end, by the issuer's weight and their score", async () => {
    const text = await foreign();
    const taken = await take(text);
    expect(taken).toMatchObject({
      merchant,
      issuer: elsewhere,
      merchantThere: "shop-7",
      nameThere: "茶馆",
      score: 873,
      grade: "AA",
      weight: 600,
      hash: hashOf(text),
      state: "counts",
      from: "2026-11-20",
      until: "2026-11-30",
    });
    expect(fetched).toEqual([elsewhereList]);
    expect(await level(merchant, -1, 0, 10, 11)).toEqual([
      [0, 0],
      [600, 523],
      [600, 523],
      [0, 0],
    ]);
    const act = (await entriesOf("credential.imported")).at(-1);
    expect(act?.p).toEqual({ credential: hashOf(text), issuer: elsewhere, until: today + 10, weight: 600 });
    expect(act?.d.map((row) => (row as unknown[]).slice(1))).toEqual([
      ["credentials-elsewhere", today, 600, 523],
      ["credentials-elsewhere", today + 11, -600, -523],
    ]);
    expect(await refused(text)).toMatch(/^409 credential-state: .*valid as long/);
    expect(await refused(await foreign({ id: "urn:uuid:x" }), second)).toMatch(
      /^409 credential-state: .*another merchant/,
    );
    nowMs += 11 * dayMs;
    const { items } = await get<{ items: ImportRecord[] }>(own, `/v1/credentials/imports?merchant=${merchant}`);
    expect(items.map(({ state }) => state)).toEqual(["expired"]);
    expect(await get(other, "/v1/credentials/imports")).toEqual({ items: [], nextCursor: null });
  });

  test("are replaced by a later one of the same issuer, without counting twice", async () => {
    nowMs += 4 * dayMs;
    await take(await foreign());
    expect(await level(merchant, 3, 4, 13, 14, 15)).toEqual([
      [600, 523],
      [600, 523],
      [600, 523],
      [600, 523],
      [0, 0],
    ]);
    const { items } = await get<{ items: ImportRecord[] }>(own, `/v1/credentials/imports?merchant=${merchant}`);
    expect(items.map(({ state }) => state)).toEqual(["counts", "replaced"]);
  });

  test("count no more from the day on which they are removed, and not a second time", async () => {
    nowMs += 6 * dayMs;
    const { items } = await get<{ items: ImportRecord[] }>(own, `/v1/credentials/imports?merchant=${merchant}`);
    const url = `/v1/credentials/imports/${items[0]?.import}/remove`;
    expect(await code(ask(other, url, { reason: "x" }))).toMatch(/^404/);
    expect(await get(own, url, { reason: "not the same shop" })).toMatchObject({
      state: "withdrawn",
      reason: "not the same shop",
    });
    expect(await level(merchant, 5, 6, 14)).toEqual([
      [600, 523],
      [0, 0],
      [0, 0],
    ]);
    expect(await code(ask(own, url, { reason: "x" }))).toMatch(/^409 credential-state: .*withdrawn/);
    expect((await entriesOf("credential.removed")).map(({ p }) => p["reason"])).toEqual(["replaced", "withdrawn"]);
  });

  test("are taken back when their issuer revokes them, and kept while it cannot be asked", async () => {
    nowMs += 20 * dayMs;
    const index = 70_001;
    await take(await foreign({ index }), second);
    await house.engine.credentialImporter.check(own.market);
    expect(fetched).toHaveLength(1);
    nowMs += 7 * 3_600_000;
    isReachable = false;
    const failures = await house.engine.credentialImporter.check(own.market);
    expect([...failures.values()]).toEqual([`${elsewhereList} cannot be reached: made to fail`]);
    expect(await level(second, 20, 21)).toEqual([
      [600, 523],
      [600, 523],
    ]);
    [isReachable, revokedThere] = [true, [index]];
    nowMs += dayMs;
    await house.engine.credentialImporter.check(own.market);
    expect(await level(second, 20, 21)).toEqual([
      [600, 523],
      [0, 0],
    ]);
    const { items } = await get<{ items: ImportRecord[] }>(own, `/v1/credentials/imports?merchant=${second}`);
    expect(items.map(({ state }) => state)).toEqual(["revoked"]);
    expect(await refused(await foreign({ index }), second)).toMatch(/^422 credential-refused: .*revoked/);
  });

  test("are told to the ledger again where that is not known, and change nothing there", async () => {
    const before = await storedFacts(house.engine.db, own.market);
    const { db } = house.engine;
    await db.query("UPDATE credentials_import SET told = false WHERE marketplace_id = $1", [own.market.marketplaceId]);
    await house.engine.credentialImporter.check(own.market);
    expect(await storedFacts(house.engine.db, own.market)).toEqual(before);
    expect(await db.query("SELECT 1 FROM credentials_import WHERE NOT told")).toEqual([]);
  });

  test("come with their status list where the server may ask nobody; a foreign one nobody asks for", async () => {
    const list = await signer.sign(
      { typ: "vc+jwt", kid: signer.kid },
      statusListClaims(elsewhere, elsewhereList, [], nowMs),
    );
    expect(await refused(await foreign({ statusListUrl: "https://evil.example/status/1" }))).toContain(
      "names a status list at evil.example, which is not its issuer's own host other.example",
    );
    const meant = await foreign({ audience: "did:web:someone.example" });
    expect(await refused(meant)).toMatch(/^422 credential-refused: .*meant for did:web:someone.example/);
    const { issuer } = await get<CredentialKeysAnswer>(own, "/v1/credentials/keys");
    await take(await foreign({ audience: issuer }), second, { statusList: list });
    expect(fetched).toEqual([]);
    const { removed } = await get<{ removed: number }>(
      own,
      `/v1/credentials/issuers/${encodeURIComponent(elsewhere)}/remove`,
      {},
    );
    expect(removed).toBe(1);
    expect((await level(second, 0)).flat()).toEqual([0, 0]);
    expect(await get(own, "/v1/credentials/issuers")).toEqual({ items: [] });
  });

  test("travel between marketplaces of one server without a request", async () => {
    const [theirs] = (await fill(other)).filter(({ status }) => status === "rated");
    await house.engine.publicLog.seal(other.market);
    const { text, credential } = await issue({}, other, theirs?.id);
    const { slug } = other.market;
    const issuer = `did:web:trust.example:credentials:${slug}`;
    const document = (await open(`/credentials/${slug}/did.json`)).text;
    const keys = keysOfDocument(document, issuer).map(({ jwk }) => jwk);
    await get(own, "/v1/credentials/issuers", { issuer, keys, weight: 1_000 });
    expect(await take(text, third)).toMatchObject({
      merchantThere: theirs?.id,
      score: credential.score,
      weight: 1_000,
    });
    expect((await level(third, 0))[0]?.[0]).toBe(1_000);
    await get(other, `/v1/credentials/${credential.credential}/revoke`, { reason: "closed" });
    nowMs += dayMs;
    await house.engine.credentialImporter.check(own.market);
    expect((await level(third, 0, 1)).map(([n]) => n)).toEqual([1_000, 0]);
    expect(fetched).toEqual([]);
  });

  test("weigh where a policy lists them, and both auditors come to the same ratings", async () => {
    const { engine } = house;
    const policy: Policy = {
      ...defaultPolicies.merchant,
      name: "with-elsewhere",
      indicators: defaultPolicies.merchant.indicators.map((item) =>
        item.id === "review-mean"
          ? {
              ...item,
              evidence: { kind: "share", of: ["credentials-elsewhere"], good: "x", less: [], against: [] },
              decay: "undecayed",
              prior: { mean: 100_000, strength: 1 },
            }
          : item,
      ),
    };
    await trust(1_000);
    nowMs += 2 * dayMs;
    await take(await foreign({ id: "urn:uuid:weighed" }, "shop-8"), second);
    nowMs += dayMs;
    await ingestAll(engine, own.market, [
      event("new-2", "merchant.registered", { merchant: "new", name: "New" }, today + 3),
    ]);
    await catchUp(engine, own.market);
    const points = async (): Promise<number[]> =>
      Promise.all(
        [second, third].map(async (id) => {
          const { dimensions } = await get<Explanation>(own, `/v1/ratings/merchant/${id}/explanation`);
          return dimensions.flatMap(({ indicators }) => indicators).find(({ id: name }) => name === "review-mean")!
            .mean;
        }),
      );
    const { policy: id } = await get<{ policy: string }>(own, "/v1/policies", policy);
    expect(await engine.ratings.publish(own.market, id, "draft", today, 0)).toBe(true);
    await catchUp(engine, own.market);
    const [weighed, bare] = (await points()) as [number, number];
    expect([weighed > 400_000, bare < 200_000]).toEqual([true, true]);
    await engine.publicLog.seal(own.market);
    await house.app.listen({ host: "127.0.0.1", port: 0 });
    const address = `http://127.0.0.1:${(house.app.server.address() as AddressInfo).port}`;
    const folder = mkdtempSync(join(tmpdir(), "probity-credentials-"));
    const file = join(folder, "policy.txt");
    writeFileSync(file, (await open(`/log/${own.market.slug}/trust-policy`)).text);
    const options = [address, "--marketplace", own.market.slug, "--policy", file, "--json"];
    const node = await run(process.execPath, [here("../main/cli.ts"), "audit", ...options]);
    const told = JSON.parse(node.stdout.trimEnd().split("\n").at(-1) as string) as Payload;
    expect(told).toMatchObject({ ok: true, failure: null });
    if (!hasPython) return;
    const python = await run("python3", [here("../../../../auditors/python/probity_audit.py"), ...options]);
    const again = JSON.parse(python.stdout.trimEnd().split("\n").at(-1) as string) as Payload;
    expect(again).toMatchObject({ ok: true, facts: told["facts"], root: told["root"] });
  }, 120_000);

  test("are not reachable without a key", async () => {
    for (const path of ["", "/imports", "/issuers", "/keys"])
      expect(await code(open(`/v1/credentials${path}`))).toMatch(/^401 key-missing/);
  });
});
