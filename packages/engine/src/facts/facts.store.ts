import { integerArray, joinedTexts, textArray, type Queryable } from "../platform/db.ts";
import type { EntityState } from "./entity-state.ts";
import type { PairState } from "./pair.ts";
import type { ShopperState } from "./shopper.ts";

export interface Subject {
  readonly no: number;
  readonly publicId: string;
}

export interface StoredEntity {
  readonly state: EntityState;
  readonly seqs: readonly number[];
}

/** Subjects by key (kind letter and id); those that do not exist are left out. */
export async function loadSubjects(
  db: Queryable,
  marketplaceId: number,
  keys: readonly string[],
): Promise<Map<string, Subject>> {
  if (keys.length === 0) return new Map();
  const rows = await db.query<{ key: string; subject_no: number; public_id: string }>(
    `SELECT s.kind || s.id AS key, s.subject_no, s.public_id
     FROM unnest($2::text[], $3::text[]) AS t (kind, id)
     JOIN facts_subject s ON s.id = t.id AND s.kind = t.kind AND s.marketplace_id = $1`,
    [marketplaceId, textArray(keys.map((key) => key.slice(0, 1))), textArray(keys.map((key) => key.slice(1)))],
  );
  return new Map(rows.map((row) => [row.key, { no: row.subject_no, publicId: row.public_id }]));
}

export async function insertSubjects(
  db: Queryable,
  marketplaceId: number,
  subjects: readonly (Subject & { readonly key: string })[],
): Promise<void> {
  if (subjects.length === 0) return;
  await db.query(
    `INSERT INTO facts_subject (marketplace_id, subject_no, kind, id, public_id)
     SELECT $1, * FROM unnest($2::integer[], $3::text[], $4::text[], $5::text[])`,
    [
      marketplaceId,
      integerArray(subjects.map(({ no }) => no)),
      textArray(subjects.map(({ key }) => key.slice(0, 1))),
      textArray(subjects.map(({ key }) => key.slice(1))),
      textArray(subjects.map(({ publicId }) => publicId)),
    ],
  );
}

export interface SubjectProfile {
  readonly no: number;
  readonly name: string | null;
  readonly category: string | null;
  readonly merchantNo: number | null;
}

export async function updateProfiles(
  db: Queryable,
  marketplaceId: number,
  profiles: readonly SubjectProfile[],
): Promise<void> {
  if (profiles.length === 0) return;
  await db.query(
    `UPDATE facts_subject s SET name = t.name, category = t.category, merchant_no = t.merchant_no
     FROM unnest($2::integer[], $3::text[], $4::text[], $5::integer[]) AS t (no, name, category, merchant_no)
     WHERE s.marketplace_id = $1 AND s.subject_no = t.no`,
    [
      marketplaceId,
      integerArray(profiles.map(({ no }) => no)),
      textArray(profiles.map(({ name }) => name)),
      textArray(profiles.map(({ category }) => category)),
      integerArray(profiles.map(({ merchantNo }) => merchantNo)),
    ],
  );
}

export async function loadEntities(
  db: Queryable,
  marketplaceId: number,
  refs: readonly { readonly kind: string; readonly id: string }[],
): Promise<{ kind: string; id: string; state: EntityState; seqs: number[] }[]> {
  if (refs.length === 0) return [];
  const rows = await db.query<{ kind: string; id: string; state: string; seqs: number[] }>(
    `SELECT e.kind, e.id, e.state, e.seqs FROM unnest($2::text[], $3::text[]) AS t (kind, id)
     JOIN facts_entity e ON e.marketplace_id = $1 AND e.kind = t.kind AND e.id = t.id`,
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

export async function saveEntities(db: Queryable, marketplaceId: number, rows: readonly EntityRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO facts_entity (marketplace_id, kind, id, merchant_no, day, state, seqs)
     SELECT $1, kind, id, merchant_no, day, state, seqs::bigint[]
     FROM unnest($2::text[], $3::text[], $4::integer[], $5::integer[], string_to_array($6, chr(30)), $7::text[])
       AS t (kind, id, merchant_no, day, state, seqs)
     ON CONFLICT (marketplace_id, kind, id) DO UPDATE
       SET merchant_no = excluded.merchant_no, day = excluded.day, state = excluded.state, seqs = excluded.seqs`,
    [
      marketplaceId,
      textArray(rows.map(({ kind }) => kind)),
      textArray(rows.map(({ id }) => id)),
      integerArray(rows.map(({ merchantNo }) => merchantNo)),
      integerArray(rows.map(({ day }) => day)),
      joinedTexts(rows.map(({ state }) => JSON.stringify(state))),
      textArray(rows.map(({ seqs }) => integerArray(seqs))),
    ],
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
    `SELECT p.id, p.state FROM unnest($2::text[]) AS t (id)
     JOIN ${table} p ON p.marketplace_id = $1 AND p.id = t.id`,
    [marketplaceId, textArray(keys)],
  );
  return new Map(rows.map(({ id, state }) => [id, JSON.parse(state) as State]));
}

export async function saveStates(
  db: Queryable,
  table: "facts_pair" | "facts_shopper",
  marketplaceId: number,
  states: readonly (readonly [id: string, state: object])[],
): Promise<void> {
  if (states.length === 0) return;
  await db.query(
    `INSERT INTO ${table} (marketplace_id, id, state) SELECT $1, * FROM unnest($2::text[], string_to_array($3, chr(30)))
     ON CONFLICT (marketplace_id, id) DO UPDATE SET state = excluded.state`,
    [marketplaceId, textArray(states.map(([id]) => id)), joinedTexts(states.map(([, state]) => JSON.stringify(state)))],
  );
}

export interface CountChange {
  readonly subjectNo: number;
  readonly metricNo: number;
  readonly day: number;
  readonly n: number;
  readonly x: number;
}

/** Adds differences to the counters. Rows come sorted by key, so that two batches never dead-lock. */
export async function addCounts(db: Queryable, marketplaceId: number, rows: readonly CountChange[]): Promise<void> {
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO facts_count (marketplace_id, subject_no, metric_no, day, n, x)
     SELECT $1, * FROM unnest($2::integer[], $3::smallint[], $4::integer[], $5::bigint[], $6::bigint[])
     ON CONFLICT (marketplace_id, subject_no, metric_no, day)
       DO UPDATE SET n = facts_count.n + excluded.n, x = facts_count.x + excluded.x`,
    [
      marketplaceId,
      integerArray(rows.map(({ subjectNo }) => subjectNo)),
      integerArray(rows.map(({ metricNo }) => metricNo)),
      integerArray(rows.map(({ day }) => day)),
      integerArray(rows.map(({ n }) => n)),
      integerArray(rows.map(({ x }) => x)),
    ],
  );
}
