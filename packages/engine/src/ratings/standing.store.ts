import { ProblemError, type SubjectKind } from "@probity/contract";
import type { Queryable } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import {
  kindLetters,
  loadPolicyBodies,
  type PolicyState,
  type StoredEpoch,
  type StoredPolicy,
  type SubjectInfo,
  withPriors,
} from "./ratings.store.ts";

/** A rating as the job stored it. */
export interface StoredRating {
  readonly status: "rated" | "too-early";
  readonly score: number;
  readonly bound: number;
  readonly grade: string | null;
  readonly policy_id: string;
  readonly epoch: number;
  readonly orders: number;
  readonly buyers: number;
  readonly points: readonly number[];
  readonly maxima: readonly number[];
}

/** By what a subject is rated on a day. */
export interface Standing {
  readonly subject: SubjectInfo;
  readonly policy: StoredPolicy;
  readonly epoch: StoredEpoch;
  readonly day: number;
  readonly logSize: number;
  /** Whether other identities of the same people are known. */
  readonly isLinked: boolean;
  /** The job's last run, as `peers.store` names it. */
  readonly lastRun: string;
  /** The stored rating where it is what these facts, policy and epoch give; absent unless asked for. */
  readonly stored: StoredRating | undefined;
}

type PolicyLine = readonly [
  policyId: string,
  state: PolicyState,
  createdMs: number,
  publishedMs: number | null,
  effectiveDay: number | null,
  noticeDays: number | null,
];

interface StandingRow {
  readonly size: number;
  readonly day: number;
  readonly subject_no: number | null;
  readonly id: string;
  readonly public_id: string;
  readonly name: string | null;
  readonly category: string | null;
  readonly policies: readonly PolicyLine[] | null;
  readonly epoch: number | null;
  readonly epoch_policy: string;
  readonly epoch_log_size: number;
  readonly epoch_day: number;
  readonly is_linked: boolean;
  readonly next_seq: number | null;
  readonly run_day: number | null;
  readonly stored: StoredRating | null;
}

/** Events behind the job that are searched for the subject; more of them, and its rating is computed. */
const behindMax = 500;

/**
 * Everything in one statement, hence of one state: a reader would otherwise wait for seven answers. The day is
 * `ratingDay`, at most $6. A stored rating holds if the job has rated the subject for the day, no event since has
 * touched it, and no link can have changed its grade.
 */
const standingSql = `
  SELECT h.size, t.day, s.subject_no, s.id, s.public_id, s.name, s.category,
    (SELECT json_agg(json_build_array(p.policy_id, p.state, p.created_ms, p.published_ms, p.effective_day, p.notice_days)
       ORDER BY p.created_ms, p.policy_id) FROM ratings_policy p
     WHERE p.marketplace_id = $1 AND p.subject = $2 AND p.state IN ('published', 'in-force', 'superseded')) AS policies,
    e.epoch, e.policy_id AS epoch_policy, e.log_size AS epoch_log_size, e.day AS epoch_day,
    l.is_linked, k.next_seq, k.day AS run_day,
    CASE WHEN $7::boolean AND NOT l.is_linked AND k.day = t.day AND k.next_seq >= h.size - ${behindMax} AND NOT EXISTS (
      SELECT FROM ledger_event v WHERE v.marketplace_id = $1 AND v.seq >= k.next_seq AND s.subject_no = ANY(v.subjects))
    THEN (SELECT to_json(c) FROM ratings_current c
      WHERE c.marketplace_id = $1 AND c.subject_no = s.subject_no AND c.day = t.day) END AS stored
  FROM ledger_head h
  CROSS JOIN LATERAL
    (SELECT least(floor(coalesce($5::bigint, h.newest_ms) / 86400000.0)::integer, $6::integer) AS day) AS t
  LEFT JOIN facts_subject s ON s.marketplace_id = h.marketplace_id AND s.kind = $3 AND s.id = $4
  LEFT JOIN LATERAL (SELECT e.epoch, e.policy_id, e.log_size, e.day FROM ratings_epoch e
    WHERE e.marketplace_id = $1 AND e.subject = $2
    ORDER BY e.day <= t.day DESC, CASE WHEN e.day <= t.day THEN -e.epoch ELSE e.epoch END LIMIT 1) AS e ON true
  CROSS JOIN LATERAL (SELECT $3 = 'm' AND EXISTS (SELECT FROM facts_entity f WHERE f.marketplace_id = $1 AND f.kind = 'link'
    AND (split_part(f.id, chr(31), 1) = $4 OR split_part(f.id, chr(31), 2) = $4)) AS is_linked) AS l
  LEFT JOIN ratings_cursor k ON k.marketplace_id = h.marketplace_id
  WHERE h.marketplace_id = $1`;

/** The policy in force on a day among those of a kind, oldest first. */
export function policyAt<P extends Pick<StoredPolicy, "state" | "effectiveDay" | "publishedMs">>(
  policies: readonly P[],
  day: number,
): P | undefined {
  const begun = policies
    .filter(
      ({ state, effectiveDay }) =>
        ["published", "in-force", "superseded"].includes(state) && (effectiveDay ?? 0) <= day,
    )
    .sort((a, b) => (a.effectiveDay ?? 0) - (b.effectiveDay ?? 0) || (a.publishedMs ?? 0) - (b.publishedMs ?? 0));
  return begun.at(-1) ?? policies.find(({ state }) => state === "in-force");
}

/** The policy of an epoch: a day is rated by it until the job has begun one for the policy that follows. */
async function policyOf(
  db: Queryable,
  marketplaceId: number,
  kind: SubjectKind,
  lines: readonly PolicyLine[],
  id: string,
): Promise<StoredPolicy> {
  const line = lines.find(([policyId]) => policyId === id);
  const policy = (await loadPolicyBodies(db, marketplaceId, [id])).get(id);
  if (line === undefined || policy === undefined) throw new Error("an epoch's policy has gone");
  const [policyId, state, createdMs, publishedMs, effectiveDay, noticeDays] = line;
  return { policyId, subject: kind, state, createdMs, publishedMs, effectiveDay, noticeDays, policy };
}

/** How a subject stands on a day, today without one; its facts are not read. */
export async function loadStanding(
  db: Queryable,
  market: Marketplace,
  kind: SubjectKind,
  id: string,
  when: { readonly nowMs: number; readonly on: number | null },
  wantsStored: boolean,
): Promise<Standing> {
  const { marketplaceId, clock } = market;
  const nowMs = clock === "wall" ? when.nowMs : null;
  const params = [marketplaceId, kind, kindLetters[kind], id, nowMs, when.on, wantsStored];
  const [row] = await db.query<StandingRow>(standingSql, params);
  if (row === undefined) throw new Error(`marketplace ${marketplaceId} has no ledger`);
  if (row.subject_no === null) throw new ProblemError("not-found", `There is no ${kind} ${id}`);
  const { day } = row;
  if (row.epoch === null)
    throw new ProblemError("not-ready", "No rating has been computed yet; the worker has to run once");
  const policy = await policyOf(db, marketplaceId, kind, row.policies ?? [], row.epoch_policy);
  const epoch = await withPriors(db, marketplaceId, {
    subject: kind,
    epoch: row.epoch,
    policy_id: row.epoch_policy,
    log_size: row.epoch_log_size,
    day: row.epoch_day,
  });
  const isCurrent = row.stored?.policy_id === policy.policyId && row.stored.epoch === epoch.epoch;
  return {
    subject: { no: row.subject_no, kind, id, publicId: row.public_id, name: row.name, category: row.category },
    policy,
    epoch,
    day,
    logSize: row.size,
    isLinked: row.is_linked,
    lastRun: `${row.next_seq ?? undefined} ${row.run_day ?? undefined}`,
    stored: isCurrent ? row.stored : undefined,
  };
}
