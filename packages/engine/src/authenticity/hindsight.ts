import { propagateBeliefs } from "@probity/kernels/graph/belief";
import { projectCoReviews } from "@probity/kernels/graph/co-review";
import { buildGraph, type Csr } from "@probity/kernels/graph/csr";
import { neighbourColumns, neighbourScratch, neighbourStatistics } from "@probity/kernels/graph/neighbours";
import { rev2, rev2Defaults, rev2State } from "@probity/kernels/graph/rev2";
import { rowOrder } from "@probity/kernels/sort/row-order";
import type { MarketEvidence } from "./evidence.ts";
import type { Likeness } from "./likeness.ts";

const dayS = 86_400;

/** What ties two accounts, by bit. */
export const tieBits = { device: 1, payer: 2, address: 4, text: 8, "co-purchase": 16 } as const;
export type Tie = keyof typeof tieBits;

/** Accounts tied to each other: edge k joins a[k] < b[k] by the ties in `bits[k]`; each pair once. */
export interface Ties {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly bits: Uint8Array;
}

/** A device of so many accounts is a shop's till or a campus' network: more partners say no more. */
const partnersMax = 8;
const coPurchase = { window: 3 * dayS, partnersMax: 6 };
const togetherMin = 2;

/** Pairs of people in rows that share a known id, whenever that was. Who comes again with the same thing counts once. */
function sharing(ids: Int32Array, people: Int32Array): { readonly a: Int32Array; readonly b: Int32Array } {
  const order = rowOrder(ids, people);
  const rows = order.filter((row, place) => {
    const before = place === 0 ? -1 : (order[place - 1] as number);
    const isAgain = before >= 0 && ids[before] === ids[row] && people[before] === people[row];
    return !isAgain && (ids[row] as number) >= 0 && (people[row] as number) >= 0;
  });
  return projectCoReviews(
    Int32Array.from(rows, (row) => people[row] as number),
    Int32Array.from(rows, (row) => ids[row] as number),
    new Float64Array(rows.length),
    { window: 0, partnersMax },
  );
}

/** Ties between accounts: shared devices, payers, addresses, near-duplicate texts, the same shops at the same time. */
export function findTies(evidence: MarketEvidence, like: Likeness): Ties {
  const { orders, reviews, people } = evidence;
  const found: [bit: number, a: Int32Array, b: Int32Array][] = [];
  for (const [tie, ids] of [
    ["device", orders.device],
    ["payer", orders.payer],
    ["address", orders.address],
  ] as const) {
    const { a, b } = sharing(ids, orders.buyer);
    found.push([tieBits[tie], a, b]);
  }
  const author = (ends: Int32Array): Int32Array => ends.map((review) => reviews.reviewer[review] as number);
  found.push([tieBits.text, author(like.a), author(like.b)]);
  const placed = Int32Array.from(orders.placed.keys()).filter(
    (row) => (orders.buyer[row] as number) >= 0 && !Number.isNaN(orders.placed[row]),
  );
  const together = projectCoReviews(
    placed.map((row) => orders.buyer[row] as number),
    placed.map((row) => orders.merchant[row] as number),
    Float64Array.from(placed, (row) => orders.placed[row] as number),
    coPurchase,
  );
  const often = Int32Array.from(together.items.keys()).filter(
    (pair) => (together.items[pair] as number) >= togetherMin,
  );
  const ends = (side: Int32Array): Int32Array => often.map((pair) => side[pair] as number);
  found.push([tieBits["co-purchase"], ends(together.a), ends(together.b)]);
  return joinTies(found, people);
}

/** Each pair of accounts once, with all its ties. */
function joinTies(found: readonly (readonly [bit: number, a: Int32Array, b: Int32Array])[], people: number): Ties {
  const length = found.reduce((sum, [, a]) => sum + a.length, 0);
  const [keys, bits] = [new Float64Array(length), new Uint8Array(length)];
  let at = 0;
  for (const [bit, a, b] of found) {
    for (let pair = 0; pair < a.length; pair += 1, at += 1) {
      const [one, other] = [a[pair] as number, b[pair] as number];
      keys[at] = one === other ? -1 : Math.min(one, other) * people + Math.max(one, other);
      bits[at] = bit;
    }
  }
  const joined = { a: new Int32Array(length), b: new Int32Array(length), bits: new Uint8Array(length) };
  let [count, before] = [0, -1];
  for (const row of rowOrder(keys)) {
    const key = keys[row] as number;
    if (key < 0) continue;
    if (key !== before) {
      joined.a[count] = Math.floor(key / people);
      joined.b[count] = key % people;
      count += 1;
      before = key;
    }
    joined.bits[count - 1] = (joined.bits[count - 1] as number) | (bits[row] as number);
  }
  return { a: joined.a.slice(0, count), b: joined.b.slice(0, count), bits: joined.bits.slice(0, count) };
}

/** Doubts of what was judged by what is known at first: 0 genuine … 1 not. */
export interface FirstDoubts {
  readonly orders: Float64Array;
  readonly reviews: Float64Array;
}

/** What a doubt is above the marketplace's usual one: where everything looks a little odd, that is how things are there. */
function aboveUsual(doubt: Float64Array): Float64Array {
  let sum = 0;
  for (const value of doubt) sum += value;
  const usual = doubt.length === 0 ? 0 : Math.min(usualMax, sum / doubt.length);
  return doubt.map((value) => Math.max(0, (value - usual) / (1 - usual)));
}

const usualMax = 0.5;
const doubtPrior = 0.03;
const doubtPriorWeight = 0.5;

/** Sums of doubt by account, over its orders and reviews. */
interface AccountDoubts {
  readonly sum: Float64Array;
  readonly count: Float64Array;
}

function sumDoubts({ people, orders, reviews }: MarketEvidence, doubts: FirstDoubts): AccountDoubts {
  const [sum, count] = [new Float64Array(people), new Float64Array(people)];
  const add = (who: number, doubt: number): void => {
    if (who < 0) return;
    sum[who] = (sum[who] as number) + doubt;
    count[who] = (count[who] as number) + 1;
  };
  for (let row = 0; row < orders.count; row += 1) add(orders.buyer[row] as number, doubts.orders[row] as number);
  for (let row = 0; row < reviews.count; row += 1) add(reviews.reviewer[row] as number, doubts.reviews[row] as number);
  return { sum, count };
}

const shrunk = (sum: number, count: number): number =>
  count === 0 ? Number.NaN : (sum + doubtPriorWeight * doubtPrior) / (count + doubtPriorWeight);

/** By row, the mean doubt of its account's other rows that are not about the same order; NaN where there are none. */
function ownDoubts(
  { orders, reviews }: MarketEvidence,
  doubts: FirstDoubts,
  { sum, count }: AccountDoubts,
): { readonly orders: Float64Array; readonly reviews: Float64Array } {
  const out = { orders: new Float64Array(orders.count), reviews: new Float64Array(reviews.count) };
  const [aboutSum, aboutCount] = [new Float64Array(orders.count), new Float64Array(orders.count)];
  const isOwn = (review: number): boolean => {
    const order = reviews.order[review] as number;
    return order >= 0 && orders.buyer[order] === reviews.reviewer[review];
  };
  for (let review = 0; review < reviews.count; review += 1) {
    if (!isOwn(review)) continue;
    const order = reviews.order[review] as number;
    aboutSum[order] = (aboutSum[order] as number) + (doubts.reviews[review] as number);
    aboutCount[order] = (aboutCount[order] as number) + 1;
  }
  const rest = (who: number, doubt: number, rows: number): number =>
    who < 0 ? Number.NaN : shrunk(Math.max(0, (sum[who] as number) - doubt), (count[who] as number) - rows);
  const ofOrder = (order: number): number =>
    rest(
      orders.buyer[order] as number,
      (doubts.orders[order] as number) + (aboutSum[order] as number),
      1 + (aboutCount[order] as number),
    );
  for (let order = 0; order < orders.count; order += 1) out.orders[order] = ofOrder(order);
  for (let review = 0; review < reviews.count; review += 1)
    out.reviews[review] = isOwn(review)
      ? (out.orders[reviews.order[review] as number] as number)
      : rest(reviews.reviewer[review] as number, doubts.reviews[review] as number, 1);
  return out;
}

/** By order, 1 where its buyer praised it, 0 where not. */
function praisedOf({ orders, reviews }: MarketEvidence): Float64Array {
  const out = new Float64Array(orders.count);
  for (let review = 0; review < reviews.count; review += 1) {
    const order = reviews.order[review] as number;
    if (order >= 0 && (reviews.stars[review] as number) >= 4 && orders.buyer[order] === reviews.reviewer[review])
      out[order] = 1;
  }
  return out;
}

const aroundS = 7 * dayS;
const aroundPrior = 3;

/** By row, the mean doubt of the owner's other rows within a week, shrunk towards the market's. Time O(rows · log rows). */
export function doubtAround(owner: Int32Array, times: Float64Array, doubt: Float64Array): Float64Array {
  const out = new Float64Array(owner.length).fill(Number.NaN);
  const order = rowOrder(owner, times).filter((row) => (owner[row] as number) >= 0 && !Number.isNaN(times[row]));
  const usual = doubt.length === 0 ? 0 : doubt.reduce((sum, value) => sum + value, 0) / doubt.length;
  let [from, to, sum] = [0, 0, 0];
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] as number;
    const near = (other: number): boolean =>
      owner[other] === owner[row] && Math.abs((times[other] as number) - (times[row] as number)) <= aroundS;
    while (from < place && !near(order[from] as number)) {
      sum -= doubt[order[from] as number] as number;
      from += 1;
    }
    while (to < order.length && near(order[to] as number)) {
      sum += doubt[order[to] as number] as number;
      to += 1;
    }
    out[row] = (sum - (doubt[row] as number) + aroundPrior * usual) / (to - from - 1 + aroundPrior);
  }
  return out;
}

/** Place of an edge among those of its row, whose targets ascend; −1 where there is none. */
function placeOf({ offsets, targets }: Csr, row: number, target: number): number {
  let [from, to] = [offsets[row] as number, (offsets[row + 1] as number) - 1];
  while (from <= to) {
    const middle = (from + to) >> 1;
    const found = targets[middle] as number;
    if (found === target) return middle;
    if (found < target) from = middle + 1;
    else to = middle - 1;
  }
  return -1;
}

/** By edge place of the graph, 0 where accounts share a thing or words, 1 where they only shop alike. */
function kindsOf(graph: Csr, ties: Ties): Uint8Array {
  const kinds = new Uint8Array(graph.targets.length);
  for (let edge = 0; edge < ties.bits.length; edge += 1) {
    if (ties.bits[edge] !== tieBits["co-purchase"]) continue;
    const [a, b] = [ties.a[edge] as number, ties.b[edge] as number];
    const [there, back] = [placeOf(graph, a, b), placeOf(graph, b, a)];
    if (there >= 0) kinds[there] = 1;
    if (back >= 0) kinds[back] = 1;
  }
  return kinds;
}

// Friends share devices too: what a tie says of its other end is bounded on purpose.
const compatibility = Float64Array.of(0.6, 0.4, 0.25, 0.75, 0.53, 0.47, 0.45, 0.55);

/** Chance of each account by belief propagation over its ties, with its own doubt as prior; NaN without ties. */
export function beliefs(graph: Csr, ties: Ties, doubt: Float64Array): Float64Array {
  const prior = doubt.map((value) => (Number.isNaN(value) ? doubtPrior : Math.min(0.98, Math.max(0.02, value))));
  const out = new Float64Array(graph.rows);
  const options = { compatibility, damping: 0.3, roundsMax: 12, tolerance: 1e-3 };
  propagateBeliefs(graph, prior, kindsOf(graph, ties), options, out);
  return out.map((value, node) => (graph.offsets[node] === graph.offsets[node + 1] ? Number.NaN : value));
}

/** How unfair each reviewer is by REV2, its doubt as behaviour prior. */
export function unfairness({ people, merchants, reviews }: MarketEvidence, doubt: Float64Array): Float64Array {
  const ratings = {
    raters: people,
    ratees: merchants,
    rater: reviews.reviewer,
    ratee: reviews.merchant,
    score: Float64Array.from(reviews.stars, (stars) => (stars - 3) / 2),
    raterPrior: doubt.map((value) => (Number.isNaN(value) ? 1 - doubtPrior : 1 - value)),
    rateePrior: new Float64Array(merchants),
  };
  const state = rev2State(ratings);
  rev2(ratings, { ...rev2Defaults, tolerance: 1e-3, roundsMax: 30, fairnessDefault: 0.8, goodnessDefault: 0.5 }, state);
  return state.fairness.map((value) => 1 - value);
}

/** What later events and the graph add to the columns of orders and reviews. */
export interface Hindsight {
  readonly ties: Ties;
  readonly graph: Csr;
  readonly doubtOfPeople: Float64Array;
  readonly orders: Readonly<Record<"praised" | "own-doubt" | "neighbour-doubt" | "merchant-doubt", Float64Array>>;
  readonly reviews: Readonly<
    Record<"own-doubt" | "order-doubt" | "neighbour-doubt" | "merchant-doubt" | "belief" | "unfairness", Float64Array>
  >;
}

/** Looks back over a marketplace. Time O((orders + reviews + ties) · log). */
export function lookBack(evidence: MarketEvidence, like: Likeness, first: FirstDoubts): Hindsight {
  const { people, orders, reviews } = evidence;
  const doubts = { orders: aboveUsual(first.orders), reviews: aboveUsual(first.reviews) };
  const ties = findTies(evidence, like);
  const graph = buildGraph(ties.a, ties.b, people);
  const sums = sumDoubts(evidence, doubts);
  const doubt = sums.sum.map((total, who) => shrunk(total, sums.count[who] as number));
  const own = ownDoubts(evidence, doubts, sums);
  const near = neighbourColumns(people);
  neighbourStatistics(graph, doubt, neighbourScratch(people), near);
  const of = (who: Int32Array, values: Float64Array): Float64Array =>
    Float64Array.from(who, (person) => (person < 0 ? Number.NaN : (values[person] as number)));
  return {
    ties,
    graph,
    doubtOfPeople: doubt,
    orders: {
      praised: praisedOf(evidence),
      "own-doubt": own.orders,
      "neighbour-doubt": of(orders.buyer, near.mean),
      "merchant-doubt": doubtAround(orders.merchant, orders.placed, doubts.orders),
    },
    reviews: {
      "own-doubt": own.reviews,
      "order-doubt": Float64Array.from(reviews.order, (order) =>
        order < 0 ? Number.NaN : (doubts.orders[order] as number),
      ),
      "neighbour-doubt": of(reviews.reviewer, near.mean),
      "merchant-doubt": doubtAround(reviews.merchant, reviews.posted, doubts.reviews),
      belief: of(reviews.reviewer, beliefs(graph, ties, doubt)),
      unfairness: of(reviews.reviewer, unfairness(evidence, doubt)),
    },
  };
}
