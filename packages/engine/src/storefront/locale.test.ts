import fc from "fast-check";
import { expect, test } from "vitest";
import { locales, pickLocale } from "./locale.ts";

test.each([
  ["zh", "en", "zh-CN"],
  ["en", "zh", "en"],
  ["en-GB", undefined, "en"],
  ["tlh", "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"],
  [undefined, "fr, en;q=0.4, zh-CN;q=0.7", "zh-CN"],
  [undefined, "zh;q=0, en;q=0.1", "en"],
  [undefined, "fr", "en"],
  [undefined, undefined, "en"],
])("lang %s and header %s give %s", (lang, header, locale) => {
  expect(pickLocale(lang, header)).toBe(locale);
});

test("any header gives a language", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (lang, header) => {
      expect(locales).toContain(pickLocale(lang, header));
    }),
  );
});
