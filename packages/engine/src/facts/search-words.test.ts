import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { searchWordsOf } from "./search-words.ts";

describe("words that a name is found by", () => {
  test.each([
    ["花漾女装", "huayangnvzhuang\nhynz"],
    ["重庆小面", "chongqingxiaomian\ncqxm"],
    ["云锦 Tea 茶叶 88", "yunjin tea chaye 88\nyj tea cy 88"],
    ["绿岛", "lvdao\nld"],
  ])("%s: pinyin and initials", (name, words) => {
    expect(searchWordsOf(name)).toBe(words);
  });

  test("a name without Chinese characters has none", () => {
    for (const name of [null, "", "Lotus", "مرحبا", "ひらがな", "🐻"]) expect(searchWordsOf(name)).toBeNull();
  });

  test("any name is taken, and what is not Chinese stays in it", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 200 }),
        fc.constantFrom("茶", "长沙", ""),
        (text, chinese) => {
          const words = searchWordsOf(`${text}${chinese}`);
          expect(words !== null).toBe(/\p{Script=Han}/u.test(text + chinese));
          if (words === null) return;
          expect(words.split("\n").length).toBeGreaterThanOrEqual(2);
          expect(words).toBe(words.toLowerCase());
        },
      ),
    );
  });
});
