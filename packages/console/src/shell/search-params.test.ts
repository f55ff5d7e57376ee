import { expect, test } from "vitest";
import { ingestSearch, tabOf } from "../ingest/ingest-search.ts";
import { subjectSearch } from "../ratings/subject-search.ts";
import { compareSearch } from "../ratings/compare-search.ts";
import { askedOf, gradeNames, sortNames, sortOf, sortText, subjectsSearch } from "../ratings/subjects-search.ts";
import { grades, ratingSort } from "@probity/contract";
import { dayParam, only, textParam } from "./search-params.ts";

test("a page takes from its address what it knows and nothing else", () => {
  expect(subjectsSearch({ q: 12, grade: "AA", status: "rated", category: "home", sort: "-score", x: 1 })).toEqual({
    q: "12",
    grade: "AA",
    status: "rated",
    category: "home",
    sort: "-score",
  });
  expect(subjectsSearch({ q: "x".repeat(101), grade: "aa", status: [], category: {}, sort: "password" })).toEqual({});
  expect(subjectSearch({ on: "2026-02-30", tab: "reasons", from: "2026-02-28", to: "soon" })).toEqual({
    tab: "reasons",
    from: "2026-02-28",
  });
  expect(ingestSearch({ state: "gone", letter: 7 })).toEqual({ letter: "7" });
  expect(ingestSearch({ tab: "letters", span: "week" })).toEqual({ tab: "letters", span: "week" });
  expect(ingestSearch({ tab: "keys", span: 7 })).toEqual({});
});

test("an address that names a rejected event or a state of them opens those", () => {
  expect([{}, { span: "week" }, { tab: "flow", letter: "7" }].map((asked) => tabOf(ingestSearch(asked)))).toEqual([
    "flow",
    "flow",
    "flow",
  ]);
  expect([{ tab: "letters" }, { letter: 7 }, { state: "open" }].map((asked) => tabOf(ingestSearch(asked)))).toEqual([
    "letters",
    "letters",
    "letters",
  ]);
});

test("those to be compared are four at most, each once, and texts", () => {
  expect(compareSearch({ ids: ["a", 7, "a", "", {}, "x".repeat(129), "b", "c", "d"], differences: "yes" })).toEqual({
    ids: ["a", "7", "b", "c"],
  });
  expect(compareSearch({ ids: "a", differences: true })).toEqual({ differences: true });
  expect(subjectsSearch({ pick: ["m1"] })).toEqual({ pick: ["m1"] });
  expect(subjectsSearch({ pick: [] })).toEqual({});
});

test("what a check leaves out is gone, though the router would hand it on", () => {
  const checked = { q: "//evil", ...only(subjectsSearch)({ q: "", next: "//evil" }) };
  expect(checked).toEqual({ q: undefined, next: undefined });
});

test("days exist, text has an end", () => {
  expect([
    dayParam({ d: "2024-02-29" }, "d"),
    dayParam({ d: "2023-02-29" }, "d"),
    dayParam({ d: 20240229 }, "d"),
  ]).toEqual(["2024-02-29", undefined, undefined]);
  expect([textParam({ t: "" }, "t"), textParam({ t: "x".repeat(201) }, "t"), textParam({ t: "竹" }, "t")]).toEqual([
    undefined,
    undefined,
    "竹",
  ]);
});

test("sorting is the same in the address and in the table", () => {
  for (const sort of sortNames) expect(sortText(sortOf({ sort }))).toBe(sort);
  expect(sortOf({})).toBeUndefined();
  expect(sortText({ id: "day", descending: true })).toBeUndefined();
  expect(askedOf({ q: "x", sort: "score", pick: ["m1"] })).toEqual({ q: "x", sort: "score" });
});

test("grades and orders are the contract's", () => {
  expect(gradeNames).toEqual(grades);
  expect(new Set(sortNames)).toEqual(new Set(ratingSort.options));
});
