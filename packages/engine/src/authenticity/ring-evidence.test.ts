import { describe, expect, it } from "vitest";
import { findTies } from "./hindsight.ts";
import { findLikeness } from "./likeness.ts";
import { tallyPeople } from "./person-tallies.ts";
import { ringCandidates } from "./ring-candidates.ts";
import { ringEvidence, type Usual, usualOf } from "./ring-evidence.ts";
import { findRings } from "./rings.ts";
import { type Planted, type SuiteMarket, suiteMarket } from "./suite-market.ts";

const honest: Planted = { brushing: false, badMouthing: false, followers: false, tellsAll: true };

/** A market, its ties and what is usual there. */
function open(
  what: Partial<Planted>,
  seed: number,
): { market: SuiteMarket; usual: Usual; ties: ReturnType<typeof findTies> } {
  const market = suiteMarket({ ...honest, ...what }, seed);
  const { evidence } = market;
  const ties = findTies(evidence, findLikeness(evidence));
  const people = tallyPeople(evidence);
  const empty = Uint8Array.from({ length: evidence.people }, (_, who) =>
    people.orders[who] === 0 &&
    people.reviews[who] === 0 &&
    people.active[who] === 0 &&
    (people.follows[who] as number) < 2
      ? 1
      : 0,
  );
  return { market, ties, usual: usualOf(evidence, ties, people.merchants, empty) };
}

/** Doubts as somebody would have them who knows what was planted. */
function knowing({ planted }: SuiteMarket): Record<"orders" | "reviews" | "follows", Float64Array> {
  return {
    orders: Float64Array.from(planted.order),
    reviews: Float64Array.from(planted.review),
    follows: Float64Array.from(planted.follow),
  };
}

const chances = (usual: Usual, ring: Parameters<typeof ringEvidence>[1]): Record<string, number> =>
  Object.fromEntries(ringEvidence(usual, ring).map(({ kind, p }) => [kind, p]));

describe("evidence of a ring", () => {
  it("speaks by devices, texts, days and hand-over where a brushing ring was planted", () => {
    const { market, usual, ties } = open({ brushing: true }, 5);
    const [ring, ...others] = ringCandidates(market.evidence, knowing(market), ties);
    expect([others.length, ring?.kind, [...(ring?.targets ?? [])]]).toEqual([0, "brushing", [7]]);
    const found = chances(usual, ring!);
    for (const kind of ["devices", "payers", "texts", "timing", "handling", "repeats"])
      expect([kind, found[kind]! < 1e-6]).toEqual([kind, true]);
    expect(found["shape"]).toBeUndefined();
  });

  it("speaks by days and footprint where bad-mouthing or followers were bought", () => {
    const { market, usual, ties } = open({ badMouthing: true, followers: true }, 5);
    const candidates = ringCandidates(market.evidence, knowing(market), ties);
    expect(candidates.map(({ kind }) => kind)).toEqual(["bad-mouthing", "followers"]);
    for (const ring of candidates) {
      const found = chances(usual, ring);
      expect(found["timing"]).toBeLessThan(1e-6);
      expect(found["footprint"]).toBeLessThan(1e-3);
    }
  });

  it("finds the planted groups and no other", () => {
    const { market, ties } = open({ brushing: true, badMouthing: true, followers: true }, 9);
    const rings = findRings(market.evidence, tallyPeople(market.evidence), knowing(market), ties);
    expect(rings.map(({ kind, targets }) => [kind, [...targets]])).toEqual([
      ["brushing", [7]],
      ["bad-mouthing", [11]],
      ["followers", [5]],
    ]);
  });

  it("stays within its chances for customers of a shop picked at random", () => {
    let [small, all] = [0, 0];
    for (let seed = 1; seed <= 12; seed += 1) {
      const { market, usual } = open({}, seed);
      const { orders } = market.evidence;
      const rows = [...orders.merchant.keys()].filter((row) => orders.merchant[row] === 3);
      const members = Int32Array.from(
        new Set(rows.slice(seed, seed + 12).map((row) => orders.buyer[row] as number)),
      ).sort();
      for (const { p } of ringEvidence(usual, { kind: "brushing", targets: Int32Array.of(3), members })) {
        all += 1;
        if (p < 0.01) small += 1;
      }
    }
    expect(all).toBeGreaterThan(60);
    // One per cent by chance; whom they are drawn from is not exactly the null.
    expect(small).toBeLessThanOrEqual(0.05 * all);
  });

  it("counts a farm's meetings beyond the first by what people buy elsewhere", () => {
    const { market, usual } = open({}, 4);
    const { orders } = market.evidence;
    const atBoth = [...new Set(orders.buyer)].filter(
      (who) =>
        orders.merchant.some((merchant, row) => merchant === 0 && orders.buyer[row] === who) &&
        orders.merchant.some((merchant, row) => merchant === 1 && orders.buyer[row] === who),
    );
    const members = Int32Array.from(atBoth).sort();
    const shape = ringEvidence(usual, { kind: "farm", targets: Int32Array.of(0, 1), members }).find(
      ({ kind }) => kind === "shape",
    );
    expect(shape?.observed).toBe(members.length);
    expect(shape?.expected).toBeLessThan(members.length);
    expect(shape?.p).toBeLessThan(0.01);
  });
});
