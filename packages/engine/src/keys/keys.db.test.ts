import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshMarket, testNowMs } from "../ledger/ledger.fixture.ts";
import { databases, type TestDatabase } from "../platform/databases.fixture.ts";
import { createKey, KeyRing, listKeys, revokeKey } from "./keys.store.ts";

describe.each(databases.map((database) => [database.name, database] as const))("API keys on %s", (_name, database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await database.open();
  }, 60_000);
  afterAll(() => opened[Symbol.asyncDispose]());

  test("name their marketplace and scopes; only a hash is stored", async () => {
    const market = await freshMarket(opened.db);
    const { keyId, token } = await createKey(
      opened.db,
      market,
      'shop\'s, "own" 密钥',
      ["events:write", "ratings:read"],
      testNowMs,
    );
    const ring = new KeyRing(opened.db, () => testNowMs);
    expect(await ring.check(token)).toEqual({ keyId, market, scopes: ["events:write", "ratings:read"] });
    const [row] = await opened.db.query<{ text: string }>("SELECT k::text AS text FROM keys_key k WHERE key_id = $1", [
      keyId,
    ]);
    expect(row?.text).not.toContain(token.split("_").slice(2).join("_"));
    expect((await listKeys(opened.db)).find((key) => key.keyId === keyId)).toMatchObject({
      marketplace: market.slug,
      label: 'shop\'s, "own" 密钥',
      revoked: false,
      lastUsedMs: testNowMs,
    });
  });

  test("are known by every character of the token", async () => {
    const market = await freshMarket(opened.db);
    const { token } = await createKey(opened.db, market, "", ["events:write"], testNowMs);
    const ring = new KeyRing(opened.db, () => testNowMs);
    for (let at = 0; at < token.length; at += 5) {
      const other = `${token.slice(0, at)}${token[at] === "0" ? "1" : "0"}${token.slice(at + 1)}`;
      expect(await ring.check(other)).toBeUndefined();
    }
    for (const other of ["", token.slice(1), `${token}x`, ` ${token}`, "pk__", token.toUpperCase(), "\u0000"])
      expect(await ring.check(other)).toBeUndefined();
    expect(await ring.check(token)).toBeDefined();
  });

  test("end when they are revoked, at the latest after five seconds", async () => {
    const market = await freshMarket(opened.db);
    const { keyId, token } = await createKey(opened.db, market, "", ["events:write"], testNowMs);
    let nowMs = testNowMs;
    const ring = new KeyRing(opened.db, () => nowMs);
    expect(await ring.check(token)).toBeDefined();
    expect(await revokeKey(opened.db, keyId, nowMs)).toBe(true);
    expect(await revokeKey(opened.db, keyId, nowMs)).toBe(false);
    expect(await revokeKey(opened.db, "none", nowMs)).toBe(false);
    nowMs += 5_001;
    expect(await ring.check(token)).toBeUndefined();
    expect(await new KeyRing(opened.db, () => nowMs).check(token)).toBeUndefined();
    expect((await listKeys(opened.db)).find((key) => key.keyId === keyId)?.revoked).toBe(true);
  });
});
