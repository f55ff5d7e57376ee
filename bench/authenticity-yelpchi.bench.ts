import { join } from "node:path";
import { propagateBeliefs } from "@probity/kernels/graph/belief";
import { buildCsr, buildGraph, type Csr, transpose } from "@probity/kernels/graph/csr";
import { camouflageWeights, peel } from "@probity/kernels/graph/peel";
import { groupedFolds } from "@probity/kernels/stats/grouped-folds";
import { fitGa2m, ga2mDefaults } from "@probity/kernels/tree/ga2m";

import { fitTrees, treeDefaults } from "@probity/kernels/tree/boosted-trees";
import { Ids, readCsv } from "./authenticity-csv.ts";
import { logitsGa2m, logitsTrees, NodeTable } from "./authenticity-learner.ts";
import { calibration, meansWithSpread, measure } from "./authenticity-measures.ts";
import { dataFolder, readFlags, say, UsageError } from "./flags.ts";

export const usage =
  "--data DIR    which reviews are spam, from who reviewed what alone (reviewer,product; some labels)";

const layout = "reviews.csv (reviewer,product) and labels.csv (reviewer,product,label: genuine or spam)";
const folds = 5;
/** Reviews that a rate of labels is shrunk by. */
const strength = 3;

interface Reviews {
  readonly reviewer: Int32Array;
  readonly product: Int32Array;
  readonly reviewers: number;
  readonly products: number;
  /** −1: not labelled. */
  readonly labels: Int8Array;
}

function readReviews(folder: string): Reviews {
  const file = readCsv(join(folder, "reviews.csv"));
  const [reviewers, products] = [new Ids(), new Ids()];
  const reviewer = Int32Array.from(file.texts("reviewer"), (id) => reviewers.add(id));
  const product = Int32Array.from(file.texts("product"), (id) => products.add(id));
  const places = new Map<string, number>();
  reviewer.forEach((who, place) => places.set(`${who},${product[place]}`, place));
  const labelled = readCsv(join(folder, "labels.csv"));
  const labels = new Int8Array(reviewer.length).fill(-1);
  const [who, what, words] = [labelled.texts("reviewer"), labelled.texts("product"), labelled.texts("label")];
  words.forEach((word, row) => {
    const place = places.get(`${reviewers.find(who[row]!)},${products.find(what[row]!)}`);
    if (place === undefined) throw new UsageError(`${labelled.path} row ${row + 1} labels no review of reviews.csv`);
    labels[place] = word === "spam" ? 1 : 0;
  });
  return { reviewer, product, reviewers: reviewers.count, products: products.count, labels };
}

/** Means over each row's neighbours of values per column; NaN for none. */
function meansOf({ rows, offsets, targets }: Csr, values: Float64Array): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let place = offsets[row]!; place < offsets[row + 1]!; place += 1) sum += values[targets[place]!]!;
    return sum / (offsets[row + 1]! - offsets[row]!);
  });
}

const degrees = ({ rows, offsets }: Csr): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => offsets[row + 1]! - offsets[row]!);

interface Shape {
  readonly table: NodeTable;
  /** Chance of spam by belief propagation from degrees alone. */
  readonly belief: Float64Array;
  readonly peelRank: Float64Array;
}

/** Belief propagation in SpEagle's manner: reviewers with few reviews are suspect, reviews sit between both sides. */
function beliefs({ reviewer, product, reviewers, products }: Reviews, own: Float64Array): Float64Array {
  const graph = buildGraph(
    reviewer,
    product.map((item) => reviewers + item),
    reviewers + products,
  );
  const prior = Float64Array.from({ length: reviewers + products }, (_, node) =>
    node < reviewers ? 0.05 + 0.4 / own[node]! : 0.5,
  );
  const out = new Float64Array(prior.length);
  const compatibility = Float64Array.of(0.52, 0.48, 0.48, 0.52);
  propagateBeliefs(graph, prior, undefined, { compatibility, damping: 0.3, roundsMax: 50, tolerance: 1e-4 }, out);
  return Float64Array.from(reviewer, (who, place) => out[who]! + 0.2 * out[reviewers + product[place]!]!);
}

function shapeOf(reviews: Reviews): Shape {
  const { reviewer, product, reviewers, products } = reviews;
  const given = buildCsr(reviewer, product, reviewers, products);
  const received = transpose(given);
  const [own, popular] = [degrees(given), degrees(received)];
  const [logOwn, logPopular] = [own.map(Math.log), popular.map(Math.log)];
  const single = own.map((count) => (count === 1 ? 1 : 0));
  const peeled = peel(given, camouflageWeights(given));
  const rank = new Float64Array(reviewers + products);
  peeled.order.forEach((node, place) => (rank[node] = place / peeled.order.length));
  const table = new NodeTable(reviewer.length);
  const byReviewer = (name: string, values: Float64Array): void =>
    table.add(
      name,
      Float64Array.from(reviewer, (who) => values[who]!),
    );
  const byProduct = (name: string, values: Float64Array): void =>
    table.add(
      name,
      Float64Array.from(product, (what) => values[what]!),
    );
  const [activity, singles, company] = [
    meansOf(received, logOwn),
    meansOf(received, single),
    meansOf(given, logPopular),
  ];
  byReviewer("reviews", own);
  byReviewer("popularity", company);
  byReviewer("co-activity", meansOf(given, activity));
  byReviewer("co-singles", meansOf(given, singles));
  byReviewer("peel", rank.slice(0, reviewers));
  byProduct("reviewers", popular);
  byProduct("activity", activity);
  byProduct("singles", singles);
  byProduct("company", meansOf(received, company));
  byProduct("product-peel", rank.slice(reviewers));
  const belief = beliefs(reviews, own);
  table.add("belief", belief);
  return { table, belief, peelRank: Float64Array.from(reviewer, (who) => rank[who]!) };
}

/**
 * Rates of spam around each review from the labels in `seen`: of its product, of the products of its reviewer, of the other
 * reviews of its product's reviewers. Labels of the reviewer's own reviews are taken out of all three.
 */
function ratesAround(reviews: Reviews, seen: readonly number[], byReviewer: Csr): Float64Array[] {
  const { reviewer, product, reviewers, products, labels } = reviews;
  const [spam, count] = [new Float64Array(products), new Float64Array(products)];
  const [ownSpam, ownCount] = [new Float64Array(reviewers), new Float64Array(reviewers)];
  for (const place of seen) {
    spam[product[place]!]! += labels[place]!;
    count[product[place]!]! += 1;
    ownSpam[reviewer[place]!]! += labels[place]!;
    ownCount[reviewer[place]!]! += 1;
  }
  const mean = seen.reduce((sum, place) => sum + labels[place]!, 0) / seen.length;
  const shrunk = (sum: number, n: number): number => (sum + strength * mean) / (n + strength);
  const own = new Map(seen.map((place) => [place, labels[place]!]));
  const rate = Float64Array.from(product, (what, place) => {
    const known = own.get(place);
    return known === undefined ? shrunk(spam[what]!, count[what]!) : shrunk(spam[what]! - known, count[what]! - 1);
  });
  const around = meansOf(byReviewer, rate);
  const habit = Float64Array.from(ownSpam, (sum, who) => shrunk(sum, ownCount[who]!));
  const habits = new Float64Array(products);
  const visits = new Float64Array(products);
  reviewer.forEach((who, place) => {
    habits[product[place]!]! += habit[who]!;
    visits[product[place]!]! += 1;
  });
  const company = Float64Array.from(product, (what, place) =>
    visits[what]! < 2 ? mean : (habits[what]! - habit[reviewer[place]!]!) / (visits[what]! - 1),
  );
  return [rate, Float64Array.from(reviewer, (who) => around[who]!), company];
}

/** The columns of a shape and rates of labels out of fold, folds and halves grouped by reviewer. */
function withRates(reviews: Reviews, shape: Shape, train: Int32Array, byReviewer: Csr, seed: number): NodeTable {
  const { reviewer, labels } = reviews;
  const fold = new Uint8Array(train.length);
  const own = Uint8Array.from(train, (place) => labels[place]!);
  groupedFolds(
    train.map((place) => reviewer[place]!),
    own,
    folds,
    seed,
    fold,
  );
  const columns = [0, 1, 2].map(() => new Float64Array(reviewer.length));
  ratesAround(reviews, Array.from(train), byReviewer).forEach((values, column) => columns[column]!.set(values));
  for (let turn = 0; turn < folds; turn += 1) {
    const seen = Array.from(train).filter((_, place) => fold[place] !== turn);
    ratesAround(reviews, seen, byReviewer).forEach((values, column) =>
      train.forEach((review, place) => fold[place] === turn && (columns[column]![review] = values[review]!)),
    );
  }
  const table = shape.table.copy();
  columns.forEach((values, column) => table.add(["product-rate", "reviewer-rate", "company-rate"][column]!, values));
  return table;
}

/** Of each reviewer the places of the reviews. */
const placesByReviewer = ({ reviewer, reviewers }: Reviews): Csr =>
  buildCsr(reviewer, Int32Array.from(reviewer.keys()), reviewers, reviewer.length);

export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { data: "", seeds: 3, seed: 1 });
  const reviews = readReviews(dataFolder(flags.data, layout));
  const { reviewer, labels } = reviews;
  const labelled = Int32Array.from(labels.keys()).filter((place) => labels[place] !== -1);
  const truth = (places: Int32Array): Uint8Array => Uint8Array.from(places, (place) => labels[place]!);
  const pick = (values: Float64Array, places: Int32Array): Float64Array =>
    Float64Array.from(places, (place) => values[place]!);
  const shape = shapeOf(reviews);
  const byReviewer = placesByReviewer(reviews);
  say(
    `${reviewer.length} reviews, ${labelled.length} labels, ${reviews.reviewers} reviewers, ${reviews.products} products`,
  );
  const runs: Record<string, number>[] = [];
  for (let seed = flags.seed; seed < flags.seed + flags.seeds; seed += 1) {
    const half = new Uint8Array(labelled.length);
    groupedFolds(
      labelled.map((place) => reviewer[place]!),
      truth(labelled),
      2,
      seed,
      half,
    );
    const [train, test] = [0, 1].map((side) => labelled.filter((_, place) => half[place] === side)) as [
      Int32Array,
      Int32Array,
    ];
    const table = withRates(reviews, shape, train, byReviewer, seed);
    const training = { ...table.training(train, labels), groups: train.map((place) => reviewer[place]!) };
    const additive = fitGa2m(training, {
      ...ga2mDefaults,
      bags: 4,
      rate: 0.1,
      roundsMax: 300,
      leafRowsMin: 20,

      seed,
    });
    const logits = pick(logitsGa2m(additive, table), test);
    const trees = fitTrees(training, { ...treeDefaults, bags: 3, leafRowsMin: 20, seed });
    const chances = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
    const found = {
      ...measure(logits, truth(test)),
      auc_trees: measure(pick(logitsTrees(trees, table), test), truth(test)).auc,
      auc_belief: measure(pick(shape.belief, test), truth(test)).auc,
      auc_peel: measure(pick(shape.peelRank, test), truth(test)).auc,
      calibration_error: calibration(chances, truth(test)),
    };
    say(
      `seed ${seed}: AUC ${found.auc.toFixed(4)}, trees ${found.auc_trees.toFixed(4)}, belief ${found.auc_belief.toFixed(4)}, peel ${found.auc_peel.toFixed(4)}`,
    );
    runs.push(found);
  }
  return meansWithSpread(runs);
}
