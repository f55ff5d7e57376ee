import { expect, test } from "vitest";
import { NetworkLayout, reachAt, stepsFor } from "./network-layout.ts";

function laidOut(nodes: number, ties: readonly (readonly [number, number])[]): NetworkLayout {
  const layout = new NetworkLayout({
    nodes,
    from: Int32Array.from(ties, ([from]) => from),
    to: Int32Array.from(ties, ([, to]) => to),
  });
  const steps = stepsFor(nodes);
  for (let step = 0; step < steps; step += 1) layout.step(reachAt(step, steps));
  return layout;
}

const far = ({ x, y }: NetworkLayout, a: number, b: number): number =>
  Math.hypot((x[a] as number) - (x[b] as number), (y[a] as number) - (y[b] as number));

test("those who are tied lie nearer to each other than those who are not", () => {
  // Two groups of eight, everybody tied to everybody in their own, one tie between.
  const ties: [number, number][] = [[0, 8]];
  for (const first of [0, 8])
    for (let a = first; a < first + 8; a += 1) for (let b = a + 1; b < first + 8; b += 1) ties.push([a, b]);
  const layout = laidOut(16, ties);
  const [inside, across] = [far(layout, 1, 2), far(layout, 1, 9)];
  expect(across).toBeGreaterThan(inside * 2);
});

test("nobody lies on another, and all places are numbers", () => {
  const star = laidOut(
    400,
    Array.from({ length: 399 }, (_, place) => [0, place + 1] as const),
  );
  const places = new Set<string>();
  star.x.forEach((x, node) => {
    expect(Number.isFinite(x) && Number.isFinite(star.y[node])).toBe(true);
    places.add(`${x.toFixed(2)} ${(star.y[node] as number).toFixed(2)}`);
  });
  expect(places.size).toBeGreaterThan(390);
});

test("one node, none, a tie of a node to itself and two in the same place are no trouble", () => {
  expect(laidOut(0, []).x.length).toBe(0);
  expect(Number.isFinite(laidOut(1, [[0, 0]]).x[0])).toBe(true);
  const same = new NetworkLayout({ nodes: 3, from: new Int32Array(), to: new Int32Array() });
  same.x.fill(7);
  same.y.fill(7);
  for (let step = 0; step < 20; step += 1) same.step(5);
  expect([...same.x, ...same.y].every((value) => Number.isFinite(value))).toBe(true);
});

test("the same network is laid out in the same way", () => {
  const ties = [
    [0, 1],
    [1, 2],
    [2, 3],
  ] as const;
  expect(laidOut(4, ties).x).toEqual(laidOut(4, ties).x);
});

test("five thousand nodes with twenty thousand ties take some seconds, not minutes", () => {
  const nodes = 5_000;
  const ties = Array.from(
    { length: 20_000 },
    (_, tie) => [(tie * 7_919) % nodes, (tie * 104_729 + tie) % nodes] as const,
  );
  const beganMs = performance.now();
  laidOut(nodes, ties);
  expect(performance.now() - beganMs).toBeLessThan(30_000);
});
