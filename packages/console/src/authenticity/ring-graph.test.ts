import { expect, test } from "vitest";
import { dayText, graphOf, legendOf, looksOf, palette, shownUntil, tieNames } from "./ring-graph.ts";

const nodes = [
  { id: "m-1", kind: "merchant" as const, reliability: null, day: null, items: 0 },
  { id: "u-1", kind: "user" as const, reliability: 0, day: "2026-11-01", items: 3 },
  { id: "u-2", kind: "user" as const, reliability: 1_000, day: "2026-11-05", items: 1 },
  { id: "u-3", kind: "user" as const, reliability: null, day: null, items: 1 },
];
const edges = [
  { from: 1, to: 0, tie: "order" as const, day: "2026-11-01" },
  { from: 2, to: 0, tie: "review" as const, day: "2026-11-06" },
  { from: 1, to: 2, tie: "device" as const, day: null },
  { from: 1, to: 9, tie: "payer" as const, day: null },
];
const graph = graphOf({ nodes, edges });

test("ties that lead nowhere are left out; days and ties are counted", () => {
  expect(graph.ties.map(({ tie }) => tie)).toEqual(["order", "review", "device"]);
  expect([...graph.degree]).toEqual([2, 2, 2, 0]);
  expect(graph.days.map(dayText)).toEqual(["2026-11-01", "2026-11-05", "2026-11-06"]);
});

test("until a day only what had begun is shown, and a tie only between those who are", () => {
  const [first, , last] = graph.days;
  const early = shownUntil(graph, first as number);
  expect([[...early.nodeShown], [...early.tieShown], early.count]).toEqual([[1, 1, 0, 1], [1, 0, 0], 2]);
  expect([...shownUntil(graph, last as number).tieShown]).toEqual([1, 1, 1]);
});

test("every look is a colour of the palette, whatever the colour stands for", () => {
  for (const by of ["kind", "reliability", "tie", "day"] as const) {
    const { nodeLook, tieLook } = looksOf(nodes, graph, by);
    for (const look of [...nodeLook, ...tieLook]) expect(palette[look], by).toBeDefined();
    for (const { look } of legendOf(by)) expect(palette[look], by).toBeDefined();
  }
  const { nodeLook } = looksOf(nodes, graph, "reliability");
  expect(new Set(nodeLook).size).toBe(4);
  expect(legendOf("tie").length).toBe(tieNames.length);
});
