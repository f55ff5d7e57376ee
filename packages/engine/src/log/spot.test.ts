import { describe, expect, test } from "vitest";
import { differenceOf, drawPlaces, type OpenedEvent, type Row, Subjects, wrongShareMost } from "./spot.ts";

const root = Buffer.alloc(32, 7);
const opened = (type: string, time: string, data: Record<string, unknown>): OpenedEvent => ({
  type,
  fields: [
    { name: "/id", value: `${type} ${time}` },
    { name: "/source", value: "urn:x" },
    { name: "/time", value: time },
    ...Object.entries(data).map(([name, value]) => ({ name: `/data/${name}`, value })),
  ],
});

describe("a spot audit", () => {
  test("draws places from the root alone, each once, all over the log", () => {
    const places = drawPlaces(root, 1_000, 300);
    expect(places).toEqual(drawPlaces(root, 1_000, 300));
    expect(new Set(places).size).toBe(300);
    expect(Math.min(...places)).toBeLessThan(50);
    expect(Math.max(...places)).toBeGreaterThan(950);
    expect(drawPlaces(Buffer.alloc(32, 8), 1_000, 300)).not.toEqual(places);
    expect(drawPlaces(root, 5, 300).toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(drawPlaces(root, 0, 3)).toEqual([]);
  });

  test("makes the difference of an event from those before it", () => {
    const placed = opened("order.placed", "2026-09-01T10:00:00Z", {
      order: "o",
      merchant: "m1",
      buyer: "b",
      items: [],
    });
    const delivered = opened("order.delivered", "2026-09-03T10:00:00Z", { order: "o", merchant: "m1" });
    const metrics = (rows: readonly Row[]): string[] =>
      rows.map(([subject, metric, , n]) => `${subject} ${metric} ${n}`);
    expect(metrics(differenceOf([placed], "CNY"))).toContain("mm1 orders 1");
    const after = metrics(differenceOf([placed, delivered], "CNY"));
    expect(after).toContain("mm1 orders-kept 1");
    expect(after).not.toContain("mm1 orders 1");
    expect(differenceOf([delivered], "CNY").length).toBeLessThan(after.length);
    expect(() => differenceOf([{ type: "order.placed", fields: [] }], "CNY")).toThrow("lacks /time");
  });

  test("holds ids against each other one for one", () => {
    const subjects = new Subjects();
    const row = (subject: string, n = 1): Row => [subject, "orders", 20_000, n, 0];
    expect(subjects.fits(row("ma"), row("m:1"))).toBe(true);
    expect(subjects.fits(row("ma"), row("m:1", 2))).toBe(false);
    expect(subjects.fits(row("ma"), row("m:2"))).toBe(false);
    expect(subjects.fits(row("mb"), row("m:1"))).toBe(false);
    expect(subjects.fits(row("pa"), row("m:3"))).toBe(false);
  });

  test("says what right ones leave possible", () => {
    expect(wrongShareMost(3_000)).toBeCloseTo(0.000998, 5);
    expect(wrongShareMost(0)).toBe(1);
  });
});
