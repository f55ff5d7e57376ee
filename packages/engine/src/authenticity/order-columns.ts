import { rowOrder } from "@probity/kernels/sort/row-order";
import { blank, type ColumnSpec, type ColumnTable, specsOf, tableOf } from "./column-table.ts";
import type { MarketEvidence, OrderColumns } from "./evidence.ts";
import {
  log2,
  markedSurprise,
  othersOf,
  pairKeys,
  type PersonTallies,
  rowsOfKey,
  singles,
  surpriseOf,
} from "./tallies.ts";

const hourS = 3_600;
const dayS = 86_400;

export const orderSpecs: readonly ColumnSpec[] = specsOf([
  ["hours-to-confirm", "handling", -1],
  ["tracking-valid", "handling", -1],
  ["orders-at-merchant", "repeat", 0],
  ["share-at-merchant", "repeat", 1],
  ["orders-same-day", "repeat", 1],
  ["buyer-merchants", "record", -1],
  ["buyer-unkept", "record", -1],
  ["buyer-age-days", "record", -1],
  ["kept", "record", 1],
  ["device-others", "sharing", 1],
  ["device-others-at-merchant", "sharing", 1],
  ["payer-others", "sharing", 1],
  ["payer-others-at-merchant", "sharing", 1],
  ["address-others-at-merchant", "sharing", 1],
  ["merchant-surprise", "burst", 1],
  ["single-surprise", "burst", 1],
  ["review-likes-at-merchant", "duplicates", 1],
  ["review-incentive", "incentive", 1],
  ["praised", "repeat", 1, "hindsight"],
  ["own-doubt", "record", 1, "hindsight"],
  ["neighbour-doubt", "neighbours", 1, "hindsight"],
  ["merchant-doubt", "neighbours", 1, "hindsight"],
  ["ring", "ring", 1, "hindsight"],
]);

/** Whole hours between two times, NaN where one is not known; what came before its cause took no time. */
export function hoursBetween(from: Float64Array, to: Float64Array): Float64Array {
  return from.map((time, row) => Math.max(0, ((to[row] as number) - time) / hourS));
}

/** By row, how many orders of the same buyer at the same merchant lie within a day of it, itself included. */
function sameDayOf({ placed }: OrderColumns, pair: Float64Array): Float64Array {
  const out = new Float64Array(pair.length).fill(Number.NaN);
  const order = rowOrder(pair, placed);
  let [from, to] = [0, 0];
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] as number;
    const near = (other: number): boolean =>
      pair[other] === pair[row] && Math.abs((placed[other] as number) - (placed[row] as number)) <= dayS;
    while (from < place && !near(order[from] as number)) from += 1;
    to = Math.max(to, place + 1);
    while (to < order.length && near(order[to] as number)) to += 1;
    if ((pair[row] as number) >= 0) out[row] = to - from;
  }
  return out;
}

/** What the reviews of the orders bring: near-duplicates at the merchant, wording. */
export interface ReviewSigns {
  readonly likesAtMerchant: Float64Array;
  readonly incentive: Float64Array;
}

function reviewSignsOf({ orders, reviews }: MarketEvidence, likesAtMerchant: Float64Array): ReviewSigns {
  const signs = { likesAtMerchant: blank(orders.count), incentive: blank(orders.count) };
  for (let review = 0; review < reviews.count; review += 1) {
    const order = reviews.order[review] as number;
    if (order < 0 || reviews.reviewer[review] !== orders.buyer[order]) continue;
    signs.likesAtMerchant[order] = log2(likesAtMerchant[review] as number);
    signs.incentive[order] = reviews.chars[review] === 0 ? Number.NaN : (reviews.incentiveWords[review] as number);
  }
  return signs;
}

/** Columns of all orders. Time O(orders · log orders). */
export function orderTable(
  evidence: MarketEvidence,
  people: PersonTallies,
  likesAtMerchant: Float64Array,
): ColumnTable {
  const { orders, merchants } = evidence;
  const { buyer, merchant, placed, shipped, delivered, confirmed } = orders;
  const pair = pairKeys(buyer, merchant, merchants);
  const atMerchant = rowsOfKey(pair);
  const signs = reviewSignsOf(evidence, likesAtMerchant);
  const ofBuyer = (values: Float64Array): Float64Array =>
    Float64Array.from(buyer, (who) => (who < 0 ? Number.NaN : (values[who] as number)));
  const ends = Float64Array.from(delivered, (time, row) => (Number.isNaN(time) ? (shipped[row] as number) : time));
  return tableOf(orders.count, orderSpecs, {
    "hours-to-confirm": hoursBetween(ends, confirmed),
    "tracking-valid": Float64Array.from(orders.tracking, (valid) => (valid < 0 ? Number.NaN : valid)),
    "orders-at-merchant": atMerchant.map(log2),
    "share-at-merchant": atMerchant.map((count, row) => {
      const all = people.orders[buyer[row] as number] as number;
      // Somebody who ordered once has the whole share by nothing but that.
      return all < 2 ? Number.NaN : count / all;
    }),
    "orders-same-day": sameDayOf(orders, pair),
    "buyer-merchants": ofBuyer(people.merchants).map(log2),
    "buyer-unkept": ofBuyer(people.unkept).map(log2),
    "buyer-age-days": ofBuyer(people.first).map((first, row) => ((placed[row] as number) - first) / dayS),
    kept: Float64Array.from(orders.cancelled, (off, row) => (off === 1 || orders.returned[row] === 1 ? 0 : 1)),
    "device-others": othersOf(orders.device, buyer).map(log2),
    "device-others-at-merchant": othersOf(pairKeys(orders.device, merchant, merchants), buyer).map(log2),
    "payer-others": othersOf(orders.payer, buyer).map(log2),
    "payer-others-at-merchant": othersOf(pairKeys(orders.payer, merchant, merchants), buyer).map(log2),
    "address-others-at-merchant": othersOf(pairKeys(orders.address, merchant, merchants), buyer).map(log2),
    "merchant-surprise": surpriseOf(merchant, placed, { halfS: 1.5 * dayS, usualS: 60 * dayS }),
    "single-surprise": markedSurprise(merchant, placed, buyer, singles(people), 3 * dayS),
    "review-likes-at-merchant": signs.likesAtMerchant,
    "review-incentive": signs.incentive,
  });
}
