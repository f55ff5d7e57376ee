import {
  explanation as explanationSchema,
  history as historySchema,
  packAnswer,
  ratingSummary,
  trustCard,
} from "@probity/contract";
import { describe, expect, test } from "vitest";
import { bambooExplanation, bambooHistory, bambooPacks } from "./golden/bamboo-shop.ts";
import { withText } from "./golden/hostile.ts";
import { cappedExplanation, earlyExplanation, earlyHistory, hostileText, shopList } from "./golden/other-shops.ts";
import { plainWords, warningOf } from "./plain-words.ts";
import { toTrustCard } from "./public-card.ts";

const url = "/m/x";

describe("the fixtures", () => {
  test("are what the contract says, and add up", () => {
    for (const one of [bambooExplanation, cappedExplanation, earlyExplanation]) {
      explanationSchema.parse(one);
      const sum = one.dimensions.reduce((total, dimension) => {
        expect(
          dimension.indicators.reduce((points, item) => points + item.points, 0),
          dimension.id,
        ).toBe(dimension.points);
        return total + dimension.points;
      }, 0);
      expect(sum).toBe(one.rating.score);
    }
    for (const one of [bambooHistory, earlyHistory]) historySchema.parse(one);
    for (const pack of bambooPacks) packAnswer.parse(pack);
    for (const item of shopList) ratingSummary.parse(item);
  });
});

describe("toTrustCard", () => {
  test("tells what a shopper can expect, in four lines", () => {
    const card = trustCard.parse(toTrustCard(bambooExplanation, { url }));
    expect(card.highlights.map(({ id, sample, good }) => [id, sample, good])).toEqual([
      ["dispatch-in-time", 512, false],
      ["as-described", 512, true],
      ["review-not-low", 132, true],
      ["first-reply", 204, true],
    ]);
    expect(card.warnings.map((words) => words.en)).toEqual([
      "About 12 in 100 orders are sent later than promised; usual: 5",
      "About 15 in 100 orders arrive later than promised; usual: 9",
    ]);
    expect(card.warnings[0]?.zh).toBe("每 100 单约 12 单晚于承诺发货，同类一般 5 单");
    expect(card).toMatchObject({ merchant: "qinghe-bamboo", grade: "A", score: 812, bound: 796, url });
  });

  test("says nothing from fewer than ten cases", () => {
    const card = toTrustCard(earlyExplanation, { url });
    expect(card).toMatchObject({ status: "too-early", grade: null, highlights: [], warnings: [] });
    expect(card.needs.map(({ has, needs }) => [has, needs])).toEqual([
      [8, 20],
      [6, 10],
    ]);
  });

  test("names red lines first, in both languages", () => {
    const [first] = toTrustCard(cappedExplanation, { url }).warnings;
    expect(first).toEqual({
      en: "A confirmed counterfeit within 180 days: grade at most C until 25 Feb 2027",
      zh: "180 日内有已确认的假货，2027年2月25日前等级最高 C",
    });
  });

  test("falls back to the id without a name and keeps to the contract with any text", () => {
    const nameless = { ...bambooExplanation, rating: { ...bambooExplanation.rating, name: null } };
    expect(toTrustCard(nameless, { url }).name).toBe("qinghe-bamboo");
    trustCard.parse(toTrustCard(withText(cappedExplanation, hostileText), { url }));
  });
});

describe("warnings", () => {
  test("count in hundreds, rare faults in thousands", () => {
    const [words] = plainWords;
    if (words === undefined) throw new Error("no plain words");
    expect(warningOf(words, 881_000, 952_000).en).toContain("About 12 in 100");
    expect(warningOf(words, 994_000, 998_000).en).toBe("About 6 in 1000 orders are sent later than promised; usual: 2");
    expect(warningOf(words, 900_000, 999_900).en).toContain("usual: 0.1");
    expect(warningOf(words, 900_000, 1_000_000).en).toContain("usual: 0");
  });

  test("are the same statement in both languages", () => {
    for (const words of plainWords) {
      const { en, zh } = words.warning("71", "100", "35");
      for (const text of [en, zh]) expect(text.match(/\d{2,}/g)?.toSorted(), text).toEqual(["100", "35", "71"]);
    }
  });
});
