import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mix32 } from "../sketch/mix.ts";
import { buildCsr, type Csr } from "./csr.ts";
import { camouflageWeights, peel } from "./peel.ts";
import { chanceOf, rewire } from "./rewire.ts";

type Edge = readonly [row: number, column: number];
const [rows, columns] = [6, 5];
const edges = fc.array(fc.tuple(fc.nat(rows - 1), fc.nat(columns - 1)), { maxLength: 30 });
const graphOf = (list: readonly Edge[], r = rows, c = columns): Csr =>
  buildCsr(
    Int32Array.from(list, ([a]) => a),
    Int32Array.from(list, ([, b]) => b),
    r,
    c,
  );
const weights = Float64Array.of(1, 0.5, 0.25, 2, 1);

/** Density of a set of nodes by definition. */
function density(list: readonly Edge[], inside: ReadonlySet<number>): number {
  const distinct = [...new Set(list.map(([a, b]) => `${a},${b}`))].map((text) => text.split(",").map(Number));
  const sum = distinct.reduce(
    (total, [a = 0, b = 0]) => total + (inside.has(a) && inside.has(rows + b) ? weights[b]! : 0),
    0,
  );
  return inside.size === 0 ? 0 : sum / inside.size;
}

/** A generator whose numbers are the same everywhere. */
function drawing(seed: number): () => number {
  let count = 0;
  return () => mix32((count += 1), seed) / 2 ** 32;
}

describe("peel", () => {
  it("takes the node that holds the least, one by one, and keeps the densest remainder", () => {
    fc.assert(
      fc.property(edges, (list) => {
        const found = peel(graphOf(list), weights);
        const left = new Set(Array.from({ length: rows + columns }, (_, node) => node));
        let best = density(list, left);
        for (const node of found.order) {
          const holds = (one: number): number =>
            density(list, left) * left.size -
            density(list, new Set([...left].filter((other) => other !== one))) * (left.size - 1);
          const least = Math.min(...[...left].map(holds));
          expect(holds(node)).toBeCloseTo(least, 9);
          left.delete(node);
          best = Math.max(best, density(list, left));
        }
        expect(found.density).toBeCloseTo(best, 9);
        expect(density(list, new Set(found.order.slice(found.blockFrom)))).toBeCloseTo(best, 9);
      }),
    );
  });

  it("has at least half of the greatest density over all sets", () => {
    fc.assert(
      fc.property(edges, (list) => {
        let best = 0;
        for (let mask = 1; mask < 2 ** (rows + columns); mask += 1) {
          const inside = new Set(
            Array.from({ length: rows + columns }, (_, node) => node).filter((node) => (mask >> node) & 1),
          );
          best = Math.max(best, density(list, inside));
        }
        expect(peel(graphOf(list), weights).density).toBeGreaterThanOrEqual(best / 2 - 1e-9);
      }),
      { numRuns: 10 },
    );
  });

  it("finds a planted ring behind camouflage, and the null model does not hold it by chance", () => {
    const draw = drawing(3);
    const [r, c] = [300, 200];
    const honest = Array.from({ length: 900 }, (): Edge => [Math.floor(draw() * r), Math.floor(draw() ** 2 * c)]);
    const ring = Array.from({ length: 20 * 12 }, (_, k): Edge => [280 + Math.floor(k / 12), 188 + (k % 12)]);
    // As many camouflage edges to popular columns as ring edges.
    const camouflage = ring.map(([row]): Edge => [row, Math.floor(draw() ** 3 * 60)]);
    const graph = graphOf([...honest, ...ring, ...camouflage], r, c);
    const found = peel(graph, camouflageWeights(graph));
    const block = new Set(found.order.slice(found.blockFrom));
    const members = Array.from({ length: 20 }, (_, k) => 280 + k);
    expect(members.filter((row) => block.has(row)).length).toBe(20);
    expect([...block].filter((node) => node < 280).length).toBeLessThan(5);
    const byChance = Float64Array.from({ length: 19 }, () => {
      const other = rewire(graph, 8, draw);
      return peel(other, camouflageWeights(other)).density;
    });
    expect(chanceOf(found.density, byChance)).toBeCloseTo(0.05, 12);
  });

  it("takes an empty graph, adds suspicion, and refuses weights that are none", () => {
    expect(peel(graphOf([], 0, 0), new Float64Array()).density).toBe(0);
    const suspect = new Float64Array(rows + columns);
    suspect[2] = 9;
    expect(peel(graphOf([]), weights, suspect).order.at(-1)).toBe(2);
    expect(() => peel(graphOf([]), Float64Array.of(1, 1, 1, 1, Number.NaN))).toThrow(/weight of node 4: NaN/);
    expect(() => peel(graphOf([]), weights, new Float64Array(2))).toThrow(/differ in length/);
  });
});

describe("rewire", () => {
  it("keeps every degree and stays a simple graph, the same for the same numbers", () => {
    fc.assert(
      fc.property(edges, fc.nat(99), (list, seed) => {
        const graph = graphOf(list);
        const other = rewire(graph, 5, drawing(seed));
        expect(other.offsets).toEqual(graph.offsets);
        expect(other.targets.toSorted()).toEqual(graph.targets.toSorted());
        expect(other.counts.every((count) => count === 1)).toBe(true);
        expect(rewire(graph, 5, drawing(seed)).targets).toEqual(other.targets);
      }),
    );
    expect(() => rewire(graphOf([]), -1, drawing(1))).toThrow(/-1 swaps/);
  });

  it("forgets the shape: a block's inner edges fall to what degrees give", () => {
    const block = Array.from({ length: 100 }, (_, k): Edge => [Math.floor(k / 10), k % 10]);
    const rest = Array.from({ length: 300 }, (_, k): Edge => [10 + (k % 60), 10 + Math.floor(k / 10)]);
    const graph = graphOf([...block, ...rest], 70, 40);
    const other = rewire(graph, 20, drawing(7));
    let inner = 0;
    for (let row = 0; row < 10; row += 1)
      for (let place = other.offsets[row]!; place < other.offsets[row + 1]!; place += 1)
        inner += other.targets[place]! < 10 ? 1 : 0;
    expect(inner).toBeLessThan(60);
  });
});

describe("chanceOf", () => {
  it("counts by hand and is never 0", () => {
    expect(chanceOf(3, Float64Array.of(1, 3, 5))).toBe(3 / 4);
    expect(chanceOf(9, Float64Array.of(1, 3, 5))).toBe(1 / 4);
    expect(chanceOf(9, new Float64Array())).toBe(1);
    expect(() => chanceOf(Number.NaN, Float64Array.of(1))).toThrow(/NaN/);
  });
});
