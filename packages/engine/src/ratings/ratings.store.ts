import { dayText, type Policy, type PolicyRecord, type SubjectKind } from "@probity/contract";
import { integerArray, textArray, type Queryable } from "../platform/db.ts";
import type { EpochPriors } from "./index.ts";
import { Remembered } from "./remembered.ts";

export type PolicyState = "draft" | "simulated" | "published" | "in-force" | "superseded";

export interface StoredPolicy {
  readonly policyId: string;
  readonly subject: SubjectKind;
  readonly state: PolicyState;
  readonly policy: Policy;
  readonly createdMs: number;
  readonly publishedMs: number | null;
  readonly effectiveDay: number | null;
  readonly noticeDays: number | null;
}

interface PolicyRow {
  policy_id: string;
  subject: SubjectKind;
  state: PolicyState;
  created_ms: number;
  published_ms: number | null;
  effective_day: number | null;
  notice_days: number | null;
}

const policyColumns = "policy_id, subject, state, created_ms, published_ms, effective_day, notice_days";

/** Policies by the hash of their content. */
const policiesById = new Remembered<Policy>();

/** Policies by their ids; only bodies that this process has not read yet are asked for. */
export async function loadPolicyBodies(
  db: Queryable,
  marketplaceId: number,
  ids: readonly string[],
): Promise<Map<string, Policy>> {
  const known = new Map<string, Policy>();
  const unknown: string[] = [];
  for (const id of new Set(ids)) {
    const policy = policiesById.get(id);
    if (policy === undefined) unknown.push(id);
    else known.set(id, policy);
  }
  if (unknown.length > 0) {
    const bodies = await db.query<{ policy_id: string; body: string }>(
      "SELECT policy_id, body FROM ratings_policy WHERE marketplace_id = $1 AND policy_id = ANY($2::text[])",
      [marketplaceId, textArray(unknown)],
    );
    for (const { policy_id, body } of bodies) {
      const policy = JSON.parse(body) as Policy;
      policiesById.set(policy_id, policy);
      known.set(policy_id, policy);
    }
  }
  return known;
}

async function withBodies(db: Queryable, marketplaceId: number, rows: readonly PolicyRow[]): Promise<StoredPolicy[]> {
  const known = await loadPolicyBodies(
    db,
    marketplaceId,
    rows.map(({ policy_id }) => policy_id),
  );
  return rows.map((row) => ({
    policyId: row.policy_id,
    subject: row.subject,
    state: row.state,
    policy: known.get(row.policy_id) as Policy,
    createdMs: row.created_ms,
    publishedMs: row.published_ms,
    effectiveDay: row.effective_day,
    noticeDays: row.notice_days,
  }));
}

/** A policy as the contract shows it. */
export function toRecord(stored: StoredPolicy): PolicyRecord {
  return {
    policy: stored.policyId,
    name: stored.policy.name,
    subject: stored.subject,
    title: stored.policy.title,
    state: stored.state,
    createdAt: new Date(stored.createdMs).toISOString(),
    publishedAt: stored.publishedMs === null ? null : new Date(stored.publishedMs).toISOString(),
    effectiveDay: stored.effectiveDay === null ? null : dayText(stored.effectiveDay),
    noticeDays: stored.noticeDays,
  };
}

/** Policies, oldest first. */
export async function loadPolicies(db: Queryable, marketplaceId: number): Promise<StoredPolicy[]> {
  const rows = await db.query<PolicyRow>(
    `SELECT ${policyColumns} FROM ratings_policy WHERE marketplace_id = $1 ORDER BY created_ms, policy_id`,
    [marketplaceId],
  );
  return withBodies(db, marketplaceId, rows);
}

export async function loadPolicy(
  db: Queryable,
  marketplaceId: number,
  policyId: string,
): Promise<StoredPolicy | undefined> {
  const [row] = await db.query<PolicyRow>(
    `SELECT ${policyColumns} FROM ratings_policy WHERE marketplace_id = $1 AND policy_id = $2`,
    [marketplaceId, policyId],
  );
  return row && (await withBodies(db, marketplaceId, [row]))[0];
}

/** A policy of any marketplace whose pages are public, for whoever knows its hash. */
export async function loadPublicPolicy(db: Queryable, policyId: string): Promise<StoredPolicy | undefined> {
  const [row] = await db.query<PolicyRow & { marketplace_id: number }>(
    `SELECT p.marketplace_id, p.policy_id, p.subject, p.state, p.created_ms, p.published_ms, p.effective_day, p.notice_days
     FROM ratings_policy p JOIN marketplace m USING (marketplace_id)
     WHERE p.policy_id = $1 AND m.is_public AND p.state IN ('published', 'in-force', 'superseded') LIMIT 1`,
    [policyId],
  );
  return row && (await withBodies(db, row.marketplace_id, [row]))[0];
}

/** Saves a draft; a policy that is already there stays as it is. */
export async function insertDraft(
  db: Queryable,
  marketplaceId: number,
  policyId: string,
  subject: SubjectKind,
  body: string,
  nowMs: number,
): Promise<void> {
  await db.query(
    `INSERT INTO ratings_policy (marketplace_id, policy_id, subject, state, body, created_ms)
     VALUES ($1, $2, $3, 'draft', $4, $5) ON CONFLICT (marketplace_id, policy_id) DO NOTHING`,
    [marketplaceId, policyId, subject, body, nowMs],
  );
}

/** Moves a policy from one state to another; false if it was not in the first. */
export async function movePolicy(
  db: Queryable,
  marketplaceId: number,
  policyId: string,
  from: PolicyState,
  to: PolicyState,
): Promise<boolean> {
  const rows = await db.query(
    `UPDATE ratings_policy SET state = $4 WHERE marketplace_id = $1 AND policy_id = $2 AND state = $3 RETURNING policy_id`,
    [marketplaceId, policyId, from, to],
  );
  return rows.length === 1;
}

/** Publishes a draft or simulated policy from a day on; false if it was neither. */
export async function publishPolicy(
  db: Queryable,
  marketplaceId: number,
  policyId: string,
  from: "draft" | "simulated",
  effectiveDay: number,
  noticeDays: number,
  nowMs: number,
): Promise<boolean> {
  const rows = await db.query(
    `UPDATE ratings_policy SET state = 'published', published_ms = $4, effective_day = $5, notice_days = $6
     WHERE marketplace_id = $1 AND policy_id = $2 AND state = $3 RETURNING policy_id`,
    [marketplaceId, policyId, from, nowMs, effectiveDay, noticeDays],
  );
  return rows.length === 1;
}

export interface StoredEpoch {
  readonly epoch: number;
  readonly policyId: string;
  readonly logSize: number;
  readonly day: number;
  readonly priors: EpochPriors;
}

/** An epoch without its priors. */
export interface EpochRow {
  readonly subject: SubjectKind;
  readonly epoch: number;
  readonly policy_id: string;
  readonly log_size: number;
  readonly day: number;
}

/** Priors of each database's epochs, by everything that tells one epoch from another. */
const priorsOf = new WeakMap<Queryable, Remembered<EpochPriors>>();

async function loadPriors(db: Queryable, marketplaceId: number, row: EpochRow): Promise<EpochPriors> {
  const known = priorsOf.get(db) ?? new Remembered<EpochPriors>();
  priorsOf.set(db, known);
  const key = [marketplaceId, row.subject, row.epoch, row.policy_id, row.log_size, row.day].join(" ");
  const old = known.get(key);
  if (old !== undefined) return old;
  const [read] = await db.query<{ priors: string }>(
    "SELECT priors FROM ratings_epoch WHERE marketplace_id = $1 AND subject = $2 AND epoch = $3",
    [marketplaceId, row.subject, row.epoch],
  );
  if (read === undefined) throw new Error("an epoch has gone");
  const priors = JSON.parse(read.priors) as EpochPriors;
  known.set(key, priors);
  return priors;
}

/** An epoch with its priors, which each process reads once. */
export async function withPriors(db: Queryable, marketplaceId: number, row: EpochRow): Promise<StoredEpoch> {
  const priors = await loadPriors(db, marketplaceId, row);
  return { epoch: row.epoch, policyId: row.policy_id, logSize: row.log_size, day: row.day, priors };
}

/** The epochs in force on a day, by kind of subject: of each the newest that had begun, or the first of all. */
export async function loadEpochs(
  db: Queryable,
  marketplaceId: number,
  day: number,
): Promise<Map<SubjectKind, StoredEpoch>> {
  const rows = await db.query<EpochRow>(
    `SELECT DISTINCT ON (subject) subject, epoch, policy_id, log_size, day FROM ratings_epoch WHERE marketplace_id = $1
     ORDER BY subject, day <= $2 DESC, CASE WHEN day <= $2 THEN -epoch ELSE epoch END`,
    [marketplaceId, day],
  );
  const epochs = new Map<SubjectKind, StoredEpoch>();
  for (const row of rows) epochs.set(row.subject, await withPriors(db, marketplaceId, row));
  return epochs;
}

/** The epoch in force on a day for one kind of subject. */
export async function loadEpoch(
  db: Queryable,
  marketplaceId: number,
  subject: SubjectKind,
  day: number,
): Promise<StoredEpoch | undefined> {
  return (await loadEpochs(db, marketplaceId, day)).get(subject);
}

export async function insertEpoch(
  db: Queryable,
  marketplaceId: number,
  subject: SubjectKind,
  epoch: StoredEpoch,
): Promise<void> {
  await db.query(
    `INSERT INTO ratings_epoch (marketplace_id, subject, epoch, policy_id, log_size, day, priors)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [marketplaceId, subject, epoch.epoch, epoch.policyId, epoch.logSize, epoch.day, JSON.stringify(epoch.priors)],
  );
}

export interface SubjectInfo {
  readonly no: number;
  readonly kind: SubjectKind;
  readonly id: string;
  readonly publicId: string;
  readonly name: string | null;
  readonly category: string | null;
}

interface SubjectRow {
  subject_no: number;
  kind: string;
  id: string;
  public_id: string;
  name: string | null;
  category: string | null;
}

export const kindLetters: Readonly<Record<SubjectKind, string>> = { merchant: "m", product: "p", promoter: "r" };
const kindOf: Readonly<Record<string, SubjectKind>> = { m: "merchant", p: "product", r: "promoter" };

const toSubject = (row: SubjectRow): SubjectInfo => ({
  no: row.subject_no,
  kind: kindOf[row.kind] as SubjectKind,
  id: row.id,
  publicId: row.public_id,
  name: row.name,
  category: row.category,
});

export async function loadAllSubjects(db: Queryable, marketplaceId: number): Promise<SubjectInfo[]> {
  const rows = await db.query<SubjectRow>(
    "SELECT subject_no, kind, id, public_id, name, category FROM facts_subject WHERE marketplace_id = $1 ORDER BY subject_no",
    [marketplaceId],
  );
  return rows.map(toSubject);
}

export async function loadSubjectsByNo(
  db: Queryable,
  marketplaceId: number,
  nos: readonly number[],
): Promise<SubjectInfo[]> {
  const rows = await db.query<SubjectRow>(
    `SELECT s.subject_no, s.kind, s.id, s.public_id, s.name, s.category FROM unnest($2::integer[]) AS t (no)
     JOIN facts_subject s ON s.marketplace_id = $1 AND s.subject_no = t.no`,
    [marketplaceId, integerArray(nos)],
  );
  return rows.map(toSubject);
}

export async function findSubject(
  db: Queryable,
  marketplaceId: number,
  kind: SubjectKind,
  id: string,
): Promise<SubjectInfo | undefined> {
  const [row] = await db.query<SubjectRow>(
    `SELECT subject_no, kind, id, public_id, name, category FROM facts_subject
     WHERE id = $3 AND kind = $2 AND marketplace_id = $1`,
    [marketplaceId, kindLetters[kind], id],
  );
  return row && toSubject(row);
}

export interface CurrentRow {
  readonly subjectNo: number;
  readonly kind: SubjectKind;
  readonly category: string | null;
  readonly day: number;
  readonly status: "rated" | "too-early";
  readonly score: number;
  readonly bound: number;
  readonly grade: string | null;
  readonly ownGrade: string | null;
  readonly policyId: string;
  readonly epoch: number;
  readonly logSize: number;
  readonly orders: number;
  readonly buyers: number;
  readonly points: readonly number[];
  readonly maxima: readonly number[];
}

const rowsPerStatement = 5_000;

/** Writes ratings in force; with `history`, also as the day's published rating. */
export async function saveRatings(
  db: Queryable,
  marketplaceId: number,
  rows: readonly CurrentRow[],
  history: { readonly computedLater: boolean } | null,
  current = true,
): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    const part = rows.slice(from, from + rowsPerStatement);
    if (current) await saveCurrent(db, marketplaceId, part);
    if (history !== null) await saveHistory(db, marketplaceId, part, history.computedLater);
  }
}

async function saveCurrent(db: Queryable, marketplaceId: number, rows: readonly CurrentRow[]): Promise<void> {
  await db.query(
    `INSERT INTO ratings_current (marketplace_id, subject_no, kind, day, status, score, bound, grade, own_grade, policy_id,
       epoch, log_size, orders, buyers, points, maxima, category)
     SELECT $1, no, kind, day, status, score, bound, grade, own_grade, policy_id, epoch, log_size, orders, buyers,
       points::smallint[], maxima::smallint[], category
     FROM unnest($2::integer[], $3::text[], $4::integer[], $5::text[], $6::smallint[], $7::smallint[], $8::text[], $9::text[],
       $10::text[], $11::integer[], $12::bigint[], $13::bigint[], $14::bigint[], $15::text[], $16::text[], $17::text[])
       AS t (no, kind, day, status, score, bound, grade, own_grade, policy_id, epoch, log_size, orders, buyers, points, maxima,
         category)
     ON CONFLICT (marketplace_id, subject_no) DO UPDATE SET day = excluded.day, status = excluded.status,
       score = excluded.score, bound = excluded.bound, grade = excluded.grade, own_grade = excluded.own_grade,
       policy_id = excluded.policy_id, epoch = excluded.epoch, log_size = excluded.log_size, orders = excluded.orders,
       buyers = excluded.buyers, points = excluded.points, maxima = excluded.maxima, category = excluded.category`,
    [
      marketplaceId,
      integerArray(rows.map(({ subjectNo }) => subjectNo)),
      textArray(rows.map(({ kind }) => kind)),
      integerArray(rows.map(({ day }) => day)),
      textArray(rows.map(({ status }) => status)),
      integerArray(rows.map(({ score }) => score)),
      integerArray(rows.map(({ bound }) => bound)),
      textArray(rows.map(({ grade }) => grade)),
      textArray(rows.map(({ ownGrade }) => ownGrade)),
      textArray(rows.map(({ policyId }) => policyId)),
      integerArray(rows.map(({ epoch }) => epoch)),
      integerArray(rows.map(({ logSize }) => logSize)),
      integerArray(rows.map(({ orders }) => orders)),
      integerArray(rows.map(({ buyers }) => buyers)),
      textArray(rows.map(({ points }) => integerArray(points))),
      textArray(rows.map(({ maxima }) => integerArray(maxima))),
      textArray(rows.map(({ category }) => category)),
    ],
  );
}

async function saveHistory(
  db: Queryable,
  marketplaceId: number,
  rows: readonly CurrentRow[],
  later: boolean,
): Promise<void> {
  await db.query(
    `INSERT INTO ratings_history (marketplace_id, subject_no, day, status, score, bound, grade, policy_id, epoch, computed_later)
     SELECT $1, no, day, status, score, bound, grade, policy_id, epoch, $10
     FROM unnest($2::integer[], $3::integer[], $4::text[], $5::smallint[], $6::smallint[], $7::text[], $8::text[], $9::integer[])
       AS t (no, day, status, score, bound, grade, policy_id, epoch)
     ON CONFLICT (marketplace_id, subject_no, day) DO UPDATE SET status = excluded.status, score = excluded.score,
       bound = excluded.bound, grade = excluded.grade, policy_id = excluded.policy_id, epoch = excluded.epoch
     WHERE NOT excluded.computed_later OR ratings_history.computed_later`,
    [
      marketplaceId,
      integerArray(rows.map(({ subjectNo }) => subjectNo)),
      integerArray(rows.map(({ day }) => day)),
      textArray(rows.map(({ status }) => status)),
      integerArray(rows.map(({ score }) => score)),
      integerArray(rows.map(({ bound }) => bound)),
      textArray(rows.map(({ grade }) => grade)),
      textArray(rows.map(({ policyId }) => policyId)),
      integerArray(rows.map(({ epoch }) => epoch)),
      later,
    ],
  );
}

export interface ListedRating {
  readonly subject_no: number;
  readonly id: string;
  readonly name: string | null;
  readonly category: string | null;
  readonly day: number;
  readonly status: "rated" | "too-early";
  readonly score: number;
  readonly bound: number;
  readonly grade: string | null;
  readonly own_grade: string | null;
  readonly policy_id: string;
  readonly epoch: number;
  readonly log_size: number;
  readonly orders: number;
  readonly buyers: number;
  readonly points: string;
  readonly maxima: string;
}

/** Columns of a listed rating: `c` the rating, `s` its subject. */
export const listedColumns = `c.subject_no, s.id, s.name, s.category, c.day, c.status, c.score, c.bound, c.grade, c.own_grade, c.policy_id, c.epoch,
  c.log_size, c.orders, c.buyers, array_to_string(c.points, ',') AS points, array_to_string(c.maxima, ',') AS maxima`;

export async function loadCurrent(
  db: Queryable,
  marketplaceId: number,
  subjectNo: number,
): Promise<ListedRating | undefined> {
  const [row] = await db.query<ListedRating>(
    `SELECT ${listedColumns} FROM ratings_current c
     JOIN facts_subject s ON s.marketplace_id = c.marketplace_id AND s.subject_no = c.subject_no
     WHERE c.marketplace_id = $1 AND c.subject_no = $2`,
    [marketplaceId, subjectNo],
  );
  return row;
}

/** How many subjects hold each grade; null is 'too early'. */
export async function countGrades(
  db: Queryable,
  marketplaceId: number,
  kind: SubjectKind,
): Promise<{ grade: string | null; category: string | null; subjects: number }[]> {
  return db.query(
    `SELECT c.grade, s.category, count(*)::integer AS subjects FROM ratings_current c
     JOIN facts_subject s ON s.marketplace_id = c.marketplace_id AND s.subject_no = c.subject_no
     WHERE c.marketplace_id = $1 AND c.kind = $2 GROUP BY c.grade, s.category`,
    [marketplaceId, kind],
  );
}

export interface HistoryRow {
  readonly day: number;
  readonly status: "rated" | "too-early";
  readonly score: number;
  readonly bound: number;
  readonly grade: string | null;
  readonly policy_id: string;
  readonly epoch: number;
  readonly computed_later: boolean;
}

export async function loadHistory(
  db: Queryable,
  marketplaceId: number,
  subjectNo: number,
  fromDay: number,
  toDay: number,
): Promise<HistoryRow[]> {
  return db.query<HistoryRow>(
    `SELECT day, status, score, bound, grade, policy_id, epoch, computed_later FROM ratings_history
     WHERE marketplace_id = $1 AND subject_no = $2 AND day BETWEEN $3 AND $4 ORDER BY day`,
    [marketplaceId, subjectNo, fromDay, toDay],
  );
}

export interface Cursor {
  readonly nextSeq: number;
  readonly day: number;
}

/** Claims a marketplace's ratings for a while; undefined if another process has them. */
export async function claimCursor(
  db: Queryable,
  marketplaceId: number,
  lease: string,
  nowMs: number,
  untilMs: number,
): Promise<Cursor | undefined> {
  const [row] = await db.query<{ next_seq: number; day: number }>(
    `INSERT INTO ratings_cursor AS c (marketplace_id, next_seq, day, leased_until_ms, lease) VALUES ($1, 0, -1, $4, $2)
     ON CONFLICT (marketplace_id) DO UPDATE SET leased_until_ms = excluded.leased_until_ms, lease = excluded.lease
     WHERE c.leased_until_ms < $3 OR c.lease = excluded.lease RETURNING next_seq, day`,
    [marketplaceId, lease, nowMs, untilMs],
  );
  return row && { nextSeq: row.next_seq, day: row.day };
}

/** Moves the cursor; false if the claim was lost meanwhile. */
export async function moveCursor(
  db: Queryable,
  marketplaceId: number,
  lease: string,
  cursor: Cursor,
): Promise<boolean> {
  const rows = await db.query(
    `UPDATE ratings_cursor SET next_seq = $3, day = $4 WHERE marketplace_id = $1 AND lease = $2 RETURNING marketplace_id`,
    [marketplaceId, lease, cursor.nextSeq, cursor.day],
  );
  return rows.length === 1;
}

export async function releaseCursor(db: Queryable, marketplaceId: number, lease: string): Promise<void> {
  await db.query("UPDATE ratings_cursor SET leased_until_ms = 0 WHERE marketplace_id = $1 AND lease = $2", [
    marketplaceId,
    lease,
  ]);
}
