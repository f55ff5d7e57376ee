import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BeliefOptions, propagateBeliefs } from "./belief.ts";
import { buildGraph } from "./csr.ts";

const options: BeliefOptions = {
  compatibility: Float64Array.of(0.8, 0.2, 0.3, 0.7),
  damping: 0,
  roundsMax: 100,
  tolerance: 1e-12,
};
const nodes = 7;

/** A tree: node k hangs on one of those before it. */
const tree = fc.tuple(...Array.from({ length: nodes - 1 }, (_, k) => fc.nat(k)));
const priors = fc.array(fc.double({ min: 0.05, max: 0.95, noNaN: true }), { minLength: nodes, maxLength: nodes });
const ends = (parents: readonly number[]): [Int32Array, Int32Array] => [
  Int32Array.from(parents, (_, k) => k + 1),
  Int32Array.from(parents),
];

/** Sums over all states of all nodes. */
function exact(parents: readonly number[], prior: readonly number[], psi: (s: number, t: number) => number): number[] {
  const [fraud, all] = [new Float64Array(nodes), new Float64Array(nodes)];
  for (let state = 0; state < 2 ** nodes; state += 1) {
    const of = (node: number): number => (state >> node) & 1;
    let chance = 1;
    prior.forEach((p, node) => (chance *= of(node) === 1 ? p : 1 - p));
    parents.forEach((parent, k) => (chance *= psi(of(k + 1), of(parent))));
    for (let node = 0; node < nodes; node += 1) {
      all[node]! += chance;
      fraud[node]! += of(node) === 1 ? chance : 0;
    }
  }
  return Array.from(fraud, (sum, node) => sum / all[node]!);
}

describe("propagateBeliefs", () => {
  it("is exact on trees: it equals the sum over all states", () => {
    fc.assert(
      fc.property(tree, priors, (parents, prior) => {
        // Messages use ψ by direction of sending, so a symmetric table is what a sum over states can be compared with.
        const compatibility = Float64Array.of(0.8, 0.2, 0.2, 0.7);
        const out = new Float64Array(nodes);
        const graph = buildGraph(...ends(parents), nodes);
        const { rounds } = propagateBeliefs(
          graph,
          Float64Array.from(prior),
          undefined,
          { ...options, compatibility },
          out,
        );
        expect(rounds).toBeLessThan(20);
        exact(parents, prior, (s, t) => compatibility[2 * s + t]!).forEach((chance, node) =>
          expect(out[node]).toBeCloseTo(chance, 9),
        );
      }),
    );
  });

  it("moves a node towards frauds around it, away from honest ones, and nowhere without edges", () => {
    const graph = buildGraph(Int32Array.of(0, 0, 3, 3), Int32Array.of(1, 2, 4, 5), 7);
    const out = new Float64Array(7);
    propagateBeliefs(graph, Float64Array.of(0.5, 0.95, 0.95, 0.5, 0.05, 0.05, 0.3), undefined, options, out);
    expect(out[0]).toBeGreaterThan(0.7);
    expect(out[3]).toBeLessThan(0.4);
    expect(out[6]).toBeCloseTo(0.3, 12);
  });

  it("settles on graphs with cycles and stays a chance under certain priors", () => {
    const edges = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 30 });
    const prior = fc.array(fc.constantFrom(0, 0.2, 0.5, 1), { minLength: nodes, maxLength: nodes });
    fc.assert(
      fc.property(edges, prior, (list, chances) => {
        const graph = buildGraph(
          Int32Array.from(list, ([a]) => a),
          Int32Array.from(list, ([, b]) => b),
          nodes,
        );
        const out = new Float64Array(nodes);
        const { change } = propagateBeliefs(
          graph,
          Float64Array.from(chances),
          undefined,
          { ...options, damping: 0.5, roundsMax: 300 },
          out,
        );
        expect(change).toBeLessThan(1e-6);
        for (const chance of out) expect(chance >= 0 && chance <= 1).toBe(true);
      }),
    );
  });

  it("uses the kind of each edge, and refuses what is out of range", () => {
    const graph = buildGraph(Int32Array.of(0), Int32Array.of(1), 2);
    const two = { ...options, compatibility: Float64Array.of(0.9, 0.1, 0.1, 0.9, 0.1, 0.9, 0.9, 0.1) };
    const out = new Float64Array(2);
    propagateBeliefs(graph, Float64Array.of(0.5, 0.9), Uint8Array.of(1, 1), two, out);
    expect(out[0]).toBeLessThan(0.3);
    const run =
      (prior: Float64Array, kinds?: Uint8Array, change: Partial<BeliefOptions> = {}) =>
      (): unknown =>
        propagateBeliefs(graph, prior, kinds, { ...options, ...change }, out);
    expect(run(Float64Array.of(0.5, 1.5))).toThrow(/prior 1.5/);
    expect(run(Float64Array.of(0.5, Number.NaN))).toThrow(/prior NaN/);
    expect(run(Float64Array.of(0.5, 0.5), Uint8Array.of(1, 1))).toThrow(/kind 1/);
    expect(run(Float64Array.of(0.5, 0.5), undefined, { damping: 1 })).toThrow(/damping 1/);
    expect(run(Float64Array.of(0.5, 0.5), undefined, { compatibility: Float64Array.of(0, 1, 1, 1) })).toThrow(
      /compatibility 0/,
    );
  });
});
