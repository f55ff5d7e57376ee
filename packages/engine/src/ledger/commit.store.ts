import type { Verdict } from "@probity/contract";
import { writeFacts } from "../facts/facts.store.ts";
import type { Db, Queryable } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { Statement } from "../platform/statement.ts";
import { type Folded, foldBatch, type LaneCache } from "./fold-batch.store.ts";
import { addEvents, addHead, addTally, lockHead } from "./ledger.store.ts";
import type { Prepared } from "./prepare.ts";

/** Another process moved the head since the batch was folded: nothing was written. */
export class Overtaken extends Error {}

/** Somebody was erased since the persons of a batch were looked up: nothing was written. */
export class Outdated extends Error {}

/**
 * Writes a folded batch: events, entries, entity states, facts and head in one statement, which does
 * nothing unless the head stands where the batch was folded. Outside a transaction it is durable on return.
 */
export async function writeBatch(db: Queryable, market: Marketplace, nowMs: number, folded: Folded): Promise<void> {
  if (folded.events.length === 0) return;
  const statement = new Statement();
  const marketplace = addHead(statement, market.marketplaceId, folded.before, folded.after);
  const condition = "EXISTS (SELECT FROM head)";
  addEvents(statement, marketplace, nowMs, folded.events, condition);
  addTally(statement, marketplace, nowMs, folded.events, condition);
  writeFacts(statement, marketplace, folded.facts, condition);
  const moved = await db.query(statement.text("SELECT size FROM head"), statement.params);
  if (moved.length === 0) throw new Overtaken(`marketplace ${market.marketplaceId}: another process wrote meanwhile`);
}

/**
 * Folds and writes a batch behind the lock of the head: nobody can overtake it. Its persons were looked up when so many
 * people had been erased; throws Outdated where that has changed.
 */
export function commitLocked(
  { db, market, cache }: { readonly db: Db; readonly market: Marketplace; readonly cache: LaneCache },
  nowMs: number,
  erasures: number,
  events: readonly Prepared[],
): Promise<Verdict[]> {
  return db.transaction(async (tx) => {
    const head = await lockHead(tx, market.marketplaceId);
    if (head.erasures !== erasures) throw new Outdated("somebody was erased meanwhile");
    if (head.size !== cache.head?.size || head.erasures !== cache.head.erasures) cache.clear();
    const folded = await foldBatch({ db: tx, market, cache }, head, events);
    await writeBatch(tx, market, nowMs, folded);
    return folded.verdicts;
  });
}
