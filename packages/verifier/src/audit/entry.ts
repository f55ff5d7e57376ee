import { FormatError } from "../tlog/bytes.ts";
import { canonicalJson } from "./canonical-json.ts";

/** A subject that is named for the first time, or whose category changed: 22 characters of base64url, "" for none. */
export interface CategoryRow {
  readonly subject: string;
  readonly category: string;
}

/** Change in opportunities (n) and good ones (x) of a subject's metric on a day since 1970-01-01. */
export interface FactRow {
  readonly subject: string;
  readonly metric: string;
  readonly day: number;
  readonly n: number;
  readonly x: number;
}

/** Public content of an act of the platform. */
export type Act = Readonly<Record<string, number | boolean | string>>;

export interface Entry {
  /** `t` */
  readonly type: string;
  /** `c` */
  readonly categories: readonly CategoryRow[];
  /** `d` */
  readonly facts: readonly FactRow[];
  /** `p`; null where absent. */
  readonly act: Act | null;
  /** `sd` as the JSON that stands in the entry: the audit only checks it, `JSON.parse` gives the list. */
  readonly digests: string;
}

const entryBytesMax = 65_535;
const digestsMin = 20;
const dayMax = 200_000;
const [idLength, digestLength] = [22, 43];

const metricShape = /[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\/(?:0|[1-9][0-9]?))?/y;
const typeShape = /[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*/y;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** 1 for the bytes of base64url. */
const inAlphabet = Uint8Array.from({ length: 256 }, (_, byte) =>
  alphabet.includes(String.fromCharCode(byte)) ? 1 : 0,
);
const [minus, zero, colon] = [0x2d, 0x30, 0x3a];
const kindBytes: readonly (number | undefined)[] = [..."mpr"].map((letter) => letter.charCodeAt(0));

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads an entry from left to right, by bytes where that is faster than by characters: it is ASCII, places are equal. */
class Scanner {
  at = 0;
  readonly bytes: Uint8Array;
  readonly text: string;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.text = asciiText(bytes);
  }

  fail(field: string, rule: string): never {
    throw new FormatError(`${field} ${rule} at byte ${this.at} of an entry`);
  }

  /** Passes over a text if it comes next. */
  accept(text: string): boolean {
    for (let index = 0; index < text.length; index += 1) {
      if (this.bytes[this.at + index] !== text.charCodeAt(index)) return false;
    }
    this.at += text.length;
    return true;
  }

  expect(text: string, field: string): void {
    if (!this.accept(text)) this.fail(field, `must have ${text}`);
  }

  /** Passes over so many characters of base64url. */
  base64url(length: number, field: string): void {
    const { bytes } = this;
    const end = this.at + length;
    let all = 1;
    // Past the end there is no byte, hence no 1.
    for (let at = this.at; at < end; at += 1) all &= inAlphabet[bytes[at] as number] as number;
    if (all !== 1) this.fail(field, `must have ${length} characters of base64url`);
    this.at = end;
  }

  subject(field: string): string {
    const from = this.at;
    if (!kindBytes.includes(this.bytes[from]) || this.bytes[from + 1] !== colon) {
      this.fail(field, "must name a subject by m:, p: or r: and its id");
    }
    this.at += 2;
    this.base64url(idLength, field);
    return this.text.slice(from, this.at);
  }

  match(shape: RegExp, field: string, what: string): string {
    const from = this.at;
    shape.lastIndex = from;
    if (!shape.test(this.text)) this.fail(field, `must have ${what}`);
    this.at = shape.lastIndex;
    return this.text.slice(from, this.at);
  }

  /** An integer in its shortest form. */
  integer(field: string): number {
    const isNegative = this.bytes[this.at] === minus;
    const from = this.at + (isNegative ? 1 : 0);
    let at = from;
    let value = 0;
    for (;;) {
      const digit = (this.bytes[at] as number) - zero;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      at += 1;
    }
    const isShortest = at > from && (this.bytes[from] !== zero || (at === from + 1 && !isNegative));
    if (!isShortest || value > Number.MAX_SAFE_INTEGER) this.fail(field, "must have an integer of at most 2^53 - 1");
    this.at = at;
    return isNegative ? -value : value;
  }
}

function asciiText(bytes: Uint8Array): string {
  if (bytes.length > entryBytesMax) throw new FormatError(`an entry must have at most ${entryBytesMax} bytes`);
  let text = "";
  try {
    text = utf8.decode(bytes);
  } catch {
    // Not even UTF-8: its length tells.
  }
  if (text.length !== bytes.length) throw new FormatError("an entry must be ASCII");
  return text;
}

/** Rows up to the end of a list; the opening bracket has been passed. */
function readRows<Row>(scanner: Scanner, field: string, readRow: (scanner: Scanner) => Row): Row[] {
  const rows: Row[] = [];
  do {
    scanner.expect('["', field);
    rows.push(readRow(scanner));
    scanner.expect("]", field);
  } while (scanner.accept(","));
  scanner.expect("],", field);
  return rows;
}

function readCategory(scanner: Scanner): CategoryRow {
  const subject = scanner.subject("c");
  scanner.expect('","', "c");
  const from = scanner.at;
  if (scanner.accept('"')) return { subject, category: "" };
  scanner.base64url(idLength, "c");
  const category = scanner.text.slice(from, scanner.at);
  scanner.expect('"', "c");
  return { subject, category };
}

function readFact(scanner: Scanner): FactRow {
  const subject = scanner.subject("d");
  scanner.expect('","', "d");
  const metric = scanner.match(metricShape, "d", "a metric");
  scanner.expect('",', "d");
  const day = scanner.integer("d");
  if (day < 0 || day > dayMax) scanner.fail("d", `must have a day from 0 to ${dayMax}`);
  scanner.expect(",", "d");
  const n = scanner.integer("d");
  scanner.expect(",", "d");
  return { subject, metric, day, n, x: scanner.integer("d") };
}

/** The object up to the entry's `sd`, whose key cannot stand inside a string: its quotes would be escaped. */
function readAct(scanner: Scanner): Act {
  const end = scanner.text.indexOf(',"sd":[', scanner.at);
  if (end === -1) scanner.fail("sd", "must be there");
  const text = scanner.text.slice(scanner.at, end);
  let act: unknown;
  try {
    act = JSON.parse(text);
  } catch {
    scanner.fail("p", "must be JSON");
  }
  const values = typeof act === "object" && act !== null && !Array.isArray(act) ? Object.values(act) : [];
  if (values.length === 0 || values.some((value) => value === null || typeof value === "object")) {
    scanner.fail("p", "must be an object of integers, booleans and strings, absent where empty");
  }
  if (canonicalJson(act) !== text) scanner.fail("p", "must be canonical");
  scanner.at = end + 1;
  return act as Act;
}

/** Whether the digest at a place is greater, byte by byte, than the one before it in the list. */
function rises({ bytes }: Scanner, place: number): boolean {
  const before = place - digestLength - '","'.length;
  let at = 0;
  while (at < digestLength - 1 && bytes[before + at] === bytes[place + at]) at += 1;
  return (bytes[before + at] as number) < (bytes[place + at] as number);
}

function readDigests(scanner: Scanner): string {
  const from = scanner.at;
  scanner.expect('["', "sd");
  let count = 0;
  do {
    const place = scanner.at;
    scanner.base64url(digestLength, "sd");
    if (count > 0 && !rises(scanner, place)) scanner.fail("sd", "must be sorted and without repetition");
    count += 1;
  } while (scanner.accept('","'));
  scanner.expect('"]', "sd");
  if (count < digestsMin) scanner.fail("sd", `must have at least ${digestsMin} digests`);
  return scanner.text.slice(from, scanner.at);
}

/**
 * Reads an entry of the log. Throws FormatError for anything but the one canonical text of an entry, so that two
 * readers cannot understand it differently. Its strings may share the memory of the whole text.
 */
export function readEntry(bytes: Uint8Array): Entry {
  const scanner = new Scanner(bytes);
  scanner.expect("{", "an entry");
  const categories = scanner.accept('"c":[') ? readRows(scanner, "c", readCategory) : [];
  scanner.expect('"d":[', "d");
  const facts = scanner.accept("],") ? [] : readRows(scanner, "d", readFact);
  const act = scanner.accept('"p":') ? readAct(scanner) : null;
  scanner.expect('"sd":', "sd");
  const digests = readDigests(scanner);
  scanner.expect(',"t":"', "t");
  const type = scanner.match(typeShape, "t", "a type");
  scanner.expect('","v":1}', "v");
  if (scanner.at !== bytes.length) scanner.fail("an entry", "must end");
  return { type, categories, facts, act, digests };
}
