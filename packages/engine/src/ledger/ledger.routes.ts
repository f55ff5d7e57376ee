import { setTimeout as sleep } from "node:timers/promises";
import {
  type DeadLetter,
  type LedgerStatus,
  type LiveNotice,
  limits,
  ProblemError,
  type StoredEvent,
  type Verdict,
} from "@probity/contract";
import type { FastifyInstance } from "fastify";
import type { Db } from "../platform/db.ts";
import { addEndpoint, addStreamEndpoint, type CheckToken } from "../platform/http.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { Metrics } from "../platform/metrics.ts";
import { type MasterKey, open } from "../privacy/index.ts";
import { loadPersonByNo } from "../privacy/privacy.store.ts";
import { sealContext } from "./index.ts";
import { type Ledger, letterContext } from "./group-commit.store.ts";
import {
  closeDeadLetter,
  countOpenLetters,
  listDeadLetters,
  readDeadLetter,
  readEvents,
  readHead,
  readHours,
  readRatedSize,
  readSources,
  type StoredLetter,
  type StoredRow,
} from "./ledger.store.ts";
import { readBody } from "./read-body.store.ts";

export interface LedgerRoutesOptions {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly master: MasterKey;
  readonly check: CheckToken;
  readonly metrics: Metrics;
  readonly now: () => number;
}

function answer(verdicts: readonly Verdict[]) {
  const count = (kind: Verdict["verdict"]): number => verdicts.filter(({ verdict }) => verdict === kind).length;
  return {
    accepted: count("accepted"),
    duplicates: count("duplicate"),
    rejected: count("rejected"),
    verdicts: [...verdicts],
  };
}

function presentLetter(master: MasterKey, market: Marketplace, letter: StoredLetter): DeadLetter {
  const text = master.openLetter(letter.sealed, letterContext(market.marketplaceId)).toString("utf8");
  return {
    deadLetter: String(letter.dead_letter_id),
    receivedAt: new Date(letter.received_ms).toISOString(),
    code: letter.code as DeadLetter["code"],
    path: letter.path,
    message: letter.message,
    state: letter.state,
    body: showLetter(letter.code, text),
    seq: letter.seq,
  };
}

/** A dead letter's event. What was not UTF-8 or not JSON stays text: parsed by luck, it would be replayed as something else. */
function readLetter(code: string, text: string): unknown {
  if (code === "not-utf8" || code === "not-json") return text;
  return JSON.parse(text) as unknown;
}

/** The event as an answer can carry it: what nests too deeply to be written as JSON again is shown as its text. */
function showLetter(code: string, text: string): unknown {
  const value = readLetter(code, text);
  if (code !== "too-deep") return value;
  try {
    JSON.stringify(value);
    return value;
  } catch {
    return text;
  }
}

function addIngest(app: FastifyInstance, { ledger, check, metrics }: LedgerRoutesOptions): void {
  const count = (market: Marketplace, verdicts: readonly Verdict[]): void => {
    for (const kind of ["accepted", "duplicate", "rejected"] as const) {
      const events = verdicts.filter(({ verdict }) => verdict === kind).length;
      if (events > 0) metrics.events.inc({ marketplace: market.slug, verdict: kind }, events);
    }
  };
  // In a plugin of its own: here every body is bytes, whatever its content type.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: limits.bodyBytes }, (_request, body, done) => {
      done(null, body);
    });
    addEndpoint(scope, check, "ingest", async ({ request, market }) => {
      const raws = await readBody(request.headers, (request.body as Buffer | undefined) ?? Buffer.alloc(0));
      const verdicts = await ledger.ingest(market, raws);
      count(market, verdicts);
      const [first] = verdicts;
      const single = raws.length === 1 && !String(request.headers["content-type"]).includes("nd");
      if (single && first?.verdict === "rejected") {
        throw new ProblemError("event-rejected", `${first.path === "" ? "The event" : first.path} ${first.message}`, {
          errors: [
            { path: first.path, rule: `${first.code}: ${first.message}` },
            ...(first.deadLetter === null ? [] : [{ path: "", rule: `dead-letter: ${first.deadLetter}` }]),
          ],
        });
      }
      return answer(verdicts);
    });
  });
}

function addLetters(app: FastifyInstance, { db, ledger, master, check }: LedgerRoutesOptions): void {
  addEndpoint(app, check, "listDeadLetters", async ({ query, market }) => {
    const before = query.cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(query.cursor);
    if (!Number.isSafeInteger(before))
      throw new ProblemError("request-invalid", "/query/cursor is not a cursor of this list");
    const letters = await listDeadLetters(db, market.marketplaceId, query.state, before, query.limit + 1);
    const items = letters.slice(0, query.limit).map((letter) => presentLetter(master, market, letter));
    return { items, nextCursor: letters.length > query.limit ? (items.at(-1)?.deadLetter ?? null) : null };
  });
  const openLetter = async (market: Marketplace, id: string): Promise<StoredLetter> => {
    const letter = await readDeadLetter(db, market.marketplaceId, Number(id));
    if (letter === undefined) throw new ProblemError("not-found", `There is no dead letter ${id}`);
    if (letter.state !== "open")
      throw new ProblemError("dead-letter-state", `The dead letter ${id} was ${letter.state}`);
    return letter;
  };
  addEndpoint(app, check, "replayDeadLetter", async ({ params, body, market }) => {
    const letter = await openLetter(market, params.deadLetter);
    const text = master.openLetter(letter.sealed, letterContext(market.marketplaceId)).toString("utf8");
    const json = body.event ?? readLetter(letter.code, text);
    const [verdict] = await ledger.replay(market, { json });
    if (verdict === undefined) throw new Error("a replay gave no verdict");
    if (verdict.verdict !== "rejected") {
      await closeDeadLetter(db, market.marketplaceId, letter.dead_letter_id, "replayed", verdict.seq);
    }
    return answer([verdict]);
  });
  addEndpoint(app, check, "discardDeadLetter", async ({ params, market }) => {
    const letter = await openLetter(market, params.deadLetter);
    if (!(await closeDeadLetter(db, market.marketplaceId, letter.dead_letter_id, "discarded", null))) {
      throw new ProblemError("dead-letter-state", `The dead letter ${params.deadLetter} is not open any more`);
    }
    return presentLetter(master, market, { ...letter, state: "discarded" });
  });
}

/** Which fields are sealed; none can be named once the person was erased. */
async function sealedNames(
  { db, master }: LedgerRoutesOptions,
  market: Marketplace,
  row: StoredRow,
): Promise<string[]> {
  if (row.sealed === null || row.person_no === null) return [];
  const person = await loadPersonByNo(db, master, market.marketplaceId, row.person_no);
  if (person === undefined) return [];
  const text = open(person.sealing, row.sealed, sealContext(row, market.marketplaceId)).toString("utf8");
  return Object.keys(JSON.parse(text) as object);
}

const statusDays = 30;

function addStatus(app: FastifyInstance, { db, check, now }: LedgerRoutesOptions): void {
  const text = (ms: number): string => new Date(ms).toISOString();
  addEndpoint(app, check, "readLedger", async ({ market }): Promise<LedgerStatus> => {
    const { marketplaceId } = market;
    const [head, lettersOpen, sources, hours] = await Promise.all([
      readHead(db, marketplaceId),
      countOpenLetters(db, marketplaceId, limits.deadLettersOpen),
      readSources(db, marketplaceId, limits.pageRows),
      readHours(db, marketplaceId, now() - statusDays * 86_400_000),
    ]);
    const last = sources[0]?.received_ms;
    return {
      size: head.size,
      newestAt: head.size === 0 ? null : text(head.newestMs),
      receivedAt: last === undefined ? null : text(last),
      lettersOpen,
      sources: sources.map(({ source, events, newest_ms, received_ms }) => ({
        source,
        events,
        newestAt: text(newest_ms),
        receivedAt: text(received_ms),
      })),
      hours: hours.map(({ hour, accepted, rejected }) => ({ from: text(hour * 3_600_000), accepted, rejected })),
    };
  });
}

const lookEveryMs = 1_000;

/** Looks at the heads of marketplaces at most once a second, whoever wrote and however many watch. */
class Lookout {
  readonly #db: Db;
  readonly #looks = new Map<number, { readonly atMs: number; readonly notice: Promise<LiveNotice> }>();

  constructor(db: Db) {
    this.#db = db;
  }

  look(marketplaceId: number): Promise<LiveNotice> {
    const last = this.#looks.get(marketplaceId);
    const nowMs = performance.now();
    if (last !== undefined && nowMs - last.atMs < 0.9 * lookEveryMs) return last.notice;
    const notice = this.#read(marketplaceId);
    this.#looks.set(marketplaceId, { atMs: nowMs, notice });
    return notice;
  }

  async #read(marketplaceId: number): Promise<LiveNotice> {
    const [head, ratedSize] = await Promise.all([
      readHead(this.#db, marketplaceId),
      readRatedSize(this.#db, marketplaceId),
    ]);
    return { size: head.size, newestAt: head.size === 0 ? null : new Date(head.newestMs).toISOString(), ratedSize };
  }
}

async function* watch(
  lookout: Lookout,
  { marketplaceId }: Marketplace,
  seconds: number,
  gone: AbortSignal,
): AsyncIterable<LiveNotice> {
  let told = "";
  for (let look = 0; look < seconds && !gone.aborted; look += 1) {
    const notice = await lookout.look(marketplaceId);
    const text = JSON.stringify(notice);
    if (text !== told) yield notice;
    told = text;
    await sleep(lookEveryMs, undefined, { signal: gone }).catch(() => undefined);
  }
}

export function addLedgerRoutes(app: FastifyInstance, options: LedgerRoutesOptions): void {
  addIngest(app, options);
  addLetters(app, options);
  addStatus(app, options);
  const lookout = new Lookout(options.db);
  addStreamEndpoint(app, options.check, "watchLedger", ({ query, market }, gone) =>
    watch(lookout, market, query.seconds, gone),
  );
  addEndpoint(app, options.check, "readEvent", async ({ params, market }): Promise<StoredEvent> => {
    const [row] = await readEvents(options.db, market.marketplaceId, [params.seq]);
    if (row === undefined) throw new ProblemError("not-found", `The ledger has no event ${params.seq}`);
    const { time, data } = JSON.parse(row.body) as { time: string; data: Record<string, unknown> };
    return {
      seq: row.seq,
      id: row.id,
      source: row.source,
      type: row.type,
      time,
      data,
      sealed: await sealedNames(options, market, row),
      entry: row.entry,
      leaf: row.leaf,
    };
  });
}
