import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** Prometheus metrics of one process; units last in their names. */
export interface Metrics {
  readonly registry: Registry;
  readonly events: Counter<"marketplace" | "verdict">;
  readonly commitSeconds: Histogram<"marketplace">;
  readonly requestSeconds: Histogram<"method" | "route" | "status">;
  readonly ratings: Counter<"marketplace" | "kind">;
  readonly ratingLagEvents: Gauge<"marketplace">;
  readonly judged: Counter<"marketplace" | "occasion">;
  readonly judgeSeconds: Histogram<"marketplace" | "occasion">;
  readonly logEntries: Counter<"marketplace">;
  readonly sealSeconds: Histogram<"marketplace">;
  readonly jobErrors: Counter<"job">;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    events: new Counter({
      name: "probity_ledger_events_total",
      help: "Events by verdict",
      labelNames: ["marketplace", "verdict"],
      registers,
    }),
    commitSeconds: new Histogram({
      name: "probity_ledger_commit_seconds",
      help: "Duration of group commits",
      labelNames: ["marketplace"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    requestSeconds: new Histogram({
      name: "probity_http_request_seconds",
      help: "Duration of requests by route",
      labelNames: ["method", "route", "status"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    ratings: new Counter({
      name: "probity_ratings_total",
      help: "Ratings computed",
      labelNames: ["marketplace", "kind"],
      registers,
    }),
    ratingLagEvents: new Gauge({
      name: "probity_ratings_lag_events",
      help: "Events of the ledger that ratings do not show yet",
      labelNames: ["marketplace"],
      registers,
    }),
    judged: new Counter({
      name: "probity_authenticity_judged_total",
      help: "Reviews, orders and followers judged: as they came in (live), or again with hindsight (batch)",
      labelNames: ["marketplace", "occasion"],
      registers,
    }),
    judgeSeconds: new Histogram({
      name: "probity_authenticity_judge_seconds",
      help: "Duration of judging what came in together (live), and of whole runs (batch)",
      labelNames: ["marketplace", "occasion"],
      buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 20, 60, 300],
      registers,
    }),
    ...logMetrics(registers),
    jobErrors: new Counter({
      name: "probity_job_errors_total",
      help: "Failed runs of jobs",
      labelNames: ["job"],
      registers,
    }),
  };
}

function logMetrics(registers: Registry[]): Pick<Metrics, "logEntries" | "sealSeconds"> {
  return {
    logEntries: new Counter({
      name: "probity_log_entries_total",
      help: "Entries integrated into the public log",
      labelNames: ["marketplace"],
      registers,
    }),
    sealSeconds: new Histogram({
      name: "probity_log_seal_seconds",
      help: "Duration of integrating entries and signing a checkpoint",
      labelNames: ["marketplace"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
  };
}
