import { mix32 } from "@probity/kernels/sketch/mix";
import { emptyFollows, emptyOrders, emptyReviews, type MarketEvidence, signaturePlaces } from "./evidence.ts";

const dayS = 86_400;
const startS = 1_700_000_000;

/** Seeded draws. */
export function drawer(seed: number): (limit: number) => number {
  let step = 0;
  return (limit) => {
    step += 1;
    return mix32(step, seed) % limit;
  };
}

export interface MarketSize {
  readonly people: number;
  readonly merchants: number;
  readonly orders: number;
  readonly reviews: number;
  readonly follows: number;
}

/** A small market of any shape: ids that are not known, times that are not known, everything repeated. */
export function roughMarket(
  seed: number,
  { people, merchants, orders: orderCount, reviews: reviewCount, follows: followCount }: MarketSize,
): MarketEvidence {
  const draw = drawer(seed);
  const [orders, reviews, follows] = [emptyOrders(orderCount), emptyReviews(reviewCount), emptyFollows(followCount)];
  const maybe = (limit: number): number => draw(limit + 1) - 1;
  const time = (): number => (draw(9) === 0 ? Number.NaN : startS + draw(40) * dayS + draw(3) * 3_600);
  for (let row = 0; row < orderCount; row += 1) {
    orders.merchant[row] = draw(merchants);
    orders.buyer[row] = maybe(people);
    orders.product[row] = maybe(2 * merchants);
    orders.placed[row] = startS + draw(40) * dayS;
    orders.shipped[row] = time();
    orders.delivered[row] = time();
    orders.confirmed[row] = time();
    orders.cancelled[row] = draw(5) === 0 ? 1 : 0;
    orders.returned[row] = draw(5) === 0 ? 1 : 0;
    orders.tracking[row] = draw(3) - 1;
    orders.device[row] = maybe(4);
    orders.payer[row] = maybe(4);
    orders.address[row] = maybe(4);
    orders.carrier[row] = maybe(3);
  }
  for (let row = 0; row < reviewCount; row += 1) {
    reviews.merchant[row] = draw(merchants);
    reviews.reviewer[row] = draw(people);
    reviews.product[row] = maybe(2 * merchants);
    reviews.order[row] = maybe(orderCount);
    reviews.posted[row] = startS + draw(40) * dayS;
    reviews.stars[row] = 1 + draw(5);
    reviews.chars[row] = draw(3) * 20;
    reviews.sentiment[row] = draw(3) === 0 ? -32_768 : draw(2_001) - 1_000;
    reviews.incentiveWords[row] = draw(6) === 0 ? 1 : 0;
    reviews.declared[row] = draw(6) === 0 ? 1 : 0;
    reviews.insider[row] = draw(9) === 0 ? 1 : 0;
    const text = reviews.chars[row] === 0 ? -1 : draw(6);
    for (let place = 0; place < signaturePlaces; place += 1)
      reviews.signature[row * signaturePlaces + place] = text < 0 ? 0xffff_ffff : mix32(text, place);
  }
  for (let row = 0; row < followCount; row += 1) {
    follows.target[row] = draw(merchants);
    follows.user[row] = draw(people);
    follows.followed[row] = startS + draw(40) * dayS;
    follows.active[row] = draw(3) === 0 ? 1 : 0;
  }
  return {
    people,
    merchants,
    products: 2 * merchants,
    targets: merchants,
    devices: 4,
    payers: 4,
    addresses: 4,
    carriers: 3,
    orders,
    reviews,
    follows,
  };
}

/** The same market with the rows of one table in another order; `to[row]` is where a row goes. */
export function shuffled(
  evidence: MarketEvidence,
  seed: number,
): { readonly evidence: MarketEvidence; readonly orderTo: Int32Array } {
  const permutation = (count: number, salt: number): Int32Array =>
    Int32Array.from(
      Int32Array.from({ length: count }, (_, row) => row).toSorted(
        (a, b) => mix32(a, seed + salt) - mix32(b, seed + salt) || a - b,
      ),
    );
  const from = permutation(evidence.orders.count, 1);
  const orderTo = new Int32Array(from.length);
  from.forEach((row, place) => (orderTo[row] = place));
  const orders = Object.fromEntries(
    Object.entries(evidence.orders).map(([name, column]) => [
      name,
      typeof column === "number"
        ? column
        : from.map((row) => row) && column.map((_: number, place: number) => column[from[place] as number] as number),
    ]),
  ) as unknown as MarketEvidence["orders"];
  return {
    evidence: {
      ...evidence,
      orders,
      reviews: {
        ...evidence.reviews,
        order: evidence.reviews.order.map((order) => (order < 0 ? -1 : (orderTo[order] as number))),
      },
    },
    orderTo,
  };
}
