import { expect, test } from "vitest";
import { between, standAfter, turned } from "./picks.ts";

const keys = ["a", "b", "c", "d", "e"];

test("a range goes either way, and is one where its beginning is gone", () => {
  expect(between(keys, "b", "d")).toEqual(["b", "c", "d"]);
  expect(between(keys, "d", "b")).toEqual(["b", "c", "d"]);
  expect(between(keys, "x", "c")).toEqual(["c"]);
  expect(between(keys, undefined, "c")).toEqual(["c"]);
  expect(between(keys, "a", "x")).toEqual([]);
});

test("after a decision one stands at the next that waits, at the end at the one before", () => {
  expect(standAfter(keys, new Set(["b"]), "b")).toBe("c");
  expect(standAfter(keys, new Set(["b", "c"]), "b")).toBe("d");
  expect(standAfter(keys, new Set(["e"]), "e")).toBe("d");
  expect(standAfter(keys, new Set(["d"]), "b")).toBe("b");
  expect(standAfter(keys, new Set(keys), "b")).toBeUndefined();
  expect(standAfter(keys, new Set(["a"]), undefined)).toBe("b");
});

test("one key is turned, a range is added, and no more than there may be", () => {
  expect([...turned(new Set(["a"]), ["a"], 9)]).toEqual([]);
  expect([...turned(new Set(["a"]), ["a", "b"], 9)]).toEqual(["a", "b"]);
  expect([...turned(new Set(["a", "b"]), ["c", "d"], 3)]).toEqual(["a", "b", "c"]);
});
