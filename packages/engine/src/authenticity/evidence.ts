/** Places of a review's signature: MinHash over its text's n-grams. */
export const signaturePlaces = 32;

/** What is not known of a review's words. */
export const noSentiment = -32_768;

/** Orders as columns: people, merchants, products, devices, payers, addresses and carriers are dense numbers, −1 where not known. */
export interface OrderColumns {
  readonly count: number;
  readonly merchant: Int32Array;
  readonly buyer: Int32Array;
  readonly product: Int32Array;
  /** Seconds since 1970; NaN where it has not happened or is not known. */
  readonly placed: Float64Array;
  readonly shipped: Float64Array;
  readonly delivered: Float64Array;
  readonly confirmed: Float64Array;
  readonly cancelled: Uint8Array;
  readonly returned: Uint8Array;
  /** 1 valid, 0 not, −1 not told. */
  readonly tracking: Int8Array;
  readonly device: Int32Array;
  readonly payer: Int32Array;
  readonly address: Int32Array;
  readonly carrier: Int32Array;
}

export interface ReviewColumns {
  readonly count: number;
  readonly merchant: Int32Array;
  readonly reviewer: Int32Array;
  readonly product: Int32Array;
  /** Place among the orders; −1 where none was named or it is not known. */
  readonly order: Int32Array;
  readonly posted: Float64Array;
  readonly stars: Uint8Array;
  /** Characters of the folded text; 0 for a review without words. */
  readonly chars: Int32Array;
  /** `signaturePlaces` numbers a review. */
  readonly signature: Uint32Array;
  /** −1000 … 1000, `noSentiment` where there are no words or the language is not read. */
  readonly sentiment: Int16Array;
  /** Words that tell of money for praise. */
  readonly incentiveWords: Uint8Array;
  /** The author declares an incentive. */
  readonly declared: Uint8Array;
  /** The author is declared to be close to the merchant. */
  readonly insider: Uint8Array;
}

export interface FollowColumns {
  readonly count: number;
  /** Merchant or promoter followed, dense among both. */
  readonly target: Int32Array;
  readonly user: Int32Array;
  readonly followed: Float64Array;
  /** Liked or shared something of the target. */
  readonly active: Uint8Array;
}

/** Everything that assessments of a marketplace are made of. */
export interface MarketEvidence {
  readonly people: number;
  readonly merchants: number;
  readonly products: number;
  readonly targets: number;
  readonly devices: number;
  readonly payers: number;
  readonly addresses: number;
  readonly carriers: number;
  readonly orders: OrderColumns;
  readonly reviews: ReviewColumns;
  readonly follows: FollowColumns;
}

const unknownTimes = (count: number): Float64Array => new Float64Array(count).fill(Number.NaN);
const unknownIds = (count: number): Int32Array => new Int32Array(count).fill(-1);

export function emptyOrders(count: number): OrderColumns {
  return {
    count,
    merchant: unknownIds(count),
    buyer: unknownIds(count),
    product: unknownIds(count),
    placed: unknownTimes(count),
    shipped: unknownTimes(count),
    delivered: unknownTimes(count),
    confirmed: unknownTimes(count),
    cancelled: new Uint8Array(count),
    returned: new Uint8Array(count),
    tracking: new Int8Array(count).fill(-1),
    device: unknownIds(count),
    payer: unknownIds(count),
    address: unknownIds(count),
    carrier: unknownIds(count),
  };
}

export function emptyReviews(count: number): ReviewColumns {
  return {
    count,
    merchant: unknownIds(count),
    reviewer: unknownIds(count),
    product: unknownIds(count),
    order: unknownIds(count),
    posted: unknownTimes(count),
    stars: new Uint8Array(count),
    chars: new Int32Array(count),
    signature: new Uint32Array(count * signaturePlaces),
    sentiment: new Int16Array(count).fill(noSentiment),
    incentiveWords: new Uint8Array(count),
    declared: new Uint8Array(count),
    insider: new Uint8Array(count),
  };
}

export function emptyFollows(count: number): FollowColumns {
  return {
    count,
    target: unknownIds(count),
    user: unknownIds(count),
    followed: unknownTimes(count),
    active: new Uint8Array(count),
  };
}
