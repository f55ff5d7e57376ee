import {
  dayText,
  type Explanation,
  type Grade,
  type History,
  type PackAnswer,
  parseDay,
  ProblemError,
  type RatingSummary,
  type SubjectKind,
  type WhatIf,
} from "@probity/contract";
import { readSubjectFacts } from "../facts/columns.store.ts";
import type { EntityState } from "../facts/index.ts";
import { readHead } from "../ledger/ledger.store.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import {
  compareRatings,
  compilePolicy,
  evaluatePack,
  explain,
  fitEpoch,
  packs,
  type PeerQuartiles,
  rateAll,
  type SubjectFact,
} from "./index.ts";
import { compiledOf, gmvMetric, linkedGrades, ratingDay } from "./ratings.jobs.ts";
import {
  type EvidenceRow,
  findSubject,
  type ListedRating,
  listRatings,
  loadCertificates,
  loadEpoch,
  loadEvidence,
  loadHistory,
  loadLinks,
  loadPeers,
  loadPolicies,
  loadPolicy,
  rankOf,
  type RatingFilter,
  type StoredEpoch,
  type StoredPolicy,
  type SubjectInfo,
} from "./ratings.store.ts";
import { type EvidenceEntity, evidenceOf } from "./telling.ts";
import { readWholeMarket } from "./whole-market.store.ts";

/** Entities looked at for telling events: the newest ones of a merchant. */
const evidenceRows = 3_000;
const gmvWindowDays = 90;

const toEntity = (row: EvidenceRow): EvidenceEntity => ({
  kind: row.kind as EvidenceEntity["kind"],
  id: row.id,
  state: JSON.parse(row.state) as EntityState,
  seqs: row.seqs,
});

interface Standing {
  readonly subject: SubjectInfo;
  readonly policy: StoredPolicy;
  readonly epoch: StoredEpoch;
  readonly day: number;
  readonly logSize: number;
  readonly facts: SubjectFact[];
}

/** Reads ratings and their reasons. Everything here is computed from facts as they are now. */
export class RatingsReader {
  readonly #db: Db;
  readonly #now: () => number;

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
    const begun = stored
      .filter(
        ({ state, effectiveDay }) =>
          ["published", "in-force", "superseded"].includes(state) && (effectiveDay ?? 0) <= day,
      )
      .sort((a, b) => (a.effectiveDay ?? 0) - (b.effectiveDay ?? 0) || (a.publishedMs ?? 0) - (b.publishedMs ?? 0));
    const current = begun.at(-1) ?? stored.find(({ state }) => state === "in-force");
    if (current === undefined) throw new ProblemError("not-ready", `No policy for ${kind} is in force yet`);
    return current;
  }

  async #standing(market: Marketplace, kind: SubjectKind, id: string, on: string | undefined): Promise<Standing> {
    const db = this.#db;
    const subject = await findSubject(db, market.marketplaceId, kind, id);
    if (subject === undefined) throw new ProblemError("not-found", `There is no ${kind} ${id}`);
    const head = await readHead(db, market.marketplaceId);
    const today = ratingDay(market, head.newestMs, this.#now());
    const day = on === undefined ? today : Math.min(today, parseDay(on));
    const policy = await this.policyOn(market, kind, day);
    const epoch = await loadEpoch(db, market.marketplaceId, kind, day);
    if (epoch === undefined)
      throw new ProblemError("not-ready", "No rating has been computed yet; the worker has to run once");
    const facts = await readSubjectFacts(db, market.marketplaceId, subject.no);
    return { subject, policy, epoch, day, logSize: head.size, facts };
  }

  async explain(market: Marketplace, kind: SubjectKind, id: string, on?: string): Promise<Explanation> {
    const db = this.#db;
    const { subject, policy, epoch, day, logSize, facts } = await this.#standing(market, kind, id, on);
    const compiled = compiledOf(policy);
    const links = await linkedGrades(
      db,
      market,
      subject,
      kind === "merchant" ? await loadLinks(db, market.marketplaceId) : [],
    );
    const entities =
      kind === "merchant" ? await loadEvidence(db, market.marketplaceId, subject.no, day, evidenceRows) : [];
    const certificates = kind === "merchant" ? await loadCertificates(db, market.marketplaceId, subject.no) : [];
    const peersText = await loadPeers(db, market.marketplaceId, kind);
    const input = {
      compiled,
      priors: epoch.priors,
      facts,
      day,
      subject: { kind, id: subject.id, name: subject.name, category: subject.category },
      links,
      quartiles: peersText === undefined ? null : (JSON.parse(peersText) as PeerQuartiles),
      peers: null,
      epoch: epoch.epoch,
      logSize,
      clock: market.clock,
      evidence: evidenceOf(
        policy.policy,
        `m${subject.id}`,
        entities.map(toEntity),
        certificates.map(toEntity),
        { currency: market.currency },
        day,
      ),
    };
    const explanation = explain(input);
    if (explanation.rating.status !== "rated") return explanation;
    const rank = await rankOf(db, market.marketplaceId, kind, subject.category, explanation.rating.score);
    return { ...explanation, peers: { category: subject.category, ...rank } };
  }

  async read(market: Marketplace, kind: SubjectKind, id: string, on?: string): Promise<RatingSummary> {
    return (await this.explain(market, kind, id, on)).rating;
  }

  async list(
    market: Marketplace,
    filter: RatingFilter,
    cursor: string | undefined,
    limit: number,
  ): Promise<{ items: RatingSummary[]; nextCursor: string | null }> {
    const after = cursor === undefined ? undefined : parseCursor(cursor);
    const rows = await listRatings(this.#db, market.marketplaceId, filter, after, limit + 1);
    const titles = await this.#titles(market);
    const items = rows.slice(0, limit).map((row) => toSummary(row, filter.kind, titles));
    const last = rows[limit - 1];
    return {
      items,
      nextCursor: rows.length > limit && last !== undefined ? `${last.status}.${last.score}.${last.subject_no}` : null,
    };
  }

  async #titles(market: Marketplace): Promise<Map<string, StoredPolicy["policy"]["dimensions"]>> {
    const stored = await loadPolicies(this.#db, market.marketplaceId);
    return new Map(stored.map(({ policyId, policy }) => [policyId, policy.dimensions]));
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
    const { facts, day } = await this.#standing(market, kind, id, on);
    return kind === "merchant" ? [...packs.values()].map((pack) => evaluatePack(pack, facts, day)) : [];
  }

  /** What a policy would change on a day, against another one or the one in force. Priors are fitted for each. */
  async whatIf(market: Marketplace, id: string, on: string | undefined, against: string | undefined): Promise<WhatIf> {
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
    const { columns } = facts;
    for (let row = 0; row < columns.rows; row += 1) {
      const when = columns.day[row] as number;
      if (columns.metric[row] !== gmvMetric || when > day || when <= day - gmvWindowDays) continue;
      const subject = columns.subject[row] as number;
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
      currency: market.currency,
      windowDays: gmvWindowDays,
    });
  }
}

function parseCursor(cursor: string): { status: string; score: number; subjectNo: number } {
  const match = /^(rated|too-early)\.(\d{1,4})\.(\d{1,9})$/.exec(cursor);
  if (match === null) throw new ProblemError("request-invalid", "/query/cursor is not a cursor of this list");
  return { status: match[1] as string, score: Number(match[2]), subjectNo: Number(match[3]) };
}

const numbers = (text: string): number[] => (text === "" ? [] : text.split(",").map(Number));

function toSummary(
  row: ListedRating,
  kind: SubjectKind,
  titles: Map<string, StoredPolicy["policy"]["dimensions"]>,
): RatingSummary {
  const points = numbers(row.points);
  const maxima = numbers(row.maxima);
  return {
    kind,
    id: row.id,
    name: row.name,
    category: row.category,
    day: dayText(row.day),
    status: row.status,
    score: row.score,
    bound: row.bound,
    grade: row.grade as Grade | null,
    policy: row.policy_id,
    epoch: row.epoch,
    logSize: row.log_size,
    orders: row.orders,
    buyers: row.buyers,
    dimensions: (titles.get(row.policy_id) ?? []).map(({ id, title }, index) => ({
      id,
      title,
      points: points[index] ?? 0,
      max: maxima[index] ?? 0,
    })),
  };
}
