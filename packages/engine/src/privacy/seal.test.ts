import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MasterKey, open, saltsFrom, seal } from "./index.ts";
import { sealingKey } from "./seal.ts";

const secret = randomBytes(32);
const key = sealingKey(secret);
const bytes = fc.uint8Array({ maxLength: 200 });

describe("a sealed value", () => {
  test("opens to what was sealed, never twice alike", () => {
    fc.assert(
      fc.property(bytes, fc.string(), (plain, context) => {
        const [one, other] = [seal(key, plain, context), seal(key, plain, context)];
        expect(open(key, one, context)).toEqual(Buffer.from(plain));
        expect(one.equals(other)).toBe(false);
        expect(one).toHaveLength(plain.length + 28);
      }),
    );
  });

  test("does not open with any bit changed, cut short, under another key or in another place", () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 0, max: 7 }), (plain, at, bit) => {
        const sealed = seal(key, plain, "table|column|1|1");
        const changed = Buffer.from(sealed);
        changed[at % changed.length] = (changed[at % changed.length] as number) ^ (1 << bit);
        expect(() => open(key, changed, "table|column|1|1")).toThrow();
        expect(() => open(key, sealed.subarray(0, at % sealed.length), "table|column|1|1")).toThrow();
        expect(() => open(sealingKey(randomBytes(32)), sealed, "table|column|1|1")).toThrow();
        expect(() => open(key, sealed, "table|column|2|1")).toThrow();
      }),
    );
  });
});

describe("a master key", () => {
  test("has 32 bytes", () => {
    for (const length of [0, 16, 31, 33, 64]) expect(() => new MasterKey(randomBytes(length))).toThrow("32 bytes");
  });

  test("keeps its purposes apart", () => {
    const [one, other] = [new MasterKey(Buffer.alloc(32, 1)), new MasterKey(Buffer.alloc(32, 2))];
    const wrapped = one.wrap(secret, "c");
    expect(one.unwrap(wrapped, "c")).toEqual(secret);
    expect(() => other.unwrap(wrapped, "c")).toThrow();
    expect(() => one.unwrap(wrapped, "d")).toThrow();
    expect(() => one.openLetter(wrapped, "c")).toThrow();
    expect(one.openLetter(one.sealLetter(Buffer.from("x"), "c"), "c").toString()).toBe("x");
    expect(() => one.unwrap(one.sealLetter(Buffer.from("x"), "c"), "c")).toThrow();
    expect(one.newPersonKey()).toHaveLength(32);
  });

  test("blinds a person alike every time, otherwise in another marketplace or under another key", () => {
    const [one, other] = [new MasterKey(Buffer.alloc(32, 1)), new MasterKey(Buffer.alloc(32, 2))];
    expect(one.blind(1, "b1")).toBe(new MasterKey(Buffer.alloc(32, 1)).blind(1, "b1"));
    expect(
      new Set([
        one.blind(1, "b1"),
        one.blind(2, "b1"),
        one.blind(1, "b2"),
        other.blind(1, "b1"),
        one.blind(11, "b1"),
        one.blind(1, "1|b1"),
      ]).size,
    ).toBe(6);
    expect(one.blind(1, "13800138000")).not.toContain("138");
  });
});

describe("salts", () => {
  test("are drawn alike from the same secrets, and are all different", () => {
    const [event, person] = [randomBytes(32), randomBytes(32)];
    const salts = saltsFrom(20, event, person);
    expect(salts).toEqual(saltsFrom(20, event, person));
    expect(salts).toHaveLength(20 * 32);
    expect(
      new Set(Array.from({ length: 20 }, (_, at) => salts.subarray(32 * at, 32 * at + 32).toString("hex"))).size,
    ).toBe(20);
    expect(saltsFrom(20, event)).not.toEqual(salts);
    expect(saltsFrom(20, event, randomBytes(32))).not.toEqual(salts);
    expect(saltsFrom(3, event, person)).toEqual(salts.subarray(0, 96));
  });
});
