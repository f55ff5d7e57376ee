import { dayText, type Grade, grades, metricNamed, type RatingChanges, type SubjectKind } from "@probity/contract";
import type { Queryable } from "../platform/db.ts";
import type { Rating } from "./ratings.ts";

const orders = metricNamed("orders").no;
/** Days within which an order is fresh evidence, by step. */
const freshDays = [1, 7, 30, 90] as const;
const moversMax = 20;
const reasonsMax = 3;

const then = `CROSS JOIN LATERAL (SELECT h.status, h.score, h.bound, h.grade FROM ratings_history h
  WHERE h.marketplace_id = c.marketplace_id AND h.subject_no = c.subject_no AND h.day <= $3 ORDER BY h.day DESC LIMIT 1) AS h`;

async function loadGrades(db: Queryable, marketplaceId: number, kind: SubjectKind) {
  return db.query<{ grade: string | null; subjects: number }>(
    "SELECT grade, count(*)::integer AS subjects FROM ratings_current WHERE marketplace_id = $1 AND kind = $2 GROUP BY 1",
    [marketplaceId, kind],
  );
}

interface PairRow {
  readonly from_grade: string | null;
  readonly to_grade: string | null;
  readonly subjects: number;
}

interface MoverRow {
  readonly id: string;
  readonly name: string | null;
  readonly category: string | null;
  readonly score: number;
  readonly bound: number;
  readonly grade: string | null;
  readonly then_score: number;
  readonly then_bound: number;
  readonly then_grade: string | null;
}

/**
 * Subjects by their grade on a past day and now, and those whose score moved most. Who was not there yet is left out.
 * One statement: looking up everybody's past is most of the work, and both need it.
 */
async function loadMoves(
  db: Queryable,
  marketplaceId: number,
  kind: SubjectKind,
  since: number,
): Promise<{ readonly pairs: readonly PairRow[]; readonly movers: readonly MoverRow[] }> {
  const [row] = await db.query<{ pairs: string; movers: string }>(
    `WITH moved AS MATERIALIZED (
       SELECT c.subject_no, c.status, c.score, c.bound, c.grade,
         h.status AS then_status, h.score AS then_score, h.bound AS then_bound, h.grade AS then_grade
       FROM ratings_current c ${then} WHERE c.marketplace_id = $1 AND c.kind = $2)
     SELECT
       (SELECT coalesce(json_agg(p), '[]') FROM (
         SELECT then_grade AS from_grade, grade AS to_grade, count(*)::integer AS subjects FROM moved GROUP BY 1, 2) AS p)::text AS pairs,
       (SELECT coalesce(json_agg(m ORDER BY m.place), '[]') FROM (
         SELECT row_number() OVER (ORDER BY abs(moved.score - then_score) DESC, s.id) AS place, s.id, s.name, s.category,
           moved.score, moved.bound, moved.grade, then_score, then_bound, then_grade
         FROM moved JOIN facts_subject s ON s.marketplace_id = $1 AND s.subject_no = moved.subject_no
         WHERE moved.status = 'rated' AND then_status = 'rated' AND then_score <> moved.score
         ORDER BY 1 LIMIT ${moversMax}) AS m)::text AS movers`,
    [marketplaceId, kind, since],
  );
  return {
    pairs: JSON.parse(row?.pairs ?? "[]") as PairRow[],
    movers: JSON.parse(row?.movers ?? "[]") as MoverRow[],
  };
}

/** Subjects by the steps of `freshDays` since their newest order, the last for older ones or none; read by index. */
async function loadFreshness(
  db: Queryable,
  marketplaceId: number,
  kind: SubjectKind,
  day: number,
): Promise<RatingChanges["freshness"]> {
  const steps = freshDays.map((days, index) => `WHEN f.day > $3 - ${days} THEN ${index}`).join(" ");
  const rows = await db.query<{ step: number; subjects: number }>(
    `SELECT CASE ${steps} ELSE ${freshDays.length} END AS step, count(*)::integer AS subjects
     FROM ratings_current c LEFT JOIN LATERAL (SELECT f.day FROM facts_count f
       WHERE f.marketplace_id = c.marketplace_id AND f.subject_no = c.subject_no AND f.metric_no = ${orders}
         AND f.day <= $3 AND f.n > 0 ORDER BY f.day DESC LIMIT 1) AS f ON true
     WHERE c.marketplace_id = $1 AND c.kind = $2 GROUP BY 1`,
    [marketplaceId, kind, day],
  );
  const at = new Map(rows.map(({ step, subjects }) => [step, subjects]));
  return [...freshDays, null].map((withinDays, index) => ({ withinDays, subjects: at.get(index) ?? 0 }));
}

/** Changes of indicators between two ratings of one subject, the largest first; nothing where policies differ. */
function reasonsOf(
  before: Rating,
  after: Rating,
  titles: ReadonlyMap<string, { readonly en: string; readonly zh: string }>,
): RatingChanges["movers"][number]["reasons"] {
  if (before.policy !== after.policy) return [];
  const points = ({ dimensions }: Rating): Map<string, number> =>
    new Map(dimensions.flatMap(({ indicators }) => indicators.map((item): [string, number] => [item.id, item.points])));
  const [then, now] = [points(before), points(after)];
  return [...now]
    .map(([id, value]) => ({ id, title: titles.get(id) ?? { en: id, zh: id }, points: value - (then.get(id) ?? 0) }))
    .filter((change) => change.points !== 0)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || (a.id < b.id ? -1 : 1))
    .slice(0, reasonsMax);
}

/** Rates a subject on a day; the titles are those of its policy's indicators. */
export interface RatedOn {
  readonly rating: Rating;
  readonly titles: ReadonlyMap<string, { readonly en: string; readonly zh: string }>;
}

/** How the ratings of a kind changed from a past day to `day`. */
export async function readChanges(
  db: Queryable,
  marketplaceId: number,
  kind: SubjectKind,
  days: { readonly day: number; readonly since: number },
  rate: (id: string, day: number) => Promise<RatedOn>,
): Promise<RatingChanges> {
  const { day, since } = days;
  const [current, { pairs, movers }, freshness] = await Promise.all([
    loadGrades(db, marketplaceId, kind),
    loadMoves(db, marketplaceId, kind, since),
    loadFreshness(db, marketplaceId, kind, day),
  ]);
  const now = new Map(current.map(({ grade, subjects }) => [grade, subjects]));
  const before = new Map<string | null, number>();
  for (const { from_grade, subjects } of pairs) before.set(from_grade, (before.get(from_grade) ?? 0) + subjects);
  const place = (grade: string | null): number => (grade === null ? grades.length : grades.indexOf(grade as Grade));
  const explained: RatingChanges["movers"] = [];
  for (const row of movers) {
    const [old, fresh] = [await rate(row.id, since), await rate(row.id, day)];
    explained.push({
      id: row.id,
      name: row.name,
      category: row.category,
      before: { score: row.then_score, bound: row.then_bound, grade: row.then_grade as Grade | null },
      after: { score: row.score, bound: row.bound, grade: row.grade as Grade | null },
      reasons: reasonsOf(old.rating, fresh.rating, fresh.titles),
      later: row.score - row.then_score - (fresh.rating.score - old.rating.score),
    });
  }
  return {
    kind,
    day: dayText(day),
    since: dayText(since),
    grades: [...grades, null].map((grade) => ({ grade, before: before.get(grade) ?? 0, after: now.get(grade) ?? 0 })),
    migration: pairs
      .map(({ from_grade, to_grade, subjects }) => ({
        from: from_grade as Grade | null,
        to: to_grade as Grade | null,
        subjects,
      }))
      .sort((a, b) => place(a.from) - place(b.from) || place(a.to) - place(b.to)),
    movers: explained,
    freshness,
  };
}
