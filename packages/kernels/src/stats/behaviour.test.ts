import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { behaviourSurprise, gapBin } from "./behaviour.ts";

const events = fc.array(fc.tuple(fc.nat(3), fc.nat(4)), { maxLength: 40 });

function surprise(list: readonly (readonly [number, number])[], strength: number): Float64Array {
  const out = new Float64Array(4);
  behaviourSurprise(
    Int32Array.from(list, ([who]) => who),
    Int32Array.from(list, ([, bin]) => bin),
    5,
    strength,
    out,
  );
  return out;
}

describe("behaviourSurprise", () => {
  it("equals the divergence by definition, and is never below 0", () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 9 }), (list, strength) => {
        surprise(list, strength).forEach((found, person) => {
          const own = list.filter(([who]) => who === person);
          let expected = 0;
          for (let bin = 0; bin < 5 && list.length > 0; bin += 1) {
            const q = list.filter(([, where]) => where === bin).length / list.length;
            const p = (own.filter(([, where]) => where === bin).length + strength * q) / (own.length + strength);
            if (q > 0) expected += p * Math.log(p / q);
          }
          expect(found).toBeCloseTo(Math.max(0, expected), 10);
        });
      }),
    );
  });

  it("grows with the evidence for the same habit", () => {
    const crowd = Array.from({ length: 100 }, (_, k): [number, number] => [0, k % 5]);
    const [few, many] = [2, 20].map(
      (n) => surprise([...crowd, ...Array.from({ length: n }, (): [number, number] => [1, 0])], 5)[1]!,
    );
    expect(many).toBeGreaterThan(few! * 3);
  });

  it("refuses ids out of range", () => {
    expect(() => surprise([[9, 0]], 1)).toThrow(/person 9/);
    expect(() => surprise([], 0)).toThrow(/strength of 0/);
  });
});

describe("gapBin", () => {
  it("goes by powers of two and stops at the last bin", () => {
    expect([0, 0.5, 1, 2, 3, 4, 1e9, Number.POSITIVE_INFINITY].map((gap) => gapBin(gap, 8))).toEqual([
      0, 0, 1, 2, 2, 3, 7, 7,
    ]);
  });
});
