import { pinyin } from "pinyin-pro";

const han = /\p{Script=Han}/u;

/**
 * Words that a name is found by beside itself: the pinyin of its Chinese characters without tones, and on the next line
 * their initials; `ü` is written `v`, as it is typed. Null where a name has no Chinese characters. Names sort by it.
 */
export function searchWordsOf(name: string | null): string | null {
  if (name === null || !han.test(name)) return null;
  const syllables = pinyin(name, { toneType: "none", type: "array", nonZh: "consecutive", v: true });
  const initials = pinyin(name, { pattern: "first", toneType: "none", type: "array", nonZh: "consecutive", v: true });
  return `${syllables.join("")}\n${initials.join("")}`.toLowerCase();
}
