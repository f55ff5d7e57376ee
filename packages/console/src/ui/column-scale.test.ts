import fc from "fast-check";
import { expect, test } from "vitest";
import { scaleOf } from "./column-scale.ts";

test("steps are round and whole", () => {
  expect(scaleOf(0)).toEqual({ top: 1, marks: [0, 1] });
  expect(scaleOf(3)).toEqual({ top: 3, marks: [0, 1, 2, 3] });
  expect(scaleOf(7)).toEqual({ top: 8, marks: [0, 2, 4, 6, 8] });
  expect(scaleOf(1_204)).toEqual({ top: 1_500, marks: [0, 500, 1_000, 1_500] });
});

test("the scale holds what is the most, in few steps", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (most) => {
      const { top, marks } = scaleOf(most);
      expect(top).toBeGreaterThanOrEqual(most);
      expect(top).toBeLessThanOrEqual(Math.max(1, most) * 2);
      expect(marks.length).toBeLessThanOrEqual(5);
      expect(marks.every(Number.isInteger)).toBe(true);
      expect([marks[0], marks.at(-1)]).toEqual([0, top]);
    }),
  );
});
