import { metricNamed } from "@probity/contract";
import type { FactColumns } from "@probity/kernels/stats/decayed-sums";
import type { CompiledPolicy } from "../packages/engine/src/ratings/index.ts";
import { Random } from "./random.ts";

/** Numbers in storage of the metrics that a policy asks for. */
export function askedMetrics({ plan }: CompiledPolicy): number[] {
  return Array.from({ length: plan.seriesFrom.length - 1 }, (_, no) => no).filter(
    (no) => plan.seriesFrom[no + 1]! > plan.seriesFrom[no]!,
  );
}

const weighted = new Set(["review-stars", "review-not-low"].map((name) => metricNamed(name).no));

/** Counters of one metric on one day: mostly good, weights in thousandths where the metric has them. */
export function drawCounter(random: Random, metric: number): { n: number; x: number } {
  const occurrences = 1 + random.below(3);
  const unit = weighted.has(metric) ? 1_000 : 1;
  const bad = random.below(12) === 0 ? 1 : 0;
  return { n: occurrences * unit, x: (occurrences - bad) * unit };
}

/** Merchants trade on few days or on many: shares of days with trade follow a heavy tail with the mean wanted. */
function activities(random: Random, merchants: number, mean: number): Float64Array {
  // Pareto with exponent 1.2, then scaled: a twentieth of the merchants makes about half of the rows.
  const raw = Float64Array.from({ length: merchants }, () => Math.min(400, (1 - random.next()) ** (-1 / 1.2)));
  let scale = 1;
  for (let step = 0; step < 30; step += 1) {
    const now = raw.reduce((sum, value) => sum + Math.min(1, value * scale), 0) / merchants;
    scale *= mean / now;
  }
  return raw.map((value) => Math.min(1, value * scale));
}

/** Metrics with a counter on a day with trade, on average. */
const metricsPerDay = 8;

/**
 * About `rows` counters of a made-up marketplace, in order of days as a ledger would have made them. The first days are
 * `lastDay − days + 1` and so on.
 */
export function makeFactRows(
  seed: number,
  merchants: number,
  days: number,
  rows: number,
  lastDay: number,
  metrics: readonly number[],
): FactColumns {
  const random = new Random(seed);
  const perDay = Math.min(metricsPerDay, metrics.length);
  const active = activities(random, merchants, Math.min(1, rows / (merchants * days * perDay)));
  const room = Math.ceil(rows * 1.05) + metrics.length;
  const columns = {
    subject: new Int32Array(room),
    metric: new Int16Array(room),
    day: new Int32Array(room),
    n: new Float64Array(room),
    x: new Float64Array(room),
  };
  let made = 0;
  for (let day = lastDay - days + 1; day <= lastDay; day += 1) {
    for (let merchant = 0; merchant < merchants; merchant += 1) {
      if (random.next() >= active[merchant]!) continue;
      // A run of metrics from a random place: distinct ones without a draw for each.
      const first = random.below(metrics.length);
      const count = Math.min(metrics.length, 1 + random.below(2 * perDay - 1), room - made);
      for (let step = 0; step < count; step += 1) {
        const metric = metrics[(first + step) % metrics.length]!;
        const { n, x } = drawCounter(random, metric);
        columns.subject[made] = merchant;
        columns.metric[made] = metric;
        columns.day[made] = day;
        columns.n[made] = n;
        columns.x[made] = x;
        made += 1;
      }
    }
  }
  const { subject, metric, day, n, x } = columns;
  return {
    rows: made,
    subject: subject.subarray(0, made),
    metric: metric.subarray(0, made),
    day: day.subarray(0, made),
    n: n.subarray(0, made),
    x: x.subarray(0, made),
  };
}
