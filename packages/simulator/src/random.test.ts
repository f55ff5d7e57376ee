import { expect, test } from "vitest";
import { Random } from "./random.ts";

test("a seed and a stream fix the numbers; another of either changes them", () => {
  const draw = (seed: number, stream: string): number[] => {
    const random = new Random(seed, stream);
    return Array.from({ length: 50 }, () => random.next());
  };
  expect(draw(1, "a")).toEqual(draw(1, "a"));
  expect(draw(1, "a")).not.toEqual(draw(2, "a"));
  expect(draw(1, "a")).not.toEqual(draw(1, "b"));
  expect(draw(1, "a")).not.toEqual(draw(1 + 2 ** 32, "a"));
});

test("the numbers are spread as they should be", () => {
  const random = new Random(3, "spread");
  const count = 40_000;
  const mean = (draw: () => number): number => {
    let sum = 0;
    for (let index = 0; index < count; index += 1) sum += draw();
    return sum / count;
  };
  expect(mean(() => random.next())).toBeCloseTo(0.5, 1);
  expect(mean(() => random.normal())).toBeCloseTo(0, 1);
  expect(mean(() => random.normal() ** 2)).toBeCloseTo(1, 1);
  expect(mean(() => random.poisson(2.5))).toBeCloseTo(2.5, 1);
  expect(mean(() => random.poisson(80)) / 80).toBeCloseTo(1, 1);
  const faces = new Set(Array.from({ length: 500 }, () => random.integer(1, 6)));
  expect([...faces].toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(random.shuffled([1, 2, 3, 4]).toSorted()).toEqual([1, 2, 3, 4]);
  expect(() => random.pick([])).toThrow("nothing to pick from");
});
