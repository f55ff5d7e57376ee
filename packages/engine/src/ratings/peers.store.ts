import type { SubjectKind } from "@probity/contract";
import type { Queryable } from "../platform/db.ts";
import type { PeerQuartiles } from "./index.ts";
import { Remembered } from "./remembered.ts";

export async function savePeers(
  db: Queryable,
  marketplaceId: number,
  subject: SubjectKind,
  day: number,
  body: string,
): Promise<void> {
  await db.query(
    `INSERT INTO ratings_peers (marketplace_id, subject, day, body) VALUES ($1, $2, $3, $4)
     ON CONFLICT (marketplace_id, subject) DO UPDATE SET day = excluded.day, body = excluded.body`,
    [marketplaceId, subject, day, body],
  );
}

/** Quartiles of a kind's last run over everybody; they come with it, so that each process reads them once a run. */
export async function loadPeers(
  db: Queryable,
  marketplaceId: number,
  subject: SubjectKind,
  lastRun?: string,
): Promise<PeerQuartiles | null> {
  return ofLastRun(db, marketplaceId, `peers ${subject}`, lastRun, async () => {
    const [row] = await db.query<{ body: string }>(
      "SELECT body FROM ratings_peers WHERE marketplace_id = $1 AND subject = $2",
      [marketplaceId, subject],
    );
    return row === undefined ? null : (JSON.parse(row.body) as PeerQuartiles);
  });
}

interface OfRun {
  readonly run: string;
  readonly value: Promise<unknown>;
}

const runsOf = new WeakMap<Queryable, Remembered<OfRun>>();

/** Names the job's last run: where its cursor stands. */
async function loadLastRun(db: Queryable, marketplaceId: number): Promise<string> {
  const [row] = await db.query<{ next_seq: number; day: number }>(
    "SELECT next_seq, day FROM ratings_cursor WHERE marketplace_id = $1",
    [marketplaceId],
  );
  return `${row?.next_seq} ${row?.day}`;
}

/**
 * What only the job's runs change. A run moves the cursor after everything else it writes, so what was read before
 * that is read again.
 */
async function ofLastRun<Value>(
  db: Queryable,
  marketplaceId: number,
  what: string,
  lastRun: string | undefined,
  read: () => Promise<Value>,
): Promise<Value> {
  const run = lastRun ?? (await loadLastRun(db, marketplaceId));
  const key = `${marketplaceId} ${what}`;
  const known = runsOf.get(db) ?? new Remembered<OfRun>();
  runsOf.set(db, known);
  const old = known.get(key);
  if (old?.run === run) return old.value as Promise<Value>;
  const value = read();
  known.set(key, { run, value });
  // A failure is told to those who wait for it, not to those who come later.
  value.catch(() => known.forget(key));
  return value;
}

/** Scores of the rated subjects of a kind, ascending: of each category, and of all under null. */
async function loadScores(
  db: Queryable,
  marketplaceId: number,
  kind: SubjectKind,
): Promise<ReadonlyMap<string | null, Int16Array>> {
  const rows = await db.query<{ category: string | null; scores: string }>(
    `SELECT s.category, string_agg(c.score::text, ',') AS scores
     FROM ratings_current c JOIN facts_subject s ON s.marketplace_id = c.marketplace_id AND s.subject_no = c.subject_no
     WHERE c.marketplace_id = $1 AND c.kind = $2 AND c.status = 'rated' GROUP BY s.category`,
    [marketplaceId, kind],
  );
  const parts = rows.map(({ category, scores }) => ({ category, scores: scores.split(",").map(Number) }));
  const all = parts.flatMap(({ scores }) => scores);
  return new Map([
    ...parts.map(({ category, scores }): [string | null, Int16Array] => [category, Int16Array.from(scores).sort()]),
    [null, Int16Array.from(all).sort()],
  ]);
}

/** Place of a score among the rated of its category (or of all), and their median, as of the job's last run. */
export async function rankOf(
  db: Queryable,
  marketplaceId: number,
  kind: SubjectKind,
  category: string | null,
  score: number,
  lastRun?: string,
): Promise<{ rank: number; of: number; median: number }> {
  const scores = await ofLastRun(db, marketplaceId, `scores ${kind}`, lastRun, () =>
    loadScores(db, marketplaceId, kind),
  );
  const mine = scores.get(category) ?? new Int16Array();
  const firstAbove = mine.findIndex((other) => other > score);
  const above = firstAbove < 0 ? 0 : mine.length - firstAbove;
  return { rank: above + 1, of: mine.length, median: mine[Math.ceil(mine.length / 2) - 1] ?? 0 };
}
