import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mix32 } from "./mix.ts";
import { type BandOptions, likePairs, signatureSimilarity, signSet } from "./min-hash.ts";

const options: BandOptions = { places: 64, bands: 16, partnersMax: 50, similarityMin: 0.5 };

function sign(sets: readonly (readonly number[])[], places = options.places): Uint32Array {
  const out = new Uint32Array(sets.length * places);
  sets.forEach((set, document) =>
    signSet(
      Uint32Array.from(set, (item) => mix32(item, 9)),
      places,
      3,
      out,
      document * places,
    ),
  );
  return out;
}

const jaccard = (a: readonly number[], b: readonly number[]): number => {
  const both = a.filter((item) => b.includes(item)).length;
  return both / new Set([...a, ...b]).size;
};

describe("signSet", () => {
  it("estimates the Jaccard similarity", () => {
    const set = fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(set, set, (a, b) => {
        // Five standard errors of 1,024 places.
        const expected = jaccard(a, b);
        const found = signatureSimilarity(sign([a, b], 1_024), 1_024, 0, 1);
        expect(Math.abs(found - expected)).toBeLessThan(0.01 + 5 * Math.sqrt((expected * (1 - expected)) / 1_024));
      }),
      { numRuns: 40 },
    );
  });

  it("does not depend on the order of elements", () => {
    expect(sign([[1, 2, 3]])).toEqual(sign([[3, 1, 2]]));
  });
});

describe("likePairs", () => {
  it("finds the pairs that looking at all pairs finds, but for a rare miss", () => {
    const sets = Array.from({ length: 120 }, (_, k) =>
      Array.from({ length: 30 }, (__, j) => (k % 4 === 0 || j > 3 ? Math.floor(k / 4) : k) * 1_000 + j),
    );
    const signatures = sign(sets);
    const pairs = likePairs(signatures, options);
    const found = new Set(pairs.a.length === 0 ? [] : Array.from(pairs.a, (a, pair) => `${a},${pairs.b[pair]}`));
    let [expected, missed] = [0, 0];
    for (let a = 0; a < 120; a += 1) {
      for (let b = a + 1; b < 120; b += 1) {
        const like = signatureSimilarity(signatures, 64, a, b) >= 0.5;
        if (like) expected += 1;
        if (like && !found.has(`${a},${b}`)) missed += 1;
        if (!like) expect(found.has(`${a},${b}`)).toBe(false);
      }
    }
    expect(expected).toBeGreaterThan(100);
    expect(missed).toBeLessThan(expected * 0.05);
  });

  it("pairs nothing that is empty, and stays small where one text comes very often", () => {
    expect(likePairs(sign([[], [], [1]]), options).a.length).toBe(0);
    const same = new Uint32Array(20_000 * 4).fill(5);
    const pairs = likePairs(same, { places: 4, bands: 2, partnersMax: 3, similarityMin: 0.5 });
    expect(pairs.a.length).toBe(3 * 20_000 - 6);
  });

  it("refuses bands that do not fit", () => {
    expect(() => likePairs(new Uint32Array(64), { ...options, bands: 7 })).toThrow(/64 places in 7 bands/);
    expect(() => likePairs(new Uint32Array(65), options)).toThrow(/not of 64 places/);
    expect(() => signSet(new Uint32Array(), 8, 1, new Uint32Array(4), 0)).toThrow(/too short/);
  });
});
