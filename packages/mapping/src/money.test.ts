import { currencies, limits } from "@probity/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { majorText, minorUnits } from "./money.ts";

const major = { unit: "major" } as const;
const minor = { unit: "minor" } as const;
const codes = Object.keys(currencies);

describe("minorUnits", () => {
  test("is the inverse of majorText for every currency and amount", () => {
    fc.assert(
      fc.property(fc.constantFrom(...codes), fc.integer({ min: 0, max: limits.moneyMinorUnits }), (code, amount) => {
        expect(minorUnits(majorText(amount, code), code, major)).toEqual({ value: amount });
        expect(minorUnits(String(amount), code, minor)).toEqual({ value: amount });
      }),
    );
  });

  test("does not care for leading and trailing zeros, nor for grouping", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), fc.nat(5), fc.nat(5), (amount, before, after) => {
        const text = `${"0".repeat(before)}${majorText(amount, "CNY")}${"0".repeat(after)}`;
        expect(minorUnits(text, "CNY", major)).toEqual({ value: amount });
        const [whole = "", fraction = ""] = majorText(amount, "CNY").split(".");
        const points = whole.replace(/\B(?=(\d{3})+$)/gu, ".");
        expect(minorUnits(`${points},${fraction}`, "CNY", { ...major, decimal: "," })).toEqual({ value: amount });
        expect(minorUnits(`${points.replaceAll(".", ",")}.${fraction}`, "CNY", major)).toEqual({ value: amount });
      }),
    );
  });

  test("adds what floats cannot", () => {
    for (const [text, value] of [
      ["0.1", 10],
      ["0.29", 29],
      ["1.005", undefined],
      ["1.15", 115],
      ["4.35", 435],
      ["199.0", 19_900],
    ] as const) {
      const amount = minorUnits(text, "BRL", major);
      expect("value" in amount ? amount.value : undefined).toBe(value);
    }
  });

  test.each([
    ["", "is not an amount"],
    ["1,5", "is not an amount"],
    ["1e3", "is not an amount"],
    ["¥5", "is not an amount"],
    ["1.234.567,00", "is not an amount"],
    ["-1", "is negative"],
    ["0.001", "more decimals"],
    ["99999999999999999999", "is over"],
    ["NaN", "is not an amount"],
  ])("refuses %j", (text, why) => {
    expect(minorUnits(text, "CNY", major)).toEqual({ refused: expect.stringContaining(why) });
  });

  test("knows how many decimals a currency has", () => {
    expect(minorUnits("150", "JPY", major)).toEqual({ value: 150 });
    expect(minorUnits("150.5", "JPY", major)).toEqual({
      refused: expect.stringContaining("more decimals than JPY (0)"),
    });
    expect(minorUnits("1.234", "KWD", major)).toEqual({ value: 1_234 });
    expect(minorUnits("1", "XYZ", major)).toEqual({ refused: expect.stringContaining("ISO 4217") });
    expect(minorUnits("1", "constructor", major)).toEqual({ refused: expect.stringContaining("ISO 4217") });
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom("CNY", "JPY"), (text, code) => void minorUnits(text, code, major)),
    );
  });
});
