import { readFileSync } from "node:fs";
import { policy as policySchema } from "@probity/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bambooExplanation, bambooHistory } from "./golden/bamboo-shop.ts";
import { earlyExplanation, earlyHistory } from "./golden/other-shops.ts";
import { hostilePage, merchantPage, pagesOf } from "./golden/pages.ts";
import { locales } from "./locale.ts";
import { medianDimensionPoints, pointsAt } from "./peer-points.ts";
import { pathsOf } from "./paths.ts";
import { siteCss, siteCssPath } from "./style.ts";

const policy = policySchema.parse(
  JSON.parse(readFileSync(new URL("../ratings/policies/merchant-default.json", import.meta.url), "utf8")),
);
const pages = pagesOf(policy);

/** Tags alone: what is left when all text and all attribute values are gone. */
const skeleton = (page: string): string => page.replaceAll(/"[^"]*"/g, '""').replaceAll(/>[^<]*</g, "><");

describe.each(Object.keys(pages))("%s", (name) => {
  test.each(locales)("in %s is a whole page without script or inline style", (locale) => {
    const page = pages[name]?.(locale) ?? "";
    expect(page).toMatch(/^<!doctype html>\n<html lang="/);
    expect(page).toContain(`<html lang="${locale}">`);
    expect(page).toContain(siteCssPath);
    expect(page).not.toMatch(/<script|\sstyle="|\son\w+="|javascript:|undefined|NaN|\[object/i);
    expect(page.match(/<h1[ >]/g)).toHaveLength(1);
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("the merchant's page", () => {
  test("shows the sum, the facts, the places in the ledger and what would raise it", () => {
    const page = merchantPage("en", bambooExplanation, bambooHistory, policy);
    expect(page).toContain("214 + 227 + 116 + 166 + 89 = <strong>812</strong>");
    for (const text of [
      "with 90% confidence not below 796",
      "1,204,102, 1,204,881",
      "Without the five most telling misses",
      "Rated well by experienced buyers",
      "91330109MA2B1XQ74K",
      "rules changed",
      "Late shipment rate",
      "at most 4%",
    ]) {
      expect(page).toContain(text);
    }
  });

  test("says of an indicator without a case that it stands at what is usual", () => {
    for (const [locale, words] of [
      ["en", "the merchant has no case of its own yet, so it stands at the usual 52% of the category"],
      ["zh-CN", "本店尚无此类记录，按同类通常的 52% 计"],
    ] as const) {
      const page = merchantPage(locale, earlyExplanation, earlyHistory, policy);
      const [, item = ""] = page.split('id="low-reviews-answered"');
      const [line = "", inside = ""] = item.split("</summary>");
      expect(line).toMatch(/class="cell share"><span class="label">[^<]*<\/span>–</);
      expect(inside).toContain(words);
    }
  });

  test("has one address for search engines and links to the other language", () => {
    const page = merchantPage("en", bambooExplanation, bambooHistory);
    expect(page).toContain('<link rel="canonical" href="https://trust.example/m/qinghe-bamboo" />');
    expect(page).toContain('href="/m/qinghe-bamboo?lang=zh"');
    expect(page).toContain('<meta property="og:title" content="清和竹器旗舰店: A, 812 of 1000" />');
  });

  test("no text changes its structure", () => {
    const plain = skeleton(hostilePage("en", "x"));
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 60 }), (text) => {
        expect(skeleton(hostilePage("en", text))).toBe(plain);
      }),
      { numRuns: 30, examples: [["__proto__"], ["toString"], ["constructor"]] },
    );
  });
});

describe("the rules' page", () => {
  test("tells every indicator with its points, in the registry's words", () => {
    const page = pages["how-we-rate"]?.("zh-CN") ?? "";
    for (const indicator of policy.indicators.filter((item) => item.points > 0))
      expect(page).toContain(indicator.title.zh);
    expect(page).toContain("承诺发货的订单；按时交运为好");
    expect(page).toContain("250 + 250 + 200 + 200 + 100 = <strong>1,000</strong>");
  });

  test("tells what holds without a record: usual, nothing of what is held, or not asked", () => {
    const page = pages["how-we-rate"]?.("en") ?? "";
    const rule = (id: string): string => page.split(`id="${id}"`)[1]?.split("</details>")[0] ?? "";
    expect(rule("complaints-solved")).toContain("without any record: stands at what is usual");
    expect(rule("identity")).toContain("without any it stands at nothing");
    expect(rule("real-followers")).toContain("it does not apply: its points go to");
  });
});

describe("peer points", () => {
  test("lie between the table's rows", () => {
    const table: [number, number][] = [
      [0, 0],
      [800_000, 400],
      [1_000_000, 1_000],
    ];
    expect([0, 400_000, 800_000, 900_000, 1_000_000].map((mean) => pointsAt(table, mean))).toEqual([
      0, 200, 400, 700, 1_000,
    ]);
  });

  test("are not drawn where a counted indicator has no peers", () => {
    const indicators = bambooExplanation.dimensions[0]?.indicators ?? [];
    expect(medianDimensionPoints(indicators, policy)).toBeGreaterThan(100);
    expect(medianDimensionPoints([...indicators.slice(1), { ...indicators[0]!, peers: null }], policy)).toBeNull();
    expect(medianDimensionPoints(indicators, undefined)).toBeNull();
  });
});

describe("paths", () => {
  test("keep the site's prefix, the language and any id", () => {
    const paths = pathsOf({ locale: "zh-CN", baseUrl: "https://host.example/at/lake/", marketplaceName: "x" });
    expect(paths.css).toBe(`/at/lake${siteCssPath}`);
    expect(paths.merchant("店/1?&\ud800")).toBe("/at/lake/m/%E5%BA%97%2F1%3F%26%EF%BF%BD?lang=zh");
    expect(paths.index({ q: "a b&c", grade: undefined })).toBe("/at/lake/m?q=a+b%26c&lang=zh");
    expect(paths.outside("/m")).toBe("https://host.example/at/lake/m");
  });
});

test("the stylesheet is named by its content and closes what it opens", () => {
  expect(siteCssPath).toMatch(/^\/assets\/site-[0-9a-f]{12}\.css$/);
  expect(siteCss.split("{")).toHaveLength(siteCss.split("}").length);
});
