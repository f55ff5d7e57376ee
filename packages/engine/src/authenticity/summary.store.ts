import {
  type AuthenticitySummary,
  dayText,
  ProblemError,
  type ReviewNote,
  type SubjectKind,
  type SuppressionAudit,
  type UserRecord,
} from "@probity/contract";
import type { Queryable } from "../platform/db.ts";
import { loadNeighbours } from "./dossier.store.ts";
import { lineColumns, lineTables, presentItem, type VerdictLine } from "./queue.store.ts";
import { differenceInterval, meanDifference, type Share } from "./suppression.ts";

const letters: Readonly<Record<SubjectKind, string>> = { merchant: "m", product: "p", promoter: "r" };

interface CountRow {
  readonly kind: "review" | "order" | "follow";
  readonly items: number;
  readonly none: number;
  readonly part: number;
}

/** Rows of a subject: a merchant's or promoter's by owner, a product's by product. */
const ofOwner = "v.owner_no = $2";
const ofProduct = `(v.kind, v.no) IN (
  SELECT 'review', review_no FROM authenticity_review WHERE marketplace_id = $1 AND product_no = $2
  UNION ALL SELECT 'order', order_no FROM authenticity_order WHERE marketplace_id = $1 AND product_no = $2)`;

const standing = `NOT (v.kind = 'review' AND EXISTS (SELECT FROM authenticity_review x
  WHERE x.marketplace_id = v.marketplace_id AND x.review_no = v.no AND x.removed))`;

async function summarize(
  db: Queryable,
  marketplaceId: number,
  where: string,
  params: readonly unknown[],
): Promise<AuthenticitySummary> {
  const counts = await db.query<CountRow>(
    `SELECT v.kind, count(*)::integer AS items, count(*) FILTER (WHERE v.weight = 0)::integer AS none,
       count(*) FILTER (WHERE v.weight > 0 AND v.weight < 1000)::integer AS part
     FROM authenticity_verdict v WHERE v.marketplace_id = $1 AND ${standing} AND ${where} GROUP BY v.kind`,
    [marketplaceId, ...params],
  );
  const reasons = await db.query<{ code: AuthenticitySummary["reasons"][number]["code"]; items: number }>(
    `SELECT CASE v.judged_by WHEN 'decided' THEN 'decision' WHEN 'platform' THEN 'platform' ELSE coalesce(v.top, 'neighbours') END AS code,
       count(*)::integer AS items
     FROM authenticity_verdict v WHERE v.marketplace_id = $1 AND v.kind = 'review' AND v.weight < 1000 AND ${standing} AND ${where}
     GROUP BY 1 ORDER BY items DESC, code`,
    [marketplaceId, ...params],
  );
  const of = (kind: CountRow["kind"]): CountRow =>
    counts.find((row) => row.kind === kind) ?? { kind, items: 0, none: 0, part: 0 };
  return {
    reviews: of("review").items,
    reviewsNotCounted: of("review").none,
    reviewsReduced: of("review").part,
    orders: of("order").items,
    ordersNotCounted: of("order").none,
    followers: of("follow").items,
    followersNotCounted: of("follow").none,
    reasons,
  };
}

/** What counts of a subject and why the rest does not. Throws `not-found` for a stranger. */
export async function readSummary(
  db: Queryable,
  marketplaceId: number,
  kind: SubjectKind,
  id: string,
): Promise<AuthenticitySummary> {
  const [subject] = await db.query<{ subject_no: number }>(
    "SELECT subject_no FROM facts_subject WHERE marketplace_id = $1 AND kind = $2 AND id = $3",
    [marketplaceId, letters[kind], id],
  );
  if (subject === undefined) throw new ProblemError("not-found", `There is no ${kind} ${id}`);
  return summarize(db, marketplaceId, kind === "product" ? ofProduct : ofOwner, [subject.subject_no]);
}

/** The same over a whole marketplace. */
export function readMarketSummary(db: Queryable, marketplaceId: number): Promise<AuthenticitySummary> {
  return summarize(db, marketplaceId, "true", []);
}

const recentMax = 20;

/** The record of an account. Throws `not-found` for somebody who has done nothing. */
export async function readUserRecord(db: Queryable, marketplaceId: number, user: string): Promise<UserRecord> {
  const [person] = await db.query<{ person_no: number }>(
    "SELECT person_no FROM authenticity_person WHERE marketplace_id = $1 AND id = $2",
    [marketplaceId, user],
  );
  if (person === undefined) throw new ProblemError("not-found", `There is no account ${user}`);
  const params = [marketplaceId, person.person_no];
  const [totals] = await db.query<{
    first_s: number | null;
    reviews: number;
    reviews_none: number;
    orders: number;
    orders_none: number;
    follows: number;
    follows_none: number;
    merchants: number;
    reliability: number | null;
  }>(
    `SELECT min(at_s) AS first_s, count(*) FILTER (WHERE kind = 'review')::integer AS reviews,
       count(*) FILTER (WHERE kind = 'review' AND weight = 0)::integer AS reviews_none,
       count(*) FILTER (WHERE kind = 'order')::integer AS orders,
       count(*) FILTER (WHERE kind = 'order' AND weight = 0)::integer AS orders_none,
       count(*) FILTER (WHERE kind = 'follow')::integer AS follows,
       count(*) FILTER (WHERE kind = 'follow' AND weight = 0)::integer AS follows_none,
       count(DISTINCT owner_no) FILTER (WHERE kind = 'order')::integer AS merchants,
       (avg(reliability) FILTER (WHERE kind <> 'follow'))::integer AS reliability
     FROM authenticity_verdict WHERE marketplace_id = $1 AND person_no = $2`,
    params,
  );
  const rings = await db.query<{ ring_no: number }>(
    `SELECT m.ring_no FROM authenticity_ring_member m JOIN authenticity_ring r ON r.marketplace_id = m.marketplace_id AND r.ring_no = m.ring_no
     WHERE m.marketplace_id = $1 AND m.person_no = $2 AND r.state <> 'dismissed' AND NOT (r.gone AND r.state = 'open') ORDER BY m.ring_no`,
    params,
  );
  const recent = await db.query<VerdictLine>(
    `SELECT ${lineColumns} FROM ${lineTables} WHERE v.marketplace_id = $1 AND v.person_no = $2 ORDER BY v.at_s DESC LIMIT ${recentMax}`,
    params,
  );
  const firstS = totals?.first_s ?? null;
  return {
    user,
    firstSeenAt: firstS === null ? null : new Date(1_000 * firstS).toISOString(),
    reviews: totals?.reviews ?? 0,
    reviewsNotCounted: totals?.reviews_none ?? 0,
    orders: totals?.orders ?? 0,
    ordersNotCounted: totals?.orders_none ?? 0,
    merchants: totals?.merchants ?? 0,
    follows: totals?.follows ?? 0,
    followsNotCounted: totals?.follows_none ?? 0,
    reliability: totals?.reliability ?? null,
    rings: rings.map(({ ring_no }) => String(ring_no)),
    neighbours: await loadNeighbours(db, marketplaceId, person.person_no, null),
    recent: recent.map(presentItem),
  };
}

const daySeconds = 86_400;

/** What stands under a review; undefined where it is not known. */
export async function readNote(
  db: Queryable,
  marketplaceId: number,
  merchant: string,
  review: string,
): Promise<ReviewNote | undefined> {
  const [row] = await db.query<{
    posted_s: number;
    order_id: string | null;
    own: boolean;
    delivered_s: number | null;
    declared: boolean | null;
    weight: number | null;
    top: ReviewNote["top"];
    judged_by: ReviewNote["by"] | null;
  }>(
    `SELECT r.posted_s, o.id AS order_id, o.person_no = r.person_no AS own, least(o.delivered_s, o.confirmed_s) AS delivered_s,
       r.declared, v.weight, v.top, v.judged_by
     FROM authenticity_review r JOIN facts_subject s ON s.marketplace_id = $1 AND s.subject_no = r.merchant_no AND s.id = $2 AND s.kind = 'm'
     LEFT JOIN authenticity_order o ON o.marketplace_id = $1 AND o.merchant_no = r.merchant_no AND o.id = r.order_id
     LEFT JOIN authenticity_verdict v ON v.marketplace_id = $1 AND v.kind = 'review' AND v.no = r.review_no
     WHERE r.marketplace_id = $1 AND r.id = $3 AND r.posted_s IS NOT NULL AND r.removed IS NOT TRUE`,
    [marketplaceId, merchant, review],
  );
  if (row === undefined) return undefined;
  const arrived = row.own && row.delivered_s !== null && row.delivered_s <= row.posted_s ? row.delivered_s : null;
  const weight = row.weight ?? 1_000;
  return {
    review,
    verified: arrived !== null ? "delivered" : row.own ? "ordered" : "none",
    daysAfterDelivery: arrived === null ? null : Math.floor((row.posted_s - arrived) / daySeconds),
    incentive: row.declared === true,
    weight,
    top: weight === 1_000 ? null : row.top,
    by: row.judged_by ?? "live",
  };
}

interface AuditRow extends Share {
  readonly reduced: boolean;
  readonly mean: number | null;
  readonly variance: number | null;
  readonly read: number;
}

const reviewsMin = 20;

/** Whether what is weighed less leans to bad reviews. */
export async function readSuppressionAudit(
  db: Queryable,
  marketplaceId: number,
  day: number,
): Promise<SuppressionAudit> {
  const rows = await db.query<AuditRow>(
    `SELECT v.weight < 1000 AS reduced, count(*)::integer AS count, count(*) FILTER (WHERE r.stars <= 2)::integer AS hits,
       avg(r.sentiment) FILTER (WHERE r.sentiment > -32768) AS mean, var_samp(r.sentiment) FILTER (WHERE r.sentiment > -32768) AS variance,
       (count(*) FILTER (WHERE r.sentiment > -32768))::integer AS read
     FROM authenticity_verdict v JOIN authenticity_review r ON r.marketplace_id = v.marketplace_id AND r.review_no = v.no
     WHERE v.marketplace_id = $1 AND v.kind = 'review' AND r.removed IS NOT TRUE GROUP BY 1`,
    [marketplaceId],
  );
  const none = { hits: 0, count: 0, mean: null, variance: null, read: 0 };
  const reduced = rows.find((row) => row.reduced) ?? none;
  const counted = rows.find((row) => !row.reduced) ?? none;
  const share = ({ hits, count }: Share): number | null => (count === 0 ? null : hits / count);
  const interval = differenceInterval(reduced, counted);
  const feeling = meanDifference(
    { mean: Number(reduced.mean), variance: Number(reduced.variance), count: reduced.read },
    { mean: Number(counted.mean), variance: Number(counted.variance), count: counted.read },
  );
  const isEnough = reduced.count >= reviewsMin && counted.count >= reviewsMin && interval !== undefined;
  return {
    day: dayText(day),
    reviews: reduced.count + counted.count,
    reduced: reduced.count,
    lowShareReduced: share(reduced),
    lowShareCounted: share(counted),
    difference: interval?.difference ?? null,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    sentimentDifference: feeling?.difference ?? null,
    sentimentLow: feeling?.low ?? null,
    sentimentHigh: feeling?.high ?? null,
    verdict: !isEnough
      ? "too-little"
      : interval.low > 0
        ? "leans-to-bad"
        : interval.high < 0
          ? "leans-to-good"
          : "even",
  };
}
