import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldText } from "./fold.ts";

describe("foldText", () => {
  it("makes alike what looks alike", () => {
    const alike: readonly (readonly string[])[] = [
      ["good 123!", "ＧＯＯＤ　１２３！", "Good\u200B 123!", "g\u202Eood  123!", "gооd 123!"],
      ["非常好", "非\u200D常\uFEFF好", "非常好\uFE0F"],
      ["👍 ok", "👍🏽 ok", "👍\uFE0F ok", "👍🏿  OK"],
      ["great!!", "great!!!!!!!!", "GREAT！！！"],
      ["①②", "12"],
      ["ｶﾞ", "ガ"],
    ];
    for (const [first = "", ...others] of alike)
      for (const other of others) expect(foldText(other)).toBe(foldText(first));
  });

  it("leaves other scripts and numbers as they are", () => {
    expect(foldText("хорошо")).toBe("хорошо");
    expect(foldText("καλό")).toBe("καλό");
    expect(foldText("1000000 元")).toBe("1000000 元");
    expect(foldText("东西很好，物流快")).toBe("东西很好,物流快");
  });

  it("is a fixed point, never throws and stays within the length", () => {
    const unit = fc.oneof(
      fc.string({ unit: "binary", maxLength: 6 }),
      fc.constantFrom("\u200D", "а", "a", "ﷺ", "İ", "\u0301", "\uD800", "👨‍👩‍👧", " ", "　", "ͅ", "ᾳ", "Σ", "ß"),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 12 }), fc.integer({ min: 0, max: 60 }), (parts, lengthMax) => {
        const folded = foldText(parts.join(""), lengthMax);
        expect(foldText(folded, lengthMax)).toBe(folded);
        expect(folded.length).toBeLessThanOrEqual(lengthMax);
        expect(folded.isWellFormed()).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("takes nothing, one emoji, marks without a letter, and a text of 100 kB in time", () => {
    expect(foldText("")).toBe("");
    expect(foldText("\u200B\u200D")).toBe("");
    expect(foldText("😀")).toBe("😀");
    expect(foldText(`z${"\u0335".repeat(50_000)}`).length).toBeLessThan(5);
    expect(foldText("好".repeat(50_000)).length).toBe(2);
    expect(foldText("ab".repeat(50_000), 1_000).length).toBe(1_000);
    expect(() => foldText("a", -1)).toThrow(/length of -1/);
  });
});
