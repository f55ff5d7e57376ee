import { integerArray, type Queryable, textArray } from "../platform/db.ts";
import type { ToldPatch } from "./patch.ts";

/** Takes over the platform's own word: it holds until the platform or a moderator says otherwise. */
export async function saveTold(
  db: Queryable,
  marketplaceId: number,
  told: readonly ToldPatch[],
  nowMs: number,
): Promise<void> {
  if (told.length === 0) return;
  const latest = new Map(
    told.toSorted((a, b) => a.at - b.at).map((patch) => [`${patch.kind} ${patch.owner} ${patch.id}`, patch]),
  );
  const rows = [...latest.values()];
  await db.query(
    `INSERT INTO authenticity_verdict AS v (marketplace_id, kind, no, owner_no, person_no, at_s, reliability, weight, told_weight,
       judged_by, model, effect, appealed, version, judged_ms, figures)
     SELECT $1, t.kind, x.no, s.subject_no, x.person_no, x.at_s, t.reliability, t.reliability, t.reliability, 'platform', 'platform',
       0, false, 1, $6, ''
     FROM unnest($2::text[], $3::text[], $4::text[], $5::smallint[]) AS t (kind, owner, id, reliability)
     JOIN facts_subject s ON s.marketplace_id = $1 AND s.id = t.owner AND (s.kind = 'm' OR (t.kind = 'follow' AND s.kind = 'r'))
     CROSS JOIN LATERAL (
       SELECT review_no AS no, person_no, posted_s AS at_s FROM authenticity_review r
         WHERE t.kind = 'review' AND r.marketplace_id = $1 AND r.merchant_no = s.subject_no AND r.id = t.id
       UNION ALL SELECT order_no, person_no, placed_s FROM authenticity_order o
         WHERE t.kind = 'order' AND o.marketplace_id = $1 AND o.merchant_no = s.subject_no AND o.id = t.id
       UNION ALL SELECT f.follow_no, f.person_no, f.followed_s FROM authenticity_follow f JOIN authenticity_person p
         ON p.marketplace_id = $1 AND p.person_no = f.person_no
         WHERE t.kind = 'follow' AND f.marketplace_id = $1 AND f.target_no = s.subject_no AND p.id = t.id) AS x
     WHERE x.person_no IS NOT NULL AND x.at_s IS NOT NULL
     ON CONFLICT (marketplace_id, kind, no) DO UPDATE SET reliability = excluded.reliability, weight = excluded.weight,
       told_weight = excluded.told_weight, judged_by = 'platform', model = 'platform', top = NULL, effect = 0,
       version = v.version + 1, judged_ms = excluded.judged_ms`,
    [
      marketplaceId,
      textArray(rows.map(({ kind }) => kind)),
      textArray(rows.map(({ owner }) => owner)),
      textArray(rows.map(({ id }) => id)),
      integerArray(rows.map(({ reliability }) => reliability)),
      nowMs,
    ],
  );
}
