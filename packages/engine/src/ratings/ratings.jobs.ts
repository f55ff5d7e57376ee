import { randomUUID } from "node:crypto";
import { dayOf, type Grade, grades, metricNamed, type SubjectKind, subjectKinds } from "@probity/contract";
import { readSubjectsColumns } from "../facts/columns.store.ts";
import type { Ledger } from "../ledger/group-commit.store.ts";
import { categoryDigest } from "../ledger/index.ts";
import { readHead, readTouched } from "../ledger/ledger.store.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import {
  type CompiledPolicy,
  compilePolicy,
  defaultPolicies,
  fitEpoch,
  peerQuartiles,
  policyId,
  rateAll,
  type Rating,
  rateSubject,
  type Ratings,
  wholeDimensions,
} from "./index.ts";
import { canonicalJson } from "./policy.ts";
import { loadLinkedGrades } from "./links.store.ts";
import { savePeers } from "./peers.store.ts";
import { linesRoot, priorsHash, ratingLines } from "./published.ts";
import { savePublished } from "./published.store.ts";
import {
  claimCursor,
  type CurrentRow,
  insertDraft,
  insertEpoch,
  kindLetters,
  loadEpoch,
  loadEpochs,
  loadPolicies,
  loadSubjectsByNo,
  moveCursor,
  movePolicy,
  publishPolicy,
  releaseCursor,
  saveRatings,
  type StoredEpoch,
  type StoredPolicy,
  type SubjectInfo,
} from "./ratings.store.ts";
import { type KindFacts, readWholeMarket, type WholeMarket } from "./whole-market.store.ts";

const leaseMs = 120_000;
/** Events looked at in one step of following the ledger. */
const stepEvents = 5_000;
/** Subjects whose counters are read at once: a large one has some 20,000 of them. */
const subjectsPerRead = 32;

/** Day as of which a marketplace is rated now. */
export function ratingDay(market: Marketplace, newestMs: number, nowMs: number): number {
  return dayOf(market.clock === "wall" ? nowMs : newestMs);
}

const compiledById = new Map<string, CompiledPolicy>();

/** The compiled form of a stored policy; compiled once a process. */
export function compiledOf(stored: StoredPolicy): CompiledPolicy {
  const known = compiledById.get(stored.policyId);
  if (known !== undefined) return known;
  const compiled = compilePolicy(stored.policy);
  if (compiledById.size > 64) compiledById.clear();
  compiledById.set(stored.policyId, compiled);
  return compiled;
}

const gradeOf = (place: number): Grade | null => (place < 0 ? null : (grades[place] ?? null));

function rowsOf(
  facts: KindFacts,
  ratings: Ratings,
  compiled: CompiledPolicy,
  epoch: number,
  logSize: number,
): CurrentRow[] {
  const width = compiled.dimensions.length;
  return facts.subjects.map((subject, index): CurrentRow => {
    const slice = (values: Int32Array): number[] => [...values.subarray(index * width, (index + 1) * width)];
    const score = ratings.score[index] as number;
    const { points, maxima } = wholeDimensions(
      compiled,
      slice(ratings.dimensionPoints),
      slice(ratings.dimensionMax),
      score,
    );
    return {
      subjectNo: subject.no,
      kind: facts.kind,
      category: subject.category,
      day: ratings.day,
      status: ratings.status[index] === 0 ? "rated" : "too-early",
      score,
      bound: ratings.bound[index] as number,
      grade: gradeOf(ratings.grade[index] as number),
      ownGrade: gradeOf(ratings.ownGrade[index] as number),
      policyId: compiled.id,
      epoch,
      logSize,
      orders: ratings.orders[index] as number,
      buyers: ratings.buyers[index] as number,
      points,
      maxima,
    };
  });
}

function rowOf(subject: SubjectInfo, rating: Rating, epoch: number, logSize: number): CurrentRow {
  return {
    subjectNo: subject.no,
    kind: subject.kind,
    category: subject.category,
    day: rating.day,
    status: rating.status,
    score: rating.score,
    bound: rating.bound,
    grade: rating.grade,
    ownGrade: rating.ownGrade,
    policyId: rating.policy,
    epoch,
    logSize,
    orders: rating.orders,
    buyers: rating.buyers,
    points: rating.dimensions.map(({ points }) => points),
    maxima: rating.dimensions.map(({ max }) => max),
  };
}

/**
 * An epoch is over early once the ledger grew by a tenth since it began: what is usual in a marketplace that is being
 * filled is not known from its first minute. Fewer events than this never end one; beginning epochs is itself three.
 */
const growthEventsMin = 20;

const hasOutgrown = (epoch: StoredEpoch, logSize: number): boolean =>
  logSize - epoch.logSize >= Math.max(growthEventsMin, epoch.logSize / 10);

/** Kinds whose epoch is over, or of another policy than the one in force. */
function staleEpochs(
  policies: ReadonlyMap<SubjectKind, StoredPolicy>,
  epochs: ReadonlyMap<SubjectKind, StoredEpoch>,
  day: number,
  logSize: number,
): SubjectKind[] {
  return [...policies].flatMap(([kind, stored]) => {
    const epoch = epochs.get(kind);
    const old =
      epoch === undefined ||
      epoch.policyId !== stored.policyId ||
      day >= epoch.day + stored.policy.epochDays ||
      hasOutgrown(epoch, logSize);
    return old ? [kind] : [];
  });
}

export interface RatingsOptions {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly onRated?: (market: Marketplace, kind: SubjectKind, subjects: number) => void;
}

/** What a run of the ratings job did. */
export interface RatingRun {
  readonly day: number;
  readonly rated: number;
  readonly whole: boolean;
  readonly epochs: readonly SubjectKind[];
}

/**
 * Keeps ratings up with the ledger. Idempotent, one cursor per marketplace; a claim in the database
 * keeps two processes from doing the same work.
 */
export class RatingsJob {
  readonly #options: RatingsOptions;
  readonly #lease: string = randomUUID();

  constructor(options: RatingsOptions) {
    this.#options = options;
  }

  /** Puts the default policies in force where a marketplace has none. */
  async prepare(market: Marketplace): Promise<void> {
    const { db, now } = this.#options;
    const stored = await loadPolicies(db, market.marketplaceId);
    for (const kind of subjectKinds) {
      if (stored.some(({ subject }) => subject === kind)) continue;
      const policy = defaultPolicies[kind];
      await insertDraft(db, market.marketplaceId, policyId(policy), kind, canonicalJson(policy), now());
      await this.publish(market, policyId(policy), "draft", 0, 0);
      await movePolicy(db, market.marketplaceId, policyId(policy), "published", "in-force");
    }
  }

  /** Publishes a policy from a day on; the act stands in the ledger. False if it was not in that state. */
  async publish(
    market: Marketplace,
    id: string,
    from: "draft" | "simulated",
    effectiveDay: number,
    noticeDays: number,
  ): Promise<boolean> {
    const { db, ledger, now } = this.#options;
    const stored = (await loadPolicies(db, market.marketplaceId)).find((item) => item.policyId === id);
    if (stored === undefined || stored.state !== from) return false;
    await ledger.act(market, "policy.published", `policy:${id}:${effectiveDay}`, {
      policy: id,
      kind: stored.subject,
      effectiveDay,
      noticeDays,
    });
    return publishPolicy(db, market.marketplaceId, id, from, effectiveDay, noticeDays, now());
  }

  /** Policies whose day has come take over; returns those in force by kind of subject. */
  async policiesInForce(market: Marketplace, day: number): Promise<Map<SubjectKind, StoredPolicy>> {
    const { db } = this.#options;
    const stored = await loadPolicies(db, market.marketplaceId);
    const inForce = new Map<SubjectKind, StoredPolicy>();
    for (const kind of subjectKinds) {
      const mine = stored.filter(({ subject }) => subject === kind);
      const old = mine.find(({ state }) => state === "in-force");
      const due = mine
        .filter(({ state, effectiveDay }) => state === "published" && effectiveDay !== null && effectiveDay <= day)
        .sort((a, b) => (a.effectiveDay ?? 0) - (b.effectiveDay ?? 0) || (a.publishedMs ?? 0) - (b.publishedMs ?? 0));
      const next = due.at(-1);
      for (const item of due.slice(0, -1))
        await movePolicy(db, market.marketplaceId, item.policyId, "published", "superseded");
      if (next !== undefined) {
        if (old !== undefined) await movePolicy(db, market.marketplaceId, old.policyId, "in-force", "superseded");
        await movePolicy(db, market.marketplaceId, next.policyId, "published", "in-force");
      }
      const current = next ?? old;
      if (current !== undefined) inForce.set(kind, current);
    }
    return inForce;
  }

  /** One step: a whole run when the day, the policy or the epoch changes, else what the newest events touched. */
  async run(market: Marketplace): Promise<RatingRun | undefined> {
    const { db, now } = this.#options;
    const cursor = await claimCursor(db, market.marketplaceId, this.#lease, now(), now() + leaseMs);
    if (cursor === undefined) return undefined;
    try {
      const head = await readHead(db, market.marketplaceId);
      const day = ratingDay(market, head.newestMs, now());
      const policies = await this.policiesInForce(market, day);
      const epochs = await loadEpochs(db, market.marketplaceId, day);
      const stale = staleEpochs(policies, epochs, day, head.size);
      if (day !== cursor.day || stale.length > 0) return await this.#rateWhole(market, policies, stale);
      return await this.#rateTouched(market, policies, epochs, cursor.nextSeq, day);
    } finally {
      await releaseCursor(db, market.marketplaceId, this.#lease);
    }
  }

  async #beginEpoch(
    market: Marketplace,
    stored: StoredPolicy,
    facts: KindFacts,
    whole: WholeMarket,
    day: number,
  ): Promise<StoredEpoch> {
    const { db, ledger } = this.#options;
    const last = await loadEpoch(db, market.marketplaceId, facts.kind, 100_000);
    const priors = fitEpoch(compiledOf(stored), facts.columns, facts.categories, day);
    const epoch = { epoch: (last?.epoch ?? 0) + 1, policyId: stored.policyId, logSize: whole.logSize, day, priors };
    await insertEpoch(db, market.marketplaceId, facts.kind, epoch);
    await ledger.act(market, "epoch.begun", `epoch:${facts.kind}:${epoch.epoch}`, {
      kind: facts.kind,
      epoch: epoch.epoch,
      policy: stored.policyId,
      logSize: whole.logSize,
      day,
      priors: priorsHash(priors, categoryDigest),
    });
    return epoch;
  }

  async #rateWhole(
    market: Marketplace,
    policies: ReadonlyMap<SubjectKind, StoredPolicy>,
    stale: readonly SubjectKind[],
  ): Promise<RatingRun> {
    const { db, now, onRated } = this.#options;
    const whole = await readWholeMarket(db, market);
    const day = ratingDay(market, whole.newestMs, now());
    let rated = 0;
    for (const [kind, stored] of policies) {
      const facts = whole.kinds.get(kind);
      if (facts === undefined || whole.logSize === 0) continue;
      const known = stale.includes(kind) ? undefined : await loadEpoch(db, market.marketplaceId, kind, day);
      const epoch = known ?? (await this.#beginEpoch(market, stored, facts, whole, day));
      const compiled = compiledOf(stored);
      const ratings = rateAll(compiled, epoch.priors, facts.columns, facts.categories, day, facts.links);
      const rows = rowsOf(facts, ratings, compiled, epoch.epoch, whole.logSize);
      await saveRatings(db, market.marketplaceId, rows, { computedLater: false });
      await this.#publishRatings(market, facts, rows, epoch, whole.logSize, day);
      await savePeers(
        db,
        market.marketplaceId,
        kind,
        day,
        JSON.stringify(peerQuartiles(compiled, ratings, facts.categories)),
      );
      rated += rows.length;
      onRated?.(market, kind, rows.length);
    }
    await moveCursor(db, market.marketplaceId, this.#lease, { nextSeq: whole.logSize, day });
    return { day, rated, whole: true, epochs: stale };
  }

  /** Publishes the root over all ratings of a kind: from then on none of them can be denied. */
  async #publishRatings(
    market: Marketplace,
    { kind, subjects }: KindFacts,
    rows: readonly CurrentRow[],
    { epoch, policyId: policy }: StoredEpoch,
    logSize: number,
    day: number,
  ): Promise<void> {
    const { db, ledger } = this.#options;
    const published = rows.map((row, index) => ({
      ...row,
      subject: `${kindLetters[kind]}:${(subjects[index] as SubjectInfo).publicId}`,
    }));
    const lines = ratingLines(published);
    const root = linesRoot(lines);
    await savePublished(db, market.marketplaceId, { kind, logSize, root, lines });
    const act = { kind, epoch, policy, logSize, day, subjects: lines.length, root };
    await ledger.act(market, "ratings.published", `ratings:${kind}:${logSize}:${day}`, act);
  }

  async #rateTouched(
    market: Marketplace,
    policies: ReadonlyMap<SubjectKind, StoredPolicy>,
    epochs: ReadonlyMap<SubjectKind, StoredEpoch>,
    from: number,
    day: number,
  ): Promise<RatingRun> {
    const { db, onRated } = this.#options;
    const { subjects, next } = await readTouched(db, market.marketplaceId, from, stepEvents);
    const infos = await loadSubjectsByNo(db, market.marketplaceId, subjects);
    const merchants = infos.flatMap(({ kind, id }) => (kind === "merchant" ? [id] : []));
    const links = await loadLinkedGrades(db, market.marketplaceId, merchants);
    const rows: CurrentRow[] = [];
    for (let at = 0; at < infos.length; at += subjectsPerRead) {
      const part = infos.slice(at, at + subjectsPerRead);
      const facts = await readSubjectsColumns(
        db,
        market.marketplaceId,
        part.map(({ no }) => no),
      );
      for (const info of part) {
        const [stored, epoch] = [policies.get(info.kind), epochs.get(info.kind)];
        if (stored === undefined || epoch === undefined) continue;
        const near = info.kind === "merchant" ? links.get(info.id) : undefined;
        const mine = facts.get(info.no) ?? [];
        const rating = rateSubject(compiledOf(stored), epoch.priors, mine, info.category, day, near);
        rows.push(rowOf(info, rating, epoch.epoch, next));
      }
    }
    await saveRatings(db, market.marketplaceId, rows, { computedLater: false });
    await moveCursor(db, market.marketplaceId, this.#lease, { nextSeq: next, day });
    for (const kind of subjectKinds) {
      const count = rows.filter((row) => row.kind === kind).length;
      if (count > 0) onRated?.(market, kind, count);
    }
    return { day, rated: rows.length, whole: false, epochs: [] };
  }

  /** Rates merchants on past days again, each by its epoch's policy, from today's facts: for imports, whose days passed before they were rated. */
  async backfill(market: Marketplace, days: readonly number[], whole?: WholeMarket): Promise<void> {
    const { db } = this.#options;
    const known = whole ?? (await readWholeMarket(db, market));
    const facts = known.kinds.get("merchant");
    const policies = new Map((await loadPolicies(db, market.marketplaceId)).map((stored) => [stored.policyId, stored]));
    for (const day of days) {
      const epoch = await loadEpoch(db, market.marketplaceId, "merchant", day);
      const stored = epoch && policies.get(epoch.policyId);
      if (facts === undefined || epoch === undefined || stored === undefined) continue;
      const compiled = compiledOf(stored);
      const ratings = rateAll(compiled, epoch.priors, facts.columns, facts.categories, day, facts.links);
      const rows = rowsOf(facts, ratings, compiled, epoch.epoch, known.logSize);
      await saveRatings(
        db,
        market.marketplaceId,
        rows.filter(({ orders }) => orders > 0),
        { computedLater: true },
        false,
      );
    }
  }
}

/** Number of the metric that holds sales. */
export const gmvMetric: number = metricNamed("gmv").no;
