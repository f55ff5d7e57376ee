import { randomBytes } from "node:crypto";
import {
  type Agreement,
  type AssessedKind,
  type DecisionItem,
  type DecisionRecord,
  limits,
  type ModeratorDecision,
  ProblemError,
  type QueueFilter,
} from "@probity/contract";
import { integerArray, type Queryable, textArray } from "../platform/db.ts";
import { Params } from "../platform/statement.ts";
import { filterSql } from "./queue.store.ts";

/** A verdict by its number. */
export interface VerdictRef {
  readonly kind: AssessedKind;
  readonly no: number;
}

/** Numbers of what is named by ids; throws `not-found` naming the first that is not there. */
export async function findVerdicts(
  db: Queryable,
  marketplaceId: number,
  items: readonly DecisionItem[],
): Promise<VerdictRef[]> {
  const rows = await db.query<VerdictRef & { place: number }>(
    `SELECT t.place::integer AS place, v.kind, v.no
     FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS t (kind, owner, id, place)
     JOIN facts_subject s ON s.marketplace_id = $1 AND s.id = t.owner AND (s.kind = 'm' OR (s.kind = 'r' AND t.kind = 'follow'))
     CROSS JOIN LATERAL (
       SELECT review_no AS no FROM authenticity_review r
         WHERE t.kind = 'review' AND r.marketplace_id = $1 AND r.id = t.id AND r.merchant_no = s.subject_no
       UNION ALL SELECT order_no FROM authenticity_order o
         WHERE t.kind = 'order' AND o.marketplace_id = $1 AND o.id = t.id AND o.merchant_no = s.subject_no
       UNION ALL SELECT f.follow_no FROM authenticity_person p JOIN authenticity_follow f ON f.marketplace_id = $1
         AND f.person_no = p.person_no AND f.target_no = s.subject_no
         WHERE t.kind = 'follow' AND p.marketplace_id = $1 AND p.id = t.id) AS x
     JOIN authenticity_verdict v ON v.marketplace_id = $1 AND v.kind = t.kind AND v.no = x.no
     ORDER BY t.place`,
    [
      marketplaceId,
      textArray(items.map(({ kind }) => kind)),
      textArray(items.map(({ merchant }) => merchant)),
      textArray(items.map(({ id }) => id)),
    ],
  );
  const found = new Set(rows.map(({ place }) => place - 1));
  const missing = items.find((_, place) => !found.has(place));
  if (missing !== undefined)
    throw new ProblemError("not-found", `There is no judged ${missing.kind} ${missing.id} at ${missing.merchant}`);
  return rows;
}

/** What a filter matches, as a decision in bulk is about: at most so many, what the platform decided left out. */
export async function findMatching(db: Queryable, marketplaceId: number, filter: QueueFilter): Promise<VerdictRef[]> {
  const params = new Params();
  const conditions = [
    `v.marketplace_id = ${params.put(marketplaceId)}`,
    "v.judged_by <> 'platform'",
    "v.decision IS NULL",
    ...filterSql(filter, params),
  ];
  return db.query<VerdictRef>(
    `SELECT v.kind, v.no FROM authenticity_verdict v WHERE ${conditions.join(" AND ")}
     ORDER BY v.kind, v.no LIMIT ${limits.bulkItems + 1}`,
    params.values,
  );
}

export interface NewDecision {
  readonly verdict: ModeratorDecision;
  readonly who: string;
  readonly note: string | undefined;
  readonly secondLook: boolean;
  readonly nowMs: number;
}

const weights: Readonly<Record<"genuine" | "not-genuine", number>> = { genuine: 1_000, "not-genuine": 0 };

/** Moves verdicts to what a person decided; what stood before is kept as a version. */
async function putInForce(
  db: Queryable,
  marketplaceId: number,
  refs: readonly VerdictRef[],
  verdict: ModeratorDecision,
  decisionId: string,
  nowMs: number,
): Promise<void> {
  const params = [marketplaceId, textArray(refs.map(({ kind }) => kind)), integerArray(refs.map(({ no }) => no))];
  const named = "unnest($2::text[], $3::integer[]) AS t (kind, no)";
  if (verdict === "unsure") {
    await db.query(
      `UPDATE authenticity_verdict v SET decision = 'unsure' FROM ${named}
       WHERE v.marketplace_id = $1 AND v.kind = t.kind AND v.no = t.no`,
      params,
    );
    return;
  }
  await db.query(
    `WITH old AS (INSERT INTO authenticity_version (marketplace_id, kind, no, version, reliability, weight, judged_by, model, judged_ms, figures)
       SELECT v.marketplace_id, v.kind, v.no, v.version, v.reliability, v.weight, v.judged_by, v.model, v.judged_ms, v.figures
       FROM ${named} JOIN authenticity_verdict v ON v.marketplace_id = $1 AND v.kind = t.kind AND v.no = t.no ON CONFLICT DO NOTHING)
     UPDATE authenticity_verdict v SET reliability = $4, weight = $4, judged_by = 'decided', model = $5, decision = $6,
       appealed = false, version = v.version + 1, judged_ms = $7
     FROM ${named} WHERE v.marketplace_id = $1 AND v.kind = t.kind AND v.no = t.no`,
    [...params, weights[verdict], decisionId, verdict, nowMs],
  );
}

/** Keeps a decision with its labels; a first one is put in force, a second look is not. In a transaction. */
export async function saveDecision(
  db: Queryable,
  marketplaceId: number,
  refs: readonly VerdictRef[],
  decision: NewDecision,
): Promise<DecisionRecord> {
  const id = randomBytes(16).toString("hex");
  const { verdict, who, note, secondLook, nowMs } = decision;
  await db.query(
    `INSERT INTO authenticity_decision (marketplace_id, decision_id, verdict, who, at_ms, note, second_look, items)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [marketplaceId, id, verdict, who, nowMs, note ?? null, secondLook, refs.length],
  );
  await db.query(
    `INSERT INTO authenticity_label (marketplace_id, kind, no, decision_id, verdict, who, at_ms, second_look)
     SELECT $1, t.kind, t.no, $4, $5, $6, $7, $8 FROM unnest($2::text[], $3::integer[]) AS t (kind, no) ON CONFLICT DO NOTHING`,
    [
      marketplaceId,
      textArray(refs.map(({ kind }) => kind)),
      integerArray(refs.map(({ no }) => no)),
      id,
      verdict,
      who,
      nowMs,
      secondLook,
    ],
  );
  if (!secondLook) await putInForce(db, marketplaceId, refs, verdict, id, nowMs);
  return {
    decision: id,
    verdict,
    items: refs.length,
    at: new Date(nowMs).toISOString(),
    by: who,
    note: note ?? null,
    undone: false,
    secondLook,
  };
}

interface DecisionRow {
  readonly decision_id: string;
  readonly verdict: ModeratorDecision;
  readonly who: string;
  readonly at_ms: number;
  readonly note: string | null;
  readonly second_look: boolean;
  readonly items: number;
  readonly undone_ms: number | null;
}

const present = (row: DecisionRow): DecisionRecord => ({
  decision: row.decision_id,
  verdict: row.verdict,
  items: row.items,
  at: new Date(row.at_ms).toISOString(),
  by: row.who,
  note: row.note,
  undone: row.undone_ms !== null,
  secondLook: row.second_look,
});

const decisionColumns = "decision_id, verdict, who, at_ms, note, second_look, items, undone_ms";

export async function loadDecision(
  db: Queryable,
  marketplaceId: number,
  id: string,
): Promise<DecisionRecord | undefined> {
  const [row] = await db.query<DecisionRow>(
    `SELECT ${decisionColumns} FROM authenticity_decision WHERE marketplace_id = $1 AND decision_id = $2`,
    [marketplaceId, id],
  );
  return row && present(row);
}

export async function listDecisions(
  db: Queryable,
  marketplaceId: number,
  cursor: string | undefined,
  limit: number,
): Promise<{ items: DecisionRecord[]; nextCursor: string | null }> {
  const [, atMs, id] =
    /^(\d{1,15})\.([0-9a-f]{32})$/.exec(cursor ?? `${Number.MAX_SAFE_INTEGER - 1}.${"f".repeat(32)}`) ?? [];
  if (cursor !== undefined && id === undefined)
    throw new ProblemError("request-invalid", "/query/cursor is not a cursor of this list");
  const rows = await db.query<DecisionRow>(
    `SELECT ${decisionColumns} FROM authenticity_decision WHERE marketplace_id = $1 AND (at_ms, decision_id) < ($2::bigint, $3::text)
     ORDER BY at_ms DESC, decision_id DESC LIMIT $4`,
    [marketplaceId, cursor === undefined ? 8_000_000_000_000_000 : atMs, id ?? "g", limit + 1],
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(present),
    nextCursor: rows.length > limit && last !== undefined ? `${last.at_ms}.${last.decision_id}` : null,
  };
}

/**
 * Takes a decision back: what it put in force goes back to what stood before, the model's or the platform's word. In a
 * transaction. Throws where it was taken back already, or where a later decision stands on the same things.
 */
export async function undoDecision(
  db: Queryable,
  marketplaceId: number,
  id: string,
  nowMs: number,
): Promise<DecisionRecord> {
  const [row] = await db.query<DecisionRow>(
    `UPDATE authenticity_decision SET undone_ms = $3 WHERE marketplace_id = $1 AND decision_id = $2 AND undone_ms IS NULL
     RETURNING ${decisionColumns}`,
    [marketplaceId, id, nowMs],
  );
  if (row === undefined) {
    if ((await loadDecision(db, marketplaceId, id)) === undefined)
      throw new ProblemError("not-found", `There is no decision ${id}`);
    throw new ProblemError("decision-state", "The decision was taken back already");
  }
  if (row.second_look) return present(row);
  await db.query(
    `WITH back AS (SELECT v.kind, v.no FROM authenticity_label l JOIN authenticity_verdict v ON v.marketplace_id = l.marketplace_id
         AND v.kind = l.kind AND v.no = l.no
       WHERE l.marketplace_id = $1 AND l.decision_id = $2 AND v.judged_by = 'decided' AND v.model = $2)
     UPDATE authenticity_verdict v SET reliability = o.reliability, weight = o.weight, judged_by = o.judged_by, model = o.model,
       figures = o.figures, decision = NULL,
       appealed = v.kind = 'review' AND EXISTS (SELECT FROM authenticity_review r WHERE r.marketplace_id = $1 AND r.review_no = v.no
         AND r.appealed_s IS NOT NULL), version = v.version + 1, judged_ms = $3
     FROM back b CROSS JOIN LATERAL (SELECT * FROM authenticity_version x WHERE x.marketplace_id = $1 AND x.kind = b.kind AND x.no = b.no
       AND x.judged_by <> 'decided' ORDER BY x.version DESC LIMIT 1) AS o
     WHERE v.marketplace_id = $1 AND v.kind = b.kind AND v.no = b.no`,
    [marketplaceId, id, nowMs],
  );
  await db.query(
    `UPDATE authenticity_verdict v SET decision = NULL FROM authenticity_label l
     WHERE l.marketplace_id = $1 AND l.decision_id = $2 AND v.marketplace_id = $1 AND v.kind = l.kind AND v.no = l.no AND v.decision = 'unsure'`,
    [marketplaceId, id],
  );
  return present(row);
}

const z95 = 1.959_963_985;

interface PairRow {
  readonly first: "genuine" | "not-genuine";
  readonly second: "genuine" | "not-genuine";
  readonly first_who: string;
  readonly second_who: string;
}

/**
 * Cohen's κ of first decisions and second looks (Educ. Psychol. Meas. 20 (1960) 37–46, doi 10.1177/001316446002000104),
 * with its large-sample interval. 'Unsure' says nothing and is left out.
 */
export async function readAgreement(
  db: Queryable,
  marketplaceId: number,
  namesOf: (who: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<Agreement> {
  const pairs = await db.query<PairRow>(
    `SELECT a.verdict AS first, b.verdict AS second, a.who AS first_who, b.who AS second_who
     FROM authenticity_label a JOIN authenticity_decision da ON da.marketplace_id = a.marketplace_id AND da.decision_id = a.decision_id
       AND da.undone_ms IS NULL
     JOIN authenticity_label b ON b.marketplace_id = a.marketplace_id AND b.kind = a.kind AND b.no = a.no AND b.second_look
     JOIN authenticity_decision db ON db.marketplace_id = b.marketplace_id AND db.decision_id = b.decision_id AND db.undone_ms IS NULL
     WHERE a.marketplace_id = $1 AND NOT a.second_look AND a.who <> b.who AND a.verdict <> 'unsure' AND b.verdict <> 'unsure'
     LIMIT 100000`,
    [marketplaceId],
  );
  const decided = await db.query<{ who: string; decisions: number }>(
    `SELECT l.who, count(*)::integer AS decisions FROM authenticity_label l JOIN authenticity_decision d
       ON d.marketplace_id = l.marketplace_id AND d.decision_id = l.decision_id AND d.undone_ms IS NULL
     WHERE l.marketplace_id = $1 GROUP BY l.who ORDER BY decisions DESC, l.who LIMIT 200`,
    [marketplaceId],
  );
  const agreed = pairs.filter(({ first, second }) => first === second).length;
  const names = await namesOf(decided.map(({ who }) => who));
  return {
    pairs: pairs.length,
    agreed,
    ...kappaOf(pairs, agreed),
    byModerator: decided.map(({ who, decisions }) => {
      const own = pairs.filter((pair) => pair.first_who === who || pair.second_who === who);
      return {
        who,
        name: names.get(who) ?? null,
        decisions,
        pairs: own.length,
        agreed: own.filter(({ first, second }) => first === second).length,
      };
    }),
  };
}

function kappaOf(pairs: readonly PairRow[], agreed: number): Pick<Agreement, "kappa" | "kappaLow" | "kappaHigh"> {
  const none = { kappa: null, kappaLow: null, kappaHigh: null };
  const count = pairs.length;
  if (count < 2) return none;
  const share = (side: "first" | "second"): number => pairs.filter((pair) => pair[side] === "genuine").length / count;
  const [a, b] = [share("first"), share("second")];
  const byChance = a * b + (1 - a) * (1 - b);
  // Where everybody always says the same, there is no agreement beyond chance to measure.
  if (byChance >= 1) return none;
  const observed = agreed / count;
  const kappa = (observed - byChance) / (1 - byChance);
  const error = Math.sqrt((observed * (1 - observed)) / (count * (1 - byChance) ** 2));
  return { kappa, kappaLow: Math.max(-1, kappa - z95 * error), kappaHigh: Math.min(1, kappa + z95 * error) };
}
