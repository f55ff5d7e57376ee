import type { ModelSummary } from "@probity/contract";
import type { Queryable } from "../platform/db.ts";
import type { ModelFile } from "./judge-file.ts";

export interface StoredModel extends Omit<ModelSummary, "trainedAt" | "promotedAt"> {
  readonly trainedMs: number;
  readonly promotedMs: number | null;
}

interface Row {
  readonly model_id: string;
  readonly state: ModelSummary["state"];
  readonly origin: ModelSummary["origin"];
  readonly labels: number;
  readonly trained_ms: number;
  readonly promoted_ms: number | null;
  readonly passed: boolean;
}

const columns = "model_id, state, origin, labels, trained_ms, promoted_ms, passed";
const toModel = (row: Row): StoredModel => ({
  model: row.model_id,
  state: row.state,
  origin: row.origin,
  labels: row.labels,
  trainedMs: row.trained_ms,
  promotedMs: row.promoted_ms,
  passed: row.passed,
});

export const presentModel = ({ trainedMs, promotedMs, ...model }: StoredModel): ModelSummary => ({
  ...model,
  trainedAt: new Date(trainedMs).toISOString(),
  promotedAt: promotedMs === null ? null : new Date(promotedMs).toISOString(),
});

export async function listModels(db: Queryable, marketplaceId: number): Promise<StoredModel[]> {
  const rows = await db.query<Row>(
    `SELECT ${columns} FROM authenticity_model WHERE marketplace_id = $1 ORDER BY trained_ms DESC, model_id`,
    [marketplaceId],
  );
  return rows.map(toModel);
}

/** Id of the model in force; undefined without one. */
export async function readInForce(db: Queryable, marketplaceId: number): Promise<string | undefined> {
  const [row] = await db.query<{ model_id: string }>(
    "SELECT model_id FROM authenticity_model WHERE marketplace_id = $1 AND state = 'in-force'",
    [marketplaceId],
  );
  return row?.model_id;
}

/** A model with its tables and, unread, its report. */
export async function loadModel(
  db: Queryable,
  marketplaceId: number,
  modelId: string | undefined,
): Promise<{ readonly model: StoredModel; readonly file: ModelFile; readonly report: string } | undefined> {
  const [row] = await db.query<Row & { body: string; report: string }>(
    `SELECT ${columns}, body, report FROM authenticity_model
     WHERE marketplace_id = $1 AND (model_id = $2 OR ($2::text IS NULL AND state = 'in-force'))`,
    [marketplaceId, modelId ?? null],
  );
  return row && { model: toModel(row), file: JSON.parse(row.body) as ModelFile, report: row.report };
}

export async function insertModel(
  db: Queryable,
  marketplaceId: number,
  model: StoredModel,
  file: ModelFile,
  report: string,
): Promise<void> {
  await db.query(
    `INSERT INTO authenticity_model (marketplace_id, model_id, state, origin, body, report, labels, trained_ms, promoted_ms, passed)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (marketplace_id, model_id) DO UPDATE SET report = excluded.report, labels = excluded.labels,
       trained_ms = excluded.trained_ms, passed = excluded.passed`,
    [
      marketplaceId,
      model.model,
      model.state,
      model.origin,
      JSON.stringify(file),
      report,
      model.labels,
      model.trainedMs,
      model.promotedMs,
      model.passed,
    ],
  );
}

/** Lets old models go that were never in force. */
export async function dropOldModels(db: Queryable, marketplaceId: number, keep: number): Promise<void> {
  await db.query(
    `DELETE FROM authenticity_model WHERE marketplace_id = $1 AND promoted_ms IS NULL AND model_id NOT IN
       (SELECT model_id FROM authenticity_model WHERE marketplace_id = $1 ORDER BY trained_ms DESC, model_id LIMIT $2)`,
    [marketplaceId, keep],
  );
}

/** Puts a model in force and the one before out of it. In a transaction. Returns the one before; false where there is no such model. */
export async function swapModel(
  db: Queryable,
  marketplaceId: number,
  modelId: string,
  nowMs: number,
): Promise<string | null | false> {
  const retired = await db.query<{ model_id: string }>(
    `UPDATE authenticity_model SET state = 'retired' WHERE marketplace_id = $1 AND state = 'in-force' RETURNING model_id`,
    [marketplaceId],
  );
  const promoted = await db.query(
    `UPDATE authenticity_model SET state = 'in-force', promoted_ms = $3 WHERE marketplace_id = $1 AND model_id = $2 RETURNING model_id`,
    [marketplaceId, modelId, nowMs],
  );
  if (promoted.length === 0) return false;
  return retired[0]?.model_id ?? null;
}
