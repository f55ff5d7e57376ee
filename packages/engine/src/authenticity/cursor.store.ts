import type { Queryable } from "../platform/db.ts";
import type { Counters } from "./patches.store.ts";

/** How far evidence follows the ledger, and what the last whole run saw. */
export interface Cursor extends Counters {
  readonly nextSeq: number;
  readonly rings: number;
  readonly assessedRows: number;
  readonly assessedDay: number;
  readonly assessedModel: string;
  readonly trainingAskedMs: number | null;
  readonly trainingFailure: string | null;
}

interface Row {
  readonly next_seq: number;
  readonly people: number;
  readonly orders: number;
  readonly reviews: number;
  readonly follows: number;
  readonly rings: number;
  readonly assessed_rows: number;
  readonly assessed_day: number;
  readonly assessed_model: string;
  readonly training_asked_ms: number | null;
  readonly training_failure: string | null;
}

const toCursor = (row: Row): Cursor => ({
  nextSeq: row.next_seq,
  people: row.people,
  orders: row.orders,
  reviews: row.reviews,
  follows: row.follows,
  rings: row.rings,
  assessedRows: row.assessed_rows,
  assessedDay: row.assessed_day,
  assessedModel: row.assessed_model,
  trainingAskedMs: row.training_asked_ms,
  trainingFailure: row.training_failure,
});

const columns =
  "next_seq, people, orders, reviews, follows, rings, assessed_rows, assessed_day, assessed_model, training_asked_ms, training_failure";

export async function readCursor(db: Queryable, marketplaceId: number): Promise<Cursor | undefined> {
  const [row] = await db.query<Row>(`SELECT ${columns} FROM authenticity_cursor WHERE marketplace_id = $1`, [
    marketplaceId,
  ]);
  return row && toCursor(row);
}

/** Claims the cursor until a time; undefined while another process holds it. */
export async function claimCursor(
  db: Queryable,
  marketplaceId: number,
  lease: string,
  nowMs: number,
  untilMs: number,
): Promise<Cursor | undefined> {
  const [row] = await db.query<Row>(
    `INSERT INTO authenticity_cursor AS c (marketplace_id, next_seq, people, orders, reviews, follows, rings, assessed_rows,
       assessed_day, assessed_model, leased_until_ms, lease) VALUES ($1, 0, 0, 0, 0, 0, 0, 0, -1, '', $4, $2)
     ON CONFLICT (marketplace_id) DO UPDATE SET leased_until_ms = excluded.leased_until_ms, lease = excluded.lease
     WHERE c.leased_until_ms < $3 OR c.lease = excluded.lease RETURNING ${columns}`,
    [marketplaceId, lease, nowMs, untilMs],
  );
  return row && toCursor(row);
}

/** The claim was lost: another process goes on from where the cursor stands. */
export class LeaseLost extends Error {}

/** Moves the cursor; throws LeaseLost where the claim is not held any more, so that the transaction is rolled back. */
export async function moveCursor(
  db: Queryable,
  marketplaceId: number,
  lease: string,
  nextSeq: number,
  { people, orders, reviews, follows }: Counters,
): Promise<void> {
  const rows = await db.query(
    `UPDATE authenticity_cursor SET next_seq = $3, people = $4, orders = $5, reviews = $6, follows = $7
     WHERE marketplace_id = $1 AND lease = $2 RETURNING marketplace_id`,
    [marketplaceId, lease, nextSeq, people, orders, reviews, follows],
  );
  if (rows.length !== 1) throw new LeaseLost(`marketplace ${marketplaceId}: another process follows the ledger`);
}

/** Notes a whole run. */
export async function noteAssessed(
  db: Queryable,
  marketplaceId: number,
  run: { readonly rows: number; readonly day: number; readonly model: string; readonly rings: number },
): Promise<void> {
  await db.query(
    `UPDATE authenticity_cursor SET assessed_rows = $2, assessed_day = $3, assessed_model = $4, rings = $5 WHERE marketplace_id = $1`,
    [marketplaceId, run.rows, run.day, run.model, run.rings],
  );
}

/** Asks for a training, or notes that it ended (null) and why it made no model. */
export async function noteTraining(
  db: Queryable,
  marketplaceId: number,
  askedMs: number | null,
  failure: string | null,
): Promise<void> {
  await db.query(
    "UPDATE authenticity_cursor SET training_asked_ms = $2, training_failure = $3 WHERE marketplace_id = $1",
    [marketplaceId, askedMs, failure],
  );
}

export async function releaseCursor(db: Queryable, marketplaceId: number, lease: string): Promise<void> {
  await db.query("UPDATE authenticity_cursor SET leased_until_ms = 0 WHERE marketplace_id = $1 AND lease = $2", [
    marketplaceId,
    lease,
  ]);
}
