import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkRows,
  type GramRules,
  gramSpace,
  hashGrams,
  inverseFrequencies,
  readGrams,
  weighRows,
} from "./hashed-grams.ts";
import { wordsOf } from "./shingles.ts";

const rules: GramRules = {
  charsFrom: 1,
  charsTo: 3,
  wordsFrom: 1,
  wordsTo: 2,
  bits: 18,
  textCharsMax: 200,
  gramsMax: 500,
};

/** n-grams of a list, one by one, as text that tells kinds and sizes apart. */
function naive(parts: readonly string[], from: number, to: number, kind: string): string[] {
  const out: string[] = [];
  if (to === 0) return out;
  for (let size = from; size <= to; size += 1)
    for (let start = 0; start + size <= parts.length; start += 1)
      out.push(`${kind}${size}:${parts.slice(start, start + size).join("\u0000")}`);
  return out;
}

const twin = (text: string, { charsFrom, charsTo, wordsFrom, wordsTo }: GramRules): string[] => [
  ...naive(wordsOf(text), wordsFrom, wordsTo, "w"),
  ...naive(Array.from(text), charsFrom, charsTo, "c"),
];

const tally = (grams: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  return counts;
};

const text = fc
  .array(fc.constantFrom("a", "b", "ab", " ", "好", "不", "物流", "👍", "!"), { maxLength: 20 })
  .map((parts) => parts.join(""));

describe("readGrams", () => {
  it("counts what the n-grams cut one by one are", () => {
    const space = gramSpace(rules);
    fc.assert(
      fc.property(text, (read) => {
        const found = readGrams(read, space);
        const counts = tally(twin(read, rules));
        // 2^18 columns hold these few n-grams apart.
        expect(found).toBe(counts.size);
        expect(Array.from(space.counts.subarray(0, found)).sort()).toEqual([...counts.values()].sort());
        expect(new Set(space.columns.subarray(0, found)).size).toBe(found);
        expect(space.place.every((place) => place === 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("gives two texts the columns that their common n-grams have", () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const rows = hashGrams([one, other], rules);
        const columns = (row: number): number[] =>
          Array.from(rows.columns.subarray(rows.offsets[row], rows.offsets[row + 1]));
        const theirs = new Set(columns(1));
        const grams = new Set(twin(other, rules));
        expect(columns(0).filter((column) => theirs.has(column)).length).toBe(
          new Set(twin(one, rules).filter((gram) => grams.has(gram))).size,
        );
      }),
      { numRuns: 60 },
    );
  });

  it("gives an empty row for nothing, one column for one sign, and stops at its bounds", () => {
    const rows = hashGrams(["", "👍", "好".repeat(100_000), "!"], { ...rules, wordsFrom: 0, wordsTo: 0 });
    expect(Array.from(rows.offsets)).toEqual([0, 0, 1, 4, 5]);
    expect(rows.values[1]).toBe(200);
    const letters = Array.from({ length: 200 }, (_, place) => String.fromCodePoint(0x4e00 + place)).join("");
    expect(hashGrams([letters], { ...rules, gramsMax: 7 }).columns.length).toBe(7);
    expect(hashGrams([letters], { ...rules, bits: 3 }).columns.length).toBe(8);
    // Half of a pair of surrogates, where the bound cuts one.
    expect(hashGrams(["a👍"], { ...rules, wordsFrom: 0, wordsTo: 0, textCharsMax: 2 }).columns.length).toBe(3);
    expect(hashGrams([], rules).offsets.length).toBe(1);
  });

  it("refuses rules that cannot be", () => {
    const make = (change: Partial<GramRules>) => () => gramSpace({ ...rules, ...change });
    expect(make({ charsFrom: 0 })).toThrow(/characters from 0 to 3/);
    expect(make({ wordsTo: 9 })).toThrow(/words from 1 to 9/);
    expect(make({ charsFrom: 0, charsTo: 0, wordsFrom: 0, wordsTo: 0 })).toThrow(/n-grams of nothing/);
    expect(make({ bits: 25 })).toThrow(/2\^25 columns/);
    expect(make({ gramsMax: 0 })).toThrow(/bound of 0/);
  });
});

describe("weighRows", () => {
  it("is (1 + ln count) or 1, times what the column is worth, at length 1", () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), fc.boolean(), (texts, isPresence) => {
        const small = { ...rules, bits: 6 };
        const counted = hashGrams(texts, small);
        const rows = hashGrams(texts, small);
        const worth = new Float64Array(64);
        inverseFrequencies(rows, Int32Array.from(texts.keys()), worth);
        weighRows(rows, isPresence ? "presence" : "sublinear", worth);
        for (let row = 0; row < texts.length; row += 1) {
          const places = Array.from(
            { length: rows.offsets[row + 1]! - rows.offsets[row]! },
            (_, at) => rows.offsets[row]! + at,
          );
          const raw = places.map((at) => {
            const df = texts.filter((_, other) =>
              counted.columns
                .subarray(counted.offsets[other], counted.offsets[other + 1])
                .includes(counted.columns[at]!),
            ).length;
            return (isPresence ? 1 : 1 + Math.log(counted.values[at]!)) * (Math.log((1 + texts.length) / (1 + df)) + 1);
          });
          const length = Math.hypot(...raw);
          places.forEach((at, place) => expect(rows.values[at]).toBeCloseTo(raw[place]! / length, 10));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("says which row is broken", () => {
    const rows = hashGrams(["ab", "c"], rules);
    expect(() => checkRows(rows, 4)).toThrow(/row 0: column \d+ of 4/);
    expect(() => checkRows({ ...rows, values: rows.values.map(() => Number.NaN) }, 2 ** 18)).toThrow(
      /row 0: value NaN/,
    );
    expect(() => checkRows({ ...rows, offsets: Int32Array.of(0, 1) }, 2 ** 18)).toThrow(/differ in length/);
    expect(() => checkRows({ ...rows, offsets: Int32Array.of(0, 3, 1, rows.columns.length) }, 2 ** 18)).toThrow(
      /row 1 ends before/,
    );
    expect(() => inverseFrequencies(rows, Int32Array.of(2), new Float64Array(2 ** 18))).toThrow(/row 2 of 2/);
  });
});
