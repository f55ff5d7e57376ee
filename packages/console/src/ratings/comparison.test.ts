import { readFileSync } from "node:fs";
import { explanation as schema, type Explanation } from "@probity/contract";
import { describe, expect, test } from "vitest";
import { linesOf } from "./comparison.ts";

const golden = new URL("../../../engine/src/ratings/golden/merchant-explanation-seed-26.json", import.meta.url);
const one = schema.parse(JSON.parse(readFileSync(golden, "utf8")));

/** The same with one indicator changed. */
function changed(change: (reason: Explanation["dimensions"][number]["indicators"][number]) => void): Explanation {
  const other = structuredClone(one);
  const reason = other.dimensions
    .flatMap(({ indicators }) => indicators)
    .find(({ applies, max }) => applies && max > 0);
  if (reason === undefined) throw new Error("the golden explanation has no indicator that counts");
  change(reason);
  return other;
}

describe("a comparison", () => {
  test("has a line for each dimension and each indicator that counts, in the policy's order", () => {
    const lines = linesOf([one, one]);
    const expected = one.dimensions
      .filter(({ max }) => max > 0)
      .flatMap(({ id, indicators }) => [
        `dimension-${id}`,
        ...indicators.filter(({ applies, max }) => applies && max > 0).map((reason) => reason.id),
      ]);
    expect(lines.map(({ id }) => id)).toEqual(expected);
    expect(lines.some(({ differs }) => differs)).toBe(false);
    expect(lines.every(({ best }) => best === null)).toBe(true);
  });

  test("marks the best only where its range lies above every other", () => {
    const better = changed((reason) => Object.assign(reason, { low: 990_000, mean: 995_000, high: 1_000_000 }));
    const worse = changed((reason) => Object.assign(reason, { low: 100_000, mean: 150_000, high: 200_000 }));
    const bestOf = (compared: Explanation[]): (number | null)[] =>
      linesOf(compared)
        .filter(({ isDimension }) => !isDimension)
        .map(({ best }) => best);
    expect(bestOf([worse, better])[0]).toBe(1);
    expect(bestOf([better, worse])[0]).toBe(0);
    expect(bestOf([worse, better, better])[0]).toBeNull();
    expect(bestOf([better])[0]).toBeNull();
  });

  test("leaves a place empty where somebody has no such indicator, and calls it a difference", () => {
    const without = changed((reason) => Object.assign(reason, { applies: false }));
    const [, line] = linesOf([without, one]);
    expect(line?.cells[0]).toBeNull();
    expect(line?.cells[1]?.reason?.applies).toBe(true);
    expect([line?.differs, line?.best]).toEqual([true, null]);
    expect(linesOf([])).toEqual([]);
  });
});
