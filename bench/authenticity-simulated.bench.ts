import type { AssessedKind } from "@probity/contract";
import { scenarios, type Scenario, type Truth } from "@probity/simulator";
import { type MarketAssessment, assessMarket, type Judges } from "../packages/engine/src/authenticity/assess-market.ts";
import { attackEffect, defaultJudges } from "../packages/engine/src/authenticity/attacks.fixture.ts";
import { doubtScores, genuineFrom, weightOf } from "../packages/engine/src/authenticity/judge.ts";
import { defaultWordReader } from "../packages/engine/src/authenticity/word-reader.ts";
import {
  type SimulatedMarket,
  simulateEvidence,
  truthOf,
  withOnlookers,
} from "../packages/engine/src/main/commands/simulated-lessons.ts";
import { readFlags, say } from "./flags.ts";
import { rounded } from "./forecasts.ts";

export const usage = "[--markets 6] [--attacks 2]    what the default model finds in marketplaces that it never saw";

/** Marketplaces and shops that no lesson has: other sizes, other seeds. */
const sizes = [
  { merchants: 80, orders: 9_000, days: 240, shoppers: 3_000 },
  { merchants: 50, orders: 5_000, days: 180, shoppers: 2_500 },
  { merchants: 150, orders: 10_000, days: 300, shoppers: 5_000 },
] as const;
/** Share of genuine followers who do nothing else: without them an account without orders would be a bought one. */
const onlookers = 0.4;
const unseenSeed = 77_000_000;
const falseDiscoveryMax = 0.01;

/** One marketplace, judged. */
interface Judged {
  readonly market: SimulatedMarket;
  readonly days: number;
  readonly assessment: MarketAssessment;
  readonly scores: Readonly<Record<AssessedKind, Int32Array>>;
  readonly truth: Readonly<Record<AssessedKind, Int8Array>>;
}

const kinds: readonly AssessedKind[] = ["review", "order", "follow"];
const byKind = <T>(of: (kind: AssessedKind) => T): Record<AssessedKind, T> => ({
  review: of("review"),
  order: of("order"),
  follow: of("follow"),
});

function judgeMarket(place: number, seed: number, crooks: boolean, judges: Judges): Judged {
  const size = sizes[place % sizes.length] as (typeof sizes)[number];
  const own = unseenSeed + 1_000 * seed + place;
  const lived = simulateEvidence({ ...size, seed: own, crooks }, defaultWordReader());
  const market = withOnlookers(lived, onlookers, own);
  const assessment = assessMarket(market.evidence, judges);
  return {
    market,
    days: size.days,
    assessment,
    scores: byKind((kind) => doubtScores(judges[kind], assessment.tables[kind])),
    truth: byKind((kind) => truthOf(market, kind)),
  };
}

/** The least doubt from which on at most a hundredth of what is flagged is genuine, over all marketplaces. */
function thresholdOf(all: readonly Judged[], kind: AssessedKind): number {
  const rows = all.flatMap(({ scores, truth }) =>
    [...truth[kind]].flatMap((label, row) => (label === -1 ? [] : [{ score: scores[kind][row] as number, label }])),
  );
  rows.sort((a, b) => b.score - a.score || a.label - b.label);
  let [threshold, genuine] = [Number.POSITIVE_INFINITY, 0];
  rows.forEach(({ score, label }, place) => {
    if (label === 0) genuine += 1;
    if (rows[place + 1]?.score !== score && genuine <= falseDiscoveryMax * (place + 1)) threshold = score;
  });
  return threshold;
}

class Recall {
  found = 0;
  all = 0;

  add(isFound: boolean): void {
    this.all += 1;
    if (isFound) this.found += 1;
  }

  get share(): number {
    return this.all === 0 ? Number.NaN : this.found / this.all;
  }
}

/** What an item's attack is called here; undefined where it is genuine or nobody's. */
function attackOf(
  { ids, truth }: SimulatedMarket,
  kind: AssessedKind,
  row: number,
): { attack: string; ring?: string } | undefined {
  if (kind === "follow") {
    const [target, user] = ids.follows[row] as readonly [string, string];
    const ring = truth.followers.get(`${user} ${target.slice(1)}`);
    return ring === undefined ? undefined : { attack: "followers", ring };
  }
  if (kind === "order") {
    const fake = truth.orders.get((ids.orders[row] as readonly [string, string])[1]);
    return fake?.role === "brushing" || fake?.role === "farm"
      ? { attack: `${fake.role}-orders`, ring: fake.ring }
      : undefined;
  }
  const fake = truth.reviews.get((ids.reviews[row] as readonly [string, string])[1]);
  return fake === undefined
    ? undefined
    : { attack: `${fake.attack}-reviews`, ...(fake.ring === undefined ? {} : { ring: fake.ring }) };
}

/** Recall at the false discovery rate by attack, and by how thick the ring was and how it hid. */
function recalls(all: readonly Judged[]): { byAttack: Map<string, Recall>; byShape: Map<string, Recall> } {
  const [byAttack, byShape] = [new Map<string, Recall>(), new Map<string, Recall>()];
  const count = (into: Map<string, Recall>, key: string, isFound: boolean): void => {
    const recall = into.get(key) ?? new Recall();
    into.set(key, recall);
    recall.add(isFound);
  };
  for (const kind of kinds) {
    const threshold = thresholdOf(all, kind);
    for (const { market, scores, truth } of all) {
      truth[kind].forEach((label, row) => {
        const found = label === 1 ? attackOf(market, kind, row) : undefined;
        if (found === undefined) return;
        const isFound = (scores[kind][row] as number) >= threshold;
        count(byAttack, found.attack, isFound);
        const ring = market.truth.rings.get(found.ring ?? "");
        if (ring === undefined || ring.kind === "bought-followers" || ring.kind === "bad-mouthing") return;
        for (const shape of [`density ${ring.density}`, `camouflage ${ring.camouflage}`, ring.wording])
          count(byShape, `${found.attack}, ${shape}`, isFound);
      });
    }
  }
  return { byAttack, byShape };
}

/** Shops that do not cheat: nobody stages anything for them. */
function honestShops({ merchants, rings }: Truth): Set<string> {
  const clients = new Set([...rings.values()].flatMap(({ kind, targets }) => (kind === "bad-mouthing" ? [] : targets)));
  return new Set([...merchants.keys()].filter((id) => merchants.get(id)?.kind !== "fraudulent" && !clients.has(id)));
}

/** Honest shops of which something genuine does not count, and rings most of whose members are in none. */
function falseAlarms({ market, assessment, truth }: Judged): { alarms: number; rings: number; years: number } {
  const { ids, truth: whole } = market;
  const shops = honestShops(whole);
  const wronged = new Set<string>();
  const owner = byKind((kind) =>
    kind === "follow"
      ? ids.follows.map(([target]) => target.slice(1))
      : ids[kind === "order" ? "orders" : "reviews"].map(([merchant]) => merchant),
  );
  for (const kind of kinds) {
    truth[kind].forEach((label, row) => {
      const reliability = assessment.reliability[kind][row] as number;
      const counts = kind === "review" ? weightOf(reliability) > 0 : reliability >= genuineFrom;
      if (label === 0 && !counts && shops.has(owner[kind][row] as string)) wronged.add(owner[kind][row] as string);
    });
  }
  const crooked = new Set([...whole.rings.values()].flatMap(({ members }) => members));
  const rings = assessment.rings.filter(
    ({ members }) => [...members].filter((who) => crooked.has(ids.people[who] as string)).length < members.length / 2,
  ).length;
  return { alarms: wronged.size, rings, years: 0 };
}

/** Share of genuine reviews that count less, among bad ones and among good ones. */
function suppression(all: readonly Judged[]): { bad: number; good: number } {
  const [bad, good] = [new Recall(), new Recall()];
  for (const { market, assessment, truth } of all) {
    truth.review.forEach((label, row) => {
      if (label !== 0) return;
      const stars = market.evidence.reviews.stars[row] as number;
      const isReduced = weightOf(assessment.reliability.review[row] as number) < 1_000;
      if (stars <= 2) bad.add(isReduced);
      if (stars >= 4) good.add(isReduced);
    });
  }
  return { bad: bad.share, good: good.share };
}

interface Case {
  readonly name: string;
  readonly build: (seed: number) => {
    readonly scenario: Scenario;
    readonly subjects: readonly string[];
    readonly day: number;
  };
}

const cases: readonly Case[] = [
  {
    name: "brushing",
    build: (seed) => {
      const scenario = scenarios.brushingRing({ seed });
      return { scenario, subjects: [scenario.merchants.client], day: scenario.days.after };
    },
  },
  {
    name: "farm",
    build: (seed) => {
      const scenario = scenarios.reviewFarm({ seed });
      const { client, second, third } = scenario.merchants;
      return { scenario, subjects: [client, second, third], day: scenario.days.after };
    },
  },
  {
    name: "followers",
    build: (seed) => {
      const scenario = scenarios.boughtFollowers({ seed });
      return { scenario, subjects: [scenario.merchants.client], day: scenario.days.after };
    },
  },
  {
    name: "badmouth",
    build: (seed) => {
      const scenario = scenarios.competitorAttack({ seed });
      return { scenario, subjects: [scenario.merchants.target], day: scenario.days.after };
    },
  },
];

function attackFigures(seed: number, count: number, judges: Judges): Record<string, number> {
  const out: Record<string, number> = {};
  let loss = 0;
  for (const { name, build } of cases) {
    let [without, left] = [0, 0];
    for (let turn = 0; turn < count; turn += 1) {
      const { scenario, subjects, day } = build(unseenSeed + 100 * seed + turn);
      const effect = attackEffect(scenario, subjects, day, judges);
      without += effect.without / count;
      left += effect.with / count;
      loss += effect.honestLoss / count / cases.length;
      say(
        `${name}: ${effect.without.toFixed(1)} points without, ${effect.with.toFixed(1)} with; others lose ${(100 * effect.honestLoss).toFixed(2)} %, at most ${(100 * effect.honestLossMax).toFixed(2)} %`,
      );
    }
    out[`gain_${name}_without`] = without;
    out[`gain_${name}_with`] = left;
  }
  return { ...out, honest_loss: loss };
}

/** Judges marketplaces with crooks for recall, with and without for false alarms, and scenarios for the effect on ratings. */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const { seed, markets, attacks } = readFlags(args, { seed: 1, markets: 6, attacks: 2 });
  const judges = defaultJudges();
  const crooked = Array.from({ length: markets }, (_, place) => judgeMarket(place, seed, true, judges));
  const honest = Array.from({ length: Math.ceil(markets / 3) }, (_, place) =>
    judgeMarket(100 + place, seed, false, judges),
  );
  const { byAttack, byShape } = recalls(crooked);
  for (const [name, recall] of [...byAttack, ...[...byShape].sort(([a], [b]) => (a < b ? -1 : 1))])
    say(`${name}: ${(100 * recall.share).toFixed(1)} % of ${recall.all}`);
  let [alarms, rings, years] = [0, 0, 0];
  for (const judged of [...crooked, ...honest]) {
    const found = falseAlarms(judged);
    alarms += found.alarms;
    rings += found.rings;
    years += (honestShops(judged.market.truth).size * judged.days) / 365;
  }
  const share = (attack: string): number => byAttack.get(attack)?.share ?? Number.NaN;
  const { bad, good } = suppression([...crooked, ...honest]);
  say(`${alarms} honest shops wronged and ${rings} false rings in ${years.toFixed(0)} years of shops`);
  const figures = {
    recall_brushing: share("brushing-orders"),
    recall_farm: share("farm-reviews"),
    recall_followers: share("followers"),
    recall_badmouth: share("bad-mouthing-reviews"),
    recall_brushing_reviews: share("brushing-reviews"),
    recall_farm_orders: share("farm-orders"),
    recall_bribed: share("bribed-reviews"),
    false_alarms_per_merchant_year: (alarms + rings) / years,
    false_rings: rings,
    reduced_bad_reviews: bad,
    reduced_good_reviews: good,
    ...attackFigures(seed, attacks, judges),
  };
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, rounded(value)]));
}
