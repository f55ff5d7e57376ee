import { randomBytes } from "node:crypto";
import {
  type Admission,
  admit,
  type Admitted,
  limits,
  ownSource,
  ProblemError,
  type Refused,
  type Verdict,
} from "@probity/contract";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { MasterKey } from "../privacy/index.ts";
import { ensurePeople, type Person } from "../privacy/privacy.store.ts";
import { Outdated } from "./commit.store.ts";
import { type Known, Lane } from "./lane.store.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { countOpenLetters, insertDeadLetters } from "./ledger.store.ts";

/** An event as it came: parsed JSON, or the text of a line that could not be read. */
export type Raw = { readonly json: unknown } | { readonly text: string; readonly refused: Refused };

/** An act of the engine: its data, and the part of them that everybody may read. */
export interface OwnAct {
  readonly type: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly published: Readonly<Record<string, unknown>>;
}

export interface LedgerOptions {
  readonly db: Db;
  readonly master: MasterKey;
  readonly now: () => number;
  /** Called after each commit with its number of new events and its duration. */
  readonly onCommit?: (market: Marketplace, accepted: number, milliseconds: number) => void;
}

/**
 * The ledger of all marketplaces in this process. `ingest` gives one verdict per event; accepted and
 * duplicate events are durable when it resolves, rejected ones stand in the dead letters.
 */
export class Ledger implements AsyncDisposable {
  readonly #options: LedgerOptions;
  readonly #lanes = new Map<number, Lane>();
  readonly #writes = new Set<Promise<unknown>>();
  #closing = false;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  #lane(market: Marketplace): Lane {
    const known = this.#lanes.get(market.marketplaceId);
    if (known !== undefined) return known;
    const { db, now, onCommit } = this.#options;
    const lane = new Lane({ db, market, now, onCommit });
    this.#lanes.set(market.marketplaceId, lane);
    return lane;
  }

  /** Forgets what is remembered of a marketplace and its people: somebody was erased. */
  forget(market: Marketplace): void {
    this.#lanes.get(market.marketplaceId)?.forget();
  }

  /** Events that wait for their commit. */
  waitingEvents(market: Marketplace): number {
    return this.#lane(market).waitingEvents;
  }

  /** Sends a dead letter again; a second refusal is answered, not kept a second time. */
  async replay(market: Marketplace, raw: { readonly json: unknown }): Promise<Verdict[]> {
    const admission = admit(raw.json, this.#options.now());
    if ("refused" in admission) return [{ verdict: "rejected", ...admission.refused, deadLetter: null }];
    return this.ingest(market, [raw]);
  }

  async ingest(market: Marketplace, raws: readonly Raw[]): Promise<Verdict[]> {
    const lane = this.#lane(market);
    if (this.#closing) throw new ProblemError("not-ready", "The engine is shutting down; send the events again");
    if (lane.waitingEvents + raws.length > limits.queueEvents) {
      throw new ProblemError("queue-full", `${lane.waitingEvents} events wait to be written; send again in a second`, {
        retryAfterSeconds: 1,
      });
    }
    const nowMs = this.#options.now();
    const admissions = raws.map((raw): Admission =>
      "json" in raw ? admit(raw.json, nowMs) : { refused: raw.refused },
    );
    const admitted = admissions.flatMap((admission) => ("admitted" in admission ? [admission.admitted] : []));
    const writing = admitted.length === 0 ? [] : this.#write(market, lane, admitted);
    const [letters, verdicts] = await Promise.all([this.#keepRefused(market, raws, admissions, nowMs), writing]);
    let next = 0;
    return admissions.map((admission, index): Verdict => {
      if ("refused" in admission) {
        return { verdict: "rejected", ...admission.refused, deadLetter: letters.get(index) ?? null };
      }
      next += 1;
      return verdicts[next - 1] as Verdict;
    });
  }

  /** Writes an act of the engine itself; `data` must satisfy the type's schema. */
  async act(market: Marketplace, type: string, id: string, data: Readonly<Record<string, unknown>>): Promise<Verdict> {
    const [verdict] = await this.acts(market, [{ type, id, data, published: data }]);
    return verdict as Verdict;
  }

  /** Writes several acts of the engine; of each its entry publishes `published` alone. Durable when it resolves. */
  async acts(market: Marketplace, acts: readonly OwnAct[]): Promise<Verdict[]> {
    const nowMs = this.#options.now();
    const admitted = acts.map(({ type, id, data, published }): Admitted => {
      const raw = {
        specversion: "1.0",
        id,
        source: ownSource + market.slug,
        type,
        time: new Date(nowMs).toISOString(),
        data,
      };
      const admission = admit(raw, nowMs, true);
      if ("refused" in admission) throw new Error(`${type}: ${admission.refused.path} ${admission.refused.message}`);
      return { ...admission.admitted, act: published };
    });
    return admitted.length === 0 ? [] : this.#write(market, this.#lane(market), admitted);
  }

  async #write(market: Marketplace, lane: Lane, events: readonly Admitted[]): Promise<Verdict[]> {
    const writing = this.#writeCurrent(market, lane, events);
    this.#writes.add(writing);
    try {
      return await writing;
    } finally {
      this.#writes.delete(writing);
    }
  }

  /** Writes events, with persons looked up again as often as somebody is erased meanwhile. */
  async #writeCurrent(market: Marketplace, lane: Lane, events: readonly Admitted[]): Promise<Verdict[]> {
    const place = lane.reserve(events.length);
    try {
      for (;;) {
        try {
          const { people, erasures } = await this.#lookUp(market, lane, events);
          return await lane.add(this.#prepare(market, people, events), erasures);
        } catch (error) {
          if (!(error instanceof Outdated)) throw error;
        }
      }
    } finally {
      place();
    }
  }

  /** Whom the lane knows, with the persons that events name among them. */
  async #lookUp(market: Marketplace, lane: Lane, events: readonly Admitted[]): Promise<Known> {
    const { db, master } = this.#options;
    const known = await lane.known();
    const strangers = new Set<string>();
    for (const { person } of events) if (person !== undefined && !known.people.has(person)) strangers.add(person);
    if (strangers.size > 0) {
      const found = await ensurePeople(db, master, market.marketplaceId, [...strangers]);
      for (const [id, person] of found) known.people.set(id, person);
    }
    return known;
  }

  /** Sealing and salting need no lock: they are done before the events wait for their turn. */
  #prepare(
    { marketplaceId }: Marketplace,
    people: ReadonlyMap<string, Person>,
    events: readonly Admitted[],
  ): Prepared[] {
    const secrets = randomBytes(32 * events.length);
    return events.map((event, index) => {
      const person = event.person === undefined ? undefined : people.get(event.person);
      return prepare(event, secrets.subarray(32 * index, 32 * index + 32), person, marketplaceId);
    });
  }

  async #keepRefused(
    market: Marketplace,
    raws: readonly Raw[],
    admissions: readonly Admission[],
    nowMs: number,
  ): Promise<Map<number, string>> {
    const { db, master } = this.#options;
    const places = admissions.flatMap((admission, index) => ("refused" in admission ? [index] : []));
    if (places.length === 0) return new Map();
    const open = await countOpenLetters(db, market.marketplaceId, limits.deadLettersOpen);
    const kept = places.slice(0, Math.max(0, limits.deadLettersOpen - open));
    if (kept.length === 0) return new Map();
    const rows = kept.map((index) => {
      const { code, path, message } = (admissions[index] as { refused: Refused }).refused;
      const raw = raws[index] as Raw;
      const body = "json" in raw ? letterText(raw.json) : raw.text;
      return { code, path, message, sealed: master.sealLetter(Buffer.from(body), letterContext(market.marketplaceId)) };
    });
    const ids = await insertDeadLetters(db, market.marketplaceId, nowMs, rows);
    return new Map(kept.map((index, place) => [index, String(ids[place])]));
  }

  /** Waits until everything that was taken is written; takes nothing more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await Promise.allSettled(this.#writes);
  }
}

export const letterContext = (marketplaceId: number): string => `ledger_dead_letter|sealed|${marketplaceId}|1`;

/** JSON of a value of any depth: the built-in writer recurses and gives up on deep nesting. */
function deepText(value: unknown): string {
  const parts: string[] = [];
  const left: ({ readonly text: string } | { readonly value: unknown })[] = [{ value }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if ("text" in next) {
      parts.push(next.text);
      continue;
    }
    const { value: item } = next;
    if (typeof item !== "object" || item === null) {
      parts.push(JSON.stringify(item) ?? "null");
      continue;
    }
    const isList = Array.isArray(item);
    parts.push(isList ? "[" : "{");
    left.push({ text: isList ? "]" : "}" });
    const entries = Object.entries(item).reverse();
    entries.forEach(([key, inner], index) => {
      left.push({ value: inner });
      left.push({ text: `${index === entries.length - 1 ? "" : ","}${isList ? "" : `${JSON.stringify(key)}:`}` });
    });
  }
  return parts.join("");
}

/** JSON of an event that was refused. */
function letterText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    return deepText(value);
  }
}
