import { propagateBeliefs } from "@probity/kernels/graph/belief";
import { projectCoReviews } from "@probity/kernels/graph/co-review";
import { buildCsr, buildGraph, type Csr } from "@probity/kernels/graph/csr";
import { neighbourColumns, neighbourScratch, neighbourStatistics } from "@probity/kernels/graph/neighbours";
import { camouflageWeights, peel } from "@probity/kernels/graph/peel";
import { rev2, rev2Defaults, rev2State } from "@probity/kernels/graph/rev2";
import { rewire } from "@probity/kernels/graph/rewire";
import { midas, midasState } from "@probity/kernels/sketch/midas";
import { likePairs, signSet } from "@probity/kernels/sketch/min-hash";
import { densestWindow } from "@probity/kernels/stats/burst";
import { foldText } from "@probity/kernels/text/fold";
import { shingles } from "@probity/kernels/text/shingles";
import { fitTrees, treeDefaults } from "@probity/kernels/tree/boosted-trees";
import { binColumn, fitEdges, joinEdges } from "@probity/kernels/tree/bins";
import { fitGa2m, ga2mDefaults } from "@probity/kernels/tree/ga2m";
import { scoreGa2m } from "@probity/kernels/tree/ga2m-model";
import type { TrainingTable } from "@probity/kernels/tree/training";
import { shapTrees } from "@probity/kernels/tree/tree-shap";
import { readFlags, say } from "./flags.ts";
import { rounded } from "./forecasts.ts";
import { Random } from "./random.ts";

export const usage =
  "[--reviews 1000000] [--reviewers 200000]    seconds of each kernel of authenticity on a made-up market";

const [daySeconds, places] = [86_400, 32];

interface Market {
  readonly reviewers: number;
  readonly products: number;
  readonly reviewer: Int32Array;
  readonly product: Int32Array;
  readonly score: Float64Array;
  readonly time: Float64Array;
}

/** Heavy tails on both sides; reviews in order of time over a year. */
function makeMarket(reviews: number, reviewers: number, random: Random): Market {
  const products = Math.max(1, Math.floor(reviewers / 4));
  return {
    reviewers,
    products,
    reviewer: Int32Array.from({ length: reviews }, () => Math.floor(reviewers * random.next() ** 2)),
    product: Int32Array.from({ length: reviews }, () => Math.floor(products * random.next() ** 3)),
    score: Float64Array.from({ length: reviews }, () => (random.next() < 0.8 ? 1 : -1) * random.next()),
    time: Float64Array.from({ length: reviews }, (_, place) => (place * 365 * daySeconds) / reviews),
  };
}

class Clock {
  readonly seconds: Record<string, number> = {};

  run<T>(name: string, work: () => T): T {
    const begun = performance.now();
    const found = work();
    this.seconds[name] = (performance.now() - begun) / 1_000;
    say(`${name} ${this.seconds[name].toFixed(2)} s`);
    return found;
  }
}

function graphs({ reviewers, products, reviewer, product, score, time }: Market, clock: Clock, random: Random): Csr {
  const given = clock.run("csr", () => buildCsr(reviewer, product, reviewers, products));
  const pairs = clock.run("co_review", () =>
    projectCoReviews(reviewer, product, time, { window: daySeconds, partnersMax: 10 }),
  );
  const graph = buildGraph(pairs.a, pairs.b, reviewers, { degreeMax: 200 });
  say(`${pairs.a.length} pairs, ${pairs.capped} beyond the cap`);
  const [one, two] = [neighbourColumns(reviewers), neighbourColumns(reviewers)];
  const values = Float64Array.from({ length: reviewers }, () => random.next());
  clock.run("neighbours", () => neighbourStatistics(graph, values, neighbourScratch(reviewers), one, two));
  const ratings = {
    raters: reviewers,
    ratees: products,
    rater: reviewer,
    ratee: product,
    score,
    raterPrior: new Float64Array(reviewers).fill(0.5),
    rateePrior: new Float64Array(products),
  };
  clock.run("rev2", () => rev2(ratings, rev2Defaults, rev2State(ratings)));
  const whole = buildGraph(
    reviewer,
    product.map((item) => reviewers + item),
    reviewers + products,
  );
  const options = {
    compatibility: Float64Array.of(0.55, 0.45, 0.45, 0.55),
    damping: 0.3,
    roundsMax: 20,
    tolerance: 1e-3,
  };
  const prior = new Float64Array(whole.rows).fill(0.1);
  clock.run("belief", () => propagateBeliefs(whole, prior, undefined, options, new Float64Array(whole.rows)));
  clock.run("peel", () => peel(given, camouflageWeights(given)));
  clock.run("rewire", () => rewire(given, 2, () => random.next()));
  return given;
}

function streams({ reviewer, product, time, products }: Market, clock: Clock): void {
  const hours = Int32Array.from(time, (at) => 1 + Math.floor(at / 3_600));
  const state = midasState({ depth: 2, width: 4_096, decay: 0.5, seed: 1 });
  clock.run("midas", () => midas(state, reviewer, product, hours, new Float64Array(hours.length)));
  clock.run("burst", () => {
    const byProduct = buildCsr(product, Int32Array.from(product.keys()), products, product.length);
    let least = 1;
    for (let item = 0; item < products; item += 1) {
      const own = byProduct.targets.subarray(byProduct.offsets[item], byProduct.offsets[item + 1]);
      const times = Float64Array.from(own, (place) => time[place]!);
      if (times.length > 0)
        least = Math.min(least, densestWindow(times, daySeconds, times.length / (365 * daySeconds)).chance);
    }
    return least;
  });
}

function texts(count: number, clock: Clock, random: Random): void {
  const parts = [
    "很好",
    "物流快",
    "质量不错",
    "very good",
    "fast ",
    "ＧＯＯＤ",
    "👍🏽",
    "as described ",
    "会回购",
    "包装好",
  ];
  const written = Array.from({ length: count }, () =>
    Array.from({ length: 4 + random.below(8) }, () => parts[random.below(parts.length)]).join(
      random.below(9) === 0 ? " " : "",
    ),
  );
  const folded = clock.run("fold", () => written.map((text) => foldText(text)));
  const sets = clock.run("shingles", () => folded.map((text) => shingles(text, "character", 4)));
  const signatures = new Uint32Array(count * places);
  clock.run("sign", () => sets.forEach((set, place) => signSet(set, places, 1, signatures, place * places)));
  clock.run("like_pairs", () => likePairs(signatures, { places, bands: 8, partnersMax: 5, similarityMin: 0.8 }));
}

function learners(rows: number, clock: Clock, random: Random): void {
  const columns = Array.from({ length: 30 }, () => Float64Array.from({ length: rows }, () => random.next()));
  const edges = columns.map((column) => fitEdges(column, 256));
  const bins = new Uint8Array(rows * columns.length);
  clock.run("bins", () => columns.forEach((column, place) => binColumn(column, edges[place]!, bins, place * rows)));
  const labels = Uint8Array.from({ length: rows }, (_, row) =>
    columns[0]![row]! * columns[1]![row]! > 0.3 * random.next() + 0.4 ? 1 : 0,
  );
  const table: TrainingTable = { rows, columns: columns.length, bins, binning: joinEdges(edges), labels };
  const model = clock.run("ga2m_fit", () =>
    fitGa2m(table, { ...ga2mDefaults, bags: 2, roundsMax: 40, patience: 10, rate: 0.15 }),
  );
  clock.run("ga2m_score", () => scoreGa2m(model, bins, rows, new Int32Array(rows)));
  const trees = clock.run("trees_fit", () => fitTrees(table, { ...treeDefaults, bags: 1, treesMax: 60 }));
  const [own, out] = [new Uint8Array(columns.length), new Float64Array(columns.length)];
  clock.run("shap_1000", () => {
    for (let row = 0; row < Math.min(rows, 1_000); row += 1) {
      for (let column = 0; column < own.length; column += 1) own[column] = bins[column * rows + row]!;
      shapTrees(trees, own, out);
    }
  });
}

export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { reviews: 1_000_000, reviewers: 200_000, seed: 1 });
  const random = new Random(flags.seed);
  const clock = new Clock();
  const market = makeMarket(flags.reviews, Math.max(1, flags.reviewers), random);
  graphs(market, clock, random);
  streams(market, clock);
  texts(Math.ceil(flags.reviews / 10), clock, random);
  learners(Math.max(200, Math.ceil(flags.reviews / 20)), clock, random);
  const seconds = Object.entries(clock.seconds).map(([name, value]): [string, number] => [`${name}_s`, rounded(value)]);
  return {
    seconds: rounded(Object.values(clock.seconds).reduce((sum, value) => sum + value, 0)),
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1_024),
    ...Object.fromEntries(seconds),
  };
}
