import { categories, type Language } from "./goods.ts";
import type { Merchant } from "./merchants.ts";
import { address, personName, regions, telephone } from "./names.ts";
import type { Random } from "./random.ts";

export interface Shopper {
  readonly index: number;
  readonly id: string;
  readonly language: Language;
  readonly region: string;
  /** The two categories that most orders go to, as indexes. */
  readonly tastes: readonly [number, number];
  /** Stars given above or below the common measure. */
  readonly generosity: number;
  readonly reviewHabit: number;
  readonly complaintHabit: number;
  readonly maliciousReturner: boolean;
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly phone: string | undefined;
  readonly address: string | undefined;
  device: string | undefined;
  payer: string | undefined;
  /** The shop of the last good experience. */
  favourite: Merchant | undefined;
  known: boolean;
}

/**
 * People, made when they first turn up. The first `count` are the ordinary public, of whom the lower
 * indexes buy more often; accounts enrolled later belong to whoever enrolled them.
 */
export class Shoppers {
  readonly count: number;
  readonly #random: Random;
  readonly #identify: (prefix: string) => string;
  readonly #malicious: number;
  readonly #people: (Shopper | undefined)[] = [];
  #enrolled = 0;

  constructor(count: number, malicious: number, identify: (prefix: string) => string, random: Random) {
    this.count = count;
    this.#malicious = malicious;
    this.#identify = identify;
    this.#random = random;
  }

  at(index: number): Shopper {
    const present = this.#people[index];
    if (present !== undefined) return present;
    const made = this.#make(index);
    this.#people[index] = made;
    return made;
  }

  /** Someone who comes by: activity falls with the square root of the index. */
  draw(random: Random): Shopper {
    const u = random.next();
    return this.at(Math.floor(u * u * this.count));
  }

  /** Someone near in the small world of friends. */
  friendOf(shopper: Shopper, random: Random): Shopper {
    const step = random.integer(1, 6) * (random.chance(0.5) ? 1 : -1);
    const index = random.chance(0.15) ? random.below(this.count) : shopper.index + step;
    return this.at(((index % this.count) + this.count) % this.count);
  }

  /** A fresh account beyond the ordinary public. */
  enroll(): Shopper {
    this.#enrolled += 1;
    return this.#make(this.count + this.#enrolled);
  }

  #make(index: number): Shopper {
    const random = this.#random;
    const language: Language = random.chance(0.8) ? "zh" : "en";
    const region = random.pick(regions);
    const open = random.chance(0.4);
    const traced = random.chance(0.65);
    return {
      index,
      id: this.#identify("u"),
      language,
      region,
      tastes: [random.below(categories.length), random.below(categories.length)],
      generosity: 0.35 * random.normal(),
      reviewHabit: random.between(0.2, 0.75),
      complaintHabit: random.between(0.4, 1.6),
      maliciousReturner: random.chance(this.#malicious),
      email: open && random.chance(0.5) ? `shopper${index}@example.com` : undefined,
      name: open ? personName(language, random) : undefined,
      phone: open ? telephone(Math.imul(index + 1, 7_919) >>> 0) : undefined,
      address: open ? address(region, random) : undefined,
      device: traced ? this.#identify("d") : undefined,
      payer: traced ? this.#identify("w") : undefined,
      favourite: undefined,
      known: false,
    };
  }
}
