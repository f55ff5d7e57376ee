import { readFileSync } from "node:fs";
import { type Policy, policy as policySchema } from "@probity/contract";
import { expect, test } from "vitest";
import { messages as en } from "../messages/en.ts";
import { policies as enPolicies } from "../messages/en-policies.ts";
import { figuresFor } from "../messages/figures.ts";
import { messages as zh } from "../messages/zh-cn.ts";
import { policies as zhPolicies } from "../messages/zh-cn-policies.ts";
import { type Compared, sentencesOf } from "./diff-words.ts";
import { diffPolicies } from "./policy-diff.ts";

const file = new URL("../../../engine/src/ratings/policies/merchant-default.json", import.meta.url);
const standard: Policy = policySchema.parse(JSON.parse(readFileSync(file, "utf8")));

function said(locale: "en" | "zh-CN", was: Policy, is: Policy): string[] {
  const [t, { diff: words }] = locale === "en" ? [en, enPolicies] : [zh, zhPolicies];
  const voice = { t, f: figuresFor(locale), locale, setLocale: () => undefined };
  const compared: Compared = { was, is, metrics: [], voice, words };
  return diffPolicies(was, is)
    .flatMap((change) => sentencesOf(change, compared))
    .map(({ what, was: old, is: now }) => {
      if (old === undefined) return `${what}${words.come(now ?? "")}`;
      return now === undefined ? `${what}${words.gone(old)}` : `${what}${words.wasWords(old)}${words.isWords(now)}`;
    });
}

/** The standard policy with one indicator changed. */
const withIndicator = (id: string, change: Partial<Policy["indicators"][number]>): Policy => ({
  ...standard,
  indicators: standard.indicators.map((one) => (one.id === id ? { ...one, ...change } : one)),
});

const decayed = (change: Partial<Policy["decays"][string]>): Policy => {
  const decay = standard.decays["half-life-45"];
  if (decay === undefined) throw new Error("no such decay");
  return { ...standard, decays: { ...standard.decays, "half-life-45": { ...decay, ...change } } };
};

const changed: readonly (readonly [is: Policy, en: string])[] = [
  [
    { ...standard, title: { ...standard.title, en: "Strict" } },
    "The title in English was “Merchants: starting policy”, is “Strict”",
  ],
  [
    { ...standard, bound: { zNumerator: 1_645, zDenominator: 1_000 } },
    "The certainty with which a grade holds was 90% (1.282 standard errors), is 95% (1.645 standard errors)",
  ],
  [
    { ...standard, hysteresis: { margin: 8, days: 1 } },
    "The time past a threshold after which a grade moves was 3 days, is 1 day",
  ],
  [
    { ...standard, floor: { ...standard.floor, windowDays: 90 } },
    "The time in which evidence is counted was 365 days, is 90 days",
  ],
  [
    withIndicator("first-reply", { decay: "undecayed" }),
    "The ageing of First reply within 24 hours was a half-life of 45 days, is none while it holds",
  ],
  [
    withIndicator("genuine", { prior: { mean: 900_000, strength: 1 } }),
    "Where Genuine goods starts from was 95% with the weight of 5 cases, is 90% with the weight of 1 case",
  ],
  [
    withIndicator("genuine", { dimension: "service" }),
    "The dimension of Genuine goods was Product quality, is Service",
  ],
  [
    decayed({ halfLifeDays: 30 }),
    "The ageing half-life-45 (Dispatched in time; Delivered as promised; Valid tracking; First reply within 24 hours) was a half-life of 45 days, is a half-life of 30 days",
  ],
  [
    decayed({ tail: 2 ** 31 }),
    "The ageing half-life-45 (Dispatched in time; Delivered as promised; Valid tracking; First reply within 24 hours) was 0% of its weight after 360 days, is 50% of its weight after 360 days",
  ],
  [
    { ...standard, redLines: standard.redLines.slice(1) },
    "Red line: A confirmed counterfeit within 180 days is gone; it was: for 180 days at most C (counterfeits: at least 1)",
  ],
];

test.each(changed)("a change is told in plain words %#", (is, words) => {
  expect(said("en", standard, is)).toEqual([words]);
});

test("both languages tell as much, and neither leaves a change out that is not shown as a figure", () => {
  const shown = new Set(["indicator-points", "indicator-table", "dimension-points", "grade"]);
  for (const [is] of changed) {
    const untold = diffPolicies(standard, is).filter(({ kind }) => !shown.has(kind));
    expect(untold.length).toBeGreaterThan(0);
    expect(said("zh-CN", standard, is)).toHaveLength(said("en", standard, is).length);
  }
  expect(said("zh-CN", standard, changed[2]?.[0] ?? standard)).toEqual(["越过界线多久等级变动原为 3 天，现为 1 天"]);
});

test("evidence is told term by term, and by its data where the words are the same", () => {
  const counted = withIndicator("no-defect", {
    evidence: { kind: "share", of: ["orders-kept"], good: "all", less: [], against: ["returns-defect"] },
  });
  expect(said("en", standard, counted)).toEqual([
    "Without defects, Against is new: returns-defect",
    "Without defects, Taken off is gone; it was: returns-defect",
  ]);
});
