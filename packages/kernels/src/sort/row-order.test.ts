import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mix32 } from "../sketch/mix.ts";
import { rowOrder } from "./row-order.ts";

/** Compares as the header says: NaN last, −0 equal to 0. */
const rank = (a: number, b: number): number => {
  if (Number.isNaN(a) || Number.isNaN(b)) return (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0);
  return a < b ? -1 : a > b ? 1 : 0;
};
const naive = (...keys: readonly ArrayLike<number>[]): number[] =>
  Array.from({ length: keys[0]?.length ?? 0 }, (_, row) => row).sort((x, y) => {
    for (const key of keys) {
      const by = rank(key[x] as number, key[y] as number);
      if (by !== 0) return by;
    }
    return x - y;
  });

const many = 700;
const numbers = fc.array(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constantFrom(0, -0, Number.NaN)), {
  minLength: many,
  maxLength: many,
});
const wholes = fc.array(fc.oneof(fc.integer(), fc.integer({ min: -1, max: 2 })), { minLength: many, maxLength: many });

describe("rowOrder", () => {
  it("orders as comparing does, for every kind of number", () => {
    fc.assert(
      fc.property(numbers, wholes, numbers, (a, b, c) => {
        const keys = [Int32Array.from(b), Float64Array.from(a), c, Uint32Array.from(b), Uint8Array.from(b)];
        for (const key of keys) expect([...rowOrder(key)]).toEqual(naive(key));
        expect([...rowOrder(keys[4] as Uint8Array, keys[1] as Float64Array, c)]).toEqual(
          naive(keys[4] as Uint8Array, keys[1] as Float64Array, c),
        );
      }),
      { numRuns: 25 },
    );
  });

  it("orders few rows the same way", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 40 }), (key) => {
        expect([...rowOrder(key)]).toEqual(naive(key));
        expect([
          ...rowOrder(
            key.map(() => 1),
            key,
          ),
        ]).toEqual(
          naive(
            key.map(() => 1),
            key,
          ),
        );
      }),
    );
  });

  it("keeps the order of rows where keys tie, and takes no rows", () => {
    expect([...rowOrder(new Int32Array(1_000).fill(7))]).toEqual(Array.from({ length: 1_000 }, (_, row) => row));
    expect(rowOrder(new Float64Array()).length).toBe(0);
    expect(rowOrder().length).toBe(0);
  });

  it("takes a third of a million rows of infinities and NaN of either sign", () => {
    const odd = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -Number.NaN, 5e-324, -5e-324];
    const key = Float64Array.from({ length: 333_333 }, (_, row) => odd[mix32(row, 1) % odd.length] as number);
    const order = rowOrder(key);
    for (let place = 1; place < order.length; place += 1)
      if (rank(key[order[place - 1] as number] as number, key[order[place] as number] as number) > 0)
        throw new Error(`place ${place} is out of order`);
  });

  it("refuses keys of different lengths", () => {
    expect(() => rowOrder(new Int32Array(2), new Int32Array(3))).toThrow(/differ in length/);
  });
});
