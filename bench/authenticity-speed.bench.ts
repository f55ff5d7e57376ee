import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildGraph } from "@probity/kernels/graph/csr";
import { mix32 } from "@probity/kernels/sketch/mix";
import { rowOrder } from "@probity/kernels/sort/row-order";
import {
  firstDoubts,
  type FirstLook,
  type Judges,
  secondLook,
} from "../packages/engine/src/authenticity/assess-market.ts";
import type { ColumnTable } from "../packages/engine/src/authenticity/column-table.ts";
import { defaultModel } from "../packages/engine/src/authenticity/default-model.ts";
import {
  emptyFollows,
  emptyOrders,
  emptyReviews,
  type MarketEvidence,
  signaturePlaces,
} from "../packages/engine/src/authenticity/evidence.ts";
import { followTable } from "../packages/engine/src/authenticity/follow-columns.ts";
import { beliefs, findTies, lookBack, unfairness } from "../packages/engine/src/authenticity/hindsight.ts";
import { readModelFile } from "../packages/engine/src/authenticity/judge-file.ts";
import { doubtScores, reliabilities } from "../packages/engine/src/authenticity/judge.ts";
import { findLikeness } from "../packages/engine/src/authenticity/likeness.ts";
import { orderTable } from "../packages/engine/src/authenticity/order-columns.ts";
import { tallyPeople } from "../packages/engine/src/authenticity/person-tallies.ts";
import { reviewTable } from "../packages/engine/src/authenticity/review-columns.ts";
import { othersOf, pairKeys, surpriseOf } from "../packages/engine/src/authenticity/tallies.ts";
import { findRings } from "../packages/engine/src/authenticity/rings.ts";
import { readFlags, say } from "./flags.ts";
import { rounded } from "./forecasts.ts";
import { Random } from "./random.ts";

export const usage =
  "[--reviews 1000000] [--orders 1000000] [--reviewers 200000]    seconds of judging a made-up marketplace whole";

const daySeconds = 86_400;
const span = 365 * daySeconds;
const start = 1_700_000_000;

/** Rings of so many accounts each, that order from one shop in a week and write the same words. */
const rings = 40;
const ringAccounts = 60;

interface Size {
  readonly reviews: number;
  readonly orders: number;
  readonly reviewers: number;
}

function makeOrders(count: number, people: number, merchants: number, random: Random): MarketEvidence["orders"] {
  const orders = emptyOrders(count);
  const honest = people - rings * ringAccounts;
  for (let row = 0; row < count; row += 1) {
    const isStaged = row % 400 === 0;
    const ring = isStaged ? random.below(rings) : -1;
    const who = isStaged
      ? honest + ring * ringAccounts + random.below(ringAccounts)
      : Math.floor(honest * random.next() ** 2);
    const merchant = isStaged ? ring * 7 : Math.floor(merchants * random.next() ** 3);
    orders.merchant[row] = merchant;
    orders.product[row] = merchant * 10 + random.below(10);
    const placed = start + (isStaged ? (ring / rings) * span + random.below(7 * daySeconds) : (row / count) * span);
    orders.placed[row] = placed;
    const delivered = placed + daySeconds * (1.2 + 4 * random.next());
    orders.shipped[row] = placed + daySeconds * (0.2 + random.next());
    orders.delivered[row] = delivered;
    orders.confirmed[row] = delivered + (isStaged ? 1_800 : daySeconds * 5 * random.next());
    orders.tracking[row] = random.next() < (isStaged ? 0.6 : 0.98) ? 1 : 0;
    orders.returned[row] = random.next() < (isStaged ? 0 : 0.05) ? 1 : 0;
    // One device and payer in twelve is a family's; addresses are of streets.
    orders.buyer[row] = who;
    const isFamily = mix32(who, 3) % 12 === 0;
    const device = isStaged ? people + ring * 5 + (who % 5) : isFamily ? who >> 1 : who;
    orders.device[row] = device;
    orders.payer[row] = device;
    orders.address[row] = who >> 2;
    orders.carrier[row] = mix32(merchant, 5) % 6;
  }
  return orders;
}

/** Most reviews are of orders; a tenth has words that others have too, a tenth none. */
function makeReviews(count: number, orders: MarketEvidence["orders"], random: Random): MarketEvidence["reviews"] {
  const reviews = emptyReviews(count);
  for (let row = 0; row < count; row += 1) {
    const order = row % orders.count;
    reviews.order[row] = order;
    reviews.reviewer[row] = orders.buyer[order] as number;
    reviews.merchant[row] = orders.merchant[order] as number;
    reviews.product[row] = orders.product[order] as number;
    reviews.posted[row] = (orders.delivered[order] as number) + daySeconds * 4 * random.next();
    reviews.stars[row] = random.next() < 0.8 ? 5 : 1 + random.below(5);
    const kind = random.next();
    reviews.chars[row] = kind < 0.1 ? 0 : 12 + random.below(80);
    reviews.sentiment[row] = kind < 0.1 ? -32_768 : (reviews.stars[row] as number) * 400 - 1_100;
    const text = kind < 0.2 ? 1 + random.below(2_000) : 10_000 + row;
    for (let place = 0; place < signaturePlaces; place += 1)
      reviews.signature[row * signaturePlaces + place] = kind < 0.1 ? 0xffff_ffff : mix32(text, place);
  }
  return reviews;
}

function makeMarket({ reviews, orders: orderCount, reviewers }: Size, random: Random): MarketEvidence {
  const merchants = Math.max(rings * 7 + 1, Math.floor(reviewers / 40));
  const people = Math.max(reviewers, 2 * rings * ringAccounts);
  const orders = makeOrders(orderCount, people, merchants, random);
  const follows = emptyFollows(reviewers);
  for (let row = 0; row < follows.count; row += 1) {
    follows.target[row] = Math.floor(merchants * random.next() ** 3);
    follows.user[row] = random.below(people);
    follows.followed[row] = start + random.next() * span;
    follows.active[row] = random.next() < 0.3 ? 1 : 0;
  }
  return {
    people,
    merchants,
    products: merchants * 10,
    targets: merchants,
    devices: people + rings * 5,
    payers: people + rings * 5,
    addresses: people,
    carriers: 6,
    orders,
    reviews: makeReviews(reviews, orders, random),
    follows,
  };
}

class Clock {
  readonly seconds: Record<string, number> = {};

  run<T>(name: string, work: () => T): T {
    const begun = performance.now();
    const found = work();
    this.seconds[`${name}_s`] = (performance.now() - begun) / 1_000;
    say(`${name} ${(this.seconds[`${name}_s`] as number).toFixed(2)} s, ${peakMb()} MB at most`);
    return found;
  }
}

const peakMb = (): number => Math.round(process.resourceUsage().maxRSS / 1_024);

/** The pipeline of `assessMarket`, step by step. */
function assess(evidence: MarketEvidence, judges: Judges, clock: Clock): FirstLook {
  const people = clock.run("people", () => tallyPeople(evidence));
  const like = clock.run("likeness", () => findLikeness(evidence));
  say(`${like.a.length} pairs of like reviews`);
  const order = clock.run("order_columns", () => orderTable(evidence, people, like.likesAtMerchant));
  const look: FirstLook = {
    people,
    like,
    tables: {
      review: clock.run("review_columns", () => reviewTable(evidence, people, like, order)),
      order,
      follow: clock.run("follow_columns", () => followTable(evidence, people)),
    },
  };
  const doubts = clock.run("first_scores", () => firstDoubts(look, judges));
  const second = clock.run("second_look", () => secondLook(evidence, look, doubts));
  say(`${second.rings.length} rings`);
  clock.run("second_scores", () => {
    for (const kind of ["review", "order", "follow"] as const) reliabilities(judges[kind], second.tables[kind]);
  });
  return look;
}

/** Four steps alone, for comparison with their twins in Python. */
function alone(evidence: MarketEvidence, judges: Judges, orders: ColumnTable): Record<string, number> {
  const { merchant, buyer, device, placed } = evidence.orders;
  const steps: Readonly<Record<string, () => unknown>> = {
    row_order: () => rowOrder(merchant, placed),
    others: () => othersOf(pairKeys(device, merchant, evidence.merchants), buyer),
    surprise: () => surpriseOf(merchant, placed, { halfS: 1.5 * daySeconds, usualS: 60 * daySeconds }),
    scores: () => doubtScores(judges.order, orders),
  };
  return Object.fromEntries(
    Object.entries(steps).map(([name, work]) => {
      const begun = performance.now();
      work();
      return [name, (performance.now() - begun) / 1_000];
    }),
  );
}

/** Seconds of the same steps in numpy and scipy; none where they are not installed. */
function pythonTwins(sizes: readonly number[]): Record<string, number> {
  const script = fileURLToPath(new URL("authenticity-speed.py", import.meta.url));
  const { status, stdout, stderr } = spawnSync("python3", [script, ...sizes.map(String)], { encoding: "utf8" });
  if (status === 0) return JSON.parse(stdout) as Record<string, number>;
  say(`no twins in Python: ${(stderr ?? "python3 does not start").trim().split("\n").at(-1)}`);
  return {};
}

/** How many times as long Python takes, by step. */
function compare(ours: Readonly<Record<string, number>>, twins: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(twins).map(([name, seconds]) => {
    const own = ours[name] as number;
    say(`${name}: ${own.toFixed(2)} s, in Python ${seconds.toFixed(2)} s`);
    return [`python_${name}_ratio`, seconds / own];
  });
}

/** Makes a marketplace as typed arrays, judges it, then takes the dearest steps of the second look one by one. */
export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { seed: 1, reviews: 1_000_000, orders: 1_000_000, reviewers: 200_000 });
  const evidence = makeMarket(flags, new Random(flags.seed));
  const judges = readModelFile(defaultModel);
  say(`${evidence.people} people, ${evidence.merchants} merchants; ${peakMb()} MB of evidence`);
  const clock = new Clock();
  const begun = performance.now();
  const look = assess(evidence, judges, clock);
  const seconds = (performance.now() - begun) / 1_000;
  const peak = peakMb();
  const doubts = firstDoubts(look, judges);
  const ties = clock.run("ties", () => findTies(evidence, look.like));
  say(`${ties.a.length} ties`);
  const graph = clock.run("graph", () => buildGraph(ties.a, ties.b, evidence.people));
  const hindsight = clock.run("look_back", () => lookBack(evidence, look.like, doubts));
  clock.run("belief", () => beliefs(graph, ties, hindsight.doubtOfPeople));
  clock.run("rev2", () => unfairness(evidence, hindsight.doubtOfPeople));
  clock.run("rings", () => findRings(evidence, look.people, doubts, ties));
  const { order } = look.tables;
  const twins = pythonTwins([order.rows, evidence.people, evidence.merchants, order.columns.length]);
  const ratios = Object.fromEntries(compare(alone(evidence, judges, order), twins));
  return Object.fromEntries(
    Object.entries({ seconds, peak_mb: peak, ...clock.seconds, ...ratios }).map(([name, value]) => [
      name,
      rounded(value),
    ]),
  );
}
