import { FormatError } from "../tlog/bytes.ts";
import { type FactBatch, type FactStart, Names, rowNumbers } from "./fact-batch.ts";
import { FactTable } from "./fact-table.ts";
import type { SubjectKind } from "./policy.ts";

const kindLetters = { merchant: "m", product: "p", promoter: "r" } as const;
interface Head extends FactStart {
  readonly categoryOf: readonly number[];
  readonly links: readonly string[];
}

/** Numbers of a row in `toBytes`. */
const savedNumbers = 5;

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

  /** Where batches go on. */
  get start(): FactStart {
    const [subjects, metrics, categories] = [this.#subjects.all, this.#metrics.all, this.#categories.all];
    return { entries: this.#entries, subjects, metrics, categories };
  }

  /**
   * Adds a batch, each in turn. Throws FormatError where a sum passes 2^53 - 1; the facts are then those of no prefix and
   * of no use.
   */
  add({ first, entries, subjects, metrics, categories, named, rows, links }: FactBatch): void {
    if (first !== this.#entries) throw new RangeError(`entry ${first} does not follow ${this.#entries} entries`);
    for (const name of subjects) this.#subjects.add(name);
    for (const name of metrics) this.#metrics.add(name);
    for (const name of categories) this.#categories.add(name);
    for (let at = 0; at < named.length; at += 2) this.#categoryOf[named[at] as number] = named[at + 1] as number;
    this.#addRows(rows);
    for (const [pair, holds] of links) {
      if (holds) this.#links.add(pair);
      else this.#links.delete(pair);
    }
    this.#entries += entries;
  }

  #addRows(rows: Float64Array): void {
    const { table } = this;
    for (let at = 0; at < rows.length; at += rowNumbers) {
      const [subject, metric] = [rows[at + 1] as number, rows[at + 2] as number];
      const row = table.row(subject, metric, rows[at + 3] as number);
      const n = (table.n[row] as number) + (rows[at + 4] as number);
      const x = (table.x[row] as number) + (rows[at + 5] as number);
      if (!Number.isSafeInteger(n) || !Number.isSafeInteger(x)) {
        const what = `${this.metricName(metric)} of ${this.name(subject)}`;
        throw new FormatError(`d of entry ${rows[at] as number} takes ${what} past 2^53 - 1`);
      }
      table.n[row] = n;
      table.x[row] = x;
    }
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
    const head: Head = { ...this.start, categoryOf: this.#categoryOf, links: [...this.#links] };
    const headBytes = new TextEncoder().encode(JSON.stringify(head));
    const numbers = new Float64Array(table.rows * savedNumbers);
    for (let row = 0; row < table.rows; row += 1) {
      const at = row * savedNumbers;
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
    for (let at = 0; at < numbers.length; at += savedNumbers) {
      const row = table.row(numbers[at] as number, numbers[at + 1] as number, numbers[at + 2] as number);
      table.n[row] = numbers[at + 3] as number;
      table.x[row] = numbers[at + 4] as number;
    }
    return facts;
  }
}
