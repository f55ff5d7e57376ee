import {
  emptyFollows,
  emptyOrders,
  emptyReviews,
  type FollowColumns,
  type MarketEvidence,
  type OrderColumns,
  type ReviewColumns,
  signaturePlaces,
} from "./evidence.ts";
import { type EvidenceEvent, type FollowPatch, type OrderPatch, patchOf, type ReviewPatch } from "./patch.ts";
import { markText, type TextMarks, type WordReader } from "./text-marks.ts";

/** Dense numbers for ids. */
export class Numbers {
  readonly ids: string[] = [];
  readonly #places = new Map<string, number>();

  of(id: string | undefined): number {
    if (id === undefined) return -1;
    const known = this.#places.get(id);
    if (known !== undefined) return known;
    this.#places.set(id, this.ids.length);
    return this.ids.push(id) - 1;
  }

  find(id: string): number {
    return this.#places.get(id) ?? -1;
  }
}

type Row<P> = { -readonly [K in keyof P]: P[K] };
type ReviewRow = Row<ReviewPatch> & { marks?: TextMarks; wordsAt?: number };

/** Milestones keep the first time, everything else the last word. */
const milestones: ReadonlySet<string> = new Set([
  "placed",
  "shipped",
  "delivered",
  "confirmed",
  "posted",
  "followed",
  "appealed",
]);

function merge<P extends object>(row: Row<P>, patch: P): void {
  for (const [key, value] of Object.entries(patch)) {
    const old = (row as Record<string, unknown>)[key];
    const isLater = milestones.has(key) && typeof old === "number" && old <= (value as number);
    if (!isLater) (row as Record<string, unknown>)[key] = value;
  }
}

const keyOf = (...parts: readonly string[]): string => parts.join("\u001f");

/** Ids of the columns that a book gives, by dense number. */
export interface BookIds {
  readonly people: readonly string[];
  readonly merchants: readonly string[];
  readonly products: readonly string[];
  /** `m` or `r` and the id. */
  readonly targets: readonly string[];
  /** Merchant and order, in the order of the columns. */
  readonly orders: readonly (readonly [merchant: string, order: string])[];
  readonly reviews: readonly (readonly [merchant: string, review: string])[];
  readonly follows: readonly (readonly [target: string, user: string])[];
}

/** Evidence of a whole marketplace in memory, from its events in any order: for trials, training and tests. */
export class EvidenceBook {
  readonly #reader: WordReader;
  readonly #orders = new Map<string, Row<OrderPatch>>();
  readonly #reviews = new Map<string, ReviewRow>();
  readonly #follows = new Map<string, Row<FollowPatch>>();
  readonly #insiders = new Map<string, { at: number; holds: boolean }>();

  constructor(reader: WordReader) {
    this.#reader = reader;
  }

  take(event: EvidenceEvent): void {
    const patch = patchOf(event);
    switch (patch?.table) {
      case "order": {
        const key = keyOf(patch.merchant, patch.order);
        const row = this.#orders.get(key);
        if (row === undefined) this.#orders.set(key, { ...patch });
        else merge(row, patch);
        break;
      }
      case "review":
        this.#takeReview(patch);
        break;
      case "follow": {
        const key = keyOf(patch.kind, patch.target, patch.user);
        const row = this.#follows.get(key);
        if (row === undefined) this.#follows.set(key, { ...patch });
        else merge(row, patch);
        break;
      }
      case "insider": {
        const key = keyOf(patch.merchant, patch.user);
        if ((this.#insiders.get(key)?.at ?? -1) <= patch.at) this.#insiders.set(key, patch);
        break;
      }
      default:
    }
  }

  #takeReview(patch: ReviewPatch): void {
    const key = keyOf(patch.merchant, patch.review);
    const row: ReviewRow = this.#reviews.get(key) ?? { ...patch };
    const at = patch.edited ?? patch.posted ?? -1;
    const isNews = (row.wordsAt ?? -1) <= at;
    const { words, stars, ...rest } = patch;
    if (this.#reviews.has(key)) merge(row, rest as ReviewPatch);
    if (at >= 0 && isNews) {
      if (stars !== undefined) row.stars = stars;
      if (words !== undefined) row.marks = markText(words, this.#reader);
      row.wordsAt = at;
    }
    this.#reviews.set(key, row);
  }

  /** Columns and the ids behind them; orders that were never placed and reviews that were never posted are left out. */
  columns(): { readonly evidence: MarketEvidence; readonly ids: BookIds } {
    const numbers = new BookNumbers();
    const orders = [...this.#orders.values()].filter(({ placed }) => placed !== undefined);
    const reviews = [...this.#reviews.values()].filter(
      ({ posted, removed }) => posted !== undefined && removed !== true,
    );
    const follows = [...this.#follows.values()].filter(({ followed }) => followed !== undefined);
    const places = new Map(orders.map(({ merchant, order }, place) => [keyOf(merchant, order), place]));
    const orderColumns = fillOrders(orders, numbers);
    const reviewColumns = fillReviews(reviews, numbers, places, this.#insiders);
    const followColumns = fillFollows(follows, numbers);
    const { people, merchants, products, targets, devices, payers, addresses, carriers } = numbers;
    return {
      evidence: {
        people: people.ids.length,
        merchants: merchants.ids.length,
        products: products.ids.length,
        targets: targets.ids.length,
        devices: devices.ids.length,
        payers: payers.ids.length,
        addresses: addresses.ids.length,
        carriers: carriers.ids.length,
        orders: orderColumns,
        reviews: reviewColumns,
        follows: followColumns,
      },
      ids: {
        people: people.ids,
        merchants: merchants.ids,
        products: products.ids,
        targets: targets.ids,
        orders: orders.map(({ merchant, order }) => [merchant, order]),
        reviews: reviews.map(({ merchant, review }) => [merchant, review]),
        follows: follows.map(({ kind, target, user }) => [`${kind === "promoter" ? "r" : "m"}${target}`, user]),
      },
    };
  }
}

class BookNumbers {
  readonly people = new Numbers();
  readonly merchants = new Numbers();
  readonly products = new Numbers();
  readonly targets = new Numbers();
  readonly devices = new Numbers();
  readonly payers = new Numbers();
  readonly addresses = new Numbers();
  readonly carriers = new Numbers();
}

const flag = (value: boolean | undefined): 0 | 1 => (value === true ? 1 : 0);

function fillOrders(rows: readonly Row<OrderPatch>[], numbers: BookNumbers): OrderColumns {
  const columns = emptyOrders(rows.length);
  rows.forEach((row, place) => {
    columns.merchant[place] = numbers.merchants.of(row.merchant);
    columns.buyer[place] = numbers.people.of(row.buyer);
    columns.product[place] = numbers.products.of(row.product);
    columns.placed[place] = row.placed ?? Number.NaN;
    columns.shipped[place] = row.shipped ?? Number.NaN;
    columns.delivered[place] = row.delivered ?? Number.NaN;
    columns.confirmed[place] = row.confirmed ?? Number.NaN;
    columns.cancelled[place] = flag(row.cancelled);
    columns.returned[place] = flag(row.returned);
    columns.tracking[place] = row.tracking === undefined ? -1 : flag(row.tracking);
    columns.device[place] = numbers.devices.of(row.device);
    columns.payer[place] = numbers.payers.of(row.payer);
    columns.address[place] = numbers.addresses.of(row.address);
    columns.carrier[place] = numbers.carriers.of(row.carrier);
  });
  return columns;
}

function fillReviews(
  rows: readonly ReviewRow[],
  numbers: BookNumbers,
  orders: ReadonlyMap<string, number>,
  insiders: ReadonlyMap<string, { readonly holds: boolean }>,
): ReviewColumns {
  const columns = emptyReviews(rows.length);
  rows.forEach((row, place) => {
    const marks = row.marks ?? markText(undefined, { sentiment: () => undefined, tellsOfIncentive: () => false });
    columns.merchant[place] = numbers.merchants.of(row.merchant);
    columns.reviewer[place] = numbers.people.of(row.reviewer);
    columns.product[place] = numbers.products.of(row.product);
    columns.order[place] = row.order === undefined ? -1 : (orders.get(keyOf(row.merchant, row.order)) ?? -1);
    columns.posted[place] = row.posted ?? Number.NaN;
    columns.stars[place] = row.stars ?? 0;
    columns.chars[place] = marks.chars;
    columns.signature.set(marks.signature, place * signaturePlaces);
    columns.sentiment[place] = marks.sentiment;
    columns.incentiveWords[place] = flag(marks.incentiveWords);
    columns.declared[place] = flag(row.declared);
    columns.insider[place] = flag(insiders.get(keyOf(row.merchant, row.reviewer ?? ""))?.holds);
  });
  return columns;
}

function fillFollows(rows: readonly Row<FollowPatch>[], numbers: BookNumbers): FollowColumns {
  const columns = emptyFollows(rows.length);
  rows.forEach((row, place) => {
    columns.target[place] = numbers.targets.of(`${row.kind === "promoter" ? "r" : "m"}${row.target}`);
    columns.user[place] = numbers.people.of(row.user);
    columns.followed[place] = row.followed ?? Number.NaN;
    columns.active[place] = flag(row.active);
  });
  return columns;
}
