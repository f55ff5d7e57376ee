import { limits, type Verdict } from "@probity/contract";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import type { Person } from "../privacy/privacy.store.ts";
import { commitLocked, Outdated, Overtaken, writeBatch } from "./commit.store.ts";
import { type Folded, foldBatch, LaneCache } from "./fold-batch.store.ts";
import { readHead } from "./ledger.store.ts";
import type { Prepared } from "./prepare.ts";

export interface LaneOptions {
  readonly db: Db;
  readonly market: Marketplace;
  readonly now: () => number;
  /** Called after each commit with its number of new events and its duration. */
  readonly onCommit: ((market: Marketplace, accepted: number, milliseconds: number) => void) | undefined;
}

interface Waiting {
  readonly events: readonly Prepared[];
  /** People who had been erased when their persons were looked up. */
  readonly erasures: number;
  resolve(verdicts: Verdict[]): void;
  reject(error: unknown): void;
}

/** Persons, right as long as nobody is erased: their data keys do not change otherwise. */
export interface Known {
  readonly people: Map<string, Person>;
  /** People who had been erased before the first of them was looked up. */
  readonly erasures: number;
}

const peopleMax = 200_000;
/** Batches that are folded behind the lock after another process was seen writing. */
const cautiousBatches = 64;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/**
 * Writers of one marketplace in this process take turns; each turn takes all who wait. While one batch is
 * being written the next is folded onto the states that it will leave; if it fails, the next is folded again.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #cache = new LaneCache();
  readonly #queue: Waiting[] = [];
  /** Shared a batch that failed: each tries again by itself, before all others. */
  readonly #alone: Waiting[] = [];
  #waitingEvents = 0;
  #isRunning = false;
  #writing: Promise<void> | undefined;
  /** The cache holds what a failed batch left there. */
  #isSpoilt = false;
  #cautious = 0;
  /** Undefined before the first lookup, and when people were forgotten. */
  #known: Known | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get waitingEvents(): number {
    return this.#waitingEvents;
  }

  /** Who is known, to be added to. Whoever is erased later is noticed by the commit. */
  async known(): Promise<Known> {
    if (this.#known === undefined) {
      const { erasures } = await readHead(this.#options.db, this.#options.market.marketplaceId);
      this.#known ??= { people: new Map(), erasures };
    }
    if (this.#known.people.size > peopleMax) this.#known = { ...this.#known, people: new Map() };
    return this.#known;
  }

  /** Counts events as waiting, while they are sealed and written, until the returned function is called. */
  reserve(events: number): () => void {
    this.#waitingEvents += events;
    return () => {
      this.#waitingEvents -= events;
    };
  }

  /** Resolves once the events are committed; throws Outdated where somebody was erased before their turn came. */
  add(events: readonly Prepared[], erasures: number): Promise<Verdict[]> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ events, erasures, resolve, reject });
      this.#start();
    });
  }

  /** Forgets what it remembers of the ledger and of persons, before the next batch. */
  forget(): void {
    this.#known = undefined;
    this.#isSpoilt = true;
  }

  #start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run().finally(() => {
      this.#isRunning = false;
      if (this.#queue.length + this.#alone.length > 0) this.#start();
    });
  }

  #take(): Waiting[] {
    const one = this.#alone.shift();
    if (one !== undefined) return [one];
    const taken: Waiting[] = [];
    let events = 0;
    for (const waiting of this.#queue) {
      if (taken.length > 0 && events + waiting.events.length > limits.commitEvents) break;
      taken.push(waiting);
      events += waiting.events.length;
    }
    this.#queue.splice(0, taken.length);
    return taken;
  }

  /** Sends back whose persons were looked up before somebody was erased. */
  #current(taken: readonly Waiting[]): Waiting[] {
    return taken.filter(({ erasures, reject }) => {
      const isCurrent = erasures === this.#known?.erasures;
      if (!isCurrent) reject(new Outdated("somebody was erased meanwhile"));
      return isCurrent;
    });
  }

  async #run(): Promise<void> {
    // One turn of the event loop lets requests that arrived together share the first commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length + this.#alone.length > 0) {
      if (this.#isSpoilt || this.#cache.isFull || this.#alone.length > 0) await this.#settle();
      const mustLock = this.#alone.length > 0 || this.#cautious > 0 || this.#cache.head === undefined;
      const taken = this.#current(this.#take());
      const [first] = taken;
      if (first === undefined) continue;
      const events = taken.flatMap((waiting) => waiting.events);
      if (mustLock) await this.#locked(taken, events, first.erasures);
      else await this.#ahead(taken, events);
    }
  }

  /** Waits for the batch that is being written and puts the cache in order. */
  async #settle(): Promise<void> {
    await this.#writing;
    if (this.#isSpoilt || this.#cache.isFull) this.#cache.clear();
    this.#isSpoilt = false;
  }

  async #locked(taken: readonly Waiting[], events: readonly Prepared[], erasures: number): Promise<void> {
    await this.#settle();
    if (this.#cautious > 0) this.#cautious -= 1;
    const { db, market, now } = this.#options;
    await this.#commit(taken, () => commitLocked({ db, market, cache: this.#cache }, now(), erasures, events));
  }

  /** Folds while the batch before is being written, then begins to write. */
  async #ahead(taken: readonly Waiting[], events: readonly Prepared[]): Promise<void> {
    const { db, market, now } = this.#options;
    const cache = this.#cache;
    let folded: Folded | undefined;
    try {
      folded = cache.head && (await foldBatch({ db, market, cache }, cache.head, events));
    } catch {
      this.#isSpoilt = true;
    }
    await this.#writing;
    if (folded === undefined || this.#isSpoilt) {
      this.#queue.unshift(...taken);
      // What cannot be folded is told why behind the lock.
      this.#cautious = Math.max(this.#cautious, 1);
      return;
    }
    const { verdicts } = folded;
    const batch = folded;
    this.#writing = this.#commit(taken, async () => {
      await writeBatch(db, market, now(), batch);
      return verdicts;
    }).finally(() => {
      this.#writing = undefined;
    });
  }

  /** Answers each of those who share a batch; if it fails, who was alone is told why and the others try again. */
  async #commit(taken: readonly Waiting[], work: () => Promise<Verdict[]>): Promise<void> {
    const began = performance.now();
    try {
      const verdicts = await work();
      const accepted = verdicts.filter(({ verdict }) => verdict === "accepted").length;
      this.#options.onCommit?.(this.#options.market, accepted, performance.now() - began);
      let from = 0;
      for (const { events, resolve } of taken) {
        resolve(verdicts.slice(from, from + events.length));
        from += events.length;
      }
    } catch (error) {
      this.#isSpoilt = true;
      if (error instanceof Overtaken) {
        this.#cautious = cautiousBatches;
        this.#queue.unshift(...taken);
      } else if (error instanceof Outdated) {
        this.forget();
        for (const { reject } of taken) reject(error);
      } else if (taken.length > 1) this.#alone.push(...taken);
      else taken[0]?.reject(asError(error));
      this.#start();
    }
  }
}
