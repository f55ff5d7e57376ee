import { Calendar } from "./calendar.ts";
import { categories } from "./goods.ts";
import type { Merchant } from "./merchants.ts";
import { Random } from "./random.ts";
import { demand } from "./rhythm.ts";
import { Shoppers, type Shopper } from "./shoppers.ts";
import { emptyTruth, type Fake, type Truth } from "./truth.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly merchants: number;
  /** Orders placed over the whole run, fake ones included. */
  readonly orders: number;
  readonly days: number;
  /** Day number (days since 1970-01-01) of the last day; 20 700 unless stated. */
  readonly endDay?: number;
  /** CloudEvents source of every event; `urn:simulator` unless stated. */
  readonly source?: string;
  readonly shoppers?: number;
  /** Fraudulent shops, rings, bribes, bought followers, malicious returners; on unless false. */
  readonly crooks?: boolean;
  /** Bad batches and logistics strikes; on unless false. */
  readonly crises?: boolean;
}

interface Settings {
  readonly seed: number;
  readonly merchants: number;
  readonly orders: number;
  readonly days: number;
  readonly startDay: number;
  readonly endDay: number;
  readonly shoppers: number;
  readonly crooks: boolean;
  readonly crises: boolean;
}

/** Things that wait for a day. */
export class Agenda<T> {
  readonly #days = new Map<number, T[]>();

  add(day: number, item: T): void {
    const items = this.#days.get(day);
    if (items === undefined) this.#days.set(day, [item]);
    else items.push(item);
  }

  /** Takes what waits for the day. */
  take(day: number): T[] {
    const items = this.#days.get(day) ?? [];
    this.#days.delete(day);
    return items;
  }
}

/** An order that somebody's recommendation brings. */
interface Invitation {
  readonly merchant: Merchant;
  readonly shopper: Shopper;
  readonly referral: string;
  readonly promoter: string | undefined;
  readonly fake: Fake | undefined;
}

export interface Follow {
  readonly user: string;
  readonly kind: "merchant" | "promoter";
  readonly followed: string;
  readonly sinceMs: number;
}

export interface Promoter {
  readonly id: string;
  readonly user: string;
  readonly name: string;
  readonly crooked: boolean;
  readonly merchants: readonly Merchant[];
  /** Accounts that order for the commission and return. */
  readonly accomplices: readonly Shopper[];
  readonly registeredDay: number;
}

interface Strike {
  readonly carrier: string;
  readonly regions: readonly string[];
  readonly fromDay: number;
  readonly toDay: number;
}

const streams = [
  "merchants",
  "shoppers",
  "market",
  "orders",
  "desk",
  "voice",
  "social",
  "crooks",
  "crises",
  "script",
] as const;
type Dice = { readonly [Stream in (typeof streams)[number]]: Random };

export interface World {
  readonly settings: Settings;
  readonly dice: Dice;
  readonly calendar: Calendar;
  readonly shoppers: Shoppers;
  readonly merchants: Merchant[];
  readonly openings: Agenda<Merchant>;
  readonly invitations: Agenda<Invitation>;
  readonly promoters: Promoter[];
  /** The latest follows, oldest overwritten: who likes, shares and unfollows. */
  readonly follows: Follow[];
  readonly strikes: Strike[];
  readonly truth: Truth;
  /** A fresh identifier that tells nothing of when or why it was made. */
  newId(prefix: string): string;
}

function settle(options: SimulationOptions): Settings {
  const { seed, merchants, orders, days } = options;
  for (const [name, value] of Object.entries({ merchants, orders, days })) {
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} must be a whole number above 0`);
  }
  if (!Number.isSafeInteger(seed)) throw new RangeError("seed must be a safe integer");
  const endDay = options.endDay ?? 20_700;
  return {
    seed,
    merchants,
    orders,
    days,
    startDay: endDay - days + 1,
    endDay,
    shoppers: options.shoppers ?? Math.max(60, Math.round(orders / 5)),
    crooks: options.crooks ?? true,
    crises: options.crises ?? true,
  };
}

/** A world without inhabitants. */
export function emptyWorld(options: SimulationOptions): World {
  const settings = settle(options);
  const { seed } = settings;
  const dice = Object.fromEntries(streams.map((stream) => [stream, new Random(seed, stream)])) as unknown as Dice;
  const offset = new Random(seed, "ids").integer(0, 0xffffffff);
  let made = 0;
  const newId = (prefix: string): string => {
    made += 1;
    // An odd multiplier permutes the 32-bit numbers: unique, and without an order to read.
    return `${prefix}-${(Math.imul(made + offset, 0x9e3779b1) >>> 0).toString(36)}`;
  };
  return {
    settings,
    dice,
    calendar: new Calendar(settings.startDay, settings.endDay, options.source ?? "urn:simulator"),
    shoppers: new Shoppers(settings.shoppers, settings.crooks ? 0.006 : 0, newId, dice.shoppers),
    merchants: [],
    openings: new Agenda(),
    invitations: new Agenda(),
    promoters: [],
    follows: [],
    strikes: [],
    truth: emptyTruth(),
    newId,
  };
}

/** Whether a shop takes orders on the day. */
export function isOpen(merchant: Merchant, day: number): boolean {
  return merchant.openedDay <= day && day < merchant.closedDay;
}

interface Shelf {
  readonly merchants: readonly Merchant[];
  readonly cumulative: readonly number[];
}

/** Where shoppers go: shops by category, weighed by their draw. */
export class Market {
  readonly #shelves: readonly Shelf[];
  readonly #all: Shelf;
  readonly #tastes: readonly number[];

  constructor(merchants: readonly Merchant[]) {
    const trading = merchants.filter((merchant) => merchant.weight > 0);
    this.#all = shelve(trading);
    this.#shelves = categories.map((category) => shelve(trading.filter((merchant) => merchant.category === category)));
    this.#tastes = accumulate(categories.map((category) => category.weight));
  }

  /** The shop that a shopper buys from on the day. */
  choose(shopper: Shopper, day: number, random: Random): Merchant {
    const { favourite } = shopper;
    if (favourite !== undefined && favourite.weight > 0 && isOpen(favourite, day) && random.chance(0.25)) {
      return favourite;
    }
    const taste = random.chance(0.7) ? shopper.tastes[random.chance(0.65) ? 0 : 1] : indexIn(this.#tastes, random);
    const shelf = this.#shelves[taste]!;
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const found = drawFrom(shelf.merchants.length > 0 && attempt < 5 ? shelf : this.#all, random);
      if (isOpen(found, day) && random.chance(demand(found.season, day))) return found;
    }
    const open = this.#all.merchants.filter((merchant) => isOpen(merchant, day));
    return random.pick(open.length > 0 ? open : this.#all.merchants);
  }
}

function shelve(merchants: readonly Merchant[]): Shelf {
  return { merchants, cumulative: accumulate(merchants.map((merchant) => merchant.weight)) };
}

function accumulate(weights: readonly number[]): number[] {
  let sum = 0;
  return weights.map((weight) => (sum += weight));
}

function indexIn(cumulative: readonly number[], random: Random): number {
  const target = random.next() * cumulative[cumulative.length - 1]!;
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! <= target) low = middle + 1;
    else high = middle;
  }
  return low;
}

function drawFrom(shelf: Shelf, random: Random): Merchant {
  return shelf.merchants[indexIn(shelf.cumulative, random)]!;
}
