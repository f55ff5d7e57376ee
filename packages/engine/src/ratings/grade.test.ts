import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rawGrade, steadyGrade } from "./grade.ts";

/** A, B, C, D by place 0…3. */
const gradeMin = Int32Array.of(800, 700, 600, 0);
const margin = 8;
const days = 3;
const steady = (bounds: readonly number[]): number => steadyGrade(gradeMin, Int32Array.from(bounds), margin, days);
const sliding = (bounds: readonly number[]): number[] =>
  bounds.slice(2 * days).map((_, end) => steady(bounds.slice(end, end + 2 * days + 1)));
const changes = (list: readonly number[]): number =>
  list.filter((place, index) => index > 0 && place !== list[index - 1]).length;

describe("steadyGrade", () => {
  it.each([
    ["a margin above the threshold moves up at once", [690, 690, 690, 690, 690, 690, 708], 1],
    ["just below the margin does not", [690, 690, 690, 690, 690, 690, 707], 2],
    ["three days at the threshold move up", [690, 690, 690, 690, 700, 700, 700], 1],
    ["two days do not", [690, 690, 690, 690, 690, 700, 700], 2],
    ["a dip inside the margin is ridden out", [720, 720, 720, 720, 720, 720, 692], 1],
    ["past the margin it moves down at once", [720, 720, 720, 720, 720, 720, 691], 2],
    ["three days below move down", [720, 720, 720, 720, 699, 699, 699], 2],
    ["two days below do not", [720, 720, 720, 720, 720, 699, 699], 1],
    ["a fall goes through several grades", [820, 820, 820, 820, 820, 820, 400], 3],
    ["a rise goes through several grades", [100, 100, 100, 100, 100, 100, 808], 0],
    ["a fall stops at the grade whose margin holds", [820, 820, 820, 820, 820, 820, 695], 1],
  ])("%s", (_, bounds, place) => {
    expect(steady(bounds)).toBe(place);
  });

  it("is the raw grade of a constant bound, and lies between those of the least and greatest bound", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 7, maxLength: 7 }), (bounds) => {
        expect(steady(bounds.map(() => bounds[0] as number))).toBe(rawGrade(gradeMin, bounds[0] as number));
        expect(steady(bounds)).toBeLessThanOrEqual(rawGrade(gradeMin, Math.min(...bounds)));
        expect(steady(bounds)).toBeGreaterThanOrEqual(rawGrade(gradeMin, Math.max(...bounds)));
      }),
      { numRuns: 2_000 },
    );
  });

  it("does not flap on small oscillation: sliding the window over it never changes the grade", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom([0, 1], [0, 0, 1], [0, 1, 1], [0, 0, 1, 1]),
        (above, below, pattern) => {
          const bounds = Array.from({ length: 40 }, (_, day) =>
            pattern[day % pattern.length] === 1 ? 700 + above : 700 - below,
          );
          expect(changes(sliding(bounds))).toBe(0);
        },
      ),
    );
  });

  it("changes once in nearly every noisy crossing of a threshold, and never more often than the raw grade", () => {
    let [crossings, more] = [0, 0];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 60, maxLength: 60 }), (noise) => {
        const bounds = noise.map((jitter, day) => 670 + day + jitter);
        const found = changes(sliding(bounds));
        const raw = changes(bounds.map((bound) => rawGrade(gradeMin, bound)));
        expect(found).toBeGreaterThanOrEqual(1);
        expect(found).toBeLessThanOrEqual(raw);
        crossings += 1;
        if (found > 1) more += 1;
      }),
      { numRuns: 1_000 },
    );
    // The window remembers 2·days + 1 days only: a run of three that leaves it can be forgotten once.
    expect(more * 50).toBeLessThan(crossings);
  });
});
