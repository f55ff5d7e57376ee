import {
  type AssessedItem,
  type AssessedKind,
  ProblemError,
  type QueueFilter,
  type QueueOrder,
} from "@probity/contract";
import type { Queryable } from "../platform/db.ts";
import { Params } from "../platform/statement.ts";
import { idOfVerdict } from "./verdicts.store.ts";

/** A verdict with the names of what it is about. */
export interface VerdictLine {
  readonly kind: AssessedKind;
  readonly no: number;
  readonly owner_no: number;
  readonly owner: string;
  readonly owner_name: string | null;
  readonly id: string;
  readonly person_id: string;
  readonly person_no: number;
  readonly product: string | null;
  readonly at_s: number;
  readonly stars: number | null;
  readonly reliability: number;
  readonly weight: number;
  readonly top: AssessedItem["top"];
  readonly judged_by: AssessedItem["by"];
  readonly effect: number;
  readonly appealed: boolean;
  readonly ring_no: number | null;
  readonly model: string;
  readonly version: number;
  readonly judged_ms: number;
  readonly figures: Uint8Array;
}

/** Columns of a `VerdictLine`; `v` is the verdict. */
export const lineColumns = `v.kind, v.no, v.owner_no, s.id AS owner, s.name AS owner_name, ${idOfVerdict} AS id, p.id AS person_id,
  v.person_no, CASE v.kind
    WHEN 'review' THEN (SELECT q.id FROM authenticity_review x JOIN facts_subject q ON q.marketplace_id = x.marketplace_id
      AND q.subject_no = x.product_no WHERE x.marketplace_id = v.marketplace_id AND x.review_no = v.no)
    WHEN 'order' THEN (SELECT q.id FROM authenticity_order x JOIN facts_subject q ON q.marketplace_id = x.marketplace_id
      AND q.subject_no = x.product_no WHERE x.marketplace_id = v.marketplace_id AND x.order_no = v.no) END AS product,
  v.at_s, CASE WHEN v.kind = 'review' THEN (SELECT x.stars FROM authenticity_review x
    WHERE x.marketplace_id = v.marketplace_id AND x.review_no = v.no) END AS stars,
  v.reliability, v.weight, v.top, v.judged_by, v.effect, v.appealed, v.ring_no, v.model, v.version, v.judged_ms, v.figures`;

/** What a `VerdictLine` is read from. */
export const lineTables = `authenticity_verdict v
  JOIN facts_subject s ON s.marketplace_id = v.marketplace_id AND s.subject_no = v.owner_no
  JOIN authenticity_person p ON p.marketplace_id = v.marketplace_id AND p.person_no = v.person_no`;

export const presentItem = (line: VerdictLine): AssessedItem => ({
  kind: line.kind,
  merchant: line.owner,
  merchantName: line.owner_name,
  id: line.id,
  user: line.person_id,
  product: line.product,
  at: new Date(1_000 * line.at_s).toISOString(),
  stars: line.stars,
  reliability: line.reliability,
  weight: line.weight,
  top: line.top,
  by: line.judged_by,
  effect: line.effect,
  appealed: line.appealed,
  ring: line.ring_no === null ? null : String(line.ring_no),
});

/** Conditions of a filter; ids that do not exist match nothing. */
export function filterSql(filter: QueueFilter, params: Params): string[] {
  const conditions: string[] = [];
  if (filter.kind !== undefined) conditions.push(`v.kind = ${params.put(filter.kind)}`);
  if (filter.merchant !== undefined)
    conditions.push(`v.owner_no IN (SELECT f.subject_no FROM facts_subject f
      WHERE f.marketplace_id = v.marketplace_id AND f.id = ${params.put(filter.merchant)} AND f.kind IN ('m', 'r'))`);
  if (filter.user !== undefined)
    conditions.push(`v.person_no = (SELECT f.person_no FROM authenticity_person f
      WHERE f.marketplace_id = v.marketplace_id AND f.id = ${params.put(filter.user)})`);
  if (filter.ring !== undefined) {
    const no = /^\d{1,9}$/.test(filter.ring) ? Number(filter.ring) : -1;
    conditions.push(`v.ring_no = ${params.put(no)}`);
  }
  if (filter.reason !== undefined) conditions.push(`v.top = ${params.put(filter.reason)}`);
  if (filter.reliabilityMax !== undefined) conditions.push(`v.reliability <= ${params.put(filter.reliabilityMax)}`);
  if (filter.reliabilityMin !== undefined) conditions.push(`v.reliability >= ${params.put(filter.reliabilityMin)}`);
  if (filter.appealed !== undefined) conditions.push(`v.appealed = ${params.put(filter.appealed)}`);
  return conditions;
}

/** What is still to be decided: neither by a moderator nor by the platform, and not taken away by its author. */
const undecided = `v.decision IS NULL AND v.judged_by <> 'platform' AND NOT (v.kind = 'review' AND EXISTS
  (SELECT FROM authenticity_review x WHERE x.marketplace_id = v.marketplace_id AND x.review_no = v.no AND x.removed))`;

interface OrderSql {
  /** Ascending keys before kind and number. */
  readonly keys: readonly (readonly [sql: string, type: string])[];
  readonly where: string;
}

const orders: Readonly<Record<Exclude<QueueOrder, "second-look">, OrderSql>> = {
  effect: {
    keys: [
      ["(NOT v.appealed)", "boolean"],
      ["(-v.effect)", "real"],
    ],
    where: "v.effect > 0 OR v.appealed",
  },
  uncertain: { keys: [["abs(v.reliability - 500)", "integer"]], where: "v.reliability BETWEEN 200 AND 800" },
  newest: { keys: [["(-v.at_s)", "float8"]], where: "v.reliability < 800" },
};

function cursorOf(text: string | undefined, keys: number): unknown[] | undefined {
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as unknown;
    if (Array.isArray(value) && value.length === keys + 2) return value;
  } catch {
    // Told below.
  }
  throw new ProblemError("request-invalid", "/query/cursor is not a cursor of this list");
}

export interface QueuePage {
  readonly lines: VerdictLine[];
  readonly nextCursor: string | null;
}

/** What waits for a decision, a page of it. */
export async function listQueue(
  db: Queryable,
  marketplaceId: number,
  filter: QueueFilter,
  order: Exclude<QueueOrder, "second-look">,
  cursor: string | undefined,
  limit: number,
): Promise<QueuePage> {
  const { keys, where } = orders[order];
  const params = new Params();
  const market = params.put(marketplaceId);
  const conditions = [`v.marketplace_id = ${market}`, undecided, `(${where})`, ...filterSql(filter, params)];
  const after = cursorOf(cursor, keys.length);
  if (after !== undefined) {
    const types = [...keys.map(([, type]) => type), "text", "integer"];
    const values = after.map((value, place) => `${params.put(String(value))}::text::${types[place]}`);
    conditions.push(`(${[...keys.map(([sql]) => sql), "v.kind", "v.no"].join(", ")}) > (${values.join(", ")})`);
  }
  const sorted = [...keys.map(([sql]) => sql), "v.kind", "v.no"].join(", ");
  const rows = await db.query<VerdictLine & Record<string, unknown>>(
    `SELECT ${lineColumns}, ${keys.map(([sql], place) => `${sql} AS key_${place}`).join(", ")} FROM ${lineTables}
     WHERE ${conditions.join(" AND ")} ORDER BY ${sorted} LIMIT ${params.put(limit + 1)}`,
    params.values,
  );
  const lines = rows.slice(0, limit);
  const last = lines.at(-1);
  const next =
    rows.length > limit && last !== undefined
      ? Buffer.from(JSON.stringify([...keys.map((_, place) => last[`key_${place}`]), last.kind, last.no])).toString(
          "base64url",
        )
      : null;
  return { lines, nextCursor: next };
}

const waitingMax = 1_000;

/** How many match, counted up to a thousand. */
export async function countQueue(
  db: Queryable,
  marketplaceId: number,
  filter: QueueFilter,
  order: Exclude<QueueOrder, "second-look">,
): Promise<number> {
  const params = new Params();
  const market = params.put(marketplaceId);
  const conditions = [
    `v.marketplace_id = ${market}`,
    undecided,
    `(${orders[order].where})`,
    ...filterSql(filter, params),
  ];
  const [row] = await db.query<{ waiting: number }>(
    `SELECT count(*)::integer AS waiting FROM (SELECT FROM authenticity_verdict v WHERE ${conditions.join(" AND ")} LIMIT ${waitingMax}) AS w`,
    params.values,
  );
  return row?.waiting ?? 0;
}

/** One in so many decided things is looked at by a second person. */
const secondLookOf = 5;

/** A sample of what others decided and nobody has looked at again; the first decision is not told. */
export async function listSecondLook(
  db: Queryable,
  marketplaceId: number,
  who: string,
  limit: number,
): Promise<VerdictLine[]> {
  const rows = await db.query<VerdictLine & { model_reliability: number | null }>(
    `SELECT ${lineColumns}, (SELECT x.reliability FROM authenticity_version x WHERE x.marketplace_id = v.marketplace_id
         AND x.kind = v.kind AND x.no = v.no AND x.judged_by IN ('live', 'batch') ORDER BY x.version DESC LIMIT 1) AS model_reliability
     FROM ${lineTables}
     WHERE v.marketplace_id = $1 AND v.decision IS NOT NULL AND (v.no + length(v.kind)) % ${secondLookOf} = 0
       AND EXISTS (SELECT FROM authenticity_label l JOIN authenticity_decision d ON d.marketplace_id = l.marketplace_id
         AND d.decision_id = l.decision_id AND d.undone_ms IS NULL
         WHERE l.marketplace_id = v.marketplace_id AND l.kind = v.kind AND l.no = v.no AND NOT l.second_look AND l.who <> $2)
       AND NOT EXISTS (SELECT FROM authenticity_label l JOIN authenticity_decision d ON d.marketplace_id = l.marketplace_id
         AND d.decision_id = l.decision_id AND d.undone_ms IS NULL
         WHERE l.marketplace_id = v.marketplace_id AND l.kind = v.kind AND l.no = v.no AND (l.second_look OR l.who = $2))
     ORDER BY v.judged_ms DESC, v.kind, v.no LIMIT $3`,
    [marketplaceId, who, limit],
  );
  return rows.map((row) => ({
    ...row,
    judged_by: "batch",
    reliability: row.model_reliability ?? 500,
    weight: 1_000,
  }));
}
