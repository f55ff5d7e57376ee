import { type ColumnSpec, type ColumnTable, specsOf, tableOf } from "./column-table.ts";
import { type MarketEvidence, noSentiment, type ReviewColumns } from "./evidence.ts";
import type { Likeness } from "./likeness.ts";
import { log2, markedSurprise, pairKeys, type PersonTallies, rowsOfKey, singles, surpriseOf } from "./tallies.ts";

const hourS = 3_600;
const dayS = 86_400;

export const reviewSpecs: readonly ColumnSpec[] = specsOf([
  ["purchase", "purchase", -1],
  ["hours-since-delivery", "timing", 0],
  ["hours-to-confirm", "handling", -1],
  ["tracking-valid", "handling", -1],
  ["deviation", "deviation", 0],
  ["unkept", "deviation", 0],
  ["praise-surprise", "burst", 1],
  ["blame-surprise", "burst", 1],
  ["single-surprise", "burst", 1],
  ["order-surprise", "burst", 1],
  ["greatest-likeness", "duplicates", 1],
  ["likes", "duplicates", 1],
  ["likes-at-merchant", "duplicates", 1],
  ["chars", "wording", 0],
  ["sentiment-gap", "wording", 0],
  ["incentive-words", "incentive", 1],
  ["declared", "incentive", 1],
  ["reviewer-reviews", "record", 0],
  ["reviewer-merchants", "record", -1],
  ["reviewer-unkept", "record", -1],
  ["reviewer-age-days", "record", -1],
  ["five-share", "record", 0],
  ["orders-at-merchant", "repeat", 0],
  ["share-at-merchant", "repeat", 1],
  ["reviews-at-merchant", "repeat", 1],
  ["device-others-at-merchant", "sharing", 1],
  ["payer-others-at-merchant", "sharing", 1],
  ["address-others-at-merchant", "sharing", 1],
  ["insider", "insider", 1],
  ["own-doubt", "record", 1, "hindsight"],
  ["order-doubt", "neighbours", 1, "hindsight"],
  ["neighbour-doubt", "neighbours", 1, "hindsight"],
  ["merchant-doubt", "neighbours", 1, "hindsight"],
  ["belief", "neighbours", 1, "hindsight"],
  ["unfairness", "record", 1, "hindsight"],
  ["ring", "ring", 1, "hindsight"],
]);

/** 0 no order named, 1 somebody else's or an unknown one, 2 the reviewer's own, 3 own and delivered before. */
function purchases({ orders, reviews }: MarketEvidence): Float64Array {
  return Float64Array.from(reviews.order, (order, review) => {
    if (order < 0) return 0;
    if (orders.buyer[order] !== reviews.reviewer[review]) return 1;
    const arrived = Math.min(
      ...[orders.delivered[order], orders.confirmed[order]].map((time) =>
        Number.isNaN(time) ? Number.POSITIVE_INFINITY : (time as number),
      ),
    );
    return arrived <= (reviews.posted[review] as number) ? 3 : 2;
  });
}

const starsPrior = 5;

/** By review, its stars less the mean of the others at the merchant, shrunk towards the market's mean. */
function deviations({ reviews, merchants }: MarketEvidence): Float64Array {
  const [sum, count] = [new Float64Array(merchants), new Float64Array(merchants)];
  let total = 0;
  for (let review = 0; review < reviews.count; review += 1) {
    const merchant = reviews.merchant[review] as number;
    sum[merchant] = (sum[merchant] as number) + (reviews.stars[review] as number);
    count[merchant] = (count[merchant] as number) + 1;
    total += reviews.stars[review] as number;
  }
  const mean = reviews.count === 0 ? 0 : total / reviews.count;
  return Float64Array.from(reviews.stars, (stars, review) => {
    const merchant = reviews.merchant[review] as number;
    const others = (sum[merchant] as number) - stars + starsPrior * mean;
    return stars - others / ((count[merchant] as number) - 1 + starsPrior);
  });
}

/** By review, the share of five stars among the reviewer's others, shrunk to two thirds. */
function fiveShares({ reviewer, stars }: ReviewColumns, people: PersonTallies): Float64Array {
  const fives = new Float64Array(people.reviews.length);
  stars.forEach((given, review) => {
    if (given === 5) fives[reviewer[review] as number] = (fives[reviewer[review] as number] as number) + 1;
  });
  return Float64Array.from(stars, (given, review) => {
    const who = reviewer[review] as number;
    const [own, all] = [fives[who] as number, people.reviews[who] as number];
    return (own - (given === 5 ? 1 : 0) + 2) / (all - 1 + 3);
  });
}

const isPraise = (stars: number): boolean => stars >= 4;
const isBlame = (stars: number): boolean => stars <= 2;

/** Signs of a staged order say something of praise alone: to whoever complains they are no alibi. */
function ofPraise({ stars }: ReviewColumns, values: Float64Array): Float64Array {
  return values.map((value, review) => (isPraise(stars[review] as number) ? value : Number.NaN));
}

/** By review, how surprising the crowd around it is among praise or blame of its merchant; NaN for the other kind. */
function surprises({ merchant, posted, stars }: ReviewColumns, isOfKind: (stars: number) => boolean): Float64Array {
  const weight = Uint8Array.from(stars, (given) => (isOfKind(given) ? 1 : 0));
  return surpriseOf(merchant, posted, { halfS: 3 * dayS, usualS: 60 * dayS }, weight);
}

/** By review, how surprisingly many accounts seen nowhere else gave about the same stars to its merchant in those days. */
function singleSurprises({ merchant, reviewer, posted, stars }: ReviewColumns, people: PersonTallies): Float64Array {
  const marked = singles(people);
  const out = new Float64Array(stars.length).fill(Number.NaN);
  for (const isOfKind of [isPraise, isBlame]) {
    const weight = Uint8Array.from(stars, (given) => (isOfKind(given) ? 1 : 0));
    const found = markedSurprise(merchant, posted, reviewer, marked, 3 * dayS, weight);
    for (let review = 0; review < out.length; review += 1)
      if (weight[review] === 1) out[review] = found[review] as number;
  }
  return out;
}

/** Orders of the reviewer at the reviewed merchant. */
function ordersThere({ orders, reviews, merchants }: MarketEvidence): Float64Array {
  const bought = pairKeys(orders.buyer, orders.merchant, merchants).sort();
  /** Place of the first key that is not below. */
  const firstFrom = (key: number): number => {
    let [from, to] = [0, bought.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((bought[middle] as number) < key) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  return pairKeys(reviews.reviewer, reviews.merchant, merchants).map((key) =>
    key < 0 ? 0 : firstFrom(key + 1) - firstFrom(key),
  );
}

function ofOrder({ order }: ReviewColumns, values: Float64Array): Float64Array {
  return Float64Array.from(order, (place) => (place < 0 ? Number.NaN : (values[place] as number)));
}

/** What reviews take over from the orders they are about, some of it by the name of the order's own column. */
function fromOrders({ orders, reviews }: MarketEvidence, table: ColumnTable): Record<string, Float64Array> {
  const own = (name: string): Float64Array =>
    ofOrder(reviews, table.columns[table.specs.findIndex((spec) => spec.name === name)] as Float64Array);
  const delivered = ofOrder(reviews, orders.delivered);
  return {
    "hours-since-delivery": delivered.map((time, review) => ((reviews.posted[review] as number) - time) / hourS),
    "hours-to-confirm": ofPraise(reviews, own("hours-to-confirm")),
    "tracking-valid": ofPraise(reviews, own("tracking-valid")),
    unkept: own("kept").map((kept) => 1 - kept),
    // Who is struck by a bad batch bought when everybody does; who was sent to complain bought in a crowd.
    "order-surprise": own("merchant-surprise"),
    "device-others-at-merchant": own("device-others-at-merchant"),
    "payer-others-at-merchant": own("payer-others-at-merchant"),
    "address-others-at-merchant": own("address-others-at-merchant"),
  };
}

/** Columns of all reviews; `orders`: those of the orders. Time O((orders + reviews) · log). */
export function reviewTable(
  evidence: MarketEvidence,
  people: PersonTallies,
  like: Likeness,
  orders: ColumnTable,
): ColumnTable {
  const { reviews, merchants } = evidence;
  const { reviewer, posted, stars, sentiment } = reviews;
  const ofReviewer = (values: Float64Array): Float64Array =>
    Float64Array.from(reviewer, (who) => (who < 0 ? Number.NaN : (values[who] as number)));
  const there = ordersThere(evidence);
  return tableOf(reviews.count, reviewSpecs, {
    ...fromOrders(evidence, orders),
    purchase: purchases(evidence),
    deviation: deviations(evidence),
    "praise-surprise": surprises(reviews, isPraise),
    "blame-surprise": surprises(reviews, isBlame),
    "single-surprise": singleSurprises(reviews, people),
    "greatest-likeness": like.greatest,
    likes: like.likes.map(log2),
    "likes-at-merchant": like.likesAtMerchant.map(log2),
    chars: Float64Array.from(reviews.chars, log2),
    "sentiment-gap": Float64Array.from(stars, (given, review) =>
      sentiment[review] === noSentiment ? Number.NaN : (sentiment[review] as number) / 1_000 - (given - 3) / 2,
    ),
    "incentive-words": ofPraise(
      reviews,
      Float64Array.from(reviews.incentiveWords, (tells, review) => (reviews.chars[review] === 0 ? Number.NaN : tells)),
    ),
    declared: ofPraise(reviews, Float64Array.from(reviews.declared)),
    "reviewer-reviews": ofReviewer(people.reviews).map(log2),
    "reviewer-merchants": ofReviewer(people.merchants).map(log2),
    "reviewer-unkept": ofReviewer(people.unkept).map(log2),
    "reviewer-age-days": ofReviewer(people.first).map((first, row) => ((posted[row] as number) - first) / dayS),
    "five-share": fiveShares(reviews, people),
    "orders-at-merchant": there.map(log2),
    "share-at-merchant": there.map((count, row) => {
      const all = people.orders[reviewer[row] as number] as number;
      return all < 2 ? Number.NaN : count / all;
    }),
    "reviews-at-merchant": rowsOfKey(pairKeys(reviewer, reviews.merchant, merchants)).map(log2),
    insider: Float64Array.from(reviews.insider),
  });
}
