import { type AssessedKind, assessedKinds, ProblemError } from "@probity/contract";
import type { Queryable } from "../platform/db.ts";
import { type ModelFile, readModelFile } from "./judge-file.ts";
import { type Labelled } from "./measure-judge.ts";
import { canLearn, type TrainingInput } from "./train-model.ts";
import { loadLabels } from "./report.store.ts";
import { figuresOfBytes } from "./verdicts.store.ts";

const backgroundRows = 3_000;
/** What the model in force is sure of, in thousandths of reliability. */
const [sureGenuine, sureNot] = [930, 70];

async function loadBackground(
  db: Queryable,
  marketplaceId: number,
  kind: AssessedKind,
  width: number,
): Promise<Labelled> {
  const part = (where: string): Promise<{ owner_no: number; reliability: number; figures: Uint8Array }[]> =>
    db.query(
      `SELECT owner_no, reliability, figures FROM authenticity_verdict v WHERE marketplace_id = $1 AND kind = $2 AND decision IS NULL
         AND judged_by = 'batch' AND ${where} ORDER BY (no::bigint * 2654435761) % 4294967296 LIMIT ${backgroundRows / 2}`,
      [marketplaceId, kind],
    );
  const rows = [...(await part(`reliability >= ${sureGenuine}`)), ...(await part(`reliability <= ${sureNot}`))].filter(
    ({ figures }) => figures.length === 4 * width,
  );
  return {
    figures: rows.map(({ figures }) => figuresOfBytes(figures)),
    labels: Uint8Array.from(rows, ({ reliability }) => (reliability <= sureNot ? 1 : 0)),
    groups: Int32Array.from(rows, ({ owner_no }) => owner_no),
    atMs: rows.map(() => 0),
  };
}

/** Everything that a training learns from; throws `labels-missing` where that is too little. */
export async function loadTrainingInput(
  db: Queryable,
  marketplaceId: number,
  model: ModelFile,
): Promise<TrainingInput> {
  const judges = readModelFile(model);
  const width = (kind: AssessedKind): number => judges[kind].specs.length;
  const labelled = await loadLabels(db, marketplaceId, {
    review: width("review"),
    order: width("order"),
    follow: width("follow"),
  });
  if (!assessedKinds.some((kind) => canLearn(labelled[kind])))
    throw new ProblemError(
      "labels-missing",
      "A training needs 40 decided reviews (or orders, or followers), ten genuine and ten not; decide what is most uncertain first",
    );
  const background = async (kind: AssessedKind): Promise<Labelled> =>
    canLearn(labelled[kind])
      ? loadBackground(db, marketplaceId, kind, width(kind))
      : { figures: [], labels: new Uint8Array(), groups: new Int32Array(), atMs: [] };
  return {
    model,
    labelled,
    background: {
      review: await background("review"),
      order: await background("order"),
      follow: await background("follow"),
    },
  };
}
