import { expect, test } from "vitest";
import { Pace } from "./pace.ts";

test("the pace is that of the last seconds, and a pause does not slow it", () => {
  const pace = new Pace();
  expect(pace.read({ atMs: 0, events: 0, done: 0 }, 1_000)).toEqual({ eventsPerSecond: 0, secondsLeft: undefined });
  expect(pace.read({ atMs: 1_000, events: 500, done: 100 }, 1_000)).toEqual({ eventsPerSecond: 500, secondsLeft: 9 });
  expect(pace.read({ atMs: 20_000, events: 600, done: 110 }, 1_000)).toEqual({
    eventsPerSecond: 0,
    secondsLeft: undefined,
  });
  expect(pace.read({ atMs: 21_000, events: 1_600, done: 310 }, 1_000)).toEqual({
    eventsPerSecond: 1_000,
    secondsLeft: 3,
  });
  pace.restart();
  expect(pace.read({ atMs: 90_000, events: 1_600, done: 310 }, 1_000).eventsPerSecond).toBe(0);
  expect(pace.read({ atMs: 91_000, events: 1_800, done: 410 }, 1_000)).toEqual({
    eventsPerSecond: 200,
    secondsLeft: 6,
  });
});
