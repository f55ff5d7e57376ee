import { expect, test } from "vitest";
import { categories, type Language } from "./goods.ts";
import { Random } from "./random.ts";
import { echoOf, paidText, reviewText, type Opinion } from "./review-text.ts";

function opinionOf(stars: number, language: Language): Opinion {
  return {
    stars,
    described: stars,
    service: stars,
    logistics: stars,
    words: categories[0]![language][0]!,
    language,
  };
}

test("categories have the same nouns in both languages, and words for each", () => {
  for (const category of categories) {
    expect(category.zh.length, category.name).toBe(category.en.length);
    for (const words of [...category.zh, ...category.en]) {
      for (const list of [words.kinds, words.specs, words.praise, words.blame, words.uses]) {
        expect(list.length, `${category.name} ${words.noun}`).toBeGreaterThan(1);
      }
    }
  }
});

test.each(["zh", "en"] as const)("%s reviews speak as their stars do", (language) => {
  const random = new Random(5, language);
  const good = categories[0]![language][0]!.praise;
  const bad = categories[0]![language][0]!.blame;
  const share = (stars: number, phrases: readonly string[]): number => {
    const texts = Array.from({ length: 400 }, () => reviewText(opinionOf(stars, language), random));
    return texts.filter((text) => phrases.some((phrase) => text.includes(phrase))).length / texts.length;
  };
  expect(share(5, good)).toBeGreaterThan(0.85);
  expect(share(5, bad)).toBe(0);
  expect(share(1, bad)).toBeGreaterThan(0.85);
  expect(share(1, good)).toBe(0);
});

test("no slot of a template is left open", () => {
  const random = new Random(6, "slots");
  for (const language of ["zh", "en"] as const) {
    for (let stars = 1; stars <= 5; stars += 1) {
      for (let count = 0; count < 200; count += 1) {
        expect(reviewText(opinionOf(stars, language), random)).not.toMatch(/[{}]|undefined/);
        expect(paidText(opinionOf(stars, language), random)).toMatch(/返|红包|yuan/);
      }
    }
  }
});

test("an echo is nearly its script", () => {
  const random = new Random(7, "echo");
  const script = "收到浴巾了，质感比想象中好，物流很快，2天就到。推荐。";
  const echoes = new Set(Array.from({ length: 200 }, () => echoOf(script, random)));
  expect(echoes.size).toBeGreaterThan(5);
  for (const echo of echoes) expect(Math.abs(echo.length - script.length)).toBeLessThanOrEqual(8);
});
