import {
  type Assessment,
  type AuthenticitySummary,
  dayOf,
  type DraftReview,
  type Dossier,
  type ModelReport,
  ProblemError,
  type ReviewNote,
  type SubjectKind,
  type SuppressionAudit,
  type Verification,
} from "@probity/contract";
import { readHead } from "../ledger/ledger.store.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { MasterKey } from "../privacy/index.ts";
import { draftEvidence } from "./draft.store.ts";
import { readDossier } from "./dossier.store.ts";
import { type Judges } from "./assess-market.ts";
import { judge, weighing, weightOf } from "./judge.ts";
import { readModelFile } from "./judge-file.ts";
import { reasonWeights } from "./model-curves.ts";
import { type WordReader } from "./text-marks.ts";
import { judgeAtFirst } from "./whole-run.ts";
import { defaultWordsModel } from "./word-reader.ts";
import { readWords } from "./words.ts";
import { tellReasons } from "./figure-words.ts";
import { loadModel, type StoredModel } from "./models.store.ts";
import { readAgreement } from "./decisions.store.ts";
import { readModelReport } from "./report.store.ts";
import { readMarketSummary, readNote, readSummary, readSuppressionAudit } from "./summary.store.ts";

export interface AuthenticityReaderOptions {
  readonly db: Db;
  readonly master: MasterKey;
  readonly reader: WordReader;
  readonly now: () => number;
}

const judgesKept = 8;
/** What is told of a whole marketplace is read over at most so often: pages that everybody may ask for show it. */
const wholeMs = 30_000;

/** Reads what is held to be genuine, and why. */
export class AuthenticityReader {
  readonly #options: AuthenticityReaderOptions;
  readonly #judges = new Map<string, Judges | undefined>();
  readonly #verifications = new Map<number, { readonly untilMs: number; readonly told: Promise<Verification> }>();

  constructor(options: AuthenticityReaderOptions) {
    this.#options = options;
  }

  /** A model's judges; undefined where it is not kept any more, or is of another version of the columns. */
  async #judgesOf({ marketplaceId }: Marketplace, model: string): Promise<Judges | undefined> {
    if (this.#judges.has(model)) return this.#judges.get(model);
    const stored = await loadModel(this.#options.db, marketplaceId, model);
    let judges: Judges | undefined;
    try {
      judges = stored && readModelFile(stored.file);
    } catch {
      judges = undefined;
    }
    if (this.#judges.size >= judgesKept) this.#judges.clear();
    this.#judges.set(model, judges);
    return judges;
  }

  async #day({ marketplaceId, clock }: Marketplace): Promise<number> {
    const head = await readHead(this.#options.db, marketplaceId);
    return dayOf(clock === "wall" ? this.#options.now() : head.newestMs);
  }

  async #inForce({ marketplaceId }: Marketplace): Promise<{ readonly model: StoredModel; readonly judges: Judges }> {
    const stored = await loadModel(this.#options.db, marketplaceId, undefined);
    if (stored === undefined)
      throw new ProblemError("not-ready", "No model is in force yet; the worker has to run once");
    return { model: stored.model, judges: readModelFile(stored.file) };
  }

  dossier(market: Marketplace, kind: Dossier["item"]["kind"], owner: string, id: string): Promise<Dossier> {
    const { db, master } = this.#options;
    const judgesOf = (model: string): Promise<Judges | undefined> => this.#judgesOf(market, model);
    return readDossier(
      { db, master, judgesOf, read: (words) => readWords(words, defaultWordsModel) },
      market,
      kind,
      owner,
      id,
    );
  }

  /** Judges a draft by what is known now; nothing of it is kept. */
  async assess(market: Marketplace, draft: DraftReview): Promise<Assessment> {
    const { db, master, reader, now } = this.#options;
    const { model, judges } = await this.#inForce(market);
    const { evidence, place } = await draftEvidence({ db, master, reader }, market, draft, now());
    const { run } = judgeAtFirst(evidence, judges);
    const width = judges.review.specs.length;
    const figures = Float64Array.from(run.figures.subarray(place * width, (place + 1) * width));
    const judged = judge(judges.review, figures);
    return {
      reliability: judged.reliability,
      weight: weightOf(judged.reliability),
      base: judged.base,
      reasons: tellReasons(judged.reasons),
      by: "live",
      model: model.model,
      at: new Date(now()).toISOString(),
    };
  }

  summary(market: Marketplace, kind: SubjectKind, id: string): Promise<AuthenticitySummary> {
    return readSummary(this.#options.db, market.marketplaceId, kind, id);
  }

  note(market: Marketplace, merchant: string, review: string): Promise<ReviewNote | undefined> {
    return readNote(this.#options.db, market.marketplaceId, merchant, review);
  }

  async audit(market: Marketplace): Promise<SuppressionAudit> {
    return readSuppressionAudit(this.#options.db, market.marketplaceId, await this.#day(market));
  }

  /** How reviews are verified here: from what is in force and what it has come to, at most half a minute ago. */
  verification(market: Marketplace): Promise<Verification> {
    const known = this.#verifications.get(market.marketplaceId);
    const nowMs = performance.now();
    if (known !== undefined && known.untilMs > nowMs) return known.told;
    const told = this.#verification(market);
    this.#verifications.set(market.marketplaceId, { untilMs: nowMs + wholeMs, told });
    told.catch(() => this.#verifications.delete(market.marketplaceId));
    return told;
  }

  async #verification(market: Marketplace): Promise<Verification> {
    const { db } = this.#options;
    const { marketplaceId } = market;
    const { model, judges } = await this.#inForce(market);
    const [rings] = await db.query<{ confirmed: number }>(
      "SELECT count(*)::integer AS confirmed FROM authenticity_ring WHERE marketplace_id = $1 AND state = 'confirmed'",
      [marketplaceId],
    );
    const { kappa } = await readAgreement(db, marketplaceId, async () => new Map());
    return {
      model: model.model,
      origin: model.origin,
      since: new Date(model.promotedMs ?? model.trainedMs).toISOString(),
      fullFrom: weighing.fullFrom,
      noneBelow: weighing.noneBelow,
      reasons: reasonWeights(judges.review),
      summary: await readMarketSummary(db, marketplaceId),
      ringsConfirmed: rings?.confirmed ?? 0,
      moderatorsAgree: kappa,
      audit: await this.audit(market),
      deletes: false,
    };
  }

  /** A model's report; throws `not-found`. */
  async modelReport(market: Marketplace, id: string): Promise<ModelReport> {
    const stored = await loadModel(this.#options.db, market.marketplaceId, id);
    if (stored === undefined) throw new ProblemError("not-found", `There is no model ${id}`);
    return readModelReport(this.#options.db, market.marketplaceId, stored);
  }
}
