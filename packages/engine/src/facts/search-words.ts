import { pinyin } from "pinyin-pro";

const han = /\p{Script=Han}/u;

/** Words by name: a name is written again whenever anything of its subject changes, and costs 0.1 ms. */
const known = new Map<string, string>();
const knownMax = 20_000;

/**
 * Words that a name is found by beside itself: the pinyin of its Chinese characters without tones, and on the next line
 * their initials; `ü` is written `v`, as it is typed. Null where a name has no Chinese characters. Names sort by it.
 */
export function searchWordsOf(name: string | null): string | null {
  if (name === null || !han.test(name)) return null;
  const before = known.get(name);
  if (before !== undefined) return before;
  const syllables = pinyin(name, { toneType: "none", type: "array", nonZh: "consecutive", v: true });
  const initials = pinyin(name, { pattern: "first", toneType: "none", type: "array", nonZh: "consecutive", v: true });
  const words = `${syllables.join("")}\n${initials.join("")}`.toLowerCase();
  if (known.size >= knownMax) known.clear();
  known.set(name, words);
  return words;
}
