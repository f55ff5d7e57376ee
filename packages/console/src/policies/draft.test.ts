import { readFileSync } from "node:fs";
import { type Policy, policy as policySchema } from "@probity/contract";
import { afterEach, expect, test, vi } from "vitest";
import { applyDraft, draftOf, isReshaped, wrongCurves } from "./draft.ts";
import { beginHistory, changed, redone, undone } from "./draft-history.ts";
import { isDraftOf, keepDraft, readDraft } from "./draft-keep.ts";

const file = new URL("../../../engine/src/ratings/policies/merchant-default.json", import.meta.url);
const policy: Policy = policySchema.parse(JSON.parse(readFileSync(file, "utf8")));
const draft = draftOf(policy);

afterEach(() => vi.unstubAllGlobals());

test("a draft that changes nothing is the policy, and each change arrives", () => {
  expect(applyDraft(policy, draft)).toEqual(policy);
  const reshaped = {
    ...draft,
    curves: {
      ...draft.curves,
      identity: [
        [0, 0],
        [600_000, 800],
        [1_000_000, 1_000],
      ] as const,
    },
    targets: { ...draft.targets, identity: 600_000 },
    decays: { ...draft.decays, "first-reply": "half-life-60" },
    caps: { ...draft.caps, counterfeit: "D" as const },
  };
  const made = policySchema.parse(applyDraft(policy, reshaped));
  const find = (id: string) => made.indicators.find((one) => one.id === id);
  expect(find("identity")).toMatchObject({
    table: [
      [0, 0],
      [600_000, 800],
      [1_000_000, 1_000],
    ],
    target: 600_000,
  });
  expect([find("first-reply")?.decay, made.redLines[0]?.cap]).toEqual(["half-life-60", "D"]);
  expect(policy.indicators.filter((one) => isReshaped(one, reshaped)).map(({ id }) => id)).toEqual([
    "identity",
    "first-reply",
  ]);
});

test("a curve that breaks a rule and a missing target are told", () => {
  const broken = {
    ...draft,
    curves: {
      ...draft.curves,
      identity: [
        [0, 0],
        [700_000, null],
        [1_000_000, 1_000],
      ] as const,
    },
    targets: { ...draft.targets, genuine: null },
  };
  expect(wrongCurves(policy, draft)).toEqual([]);
  expect(wrongCurves(policy, broken).map(({ id }) => id)).toEqual(["identity", "genuine"]);
});

test("changes are taken back and done again; what follows soon about the same is one step", () => {
  const titled = (titleEn: string) => ({ ...draft, titleEn });
  let history = beginHistory(draft);
  history = changed(history, titled("a"), "titleEn", 0);
  history = changed(history, titled("ab"), "titleEn", 400);
  history = changed(history, titled("ab"), "titleEn", 5_000);
  history = changed(history, titled("abc"), "titleEn", 5_000);
  history = changed(history, { ...titled("abc"), titleZh: "x" }, "titleZh", 5_100);
  expect(history.past.map(({ titleEn }) => titleEn)).toEqual([draft.titleEn, "ab", "abc"]);
  history = undone(undone(history));
  expect([history.now.titleEn, history.future.length]).toEqual(["ab", 2]);
  history = redone(history);
  expect([history.now.titleEn, history.now.titleZh]).toEqual(["abc", draft.titleZh]);
  history = changed(history, titled("other"), "titleEn", 5_200);
  expect([history.future, redone(history)]).toEqual([[], history]);
  for (let step = 0; step < 9; step += 1) history = undone(history);
  expect(history.now).toEqual(draft);
});

test("an unsaved draft is kept, and anything else that stands there is not taken for one", () => {
  const store = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
    removeItem: (key: string) => store.delete(key),
  });
  const place = { marketplace: "demo", policy: "p", person: "lin" };
  const kept = { draft: { ...draft, titleEn: "Mine" }, known: ["a"], atMs: 1 };
  keepDraft(place, kept);
  expect([readDraft(place, policy), readDraft({ ...place, person: "wang" }, policy)]).toEqual([kept, undefined]);
  for (const wrong of ["{", "null", "[]", JSON.stringify({ ...kept, draft: { ...draft, points: {} } })]) {
    store.set("probity-draft demo p lin", wrong);
    expect(readDraft(place, policy), wrong).toBeUndefined();
  }
  keepDraft(place, kept);
  keepDraft(place, undefined);
  expect(store.size).toBe(0);
  const [, ...grades] = draft.grades;
  const wrongs: unknown[] = [
    { ...draft, grades },
    { ...draft, extra: 1 },
    { ...draft, curves: { ...draft.curves, identity: [[0, "0"]] } },
    { ...draft, decays: { ...draft.decays, identity: "toString" } },
    { ...draft, caps: { ...draft.caps, counterfeit: "E" } },
    { ...draft, titleEn: 1 },
  ];
  expect(wrongs.filter((wrong) => isDraftOf(policy, wrong))).toEqual([]);
});

test("without storage nothing is kept and nothing breaks", () => {
  vi.stubGlobal("sessionStorage", undefined);
  const place = { marketplace: "demo", policy: "p", person: "lin" };
  keepDraft(place, { draft, known: [], atMs: 1 });
  expect(readDraft(place, policy)).toBeUndefined();
});
