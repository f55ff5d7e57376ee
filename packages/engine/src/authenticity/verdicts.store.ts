import type { AssessedBy, AssessedKind, ReasonCode } from "@probity/contract";
import { integerArray, type Queryable, textArray } from "../platform/db.ts";

/** A verdict as it is to be kept. */
export interface VerdictRow {
  readonly kind: AssessedKind;
  readonly no: number;
  readonly ownerNo: number;
  readonly personNo: number;
  readonly atS: number;
  readonly reliability: number;
  readonly weight: number;
  readonly by: AssessedBy;
  readonly model: string;
  readonly top: ReasonCode | null;
  readonly effect: number;
  readonly ringNo: number | null;
  readonly figures: Float32Array;
}

/** A verdict as it is kept, in brief. */
export interface StandingVerdict {
  readonly no: number;
  readonly reliability: number;
  readonly effect: number;
  readonly ring_no: number | null;
  readonly judged_by: AssessedBy;
}

const hexOf = (figures: Float32Array): string =>
  Buffer.from(figures.buffer, figures.byteOffset, figures.byteLength).toString("hex");

/** Figures as numbers again. */
export function figuresOfBytes(bytes: Uint8Array): Float64Array {
  const copy = Uint8Array.from(bytes);
  return Float64Array.from(new Float32Array(copy.buffer));
}

const chunkRows = 20_000;

/** All verdicts of a kind, by number. */
export async function loadStandingVerdicts(
  db: Queryable,
  marketplaceId: number,
  kind: AssessedKind,
  count: number,
): Promise<Map<number, StandingVerdict>> {
  const verdicts = new Map<number, StandingVerdict>();
  for (let from = 0; from < count; from += chunkRows) {
    const rows = await db.query<StandingVerdict>(
      `SELECT no, reliability, effect, ring_no, judged_by FROM authenticity_verdict
       WHERE marketplace_id = $1 AND kind = $2 AND no >= $3 AND no < $4`,
      [marketplaceId, kind, from, from + chunkRows],
    );
    for (const row of rows) verdicts.set(row.no, row);
  }
  return verdicts;
}

const writeRows = 2_000;

/**
 * Writes verdicts; those that they replace are kept as versions. What a moderator or the platform decided stays as it is
 * unless the verdict is such a decision itself.
 */
export async function saveVerdicts(
  db: Queryable,
  marketplaceId: number,
  verdicts: readonly VerdictRow[],
  nowMs: number,
): Promise<void> {
  const sorted = verdicts.toSorted((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.no - b.no));
  for (let from = 0; from < sorted.length; from += writeRows)
    await writePart(db, marketplaceId, sorted.slice(from, from + writeRows), nowMs);
}

async function writePart(
  db: Queryable,
  marketplaceId: number,
  rows: readonly VerdictRow[],
  nowMs: number,
): Promise<void> {
  const numbers = (values: readonly (number | null)[]): string => integerArray(values);
  await db.query(
    `WITH new AS (SELECT kind, no, owner_no, person_no, at_s, reliability, weight, judged_by, model, top, effect, ring_no,
         decode(figures, 'hex') AS figures
       FROM unnest($3::text[], $4::integer[], $5::integer[], $6::integer[], $7::float8[], $8::smallint[], $9::smallint[],
         $10::text[], $11::text[], $12::text[], $13::real[], $14::integer[], $15::text[])
         AS t (kind, no, owner_no, person_no, at_s, reliability, weight, judged_by, model, top, effect, ring_no, figures)),
     old AS (INSERT INTO authenticity_version (marketplace_id, kind, no, version, reliability, weight, judged_by, model, judged_ms, figures)
       SELECT v.marketplace_id, v.kind, v.no, v.version, v.reliability, v.weight, v.judged_by, v.model, v.judged_ms, v.figures
       FROM new n JOIN authenticity_verdict v ON v.marketplace_id = $1 AND v.kind = n.kind AND v.no = n.no
       WHERE v.judged_by NOT IN ('decided', 'platform') OR n.judged_by IN ('decided', 'platform')
       ON CONFLICT DO NOTHING)
     INSERT INTO authenticity_verdict AS v (marketplace_id, kind, no, owner_no, person_no, at_s, reliability, weight, told_weight,
       judged_by, model, top, effect, appealed, ring_no, version, judged_ms, figures)
     SELECT $1, kind, no, owner_no, person_no, at_s, reliability, weight, 1000, judged_by, model, top, effect,
       kind = 'review' AND EXISTS (SELECT FROM authenticity_review r WHERE r.marketplace_id = $1 AND r.review_no = new.no AND r.appealed_s IS NOT NULL),
       ring_no, 1, $2, figures
     FROM new
     ON CONFLICT (marketplace_id, kind, no) DO UPDATE SET owner_no = excluded.owner_no, person_no = excluded.person_no,
       at_s = excluded.at_s, reliability = excluded.reliability, weight = excluded.weight, judged_by = excluded.judged_by,
       model = excluded.model, top = excluded.top, effect = excluded.effect, ring_no = excluded.ring_no,
       version = v.version + 1, judged_ms = excluded.judged_ms,
       figures = CASE WHEN length(excluded.figures) = 0 THEN v.figures ELSE excluded.figures END
     WHERE v.judged_by NOT IN ('decided', 'platform') OR excluded.judged_by IN ('decided', 'platform')`,
    [
      marketplaceId,
      nowMs,
      textArray(rows.map(({ kind }) => kind)),
      numbers(rows.map(({ no }) => no)),
      numbers(rows.map(({ ownerNo }) => ownerNo)),
      numbers(rows.map(({ personNo }) => personNo)),
      numbers(rows.map(({ atS }) => atS)),
      numbers(rows.map(({ reliability }) => reliability)),
      numbers(rows.map(({ weight }) => weight)),
      textArray(rows.map(({ by }) => by)),
      textArray(rows.map(({ model }) => model)),
      textArray(rows.map(({ top }) => top)),
      numbers(rows.map(({ effect }) => effect)),
      numbers(rows.map(({ ringNo }) => ringNo)),
      textArray(rows.map(({ figures }) => hexOf(figures))),
    ],
  );
}

/** Moves what hangs on verdicts that stay as they are. */
export async function touchVerdicts(
  db: Queryable,
  marketplaceId: number,
  kind: AssessedKind,
  rows: readonly { readonly no: number; readonly effect: number; readonly ringNo: number | null }[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += chunkRows) {
    const part = rows.slice(from, from + chunkRows);
    await db.query(
      `UPDATE authenticity_verdict v SET effect = t.effect, ring_no = t.ring_no
       FROM unnest($3::integer[], $4::real[], $5::integer[]) AS t (no, effect, ring_no)
       WHERE v.marketplace_id = $1 AND v.kind = $2 AND v.no = t.no`,
      [
        marketplaceId,
        kind,
        integerArray(part.map(({ no }) => no)),
        integerArray(part.map(({ effect }) => effect)),
        integerArray(part.map(({ ringNo }) => ringNo)),
      ],
    );
  }
}

/** Puts reviews whose authors object back into the queue, before all others; what was decided holds until somebody has looked. */
export async function markAppealed(db: Queryable, marketplaceId: number, reviewNos: readonly number[]): Promise<void> {
  if (reviewNos.length === 0) return;
  await db.query(
    `UPDATE authenticity_verdict SET appealed = true, decision = NULL
     WHERE marketplace_id = $1 AND kind = 'review' AND no = ANY ($2::integer[])`,
    [marketplaceId, integerArray(reviewNos)],
  );
}

/** A verdict whose weight the ledger does not have yet. */
export interface UntoldVerdict {
  readonly kind: AssessedKind;
  readonly no: number;
  readonly owner_kind: "m" | "r";
  readonly owner: string;
  readonly id: string;
  readonly reliability: number;
  readonly weight: number;
  readonly model: string;
  readonly version: number;
  readonly judged_by: AssessedBy;
  readonly judged_ms: number;
  readonly figures: Uint8Array;
}

/** Ids of what verdicts are about, for `v` the verdict's row. */
export const idOfVerdict = `CASE v.kind
  WHEN 'review' THEN (SELECT id FROM authenticity_review x WHERE x.marketplace_id = v.marketplace_id AND x.review_no = v.no)
  WHEN 'order' THEN (SELECT id FROM authenticity_order x WHERE x.marketplace_id = v.marketplace_id AND x.order_no = v.no)
  ELSE (SELECT p.id FROM authenticity_person p WHERE p.marketplace_id = v.marketplace_id AND p.person_no = v.person_no) END`;

export async function loadUntold(db: Queryable, marketplaceId: number, limit: number): Promise<UntoldVerdict[]> {
  return db.query<UntoldVerdict>(
    `SELECT v.kind, v.no, s.kind AS owner_kind, s.id AS owner, ${idOfVerdict} AS id, v.reliability, v.weight, v.model, v.version,
       v.judged_by, v.judged_ms, v.figures
     FROM authenticity_verdict v JOIN facts_subject s ON s.marketplace_id = v.marketplace_id AND s.subject_no = v.owner_no
     WHERE v.marketplace_id = $1 AND v.weight <> v.told_weight ORDER BY v.kind, v.no LIMIT $2`,
    [marketplaceId, limit],
  );
}

export async function markTold(
  db: Queryable,
  marketplaceId: number,
  told: readonly Pick<UntoldVerdict, "kind" | "no" | "weight">[],
): Promise<void> {
  await db.query(
    `UPDATE authenticity_verdict v SET told_weight = t.weight
     FROM unnest($2::text[], $3::integer[], $4::smallint[]) AS t (kind, no, weight)
     WHERE v.marketplace_id = $1 AND v.kind = t.kind AND v.no = t.no`,
    [
      marketplaceId,
      textArray(told.map(({ kind }) => kind)),
      integerArray(told.map(({ no }) => no)),
      integerArray(told.map(({ weight }) => weight)),
    ],
  );
}
