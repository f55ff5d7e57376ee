import { type AssessedKind, assessedKinds, dayOf, dayText, type ModelReport } from "@probity/contract";
import type { Queryable } from "../platform/db.ts";
import { type ModelFile, readModelFile } from "./judge-file.ts";
import { driftOf, type Labelled, measureJudge } from "./measure-judge.ts";
import { curvesOf } from "./model-curves.ts";
import { presentModel, type StoredModel } from "./models.store.ts";
import { figuresOfBytes } from "./verdicts.store.ts";

/** Labels that are read for learning and for reports: the newest. */
const labelsMax = 20_000;

interface LabelRow {
  readonly kind: AssessedKind;
  readonly verdict: "genuine" | "not-genuine";
  readonly owner_no: number;
  readonly at_ms: number;
  readonly stars: number | null;
  readonly figures: Uint8Array;
}

/**
 * Labels of moderators by kind, oldest first: of each thing the latest decision that was not taken back, with the figures
 * that it was judged by. Bulk decisions count as every other; second looks and 'unsure' teach nothing.
 */
export async function loadLabels(
  db: Queryable,
  marketplaceId: number,
  widths: Readonly<Record<AssessedKind, number>>,
): Promise<Record<AssessedKind, Labelled>> {
  const rows = await db.query<LabelRow>(
    `SELECT kind, verdict, owner_no, at_ms, figures, stars FROM (
       SELECT DISTINCT ON (l.kind, l.no) l.kind, l.verdict, v.owner_no, l.at_ms, v.figures, (SELECT r.stars FROM authenticity_review r
         WHERE v.kind = 'review' AND r.marketplace_id = v.marketplace_id AND r.review_no = v.no) AS stars
       FROM authenticity_label l
       JOIN authenticity_decision d ON d.marketplace_id = l.marketplace_id AND d.decision_id = l.decision_id AND d.undone_ms IS NULL
       JOIN authenticity_verdict v ON v.marketplace_id = l.marketplace_id AND v.kind = l.kind AND v.no = l.no
       WHERE l.marketplace_id = $1 AND NOT l.second_look AND l.verdict <> 'unsure' AND length(v.figures) > 0
       ORDER BY l.kind, l.no, l.at_ms DESC) AS latest
     ORDER BY at_ms DESC LIMIT ${labelsMax}`,
    [marketplaceId],
  );
  const of = (kind: AssessedKind): Labelled => {
    const own = rows.filter((row) => row.kind === kind && row.figures.length === 4 * widths[kind]).reverse();
    return {
      figures: own.map(({ figures }) => figuresOfBytes(figures)),
      labels: Uint8Array.from(own, ({ verdict }) => (verdict === "not-genuine" ? 1 : 0)),
      groups: Int32Array.from(own, ({ owner_no }) => owner_no),
      atMs: own.map(({ at_ms }) => at_ms),
      ...(kind === "review" ? { stars: own.map(({ stars }) => stars ?? 3) } : {}),
    };
  };
  return { review: of("review"), order: of("order"), follow: of("follow") };
}

/** How many labels there are to learn from. */
export async function countLabels(db: Queryable, marketplaceId: number): Promise<number> {
  const [row] = await db.query<{ labels: number }>(
    `SELECT count(DISTINCT (l.kind, l.no))::integer AS labels FROM authenticity_label l
     JOIN authenticity_decision d ON d.marketplace_id = l.marketplace_id AND d.decision_id = l.decision_id AND d.undone_ms IS NULL
     WHERE l.marketplace_id = $1 AND NOT l.second_look AND l.verdict <> 'unsure'`,
    [marketplaceId],
  );
  return row?.labels ?? 0;
}

const sampleRows = 2_000;
const newDays = 30;

/** Figures of the last thirty days and of the time before, a sample of each. */
async function loadSamples(
  db: Queryable,
  marketplaceId: number,
  kind: AssessedKind,
): Promise<{ readonly before: Float64Array[]; readonly now: Float64Array[] }> {
  const part = async (isNew: boolean): Promise<Float64Array[]> => {
    const rows = await db.query<{ figures: Uint8Array }>(
      `SELECT figures FROM authenticity_verdict v WHERE marketplace_id = $1 AND kind = $2 AND length(figures) > 0
         AND (at_s >= (SELECT max(at_s) FROM authenticity_verdict WHERE marketplace_id = $1 AND kind = $2) - ${newDays * 86_400}) = $3
       ORDER BY (no::bigint * 2654435761) % 4294967296 LIMIT ${sampleRows}`,
      [marketplaceId, kind, isNew],
    );
    return rows.map(({ figures }) => figuresOfBytes(figures));
  };
  return { before: await part(false), now: await part(true) };
}

/** What a training kept of its report; the shipped model has none. */
export type KeptReport = Pick<ModelReport, "parts" | "suite" | "data">;

/** A model's report: what its training found, how its columns have moved, its curves. */
export async function readModelReport(
  db: Queryable,
  marketplaceId: number,
  stored: { readonly model: StoredModel; readonly file: ModelFile; readonly report: string },
): Promise<ModelReport> {
  const judges = readModelFile(stored.file);
  const widths = {
    review: judges.review.specs.length,
    order: judges.order.specs.length,
    follow: judges.follow.specs.length,
  };
  const labels = await loadLabels(db, marketplaceId, widths);
  const kept: KeptReport =
    stored.report === ""
      ? {
          // Of the shipped model the marketplace's own labels are told: it has seen none of them.
          parts: assessedKinds.flatMap((kind) => measureJudge(kind, judges[kind], labels[kind])),
          suite: [],
          data: dataOf(labels),
        }
      : (JSON.parse(stored.report) as KeptReport);
  const drift: ModelReport["drift"] = [];
  for (const kind of assessedKinds) {
    const { before, now } = await loadSamples(db, marketplaceId, kind);
    const fits = (rows: readonly Float64Array[]): Float64Array[] =>
      rows.filter(({ length }) => length === widths[kind]);
    drift.push(...driftOf(kind, judges[kind], fits(before), fits(now)));
  }
  return { summary: presentModel(stored.model), ...kept, drift, curves: curvesOf(judges) };
}

/** What labels there are. */
export function dataOf(labels: Readonly<Record<AssessedKind, Labelled>>): ModelReport["data"] {
  const times = assessedKinds.flatMap((kind) => labels[kind].atMs);
  const day = (ms: number): string => dayText(dayOf(ms));
  return {
    labels: assessedKinds.map((kind) => {
      const notGenuine = labels[kind].labels.reduce((sum, label) => sum + label, 0);
      return { kind, genuine: labels[kind].labels.length - notGenuine, notGenuine };
    }),
    from: times.length === 0 ? null : day(Math.min(...times)),
    to: times.length === 0 ? null : day(Math.max(...times)),
  };
}
