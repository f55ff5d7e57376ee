import { type AssessedItem, limits, ProblemError, type RingSummary } from "@probity/contract";
import type { FastifyInstance } from "fastify";
import type { Ledger } from "../ledger/group-commit.store.ts";
import { namesOf, recordAct } from "../people/activity.store.ts";
import type { Db } from "../platform/db.ts";
import { addEndpoint, type CheckToken } from "../platform/http.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { RatingsReader } from "../ratings/reader.store.ts";
import type { AuthenticityJob } from "./authenticity.jobs.ts";
import { noteTraining, readCursor } from "./cursor.store.ts";
import {
  findMatching,
  findVerdicts,
  listDecisions,
  readAgreement,
  saveDecision,
  undoDecision,
} from "./decisions.store.ts";
import { readEffects } from "./effects.store.ts";
import { listModels, loadModel, presentModel } from "./models.store.ts";
import { countQueue, listQueue, listSecondLook, presentItem } from "./queue.store.ts";
import type { AuthenticityReader } from "./reader.store.ts";
import { countLabels } from "./report.store.ts";
import { presentRings, readRingCase, ringItemsOf } from "./ring-case.store.ts";
import { listRings, loadRing, setRingState, type StoredRing } from "./rings.store.ts";
import { readUserRecord } from "./summary.store.ts";
import { loadTrainingInput } from "./training.store.ts";

export interface AuthenticityRoutesOptions {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly job: AuthenticityJob;
  readonly reader: AuthenticityReader;
  readonly ratings: RatingsReader;
  readonly check: CheckToken;
  readonly now: () => number;
}

function addReads(app: FastifyInstance, { db, reader, check }: AuthenticityRoutesOptions): void {
  addEndpoint(app, check, "assessReview", ({ body, market }) => reader.assess(market, body));
  addEndpoint(app, check, "readReviewDossier", ({ params, market }) =>
    reader.dossier(market, "review", params.merchant, params.id),
  );
  addEndpoint(app, check, "readOrderDossier", ({ params, market }) =>
    reader.dossier(market, "order", params.merchant, params.id),
  );
  addEndpoint(app, check, "readFollowDossier", ({ params, market }) =>
    reader.dossier(market, "follow", params.merchant, params.id),
  );
  addEndpoint(app, check, "readUserRecord", ({ params, market }) =>
    readUserRecord(db, market.marketplaceId, params.user),
  );
  addEndpoint(app, check, "readAuthenticity", ({ params, market }) => reader.summary(market, params.kind, params.id));
  addEndpoint(app, check, "readSuppressionAudit", ({ market }) => reader.audit(market));
  addEndpoint(app, check, "readAgreement", ({ market }) =>
    readAgreement(db, market.marketplaceId, (who) => namesOf(db, market, who)),
  );
}

function addQueue(app: FastifyInstance, { db, check }: AuthenticityRoutesOptions): void {
  addEndpoint(app, check, "listQueue", async ({ query, market, caller }) => {
    const { order, cursor, limit, ...filter } = query;
    if (order === "second-look") {
      const lines = await listSecondLook(db, market.marketplaceId, caller.actor.who, limit);
      return { items: lines.map(presentItem), nextCursor: null, waiting: lines.length };
    }
    const { lines, nextCursor } = await listQueue(db, market.marketplaceId, filter, order, cursor, limit);
    const waiting = await countQueue(db, market.marketplaceId, filter, order);
    return { items: lines.map((line): AssessedItem => presentItem(line)), nextCursor, waiting };
  });
}

const weightsOf = { genuine: 1_000, "not-genuine": 0 } as const;

function addDecisions(app: FastifyInstance, options: AuthenticityRoutesOptions): void {
  const { db, ledger, job, check, now } = options;
  addEndpoint(app, check, "decideReviews", async ({ body, market, caller }) => {
    const refs = await findVerdicts(db, market.marketplaceId, body.items);
    const record = await db.transaction((tx) =>
      saveDecision(tx, market.marketplaceId, refs, {
        verdict: body.decision,
        who: caller.actor.who,
        note: body.note,
        secondLook: body.secondLook,
        nowMs: now(),
      }),
    );
    // Told and recorded in one commit where they can be.
    const told = job.tell(market);
    await recordAct(ledger, market, caller.actor, {
      act: "reviews-decided",
      object: record.decision,
      after: `${body.decision}, ${refs.length} items${body.secondLook ? ", second look" : ""}`,
    });
    await told;
    return record;
  });
  addEndpoint(app, check, "listDecisions", ({ query, market }) =>
    listDecisions(db, market.marketplaceId, query.cursor, query.limit),
  );
  addEndpoint(app, check, "undoDecision", async ({ params, market, caller }) => {
    const record = await db.transaction((tx) => undoDecision(tx, market.marketplaceId, params.decision, now()));
    const told = job.tell(market);
    await recordAct(ledger, market, caller.actor, {
      act: "decision-undone",
      object: record.decision,
      before: record.verdict,
    });
    await told;
    return record;
  });
}

function addBulk(app: FastifyInstance, options: AuthenticityRoutesOptions): void {
  const { db, ledger, job, ratings, check, now } = options;
  addEndpoint(app, check, "decideInBulk", async ({ body, market, caller }) => {
    const { filter, decision, note, expected } = body;
    const refs = await findMatching(db, market.marketplaceId, filter);
    if (refs.length > limits.bulkItems)
      throw new ProblemError(
        "request-invalid",
        `/body/filter matches more than ${limits.bulkItems}; narrow it, for example to a merchant`,
      );
    if (expected === undefined) {
      const after = decision === "unsure" ? undefined : weightsOf[decision];
      const effects =
        after === undefined ? [] : await readEffects(db, ratings, market, refs, { before: "as-is", after });
      return { items: refs.length, effects, record: null };
    }
    if (refs.length !== expected)
      throw new ProblemError(
        "selection-changed",
        `The filter matches ${refs.length} now, not ${expected}; look at the preview again`,
      );
    const nowMs = now();
    const record = await db.transaction((tx) =>
      saveDecision(tx, market.marketplaceId, refs, {
        verdict: decision,
        who: caller.actor.who,
        note,
        secondLook: false,
        nowMs,
      }),
    );
    const told = job.tell(market);
    await recordAct(ledger, market, caller.actor, {
      act: "reviews-decided",
      object: record.decision,
      after: `${decision}, ${refs.length} items in bulk`,
    });
    await told;
    return { items: refs.length, effects: [], record };
  });
}

const ringStates = { confirmed: "confirmed", dismissed: "dismissed", reopened: "open" } as const;

function addRings(app: FastifyInstance, options: AuthenticityRoutesOptions): void {
  const { db, ledger, job, ratings, check, now } = options;
  const find = async (market: Marketplace, id: string): Promise<StoredRing> => {
    const ring = /^\d{1,9}$/.test(id) ? await loadRing(db, market.marketplaceId, Number(id)) : undefined;
    if (ring === undefined) throw new ProblemError("not-found", `There is no ring ${id}`);
    return ring;
  };
  addEndpoint(app, check, "listRings", async ({ query, market }) => {
    const from = query.cursor === undefined ? 0 : Number(query.cursor);
    if (!Number.isSafeInteger(from) || from < 0)
      throw new ProblemError("request-invalid", "/query/cursor is not a cursor of this list");
    const merchantNo = query.merchant === undefined ? undefined : await subjectNo(db, market, query.merchant);
    const rings = await listRings(db, market.marketplaceId, { state: query.state, merchantNo }, from, query.limit + 1);
    const items = await presentRings(db, market.marketplaceId, rings.slice(0, query.limit));
    return { items, nextCursor: rings.length > query.limit ? String(from + query.limit) : null };
  });
  addEndpoint(app, check, "readRing", async ({ params, market }) =>
    readRingCase(db, ratings, market, await find(market, params.ring)),
  );
  addEndpoint(app, check, "decideRing", async ({ params, body, market, caller }) => {
    const ring = await find(market, params.ring);
    const { marketplaceId } = market;
    const state = ringStates[body.decision];
    if (ring.state === state) throw new ProblemError("decision-state", `The ring is ${ring.state} already`);
    const nowMs = now();
    await db.transaction(async (tx) => {
      if (ring.decision_id !== null) await undoDecision(tx, marketplaceId, ring.decision_id, nowMs).catch(whenUndone);
      if (state === "open") {
        await setRingState(tx, marketplaceId, ring.ring_no, state, null);
        return;
      }
      const refs = await ringItemsOf(tx, marketplaceId, ring.ring_no);
      const record = await saveDecision(tx, marketplaceId, refs, {
        verdict: state === "confirmed" ? "not-genuine" : "genuine",
        who: caller.actor.who,
        note: body.note,
        secondLook: false,
        nowMs,
      });
      await setRingState(tx, marketplaceId, ring.ring_no, state, record.decision);
    });
    await ledger.act(market, "ring.decided", `ring:${ring.ring_no}:${nowMs}`, {
      ring: String(ring.ring_no),
      decision: body.decision,
      members: ring.members,
    });
    const told = job.tell(market);
    await recordAct(ledger, market, caller.actor, {
      act: "ring-decided",
      object: String(ring.ring_no),
      before: ring.state,
      after: state,
    });
    await told;
    const [decided] = await presentRings(db, marketplaceId, [await find(market, params.ring)]);
    return decided as RingSummary;
  });
}

/** A ring's decision that somebody has taken back by itself needs no taking back. */
function whenUndone(error: unknown): void {
  if (!(error instanceof ProblemError) || error.code !== "decision-state") throw error;
}

async function subjectNo(db: Db, { marketplaceId }: Marketplace, merchant: string): Promise<number> {
  const [row] = await db.query<{ subject_no: number }>(
    "SELECT subject_no FROM facts_subject WHERE marketplace_id = $1 AND id = $2 AND kind IN ('m', 'r') ORDER BY kind LIMIT 1",
    [marketplaceId, merchant],
  );
  return row?.subject_no ?? -1;
}

function addModels(app: FastifyInstance, options: AuthenticityRoutesOptions): void {
  const { db, ledger, job, reader, check, now } = options;
  addEndpoint(app, check, "listModels", async ({ market }) => {
    const cursor = await readCursor(db, market.marketplaceId);
    return {
      items: (await listModels(db, market.marketplaceId)).map(presentModel),
      training: (cursor?.trainingAskedMs ?? null) !== null,
      labels: await countLabels(db, market.marketplaceId),
      failure: cursor?.trainingFailure ?? null,
    };
  });
  addEndpoint(app, check, "readModel", ({ params, market }) => reader.modelReport(market, params.model));
  addEndpoint(app, check, "trainModel", async ({ market, caller }) => {
    const stored = await loadModel(db, market.marketplaceId, undefined);
    if (stored === undefined)
      throw new ProblemError("labels-missing", "No model is in force yet; the worker has to run once");
    await loadTrainingInput(db, market.marketplaceId, stored.file);
    await noteTraining(db, market.marketplaceId, now(), null);
    await recordAct(ledger, market, caller.actor, { act: "model-trained", object: stored.model.model });
    return { training: true };
  });
  addEndpoint(app, check, "promoteModel", async ({ params, market, caller }) => {
    const before = await job.promote(market, params.model);
    await recordAct(ledger, market, caller.actor, {
      act: "model-promoted",
      object: params.model,
      ...(before === null ? {} : { before }),
    });
    const stored = await loadModel(db, market.marketplaceId, params.model);
    if (stored === undefined) throw new ProblemError("not-found", `There is no model ${params.model}`);
    return presentModel(stored.model);
  });
}

export function addAuthenticityRoutes(app: FastifyInstance, options: AuthenticityRoutesOptions): void {
  addReads(app, options);
  addQueue(app, options);
  addDecisions(app, options);
  addBulk(app, options);
  addRings(app, options);
  addModels(app, options);
}
