import type { Logger } from "pino";
import type { Db } from "../platform/db.ts";
import { listMarketplaces } from "../platform/marketplace.store.ts";
import type { Metrics } from "../platform/metrics.ts";
import type { RatingsJob } from "../ratings/ratings.jobs.ts";

export interface WorkerParts {
  readonly db: Db;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly ratings: RatingsJob;
}

const idleMs = 1_000;
/** PGlite has no autovacuum: this process does it. */
const maintainEveryMs = 3_600_000;

/** Runs the jobs of all marketplaces until it is disposed; a failed run is logged, counted and tried again. */
export class Worker implements AsyncDisposable {
  readonly #parts: WorkerParts;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  #maintainedMs = 0;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#loop = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const busy = await this.#round();
      if (!busy) await this.#pause();
    }
  }

  #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, idleMs);
    this.#stop.signal.addEventListener("abort", () => resolve(), { once: true });
    return promise.finally(() => clearTimeout(timer));
  }

  async #round(): Promise<boolean> {
    const { db, log, metrics, ratings } = this.#parts;
    let busy = false;
    try {
      for (const market of await listMarketplaces(db)) {
        if (this.#stop.signal.aborted) break;
        await ratings.prepare(market);
        const run = await ratings.run(market);
        if (run !== undefined && run.rated > 0) {
          busy = true;
          log.debug({ marketplace: market.slug, ...run }, "rated");
        }
      }
      await this.#maintain();
    } catch (error) {
      metrics.jobErrors.inc({ job: "ratings" });
      log.error({ err: error }, "ratings run failed; it is tried again");
    }
    return busy;
  }

  async #maintain(): Promise<void> {
    const { db } = this.#parts;
    const nowMs = performance.now();
    if (db.engine !== "pglite" || nowMs - this.#maintainedMs < maintainEveryMs) return;
    this.#maintainedMs = nowMs;
    await db.script("VACUUM (ANALYZE)");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }
}
