import { readFileSync } from "node:fs";
import { type Policy, pack as packSchema } from "@probity/contract";
import { describe, expect, it } from "vitest";
import { checkPolicy, compilePolicy, defaultPolicies, packs, policyId } from "./index.ts";
import { madeFiles } from "./policies/make-policies.ts";
import { canonicalJson } from "./policy.ts";

const start = defaultPolicies.merchant;
const changed = (change: (draft: Policy) => void): unknown => {
  const draft = structuredClone(start);
  change(draft);
  return draft;
};
const rules = (value: unknown): string[] => {
  const checked = checkPolicy(value);
  return checked.ok ? [] : checked.issues.map((issue) => `${issue.path}: ${issue.rule}`);
};
const first = (draft: Policy): Policy["indicators"][number] => draft.indicators[0] as Policy["indicators"][number];

describe("checkPolicy names path and rule", () => {
  it.each<[string, unknown, RegExp]>([
    [
      "weights",
      changed((draft) => (first(draft).points = 131)),
      /^dimensions\.0\.points: must equal the sum of its indicators: 250 against 251$/,
    ],
    [
      "total",
      changed((draft) => ((draft.dimensions[0] as { points: number }).points = 260)),
      /^dimensions: weights must add up to 1000, they add up to 1010$/,
    ],
    [
      "table",
      changed(
        (draft) =>
          (first(draft).table = [
            [0, 500],
            [400_000, 300],
            [1_000_000, 1_000],
          ]),
      ),
      /^indicators\.0\.table\.1: must be monotone/,
    ],
    [
      "table's end",
      changed(
        (draft) =>
          (first(draft).table = [
            [0, 0],
            [900_000, 1_000],
          ]),
      ),
      /^indicators\.0\.table: must begin at 0 and end at 1000000$/,
    ],
    ["decay", changed((draft) => (first(draft).decay = "nowhere")), /^indicators\.0\.decay: names no decay/],
    [
      "rising decay",
      changed((draft) => (draft.decays["undecayed"] = { halfLifeDays: null, weights: [5, 6], tail: 0 })),
      /^decays\.undecayed\.weights\.1: must be monotone/,
    ],
    ["grades", changed((draft) => ((draft.grades[1] as { min: number }).min = 900)), /^grades\.1: must fall strictly/],
    [
      "metric",
      changed(
        (draft) => (first(draft).evidence = { kind: "share", of: ["nothing"], good: "x", less: [], against: [] }),
      ),
      /^indicators\.0\.evidence\.of\.0: is not a metric/,
    ],
    [
      "unpublished",
      changed((draft) => (first(draft).evidence = { kind: "share", of: ["gmv"], good: "x", less: [], against: [] })),
      /^indicators\.0\.evidence\.of\.0: must be a published metric: gmv$/,
    ],
    [
      "scales",
      changed(
        (draft) =>
          (first(draft).evidence = {
            kind: "share",
            of: ["review-stars"],
            good: "x",
            less: [],
            against: ["complaints"],
          }),
      ),
      /^indicators\.0\.evidence: metrics of one indicator must share one scale/,
    ],
    [
      "all good",
      changed(
        (draft) => (first(draft).evidence = { kind: "share", of: ["orders"], good: "all", less: [], against: [] }),
      ),
      /^indicators\.0\.evidence\.good: must take something away/,
    ],
    [
      "no level",
      changed((draft) => (first(draft).evidence = { kind: "level", parts: [{ metric: "orders", each: 1, cap: 1 }] })),
      /^indicators\.0\.evidence\.parts\.0\.metric: must be a level: orders$/,
    ],
    [
      "subject",
      changed((draft) => (draft.subject = "promoter")),
      /^indicators\.0\.evidence\.of\.0: must be a metric of a promoter: review-stars$/,
    ],
    [
      "red line",
      changed((draft) => draft.grades.splice(-2, 1)),
      /^redLines\.0\.cap: must be a grade of the policy: C$/,
    ],
    ["unknown key", { ...start, colour: "red" }, /colour/],
  ])("%s", (_, value, rule) => {
    expect(
      rules(value).some((line) => rule.test(line)),
      rules(value).join("\n"),
    ).toBe(true);
  });

  it("refuses to compile a broken policy", () => {
    expect(() => compilePolicy(changed((draft) => (first(draft).points = 131)) as Policy)).toThrow(
      /dimensions\.0\.points/,
    );
  });
});

describe("policy id", () => {
  it("does not depend on the order of keys, and changes with any value", () => {
    const turned = Object.fromEntries(Object.entries(start).reverse()) as Policy;
    expect(policyId(turned)).toBe(policyId(start));
    expect(policyId(changed((draft) => (draft.epochDays = 31)) as Policy)).not.toBe(policyId(start));
    expect(policyId(start)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("canonical JSON takes integers and well-formed text only", () => {
    expect(canonicalJson({ b: [1, "ä", null, true], a: {} })).toBe('{"a":{},"b":[1,"ä",null,true]}');
    for (const value of [1.5, 2 ** 53, Number.NaN, "\ud800", undefined, { a: undefined }]) {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    }
  });
});

describe("policies and packs that come with the engine", () => {
  it.each([...madeFiles()])("%s is what make-policies writes", (path, text) => {
    expect(readFileSync(new URL(path, import.meta.url), "utf8")).toBe(text);
  });

  it.each(Object.entries(defaultPolicies))("%s is valid and for its subject", (subject, value) => {
    expect(rules(value)).toEqual([]);
    expect(value.subject).toBe(subject);
  });

  it.each([...packs])("%s is valid", (_, value) => {
    expect(packSchema.safeParse(value).error).toBeUndefined();
    for (const check of value.checks)
      expect(check.decay === undefined || value.decays?.[check.decay] !== undefined).toBe(true);
  });
});
