import { signSet } from "@probity/kernels/sketch/min-hash";
import { mix32 } from "@probity/kernels/sketch/mix";
import { describe, expect, it } from "vitest";
import { bandsOf } from "./bands.ts";
import { signaturePlaces } from "./evidence.ts";
import { emptySignature } from "./text-marks.ts";

/** Signatures of two sets that share a part of their elements. */
function pairOf(similarity: number, seed: number): [Uint32Array, Uint32Array] {
  const size = 400;
  const common = Math.round((2 * size * similarity) / (1 + similarity));
  const element = (place: number): number => mix32(place, seed);
  const sets = [0, size].map((from) =>
    Uint32Array.from({ length: size }, (_, place) => element(place < common ? place : size + from + place)),
  );
  return sets.map((set) => {
    const signature = new Uint32Array(signaturePlaces);
    signSet(set, signaturePlaces, 7, signature, 0);
    return signature;
  }) as [Uint32Array, Uint32Array];
}

const meets = ([a, b]: readonly [Uint32Array, Uint32Array]): boolean => {
  const keys = new Set(bandsOf(a));
  return bandsOf(b).some((key) => keys.has(key));
};

describe("bands", () => {
  it("meet as often as stated: always for the same text, 0.88 at four fifths in common, seldom at a third", () => {
    const share = (similarity: number): number =>
      Array.from({ length: 300 }, (_, seed) => meets(pairOf(similarity, seed))).filter(Boolean).length / 300;
    expect(share(1)).toBe(1);
    const four = 1 - (1 - 0.8 ** 4) ** 4;
    expect(Math.abs(share(0.8) - four)).toBeLessThan(0.07);
    expect(share(0.33)).toBeLessThan(0.12);
  });

  it("are whole numbers that a database keeps, and none for a text that says nothing", () => {
    for (const key of bandsOf(pairOf(0.5, 3)[0])) expect(Number.isSafeInteger(key) && key >= 0).toBe(true);
    expect(bandsOf(emptySignature)).toEqual([]);
  });
});
