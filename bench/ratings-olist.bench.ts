import { dayText, metricNamed } from "@probity/contract";
import type { FactColumns } from "@probity/kernels/stats/decayed-sums";
import { wilsonLower } from "@probity/kernels/stats/intervals";
import { compilePolicy, defaultPolicies, fitEpoch, rateAll } from "../packages/engine/src/ratings/index.ts";
import { dataFolder, readFlags, say, UsageError } from "./flags.ts";
import { Forecasts, rounded } from "./forecasts.ts";
import { MerchantFacts, olistLayout, type Outcome, outcomesOf, readOlistEvents } from "./olist-data.ts";

export const usage =
  "--data DIR    late dispatch and low reviews of the next 30 days, foretold month by month on Olist";

const dayMs = 86_400_000;
const aheadDays = 30;
const outcomesMin = 200;
const z = 1.959_964;
const million = 1_000_000;

const targets = [
  {
    name: "dispatch",
    indicator: "dispatch-in-time",
    metric: metricNamed("dispatch-in-time").no,
    of: (outcome: Outcome) => outcome.late,
  },
  {
    name: "low_score",
    indicator: "review-not-low",
    metric: metricNamed("review-not-low").no,
    of: (outcome: Outcome) => outcome.low,
  },
] as const;
const methods = ["", "_star_average", "_wilson", "_bayesian"] as const;
type Scores = Record<(typeof methods)[number], number>;

/** First days of months, UTC, between two days. */
function monthStarts(fromDay: number, toDay: number): number[] {
  const days: number[] = [];
  const first = new Date(fromDay * dayMs);
  for (let month = first.getUTCFullYear() * 12 + first.getUTCMonth() + 1; ; month += 1) {
    const day = Date.UTC(Math.floor(month / 12), month % 12, 1) / dayMs;
    if (day > toDay) return days;
    days.push(day);
  }
}

function cutoffsOf(outcomes: readonly Outcome[]): number[] {
  const placed = outcomes.map(({ placedDay }) => placedDay);
  const [first, last] = placed.reduce(
    ([least, most], day) => [Math.min(least, day), Math.max(most, day)],
    [Infinity, -Infinity],
  );
  if (!Number.isFinite(first)) return [];
  return monthStarts(first, last).filter((day) => {
    const after = outcomes.filter(({ placedDay }) => placedDay >= day && placedDay < day + aheadDays);
    return targets.every(({ of }) => after.filter((outcome) => of(outcome) !== undefined).length >= outcomesMin);
  });
}

/** Stars of every merchant at face value, from the facts: Σ (stars − 1)/4, reviews, not low. */
function starSums(
  columns: FactColumns,
  merchants: number,
): { count: Float64Array; value: Float64Array; notLow: Float64Array } {
  const [count, value, notLow] = [
    new Float64Array(merchants),
    new Float64Array(merchants),
    new Float64Array(merchants),
  ];
  const [stars, low] = [metricNamed("review-stars").no, metricNamed("review-not-low").no];
  for (let row = 0; row < columns.rows; row += 1) {
    const merchant = columns.subject[row]!;
    if (columns.metric[row] === stars) {
      count[merchant]! += columns.n[row]! / 1_000;
      value[merchant]! += columns.x[row]! / 1_000;
    } else if (columns.metric[row] === low) notLow[merchant]! += columns.x[row]! / 1_000;
  }
  return { count, value, notLow };
}

const bayesianWeight = 7;

/** Risk that a method sees in a merchant, higher is worse. */
function simpleRisks(columns: FactColumns, merchants: number): (merchant: number) => Omit<Scores, ""> {
  const { count, value, notLow } = starSums(columns, merchants);
  const all =
    value.reduce((sum, part) => sum + part, 0) /
    Math.max(
      1,
      count.reduce((sum, part) => sum + part, 0),
    );
  return (merchant) => {
    const [n, sum] = [count[merchant]!, value[merchant]!];
    return {
      _star_average: -(n > 0 ? sum / n : all),
      _wilson: -wilsonLower(Math.min(n, notLow[merchant]!), n, z),
      _bayesian: -(sum + bayesianWeight * all) / (n + bayesianWeight),
    };
  };
}

/** Forecasts by target and method. */
type Pools = Map<string, Forecasts>;

function poolOf(pools: Pools, key: string): Forecasts {
  const pool = pools.get(key) ?? new Forecasts();
  pools.set(key, pool);
  return pool;
}

/**
 * Chance that of two orders of the same month the one that went wrong was thought worse: AUCs of the months, weighted by
 * their pairs. Pairs across months would measure how lateness moves with the season, which no seller's past can tell.
 */
function aucWithin(months: readonly Pools[], key: string): number {
  let [sum, pairs] = [0, 0];
  for (const month of months) {
    const pool = poolOf(month, key);
    if (!pool.bothHappen) continue;
    const weight = pool.happened * (pool.count - pool.happened);
    sum += weight * pool.auc();
    pairs += weight;
  }
  return sum / pairs;
}

/** Merchants of whom a judged promise and a review are known. */
function merchantsWithPast(columns: FactColumns, merchants: number): Uint8Array {
  const seen = new Uint8Array(merchants);
  for (let row = 0; row < columns.rows; row += 1) {
    const place = targets.findIndex(({ metric }) => metric === columns.metric[row]);
    if (place >= 0 && columns.n[row]! > 0) seen[columns.subject[row]!]! |= 1 << place;
  }
  return seen.map((kinds) => (kinds === (1 << targets.length) - 1 ? 1 : 0));
}

const compiled = compilePolicy(defaultPolicies.merchant);

/** Forecasts at one cut-off: priors and facts as of its morning, outcomes of orders placed in the days after. */
function foretell(
  facts: MerchantFacts,
  cutoff: number,
  outcomes: readonly Outcome[],
): { orders: number; pools: Pools } {
  facts.advance(cutoff * dayMs);
  const yesterday = cutoff - 1;
  const merchants = facts.merchants.size;
  const columns = facts.columns(yesterday);
  // The importer knows a seller's category from all its sales, later ones too: here nobody has one.
  const categories = { names: [], of: new Int32Array(merchants).fill(-1) };
  const priors = fitEpoch(compiled, columns, categories, yesterday);
  const ratings = rateAll(compiled, priors, columns, categories, yesterday);
  const risks = simpleRisks(columns, merchants);
  const past = merchantsWithPast(columns, merchants);
  const pools: Pools = new Map();
  let orders = 0;
  for (const outcome of outcomes) {
    const merchant = facts.merchants.get(outcome.merchant);
    const isAhead = outcome.placedDay >= cutoff && outcome.placedDay < cutoff + aheadDays;
    if (!isAhead || merchant === undefined || past[merchant] === 0) continue;
    orders += 1;
    const simple = risks(merchant);
    for (const { name, indicator, of } of targets) {
      const happened = of(outcome);
      if (happened === undefined) continue;
      const place = compiled.indicators.findIndex(({ source }) => source.id === indicator);
      const rated = ratings.mean[merchant * compiled.indicators.length + place]!;
      const chance = 1 - (rated >= 0 ? rated : priors.indicators[place]!.marketplace.mean) / million;
      for (const [method, score] of Object.entries({ "": chance, ...simple }))
        poolOf(pools, name + method).add(score, happened);
    }
  }
  const parts = targets.map(({ name }) => {
    const pool = poolOf(pools, name);
    return `${name} ${pool.happened} of ${pool.count}, AUC ${methods
      .map((method) =>
        poolOf(pools, name + method)
          .auc()
          .toFixed(3),
      )
      .join(" / ")}`;
  });
  say(`${dayText(cutoff)}: ${orders} orders; ${parts.join("; ")}`);
  return { orders, pools };
}

function together(months: readonly Pools[], key: string): Forecasts {
  const all = new Forecasts();
  for (const month of months) all.addAll(poolOf(month, key));
  return all;
}

/**
 * At the start of every month that is followed by enough outcomes: priors and facts as known by then, forecasts for
 * every order of the next 30 days at sellers with a past, from that past alone.
 */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { data: "", seed: 1 });
  const events = await readOlistEvents(dataFolder(flags.data, olistLayout));
  const outcomes = outcomesOf(events);
  const cutoffs = cutoffsOf(outcomes);
  if (cutoffs.length === 0)
    throw new UsageError(`No month of this data is followed by ${outcomesMin} outcomes of each kind`);
  const facts = new MerchantFacts(events);
  say("AUCs: posterior mean / star average / Wilson / Bayesian average");
  const foretold = cutoffs.map((cutoff) => foretell(facts, cutoff, outcomes));
  const months = foretold.map(({ pools }) => pools);
  const result: Record<string, number> = {};
  const both = new Forecasts();
  for (const { name } of targets) {
    for (const method of methods) result[`auc_${name}${method}`] = rounded(aucWithin(months, name + method));
    both.addAll(together(months, name));
    say(
      `${name}: AUC over all months in one pool ${methods
        .map((method) =>
          together(months, name + method)
            .auc()
            .toFixed(3),
        )
        .join(" / ")}`,
    );
  }
  result["log_loss"] = rounded(both.logLoss());
  result["calibration_error"] = rounded(both.calibrationError());
  for (const { name } of targets) {
    result[`log_loss_${name}`] = rounded(together(months, name).logLoss());
    result[`calibration_error_${name}`] = rounded(together(months, name).calibrationError());
  }
  const orders = foretold.reduce((sum, month) => sum + month.orders, 0);
  return {
    ...result,
    first_cutoff_day: cutoffs[0]!,
    last_cutoff_day: cutoffs.at(-1)!,
    cutoffs: cutoffs.length,
    orders,
  };
}
