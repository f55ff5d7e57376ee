import type { EntityKind } from "@probity/contract";
import type { EntityState } from "../facts/index.ts";
import { type Queryable, textArray, textSeparator } from "../platform/db.ts";
import type { EvidenceEntity } from "./telling.ts";

/** What may miss a promise or wait for an answer. */
const kinds: readonly EntityKind[] = [
  "certificate",
  "complaint",
  "dispute",
  "follow",
  "incident",
  "inspection",
  "listing",
  "order",
  "referral",
  "return",
  "review",
  "ticket",
];
/**
 * Entities of each kind that are looked at, the newest: of each kind by itself, so that a busy merchant's orders do not
 * hide its few complaints. Five hundred show the twenty misses that are listed where one in twenty-five is a miss.
 */
const eachMax = 500;
const certificatesMax = 100;

/** What a merchant's explanation is told from. */
export interface Evidence {
  readonly entities: readonly EvidenceEntity[];
  readonly certificates: readonly EvidenceEntity[];
}

interface KindRow {
  readonly kind: EntityKind;
  readonly is_listed: boolean;
  /** Texts joined by the separator; null where there is none. */
  readonly ids: string | null;
  readonly seqs: string;
  /** A JSON array: one text is parsed several times faster than five hundred. */
  readonly states: string;
}

const joined = `string_agg(e.id, chr(30)) AS ids, string_agg(array_to_string(e.seqs, ','), chr(30)) AS seqs,
  '[' || string_agg(e.state, ',') || ']' AS states`;

function entitiesOf({ kind, ids, seqs, states }: KindRow): EvidenceEntity[] {
  if (ids === null) return [];
  const parsed = JSON.parse(states) as EntityState[];
  const places = seqs.split(textSeparator);
  return ids.split(textSeparator).map((id, index) => ({
    kind,
    id,
    state: parsed[index] as EntityState,
    seqs: (places[index] as string).split(",").map(Number),
  }));
}

/** Newest entities up to a day that are a merchant's evidence, and its certificates. */
export async function loadEvidence(
  db: Queryable,
  marketplaceId: number,
  merchantNo: number,
  toDay: number,
): Promise<Evidence> {
  const rows = await db.query<KindRow>(
    `SELECT k.kind, false AS is_listed, found.* FROM unnest($3::text[]) AS k (kind) CROSS JOIN LATERAL (SELECT ${joined} FROM
       (SELECT id, state, seqs FROM facts_entity WHERE marketplace_id = $1 AND merchant_no = $2 AND kind = k.kind AND day <= $4
        ORDER BY day DESC LIMIT ${eachMax}) AS e) AS found
     UNION ALL SELECT 'certificate', true, ${joined} FROM
       (SELECT id, state, seqs FROM facts_entity WHERE marketplace_id = $1 AND merchant_no = $2 AND kind = 'certificate'
        ORDER BY id LIMIT ${certificatesMax}) AS e`,
    [marketplaceId, merchantNo, textArray(kinds), toDay],
  );
  return {
    entities: rows.filter((row) => !row.is_listed).flatMap(entitiesOf),
    certificates: rows.filter((row) => row.is_listed).flatMap(entitiesOf),
  };
}
