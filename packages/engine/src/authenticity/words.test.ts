import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { languageOf } from "./words-language.ts";
import { openWordsModel, type WordsModelFile } from "./words-model.ts";
import { readWords, signedChance, wordsReader, wordsTopics } from "./words.ts";

const file = JSON.parse(readFileSync(new URL("models/words-default.json", import.meta.url), "utf8")) as WordsModelFile;
const model = openWordsModel(file);

describe("readWords, by the model that comes with Probity", () => {
  it("tells praise from blame in Chinese, English and signs", () => {
    const praise = [
      "物流很快，质量很好",
      "不错",
      "非常满意，下次还会买",
      "Great quality, works perfectly",
      "Love it",
      "👍👍",
      "❤️",
    ];
    const blame = [
      "质量太差了，用一次就坏",
      "不好用",
      "客服不理人",
      "别买",
      "It broke after two days",
      "not good",
      "Avoid",
      "😡",
      "👎🏿",
    ];
    expect(praise.filter((text) => readWords(text, model).sentiment < 300)).toEqual([]);
    expect(blame.filter((text) => readWords(text, model).sentiment > -300)).toEqual([]);
  });

  it("tells what a text is about", () => {
    const about = {
      delivery: ["快递太慢了，等了一个多星期", "It took weeks to arrive"],
      quality: ["质量不行，用了一次就坏了", "The material feels cheap and flimsy"],
      described: ["颜色和图片不符", "Not as described, nothing like the picture"],
      service: ["客服态度恶劣", "Customer service was rude"],
      price: ["太贵了，不值这个价", "Overpriced, a waste of money"],
    } as const;
    for (const topic of wordsTopics)
      for (const text of about[topic]) {
        const { topics } = readWords(text, model);
        expect(topics[topic], text).toBeGreaterThan(500);
        expect(
          Object.values(topics).filter((chance) => chance > topics[topic]),
          text,
        ).toEqual([]);
      }
  });

  it("reads the same whatever width, invisible signs or look-alikes are set in its way", () => {
    const alike = [
      ["质量太差", "质\u200B量\u200D太\uFEFF差", "质量太差\uFE0F"],
      ["not good", "ＮＯＴ　ＧＯＯＤ", "nоt gооd", "not\u200B good", "NOT GOOD"],
    ];
    for (const [first = "", ...others] of alike)
      for (const other of others) expect(readWords(other, model)).toEqual(readWords(first, model));
  });

  it("says nothing where there is nothing, or nothing that it knows", () => {
    const silent = { sentiment: 0, topics: { delivery: 0, quality: 0, described: 0, service: 0, price: 0 } };
    for (const text of ["", " \u200B", "хорошо", "とても良いです、気に入りました", "muito bom, chegou antes do prazo"])
      expect(readWords(text, model), text).toEqual({ language: "other", ...silent });
    const reader = wordsReader(model);
    expect(reader.sentiment("хорошо")).toBeUndefined();
    expect(reader.sentiment("很好")).toBeGreaterThan(0);
    expect([reader.tellsOfIncentive("好评返现"), reader.tellsOfIncentive("好评")]).toEqual([true, false]);
  });

  it("takes mixed scripts and a text of 100 kB in bounded time", () => {
    expect(readWords("iPhone的屏幕很好 very good", model).language).toBe("zh");
    for (const text of [
      "质量太差".repeat(25_000),
      "a".repeat(100_000),
      "👍".repeat(50_000),
      "\u0301".repeat(100_000),
    ]) {
      const began = performance.now();
      readWords(text, model);
      expect(performance.now() - began).toBeLessThan(1_000);
    }
    expect(readWords("质量太差".repeat(25_000), model).sentiment).toBeLessThan(0);
  });

  it("never throws and stays in its ranges", () => {
    const part = fc.oneof(
      fc.string({ unit: "binary", maxLength: 5 }),
      fc.constantFrom("很好", "差", "good", " not ", "👍", "\u200D", "\uD800", "!", "ﷺ", "物流"),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const { sentiment, topics } = readWords(parts.join(""), model);
        expect(Number.isInteger(sentiment) && Math.abs(sentiment) <= 1_000).toBe(true);
        for (const chance of Object.values(topics))
          expect(Number.isInteger(chance) && chance >= 0 && chance <= 1_000).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe("signedChance", () => {
  it("is 1000 · tanh(x / 2) to two thousandths, odd and never falling", () => {
    for (let units = -10_000; units <= 10_000; units += 37) {
      expect(Math.abs(signedChance(units) - 1_000 * Math.tanh(units / 2_048))).toBeLessThan(4);
      expect(signedChance(-units) + signedChance(units)).toBe(0);
      expect(signedChance(units + 37)).toBeGreaterThanOrEqual(signedChance(units));
    }
  });
});

describe("languageOf", () => {
  it("goes by letters and small words", () => {
    const known = {
      zh: ["很好", "iphone手机很好用", "好 a", "ok,东西不错"],
      en: ["good", "the room was nice", "love it!!", "café was great and the staff"],
      other: ["", "👍", "123", "хорошо", "とても良い", "좋아요", "não gostei", "el producto es muy bueno", "très bien"],
    } as const;
    for (const [language, texts] of Object.entries(known))
      for (const text of texts) expect(languageOf(text).language, text).toBe(language);
  });
});

describe("openWordsModel", () => {
  const section = file.sections.zh!;
  const table = section.sentiment!;
  const broken = (change: object): unknown => ({ ...file, sections: { zh: { ...section, ...change } } });

  it("knows a model by its content, however its file was written", () => {
    expect(model.id).toMatch(/^[0-9a-f]{64}$/);
    const turned = Object.fromEntries(Object.entries(file).reverse());
    expect(openWordsModel(turned).id).toBe(model.id);
    const other = { ...table, intercept: table.intercept + 1 };
    expect(openWordsModel(broken({ sentiment: other })).id).not.toBe(model.id);
  });

  it("says what is broken, and where", () => {
    const cases: readonly (readonly [unknown, RegExp])[] = [
      [undefined, /the file: /],
      [{ ...file, format: "else" }, /format: /],
      [{ ...file, more: 1 }, /[Uu]nrecognized key/],
      [broken({ sentiment: { ...table, weights: table.weights.slice(0, 400) } }), /zh\.sentiment holds 300 weights/],
      [broken({ sentiment: { ...table, weights: "*" } }), /zh\.sentiment holds 0 weights/],
      [broken({ sentiment: { ...table, weights: ` ${table.weights}` } }), /zh\.sentiment is not plain base64/],
      [broken({ sentiment: { ...table, scale: 1.5 } }), /zh\.sentiment\.scale/],
      [broken({ sentiment: { ...table, intercept: 1e9 } }), /zh\.sentiment\.intercept/],
      [broken({ sentiment: { ...table, bits: 16 } }), /zh\.sentiment has 2\^16 weights for 2\^15 columns/],
      [broken({ grams: { ...section.grams, charsFrom: 3 } }), /zh\.grams: n-grams of characters from 3 to 2/],
      [broken({ topics: { taste: table } }), /zh\.topics/],
    ];
    for (const [given, message] of cases) expect(() => openWordsModel(given)).toThrow(message);
  });
});
