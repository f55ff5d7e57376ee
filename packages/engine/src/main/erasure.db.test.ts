import { spawnSync } from "node:child_process";
import type { ApiKeyScope, Receipt } from "@probity/contract";
import { utf8 } from "@probity/verifier/tlog/bytes";
import { checkReceipt } from "@probity/verifier/tlog/receipt";
import { readTrustPolicy } from "@probity/verifier/tlog/trust-policy";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tellErasures } from "../erasure/erasure.jobs.ts";
import { event, placed, send, storedFacts, testNowMs } from "../ledger/ledger.fixture.ts";
import { nodePrimitives } from "../log/index.ts";
import { databases, postgresUrl } from "../platform/databases.fixture.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { call, openTestEngine, type TestEngine } from "./engine.fixture.ts";

const person = "shopper-Zhang-Wei-4711";
const dumper = spawnSync("pg_dump", ["--version"]);
const secrets = {
  buyerName: "张伟的名字",
  buyerPhone: "13800471147",
  buyerEmail: "zhang.wei@mail.example",
  shipTo: "Lakeside Road 17",
  device: "device-fingerprint-77",
  payer: "payer-fingerprint-88",
};
const words = "这家店的茶叶很香，我下次还来买。";

describe.each(databases)("erasing a person on $name", (database) => {
  if (database.absent !== undefined) {
    it.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let opened: TestEngine;
  let market: Marketplace;
  let token: string;

  const sendAll = async (events: readonly unknown[]): Promise<void> => {
    const verdicts = await send(opened.engine.ledger, market, events);
    expect(verdicts.filter(({ verdict }) => verdict !== "accepted")).toEqual([]);
  };

  const purchase = (order: string, merchant: string, buyer: string, day: number, more: object = {}): unknown[] => [
    placed(order, { merchant, buyer, items: [{ product: `p-${merchant}`, quantity: 1, amount: 10 }], ...more }, day),
    event(`${order}-shipped`, "order.shipped", { order, merchant }, day + 1),
    event(`${order}-delivered`, "order.delivered", { order, merchant }, day + 2),
    event(
      `${order}-review`,
      "review.posted",
      { review: `r-${order}`, merchant, buyer, order, stars: 5, text: words },
      day + 3,
    ),
  ];

  beforeAll(async () => {
    opened = await openTestEngine(database);
    ({ market, token } = await opened.enter());
    const { engine } = opened;
    await engine.ratings.prepare(market);
    await sendAll([
      ...purchase("o-one", "m-tea", person, 20_700, secrets),
      ...purchase("o-two", "m-toys", person, 20_703, secrets),
      ...purchase("o-three", "m-tea", person, 20_705, secrets),
      ...purchase("o-else", "m-tea", "another", 20_702, { buyerName: "Somebody Else", device: "device-9" }),
      event("follow", "user.followed", { user: person, kind: "merchant", followed: "m-tea" }, 20_704),
      event("vote", "review.voted", { review: "r-o-else", merchant: "m-tea", voter: person, helpful: true }, 20_706),
      event(
        "complaint",
        "complaint.opened",
        { complaint: "c-1", merchant: "m-toys", buyer: person, order: "o-two", about: "delivery" },
        20_707,
      ),
    ]);
    await engine.ledger.ingest(market, [{ json: { buyer: person, phone: secrets.buyerPhone } }]);
    await engine.authenticity.prepare(market);
    await engine.authenticity.run(market);
    while (((await engine.ratings.run(market))?.rated ?? 0) > 0);
    await engine.publicLog.seal(market);
  }, 120_000);

  afterAll(async () => opened?.[Symbol.asyncDispose]());

  /** Every row of every table, as text. */
  async function everything(): Promise<string[]> {
    const { db } = opened.engine;
    const tables = await db.query<{ name: string }>(
      "SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = current_schema()",
    );
    const rows: string[] = [];
    for (const { name } of tables) {
      const found = await db.query<{ row: string }>(
        `SELECT row_to_json(t)::text AS row FROM ${name} t WHERE to_jsonb(t) ->> 'marketplace_id' = $1 OR NOT to_jsonb(t) ? 'marketplace_id'`,
        [String(market.marketplaceId)],
      );
      rows.push(...found.map(({ row }) => `${name} ${row}`));
    }
    return rows;
  }

  const erase = (id: string, by = token) =>
    call(opened.app, {
      url: "/v1/erasures",
      method: "POST",
      token: by,
      body: JSON.stringify({ person: id }),
      type: "application/json",
    });

  /** Words by which a row could lead to another; days stand in published differences, and many buyers share them. */
  const marksOf = (row: string): Set<string> => new Set(row.match(/[\w-]{9,}|\b-?\d{6,}\b/g));

  it("needs the right to do so, and somebody to erase", async () => {
    const weak = await opened.key(market, ["events:read", "people:write"] satisfies ApiKeyScope[]);
    expect((await erase(person, weak)).status).toBe(403);
    expect((await erase("nobody")).status).toBe(404);
    const foreign = await opened.enter();
    expect((await erase(person, foreign.token)).status).toBe(404);
  });

  it("leaves no name, contact, own word or tie between purchases, and changes no entry, fact or rating", async () => {
    const { db } = opened.engine;
    const entries = async (): Promise<unknown> =>
      db.query(
        "SELECT seq, entry, encode(leaf, 'hex') AS leaf FROM ledger_event WHERE marketplace_id = $1 ORDER BY seq",
        [market.marketplaceId],
      );
    const ratings = async (): Promise<unknown> =>
      db.query(
        "SELECT subject_no, score, bound, grade FROM ratings_current WHERE marketplace_id = $1 ORDER BY subject_no",
        [market.marketplaceId],
      );
    const before = { entries: await entries(), facts: await storedFacts(db, market), ratings: await ratings() };
    expect((await everything()).some((row) => row.includes(person))).toBe(true);
    const told = await erase(person);
    expect([told.status, told.json]).toEqual([200, { events: 9, deadLetters: 1 }]);
    expect(await entries()).toEqual(before.entries);
    expect(await storedFacts(db, market)).toEqual(before.facts);
    expect(await ratings()).toEqual(before.ratings);
    const rows = await everything();
    const all = rows.join("\n");
    for (const secret of [person, ...Object.values(secrets), words]) {
      for (const form of [secret, Buffer.from(secret).toString("hex"), Buffer.from(secret).toString("base64")])
        expect(all.includes(form), secret).toBe(false);
    }
    // Whatever two purchases share, a purchase of somebody else shares too.
    const about = (order: string): Set<string> =>
      new Set(rows.filter((row) => row.includes(order)).flatMap((row) => [...marksOf(row)]));
    const [one, three, other] = [about("o-one"), about("o-three"), about("o-else")];
    expect([...one].filter((mark) => three.has(mark) && !other.has(mark))).toEqual([]);
    expect((await erase(person)).status).toBe(404);
  });

  it("keeps receipts right: what was open opens, what was personal does not", async () => {
    const policy = await readTrustPolicy(
      nodePrimitives,
      (await call(opened.app, { url: `/log/${market.slug}/trust-policy` })).text,
    );
    const [row] = await opened.engine.db.query<{ seq: number }>(
      "SELECT seq FROM ledger_event WHERE marketplace_id = $1 AND type = 'order.placed' AND body LIKE '%o-one%'",
      [market.marketplaceId],
    );
    const { json } = await call(opened.app, { url: `/v1/events/${row?.seq}/receipt`, token });
    const { fields } = await checkReceipt(nodePrimitives, utf8((json as Receipt).receipt), policy);
    const names = fields.map(({ name }) => name);
    expect(names).toContain("/data/merchant");
    expect(names.filter((name) => /buyer|phone|ship|device|payer|\/id/i.test(name))).toEqual([]);
  });

  it("folds on what comes later about a purchase, and knows the person only as somebody new", async () => {
    const { engine } = opened;
    await sendAll([
      event(
        "late-return",
        "return.requested",
        { return: "t-1", merchant: "m-tea", buyer: "b-new", order: "o-one", kind: "return", reason: "defect" },
        20_720,
      ),
      event("late-cancel", "order.cancelled", { order: "o-three", merchant: "m-tea", by: "merchant" }, 20_721),
      ...purchase("o-again", "m-tea", person, 20_722, secrets),
    ]);
    const sum = (facts: ReadonlyMap<string, readonly [number, number]>, part: string): number =>
      [...facts].reduce((total, [key, [n]]) => (key.includes(part) ? total + n : total), 0);
    const facts = await storedFacts(engine.db, market);
    // What stands in the log is what is counted.
    const logged = new Map<string, number>();
    for (const { entry } of await engine.db.query<{ entry: string }>(
      "SELECT entry FROM ledger_event WHERE marketplace_id = $1",
      [market.marketplaceId],
    ))
      for (const [, metric, , n] of (JSON.parse(entry) as { d: [string, string, number, number, number][] }).d)
        logged.set(metric, (logged.get(metric) ?? 0) + n);
    for (const [metric, n] of logged) expect([metric, sum(facts, `|${metric}|`)]).toEqual([metric, n]);
    await engine.authenticity.run(market);
    while (((await engine.ratings.run(market))?.rated ?? 0) > 0);
    await engine.publicLog.seal(market);
    expect((await erase(person)).status).toBe(200);
    expect((await everything()).filter((row) => row.includes(person))).toEqual([]);
  });

  it("tells the ledger how many in a month that is over, never who", async () => {
    const { db, ledger } = opened.engine;
    const at = (ms: number) => tellErasures({ db, ledger, now: () => ms }, market);
    expect(await at(testNowMs)).toBe(0);
    expect(await at(testNowMs + 31 * 86_400_000)).toBe(1);
    expect(await at(testNowMs + 31 * 86_400_000)).toBe(0);
    const [row] = await db.query<{ entry: string }>(
      "SELECT entry FROM ledger_event WHERE marketplace_id = $1 AND type = 'erasure.completed'",
      [market.marketplaceId],
    );
    expect((JSON.parse(row?.entry ?? "{}") as { p: unknown }).p).toEqual({
      people: 2,
      periodFrom: "2026-11-01",
      periodTo: "2026-11-30",
    });
  });

  // A dump is PostgreSQL's; whoever has no client tools here is told by the tests that require everything.
  if (database.name !== "PostgreSQL" || (dumper.error !== undefined && process.env["PROBITY_REQUIRE_ALL"] !== "1"))
    return;
  it("is not in a dump either", () => {
    const { stdout, status } = spawnSync("pg_dump", [postgresUrl, "--data-only", "--inserts"], {
      maxBuffer: 1_000_000_000,
    });
    expect(status).toBe(0);
    for (const secret of [person, ...Object.values(secrets), words])
      expect(stdout.includes(secret), secret).toBe(false);
  });
});
