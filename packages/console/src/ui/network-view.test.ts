import { expect, test } from "vitest";
import { nodeAt, panned, viewOfAll, zoomed } from "./network-view.ts";

const frame = { width: 400, height: 200 };
const x = Float32Array.of(-100, 100, 0);
const y = Float32Array.of(-20, 20, 0);

test("all is shown with a margin, and nothing at all is shown too", () => {
  const view = viewOfAll(x, y, frame);
  expect([view.x, view.y]).toEqual([0, 0]);
  expect(view.scale).toBeCloseTo((400 - 56) / 200);
  expect(viewOfAll(new Float32Array(), new Float32Array(), frame)).toEqual({ x: 0, y: 0, scale: 1 });
  expect(viewOfAll(Float32Array.of(5), Float32Array.of(5), frame)).toEqual({ x: 5, y: 5, scale: 7 });
});

test("what lies under the pointer stays there while one zooms, and there are ends", () => {
  const view = { x: 10, y: 5, scale: 2 };
  const under = (one: typeof view): number => one.x + (300 - 200) / one.scale;
  expect(under(zoomed(view, 1.5, frame, 300, 50))).toBeCloseTo(under(view));
  expect(zoomed(view, 1e9, frame).scale).toBe(20);
  expect(zoomed(view, 1e-9, frame).scale).toBe(0.02);
  expect(panned(view, 20, -10)).toEqual({ x: 0, y: 10, scale: 2 });
});

test("the nearest node is found, if it is near enough and shown", () => {
  const view = { x: 0, y: 0, scale: 1 };
  expect(nodeAt(x, y, () => true, view, frame, [203, 101, 12])).toBe(2);
  expect(nodeAt(x, y, (node) => node !== 2, view, frame, [203, 101, 12])).toBe(-1);
  expect(nodeAt(x, y, () => true, view, frame, [300, 120, 12])).toBe(1);
});
