import type { Logger } from "pino";
import type { AuthenticityJob } from "../authenticity/authenticity.jobs.ts";
import type { CredentialImporter } from "../credentials/importer.store.ts";
import type { Db } from "../platform/db.ts";
import type { Marketplace } from "../platform/marketplace.ts";
import { listMarketplaces } from "../platform/marketplace.store.ts";
import type { Metrics } from "../platform/metrics.ts";
import { tellErasures } from "../erasure/erasure.jobs.ts";
import type { Ledger } from "../ledger/group-commit.store.ts";
import type { LogJob } from "../log/log.jobs.ts";
import type { LogMirror } from "../log/mirror.jobs.ts";
import type { RatingsJob } from "../ratings/ratings.jobs.ts";

export interface WorkerParts {
  readonly db: Db;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly authenticity: AuthenticityJob;
  readonly ratings: RatingsJob;
  readonly publicLog: LogJob;
  readonly credentialImporter: CredentialImporter;
  readonly mirror: LogMirror | undefined;
  readonly config: { readonly log: { readonly checkpointMs: number } };
  /** Told of what this process commits. */
  readonly committed: Set<(market: Marketplace) => void>;
}

const idleMs = 1_000;
const credentialsEveryMs = 600_000;
/** PGlite has no autovacuum: this process does it. */
const maintainEveryMs = 3_600_000;

/**
 * Runs the jobs of all marketplaces until it is disposed; a failed run is logged, counted and tried again. Beside them,
 * whatever this process commits is followed at once, so that a review is judged as it comes in.
 */
export class Worker implements AsyncDisposable {
  readonly #parts: WorkerParts;
  readonly #stop = new AbortController();
  readonly #loops: readonly Promise<void>[];
  readonly #fresh = new Map<number, Marketplace>();
  #wake: () => void = () => undefined;
  #maintainedMs = 0;
  readonly #onCommit = (market: Marketplace): void => {
    this.#fresh.set(market.marketplaceId, market);
    this.#wake();
  };

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    parts.committed.add(this.#onCommit);
    this.#loops = [this.#run(), this.#follow(), this.#seal(), this.#checkCredentials()];
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const busy = await this.#round();
      if (!busy) await this.#pause(idleMs);
    }
  }

  /** Publishes checkpoints of all logs, one after the other. */
  async #seal(): Promise<void> {
    const { db, log, publicLog, mirror, config } = this.#parts;
    const told = new Map<string, string>();
    while (!this.#stop.signal.aborted) {
      await this.#attempt("log", async () => {
        for (const market of await listMarketplaces(db)) {
          if (this.#stop.signal.aborted) return;
          const { slug } = market;
          const sealing = await this.#attempt("log", () => publicLog.seal(market));
          if (sealing !== undefined && mirror !== undefined) await this.#attempt("mirror", () => mirror.write(market));
          const missing = sealing?.missing.join("; ") ?? "";
          if (missing !== (told.get(slug) ?? "")) log.warn({ marketplace: slug, missing }, "witnesses of the log");
          told.set(slug, missing);
        }
      });
      await this.#pause(config.log.checkpointMs);
    }
  }

  /** Takes back what other marketplaces have revoked. */
  async #checkCredentials(): Promise<void> {
    const { db, log, credentialImporter } = this.#parts;
    while (!this.#stop.signal.aborted) {
      await this.#attempt("credentials", async () => {
        for (const market of await listMarketplaces(db)) {
          if (this.#stop.signal.aborted) return;
          const failures = await this.#attempt("credentials", () => credentialImporter.check(market));
          for (const [id, why] of failures ?? [])
            log.warn({ marketplace: market.slug, import: id, why }, "an imported credential could not be checked");
        }
      });
      await this.#pause(credentialsEveryMs);
    }
  }

  /** Follows marketplaces that have committed something. */
  async #follow(): Promise<void> {
    const { authenticity } = this.#parts;
    while (!this.#stop.signal.aborted) {
      const [market] = this.#fresh.values();
      if (market === undefined) {
        await this.#nextCommit();
        continue;
      }
      this.#fresh.delete(market.marketplaceId);
      await this.#attempt("authenticity", () => authenticity.follow(market));
    }
  }

  #nextCommit(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    this.#stop.signal.addEventListener("abort", () => resolve(), { once: true });
    return promise;
  }

  #pause(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    this.#stop.signal.addEventListener("abort", () => resolve(), { once: true });
    return promise.finally(() => clearTimeout(timer));
  }

  async #attempt<T>(job: string, work: () => Promise<T>): Promise<T | undefined> {
    const { log, metrics } = this.#parts;
    try {
      return await work();
    } catch (error) {
      if (this.#stop.signal.aborted) return undefined;
      metrics.jobErrors.inc({ job });
      log.error({ err: error }, `${job} run failed; it is tried again`);
      return undefined;
    }
  }

  async #round(): Promise<boolean> {
    const { db, log, authenticity, ratings } = this.#parts;
    let busy = false;
    await this.#attempt("ratings", async () => {
      for (const market of await listMarketplaces(db)) {
        if (this.#stop.signal.aborted) break;
        const judged = await this.#attempt("authenticity", async () => {
          await authenticity.prepare(market);
          return authenticity.run(market, this.#stop.signal);
        });
        if (judged !== undefined && judged.judged > 0) log.debug({ marketplace: market.slug, ...judged }, "judged");
        await this.#attempt("erasure", () => tellErasures(this.#parts, market));
        await ratings.prepare(market);
        const run = await ratings.run(market);
        if (run !== undefined && run.rated > 0) {
          busy = true;
          log.debug({ marketplace: market.slug, ...run }, "rated");
        }
      }
      await this.#maintain();
    });
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
    this.#parts.committed.delete(this.#onCommit);
    this.#stop.abort();
    await Promise.all(this.#loops);
  }
}
