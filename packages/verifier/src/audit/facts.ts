import { FormatError } from "../tlog/bytes.ts";
import type { Entry, FactRow } from "./entry.ts";
import { FactTable } from "./fact-table.ts";
import type { SubjectKind } from "./policy.ts";

const kindLetters = { merchant: "m", product: "p", promoter: "r" } as const;
const linkType = "merchant.linked";

/** Dense numbers of names, in the order in which they first came. */
class Names {
  readonly all: string[] = [];
  readonly #numbers = new Map<string, number>();

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

interface Head {
  readonly entries: number;
  readonly subjects: readonly string[];
  readonly metrics: readonly string[];
  readonly categories: readonly string[];
  readonly categoryOf: readonly number[];
  readonly links: readonly string[];
}

const rowNumbers = 5;

/**
 * What the entries of a prefix of the log say, all that priors and ratings are functions of. Memory grows with the
 * different (subject, metric, day), not with the entries.
 */
export class Facts {
  #entries = 0;
  readonly #subjects = new Names();
  readonly #metrics = new Names();
  readonly #categories = new Names();
  /** By subject. */
  readonly #categoryOf: number[] = [];
  /** Ordered pairs that hold: two subjects with a space between. */
  readonly #links = new Set<string>();
  readonly table: FactTable = new FactTable();

  /** Entries added so far: the place of the next one, the size of the prefix. */
  get entries(): number {
    return this.#entries;
  }

  /**
   * Adds the entry at a place, each in turn. Throws FormatError where it breaks a rule; the facts are then those of no
   * prefix and of no use.
   */
  add(entry: Entry, place: number): void {
    if (place !== this.#entries) throw new RangeError(`entry ${place} does not follow ${this.#entries} entries`);
    for (const { subject, category } of entry.categories) {
      this.#categoryOf[this.#subjects.add(subject)] = this.#categories.add(category);
    }
    for (const fact of entry.facts) this.#addFact(fact, place);
    if (entry.type === linkType) this.#link(entry, place);
    this.#entries += 1;
  }

  #addFact(fact: FactRow, place: number): void {
    const { table } = this;
    const subject = this.#subjects.find(fact.subject);
    if (subject === undefined) throw new FormatError(`d of entry ${place} is of ${fact.subject}, which no c has named`);
    const row = table.row(subject, this.#metrics.add(fact.metric), fact.day);
    const n = (table.n[row] as number) + fact.n;
    const x = (table.x[row] as number) + fact.x;
    if (!Number.isSafeInteger(n) || !Number.isSafeInteger(x)) {
      throw new FormatError(`d of entry ${place} takes ${fact.metric} of ${fact.subject} past 2^53 - 1`);
    }
    table.n[row] = n;
    table.x[row] = x;
  }

  #link({ act }: Entry, place: number): void {
    const { holds, merchant, to } = act ?? {};
    const isMerchant = (id: unknown): boolean => typeof id === "string" && /^m:[\w-]{22}$/.test(id);
    if (typeof holds !== "boolean" || !isMerchant(merchant) || !isMerchant(to)) {
      throw new FormatError(`p of entry ${place} must tell whether two merchants are linked: holds, merchant, to`);
    }
    if (holds) this.#links.add(`${merchant} ${to}`);
    else this.#links.delete(`${merchant} ${to}`);
  }

  /** Numbers of the subjects of a kind that have been named, sorted by name in code-unit order. */
  subjects(kind: SubjectKind): number[] {
    const { all } = this.#subjects;
    return [...all.keys()]
      .filter((no) => all[no]?.startsWith(kindLetters[kind]))
      .sort((a, b) => ((all[a] as string) < (all[b] as string) ? -1 : 1));
  }

  name(subject: number): string {
    return this.#subjects.all[subject] as string;
  }

  /** 22 characters; "" for none. */
  category(subject: number): string {
    return this.#categories.all[this.#categoryOf[subject] as number] as string;
  }

  /** Number of a metric in the table; undefined where it has no row. */
  metric(name: string): number | undefined {
    return this.#metrics.find(name);
  }

  metricName(metric: number): string {
    return this.#metrics.all[metric] as string;
  }

  /** Pairs of numbers of merchants that a held link joins, in either order, where both have been named. */
  links(): [number, number][] {
    return [...this.#links].flatMap((pair): [number, number][] => {
      const [one, other] = pair.split(" ").map((name) => this.#subjects.find(name));
      return one === undefined || other === undefined ? [] : [[one, other]];
    });
  }

  /** Everything, for `Facts.from` on a machine of the same byte order: uint32 length of a JSON head, head, rows. */
  toBytes(): Uint8Array {
    const { table } = this;
    const head: Head = {
      entries: this.#entries,
      subjects: this.#subjects.all,
      metrics: this.#metrics.all,
      categories: this.#categories.all,
      categoryOf: this.#categoryOf,
      links: [...this.#links],
    };
    const headBytes = new TextEncoder().encode(JSON.stringify(head));
    const numbers = new Float64Array(table.rows * rowNumbers);
    for (let row = 0; row < table.rows; row += 1) {
      const at = row * rowNumbers;
      numbers[at] = table.subject[row] as number;
      numbers[at + 1] = table.metric[row] as number;
      numbers[at + 2] = table.day[row] as number;
      numbers[at + 3] = table.n[row] as number;
      numbers[at + 4] = table.x[row] as number;
    }
    const bytes = new Uint8Array(4 + headBytes.length + numbers.byteLength);
    new DataView(bytes.buffer).setUint32(0, headBytes.length);
    bytes.set(headBytes, 4);
    bytes.set(new Uint8Array(numbers.buffer), 4 + headBytes.length);
    return bytes;
  }

  /** The facts that `toBytes` wrote; nothing else is understood. */
  static from(bytes: Uint8Array): Facts {
    const headEnd = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, headEnd))) as Head;
    const numbers = new Float64Array(new Uint8Array(bytes.subarray(headEnd)).buffer);
    const facts = new Facts();
    facts.#entries = head.entries;
    for (const name of head.subjects) facts.#subjects.add(name);
    for (const name of head.metrics) facts.#metrics.add(name);
    for (const name of head.categories) facts.#categories.add(name);
    for (const pair of head.links) facts.#links.add(pair);
    for (const category of head.categoryOf) facts.#categoryOf.push(category);
    const { table } = facts;
    for (let at = 0; at < numbers.length; at += rowNumbers) {
      const row = table.row(numbers[at] as number, numbers[at + 1] as number, numbers[at + 2] as number);
      table.n[row] = numbers[at + 3] as number;
      table.x[row] = numbers[at + 4] as number;
    }
    return facts;
  }
}
