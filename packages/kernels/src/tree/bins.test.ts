import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binColumn, binOf, fitEdges, joinEdges } from "./bins.ts";

const value = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.double({ noNaN: false }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -1e308),
);
const column = fc.array(value, { maxLength: 60 }).map((list) => Float64Array.from(list));

describe("bins", () => {
  it("equal 1 and the count of edges at or below a value, found one by one", () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 2, max: 12 }), (values, bins) => {
        const edges = fitEdges(values, bins);
        const out = new Uint8Array(values.length);
        binColumn(values, edges, out, 0);
        expect(edges.length).toBeLessThanOrEqual(bins - 2);
        edges.forEach((edge, place) => expect(edge).toBeGreaterThan(edges[place - 1] ?? Number.NEGATIVE_INFINITY));
        values.forEach((item, row) => {
          const expected = Number.isNaN(item) ? 0 : 1 + edges.filter((edge) => edge <= item).length;
          expect(out[row]).toBe(expected);
        });
      }),
    );
  });

  it("tell every value apart where there are bins for it", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -99, max: 99 }), { maxLength: 30 }), (list) => {
        const edges = fitEdges(Float64Array.from([...list, ...list]), 64);
        expect(new Set(list.map((item) => binOf(item, edges, 0, edges.length))).size).toBe(list.length);
      }),
    );
  });

  it("are of about equal counts where values are many", () => {
    const values = Float64Array.from({ length: 10_000 }, (_, row) => Math.sqrt(row));
    const out = new Uint8Array(10_000);
    binColumn(values, fitEdges(values, 11), out, 0);
    for (let bin = 1; bin <= 10; bin += 1)
      expect(Math.abs(out.filter((item) => item === bin).length - 1_000)).toBeLessThan(3);
  });

  it("of empty, constant and unknown columns have no edges", () => {
    for (const values of [[], [3, 3, 3], [Number.NaN], [Number.POSITIVE_INFINITY, 1]])
      expect(fitEdges(Float64Array.from(values), 256).length).toBe(0);
    expect(() => fitEdges(new Float64Array(), 257)).toThrow(/257 bins/);
    expect(joinEdges([Float64Array.of(1, 2), new Float64Array(), Float64Array.of(3)])).toEqual({
      edges: Float64Array.of(1, 2, 3),
      from: Int32Array.of(0, 2, 2, 3),
    });
  });
});
