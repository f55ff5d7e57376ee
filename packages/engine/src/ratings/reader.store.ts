import {
  type CategoryCount,
  dayText,
  type Explanation,
  type Grade,
  type History,
  limits,
  type PackAnswer,
  parseDay,
  ProblemError,
  type RatingChanges,
  type RatingSummary,
  type SubjectKind,
  type WhatIf,
} from "@probity/contract";
import { readSubjectColumns, readSubjectFacts } from "../facts/columns.store.ts";
import { readHead } from "../ledger/ledger.store.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import {
  compareRatings,
  compilePolicy,
  evaluatePack,
  explain,
  fitEpoch,
  type Link,
  packs,
  rateAll,
  rateSubject,
} from "./index.ts";
import { readChanges } from "./changes.store.ts";
import { dayTexts } from "./day-texts.ts";
import { loadEvidence } from "./evidence.store.ts";
import { summarize } from "./explanation.ts";
import { loadLinkedGrades } from "./links.store.ts";
import { listCategories, listRatings, type RatingFilter } from "./list.store.ts";
import { loadPeers, rankOf } from "./peers.store.ts";
import { compiledOf, gmvMetric, ratingDay } from "./ratings.jobs.ts";
import {
  findSubject,
  loadHistory,
  loadPolicies,
  loadPolicy,
  loadPolicyBodies,
  type StoredPolicy,
  type SubjectInfo,
} from "./ratings.store.ts";
import { loadStanding, policyAt, type Standing, type StoredRating } from "./standing.store.ts";
import { evidenceOf } from "./telling.ts";
import { readWholeMarket } from "./whole-market.store.ts";

const gmvWindowDays = 90;

const shown = ({ kind, id, name, category }: SubjectInfo) => ({ kind, id, name, category });

/** A difference of one counter. */
export interface CounterDelta {
  readonly metric: number;
  readonly day: number;
  readonly n: number;
  readonly x: number;
}

/** Counters with differences added, by metric and day. */
function withDeltas(facts: readonly CounterDelta[], deltas: readonly CounterDelta[]): CounterDelta[] {
  const sums = new Map<string, { metric: number; day: number; n: number; x: number }>();
  for (const { metric, day, n, x } of [...facts, ...deltas]) {
    const key = `${metric} ${day}`;
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { metric, day, n, x });
    else {
      sum.n += n;
      sum.x += x;
    }
  }
  return [...sums.values()].sort((a, b) => a.metric - b.metric || a.day - b.day);
}

/** Reads ratings and their reasons: from facts as they are now, or as the job stored them where that is the same. */
export class RatingsReader {
  readonly #db: Db;
  readonly #now: () => number;
  #whatIfs = 0;
  #lastWhatIf: Promise<unknown> = Promise.resolve();

  constructor(db: Db, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async today(market: Marketplace): Promise<number> {
    const head = await readHead(this.#db, market.marketplaceId);
    return ratingDay(market, head.newestMs, this.#now());
  }

  /** The policy in force for a kind on a day. */
  async policyOn(market: Marketplace, kind: SubjectKind, day: number): Promise<StoredPolicy> {
    const stored = (await loadPolicies(this.#db, market.marketplaceId)).filter(({ subject }) => subject === kind);
    const current = policyAt(stored, day);
    if (current === undefined) throw new ProblemError("not-ready", `No policy for ${kind} is in force yet`);
    return current;
  }

  async #standing(
    market: Marketplace,
    kind: SubjectKind,
    id: string,
    on: string | undefined,
    wantsStored = false,
  ): Promise<Standing> {
    const when = { nowMs: this.#now(), on: on === undefined ? null : parseDay(on) };
    return loadStanding(this.#db, market, kind, id, when, wantsStored);
  }

  async #links(market: Marketplace, { subject: { id }, isLinked }: Standing): Promise<readonly Link[]> {
    if (!isLinked) return [];
    return (await loadLinkedGrades(this.#db, market.marketplaceId, [id])).get(id) ?? [];
  }

  async explain(market: Marketplace, kind: SubjectKind, id: string, on?: string): Promise<Explanation> {
    const db = this.#db;
    const { marketplaceId, currency, clock } = market;
    const standing = await this.#standing(market, kind, id, on);
    const { subject, policy, epoch, day, logSize, lastRun } = standing;
    const [facts, links, evidence, quartiles] = await Promise.all([
      readSubjectColumns(db, marketplaceId, subject.no),
      this.#links(market, standing),
      kind === "merchant" ? loadEvidence(db, marketplaceId, subject.no, day) : { entities: [], certificates: [] },
      loadPeers(db, marketplaceId, kind, lastRun),
    ]);
    const { entities, certificates } = evidence;
    const explanation = explain({
      compiled: compiledOf(policy),
      priors: epoch.priors,
      facts,
      day,
      subject: shown(subject),
      links,
      quartiles,
      peers: null,
      epoch: epoch.epoch,
      logSize,
      clock,
      evidence: evidenceOf(policy.policy, `m${subject.id}`, entities, certificates, { currency }, day),
    });
    if (explanation.rating.status !== "rated") return explanation;
    const { score } = explanation.rating;
    const rank = await rankOf(db, marketplaceId, kind, subject.category, score, lastRun);
    return { ...explanation, peers: { category: subject.category, ...rank } };
  }

  async read(market: Marketplace, kind: SubjectKind, id: string, on?: string): Promise<RatingSummary> {
    const standing = await this.#standing(market, kind, id, on, true);
    const { subject, policy, epoch, day, logSize, stored } = standing;
    if (stored !== undefined)
      return toSummary({ ...shown(subject), day: dayText(day), logSize }, stored, policy.policy);
    const compiled = compiledOf(policy);
    const facts = await readSubjectColumns(this.#db, market.marketplaceId, subject.no);
    const links = await this.#links(market, standing);
    return summarize(
      { compiled, subject: shown(subject), epoch: epoch.epoch, logSize },
      rateSubject(compiled, epoch.priors, facts, subject.category, day, links),
    );
  }

  /**
   * Score of a merchant today if its counters differed so; without differences, as it is. Undefined while it is not rated.
   * What one buyer can weigh a month is not capped anew, so that it is a good estimate, not the rating to come.
   */
  async scoreWith(market: Marketplace, id: string, deltas: readonly CounterDelta[]): Promise<number | undefined> {
    let standing: Standing;
    try {
      standing = await this.#standing(market, "merchant", id, undefined);
    } catch (error) {
      if (error instanceof ProblemError) return undefined;
      throw error;
    }
    const { subject, policy, epoch, day } = standing;
    const facts = await readSubjectFacts(this.#db, market.marketplaceId, subject.no);
    const rating = rateSubject(compiledOf(policy), epoch.priors, withDeltas(facts, deltas), subject.category, day);
    return rating.score;
  }

  /** What changed since a day, a week ago unless told, and why. */
  async changes(market: Marketplace, kind: SubjectKind, since: string | undefined): Promise<RatingChanges> {
    const day = await this.today(market);
    const from = since === undefined ? day - 7 : Math.min(day, parseDay(since));
    return readChanges(this.#db, market.marketplaceId, kind, { day, since: from }, async (id, at) => {
      const { subject, policy, epoch } = await this.#standing(market, kind, id, dayText(at));
      const facts = await readSubjectColumns(this.#db, market.marketplaceId, subject.no);
      const compiled = compiledOf(policy);
      const titles = new Map(compiled.indicators.map(({ source }) => [source.id, source.title]));
      return { rating: rateSubject(compiled, epoch.priors, facts, subject.category, at), titles };
    });
  }

  async list(
    market: Marketplace,
    filter: RatingFilter,
    cursor: string | undefined,
    limit: number,
  ): Promise<{ items: RatingSummary[]; nextCursor: string | null }> {
    const { rows, nextCursor } = await listRatings(this.#db, market.marketplaceId, filter, cursor, limit);
    const ids = rows.map(({ policy_id }) => policy_id);
    const policies = await loadPolicyBodies(this.#db, market.marketplaceId, ids);
    const textOf = dayTexts();
    return {
      items: rows.map(({ id, name, category, day, log_size: logSize, ...row }) =>
        toSummary(
          { kind: filter.kind, id, name, category, day: textOf(day), logSize },
          { ...row, points: numbers(row.points), maxima: numbers(row.maxima) },
          policies.get(row.policy_id),
        ),
      ),
      nextCursor,
    };
  }

  categories(market: Marketplace, kind: SubjectKind): Promise<CategoryCount[]> {
    return listCategories(this.#db, market.marketplaceId, kind);
  }

  async history(market: Marketplace, kind: SubjectKind, id: string, from?: string, to?: string): Promise<History> {
    const subject = await findSubject(this.#db, market.marketplaceId, kind, id);
    if (subject === undefined) throw new ProblemError("not-found", `There is no ${kind} ${id}`);
    const rows = await loadHistory(
      this.#db,
      market.marketplaceId,
      subject.no,
      from === undefined ? 0 : parseDay(from),
      to === undefined ? 100_000 : parseDay(to),
    );
    const markers: History["markers"] = [];
    rows.forEach((row, index) => {
      const before = rows[index - 1];
      if (before === undefined) return;
      const marker = { day: dayText(row.day), policy: row.policy_id, epoch: row.epoch };
      if (before.policy_id !== row.policy_id) markers.push({ ...marker, kind: "policy" });
      else if (before.epoch !== row.epoch) markers.push({ ...marker, kind: "epoch" });
    });
    return {
      points: rows.map((row) => ({
        day: dayText(row.day),
        status: row.status,
        score: row.score,
        bound: row.bound,
        grade: row.grade as Grade | null,
        policy: row.policy_id,
        epoch: row.epoch,
        computedLater: row.computed_later,
      })),
      markers,
    };
  }

  async packs(market: Marketplace, kind: SubjectKind, id: string, on?: string): Promise<PackAnswer[]> {
    const { subject, day } = await this.#standing(market, kind, id, on);
    const facts = await readSubjectFacts(this.#db, market.marketplaceId, subject.no);
    return kind === "merchant" ? [...packs.values()].map((pack) => evaluatePack(pack, facts, day)) : [];
  }

  /** What a policy would change on a day, against another one or the one in force. One at a time, few may wait. */
  async whatIf(market: Marketplace, id: string, on: string | undefined, against: string | undefined): Promise<WhatIf> {
    if (this.#whatIfs >= limits.whatIfsWaiting)
      throw new ProblemError("queue-full", "Other what-ifs are being computed; try again in half a minute", {
        retryAfterSeconds: 30,
      });
    this.#whatIfs += 1;
    const mine = this.#lastWhatIf.then(() => this.#compare(market, id, on, against));
    this.#lastWhatIf = mine.catch(() => undefined);
    return mine.finally(() => {
      this.#whatIfs -= 1;
    });
  }

  /** Priors are fitted for each policy. */
  async #compare(
    market: Marketplace,
    id: string,
    on: string | undefined,
    against: string | undefined,
  ): Promise<WhatIf> {
    const db = this.#db;
    const after = await loadPolicy(db, market.marketplaceId, id);
    if (after === undefined) throw new ProblemError("not-found", `There is no policy ${id}`);
    const today = await this.today(market);
    const day = on === undefined ? today : Math.min(today, parseDay(on));
    const before =
      against === undefined
        ? await this.policyOn(market, after.subject, day)
        : await loadPolicy(db, market.marketplaceId, against);
    if (before === undefined || before.subject !== after.subject) {
      throw new ProblemError("not-found", `There is no policy ${against ?? ""} for the same kind of subject`);
    }
    const whole = await readWholeMarket(db, market);
    const facts = whole.kinds.get(after.subject);
    if (facts === undefined) throw new Error("every kind is read");
    const rate = (stored: StoredPolicy) => {
      const compiled = compilePolicy(stored.policy);
      const priors = fitEpoch(compiled, facts.columns, facts.categories, day);
      return { compiled, ratings: rateAll(compiled, priors, facts.columns, facts.categories, day, facts.links) };
    };
    const gmv = new Float64Array(facts.subjects.length);
    const firstDay = new Int32Array(facts.subjects.length).fill(day + 1);
    const { columns } = facts;
    for (let row = 0; row < columns.rows; row += 1) {
      const when = columns.day[row] as number;
      const subject = columns.subject[row] as number;
      if (when < (firstDay[subject] as number)) firstDay[subject] = when;
      if (columns.metric[row] !== gmvMetric || when > day || when <= day - gmvWindowDays) continue;
      gmv[subject] = (gmv[subject] as number) + (columns.x[row] as number);
    }
    return compareRatings({
      subject: after.subject,
      before: rate(before),
      after: rate(after),
      ids: facts.subjects.map((subject) => subject.id),
      names: facts.subjects.map(({ name }) => name),
      categories: facts.subjects.map(({ category }) => category),
      gmv,
      firstDay,
      currency: market.currency,
      windowDays: gmvWindowDays,
    });
  }
}

const numbers = (text: string): number[] => (text === "" ? [] : text.split(",").map(Number));

function toSummary(
  { logSize, ...subject }: Pick<RatingSummary, "kind" | "id" | "name" | "category" | "day" | "logSize">,
  row: StoredRating,
  policy: StoredPolicy["policy"] | undefined,
): RatingSummary {
  return {
    ...subject,
    status: row.status,
    score: row.score,
    bound: row.bound,
    grade: row.grade as Grade | null,
    policy: row.policy_id,
    epoch: row.epoch,
    logSize,
    orders: row.orders,
    buyers: row.buyers,
    dimensions: (policy?.dimensions ?? []).map(({ id, title }, index) => ({
      id,
      title,
      points: row.points[index] ?? 0,
      max: row.maxima[index] ?? 0,
    })),
  };
}
