import { FormatError } from "../tlog/bytes.ts";
import type { Entry } from "./entry.ts";

/** Dense numbers of names, in the order in which they first came. */
export class Names {
  readonly all: string[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(names: Iterable<string> = []) {
    for (const name of names) this.add(name);
  }

  find(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  add(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    // A copy: a part of an entry's text would keep the whole text in memory.
    const own = [...name].join("");
    this.#numbers.set(own, this.all.length);
    return this.all.push(own) - 1;
  }
}

/** Where facts begin: entries added so far and the names in them, in the order of their numbers. */
export interface FactStart {
  readonly entries: number;
  readonly subjects: readonly string[];
  readonly metrics: readonly string[];
  readonly categories: readonly string[];
}

/** Whether an ordered pair of merchants is linked from an entry on: two subjects with a space between. */
export type LinkWord = readonly [pair: string, holds: boolean];

/** What some entries in a row say, in numbers: what one thread hands to another. */
export interface FactBatch {
  /** Place of the first entry. */
  readonly first: number;
  readonly entries: number;
  /** Names that come for the first time, in the order of their numbers. */
  readonly subjects: readonly string[];
  readonly metrics: readonly string[];
  readonly categories: readonly string[];
  /** By twos: subject, its category from now on. */
  readonly named: Float64Array<ArrayBuffer>;
  /** By sixes: place, subject, metric, day, change in n, change in x. */
  readonly rows: Float64Array<ArrayBuffer>;
  readonly links: readonly LinkWord[];
}

export const rowNumbers = 6;
const linkType = "merchant.linked";

function linkWord({ act }: Entry, place: number): LinkWord {
  const { holds, merchant, to } = act ?? {};
  const isMerchant = (id: unknown): boolean => typeof id === "string" && /^m:[\w-]{22}$/.test(id);
  if (typeof holds !== "boolean" || !isMerchant(merchant) || !isMerchant(to)) {
    throw new FormatError(`p of entry ${place} must tell whether two merchants are linked: holds, merchant, to`);
  }
  return [`${merchant} ${to}`, holds];
}

/** Turns entries into batches, each in turn. */
export class FactBatcher {
  readonly #subjects: Names;
  readonly #metrics: Names;
  readonly #categories: Names;
  #first: number;
  #entries = 0;
  /** How many names the batches before have told. */
  #told: readonly [subjects: number, metrics: number, categories: number];
  #named: number[] = [];
  #rows: number[] = [];
  #links: LinkWord[] = [];

  constructor(start: FactStart = { entries: 0, subjects: [], metrics: [], categories: [] }) {
    this.#first = start.entries;
    this.#subjects = new Names(start.subjects);
    this.#metrics = new Names(start.metrics);
    this.#categories = new Names(start.categories);
    this.#told = this.#counts();
  }

  /** Place of the next entry. */
  get place(): number {
    return this.#first + this.#entries;
  }

  #counts(): readonly [number, number, number] {
    return [this.#subjects.all.length, this.#metrics.all.length, this.#categories.all.length];
  }

  /** Adds the next entry. Throws FormatError where it breaks a rule; the batch is then of no use from it on. */
  add(entry: Entry): void {
    const { place } = this;
    for (const { subject, category } of entry.categories) {
      this.#named.push(this.#subjects.add(subject), this.#categories.add(category));
    }
    for (const { subject, metric, day, n, x } of entry.facts) {
      const number = this.#subjects.find(subject);
      if (number === undefined) throw new FormatError(`d of entry ${place} is of ${subject}, which no c has named`);
      this.#rows.push(place, number, this.#metrics.add(metric), day, n, x);
    }
    if (entry.type === linkType) this.#links.push(linkWord(entry, place));
    this.#entries += 1;
  }

  /** What was added since the last batch. */
  take(): FactBatch {
    const [subjects, metrics, categories] = this.#told;
    const batch: FactBatch = {
      first: this.#first,
      entries: this.#entries,
      subjects: this.#subjects.all.slice(subjects),
      metrics: this.#metrics.all.slice(metrics),
      categories: this.#categories.all.slice(categories),
      named: Float64Array.from(this.#named),
      rows: Float64Array.from(this.#rows),
      links: this.#links,
    };
    this.#first = this.place;
    this.#entries = 0;
    this.#told = this.#counts();
    this.#named = [];
    this.#rows = [];
    this.#links = [];
    return batch;
  }
}
