import {
  type Assessment,
  type AssessedKind,
  type AuthenticityReason,
  type Dossier,
  limits,
  type NearDuplicate,
  type Neighbour,
  ProblemError,
} from "@probity/contract";
import { signatureSimilarity } from "@probity/kernels/sketch/min-hash";
import { sealContext } from "../ledger/index.ts";
import { integerArray, type Queryable } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { type MasterKey, open } from "../privacy/index.ts";
import { loadPeopleByNo } from "../privacy/privacy.store.ts";
import { type Judges } from "./assess-market.ts";
import { judge } from "./judge.ts";
import { bandsOf } from "./bands.ts";
import { tellReasons } from "./figure-words.ts";
import { signaturePlaces } from "./evidence.ts";
import { lineColumns, lineTables, presentItem, type VerdictLine } from "./queue.store.ts";
import { statementOf } from "./statement.ts";
import { figuresOfBytes } from "./verdicts.store.ts";

export interface DossierParts {
  readonly db: Queryable;
  readonly master: MasterKey;
  /** A model's judges; undefined where it is not kept any more or is of another version. */
  readonly judgesOf: (model: string) => Promise<Judges | undefined>;
  readonly read: (words: string) => NonNullable<Dossier["reading"]>;
}

const text = (seconds: number): string => new Date(1_000 * seconds).toISOString();
const textOrNull = (seconds: number | null): string | null => (seconds === null ? null : text(seconds));

/** Reasons of a verdict, made again from its figures and its model; none where a person decided. */
export async function assessmentOf(
  line: Pick<VerdictLine, "kind" | "reliability" | "weight" | "judged_by" | "model" | "judged_ms" | "figures">,
  judgesOf: DossierParts["judgesOf"],
): Promise<Assessment> {
  const { kind, reliability, weight, judged_by: by, model } = line;
  const stated = { reliability, weight, by, model, at: new Date(line.judged_ms).toISOString() };
  const judges = by === "live" || by === "batch" ? await judgesOf(model) : undefined;
  const figures = figuresOfBytes(line.figures);
  if (judges === undefined || figures.length !== judges[kind].specs.length)
    return { ...stated, base: reliability, reasons: [] };
  const judged = judge(judges[kind], figures);
  // A verdict that has moved a little since keeps its number; its reasons are those of the number.
  if (judged.reliability !== reliability) return { ...stated, base: reliability, reasons: [] };
  return {
    ...stated,
    base: judged.base,
    reasons: tellReasons(judged.reasons),
  };
}

/** Finds what is judged by the ids that people use; a follower's owner is a merchant or a promoter. */
export async function findLine(
  db: Queryable,
  marketplaceId: number,
  kind: AssessedKind,
  owner: string,
  id: string,
): Promise<VerdictLine> {
  const place = {
    review: `(SELECT review_no FROM authenticity_review x WHERE x.marketplace_id = $1 AND x.id = $3 AND x.merchant_no = s.subject_no)`,
    order: `(SELECT order_no FROM authenticity_order x WHERE x.marketplace_id = $1 AND x.id = $3 AND x.merchant_no = s.subject_no)`,
    follow: `(SELECT x.follow_no FROM authenticity_person q JOIN authenticity_follow x ON x.marketplace_id = $1
      AND x.person_no = q.person_no AND x.target_no = s.subject_no WHERE q.marketplace_id = $1 AND q.id = $3)`,
  }[kind];
  const [line] = await db.query<VerdictLine>(
    `SELECT ${lineColumns} FROM ${lineTables} WHERE v.marketplace_id = $1 AND v.kind = $4 AND s.id = $2 AND s.kind IN ('m', 'r')
       AND v.no = ${place} LIMIT 1`,
    [marketplaceId, owner, id, kind],
  );
  if (line === undefined) throw new ProblemError("not-found", `There is no judged ${kind} ${id} at ${owner}`);
  return line;
}

interface WordsRow {
  readonly merchant_no: number;
  readonly review: string;
  readonly seq: number;
  readonly source: string;
  readonly id: string;
  readonly person_no: number | null;
  readonly sealed: Uint8Array | null;
}

type Words = NonNullable<Dossier["words"]>;

/** Words of reviews, opened with their authors' keys; none for who was erased. */
async function loadWords(
  { db, master }: DossierParts,
  marketplaceId: number,
  reviewNos: readonly number[],
): Promise<Map<number, Words>> {
  if (reviewNos.length === 0) return new Map();
  const rows = await db.query<WordsRow & { no: number }>(
    `SELECT r.review_no AS no, e.seq, e.source, e.id, e.person_no, e.sealed
     FROM unnest($2::integer[]) AS t (no)
     JOIN authenticity_review r ON r.marketplace_id = $1 AND r.review_no = t.no
     JOIN facts_subject s ON s.marketplace_id = $1 AND s.subject_no = r.merchant_no
     JOIN facts_entity f ON f.marketplace_id = $1 AND f.kind = 'review' AND f.id = s.id || chr(31) || r.id
     CROSS JOIN LATERAL (SELECT e.seq, e.source, e.id, e.person_no, e.sealed FROM ledger_event e
       WHERE e.marketplace_id = $1 AND e.seq = ANY (f.seqs) AND e.type IN ('review.posted', 'review.edited') AND e.sealed IS NOT NULL
       ORDER BY e.time_ms DESC, e.seq DESC LIMIT 1) AS e`,
    [marketplaceId, integerArray(reviewNos)],
  );
  const people = await loadPeopleByNo(
    db,
    master,
    marketplaceId,
    rows.flatMap(({ person_no }) => (person_no === null ? [] : [person_no])),
  );
  const words = new Map<number, Words>();
  for (const row of rows) {
    const person = row.person_no === null ? undefined : people.get(row.person_no);
    if (person === undefined || row.sealed === null) continue;
    const plain = open(person.sealing, row.sealed, sealContext(row, marketplaceId)).toString("utf8");
    const { title, text: body } = JSON.parse(plain) as { title?: string; text?: string };
    words.set(row.no, { title: title ?? null, text: body ?? null });
  }
  return words;
}

interface LikeRow {
  readonly review_no: number;
  readonly signature: Uint8Array;
  readonly merchant: string;
  readonly review: string;
  readonly person: string;
  readonly posted_s: number;
  readonly stars: number;
  readonly reliability: number | null;
}

const similarityMin = 0.5;
const candidatesMax = 300;

const signatureOf = (bytes: Uint8Array): Uint32Array => new Uint32Array(Uint8Array.from(bytes).buffer);

/** Reviews of others that read like it, the most alike first. */
async function loadNearDuplicates(
  parts: DossierParts,
  marketplaceId: number,
  line: VerdictLine,
): Promise<NearDuplicate[]> {
  const { db } = parts;
  const [own] = await db.query<{ signature: Uint8Array | null }>(
    "SELECT signature FROM authenticity_review WHERE marketplace_id = $1 AND review_no = $2",
    [marketplaceId, line.no],
  );
  if (own?.signature === null || own?.signature === undefined) return [];
  const signature = signatureOf(own.signature);
  const rows = await db.query<LikeRow>(
    `SELECT DISTINCT ON (r.review_no) r.review_no, r.signature, s.id AS merchant, r.id AS review, p.id AS person, r.posted_s, r.stars, v.reliability
     FROM unnest($2::bigint[]) AS b (band)
     CROSS JOIN LATERAL (SELECT l.review_no FROM authenticity_band l WHERE l.marketplace_id = $1 AND l.band = b.band
       ORDER BY l.review_no DESC LIMIT ${candidatesMax}) AS l
     JOIN authenticity_review r ON r.marketplace_id = $1 AND r.review_no = l.review_no
     JOIN facts_subject s ON s.marketplace_id = $1 AND s.subject_no = r.merchant_no
     JOIN authenticity_person p ON p.marketplace_id = $1 AND p.person_no = r.person_no
     LEFT JOIN authenticity_verdict v ON v.marketplace_id = $1 AND v.kind = 'review' AND v.no = r.review_no
     WHERE r.person_no <> $3 AND r.posted_s IS NOT NULL AND r.signature IS NOT NULL`,
    [marketplaceId, integerArray(bandsOf(signature)), line.person_no],
  );
  const pair = new Uint32Array(2 * signaturePlaces);
  pair.set(signature);
  const alike = rows
    .map((row) => {
      pair.set(signatureOf(row.signature), signaturePlaces);
      return { row, similarity: signatureSimilarity(pair, signaturePlaces, 0, 1) };
    })
    .filter(({ similarity }) => similarity >= similarityMin)
    .sort((a, b) => b.similarity - a.similarity || a.row.review_no - b.row.review_no)
    .slice(0, limits.neighboursShown);
  const words = await loadWords(
    parts,
    marketplaceId,
    alike.map(({ row }) => row.review_no),
  );
  return alike.map(({ row, similarity }) => ({
    merchant: row.merchant,
    review: row.review,
    user: row.person,
    at: text(row.posted_s),
    stars: row.stars,
    similarity: Math.round(1_000 * similarity),
    reliability: row.reliability ?? 1_000,
    words: words.get(row.review_no) ?? { title: null, text: null },
  }));
}

/** Accounts that share a device, a payer or an address with one, those with most in common first. */
export async function loadNeighbours(
  db: Queryable,
  marketplaceId: number,
  personNo: number,
  ownerNo: number | null,
): Promise<Neighbour[]> {
  const tie = (column: string): string => `SELECT o.person_no, '${column}' AS tie FROM mine m CROSS JOIN LATERAL
    (SELECT o.person_no FROM authenticity_order o WHERE o.marketplace_id = $1 AND o.${column} = m.${column}
     ORDER BY o.order_no DESC LIMIT 200) AS o WHERE o.person_no <> $2`;
  const rows = await db.query<{ user: string; ties: string[]; reliability: number | null; items: number }>(
    `WITH mine AS (SELECT device, payer, address FROM authenticity_order WHERE marketplace_id = $1 AND person_no = $2
       ORDER BY order_no DESC LIMIT 100),
     tied AS (${tie("device")} UNION ${tie("payer")} UNION ${tie("address")}),
     near AS (SELECT person_no, array_agg(DISTINCT tie ORDER BY tie) AS ties FROM tied GROUP BY person_no
       ORDER BY count(*) DESC, person_no LIMIT ${limits.neighboursShown})
     SELECT p.id AS "user", n.ties,
       (SELECT avg(v.reliability)::integer FROM authenticity_verdict v WHERE v.marketplace_id = $1 AND v.person_no = n.person_no
         AND v.kind IN ('review', 'order')) AS reliability,
       (SELECT count(*)::integer FROM authenticity_verdict v WHERE v.marketplace_id = $1 AND v.person_no = n.person_no
         AND ($3::integer IS NULL OR v.owner_no = $3)) AS items
     FROM near n JOIN authenticity_person p ON p.marketplace_id = $1 AND p.person_no = n.person_no`,
    [marketplaceId, personNo, ownerNo],
  );
  return rows.map((row) => ({ ...row, ties: row.ties as Neighbour["ties"] }));
}

async function loadOrder(db: Queryable, marketplaceId: number, line: VerdictLine): Promise<Dossier["order"]> {
  if (line.kind === "follow") return null;
  const [row] = await db.query<{
    id: string;
    placed_s: number | null;
    shipped_s: number | null;
    delivered_s: number | null;
    confirmed_s: number | null;
    reliability: number | null;
  }>(
    `SELECT o.id, o.placed_s, o.shipped_s, o.delivered_s, o.confirmed_s, v.reliability FROM authenticity_order o
     LEFT JOIN authenticity_verdict v ON v.marketplace_id = $1 AND v.kind = 'order' AND v.no = o.order_no
     WHERE o.marketplace_id = $1 AND o.merchant_no = $2 AND ($3 = 'order' AND o.order_no = $4 OR $3 = 'review' AND o.id =
       (SELECT order_id FROM authenticity_review r WHERE r.marketplace_id = $1 AND r.review_no = $4))`,
    [marketplaceId, line.owner_no, line.kind, line.no],
  );
  if (row === undefined) return null;
  return {
    order: row.id,
    placedAt: textOrNull(row.placed_s),
    shippedAt: textOrNull(row.shipped_s),
    deliveredAt: textOrNull(row.delivered_s),
    confirmedAt: textOrNull(row.confirmed_s),
    reliability: row.reliability,
  };
}

async function loadVersions(
  db: Queryable,
  marketplaceId: number,
  { kind, no }: VerdictLine,
): Promise<Dossier["versions"]> {
  const rows = await db.query<{
    reliability: number;
    weight: number;
    judged_by: Assessment["by"];
    model: string;
    judged_ms: number;
  }>(
    `SELECT reliability, weight, judged_by, model, judged_ms FROM authenticity_version
     WHERE marketplace_id = $1 AND kind = $2 AND no = $3 ORDER BY version DESC LIMIT 50`,
    [marketplaceId, kind, no],
  );
  return rows.map(({ judged_by: by, judged_ms, ...row }) => ({ ...row, by, at: new Date(judged_ms).toISOString() }));
}

interface AppealRow {
  readonly source: string;
  readonly id: string;
  readonly time_ms: number;
  readonly person_no: number | null;
  readonly sealed: Uint8Array | null;
}

/** The newest appeal of a review's author, opened; null without one. */
async function loadAppeal(
  { db, master }: DossierParts,
  marketplaceId: number,
  line: VerdictLine,
): Promise<Dossier["appeal"]> {
  if (line.kind !== "review") return null;
  const [row] = await db.query<AppealRow>(
    `SELECT e.source, e.id, e.time_ms, e.person_no, e.sealed FROM authenticity_review r JOIN ledger_event e
       ON e.marketplace_id = $1 AND e.type = 'review.appealed' AND $3 = ANY (e.subjects)
       AND e.body::jsonb -> 'data' ->> 'review' = r.id
     WHERE r.marketplace_id = $1 AND r.review_no = $2 AND r.appealed_s IS NOT NULL ORDER BY e.seq DESC LIMIT 1`,
    [marketplaceId, line.no, line.owner_no],
  );
  if (row === undefined) return null;
  const people = row.person_no === null ? new Map() : await loadPeopleByNo(db, master, marketplaceId, [row.person_no]);
  const person = row.person_no === null ? undefined : people.get(row.person_no);
  const plain =
    person === undefined || row.sealed === null
      ? {}
      : (JSON.parse(open(person.sealing, row.sealed, sealContext(row, marketplaceId)).toString("utf8")) as {
          text?: string;
        });
  return { at: new Date(row.time_ms).toISOString(), text: plain.text ?? null };
}

/** Links from reasons to what they point at. */
function withLinks(
  assessment: Assessment,
  line: VerdictLine,
  duplicates: readonly NearDuplicate[],
  neighbours: readonly Neighbour[],
): Assessment {
  const linksOf = (code: AuthenticityReason["code"]): AuthenticityReason["links"] => {
    switch (code) {
      case "duplicates":
        return duplicates.slice(0, 5).map(({ merchant, review }) => ({ kind: "review", merchant, id: review }));
      case "sharing":
      case "neighbours":
        return neighbours.slice(0, 5).map(({ user }) => ({ kind: "user", merchant: null, id: user }));
      case "ring":
        return line.ring_no === null ? [] : [{ kind: "ring", merchant: null, id: String(line.ring_no) }];
      default:
        return [];
    }
  };
  return { ...assessment, reasons: assessment.reasons.map((reason) => ({ ...reason, links: linksOf(reason.code) })) };
}

/** Everything about one thing that is judged. */
export async function readDossier(
  parts: DossierParts,
  { marketplaceId }: Marketplace,
  kind: AssessedKind,
  owner: string,
  id: string,
): Promise<Dossier> {
  const { db, judgesOf, read } = parts;
  const line = await findLine(db, marketplaceId, kind, owner, id);
  const isReview = kind === "review";
  const [assessment, versions, order, neighbours, appeal] = await Promise.all([
    assessmentOf(line, judgesOf),
    loadVersions(db, marketplaceId, line),
    loadOrder(db, marketplaceId, line),
    loadNeighbours(db, marketplaceId, line.person_no, line.owner_no),
    loadAppeal(parts, marketplaceId, line),
  ]);
  const words = isReview ? ((await loadWords(parts, marketplaceId, [line.no])).get(line.no) ?? null) : null;
  const nearDuplicates = isReview ? await loadNearDuplicates(parts, marketplaceId, line) : [];
  const written = [words?.title, words?.text].filter((part) => part !== null && part !== undefined).join("\n");
  return {
    item: presentItem(line),
    assessment: withLinks(assessment, line, nearDuplicates, neighbours),
    versions,
    words,
    reading: written === "" ? null : read(written),
    order,
    nearDuplicates,
    neighbours,
    appeal,
    statement: statementOf(kind, assessment.weight, assessment.reasons, assessment.by),
  };
}
