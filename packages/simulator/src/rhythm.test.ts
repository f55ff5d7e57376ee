import fc from "fast-check";
import { expect, test } from "vitest";
import { dayMs, hourMs } from "./calendar.ts";
import { Random } from "./random.ts";
import { awake, business, demand, momentOf, shareOut } from "./rhythm.ts";

test("parts add up to the whole and follow their weights", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.nat(10_000), weights, (total, shares) => {
      const parts = shareOut(total, shares);
      const whole = shares.reduce((sum, share) => sum + share, 0);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
      for (const [index, part] of parts.entries()) {
        expect(Math.abs(part - (total * shares[index]!) / whole)).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test("a moment lies on its day, evenings are busier than nights", () => {
  const random = new Random(1, "rhythm");
  let evening = 0;
  let night = 0;
  for (let count = 0; count < 4_000; count += 1) {
    const timeMs = momentOf(20_000, random);
    expect(Math.floor(timeMs / dayMs)).toBe(20_000);
    const local = (Math.floor(timeMs / hourMs) + 8) % 24;
    if (local >= 19 && local < 23) evening += 1;
    if (local < 5) night += 1;
  }
  expect(evening).toBeGreaterThan(4 * night);
});

test("nobody answers between midnight and eight at UTC+8", () => {
  const random = new Random(2, "rhythm");
  for (let hour = 0; hour < 48; hour += 1) {
    const timeMs = 20_000 * dayMs + hour * hourMs;
    const answered = awake(timeMs, random);
    expect(answered).toBeGreaterThanOrEqual(timeMs);
    expect((Math.floor(answered / hourMs) + 8) % 24).toBeGreaterThanOrEqual(8);
  }
});

test("11-11 is a festival, summer goods sell in summer", () => {
  const festival = Date.UTC(2025, 10, 11) / dayMs;
  expect(business(festival, festival, 365)).toBeGreaterThan(2 * business(festival + 7, festival, 365));
  const july = Date.UTC(2025, 6, 15) / dayMs;
  const january = Date.UTC(2025, 0, 15) / dayMs;
  expect(demand("summer", july)).toBeGreaterThan(0.9);
  expect(demand("summer", january)).toBeLessThan(0.1);
  expect(demand("winter", january)).toBeGreaterThan(0.9);
});
