import { createHash, randomUUID } from "node:crypto";
import { dayOf, type Grade, grades, metricNamed, type SubjectKind, subjectKinds } from "@probity/contract";
import { readSubjectFacts } from "../facts/columns.store.ts";
import type { Ledger } from "../ledger/group-commit.store.ts";
import { readHead, readTouched } from "../ledger/ledger.store.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import {
  type CompiledPolicy,
  compilePolicy,
  defaultPolicies,
  fitEpoch,
  type Link,
  peerQuartiles,
  policyId,
  rateAll,
  type Rating,
  rateSubject,
  type Ratings,
} from "./index.ts";
import { canonicalJson } from "./policy.ts";
import {
  claimCursor,
  type CurrentRow,
  insertDraft,
  insertEpoch,
  loadCurrent,
  loadEpoch,
  loadLinks,
  loadPolicies,
  loadSubjectsByNo,
  moveCursor,
  movePolicy,
  publishPolicy,
  releaseCursor,
  savePeers,
  saveRatings,
  type StoredEpoch,
  type StoredPolicy,
  type SubjectInfo,
  findSubject,
} from "./ratings.store.ts";
import { type KindFacts, readWholeMarket, type WholeMarket } from "./whole-market.store.ts";

const leaseMs = 120_000;
/** Events looked at in one step of following the ledger. */
const stepEvents = 5_000;

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

const hashOf = (value: unknown): string => createHash("sha256").update(canonicalJson(value)).digest("hex");

const gradeOf = (place: number): Grade | null => (place < 0 ? null : (grades[place] ?? null));

/** Whole points of each dimension that add up to the score: largest remainder, ties by place. */
export function wholePoints(micro: readonly number[], total: number): number[] {
  const whole = micro.map((value) => Math.floor(value / 1_000_000));
  let left = total - whole.reduce((sum, value) => sum + value, 0);
  const order = micro
    .map((value, place) => ({ place, rest: value % 1_000_000 }))
    .sort((a, b) => b.rest - a.rest || a.place - b.place);
  for (const { place } of order) {
    if (left <= 0) break;
    whole[place] = (whole[place] ?? 0) + 1;
    left -= 1;
  }
  return whole;
}

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
    return {
      subjectNo: subject.no,
      kind: facts.kind,
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
      points: wholePoints(slice(ratings.dimensionPoints), score),
      maxima: wholePoints(slice(ratings.dimensionMax), 1_000),
    };
  });
}

function rowOf(subject: SubjectInfo, rating: Rating, epoch: number, logSize: number): CurrentRow {
  return {
    subjectNo: subject.no,
    kind: subject.kind,
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
      const stale = await this.#staleEpochs(market, policies, day);
      if (day !== cursor.day || stale.length > 0) return await this.#rateWhole(market, policies, stale);
      return await this.#rateTouched(market, policies, cursor.nextSeq, day);
    } finally {
      await releaseCursor(db, market.marketplaceId, this.#lease);
    }
  }

  async #staleEpochs(
    market: Marketplace,
    policies: ReadonlyMap<SubjectKind, StoredPolicy>,
    day: number,
  ): Promise<SubjectKind[]> {
    const stale: SubjectKind[] = [];
    for (const [kind, stored] of policies) {
      const epoch = await loadEpoch(this.#options.db, market.marketplaceId, kind, day);
      const old =
        epoch === undefined || epoch.policyId !== stored.policyId || day >= epoch.day + stored.policy.epochDays;
      if (old) stale.push(kind);
    }
    return stale;
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
      epoch: epoch.epoch,
      policy: stored.policyId,
      logSize: whole.logSize,
      day,
      priors: hashOf(priors),
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

  async #rateTouched(
    market: Marketplace,
    policies: ReadonlyMap<SubjectKind, StoredPolicy>,
    from: number,
    day: number,
  ): Promise<RatingRun> {
    const { db, onRated } = this.#options;
    const { subjects, next } = await readTouched(db, market.marketplaceId, from, stepEvents);
    const infos = await loadSubjectsByNo(db, market.marketplaceId, subjects);
    const links = await loadLinks(db, market.marketplaceId);
    const epochs = new Map<SubjectKind, StoredEpoch>();
    for (const kind of policies.keys()) {
      const epoch = await loadEpoch(db, market.marketplaceId, kind, day);
      if (epoch !== undefined) epochs.set(kind, epoch);
    }
    const rows: CurrentRow[] = [];
    for (const info of infos) {
      const [stored, epoch] = [policies.get(info.kind), epochs.get(info.kind)];
      if (stored === undefined || epoch === undefined) continue;
      const facts = await readSubjectFacts(db, market.marketplaceId, info.no);
      const near = await linkedGrades(db, market, info, links);
      rows.push(
        rowOf(info, rateSubject(compiledOf(stored), epoch.priors, facts, info.category, day, near), epoch.epoch, next),
      );
    }
    await saveRatings(db, market.marketplaceId, rows, { computedLater: false });
    await moveCursor(db, market.marketplaceId, this.#lease, { nextSeq: next, day });
    for (const kind of subjectKinds) {
      const count = rows.filter((row) => row.kind === kind).length;
      if (count > 0) onRated?.(market, kind, count);
    }
    return { day, rated: rows.length, whole: false, epochs: [] };
  }

  /** Rates past days again from today's facts: for imports, whose days passed before they were rated. */
  async backfill(market: Marketplace, days: readonly number[], whole?: WholeMarket): Promise<void> {
    const { db } = this.#options;
    const known = whole ?? (await readWholeMarket(db, market));
    for (const day of days) {
      const policies = await this.policiesInForce(market, day);
      for (const [kind, stored] of policies) {
        const facts = known.kinds.get(kind);
        const epoch = await loadEpoch(db, market.marketplaceId, kind, day);
        if (facts === undefined || epoch === undefined || kind !== "merchant") continue;
        const ratings = rateAll(compiledOf(stored), epoch.priors, facts.columns, facts.categories, day, facts.links);
        const rows = rowsOf(facts, ratings, compiledOf(stored), epoch.epoch, known.logSize);
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
}

/** Own grades of the identities that are linked with a merchant. */
export async function linkedGrades(
  db: Db,
  market: Marketplace,
  subject: SubjectInfo,
  links: readonly [string, string][],
): Promise<Link[]> {
  if (subject.kind !== "merchant") return [];
  const others = links.flatMap(([one, other]) => (one === subject.id ? [other] : other === subject.id ? [one] : []));
  const near: Link[] = [];
  for (const id of new Set(others)) {
    const info = await findSubject(db, market.marketplaceId, "merchant", id);
    const current = info && (await loadCurrent(db, market.marketplaceId, info.no));
    near.push({ id, grade: (current?.own_grade as Grade | null | undefined) ?? null });
  }
  return near;
}

/** Number of the metric that holds sales. */
export const gmvMetric: number = metricNamed("gmv").no;
