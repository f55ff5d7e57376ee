import type { KeyObject } from "node:crypto";
import { integerArray, textArray, type Queryable } from "../platform/db.ts";
import { type MasterKey, sealingKey } from "./seal.ts";

/** A person as sealing needs it. */
export interface Person {
  readonly no: number;
  /** Salts of personal fields are drawn from it. */
  readonly key: Buffer;
  /** The same key, to seal and open with. */
  readonly sealing: KeyObject;
}

function toPerson(no: number, key: Buffer): Person {
  return { no, key, sealing: sealingKey(key) };
}

const context = (marketplaceId: number, blind: string): string =>
  `privacy_person|wrapped_key|${marketplaceId}:${blind}|1`;

interface PersonRow {
  blind: string;
  person_no: number;
  wrapped_key: Uint8Array;
}

async function loadByBlind(db: Queryable, marketplaceId: number, blinds: readonly string[]): Promise<PersonRow[]> {
  if (blinds.length === 0) return [];
  return db.query<PersonRow>(
    `SELECT t.blind, p.person_no, p.wrapped_key FROM unnest($2::text[]) AS t (blind)
     CROSS JOIN LATERAL (SELECT p.person_no, p.wrapped_key FROM privacy_person p
       WHERE p.marketplace_id = $1 AND p.blind = t.blind LIMIT 1) AS p`,
    [marketplaceId, textArray(blinds)],
  );
}

/** Data keys of persons by their ids; who has none yet is given one. Durable on return. */
export async function ensurePeople(
  db: Queryable,
  master: MasterKey,
  marketplaceId: number,
  ids: readonly string[],
): Promise<Map<string, Person>> {
  const byBlind = new Map(ids.map((id) => [master.blind(marketplaceId, id), id]));
  const rows = await loadByBlind(db, marketplaceId, [...byBlind.keys()]);
  const known = new Set(rows.map(({ blind }) => blind));
  const people = new Map(
    rows.map((row) => [
      byBlind.get(row.blind) as string,
      toPerson(row.person_no, master.unwrap(row.wrapped_key, context(marketplaceId, row.blind))),
    ]),
  );
  const missing = [...byBlind.keys()].filter((blind) => !known.has(blind)).sort();
  for (const [blind, person] of await insertPeople(db, master, marketplaceId, missing)) {
    people.set(byBlind.get(blind) as string, person);
  }
  return people;
}

/** Gives each a fresh data key, or the one that another process gave it meanwhile. */
async function insertPeople(
  db: Queryable,
  master: MasterKey,
  marketplaceId: number,
  blinds: readonly string[],
): Promise<Map<string, Person>> {
  if (blinds.length === 0) return new Map();
  const fresh = new Map(blinds.map((blind) => [blind, master.newPersonKey()]));
  const wrapped = [...fresh].map(([blind, key]) => master.wrap(key, context(marketplaceId, blind)).toString("hex"));
  const inserted = await db.query<{ blind: string; person_no: number }>(
    `INSERT INTO privacy_person (marketplace_id, blind, wrapped_key)
     SELECT $1, blind, decode(wrapped, 'hex') FROM unnest($2::text[], $3::text[]) AS t (blind, wrapped)
     ON CONFLICT (marketplace_id, blind) DO NOTHING RETURNING blind, person_no`,
    [marketplaceId, textArray(blinds), textArray(wrapped)],
  );
  const people = new Map(
    inserted.map(({ blind, person_no }) => [blind, toPerson(person_no, fresh.get(blind) as Buffer)]),
  );
  for (const row of await loadByBlind(
    db,
    marketplaceId,
    blinds.filter((blind) => !people.has(blind)),
  )) {
    people.set(row.blind, toPerson(row.person_no, master.unwrap(row.wrapped_key, context(marketplaceId, row.blind))));
  }
  return people;
}

/** Numbers of persons by their ids; those who are not known are left out. */
export async function findPeople(
  db: Queryable,
  master: MasterKey,
  marketplaceId: number,
  ids: readonly string[],
): Promise<number[]> {
  const rows = await loadByBlind(
    db,
    marketplaceId,
    [...new Set(ids)].map((id) => master.blind(marketplaceId, id)),
  );
  return rows.map(({ person_no }) => person_no);
}

/** Destroys a person's data key; the number that it had, or undefined where nobody is known by that id. */
export async function deletePerson(
  db: Queryable,
  master: MasterKey,
  marketplaceId: number,
  id: string,
): Promise<number | undefined> {
  const [row] = await db.query<{ person_no: number }>(
    "DELETE FROM privacy_person WHERE marketplace_id = $1 AND blind = $2 RETURNING person_no",
    [marketplaceId, master.blind(marketplaceId, id)],
  );
  return row?.person_no;
}

/** Data keys of persons by number; who was erased is left out. */
export async function loadPeopleByNo(
  db: Queryable,
  master: MasterKey,
  marketplaceId: number,
  nos: readonly number[],
): Promise<Map<number, Person>> {
  if (nos.length === 0) return new Map();
  const rows = await db.query<PersonRow>(
    `SELECT p.blind, p.person_no, p.wrapped_key FROM unnest($2::bigint[]) AS t (no)
     CROSS JOIN LATERAL (SELECT p.blind, p.person_no, p.wrapped_key FROM privacy_person p
       WHERE p.marketplace_id = $1 AND p.person_no = t.no LIMIT 1) AS p`,
    [marketplaceId, integerArray(nos)],
  );
  return new Map(
    rows.map((row) => [
      row.person_no,
      toPerson(row.person_no, master.unwrap(row.wrapped_key, context(marketplaceId, row.blind))),
    ]),
  );
}

/** Data key of a person by number; undefined once it was erased. */
export async function loadPersonByNo(
  db: Queryable,
  master: MasterKey,
  marketplaceId: number,
  no: number,
): Promise<Person | undefined> {
  const [row] = await db.query<PersonRow>(
    "SELECT blind, person_no, wrapped_key FROM privacy_person WHERE marketplace_id = $1 AND person_no = $2",
    [marketplaceId, no],
  );
  return row && toPerson(no, master.unwrap(row.wrapped_key, context(marketplaceId, row.blind)));
}
