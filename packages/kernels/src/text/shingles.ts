/**
 * Overlapping n-grams of characters or words as hashes: what near-duplicates share (A. Broder, SEQUENCES 1997,
 * doi 10.1109/SEQUEN.1997.666900). A word is a run of letters, marks and digits; scripts without blanks (Han, kana, Thai)
 * give a word per character; punctuation and signs are no words, emoji are one each. Time O(length · size).
 */
import { mix32 } from "../sketch/mix.ts";

const wordPattern =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}|\p{Extended_Pictographic}|(?:(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai})[\p{L}\p{M}\p{N}])+/gu;

/** Words of a text in order. */
export function wordsOf(text: string): string[] {
  return text.match(wordPattern) ?? [];
}

function hashOf(part: string, seed: number): number {
  let hash = seed;
  for (let place = 0; place < part.length; place += 1) hash = mix32(hash ^ part.charCodeAt(place), seed + 1);
  return hash;
}

/**
 * Hashes of the text's n-grams, ascending, each once. A text of fewer than `size` characters or words is one n-gram; an
 * empty one has none. The text is taken as it comes: fold it first. Throws RangeError unless size is a whole number above 0.
 */
export function shingles(text: string, unit: "character" | "word", size: number): Uint32Array {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`n-grams of ${size}`);
  const parts = unit === "character" ? Array.from(text) : wordsOf(text);
  if (parts.length === 0) return new Uint32Array();
  const seed = unit === "character" ? size : 256 + size;
  const hashes = Uint32Array.from(parts, (part) => hashOf(part, seed));
  const count = Math.max(1, parts.length - size + 1);
  const out = new Uint32Array(count);
  for (let start = 0; start < count; start += 1) {
    let hash = seed;
    for (let place = start; place < Math.min(parts.length, start + size); place += 1)
      hash = mix32(hash ^ hashes[place], seed);
    out[start] = hash;
  }
  out.sort();
  return out.filter((hash, place) => place === 0 || hash !== out[place - 1]);
}
