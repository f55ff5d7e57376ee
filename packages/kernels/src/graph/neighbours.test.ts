import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildGraph } from "./csr.ts";
import { neighbourColumns, neighbourScratch, neighbourStatistics } from "./neighbours.ts";

const nodes = 9;
const edges = fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 30 });
const value = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constant(Number.NaN), fc.constant(1000));
const values = fc.array(value, { minLength: nodes, maxLength: nodes });

function naive(list: readonly number[]): [mean: number, max: number, std: number] {
  const known = list.filter((item) => !Number.isNaN(item));
  if (known.length === 0) return [Number.NaN, Number.NaN, Number.NaN];
  const mean = known.reduce((sum, item) => sum + item, 0) / known.length;
  const variance = known.reduce((sum, item) => sum + (item - mean) ** 2, 0) / known.length;
  return [mean, Math.max(...known), Math.sqrt(variance)];
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  actual.forEach((item, place) => {
    if (Number.isNaN(expected[place])) expect(item).toBeNaN();
    // Squares of a thousand leave some 1e-5 of rounding in a deviation.
    else expect(Math.abs(item - expected[place]!)).toBeLessThan(place === 2 ? 1e-4 : 1e-9);
  });
}

describe("neighbourStatistics", () => {
  it("equals the statistics of neighbours and of walks that are written out", () => {
    fc.assert(
      fc.property(edges, values, (list, column) => {
        const graph = buildGraph(
          Int32Array.from(list, ([a]) => a),
          Int32Array.from(list, ([, b]) => b),
          nodes,
        );
        const [one, two] = [neighbourColumns(nodes), neighbourColumns(nodes)];
        neighbourStatistics(graph, Float64Array.from(column), neighbourScratch(nodes), one, two);
        const next = (node: number): number[] => [
          ...graph.targets.subarray(graph.offsets[node], graph.offsets[node + 1]),
        ];
        for (let node = 0; node < nodes; node += 1) {
          const near = next(node).map((other) => column[other]!);
          const far = next(node).flatMap((other) => next(other).filter((end) => end !== node));
          expectClose([one.mean[node]!, one.max[node]!, one.std[node]!], naive(near));
          expectClose([two.mean[node]!, two.max[node]!, two.std[node]!], naive(far.map((end) => column[end]!)));
        }
      }),
    );
  });

  it("never reads a node's own value into its own first hop", () => {
    fc.assert(
      fc.property(edges, values, (list, column) => {
        const graph = buildGraph(
          Int32Array.from(list, ([a]) => a),
          Int32Array.from(list, ([, b]) => b),
          nodes,
        );
        const run = (own: number): number[] => {
          const one = neighbourColumns(nodes);
          const changed = Float64Array.from(column, (item, node) => (node === 0 ? own : item));
          neighbourStatistics(graph, changed, neighbourScratch(nodes), one);
          return [one.mean[0]!, one.max[0]!];
        };
        expectClose(run(3), run(-2));
      }),
    );
  });

  it("refuses columns of another length", () => {
    const graph = buildGraph(new Int32Array(), new Int32Array(), 3);
    const run = (): void => neighbourStatistics(graph, new Float64Array(2), neighbourScratch(3), neighbourColumns(3));
    expect(run).toThrow(/differ in length/);
  });
});
