import { expect, test } from "vitest";
import { figuresFor } from "./figures.ts";
import { pickLocale } from "./locale.ts";

test("the language is the one that was chosen, else the first that the browser asks for and there is", () => {
  expect(pickLocale("en", ["zh-CN"])).toBe("en");
  expect(pickLocale("fr", ["fr-FR", "zh-Hant-TW", "en"])).toBe("zh-CN");
  expect([pickLocale(null, ["de", "en-US"]), pickLocale(null, ["de"]), pickLocale(null, [])]).toEqual([
    "en",
    "en",
    "en",
  ]);
});

test("figures follow the language and never round to all or nothing", () => {
  const [en, zh] = [figuresFor("en"), figuresFor("zh-CN")];
  expect([en.count(1_204_902), en.percent(999_996), en.percent(1_000_000), en.percent(881_000)]).toEqual([
    "1,204,902",
    "99.9996%",
    "100%",
    "88.1%",
  ]);
  expect([en.plural(1, "order", "orders"), en.plural(2, "order", "orders")]).toEqual(["order", "orders"]);
  expect([en.signed(24), en.signed(-3), en.signed(0)]).toEqual(["+24", "−3", "0"]);
  expect([en.day("2026-11-21"), zh.day("2026-11-21"), zh.day("soon")]).toEqual([
    "21 Nov 2026",
    "2026年11月21日",
    "soon",
  ]);
  expect([en.words({ en: "kept", zh: "兑现" }), zh.words({ en: "kept", zh: "兑现" })]).toEqual(["kept", "兑现"]);
});
