import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ledger } from "../ledger/group-commit.store.ts";
import { freshMarket, holding, openLedger, placed, raw, testMaster, testNowMs } from "../ledger/ledger.fixture.ts";
import { databases, type TestDatabase } from "../platform/databases.fixture.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { erasePerson } from "./erasure.store.ts";

const buyerPhone = "13800471147";

describe.each(databases)("an event that comes while its person is erased on $name", (database) => {
  if (database.absent !== undefined) {
    test.skip(`skipped: ${database.absent}`, () => undefined);
    return;
  }
  let opened: TestDatabase;
  let db: Db;
  let market: Marketplace;
  beforeAll(async () => {
    opened = await database.open();
    db = opened.db;
  }, 60_000);
  afterAll(() => opened?.[Symbol.asyncDispose]());

  const erase = (onErased: () => void = () => undefined): Promise<unknown> =>
    erasePerson({ db, master: testMaster, now: () => testNowMs, onErased }, market, "b1");

  const order = (ledger: Ledger, id: string, buyer: string): Promise<string[]> =>
    ledger
      .ingest(market, raw([placed(id, { buyer, buyerPhone })]))
      .then((verdicts) => verdicts.map(({ verdict }) => verdict));

  /** Orders whose buyer's key is there: those that a request to erase the buyer finds. */
  async function ordersOf(buyer: string): Promise<string[]> {
    const rows = await db.query<{ order: string }>(
      `SELECT e.body::json -> 'data' ->> 'order' AS order FROM ledger_event e
       JOIN privacy_person p ON p.marketplace_id = e.marketplace_id AND p.person_no = e.person_no
       WHERE e.marketplace_id = $1 AND e.body::json -> 'data' ->> 'buyer' = $2 ORDER BY 1`,
      [market.marketplaceId, buyer],
    );
    return rows.map((row) => row.order);
  }

  async function bodiesThatName(buyer: string): Promise<number> {
    const [row] = await db.query<{ rows: number }>(
      "SELECT count(*)::integer AS rows FROM ledger_event WHERE marketplace_id = $1 AND position($2 IN body) > 0",
      [market.marketplaceId, `"${buyer}"`],
    );
    return row?.rows ?? 0;
  }

  test.each([
    ["another process erases while it waits for the lock", "transaction", false, false],
    ["another process erases while it is written", /UPDATE ledger_head/, true, false],
    ["this process erases while it is written", /UPDATE ledger_head/, true, true],
    ["this process erases while others of the batch are looked up", /FROM unnest.*privacy_person/s, true, true],
    ["another process erases while others of the batch are looked up", /FROM unnest.*privacy_person/s, true, false],
  ] as const)("is of somebody new, whom a second erasure finds: %s", async (_, pattern, isWarm, isOwn) => {
    market = await freshMarket(db);
    await using before = openLedger(db);
    await order(before, "first", "b1");
    const gate = holding(db, pattern);
    await using ledger = openLedger(gate.db);
    // Who is warm knows the person, and where the ledger stands.
    if (isWarm) await order(ledger, "second", "b1");
    gate.hold();
    const late = ledger.ingest(
      market,
      raw([placed("late", { buyer: "b1", buyerPhone }), placed("other", { buyer: "b2", buyerPhone })]),
    );
    await gate.reached;
    await erase(() => {
      if (isOwn) ledger.forget(market);
    });
    gate.letGo();
    expect((await late).map(({ verdict }) => verdict)).toEqual(["accepted", "accepted"]);
    expect(await ordersOf("b1")).toEqual(["late"]);
    expect(await ordersOf("b2")).toEqual(["other"]);
    await erase(() => ledger.forget(market));
    expect(await bodiesThatName("b1")).toBe(0);
    expect(await order(ledger, "after", "b2")).toEqual(["accepted"]);
    expect(await ordersOf("b2")).toEqual(["after", "other"]);
  });
});
