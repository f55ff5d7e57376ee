import { randomBytes } from "node:crypto";
import { eventDefinition, ProblemError } from "@probity/contract";
import { forgetAccount } from "../authenticity/forget.store.ts";
import { entityKey, type EntityState, entityOf } from "../facts/index.ts";
import { deleteShopper, loadEntities, replaceEntities, saveStates } from "../facts/facts.store.ts";
import { dropLettersAbout } from "../ledger/letters.store.ts";
import { lockHead, markErasure, readEventsOfPerson, renameEvents } from "../ledger/ledger.store.ts";
import type { Db, Tx } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { MasterKey } from "../privacy/index.ts";
import { deletePerson } from "../privacy/privacy.store.ts";
import { type KeptEntity, type NamingEvent, partWays } from "./part-ways.ts";

export interface Erased {
  /** Events whose name was taken out. */
  readonly events: number;
  readonly deadLetters: number;
}

export interface ErasureParts {
  readonly db: Db;
  readonly master: MasterKey;
  readonly now: () => number;
  /** Called once it is committed: what this process remembers of the marketplace is to be forgotten. */
  readonly onErased: (market: Marketplace) => void;
}

const monthOf = (ms: number): number => {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
};

async function entitiesOf(
  tx: Tx,
  marketplaceId: number,
  events: readonly NamingEvent[],
): Promise<Map<string, KeptEntity>> {
  const refs = new Map(
    events.flatMap((event) => {
      const ref = entityOf(event);
      return ref === undefined ? [] : [[entityKey(ref.kind, ref.id), ref] as const];
    }),
  );
  const stored = await loadEntities(tx, marketplaceId, [...refs.values()]);
  const states = new Map(stored.map(({ kind, id, state }): [string, EntityState] => [`${kind} ${id}`, state]));
  return new Map(
    [...refs].flatMap(([key, ref]): [string, KeptEntity][] => {
      const state = states.get(`${ref.kind} ${ref.id}`);
      return state === undefined ? [] : [[key, { ...ref, state }]];
    }),
  );
}

/**
 * Erases a person: the data key goes, and with it names, contacts, addresses, own words and the salts of digests; the
 * name under which the person was known gives way to one for each purchase, so that none leads to another. Entries, proofs,
 * facts and ratings stand. Durable and whole on return; refuses where nobody of that name is known.
 */
export async function erasePerson(
  { db, master, now, onErased }: ErasureParts,
  market: Marketplace,
  id: string,
): Promise<Erased> {
  const { marketplaceId, currency } = market;
  const erased = await db.transaction(async (tx): Promise<Erased> => {
    // Nobody writes to the ledger meanwhile.
    await lockHead(tx, marketplaceId);
    const personNo = await deletePerson(tx, master, marketplaceId, id);
    if (personNo === undefined)
      throw new ProblemError("not-found", `Nobody is known as ${id}; whoever was erased is not known any more`);
    const rows = await readEventsOfPerson(tx, marketplaceId, personNo);
    const events = rows.flatMap((row): NamingEvent[] => {
      const personField = eventDefinition(row.type)?.person;
      return personField === undefined ? [] : [{ ...row, personField }];
    });
    const entities = await entitiesOf(tx, marketplaceId, events);
    const newName = (): string => `erased-${randomBytes(12).toString("base64url")}`;
    const parted = partWays(id, events, entities, { currency }, newName);
    await renameEvents(
      tx,
      marketplaceId,
      events.map(({ seq, time, data, personField }) => ({
        seq,
        body: `{"time":${JSON.stringify(time)},"data":${JSON.stringify({ ...data, [personField]: parted.names.get(seq) })}}`,
      })),
    );
    await replaceEntities(tx, marketplaceId, parted.entities);
    await deleteShopper(tx, marketplaceId, id);
    await saveStates(tx, marketplaceId, parted.pairs, parted.shoppers);
    await forgetAccount(tx, marketplaceId, id);
    const deadLetters = await dropLettersAbout(tx, master, marketplaceId, id);
    await markErasure(tx, marketplaceId);
    await tx.query(
      `INSERT INTO erasure_month AS e (marketplace_id, month, people, told) VALUES ($1, $2, 1, false)
       ON CONFLICT (marketplace_id, month) DO UPDATE SET people = e.people + 1, told = false`,
      [marketplaceId, monthOf(now())],
    );
    return { events: events.length, deadLetters };
  });
  onErased(market);
  return erased;
}

/** Months that are over and of which the ledger does not know yet. */
export async function untoldMonths(
  db: Db,
  marketplaceId: number,
  nowMs: number,
): Promise<{ readonly month: number; readonly people: number }[]> {
  return db.query(
    "SELECT month, people FROM erasure_month WHERE marketplace_id = $1 AND NOT told AND month < $2 ORDER BY month",
    [marketplaceId, monthOf(nowMs)],
  );
}

export async function markMonthTold(db: Db, marketplaceId: number, month: number): Promise<void> {
  await db.query("UPDATE erasure_month SET told = true WHERE marketplace_id = $1 AND month = $2", [
    marketplaceId,
    month,
  ]);
}
