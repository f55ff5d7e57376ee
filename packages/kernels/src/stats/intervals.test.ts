import fc from "fast-check";
import { expect, it } from "vitest";
import { wilsonLower, wilsonLowerAll, wilsonUpper } from "./intervals.ts";

it("gives the published interval of 15 in 148 (R. G. Newcombe, Stat. Med. 17 (1998) 857–872, table I)", () => {
  expect(wilsonLower(15, 148, 1.959964)).toBeCloseTo(0.0624, 4);
  expect(wilsonUpper(15, 148, 1.959964)).toBeCloseTo(0.1605, 4);
  expect(wilsonLower(81, 263, 1.959964)).toBeCloseTo(0.2553, 4);
  expect(wilsonUpper(81, 263, 1.959964)).toBeCloseTo(0.3662, 4);
});

it("holds the share, solves |p − share| = z·√(p(1−p)/n) at its ends, and is empty-handed without evidence", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.nat(500),
      fc.double({ min: 0.1, max: 4, noNaN: true }),
      (count, some, z) => {
        const good = Math.min(some, count);
        const [low, high] = [wilsonLower(good, count, z), wilsonUpper(good, count, z)];
        expect(low).toBeLessThanOrEqual(good / count + 1e-12);
        expect(high).toBeGreaterThanOrEqual(good / count - 1e-12);
        for (const end of [low, high]) {
          if (end <= 1e-9 || end >= 1 - 1e-9) continue;
          expect(Math.abs(end - good / count)).toBeCloseTo(z * Math.sqrt((end * (1 - end)) / count), 9);
        }
      },
    ),
  );
  expect([wilsonLower(0, 0, 1), wilsonUpper(0, 0, 1)]).toEqual([0, 1]);
  expect(() => wilsonLower(2, 1, 1)).toThrow(RangeError);
});

it("fills the caller's column", () => {
  const out = new Float64Array(2);
  wilsonLowerAll(Float64Array.of(1, 0), Float64Array.of(1, 0), 1, out);
  expect([...out]).toEqual([0.5, 0]);
});
