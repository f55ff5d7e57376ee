/**
 * Texts as sparse rows of hashed n-grams: the hashing trick (K. Weinberger et al., ICML 2009, doi 10.1145/1553374.1553516)
 * without signs, over n-grams of characters and of words; the column of an n-gram is its hash modulo 2^bits. A row holds how
 * often each column was seen, in order of first sight. `weighRows` turns counts into presence (1) or sublinear weights
 * (1 + ln count), times an inverse document frequency if one is given, and scales each row to length 1; `inverseFrequencies`
 * is ln((1 + n) / (1 + df)) + 1 (G. Salton, C. Buckley, Inf. Process. Manag. 24 (1988) 513–523,
 * doi 10.1016/0306-4573(88)90021-0). Time O(length · sizes) a text and nothing allocated by text but its words; texts beyond
 * `textCharsMax` and columns beyond `gramsMax` are not read, so that one text costs what a long review costs at most.
 */
import { mix32 } from "../sketch/mix.ts";
import { wordsOf } from "./shingles.ts";

export interface GramRules {
  /** Sizes of n-grams of characters, both included; 0 and 0 for none. */
  readonly charsFrom: number;
  readonly charsTo: number;
  /** Sizes of n-grams of words, both included; 0 and 0 for none. */
  readonly wordsFrom: number;
  readonly wordsTo: number;
  /** There are 2^bits columns. */
  readonly bits: number;
  /** UTF-16 units of a text that are read. */
  readonly textCharsMax: number;
  /** Different columns of a text that are kept. */
  readonly gramsMax: number;
}

/** Rows of few columns: those of row r lie from offsets[r] to offsets[r + 1]. */
export interface SparseRows {
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** Room in which one text after the other is read. */
export interface GramSpace {
  readonly rules: GramRules;
  /** Columns of the text read last, and how often each was seen; as many as `readGrams` returned. */
  readonly columns: Int32Array;
  readonly counts: Int32Array;
  /** Place + 1 of a column in the text at hand, 0 for none. */
  readonly place: Int32Array;
  readonly points: Int32Array;
}

const sizeMax = 8;
const bitsMax = 24;

function checkSizes(from: number, to: number, what: string): void {
  const isNone = from === 0 && to === 0;
  if (!isNone && !(Number.isInteger(from) && Number.isInteger(to) && from >= 1 && from <= to && to <= sizeMax))
    throw new RangeError(`n-grams of ${what} from ${from} to ${to}: sizes go from 1 to ${sizeMax}`);
}

/** Throws RangeError on sizes, bits or bounds that cannot be. */
export function gramSpace(rules: GramRules): GramSpace {
  checkSizes(rules.charsFrom, rules.charsTo, "characters");
  checkSizes(rules.wordsFrom, rules.wordsTo, "words");
  if (rules.charsTo + rules.wordsTo === 0) throw new RangeError("n-grams of nothing");
  if (!Number.isInteger(rules.bits) || rules.bits < 1 || rules.bits > bitsMax)
    throw new RangeError(`2^${rules.bits} columns: bits go from 1 to ${bitsMax}`);
  for (const bound of [rules.textCharsMax, rules.gramsMax])
    if (!Number.isInteger(bound) || bound < 1) throw new RangeError(`a bound of ${bound}`);
  const kept = Math.min(rules.gramsMax, 2 ** rules.bits);
  return {
    rules,
    columns: new Int32Array(kept),
    counts: new Int32Array(kept),
    place: new Int32Array(2 ** rules.bits),
    points: new Int32Array(rules.textCharsMax),
  };
}

/** Adds all n-grams of `points[0…length)` to the text at hand; returns how many columns it has then. */
function addGrams(space: GramSpace, length: number, from: number, to: number, seed: number, found: number): number {
  const { columns, counts, place, points } = space;
  const mask = place.length - 1;
  let have = found;
  for (let start = 0; start < length; start += 1) {
    let hash = seed;
    const end = Math.min(length, start + to);
    for (let at = start; at < end; at += 1) {
      hash = mix32(hash ^ points[at], seed);
      const size = at - start + 1;
      if (size < from) continue;
      // The size is part of the n-gram: "a" twice is not "aa".
      const column = (hash ^ Math.imul(size, 0x9e3779b1)) & mask;
      const known = place[column];
      if (known > 0) counts[known - 1] += 1;
      else if (have < columns.length) {
        columns[have] = column;
        counts[have] = 1;
        have += 1;
        place[column] = have;
      }
    }
  }
  return have;
}

const charSeed = 0x51ed27;
const wordSeed = 0x2c1b3c;

function wordHash(word: string): number {
  let hash = wordSeed;
  for (let at = 0; at < word.length; at += 1) hash = mix32(hash ^ word.charCodeAt(at), wordSeed + 1);
  return hash | 0;
}

/**
 * Reads the n-grams of one text, taken as it comes (fold it first), into `space.columns` and `space.counts` and returns how
 * many columns that are. A text without characters or words has none; one shorter than the smallest size has none of that kind.
 */
export function readGrams(text: string, space: GramSpace): number {
  const { rules, columns, place, points } = space;
  const read = text.length > rules.textCharsMax ? text.slice(0, rules.textCharsMax) : text;
  let found = 0;
  if (rules.wordsTo > 0) {
    const words = wordsOf(read);
    for (let at = 0; at < words.length; at += 1) points[at] = wordHash(words[at] ?? "");
    found = addGrams(space, words.length, rules.wordsFrom, rules.wordsTo, wordSeed, found);
  }
  if (rules.charsTo > 0) {
    let length = 0;
    for (let at = 0; at < read.length; at += 1) {
      const point = read.codePointAt(at) ?? 0;
      if (point > 0xffff) at += 1;
      points[length] = point;
      length += 1;
    }
    found = addGrams(space, length, rules.charsFrom, rules.charsTo, charSeed, found);
  }
  for (let at = 0; at < found; at += 1) place[columns[at]] = 0;
  return found;
}

/** Counts of many texts as rows. */
export function hashGrams(texts: readonly string[], rules: GramRules): SparseRows {
  const space = gramSpace(rules);
  const offsets = new Int32Array(texts.length + 1);
  let columns = new Int32Array(1_024);
  let values = new Float64Array(1_024);
  for (let row = 0; row < texts.length; row += 1) {
    const from = offsets[row];
    const found = readGrams(texts[row] ?? "", space);
    if (from + found > columns.length) {
      const [oldColumns, oldValues] = [columns, values];
      columns = new Int32Array(2 * (from + found));
      values = new Float64Array(2 * (from + found));
      columns.set(oldColumns);
      values.set(oldValues);
    }
    for (let at = 0; at < found; at += 1) {
      columns[from + at] = space.columns[at];
      values[from + at] = space.counts[at];
    }
    offsets[row + 1] = from + found;
  }
  return { offsets, columns: columns.slice(0, offsets[texts.length]), values: values.slice(0, offsets[texts.length]) };
}

/** Throws RangeError where offsets fall or end elsewhere, a column lies beyond `width`, or a value is not finite. */
export function checkRows({ offsets, columns, values }: SparseRows, width: number): void {
  const rows = offsets.length - 1;
  if (rows < 0 || offsets[0] !== 0 || offsets[rows] !== columns.length || columns.length !== values.length)
    throw new RangeError("offsets, columns and values differ in length");
  for (let row = 0; row < rows; row += 1) {
    if (offsets[row + 1] < offsets[row]) throw new RangeError(`row ${row} ends before it begins`);
    for (let at = offsets[row]; at < offsets[row + 1]; at += 1) {
      if (!(columns[at] >= 0 && columns[at] < width))
        throw new RangeError(`row ${row}: column ${columns[at]} of ${width}`);
      if (!Number.isFinite(values[at]))
        throw new RangeError(`row ${row}: value ${values[at]} of column ${columns[at]}`);
    }
  }
}

/** Writes ln((1 + n) / (1 + df)) + 1 by column into `out`, over the rows at `places`. */
export function inverseFrequencies({ offsets, columns }: SparseRows, places: Int32Array, out: Float64Array): void {
  out.fill(0);
  for (let place = 0; place < places.length; place += 1) {
    const row = places[place];
    if (!(row >= 0 && row < offsets.length - 1)) throw new RangeError(`row ${row} of ${offsets.length - 1}`);
    for (let at = offsets[row]; at < offsets[row + 1]; at += 1) out[columns[at]] += 1;
  }
  for (let column = 0; column < out.length; column += 1)
    out[column] = Math.log((1 + places.length) / (1 + out[column])) + 1;
}

/** Replaces counts by weights, in place, and scales each row to length 1; an empty row stays empty. */
export function weighRows(rows: SparseRows, counted: "presence" | "sublinear", byColumn?: Float64Array): void {
  const { offsets, columns, values } = rows;
  for (let row = 0; row + 1 < offsets.length; row += 1) {
    let square = 0;
    for (let at = offsets[row]; at < offsets[row + 1]; at += 1) {
      let weight = counted === "presence" ? 1 : 1 + Math.log(values[at]);
      if (byColumn !== undefined) weight *= byColumn[columns[at]];
      values[at] = weight;
      square += weight * weight;
    }
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let at = offsets[row]; at < offsets[row + 1]; at += 1) values[at] *= scale;
  }
}
