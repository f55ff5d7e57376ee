import fc from "fast-check";
import { expect, it } from "vitest";
import { mix32, mixPair } from "./mix.ts";

it("is a whole number below 2^32, and the same for both orders of a pair", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.integer(), (a, b, seed) => {
      const hash = mix32(a, seed);
      expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32).toBe(true);
      expect(mixPair(a, b, seed)).toBe(mixPair(b, a, seed));
    }),
  );
});

it("tells neighbouring numbers apart and fills buckets evenly", () => {
  const buckets = new Float64Array(16);
  const seen = new Set<number>();
  for (let value = 0; value < 16_000; value += 1) {
    const hash = mix32(value, 5);
    seen.add(hash);
    buckets[hash >>> 28]! += 1;
  }
  expect(seen.size).toBe(16_000);
  for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(160);
});
