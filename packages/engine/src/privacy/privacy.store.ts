import { integerArray, textArray, type Queryable } from "../platform/db.ts";
import type { MasterKey } from "./seal.ts";

/** A person as sealing needs it. */
export interface Person {
  readonly no: number;
  readonly key: Uint8Array;
}

const context = (marketplaceId: number, no: number): string => `privacy_person|wrapped_key|${marketplaceId}:${no}|1`;

/** Data keys of the persons that are known, by the person's id. */
export async function loadPeople(
  db: Queryable,
  master: MasterKey,
  marketplaceId: number,
  ids: readonly string[],
): Promise<Map<string, Person>> {
  if (ids.length === 0) return new Map();
  const byBlind = new Map(ids.map((id) => [master.blind(marketplaceId, id), id]));
  const rows = await db.query<{ blind: string; person_no: number; wrapped_key: Uint8Array }>(
    `SELECT p.blind, p.person_no, p.wrapped_key FROM unnest($2::text[]) AS t (blind)
     JOIN privacy_person p ON p.marketplace_id = $1 AND p.blind = t.blind`,
    [marketplaceId, textArray([...byBlind.keys()])],
  );
  return new Map(
    rows.map((row) => [
      byBlind.get(row.blind) as string,
      { no: row.person_no, key: master.unwrap(row.wrapped_key, context(marketplaceId, row.person_no)) },
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
  const [row] = await db.query<{ wrapped_key: Uint8Array }>(
    "SELECT wrapped_key FROM privacy_person WHERE marketplace_id = $1 AND person_no = $2",
    [marketplaceId, no],
  );
  return row && { no, key: master.unwrap(row.wrapped_key, context(marketplaceId, no)) };
}

/** Gives each id a fresh data key, numbered from `firstNo`. */
export async function insertPeople(
  db: Queryable,
  master: MasterKey,
  marketplaceId: number,
  ids: readonly string[],
  firstNo: number,
): Promise<Map<string, Person>> {
  if (ids.length === 0) return new Map();
  const people = ids.map((id, index) => ({ id, no: firstNo + index, key: master.newPersonKey() }));
  await db.query(
    `INSERT INTO privacy_person (marketplace_id, blind, person_no, wrapped_key)
     SELECT $1, blind, no, decode(wrapped, 'hex') FROM unnest($2::text[], $3::bigint[], $4::text[]) AS t (blind, no, wrapped)`,
    [
      marketplaceId,
      textArray(people.map(({ id }) => master.blind(marketplaceId, id))),
      integerArray(people.map(({ no }) => no)),
      textArray(people.map(({ no, key }) => master.wrap(key, context(marketplaceId, no)).toString("hex"))),
    ],
  );
  return new Map(people.map(({ id, no, key }) => [id, { no, key }]));
}
