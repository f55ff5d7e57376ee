import { integerArray, joinedTexts, textArray, type Queryable } from "../platform/db.ts";
import type { Statement } from "../platform/statement.ts";
import type { EntityState } from "./entity-state.ts";
import type { PairState } from "./pair.ts";
import { searchWordsOf } from "./search-words.ts";
import type { ShopperState } from "./shopper.ts";

export interface Subject {
  readonly no: number;
  readonly publicId: string;
  /** As the last event left it. */
  category: string | null;
}

export interface StoredEntity {
  readonly state: EntityState;
  readonly seqs: readonly number[];
}

// Lookups by many keys are lateral with LIMIT 1: a join is planned by the statistics of a table that was empty
// when they were taken, and then reads all of a marketplace (2 ms became 30 ms and more for 600 keys).

/** Subjects by key (kind letter and id); those that do not exist are left out. */
export async function loadSubjects(
  db: Queryable,
  marketplaceId: number,
  keys: readonly string[],
): Promise<Map<string, Subject>> {
  if (keys.length === 0) return new Map();
  const rows = await db.query<{ key: string; subject_no: number; public_id: string; category: string | null }>(
    `SELECT t.kind || t.id AS key, s.subject_no, s.public_id, s.category
     FROM unnest($2::text[], $3::text[]) AS t (kind, id)
     CROSS JOIN LATERAL (SELECT s.subject_no, s.public_id, s.category FROM facts_subject s
       WHERE s.id = t.id AND s.kind = t.kind AND s.marketplace_id = $1 LIMIT 1) AS s`,
    [marketplaceId, textArray(keys.map((key) => key.slice(0, 1))), textArray(keys.map((key) => key.slice(1)))],
  );
  return new Map(rows.map((row) => [row.key, { no: row.subject_no, publicId: row.public_id, category: row.category }]));
}

export interface SubjectProfile {
  readonly no: number;
  readonly name: string | null;
  readonly category: string | null;
  readonly merchantNo: number | null;
}

/** A subject that the ledger has not named before. */
export interface NewSubject extends SubjectProfile {
  readonly publicId: string;
  /** Kind letter and id. */
  readonly key: string;
}

/** All rows that a batch changes; counters hold differences, everything else is as it is to be. */
export interface FactsWrite {
  readonly newSubjects: readonly NewSubject[];
  /** Profiles of subjects that exist. */
  readonly profiles: readonly SubjectProfile[];
  readonly entities: readonly EntityRow[];
  readonly pairs: readonly (readonly [id: string, state: object])[];
  readonly shoppers: readonly (readonly [id: string, state: object])[];
  /** Sorted by key. */
  readonly counts: readonly CountChange[];
}

/** Adds the writes of a batch to a statement; they are done where `condition` holds. */
export function writeFacts(statement: Statement, market: string, write: FactsWrite, condition: string): void {
  addSubjects(statement, market, write.newSubjects, condition);
  addProfiles(statement, market, write.profiles, condition);
  addEntities(statement, market, write.entities, condition);
  addStates(statement, "facts_pair", market, write.pairs, condition);
  addStates(statement, "facts_shopper", market, write.shoppers, condition);
  addCounts(statement, market, write.counts, condition);
}

function addSubjects(statement: Statement, market: string, subjects: readonly NewSubject[], condition: string): void {
  statement.add(
    "subjects",
    (
      put,
    ) => `INSERT INTO facts_subject (marketplace_id, subject_no, kind, id, public_id, name, search_words, category, merchant_no)
     SELECT ${market}, t.* FROM unnest(${put(integerArray(subjects.map(({ no }) => no)))}::integer[],
       ${put(textArray(subjects.map(({ key }) => key.slice(0, 1))))}::text[],
       ${put(textArray(subjects.map(({ key }) => key.slice(1))))}::text[],
       ${put(textArray(subjects.map(({ publicId }) => publicId)))}::text[],
       ${put(textArray(subjects.map(({ name }) => name)))}::text[],
       ${put(textArray(subjects.map(({ name }) => searchWordsOf(name))))}::text[],
       ${put(textArray(subjects.map(({ category }) => category)))}::text[],
       ${put(integerArray(subjects.map(({ merchantNo }) => merchantNo)))}::integer[]) AS t WHERE ${condition}`,
  );
}

function addProfiles(
  statement: Statement,
  market: string,
  profiles: readonly SubjectProfile[],
  condition: string,
): void {
  statement.add(
    "profiles",
    (
      put,
    ) => `UPDATE facts_subject s SET name = t.name, search_words = t.search_words, category = t.category, merchant_no = t.merchant_no
     FROM unnest(${put(integerArray(profiles.map(({ no }) => no)))}::integer[],
       ${put(textArray(profiles.map(({ name }) => name)))}::text[],
       ${put(textArray(profiles.map(({ name }) => searchWordsOf(name))))}::text[],
       ${put(textArray(profiles.map(({ category }) => category)))}::text[],
       ${put(integerArray(profiles.map(({ merchantNo }) => merchantNo)))}::integer[]) AS t (no, name, search_words, category, merchant_no)
     WHERE s.marketplace_id = ${market} AND s.subject_no = t.no AND ${condition}`,
  );
}

export async function loadEntities(
  db: Queryable,
  marketplaceId: number,
  refs: readonly { readonly kind: string; readonly id: string }[],
): Promise<{ kind: string; id: string; state: EntityState; seqs: number[] }[]> {
  if (refs.length === 0) return [];
  const rows = await db.query<{ kind: string; id: string; state: string; seqs: number[] }>(
    `SELECT t.kind, t.id, e.state, e.seqs FROM unnest($2::text[], $3::text[]) AS t (kind, id)
     CROSS JOIN LATERAL (SELECT e.state, e.seqs FROM facts_entity e
       WHERE e.marketplace_id = $1 AND e.kind = t.kind AND e.id = t.id LIMIT 1) AS e`,
    [marketplaceId, textArray(refs.map(({ kind }) => kind)), textArray(refs.map(({ id }) => id))],
  );
  return rows.map((row) => ({ ...row, state: JSON.parse(row.state) as EntityState }));
}

export interface EntityRow {
  readonly kind: string;
  readonly id: string;
  readonly merchantNo: number | null;
  readonly day: number;
  readonly state: EntityState;
  readonly seqs: readonly number[];
}

function addEntities(statement: Statement, market: string, rows: readonly EntityRow[], condition: string): void {
  statement.add(
    "entities",
    (put) => `INSERT INTO facts_entity (marketplace_id, kind, id, merchant_no, day, state, seqs)
     SELECT ${market}, kind, id, merchant_no, day, state, seqs::bigint[]
     FROM unnest(${put(textArray(rows.map(({ kind }) => kind)))}::text[],
       ${put(textArray(rows.map(({ id }) => id)))}::text[],
       ${put(integerArray(rows.map(({ merchantNo }) => merchantNo)))}::integer[],
       ${put(integerArray(rows.map(({ day }) => day)))}::integer[],
       string_to_array(${put(joinedTexts(rows.map(({ state }) => JSON.stringify(state))))}, chr(30)),
       ${put(textArray(rows.map(({ seqs }) => integerArray(seqs))))}::text[]) AS t (kind, id, merchant_no, day, state, seqs)
     WHERE ${condition}
     ON CONFLICT (marketplace_id, kind, id) DO UPDATE
       SET merchant_no = excluded.merchant_no, day = excluded.day, state = excluded.state, seqs = excluded.seqs`,
  );
}

export async function loadPairs(
  db: Queryable,
  marketplaceId: number,
  keys: readonly string[],
): Promise<Map<string, PairState>> {
  return loadStates<PairState>(db, "facts_pair", marketplaceId, keys);
}

export async function loadShoppers(
  db: Queryable,
  marketplaceId: number,
  keys: readonly string[],
): Promise<Map<string, ShopperState>> {
  return loadStates<ShopperState>(db, "facts_shopper", marketplaceId, keys);
}

async function loadStates<State>(
  db: Queryable,
  table: "facts_pair" | "facts_shopper",
  marketplaceId: number,
  keys: readonly string[],
): Promise<Map<string, State>> {
  if (keys.length === 0) return new Map();
  const rows = await db.query<{ id: string; state: string }>(
    `SELECT t.id, p.state FROM unnest($2::text[]) AS t (id)
     CROSS JOIN LATERAL (SELECT p.state FROM ${table} p WHERE p.marketplace_id = $1 AND p.id = t.id LIMIT 1) AS p`,
    [marketplaceId, textArray(keys)],
  );
  return new Map(rows.map(({ id, state }) => [id, JSON.parse(state) as State]));
}

function addStates(
  statement: Statement,
  table: "facts_pair" | "facts_shopper",
  market: string,
  states: readonly (readonly [id: string, state: object])[],
  condition: string,
): void {
  statement.add(
    `${table}s`,
    (put) => `INSERT INTO ${table} (marketplace_id, id, state)
     SELECT ${market}, t.* FROM unnest(${put(textArray(states.map(([id]) => id)))}::text[],
       string_to_array(${put(joinedTexts(states.map(([, state]) => JSON.stringify(state))))}, chr(30))) AS t
     WHERE ${condition}
     ON CONFLICT (marketplace_id, id) DO UPDATE SET state = excluded.state`,
  );
}

/** Puts entities in the place of others, whose keys may have been different; what they are evidence of stays. */
export async function replaceEntities(
  db: Queryable,
  marketplaceId: number,
  changes: readonly {
    readonly before: { readonly kind: string; readonly id: string };
    readonly after: { readonly id: string; readonly state: EntityState };
  }[],
): Promise<void> {
  if (changes.length === 0) return;
  await db.query(
    `UPDATE facts_entity e SET id = t.after, state = t.state
     FROM unnest($2::text[], $3::text[], $4::text[], string_to_array($5, chr(30))) AS t (kind, before, after, state)
     WHERE e.marketplace_id = $1 AND e.kind = t.kind AND e.id = t.before`,
    [
      marketplaceId,
      textArray(changes.map(({ before }) => before.kind)),
      textArray(changes.map(({ before }) => before.id)),
      textArray(changes.map(({ after }) => after.id)),
      joinedTexts(changes.map(({ after }) => JSON.stringify(after.state))),
    ],
  );
}

/** Forgets a shopper: its standing, and what it did with each subject. */
export async function deleteShopper(db: Queryable, marketplaceId: number, id: string): Promise<void> {
  await db.query("DELETE FROM facts_shopper WHERE marketplace_id = $1 AND id = $2", [marketplaceId, id]);
  await db.query("DELETE FROM facts_pair WHERE marketplace_id = $1 AND split_part(id, chr(31), 2) = $2", [
    marketplaceId,
    id,
  ]);
}

/** Writes pairs and shoppers that are new. */
export async function saveStates(
  db: Queryable,
  marketplaceId: number,
  pairs: ReadonlyMap<string, PairState>,
  shoppers: ReadonlyMap<string, ShopperState>,
): Promise<void> {
  for (const [table, states] of [
    ["facts_pair", pairs],
    ["facts_shopper", shoppers],
  ] as const) {
    if (states.size === 0) continue;
    await db.query(
      `INSERT INTO ${table} (marketplace_id, id, state)
       SELECT $1, t.* FROM unnest($2::text[], string_to_array($3, chr(30))) AS t`,
      [
        marketplaceId,
        textArray([...states.keys()]),
        joinedTexts([...states.values()].map((state) => JSON.stringify(state))),
      ],
    );
  }
}

export interface CountChange {
  readonly subjectNo: number;
  readonly metricNo: number;
  readonly day: number;
  readonly n: number;
  readonly x: number;
}

/** Rows come sorted by key, so that two batches never dead-lock. */
function addCounts(statement: Statement, market: string, rows: readonly CountChange[], condition: string): void {
  statement.add(
    "counts",
    (put) => `INSERT INTO facts_count (marketplace_id, subject_no, metric_no, day, n, x)
     SELECT ${market}, t.* FROM unnest(${put(integerArray(rows.map(({ subjectNo }) => subjectNo)))}::integer[],
       ${put(integerArray(rows.map(({ metricNo }) => metricNo)))}::smallint[],
       ${put(integerArray(rows.map(({ day }) => day)))}::integer[],
       ${put(integerArray(rows.map(({ n }) => n)))}::bigint[],
       ${put(integerArray(rows.map(({ x }) => x)))}::bigint[]) AS t
     WHERE ${condition}
     ON CONFLICT (marketplace_id, subject_no, metric_no, day)
       DO UPDATE SET n = facts_count.n + excluded.n, x = facts_count.x + excluded.x`,
  );
}
