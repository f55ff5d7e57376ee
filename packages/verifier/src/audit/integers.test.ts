import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bigRoot, mulDiv, root, shares } from "./integers.ts";

const whole = (max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: 0, max }),
    fc.integer({ min: 0, max: 1_000 }),
    fc.nat(50).map((below) => max - below),
  );
const exactMax = 2 ** 53 - 1;

describe("integers", () => {
  it("mulDiv is the floor of the exact quotient, or says that it passes 2^53", () => {
    fc.assert(
      fc.property(whole(exactMax), whole(exactMax), whole(exactMax), (a, b, c) => {
        fc.pre(c > 0);
        const exact = (BigInt(a) * BigInt(b)) / BigInt(c);
        if (exact > BigInt(exactMax)) expect(() => mulDiv(a, b, c)).toThrow(RangeError);
        else expect(BigInt(mulDiv(a, b, c))).toBe(exact);
      }),
      { numRuns: 2_000 },
    );
  });

  it("root is the greatest whose square is not greater", () => {
    const squares = fc.integer({ min: 1, max: 94_906_265 }).chain((side) => fc.constantFrom(side ** 2, side ** 2 - 1));
    fc.assert(
      fc.property(fc.oneof(whole(exactMax), squares), (value) => {
        const found = BigInt(root(value));
        expect(found ** 2n <= BigInt(value) && (found + 1n) ** 2n > BigInt(value)).toBe(true);
        expect(bigRoot(BigInt(value))).toBe(found);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 300n }), (value) => {
        const found = bigRoot(value);
        expect(found ** 2n <= value && (found + 1n) ** 2n > value).toBe(true);
      }),
    );
  });

  it("shares add up to the whole, each within one of its part", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), fc.array(fc.nat(1_000), { maxLength: 12 }), (total, parts) => {
        const all = parts.reduce((sum, part) => sum + part, 0);
        const found = shares(total, parts);
        expect(found.reduce((sum, part) => sum + part, 0)).toBe(all === 0 ? 0 : total);
        parts.forEach((part, place) => {
          expect(Math.abs((found[place] ?? 0) - (all === 0 ? 0 : (total * part) / all))).toBeLessThan(1);
        });
      }),
    );
  });
});
