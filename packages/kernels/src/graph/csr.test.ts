import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildCsr, buildGraph, type Csr, transpose } from "./csr.ts";

const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(5)), { maxLength: 60 });
const from = (list: readonly (readonly [number, number])[]): Int32Array => Int32Array.from(list, ([a]) => a);
const to = (list: readonly (readonly [number, number])[]): Int32Array => Int32Array.from(list, ([, b]) => b);
const rowsOf = (csr: Csr): string[] =>
  Array.from({ length: csr.rows }, (_, row) => {
    const places = Array.from({ length: csr.offsets[row + 1]! - csr.offsets[row]! }, (__, k) => csr.offsets[row]! + k);
    return places.map((place) => `${csr.targets[place]}×${csr.counts[place]}`).join(" ");
  });

/** By maps, edge after edge. */
function naive(list: readonly (readonly [number, number])[], rows: number): string[] {
  return Array.from({ length: rows }, (_, row) => {
    const seen = new Map<number, number>();
    for (const [a, b] of list) if (a === row) seen.set(b, (seen.get(b) ?? 0) + 1);
    return [...seen]
      .sort(([a], [b]) => a - b)
      .map(([b, count]) => `${b}×${count}`)
      .join(" ");
  });
}

describe("buildCsr", () => {
  it("equals rows of a map: sorted, each neighbour once, counted", () => {
    fc.assert(
      fc.property(edges, (list) => {
        expect(rowsOf(buildCsr(from(list), to(list), 8, 6))).toEqual(naive(list, 8));
      }),
    );
  });

  it("does not depend on the order of the list, capped or not", () => {
    fc.assert(
      fc.property(edges, fc.nat(4), (list, degreeMax) => {
        const other = list.toReversed();
        const csr = buildCsr(from(list), to(list), 8, 6, { degreeMax });
        expect(rowsOf(buildCsr(from(other), to(other), 8, 6, { degreeMax }))).toEqual(rowsOf(csr));
        const whole = buildCsr(from(list), to(list), 8, 6);
        let kept = 0;
        for (let row = 0; row < 8; row += 1) {
          const degree = whole.offsets[row + 1]! - whole.offsets[row]!;
          kept += Math.min(degree, degreeMax);
          expect(csr.offsets[row + 1]! - csr.offsets[row]!).toBe(Math.min(degree, degreeMax));
        }
        expect(csr.cut).toBe(whole.targets.length - kept);
      }),
    );
  });

  it("takes an empty list and refuses ids out of range and lists of two lengths", () => {
    expect(rowsOf(buildCsr(new Int32Array(), new Int32Array(), 2, 2))).toEqual(["", ""]);
    expect(buildCsr(new Int32Array(), new Int32Array(), 0, 0).targets.length).toBe(0);
    expect(() => buildCsr(Int32Array.of(2), Int32Array.of(0), 2, 2)).toThrow(/edge 0: source 2 is not in 0…1/);
    expect(() => buildCsr(Int32Array.of(0), Int32Array.of(-1), 2, 2)).toThrow(/target -1/);
    expect(() => buildCsr(Int32Array.of(0), new Int32Array(), 2, 2)).toThrow(/differ in length/);
    expect(() => buildCsr(Int32Array.of(0), Int32Array.of(0), 2, 2, { degreeMax: -1 })).toThrow(/degree cap/);
  });
});

describe("buildGraph", () => {
  it("is symmetric, has no self-loop and says how many it left out", () => {
    fc.assert(
      fc.property(edges, (list) => {
        const graph = buildGraph(from(list), to(list), 8);
        const both = list
          .filter(([a, b]) => a !== b)
          .flatMap(([a, b]): [number, number][] => [
            [a, b],
            [b, a],
          ]);
        expect(rowsOf(graph)).toEqual(naive(both, 8));
        expect(graph.selfLoops).toBe(list.filter(([a, b]) => a === b).length);
      }),
    );
    expect(() => buildGraph(Int32Array.of(1), Int32Array.of(1), 2, { selfLoops: "refuse" })).toThrow(/itself/);
  });
});

describe("transpose", () => {
  it("turns every edge, and twice is nothing", () => {
    fc.assert(
      fc.property(edges, (list) => {
        const csr = buildCsr(from(list), to(list), 8, 6);
        expect(rowsOf(transpose(csr))).toEqual(rowsOf(buildCsr(to(list), from(list), 6, 8)));
        expect(rowsOf(transpose(transpose(csr)))).toEqual(rowsOf(csr));
      }),
    );
  });
});
