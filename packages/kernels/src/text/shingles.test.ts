import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shingles, wordsOf } from "./shingles.ts";

const text = fc
  .array(fc.constantFrom("a", "b", "c", " ", "好", "物", "👍"), { maxLength: 25 })
  .map((parts) => parts.join(""));

describe("shingles", () => {
  it("are as many as the distinct n-grams cut one by one, and equal where those are equal", () => {
    fc.assert(
      fc.property(
        text,
        text,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom("character" as const, "word" as const),
        (one, two, size, unit) => {
          const grams = (whole: string): Set<string> => {
            const parts = unit === "character" ? Array.from(whole) : wordsOf(whole);
            if (parts.length === 0) return new Set();
            const count = Math.max(1, parts.length - size + 1);
            return new Set(Array.from({ length: count }, (_, start) => parts.slice(start, start + size).join("|")));
          };
          const [first, second] = [shingles(one, unit, size), new Set(shingles(two, unit, size))];
          expect(first.length).toBe(grams(one).size);
          expect(first.filter((hash) => second.has(hash)).length).toBe(
            [...grams(one)].filter((gram) => grams(two).has(gram)).length,
          );
          expect(first).toEqual(first.toSorted());
        },
      ),
    );
  });

  it("take words of both kinds of scripts apart, and no n-gram from nothing", () => {
    expect(wordsOf("very good, 很好！👍 it's 5星")).toEqual(["very", "good", "很", "好", "👍", "it", "s", "5", "星"]);
    expect(shingles("", "character", 3).length).toBe(0);
    expect(shingles("!?", "word", 2).length).toBe(0);
    expect(shingles("👍", "character", 5).length).toBe(1);
    expect(() => shingles("a", "word", 0)).toThrow(/n-grams of 0/);
  });
});
