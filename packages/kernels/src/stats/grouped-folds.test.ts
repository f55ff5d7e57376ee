import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupedFolds } from "./grouped-folds.ts";

const rows = fc.array(fc.tuple(fc.integer({ min: -5, max: 12 }), fc.nat(1)), { minLength: 1, maxLength: 60 });

describe("groupedFolds", () => {
  it("keeps groups whole, whatever the order of rows", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 4 }), fc.nat(99), (list, folds, seed) => {
        const run = (some: readonly (readonly [number, number])[]): Uint8Array => {
          const out = new Uint8Array(some.length);
          groupedFolds(
            Int32Array.from(some, ([g]) => g),
            Uint8Array.from(some, ([, y]) => y),
            folds,
            seed,
            out,
          );
          return out;
        };
        const groups = new Set(list.map(([group]) => group));
        if (groups.size < folds) {
          expect(() => run(list)).toThrow(/groups do not fill/);
          return;
        }
        const found = new Map<number, number>();
        run(list).forEach((fold, row) => {
          expect(fold).toBeLessThan(folds);
          expect(found.get(list[row]![0]) ?? fold).toBe(fold);
          found.set(list[row]![0], fold);
        });
        expect(new Set(found.values()).size).toBe(folds);
        run(list.toReversed()).forEach((fold, row) => expect(fold).toBe(found.get(list.toReversed()[row]![0])));
      }),
    );
  });

  it("shares out the positives evenly, and otherwise by seed", () => {
    const group = Int32Array.from({ length: 400 }, (_, row) => row);
    const labels = Uint8Array.from(group, (row) => (row % 10 === 0 ? 1 : 0));
    const [one, two] = [new Uint8Array(400), new Uint8Array(400)];
    groupedFolds(group, labels, 5, 1, one);
    groupedFolds(group, labels, 5, 2, two);
    expect(one).not.toEqual(two);
    for (let fold = 0; fold < 5; fold += 1) {
      expect(one.filter((item, row) => item === fold && labels[row] === 1).length).toBe(8);
      expect(one.filter((item) => item === fold).length).toBe(80);
    }
  });

  it("refuses one fold and lists of two lengths", () => {
    expect(() => groupedFolds(Int32Array.of(1), Uint8Array.of(1), 1, 0, new Uint8Array(1))).toThrow(/1 folds/);
    expect(() => groupedFolds(Int32Array.of(1), new Uint8Array(), 2, 0, new Uint8Array(1))).toThrow(/differ/);
  });
});
