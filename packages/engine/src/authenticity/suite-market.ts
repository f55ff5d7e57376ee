import { mix32 } from "@probity/kernels/sketch/mix";
import {
  emptyFollows,
  emptyOrders,
  emptyReviews,
  type FollowColumns,
  type MarketEvidence,
  noSentiment,
  type OrderColumns,
  type ReviewColumns,
  signaturePlaces,
} from "./evidence.ts";
import { emptySignature } from "./text-marks.ts";

const [hourS, dayS] = [3_600, 86_400];
const startS = 1_700_000_000;
const days = 200;

/** What is planted in a made-up marketplace. */
export interface Planted {
  readonly brushing: boolean;
  readonly badMouthing: boolean;
  readonly followers: boolean;
  /** Tells devices, payers, addresses, confirmations, tracking and words. */
  readonly tellsAll: boolean;
}

/** A made-up marketplace and, by row, 1 for what was planted. */
export interface SuiteMarket {
  readonly evidence: MarketEvidence;
  readonly planted: Readonly<Record<"order" | "review" | "follow", Uint8Array>>;
}

const size = { shoppers: 1_500, merchants: 40, orders: 3_000, follows: 400 } as const;
const ring = { accounts: 40, orders: 80, devices: 6, fromDay: 120, days: 7 } as const;
const smear = { accounts: 60, fromDay: 150, days: 4 } as const;
const bought = { accounts: 200, fromDay: 90 } as const;

/** Numbers that a seed gives, one after another. */
class Draw {
  #step = 0;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** In 0…1, 1 excluded. */
  next(): number {
    this.#step += 1;
    return mix32(this.#step, this.#seed) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
}

interface Life {
  readonly buyer: number;
  readonly merchant: number;
  readonly placed: number;
  readonly device: number;
  /** How it goes: an ordinary purchase, a staged one, one to write one star after. */
  readonly kind: "ordinary" | "staged" | "smear";
}

function live(orders: OrderColumns, row: number, { buyer, merchant, placed, device, kind }: Life, draw: Draw): void {
  const staged = kind === "staged";
  orders.buyer[row] = buyer;
  orders.merchant[row] = merchant;
  orders.product[row] = merchant * 8 + draw.below(staged ? 3 : 8);
  orders.placed[row] = placed;
  orders.shipped[row] = placed + (staged ? 1 + 15 * draw.next() : 4 + 30 * draw.next() ** 2) * hourS;
  orders.delivered[row] = orders.shipped[row] + (1 + 3 * draw.next()) * dayS;
  orders.confirmed[row] = orders.delivered[row] + (staged ? 0.5 * hourS : (5 + 200 * draw.next()) * hourS);
  orders.tracking[row] = draw.next() < (staged ? 0.6 : 0.97) ? 1 : 0;
  if (kind === "ordinary" && draw.next() < 0.05) orders.returned[row] = 1;
  orders.device[row] = device;
  orders.payer[row] = device;
  orders.address[row] = buyer >> 1;
  orders.carrier[row] = mix32(merchant, 3) % 4;
}

interface Words {
  readonly order: number;
  readonly stars: number;
  readonly delayH: number;
  /** Which text; the same number, the same words. */
  readonly text: number;
  readonly chars: number;
}

function write(reviews: ReviewColumns, row: number, orders: OrderColumns, words: Words): void {
  const { order, stars, delayH, text, chars } = words;
  reviews.order[row] = order;
  reviews.reviewer[row] = orders.buyer[order] as number;
  reviews.merchant[row] = orders.merchant[order] as number;
  reviews.product[row] = orders.product[order] as number;
  reviews.posted[row] = (orders.delivered[order] as number) + delayH * hourS;
  reviews.stars[row] = stars;
  reviews.chars[row] = chars;
  reviews.sentiment[row] = chars === 0 ? noSentiment : (stars - 3) * 450;
  for (let place = 0; place < signaturePlaces; place += 1)
    reviews.signature[row * signaturePlaces + place] =
      chars < 10 ? (emptySignature[place] as number) : mix32(text, 1_000 + place);
}

/** Stars of ordinary buyers: mostly content. */
const starsOf = (draw: Draw): number => {
  const at = draw.next();
  return at < 0.66 ? 5 : at < 0.83 ? 4 : at < 0.9 ? 3 : at < 0.95 ? 2 : 1;
};

/** Who buys what when: ordinary orders first, then those of the ring, then those of the smear. */
function lives({ brushing, badMouthing }: Planted, draw: Draw): Life[] {
  const all: Life[] = [];
  for (let order = 0; order < size.orders; order += 1) {
    const buyer = Math.floor(size.shoppers * draw.next() ** 1.5);
    const merchant = Math.floor(size.merchants * draw.next() ** 1.3);
    all.push({ buyer, merchant, placed: startS + draw.next() * days * dayS, device: buyer, kind: "ordinary" });
  }
  if (brushing) {
    for (let order = 0; order < ring.orders; order += 1) {
      const buyer = size.shoppers + (order % ring.accounts);
      const device = size.shoppers + (buyer % ring.devices);
      const placed = startS + (ring.fromDay + ring.days * draw.next()) * dayS;
      all.push({ buyer, merchant: 7, placed, device, kind: "staged" });
    }
  }
  if (badMouthing) {
    for (let order = 0; order < smear.accounts; order += 1) {
      const buyer = size.shoppers + ring.accounts + order;
      const placed = startS + (smear.fromDay + smear.days * draw.next()) * dayS;
      all.push({ buyer, merchant: 11, placed, device: buyer, kind: "smear" });
    }
  }
  return all;
}

function voices(
  orders: OrderColumns,
  all: readonly Life[],
  draw: Draw,
): { reviews: ReviewColumns; planted: Uint8Array } {
  const said: { words: Words; isPlanted: boolean }[] = [];
  all.forEach(({ kind }, order) => {
    const isPlanted = kind !== "ordinary";
    if (draw.next() >= (isPlanted ? 0.95 : 0.4)) return;
    const chars = kind === "staged" ? 22 : draw.next() < 0.2 ? 0 : 6 + draw.below(50);
    const text = kind === "staged" ? 1 + draw.below(3) : 1_000 + order;
    const stars = kind === "staged" ? 5 : kind === "smear" ? 1 : starsOf(draw);
    const delayH = kind === "staged" ? 1 + 20 * draw.next() : 8 + 160 * draw.next() ** 2;
    said.push({ words: { order, stars, delayH, text, chars }, isPlanted });
  });
  const reviews = emptyReviews(said.length);
  said.forEach(({ words }, row) => write(reviews, row, orders, words));
  return { reviews, planted: Uint8Array.from(said, ({ isPlanted }) => (isPlanted ? 1 : 0)) };
}

function fans(has: boolean, draw: Draw): { follows: FollowColumns; planted: Uint8Array } {
  const follows = emptyFollows(size.follows + (has ? bought.accounts : 0));
  const planted = new Uint8Array(follows.count);
  for (let row = 0; row < follows.count; row += 1) {
    const isBought = row >= size.follows;
    planted[row] = isBought ? 1 : 0;
    follows.target[row] = isBought ? 5 : Math.floor(size.merchants * draw.next() ** 1.3);
    follows.user[row] = isBought
      ? size.shoppers + ring.accounts + smear.accounts + row - size.follows
      : Math.floor(size.shoppers * draw.next() ** 1.5);
    follows.followed[row] = startS + (isBought ? bought.fromDay + draw.next() : days * draw.next()) * dayS;
    follows.active[row] = !isBought && draw.next() < 0.4 ? 1 : 0;
  }
  return { follows, planted };
}

/** A marketplace made up from a seed, a few thousand orders large. */
export function suiteMarket(what: Planted, seed: number): SuiteMarket {
  const draw = new Draw(seed);
  const all = lives(what, draw);
  const orders = emptyOrders(all.length);
  all.forEach((life, row) => live(orders, row, life, draw));
  const { reviews, planted } = voices(orders, all, draw);
  const { follows, planted: plantedFollows } = fans(what.followers, draw);
  const people = size.shoppers + ring.accounts + smear.accounts + bought.accounts;
  if (!what.tellsAll) {
    for (const ids of [orders.device, orders.payer, orders.address, orders.carrier]) ids.fill(-1);
    orders.confirmed.fill(Number.NaN);
    orders.tracking.fill(-1);
    reviews.chars.fill(0);
    reviews.sentiment.fill(noSentiment);
    for (let row = 0; row < reviews.count; row += 1) reviews.signature.set(emptySignature, row * signaturePlaces);
  }
  return {
    evidence: {
      people,
      merchants: size.merchants,
      products: 8 * size.merchants,
      targets: size.merchants,
      devices: people,
      payers: people,
      addresses: people,
      carriers: 4,
      orders,
      reviews,
      follows,
    },
    planted: {
      // Bad-mouthers really buy: their orders are no staged ones.
      order: Uint8Array.from(all, ({ kind }) => (kind === "staged" ? 1 : 0)),
      review: planted,
      follow: plantedFollows,
    },
  };
}
