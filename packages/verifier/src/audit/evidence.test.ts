import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultPolicies } from "../../../engine/src/ratings/index.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { FactRow } from "./entry.ts";
import { type Evidence, evidenceOf, Sums } from "./evidence.ts";
import { addEntries } from "./facts.fixture.ts";
import { Facts } from "./facts.ts";
import { readPolicy } from "./policy.ts";

const source = defaultPolicies.merchant;
const policy = readPolicy(canonicalJson(source));
const subject = `m:${"a".repeat(22)}`;
const [today, days] = [20_000, 3];

/** Evidence of an indicator on each of the days. */
function evidenceIn(facts: readonly FactRow[], id: string): Evidence[] {
  const entry = { type: "a", categories: [{ subject, category: "" }], facts, act: null, digests: "" };
  const all = addEntries(new Facts(), entry);
  const sums = new Sums(all, days);
  const evidence = evidenceOf(policy, sums)[policy.indicators.findIndex((item) => item.id === id)];
  sums.read(0, today);
  return Array.from({ length: days }, (_, day) => evidence?.(day) as Evidence);
}

const rowOf = (metric: string, max: number): fc.Arbitrary<FactRow> =>
  fc.record({
    subject: fc.constant(subject),
    metric: fc.constant(metric),
    day: fc.integer({ min: today - 400, max: today + 1 }),
    n: fc.oneof(fc.integer({ min: 0, max }), fc.integer({ min: -max, max: 100 })),
    x: fc.constant(0),
  });
const rows = fc
  .tuple(
    fc.array(rowOf("orders", 2 ** 33), { minLength: 1, maxLength: 3 }),
    fc.array(rowOf("charge-backs", 2 ** 33), { maxLength: 2 }),
    fc.array(rowOf("privacy-breaches", 2 ** 28), { maxLength: 2 }),
  )
  .map((lists) => lists.flat());

describe("evidence", () => {
  it("is exact up to its limit: the page's arithmetic in BigInt", () => {
    const { weights, tail } = source.decays["half-life-365"] as (typeof source.decays)[string];
    const floor = (value: bigint): bigint => (value > 0n ? (value * 1_000n) / 2n ** 32n : 0n);
    fc.assert(
      fc.property(rows, (drawn) => {
        const found = evidenceIn(drawn, "payments-and-data-safe");
        found.forEach((evidence, place) => {
          const day = today - days + 1 + place;
          const sum = (metric: string, square = false): bigint =>
            drawn.reduce((all, row) => {
              if (row.metric !== metric || row.day > day) return all;
              const weight = BigInt(weights[day - row.day] ?? tail);
              return all + (square ? (weight * weight) >> 32n : weight) * BigInt(row.n);
            }, 0n);
          const n = sum("orders") > 0n ? sum("orders") : 0n;
          const good = sum("orders") - sum("charge-backs") - 50n * sum("privacy-breaches");
          const square = floor(sum("orders", true));
          const effective = square === 0n ? 0n : (floor(n) * floor(n)) / square;
          expect([evidence.good, evidence.bad, evidence.effective].map(BigInt)).toEqual([
            floor(good < n ? good : n),
            floor(n - good),
            effective > floor(n) ? effective : floor(n),
          ]);
          expect(evidence.isMeasured).toBe(sum("charge-backs") > 0n || sum("privacy-breaches") > 0n);
        });
      }),
      { numRuns: 500 },
    );
  });

  it("says where counters pass what is exact", () => {
    const row = (metric: string, n: number): FactRow => ({ subject, metric, day: today, n, x: 0 });
    const id = "payments-and-data-safe";
    expect(evidenceIn([row("orders", 2 ** 36 - 1)], id)[days - 1]?.good).toBe((2 ** 36 - 1) * 1_000);
    expect(() => evidenceIn([row("orders", 2 ** 36)], id)).toThrow(/^counters of a subject add up to 68719476736/);
    expect(() => evidenceIn([row("privacy-breaches", 2 ** 35)], id)).toThrow(RangeError);
  });
});
