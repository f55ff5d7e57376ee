import { readFileSync } from "node:fs";
import { authenticitySummary, policy as policySchema, reasonCodes, verification } from "@probity/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bambooExplanation, bambooHistory } from "./golden/bamboo-shop.ts";
import { earlyExplanation, earlyHistory } from "./golden/other-shops.ts";
import { hostilePage, merchantPage, pagesOf, verificationPage } from "./golden/pages.ts";
import {
  bambooSummary,
  bambooVerification,
  cleanSummary,
  leaningVerification,
  youngVerification,
} from "./golden/verification.ts";
import { locales } from "./locale.ts";
import { messagesFor } from "./messages.ts";
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
    // One page has a script of this server, and no other has any.
    const script = '<script type="module" src="/widgets/check-receipt.js"></script>';
    expect(page.includes(script)).toBe(name === "check-receipt");
    expect(page.replace(script, "")).not.toMatch(/<script|\sstyle="|\son\w+="|javascript:|undefined|NaN|\[object/i);
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

describe("the page on trust", () => {
  const trust = (locale: "en" | "zh-CN"): string => pages["trust"]?.(locale) ?? "";

  test("shows rules by kind with their texts, the checkpoint, its witnesses and the three commands", () => {
    const page = trust("en");
    for (const text of [
      'href="/log/lakeside/policies/' + "66ef".repeat(16) + '"',
      "holds from 22 Sept 2026",
      "Holds from the beginning",
      "<strong>1,204,902</strong>",
      "3f1c".repeat(16),
      "north, 21 Nov 2026, 08:00:02 UTC",
      "south: not on this checkpoint",
      "quorum: one-of-two",
      "curl -fsSo trust-policy.txt \\\n  https://trust.example/log/lakeside/trust-policy",
      "probity audit https://trust.example \\\n  --marketplace lakeside --policy trust-policy.txt --key KEY",
      "python3 auditors/python/probity_audit.py \\\n  https://trust.example \\",
      "No register of sanctions is kept here yet.",
      'href="/verify?log=lakeside&amp;lang=en"',
    ])
      expect(page).toContain(text);
    expect(trust("zh-CN")).toContain("north，2026年11月21日 08:00:02 UTC");
    expect(pages["trust-young"]?.("en")).toContain("No checkpoint is published yet");
    expect(pages["trust-young"]?.("en")).not.toContain("--key");
    expect(pages["trust-not-begun"]?.("zh-CN")).toContain("尚未开始");
  });

  test("is one link away from every page of the marketplace, and has the server's address, not the prefix's", () => {
    for (const name of ["merchant", "index", "how-we-rate", "how-we-verify"])
      expect(pages[name]?.("zh-CN"), name).toContain('href="/trust/lakeside?lang=zh"');
    const paths = pathsOf({
      locale: "en",
      baseUrl: "https://x.example/p/at/other",
      marketplaceName: "O",
      marketplace: "other",
    });
    expect(paths.trust()).toBe("/p/trust/other?lang=en");
    expect(paths.checkReceipt()).toBe("/p/verify?log=other&lang=en");
    expect(paths.log("checkpoint")).toBe("/p/log/other/checkpoint");
    expect(paths.outside("/trust/other")).toBe("https://x.example/p/trust/other");
    expect(paths.inLanguage("/verify", "zh-CN", { log: "other" })).toBe("/p/verify?log=other&lang=zh");
    expect(paths.outside("/m")).toBe("https://x.example/p/at/other/m");
    expect(trust("en")).toContain('<link rel="canonical" href="https://trust.example/trust/lakeside" />');
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

describe("what counts", () => {
  test("is told of reviews, orders and followers, with the reasons, on a merchant's page", () => {
    for (const [locale, told] of [
      [
        "en",
        [
          "Of 132 reviews, 9 do not count and 4 count in part.",
          "Reviews: 119 count in full, 4 in part, 9 not at all",
          "Near-duplicate text",
          "A moderator&#39;s decision",
          "Orders: of 1,812, 21 do not count because they look staged.",
          "Followers: of 640, 38 do not count because they look bought.",
          'href="/how-we-verify?lang=en"',
        ],
      ],
      [
        "zh-CN",
        [
          "132 条评价中，9 条不计入，4 条只计入一部分。",
          "文字高度相似",
          "审核人员的决定",
          "订单：1,812 单中 21 单疑似刷单，不计入。",
          "关注：640 个中 38 个疑似买来的，不计入。",
          'href="/how-we-verify?lang=zh"',
        ],
      ],
    ] as const) {
      const page = merchantPage(locale, bambooExplanation, bambooHistory, policy);
      for (const text of told) expect(page).toContain(text);
    }
  });

  test("says so where all counts, and says nothing where nothing was judged", () => {
    const clean = merchantPage("en", bambooExplanation, bambooHistory, policy, cleanSummary);
    expect(clean).toContain("The one review counts in full.");
    expect(clean).toContain("Orders: all 8 count.");
    expect(clean).not.toContain("Followers:");
    expect(clean).not.toContain("weighs most against");
    for (const summary of [null, { ...cleanSummary, reviews: 0, orders: 0 }])
      expect(merchantPage("en", bambooExplanation, bambooHistory, policy, summary)).not.toContain('id="counted"');
  });
});

describe("the page on verification", () => {
  test("is made from what the contract says", () => {
    authenticitySummary.parse(bambooSummary);
    for (const one of [bambooVerification, youngVerification, leaningVerification]) verification.parse(one);
  });

  test("tells weights, what does not count, people, rings, the audit and the model", () => {
    const page = verificationPage("en", bambooVerification);
    for (const text of [
      "From 60% on the review counts in full; below 30% it does not count",
      "at 45% it counts 50%",
      "Of 5,132 reviews, 93 do not count and 40 count in part.",
      "A decision of the platform",
      "κ = 0.82",
      "3 groups of accounts that act together were confirmed by a person.",
      "No clear sign of it",
      "+3.4 percentage points",
      "with 95% confidence between −1.1 and +10.4",
      "−41 on a scale from",
      "2 Oct 2026",
      "made-up marketplaces",
      bambooVerification.model,
      "https://trust.example/v1/public/lakeside/verification",
    ])
      expect(page).toContain(text);
    expect(page).not.toContain('id="reason-footprint"');
  });

  test("says every verdict of the audit, also the one against us", () => {
    for (const locale of locales) {
      const words = messagesFor(locale).verification;
      for (const verdict of ["even", "leans-to-bad", "leans-to-good", "too-little"] as const) {
        const audit = { ...bambooVerification.audit, verdict };
        const page = verificationPage(locale, { ...bambooVerification, audit });
        expect(page).toContain(words.verdicts[verdict][0]);
        expect(page.includes('class="chip bad"')).toBe(verdict === "leans-to-bad");
      }
    }
    expect(verificationPage("zh-CN", leaningVerification)).toContain("+21 个百分点");
  });

  test("has a name and a sentence for every reason in both languages", () => {
    for (const locale of locales) {
      const { reasons } = messagesFor(locale).verification;
      expect(Object.keys(reasons).sort()).toEqual([...reasonCodes].sort());
      expect(new Set(Object.values(reasons).flat()).size).toBe(2 * reasonCodes.length);
    }
  });

  test("says what is not known yet, and that no model is in force", () => {
    const young = verificationPage("en", youngVerification);
    for (const text of ["There are no reviews yet.", "Too little to tell", "Too few cases have been decided twice"])
      expect(young).toContain(text);
    expect(young).not.toContain('class="interval"');
    expect(verificationPage("en", null)).toContain("No model is in force yet");
    expect(verificationPage("zh-CN", null)).toContain("还没有启用的模型");
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
    expect(paths.howWeVerify()).toBe("/at/lake/how-we-verify?lang=zh");
    expect(paths.outside("/m")).toBe("https://host.example/at/lake/m");
  });
});

test("the stylesheet is named by its content and closes what it opens", () => {
  expect(siteCssPath).toMatch(/^\/assets\/site-[0-9a-f]{12}\.css$/);
  expect(siteCss.split("{")).toHaveLength(siteCss.split("}").length);
});
