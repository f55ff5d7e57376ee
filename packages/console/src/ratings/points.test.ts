import type { Explanation } from "@probity/contract";
import { expect, test } from "vitest";
import { dimensionShape, pointsAt } from "./points.ts";

const table: [number, number][] = [
  [0, 0],
  [500_000, 200],
  [1_000_000, 1_000],
];

test("points lie on the lines between the rows", () => {
  expect([0, 250_000, 500_000, 750_000, 1_000_000].map((mean) => pointsAt(table, mean))).toEqual([
    0, 100, 200, 600, 1_000,
  ]);
});

test("half-widths of a dimension add as squares, and its peers are the sum of its indicators'", () => {
  const indicator = (id: string, median: number | null) => ({
    id,
    max: 100,
    applies: true,
    low: 500_000,
    high: 1_000_000,
    peers: median === null ? null : { lower: median, median, upper: median, subjects: 9 },
  });
  const policy = { indicators: ["a", "b"].map((id) => ({ id, table })) } as never;
  const dimension = (median: number | null) =>
    ({
      points: 120,
      max: 200,
      indicators: [indicator("a", 500_000), indicator("b", median)],
    }) as unknown as Explanation["dimensions"][number];
  const shape = dimensionShape(dimension(1_000_000), policy);
  expect(shape.peers).toBe(120);
  expect(shape.band?.map(Math.round)).toEqual([63, 177]);
  expect(shape.isLow).toBe(false);
  expect(dimensionShape(dimension(null), policy).peers).toBeNull();
  expect(dimensionShape(dimension(1_000_000), undefined).band).toBeUndefined();
});
