import { integerArray, type Queryable } from "../platform/db.ts";
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

interface OrderRow {
  readonly order_no: number;
  readonly merchant_no: number;
  readonly id: string;
  readonly person_no: number | null;
  readonly product_no: number | null;
  readonly placed_s: number | null;
  readonly shipped_s: number | null;
  readonly delivered_s: number | null;
  readonly confirmed_s: number | null;
  readonly cancelled: boolean | null;
  readonly returned: boolean | null;
  readonly tracking: boolean | null;
  readonly device: number | null;
  readonly payer: number | null;
  readonly address: number | null;
  readonly carrier: number | null;
}

interface ReviewRow {
  readonly review_no: number;
  readonly merchant_no: number;
  readonly id: string;
  readonly person_no: number | null;
  readonly product_no: number | null;
  readonly order_id: string | null;
  readonly posted_s: number | null;
  readonly stars: number | null;
  readonly chars: number | null;
  readonly signature: Uint8Array | null;
  readonly sentiment: number | null;
  readonly incentive_words: boolean | null;
  readonly declared: boolean | null;
  readonly insider: boolean;
}

interface FollowRow {
  readonly follow_no: number;
  readonly target_no: number;
  readonly person_no: number;
  readonly followed_s: number | null;
  readonly active: boolean | null;
}

/** Evidence and the numbers in the store behind its dense ones. */
export interface StoredEvidence {
  readonly evidence: MarketEvidence;
  /** By place in the columns: numbers in the store. */
  readonly orderNos: Int32Array;
  readonly reviewNos: Int32Array;
  readonly followNos: Int32Array;
  /** By dense number: accounts and subjects in the store. */
  readonly personNos: Int32Array;
  readonly merchantNos: Int32Array;
  readonly targetNos: Int32Array;
}

class Dense {
  readonly nos: number[] = [];
  readonly #places = new Map<number, number>();

  of(no: number | null): number {
    if (no === null) return -1;
    const known = this.#places.get(no);
    if (known !== undefined) return known;
    this.#places.set(no, this.nos.length);
    return this.nos.push(no) - 1;
  }
}

const nan = (value: number | null): number => value ?? Number.NaN;
const bit = (value: boolean | null): 0 | 1 => (value === true ? 1 : 0);

class Assembly {
  readonly people = new Dense();
  readonly merchants = new Dense();
  readonly products = new Dense();
  readonly targets = new Dense();
  readonly devices = new Dense();
  readonly payers = new Dense();
  readonly addresses = new Dense();
  readonly carriers = new Dense();

  orders(rows: readonly OrderRow[]): OrderColumns {
    const columns = emptyOrders(rows.length);
    rows.forEach((row, place) => {
      columns.merchant[place] = this.merchants.of(row.merchant_no);
      columns.buyer[place] = this.people.of(row.person_no);
      columns.product[place] = this.products.of(row.product_no);
      columns.placed[place] = nan(row.placed_s);
      columns.shipped[place] = nan(row.shipped_s);
      columns.delivered[place] = nan(row.delivered_s);
      columns.confirmed[place] = nan(row.confirmed_s);
      columns.cancelled[place] = bit(row.cancelled);
      columns.returned[place] = bit(row.returned);
      columns.tracking[place] = row.tracking === null ? -1 : bit(row.tracking);
      columns.device[place] = this.devices.of(row.device);
      columns.payer[place] = this.payers.of(row.payer);
      columns.address[place] = this.addresses.of(row.address);
      columns.carrier[place] = this.carriers.of(row.carrier);
    });
    return columns;
  }

  reviews(rows: readonly ReviewRow[], orders: readonly OrderRow[]): ReviewColumns {
    const columns = emptyReviews(rows.length);
    const places = new Map(orders.map(({ merchant_no, id }, place) => [`${merchant_no} ${id}`, place]));
    rows.forEach((row, place) => {
      columns.merchant[place] = this.merchants.of(row.merchant_no);
      columns.reviewer[place] = this.people.of(row.person_no);
      columns.product[place] = this.products.of(row.product_no);
      columns.order[place] = row.order_id === null ? -1 : (places.get(`${row.merchant_no} ${row.order_id}`) ?? -1);
      columns.posted[place] = nan(row.posted_s);
      columns.stars[place] = row.stars ?? 0;
      columns.chars[place] = row.chars ?? 0;
      columns.signature.set(signatureOf(row.signature), place * signaturePlaces);
      columns.sentiment[place] = row.sentiment ?? noSentiment;
      columns.incentiveWords[place] = bit(row.incentive_words);
      columns.declared[place] = bit(row.declared);
      columns.insider[place] = bit(row.insider);
    });
    return columns;
  }

  follows(rows: readonly FollowRow[]): FollowColumns {
    const columns = emptyFollows(rows.length);
    rows.forEach((row, place) => {
      columns.target[place] = this.targets.of(row.target_no);
      columns.user[place] = this.people.of(row.person_no);
      columns.followed[place] = nan(row.followed_s);
      columns.active[place] = bit(row.active);
    });
    return columns;
  }
}

function signatureOf(bytes: Uint8Array | null): Uint32Array {
  if (bytes === null || bytes.length !== 4 * signaturePlaces) return emptySignature;
  const copy = Uint8Array.from(bytes);
  return new Uint32Array(copy.buffer);
}

function assemble(
  orders: readonly OrderRow[],
  reviews: readonly ReviewRow[],
  follows: readonly FollowRow[],
): StoredEvidence {
  const parts = new Assembly();
  const columns = {
    orders: parts.orders(orders),
    reviews: parts.reviews(reviews, orders),
    follows: parts.follows(follows),
  };
  const { people, merchants, products, targets, devices, payers, addresses, carriers } = parts;
  return {
    evidence: {
      people: people.nos.length,
      merchants: merchants.nos.length,
      products: products.nos.length,
      targets: targets.nos.length,
      devices: devices.nos.length,
      payers: payers.nos.length,
      addresses: addresses.nos.length,
      carriers: carriers.nos.length,
      ...columns,
    },
    orderNos: Int32Array.from(orders, ({ order_no }) => order_no),
    reviewNos: Int32Array.from(reviews, ({ review_no }) => review_no),
    followNos: Int32Array.from(follows, ({ follow_no }) => follow_no),
    personNos: Int32Array.from(people.nos),
    merchantNos: Int32Array.from(merchants.nos),
    targetNos: Int32Array.from(targets.nos),
  };
}

const orderColumns = `o.order_no, o.merchant_no, o.id, o.person_no, o.product_no, o.placed_s, o.shipped_s, o.delivered_s,
  o.confirmed_s, o.cancelled, o.returned, o.tracking, o.device, o.payer, o.address, o.carrier`;
const reviewColumns = `r.review_no, r.merchant_no, r.id, r.person_no, r.product_no, r.order_id, r.posted_s, r.stars, r.chars,
  r.signature, r.sentiment, r.incentive_words, r.declared,
  EXISTS (SELECT FROM authenticity_insider i WHERE i.marketplace_id = r.marketplace_id AND i.merchant_no = r.merchant_no
    AND i.person_no = r.person_no AND i.holds) AS insider`;
const followColumns = "f.follow_no, f.target_no, f.person_no, f.followed_s, f.active";

/** Rows that are read at once: bounds what a driver holds as objects. */
const chunkRows = 20_000;

async function inChunks<Row extends object>(
  db: Queryable,
  sql: string,
  marketplaceId: number,
  count: number,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let from = 0; from < count; from += chunkRows)
    rows.push(...(await db.query<Row>(sql, [marketplaceId, from, from + chunkRows])));
  return rows;
}

/** All evidence of a marketplace. What was never placed, posted or followed (only what came after is known) is left out. */
export async function loadMarketEvidence(
  db: Queryable,
  marketplaceId: number,
  counts: { readonly orders: number; readonly reviews: number; readonly follows: number },
): Promise<StoredEvidence> {
  const orders = await inChunks<OrderRow>(
    db,
    `SELECT ${orderColumns} FROM authenticity_order o WHERE o.marketplace_id = $1 AND o.order_no >= $2 AND o.order_no < $3
       AND o.placed_s IS NOT NULL ORDER BY o.order_no`,
    marketplaceId,
    counts.orders,
  );
  const reviews = await inChunks<ReviewRow>(
    db,
    `SELECT ${reviewColumns} FROM authenticity_review r WHERE r.marketplace_id = $1 AND r.review_no >= $2 AND r.review_no < $3
       AND r.posted_s IS NOT NULL AND r.person_no IS NOT NULL AND r.removed IS NOT TRUE ORDER BY r.review_no`,
    marketplaceId,
    counts.reviews,
  );
  const follows = await inChunks<FollowRow>(
    db,
    `SELECT ${followColumns} FROM authenticity_follow f WHERE f.marketplace_id = $1 AND f.follow_no >= $2 AND f.follow_no < $3
       AND f.followed_s IS NOT NULL ORDER BY f.follow_no`,
    marketplaceId,
    counts.follows,
  );
  return assemble(orders, reviews, follows);
}

/** What is looked at around a review that has just come in: bounded, whatever the shop or the account. */
const ownRowsMax = 100;
const sharedRowsMax = 30;
const merchantReviewsMax = 200;
const likeMax = 40;

/** Evidence around some reviews: their authors' rows, who shares a thing with them, the shop's latest, what reads alike. */
export async function loadNeighbourhood(
  db: Queryable,
  marketplaceId: number,
  reviewNos: readonly number[],
): Promise<StoredEvidence> {
  const nos = integerArray(reviewNos);
  const orders = db.query<OrderRow>(
    `WITH own AS (SELECT DISTINCT a.person_no FROM unnest($2::integer[]) AS t (no) CROSS JOIN LATERAL (SELECT person_no
       FROM authenticity_review r WHERE r.marketplace_id = $1 AND r.review_no = t.no LIMIT 1) AS a),
     mine AS MATERIALIZED (SELECT o.* FROM own CROSS JOIN LATERAL (SELECT * FROM authenticity_order o
       WHERE o.marketplace_id = $1 AND o.person_no = own.person_no ORDER BY o.order_no DESC LIMIT ${ownRowsMax}) AS o),
     near AS (SELECT * FROM mine
       UNION SELECT s.* FROM mine m CROSS JOIN LATERAL (SELECT * FROM authenticity_order o WHERE o.marketplace_id = $1
         AND o.device = m.device ORDER BY o.order_no DESC LIMIT ${sharedRowsMax}) AS s
       UNION SELECT s.* FROM mine m CROSS JOIN LATERAL (SELECT * FROM authenticity_order o WHERE o.marketplace_id = $1
         AND o.payer = m.payer ORDER BY o.order_no DESC LIMIT ${sharedRowsMax}) AS s
       UNION SELECT s.* FROM mine m CROSS JOIN LATERAL (SELECT * FROM authenticity_order o WHERE o.marketplace_id = $1
         AND o.address = m.address ORDER BY o.order_no DESC LIMIT ${sharedRowsMax}) AS s)
     SELECT ${orderColumns} FROM near o WHERE o.placed_s IS NOT NULL ORDER BY o.order_no`,
    [marketplaceId, nos],
  );
  const reviews = db.query<ReviewRow>(
    `WITH asked AS MATERIALIZED (SELECT a.* FROM unnest($2::integer[]) AS t (no) CROSS JOIN LATERAL (SELECT review_no, merchant_no, person_no
       FROM authenticity_review r WHERE r.marketplace_id = $1 AND r.review_no = t.no LIMIT 1) AS a),
     near AS (SELECT review_no FROM asked
       UNION SELECT m.review_no FROM (SELECT DISTINCT person_no FROM asked) AS a CROSS JOIN LATERAL
         (SELECT review_no FROM authenticity_review r WHERE r.marketplace_id = $1 AND r.person_no = a.person_no
          ORDER BY r.review_no DESC LIMIT ${ownRowsMax}) AS m
       UNION SELECT m.review_no FROM (SELECT DISTINCT merchant_no FROM asked) AS a CROSS JOIN LATERAL
         (SELECT review_no FROM authenticity_review r WHERE r.marketplace_id = $1 AND r.merchant_no = a.merchant_no
          AND r.posted_s IS NOT NULL ORDER BY r.posted_s DESC LIMIT ${merchantReviewsMax}) AS m
       UNION SELECT m.review_no FROM asked a CROSS JOIN LATERAL (SELECT band FROM authenticity_band b
         WHERE b.marketplace_id = $1 AND b.review_no = a.review_no) AS b CROSS JOIN LATERAL
         (SELECT review_no FROM authenticity_band l WHERE l.marketplace_id = $1 AND l.band = b.band
          ORDER BY l.review_no DESC LIMIT ${likeMax}) AS m)
     SELECT ${reviewColumns} FROM near n CROSS JOIN LATERAL
       (SELECT * FROM authenticity_review r WHERE r.marketplace_id = $1 AND r.review_no = n.review_no LIMIT 1) AS r
     WHERE r.posted_s IS NOT NULL AND r.person_no IS NOT NULL AND r.removed IS NOT TRUE ORDER BY r.review_no`,
    [marketplaceId, nos],
  );
  const follows = db.query<FollowRow>(
    `SELECT ${followColumns} FROM (SELECT DISTINCT r.person_no FROM unnest($2::integer[]) AS t (no) CROSS JOIN LATERAL
       (SELECT person_no FROM authenticity_review r WHERE r.marketplace_id = $1 AND r.review_no = t.no LIMIT 1) AS r) AS a CROSS JOIN LATERAL
       (SELECT * FROM authenticity_follow f WHERE f.marketplace_id = $1 AND f.person_no = a.person_no LIMIT ${ownRowsMax}) AS f
     WHERE f.followed_s IS NOT NULL`,
    [marketplaceId, nos],
  );
  return assemble(...(await Promise.all([orders, reviews, follows])));
}
