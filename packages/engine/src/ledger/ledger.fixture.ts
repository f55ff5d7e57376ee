import { randomBytes } from "node:crypto";
import { storedMetricNames, type Verdict } from "@probity/contract";
import type { RawEvent } from "../facts/events.fixture.ts";
import type { Db, Queryable, Tx } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { ensureMarketplace } from "../platform/marketplace.store.ts";
import { MasterKey } from "../privacy/index.ts";
import { Ledger, type LedgerOptions } from "./group-commit.store.ts";

/** Later than every simulated event. */
export const testNowMs: number = Date.UTC(2026, 10, 20, 12);
export const testMaster: MasterKey = new MasterKey(Buffer.alloc(32, 7));

/** A marketplace of its own for one test. */
export function freshMarket(db: Db): Promise<Marketplace> {
  const slug = `t${randomBytes(6).toString("hex")}`;
  return ensureMarketplace(db, { slug, name: slug, currency: "CNY", clock: "log", isPublic: true }, testNowMs);
}

export function openLedger(db: Db, options: Partial<LedgerOptions> = {}): Ledger {
  return new Ledger({ db, master: testMaster, now: () => testNowMs, ...options });
}

export const raw = (events: readonly unknown[]): { json: unknown }[] => events.map((json) => ({ json }));

/** Sends all events, some hundred at a time; gives their verdicts. */
export async function send(
  ledger: Ledger,
  market: Marketplace,
  events: readonly unknown[],
  batchEvents = 700,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (let from = 0; from < events.length; from += batchEvents) {
    verdicts.push(...(await ledger.ingest(market, raw(events.slice(from, from + batchEvents)))));
  }
  return verdicts;
}

/** Place in the ledger of an event that was taken. */
export function seqOf(verdict: Verdict | undefined): number {
  if (verdict === undefined || verdict.verdict === "rejected")
    throw new Error(`was not taken: ${JSON.stringify(verdict)}`);
  return verdict.seq;
}

/** Facts as stored: `subject|metric|day` → [n, x], without zeros. */
export async function storedFacts(db: Queryable, market: Marketplace): Promise<Map<string, [number, number]>> {
  const rows = await db.query<{ key: string; metric_no: number; day: number; n: number; x: number }>(
    `SELECT s.kind || s.id AS key, c.metric_no, c.day, c.n, c.x FROM facts_count c
     JOIN facts_subject s ON s.marketplace_id = c.marketplace_id AND s.subject_no = c.subject_no
     WHERE c.marketplace_id = $1 AND (c.n <> 0 OR c.x <> 0)`,
    [market.marketplaceId],
  );
  return new Map(
    rows.map(({ key, metric_no, day, n, x }) => [
      `${key}|${storedMetricNames.get(metric_no) ?? metric_no}|${day}`,
      [n, x],
    ]),
  );
}

export const digested: readonly string[] = [
  "ledger_head",
  "ledger_event",
  "ledger_source",
  "facts_subject",
  "facts_entity",
  "facts_pair",
  "facts_shopper",
  "facts_count",
];

/** A digest of everything that the ledger and the facts hold of a marketplace. */
export async function digestOf(db: Queryable, market: Marketplace): Promise<string> {
  const digests: string[] = [];
  for (const table of digested) {
    const [row] = await db.query<{ digest: string | null; rows: number }>(
      `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS digest, count(*)::integer AS rows FROM ${table} t WHERE marketplace_id = $1`,
      [market.marketplaceId],
    );
    digests.push(`${table} ${row?.rows} ${row?.digest}`);
  }
  return digests.join("\n");
}

/** The database, but statements that match fail: in this process, or in the database itself. */
export function failing(db: Db, pattern: { test(sql: string): boolean }, where: "before" | "inside"): Db {
  const wrap = <Q extends Queryable>(queryable: Q): Queryable["query"] => {
    return (sql, params) => {
      if (!pattern.test(sql)) return queryable.query(sql, params);
      return where === "before" ? Promise.reject(new Error("made to fail")) : queryable.query("SELECT 1 / 0");
    };
  };
  return {
    engine: db.engine,
    query: wrap(db),
    copyOut: (select) => db.copyOut(select),
    script: (sql) => db.script(sql),
    transaction: (work, isolation) =>
      db.transaction((tx: Tx) => work({ query: wrap(tx), copyOut: (select) => tx.copyOut(select) }), isolation),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** The database; once `hold` was called, statements that match, or all transactions, wait until they are let go. */
export function holding(db: Db, pattern: RegExp | "transaction") {
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isHeld = false;
  const wait = async (isMeant: boolean): Promise<void> => {
    if (!isHeld || !isMeant) return;
    reached.resolve();
    await gate.promise;
  };
  const held: Db = {
    engine: db.engine,
    query: async (sql, params) => {
      await wait(pattern instanceof RegExp && pattern.test(sql));
      return db.query(sql, params);
    },
    copyOut: (select) => db.copyOut(select),
    script: (sql) => db.script(sql),
    transaction: async (work, isolation) => {
      await wait(pattern === "transaction");
      return db.transaction(work, isolation);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  const hold = (): void => {
    isHeld = true;
  };
  return { db: held, hold, reached: reached.promise, letGo: gate.resolve };
}

/** Lets the database itself refuse writes of one marketplace to a table until it is disposed. */
export async function refusing(db: Db, table: string, market: Marketplace): Promise<AsyncDisposable> {
  const name = `refuse_${table}`;
  await db.script(`CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'made to fail'; END $$`);
  await db.script(`CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW
    WHEN (NEW.marketplace_id = ${market.marketplaceId}) EXECUTE FUNCTION ${name}()`);
  return {
    [Symbol.asyncDispose]: async () => {
      await db.script(`DROP TRIGGER ${name} ON ${table}`);
      await db.script(`DROP FUNCTION ${name}`);
    },
  };
}

/** A valid event; fields and data may be overridden. */
export function event(
  id: string,
  type: string,
  data: Record<string, unknown>,
  day = 20_600,
  fields: Partial<RawEvent> = {},
): RawEvent {
  return {
    specversion: "1.0",
    id,
    source: "urn:shop",
    type,
    time: new Date(day * 86_400_000).toISOString(),
    data,
    ...fields,
  };
}

export function placed(order: string, data: Record<string, unknown> = {}, day = 20_600): RawEvent {
  const items = [{ product: "p1", quantity: 1, amount: 1_000 }];
  return event(
    `placed-${order}-${day}`,
    "order.placed",
    { order, merchant: "m1", buyer: "b1", amount: 1_000, currency: "CNY", items, ...data },
    day,
  );
}
