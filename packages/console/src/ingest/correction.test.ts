import { expect, test } from "vitest";
import { brokenLine, draftOf, readDraft } from "./correction.ts";

test("an event is laid out to be edited, and what is no JSON stays as it came", () => {
  expect(draftOf({ id: "a" })).toBe('{\n  "id": "a"\n}');
  expect(draftOf("{broken")).toBe("{broken");
});

test("a draft is read as an object or told what is wrong with it", () => {
  expect(readDraft('{"id":"竹"}')).toEqual({ ok: true, event: { id: "竹" } });
  expect(readDraft("[1]")).toEqual({ ok: false, because: "not-object" });
  expect(readDraft("null")).toEqual({ ok: false, because: "not-object" });
  expect(readDraft('{\n "type": }')).toEqual({ ok: false, because: "not-json", line: 2 });
});

test.each([
  ['{\n "a": 1\n "b": 2\n}', 3],
  ['{\n "a": [1, 2\n}', 3],
  ['{\n "a": "x\n}', 2],
  ["{}\n{}", 2],
  ["", 1],
  ['{\n\n "a": 01 }', 3],
  ['{"a": tru}', 1],
  ['{"a": 1,\n}', 2],
])("%j stops being JSON on line %i", (text, line) => {
  expect(() => JSON.parse(text) as unknown).toThrow();
  expect(brokenLine(text)).toBe(line);
});
