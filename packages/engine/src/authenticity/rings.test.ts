import { simulateWithTruth } from "@probity/simulator";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultJudges, judgeEvents } from "./attacks.fixture.ts";
import { drawer } from "./evidence.fixture.ts";
import { adjusted, atLeastTwo, falseDiscoveryMax, ringItems, ringStrength, type Ring } from "./rings.ts";

const chances = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe("atLeastTwo", () => {
  it("is the second least chance times what is left", () => {
    fc.assert(
      fc.property(chances, (given) => {
        const found = atLeastTwo(given);
        if (given.length < 2) {
          expect(found).toBe(1);
          return;
        }
        // The best of all ways to leave one out: Bonferroni over the rest, the worst of them counts.
        const worst = Math.max(
          ...given.map((_, out) => (given.length - 1) * Math.min(...given.filter((__, place) => place !== out))),
        );
        expect(found).toBe(Math.min(1, worst));
      }),
    );
  });

  it("is never moved by one kind of evidence alone", () => {
    expect(atLeastTwo([1e-300, 0.4, 0.6])).toBeGreaterThan(0.5);
    expect(atLeastTwo([1e-12])).toBe(1);
    expect(atLeastTwo([])).toBe(1);
  });
});

describe("adjusted", () => {
  it("equals the definition: the least over all larger chances", () => {
    fc.assert(
      fc.property(chances, (given) => {
        const expected = given.map((own) => {
          const above = given.filter((other) => other >= own);
          return Math.min(
            1,
            ...above.map((other) => (other * given.length) / given.filter((chance) => chance <= other).length),
          );
        });
        adjusted(given).forEach((rate, place) => expect(rate).toBeCloseTo(expected[place] as number, 12));
      }),
    );
  });

  it("bounds the share of false findings among null chances", () => {
    const draw = drawer(11);
    let found = 0;
    for (let turn = 0; turn < 200; turn += 1) {
      const null20 = Array.from({ length: 20 }, () => draw(1_000_000) / 1_000_000);
      if (adjusted(null20).some((rate) => rate <= falseDiscoveryMax)) found += 1;
    }
    // One per cent of two hundred, with three standard errors.
    expect(found).toBeLessThanOrEqual(2 + 3 * Math.sqrt(2));
  });
});

describe("ringStrength", () => {
  it("marks the rows of members at targets, by the surest ring of the kind", () => {
    const ring = (kind: Ring["kind"], targets: number[], members: number[], p: number): Ring => ({
      kind,
      targets: Int32Array.from(targets),
      members: Int32Array.from(members),
      evidence: [],
      p,
      q: p,
    });
    const rings = [
      ring("brushing", [1], [5, 6], 1e-4),
      ring("farm", [1, 2], [6, 7], 1e-8),
      ring("followers", [1], [5], 0),
    ];
    const [target, person] = [Int32Array.of(1, 1, 2, 2, 3), Int32Array.of(5, 6, 7, 5, 6)];
    expect([...ringStrength(rings, ringItems.order, target, person)].map((value) => Math.round(value))).toEqual([
      4, 8, 8, 0, 0,
    ]);
    expect([...ringStrength(rings, ringItems.follow, target, person)]).toEqual([12, 0, 0, 0, 0]);
  });
});

describe("rings of a market without crooks", () => {
  it("are none, however few buyers come again", () => {
    const judges = defaultJudges();
    for (let seed = 1; seed <= 5; seed += 1) {
      const shoppers = seed % 2 === 0 ? 400 : 20_000;
      const { events } = simulateWithTruth({
        seed: 900 + seed,
        merchants: 20,
        orders: 2_000,
        days: 120,
        shoppers,
        crooks: false,
      });
      const { rings } = judgeEvents([...events], judges).assessment;
      expect([seed, rings.length]).toEqual([seed, 0]);
    }
  }, 60_000);
});
