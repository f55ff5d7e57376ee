import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialTail, densestWindow, logGamma, poissonTail } from "./burst.ts";

/** Adds up the terms of a distribution from `from` on, each made of the one before. */
function sumTerms(first: number, ratio: (k: number) => number, from: number, to: number): number {
  let [term, sum] = [first, from === 0 ? first : 0];
  for (let k = 1; k <= to; k += 1) {
    term *= ratio(k);
    if (k >= from) sum += term;
  }
  return sum;
}

describe("tails", () => {
  it("of Poisson equal the sum of the terms", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.double({ min: 0.01, max: 50, noNaN: true }), (count, mean) => {
        const expected = sumTerms(Math.exp(-mean), (k) => mean / k, count, 400);
        expect(Math.abs(poissonTail(count, mean) - expected)).toBeLessThan(1e-12 + expected * 1e-10);
      }),
    );
  });

  it("of the binomial equal the sum of the terms", () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.double({ min: 0.001, max: 0.999, noNaN: true }), (count, more, chance) => {
        const trials = count + more;
        const ratio = (k: number): number => (((trials - k + 1) / k) * chance) / (1 - chance);
        const expected = sumTerms((1 - chance) ** trials, ratio, count, trials);
        expect(Math.abs(binomialTail(count, trials, chance) - expected)).toBeLessThan(1e-12 + expected * 1e-9);
      }),
    );
  });

  it("keep their digits far out and fall with the count", () => {
    expect(poissonTail(100, 10) / 1.4e-62).toBeGreaterThan(0);
    expect(poissonTail(100, 10)).toBeGreaterThan(0);
    expect(poissonTail(200_000, 100)).toBe(0);
    expect(poissonTail(1_000_000, 1_000_000)).toBeCloseTo(0.5, 3);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 300, noNaN: true }), (count, mean) => {
        expect(poissonTail(count, mean)).toBeLessThanOrEqual(poissonTail(count - 1, mean) + 1e-12);
      }),
    );
  });

  it("know their ends and refuse what is none", () => {
    expect([
      poissonTail(0, 3),
      poissonTail(1, 0),
      binomialTail(0, 5, 0),
      binomialTail(3, 5, 0),
      binomialTail(5, 5, 1),
    ]).toEqual([1, 0, 1, 0, 1]);
    expect(binomialTail(5, 5, 0.5)).toBeCloseTo(1 / 32, 14);
    expect(() => poissonTail(-1, 1)).toThrow(/count of -1/);
    expect(() => poissonTail(1, Number.NaN)).toThrow(/mean of NaN/);
    expect(() => binomialTail(3, 2, 0.5)).toThrow(/3 of 2/);
    expect(() => binomialTail(1, 2, 1.5)).toThrow(/chance of 1.5/);
  });

  it("rest on ln Γ: factorials and the half", () => {
    let sum = 0;
    for (let n = 1; n < 60; n += 1) {
      expect(Math.abs(logGamma(n) - sum)).toBeLessThan(1e-12 * (1 + sum));
      sum += Math.log(n);
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
    expect(() => logGamma(0)).toThrow(/Γ of 0/);
  });
});

describe("densestWindow", () => {
  it("holds as many events as the fullest window tried one by one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 20 }),
        (list, width) => {
          const times = Float64Array.from(list.toSorted((a, b) => a - b));
          const { from, to } = densestWindow(times, width, 1);
          const fullest = list.map((start) => list.filter((time) => time >= start && time < start + width).length);
          expect(to - from).toBe(Math.max(0, ...fullest));
        },
      ),
    );
  });

  it("tells a burst from an even series", () => {
    const even = Float64Array.from({ length: 100 }, (_, k) => k * 10);
    expect(densestWindow(even, 30, 0.1).chance).toBe(1);
    const burst = Float64Array.from([...even, ...Array.from({ length: 15 }, (_, k) => 500 + k)]).sort();
    const found = densestWindow(burst, 30, 0.1);
    expect(found.chance).toBeLessThan(1e-4);
    expect(burst[found.from]).toBeGreaterThanOrEqual(470);
    expect(densestWindow(new Float64Array(), 1, 1)).toEqual({ from: 0, to: 0, chance: 1 });
    expect(() => densestWindow(Float64Array.of(2, 1), 1, 1)).toThrow(/out of order/);
  });
});
