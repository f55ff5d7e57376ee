import { randomUUID } from "node:crypto";
import { type AssessedKind, assessedKinds, dayOf, limits, ProblemError } from "@probity/contract";
import type { Ledger, OwnAct } from "../ledger/group-commit.store.ts";
import { readHead } from "../ledger/ledger.store.ts";
import type { Db, Queryable } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { inThread } from "../platform/thread.ts";
import type { MasterKey } from "../privacy/index.ts";
import {
  claimCursor,
  type Cursor,
  LeaseLost,
  moveCursor,
  noteAssessed,
  noteTraining,
  readCursor,
  releaseCursor,
} from "./cursor.store.ts";
import { loadMarketEvidence, loadNeighbourhood, type StoredEvidence } from "./evidence.store.ts";
import { type Judges } from "./assess-market.ts";
import { defaultModel, defaultModelId } from "./default-model.ts";
import { genuineFrom, judge, weightOf } from "./judge.ts";
import { type ModelFile, readModelFile } from "./judge-file.ts";
import { patchOf } from "./patch.ts";
import { type WordReader } from "./text-marks.ts";
import { type TrainedModel, type TrainingInput } from "./train-model.ts";
import { judgeAtFirst, type KindRun, type WholeRun } from "./whole-run.ts";
import { EvidenceReader } from "./ledger-events.store.ts";
import { dropOldModels, insertModel, loadModel, readInForce, swapModel } from "./models.store.ts";
import { writePatches } from "./patches.store.ts";
import { dataOf, type KeptReport } from "./report.store.ts";
import { saveRings } from "./rings.store.ts";
import { saveTold } from "./told.store.ts";
import { loadTrainingInput } from "./training.store.ts";
import {
  figuresOfBytes,
  loadStandingVerdicts,
  loadUntold,
  markAppealed,
  markTold,
  saveVerdicts,
  touchVerdicts,
  type UntoldVerdict,
  type VerdictRow,
} from "./verdicts.store.ts";

/** Where a thread finds what is pure. */
const pureDoor = new URL("./index.ts", import.meta.url);
const leaseMs = 300_000;
/** Places of the ledger that are looked at in one step. */
const stepEvents = 5_000;
/** Further behind the ledger, reviews wait for the whole run instead of being judged one by one. */
const liveBehindMax = 2_000;
const liveReviewsMax = 200;
/** A whole run follows when so much has come in since the last, or when the day has changed. */
const growthRowsMin = 200;
const growthShare = 0.05;
/** A verdict that moved by less, in thousandths, stays as it is: models and neighbours always move a little. */
const movedMin = 40;
/** How long the model in force is taken for granted between reviews. */
const recentMs = 1_000;
const tellEvents = 1_000;
const reasonsTold = 6;

export interface AuthenticityOptions {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly master: MasterKey;
  readonly reader: WordReader;
  readonly now: () => number;
  readonly onJudged?: (market: Marketplace, occasion: "live" | "batch", items: number, milliseconds: number) => void;
}

/** What a run did. */
export interface AuthenticityRun {
  /** Events of the ledger that were looked at. */
  readonly followed: number;
  readonly judged: number;
  readonly told: number;
  readonly whole: boolean;
}

interface InForce {
  readonly id: string;
  readonly file: ModelFile;
  readonly judges: Judges;
  readonly readMs: number;
}

/** A claim that is held: until when, and where the cursor stands. */
interface Held {
  readonly untilMs: number;
  cursor: Cursor;
}

const nothing: AuthenticityRun = { followed: 0, judged: 0, told: 0, whole: false };

/** Weight in ratings; orders and followers count or do not. */
function weighed(kind: AssessedKind, reliability: number): number {
  return kind === "review" ? weightOf(reliability) : reliability < genuineFrom ? 0 : 1_000;
}

const eventTypes: Readonly<Record<AssessedKind, string>> = {
  review: "reliability.assessed",
  order: "order.assessed",
  follow: "follow.assessed",
};

/**
 * Keeps verdicts up with the ledger: evidence by one cursor, reviews judged as they come in, everything again when enough
 * has come in. Idempotent; a claim in the database keeps two processes from doing the same work.
 */
export class AuthenticityJob implements AsyncDisposable {
  readonly #options: AuthenticityOptions;
  readonly #lease: string = randomUUID();
  readonly #events: EvidenceReader;
  readonly #turns = new Map<number, Promise<unknown>>();
  readonly #inForce = new Map<number, InForce>();
  /** Models in force that were found fit, by marketplace: a model is read through once, not every second. */
  readonly #prepared = new Map<number, string>();
  /** Marketplaces for which a whole run or a training is under way in this process. */
  readonly #isLong = new Set<number>();
  /** Reviews judged as they came in since a whole run read its evidence; none where the claim has been in other hands. */
  readonly #meanwhile = new Map<number, Set<number>>();
  /** Claims are kept between calls: claiming anew for every review would cost more than judging it. */
  readonly #held = new Map<number, Held>();

  constructor(options: AuthenticityOptions) {
    this.#options = options;
    this.#events = new EvidenceReader(options.db, options.master);
  }

  /**
   * Puts the shipped model in force where a marketplace has none that this version can read: none at all, an older
   * shipped one, or one that was trained on other columns. That one takes another's place stands in the ledger.
   */
  async prepare(market: Marketplace): Promise<void> {
    const { db, ledger, now } = this.#options;
    const { marketplaceId } = market;
    const standing = await readInForce(db, marketplaceId);
    if (standing !== undefined && this.#prepared.get(marketplaceId) === standing) return;
    const stored = standing === undefined ? undefined : await loadModel(db, marketplaceId, standing);
    const isOwn = stored?.model.origin === "trained" && isReadable(stored.file);
    if (standing !== defaultModelId && !isOwn) {
      const nowMs = now();
      const model = {
        model: defaultModelId,
        state: "candidate",
        origin: "shipped",
        labels: 0,
        trainedMs: nowMs,
        promotedMs: null,
        passed: true,
      } as const;
      await db.transaction(async (tx) => {
        await insertModel(tx, marketplaceId, model, defaultModel, "");
        await swapModel(tx, marketplaceId, defaultModelId, nowMs);
      });
      if (standing !== undefined)
        await ledger.act(market, "model.promoted", `model:${defaultModelId}:${nowMs}`, {
          model: defaultModelId,
          before: standing,
        });
    }
    this.#prepared.set(marketplaceId, isOwn && standing !== undefined ? standing : defaultModelId);
  }

  /** Puts a model in force; the act stands in the ledger. Everything is judged again by it. */
  async promote(market: Marketplace, modelId: string): Promise<string | null> {
    const { db, ledger, now } = this.#options;
    const { marketplaceId } = market;
    const stored = await loadModel(db, marketplaceId, modelId);
    if (stored === undefined) throw new ProblemError("not-found", `There is no model ${modelId}`);
    if (stored.model.state === "in-force") throw new ProblemError("model-state", "The model is in force already");
    if (!stored.model.passed)
      throw new ProblemError("model-state", "The model did not pass its checks; its report tells which");
    if (!isReadable(stored.file))
      throw new ProblemError("model-state", "The model was trained for another version of Probity; train a new one");
    const before = await db.transaction((tx) => swapModel(tx, marketplaceId, modelId, now()));
    await ledger.act(market, "model.promoted", `model:${modelId}:${now()}`, {
      model: modelId,
      before: before === false || before === null ? "none" : before,
    });
    return before === false ? null : before;
  }

  /** Tells the ledger what decisions changed, now if this process may; else whoever holds the claim does it. */
  tell(market: Marketplace): Promise<AuthenticityRun> {
    return this.#inTurn(market, () =>
      this.#claimed(market, async () => ({ followed: 0, judged: 0, told: await this.#tell(market), whole: false })),
    );
  }

  /** The model in force; as it was at most a second ago where that will do. */
  async #modelOf({ marketplaceId }: Marketplace, isRecentEnough = false): Promise<InForce> {
    const { db } = this.#options;
    const known = this.#inForce.get(marketplaceId);
    const nowMs = performance.now();
    if (isRecentEnough && known !== undefined && nowMs - known.readMs < recentMs) return known;
    const id = (await readInForce(db, marketplaceId)) ?? defaultModelId;
    const same = known?.id === id ? known : undefined;
    const file = same?.file ?? (await loadModel(db, marketplaceId, id))?.file ?? defaultModel;
    const inForce = { id, file, judges: same?.judges ?? readModelFile(file), readMs: nowMs };
    this.#inForce.set(marketplaceId, inForce);
    return inForce;
  }

  /** One after another within this process: a claim alone would let the same process in twice. */
  #inTurn<T>(market: Marketplace, work: () => Promise<T>): Promise<T> {
    const last = this.#turns.get(market.marketplaceId) ?? Promise.resolve();
    const next = last.then(work, work);
    this.#turns.set(
      market.marketplaceId,
      next.catch(() => undefined),
    );
    return next;
  }

  /**
   * Follows the ledger to its end, judges what has come in, judges everything again where that is due, tells the ledger, and
   * trains where that was asked for. What takes long takes no turn: reviews are judged and decisions told meanwhile.
   */
  async run(market: Marketplace, signal?: AbortSignal): Promise<AuthenticityRun> {
    const { marketplaceId } = market;
    const followed = await this.#inTurn(market, () => this.#claimed(market, (held) => this.#catchUp(market, held)));
    if (!this.#held.has(marketplaceId) || this.#isLong.has(marketplaceId)) return followed;
    this.#isLong.add(marketplaceId);
    try {
      const judged = await this.#whole(market, signal);
      const { told } = await this.tell(market);
      await this.#train(market, signal);
      return { ...followed, judged: followed.judged + (judged ?? 0), told, whole: judged !== undefined };
    } finally {
      this.#isLong.delete(marketplaceId);
      this.#meanwhile.delete(marketplaceId);
    }
  }

  /** Follows the ledger and judges reviews by what is known at first. */
  follow(market: Marketplace): Promise<AuthenticityRun> {
    return this.#inTurn(market, () =>
      this.#claimed(market, async (held) => {
        const run = await this.#catchUp(market, held);
        // What counts in full, as most does, needs no telling.
        return { ...run, told: run.isUntold ? await this.#tell(market) : 0 };
      }),
    );
  }

  async #claimed(market: Marketplace, work: (held: Held) => Promise<AuthenticityRun>): Promise<AuthenticityRun> {
    const { db, now } = this.#options;
    const { marketplaceId } = market;
    let held = this.#held.get(marketplaceId);
    if (held === undefined || held.untilMs - now() < leaseMs / 2) {
      const untilMs = now() + leaseMs;
      const cursor = await claimCursor(db, marketplaceId, this.#lease, now(), untilMs);
      this.#held.delete(marketplaceId);
      if (cursor?.nextSeq !== held?.cursor.nextSeq) this.#meanwhile.delete(marketplaceId);
      if (cursor === undefined) return nothing;
      held = { untilMs, cursor };
      this.#held.set(marketplaceId, held);
    }
    try {
      return await work(held);
    } catch (error) {
      this.#held.delete(marketplaceId);
      if (error instanceof LeaseLost) return nothing;
      throw error;
    }
  }

  /** Forgets the keys of persons that it has read: somebody was erased. */
  forget({ marketplaceId }: Marketplace): void {
    this.#events.forget();
    this.#meanwhile.delete(marketplaceId);
  }

  /** Lets go of what it claimed, so that another process need not wait. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#turns.values());
    for (const marketplaceId of this.#held.keys()) await releaseCursor(this.#options.db, marketplaceId, this.#lease);
    this.#held.clear();
  }

  /** Takes over what has come in up to now; what comes meanwhile is the next call's. */
  async #catchUp(market: Marketplace, held: Held): Promise<AuthenticityRun & { readonly isUntold: boolean }> {
    const { size } = await readHead(this.#options.db, market.marketplaceId);
    const from = held.cursor.nextSeq;
    const isLive = size - from <= liveBehindMax;
    let [judged, isUntold] = [0, false];
    while (held.cursor.nextSeq < size) {
      const rows = await this.#step(market, held, Math.min(size, held.cursor.nextSeq + stepEvents), isLive);
      const meanwhile = this.#meanwhile.get(market.marketplaceId);
      for (const { no } of rows) meanwhile?.add(no);
      judged += rows.length;
      isUntold ||= rows.some(({ weight }) => weight < 1_000);
    }
    return { followed: held.cursor.nextSeq - from, judged, told: 0, whole: false, isUntold };
  }

  /**
   * Takes over the evidence of some places of the ledger and, where it is live, judges their reviews, in one transaction with
   * the cursor. It need not be durable at once: what a crash takes away, cursor included, is taken over again.
   */
  async #step(market: Marketplace, held: Held, to: number, isLive: boolean): Promise<readonly VerdictRow[]> {
    const { db, master, reader, now, onJudged } = this.#options;
    const { marketplaceId } = market;
    const { cursor } = held;
    const events = await this.#events.read(market, cursor.nextSeq, to);
    const patches = events.flatMap((event) => patchOf(event) ?? []);
    const model = isLive ? await this.#modelOf(market, true) : undefined;
    const counters = { ...cursor };
    const began = performance.now();
    const rows = await db.transaction(async (tx) => {
      await tx.query("SET LOCAL synchronous_commit TO off");
      const { reviews, appealed, told } = await writePatches(
        { db: tx, marketplaceId, master, reader },
        patches,
        counters,
      );
      await saveTold(tx, marketplaceId, told, now());
      await markAppealed(tx, marketplaceId, appealed);
      const judged = model === undefined ? [] : await this.#judgeLive(tx, market, reviews, model);
      await moveCursor(tx, marketplaceId, this.#lease, to, counters);
      return judged;
    });
    held.cursor = { ...cursor, ...counters, nextSeq: to };
    if (rows.length > 0) onJudged?.(market, "live", rows.length, performance.now() - began);
    return rows;
  }

  /** Judges reviews by what is known as they come in. */
  async #judgeLive(
    tx: Queryable,
    { marketplaceId }: Marketplace,
    reviews: readonly number[],
    { id, judges }: InForce,
  ): Promise<VerdictRow[]> {
    const judged: VerdictRow[] = [];
    for (let from = 0; from < reviews.length; from += liveReviewsMax) {
      const asked = new Set(reviews.slice(from, from + liveReviewsMax));
      const near = await loadNeighbourhood(tx, marketplaceId, [...asked]);
      const { run } = judgeAtFirst(near.evidence, judges);
      judged.push(...rowsOfRun("review", near, run, "live", id, []).filter(({ no }) => asked.has(no)));
    }
    await saveVerdicts(tx, marketplaceId, judged, this.#options.now());
    return judged;
  }

  /** Judges everything again where that is due; undefined where it is not. */
  async #whole(market: Marketplace, signal: AbortSignal | undefined): Promise<number | undefined> {
    const { db, now, onJudged } = this.#options;
    const { marketplaceId } = market;
    const cursor = await readCursor(db, marketplaceId);
    if (cursor === undefined) return undefined;
    const { id, file } = await this.#modelOf(market);
    const rows = cursor.orders + cursor.reviews + cursor.follows;
    const head = await readHead(db, marketplaceId);
    const day = dayOf(market.clock === "wall" ? now() : head.newestMs);
    const grown = rows - cursor.assessedRows;
    const isDue =
      grown >= Math.max(growthRowsMin, growthShare * cursor.assessedRows) ||
      (grown > 0 && day !== cursor.assessedDay) ||
      (rows > 0 && id !== cursor.assessedModel);
    if (!isDue) return undefined;
    const began = performance.now();
    this.#meanwhile.set(marketplaceId, new Set());
    const stored = await loadMarketEvidence(db, marketplaceId, cursor);
    const input = { evidence: stored.evidence, model: file };
    const run = await inThread<typeof input, WholeRun>(pureDoor, "runWhole", input, signal);
    let kept: number | undefined;
    await this.#inTurn(market, () =>
      this.#claimed(market, async () => {
        const newer = this.#meanwhile.get(marketplaceId);
        if (newer === undefined) return nothing;
        const { moved, next } = await this.#keep(market, { cursor, stored, newer }, run, id);
        await noteAssessed(db, marketplaceId, { rows, day, model: id, rings: next });
        kept = moved;
        return nothing;
      }),
    );
    // Where the claim went to another process meanwhile, that one judges.
    if (kept !== undefined) onJudged?.(market, "batch", kept, performance.now() - began);
    return kept;
  }

  /**
   * Keeps what a whole run found: rings, verdicts that moved, and what hangs on the others. What was judged as it came in
   * while the run went on rests on newer evidence and stays.
   */
  async #keep(
    market: Marketplace,
    {
      cursor,
      stored,
      newer,
    }: { readonly cursor: Cursor; readonly stored: StoredEvidence; readonly newer: ReadonlySet<number> },
    run: WholeRun,
    model: string,
  ): Promise<{ readonly moved: number; readonly next: number }> {
    const { db, now } = this.#options;
    const { marketplaceId } = market;
    const owner = (kind: string): Int32Array => (kind === "followers" ? stored.targetNos : stored.merchantNos);
    const found = run.rings.map((ring) => ({
      ...ring,
      targets: [...ring.targets].map((target) => owner(ring.kind)[target] as number),
      members: [...ring.members].map((person) => stored.personNos[person] as number),
    }));
    const { nos, next } = await db.transaction((tx) => saveRings(tx, marketplaceId, found, cursor.rings, now()));
    let moved = 0;
    for (const kind of assessedKinds) {
      const count = { review: cursor.reviews, order: cursor.orders, follow: cursor.follows }[kind];
      const before = await loadStandingVerdicts(db, marketplaceId, kind, count);
      const judged = rowsOfRun(kind, stored, run.kinds[kind], "batch", model, nos);
      const rows = kind === "review" ? judged.filter(({ no }) => !newer.has(no)) : judged;
      const isMoved = ({ no, reliability }: VerdictRow): boolean => {
        const old = before.get(no);
        // What was judged as it came in is judged again once, whatever comes of it: both are kept.
        const isFirst = old === undefined || old.judged_by === "live";
        return isFirst || Math.abs(old.reliability - reliability) >= movedMin;
      };
      const changed = rows.filter(isMoved);
      await saveVerdicts(db, marketplaceId, changed, now());
      const touched = rows.filter((row) => {
        const old = before.get(row.no);
        return old !== undefined && !isMoved(row) && (old.ring_no !== row.ringNo || isAway(old.effect, row.effect));
      });
      await touchVerdicts(db, marketplaceId, kind, touched);
      moved += changed.length;
    }
    return { moved, next };
  }

  /** Trains a model where that was asked for; it waits to be promoted. What goes wrong is told where models are listed. */
  async #train(market: Marketplace, signal: AbortSignal | undefined): Promise<void> {
    const { db } = this.#options;
    const { marketplaceId } = market;
    const cursor = await readCursor(db, marketplaceId);
    if (cursor === undefined || cursor.trainingAskedMs === null) return;
    let failure: string | null = null;
    try {
      const { file } = await this.#modelOf(market);
      const input = await loadTrainingInput(db, marketplaceId, file);
      const trained = await inThread<typeof input, TrainedModel>(pureDoor, "trainModel", input, signal);
      await this.#keepModel(market, input, trained);
    } catch (error) {
      if (signal?.aborted) return;
      failure = (error as Error).message.split("\n")[0] ?? "the training failed";
    }
    await noteTraining(db, marketplaceId, null, failure === null ? null : failure.slice(0, limits.noteChars));
  }

  async #keepModel(market: Marketplace, input: TrainingInput, trained: TrainedModel): Promise<void> {
    const { db, now } = this.#options;
    const labels = assessedKinds.reduce((sum, kind) => sum + input.labelled[kind].labels.length, 0);
    const report: KeptReport = { parts: [...trained.parts], suite: [...trained.suite], data: dataOf(input.labelled) };
    const model = {
      model: trained.id,
      state: trained.passed ? "candidate" : "rejected",
      origin: "trained",
      labels,
      trainedMs: now(),
      promotedMs: null,
      passed: trained.passed,
    } as const;
    await insertModel(db, market.marketplaceId, model, trained.file, JSON.stringify(report));
    await dropOldModels(db, market.marketplaceId, limits.modelsKept);
  }

  /** Tells the ledger of every weight that it does not have. */
  async #tell(market: Marketplace): Promise<number> {
    const { db, ledger } = this.#options;
    let told = 0;
    for (;;) {
      const due = await loadUntold(db, market.marketplaceId, tellEvents);
      if (due.length === 0) return told;
      const { judges } = await this.#modelOf(market);
      await ledger.acts(
        market,
        due.map((verdict) => actOf(verdict, judges)),
      );
      await markTold(db, market.marketplaceId, due);
      told += due.length;
    }
  }
}

/** Whether this version can judge by a stored model. */
function isReadable(file: ModelFile): boolean {
  try {
    readModelFile(file);
    return true;
  } catch {
    return false;
  }
}

const isAway = (old: number, value: number): boolean => Math.abs(old - value) > 0.02 + 0.2 * Math.abs(old);

/** Verdicts of a run in numbers of the store. */
function rowsOfRun(
  kind: AssessedKind,
  stored: StoredEvidence,
  run: KindRun,
  by: "live" | "batch",
  model: string,
  ringNos: readonly number[],
): VerdictRow[] {
  const { orders, reviews, follows } = stored.evidence;
  const [nos, owner, person, times] = {
    review: [stored.reviewNos, reviews.merchant, reviews.reviewer, reviews.posted],
    order: [stored.orderNos, orders.merchant, orders.buyer, orders.placed],
    follow: [stored.followNos, follows.target, follows.user, follows.followed],
  }[kind] as [Int32Array, Int32Array, Int32Array, Float64Array];
  const owners = kind === "follow" ? stored.targetNos : stored.merchantNos;
  const width = run.figures.length / Math.max(1, nos.length);
  return Array.from(nos, (no, row): VerdictRow => {
    const reliability = run.reliability[row] as number;
    return {
      kind,
      no,
      ownerNo: owners[owner[row] as number] as number,
      personNo: stored.personNos[person[row] as number] ?? -1,
      atS: times[row] as number,
      reliability,
      weight: weighed(kind, reliability),
      by,
      model,
      top: run.tops[row] ?? null,
      effect: run.effect[row] as number,
      ringNo: ringNos[run.ring[row] as number] ?? null,
      figures: run.figures.slice(row * width, (row + 1) * width),
    };
  });
}

/** The event that tells a weight. Its entry publishes the model alone: what is judged stays behind digests. */
function actOf(verdict: UntoldVerdict, judges: Judges): OwnAct {
  const { kind, owner, owner_kind, id, weight, model, version, no, judged_ms } = verdict;
  const reasons =
    verdict.judged_by === "decided"
      ? ["decision"]
      : judge(judges[kind], figuresOfBytes(verdict.figures))
          .reasons.filter(({ points }) => points !== 0)
          .slice(0, reasonsTold)
          .map(({ code, points }) => `${code} ${points}`);
  const about = {
    review: { review: id, merchant: owner },
    order: { order: id, merchant: owner },
    follow: { user: id, kind: owner_kind === "r" ? "promoter" : "merchant", followed: owner },
  }[kind];
  return {
    type: eventTypes[kind],
    // With the time, so that evidence that is made again from the ledger does not repeat the ids of its first making.
    id: `${kind}:${no}:${version}:${judged_ms}`,
    data: { ...about, reliability: weight, model, reasons },
    published: { model },
  };
}
