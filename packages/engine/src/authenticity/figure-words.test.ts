import { describe, expect, it } from "vitest";
import { figureOf, tellReasons } from "./figure-words.ts";
import type { JudgedReason } from "./judge.ts";
import { log2 } from "./tallies.ts";

describe("figures as people read them", () => {
  it("turn what columns hold back into counts and thousandths, and leave hours, stars and what is not known", () => {
    for (const count of [0, 1, 7, 50_000]) expect(figureOf("likes", log2(count))).toBe(count);
    expect(figureOf("likes", Math.fround(log2(132)))).toBe(132);
    expect(figureOf("belief", 0.943)).toBe(943);
    expect(figureOf("hours-to-confirm", 1.5)).toBe(1.5);
    expect(figureOf("chars", null)).toBeNull();
  });

  it("tell no reason that moves nothing", () => {
    const reasons: JudgedReason[] = [
      { code: "burst", points: -3, facts: [{ name: "praise-surprise", value: 2 }] },
      { code: "record", points: 0, facts: [] },
    ];
    expect(tellReasons(reasons).map(({ code }) => code)).toEqual(["burst"]);
  });
});
