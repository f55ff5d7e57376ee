import { readFile } from "node:fs/promises";
import { trustCard } from "@probity/contract";
import { expect, test } from "vitest";
import { buildTrustCard, trustCardBuilt, trustCardGzipBytesMax } from "./build.ts";
import { figuresFor, wordsFor } from "./card-words.ts";
import { earlyCard, hostileCard, ratedCard, warnedCard } from "./golden/cards.ts";

test("the card is one small module that imports nothing", async () => {
  const { code, gzipBytes } = await buildTrustCard();
  expect(gzipBytes).toBeLessThanOrEqual(trustCardGzipBytesMax);
  expect(code).not.toMatch(/\bimport\s*[\w{*"']|innerHTML|insertAdjacentHTML|document\.write|\beval\b/);
});

test("the module that is served is built from this source", async () => {
  const { code } = await buildTrustCard();
  expect(await readFile(trustCardBuilt, "utf8"), "run npx node packages/widgets/src/build.ts").toBe(code);
});

test("fixtures are what the contract says", () => {
  for (const card of [ratedCard, warnedCard, earlyCard, hostileCard]) trustCard.parse(card);
});

test("numbers and words follow the language", () => {
  expect([wordsFor("zh-Hant-TW").lang, wordsFor("zh").lang, wordsFor("fr").lang]).toEqual(["zh-CN", "zh-CN", "en"]);
  const figures = figuresFor("en");
  expect([figures.count(1_204_902), figures.share(881_000), figures.share(999_970), figures.share(1_000_000)]).toEqual([
    "1,204,902",
    "88.1%",
    "99.99%",
    "100%",
  ]);
});
