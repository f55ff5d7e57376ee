import type { RingCase } from "@probity/contract";
import type { ColourName } from "./queue-search.ts";

export type RingNode = RingCase["nodes"][number];
export type RingTie = RingCase["edges"][number];

const dayMs = 86_400_000;
const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;
export const dayText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** A ring's graph as numbers; ties that lead nowhere are left out. */
export interface RingGraph {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly ties: readonly RingTie[];
  /** Ties of each node. */
  readonly degree: Int32Array;
  readonly size: Float32Array;
  readonly isUser: Uint8Array;
  /** Day of each node's and tie's first deed; before all days where it is not known. */
  readonly nodeDay: Int32Array;
  readonly tieDay: Int32Array;
  /** Days on which something began, in order. */
  readonly days: readonly number[];
}

const always = -1;

export function graphOf({ nodes, edges }: Pick<RingCase, "nodes" | "edges">): RingGraph {
  const ties = edges.filter(({ from, to }) => from < nodes.length && to < nodes.length);
  const from = Int32Array.from(ties, (tie) => tie.from);
  const to = Int32Array.from(ties, (tie) => tie.to);
  const degree = new Int32Array(nodes.length);
  for (const ends of [from, to]) for (const end of ends) degree[end] = (degree[end] as number) + 1;
  const nodeDay = Int32Array.from(nodes, ({ day }) => (day === null ? always : dayNumber(day)));
  const tieDay = Int32Array.from(ties, ({ day }) => (day === null ? always : dayNumber(day)));
  const known = [...new Set([...nodeDay, ...tieDay])].filter((day) => day !== always);
  return {
    from,
    to,
    ties,
    degree,
    size: Float32Array.from(nodes, ({ kind, items }) =>
      kind === "merchant" ? 7 : 2.6 + Math.min(2.4, Math.log2(1 + items) * 0.6),
    ),
    isUser: Uint8Array.from(nodes, ({ kind }) => (kind === "user" ? 1 : 0)),
    nodeDay,
    tieDay,
    days: known.sort((one, other) => one - other),
  };
}

export interface Shown {
  readonly nodeShown: Uint8Array;
  readonly tieShown: Uint8Array;
  /** Accounts that are shown. */
  readonly count: number;
}

/** What had begun by the end of a day. Merchants are there from the beginning. */
export function shownUntil({ from, to, nodeDay, tieDay, isUser }: RingGraph, day: number): Shown {
  const nodeShown = Uint8Array.from(nodeDay, (began) => (began <= day ? 1 : 0));
  const tieShown = Uint8Array.from(tieDay, (began, tie) =>
    began <= day && nodeShown[from[tie] as number] === 1 && nodeShown[to[tie] as number] === 1 ? 1 : 0,
  );
  return {
    nodeShown,
    tieShown,
    count: nodeShown.reduce((sum, shown, node) => sum + (shown === 1 && isUser[node] === 1 ? 1 : 0), 0),
  };
}

const steps = 5;
/** From one end to the other by way of a middle. */
const ramped = (one: string, middle: string, other: string): string[] => [
  one,
  `color-mix(in srgb, ${one}, ${middle})`,
  middle,
  `color-mix(in srgb, ${middle}, ${other})`,
  other,
];

export const tieNames = ["device", "payer", "address", "text", "order", "review", "follow"] as const;

const looks = {
  unknown: 0,
  user: 1,
  merchant: 2,
  reliability: 3,
  day: 3 + steps,
  tie: 3 + 2 * steps,
} as const;

/** Colours of everything that a look can stand for. */
export const palette: readonly string[] = [
  "var(--ink-3)",
  "var(--sky)",
  "var(--amber)",
  ...ramped("var(--cinnabar)", "var(--amber)", "var(--jade)"),
  ...ramped("var(--sky)", "light-dark(#7a3fa0, #c79be8)", "var(--cinnabar)"),
  // Ties that tell of one hand behind many accounts stand out before those of deeds.
  "var(--cinnabar)",
  "light-dark(#d08700, #f2c14e)",
  "var(--jade)",
  "light-dark(#8a3fb0, #cf9bf0)",
  "var(--ink-3)",
  "var(--sky)",
  "light-dark(#0b8aa6, #6fd3ea)",
];

export interface LegendEntry {
  readonly id: string;
  readonly look: number;
}

const ramp = (base: number, place: number): number =>
  base + Math.min(steps - 1, Math.max(0, Math.floor(place * steps)));

function nodeLookOf(node: RingNode, day: number, days: readonly number[], by: ColourName): number {
  if (by === "tie") return node.kind === "merchant" ? looks.merchant : looks.unknown;
  if (by === "kind" || node.kind === "merchant") return node.kind === "merchant" ? looks.merchant : looks.user;
  if (by === "reliability")
    return node.reliability === null ? looks.unknown : ramp(looks.reliability, node.reliability / 1_001);
  const [first, last] = [days[0] ?? 0, days.at(-1) ?? 0];
  return day === always ? looks.unknown : ramp(looks.day, (day - first) / Math.max(1, last - first + 1));
}

export interface Looks {
  readonly nodeLook: Uint8Array;
  readonly tieLook: Uint8Array;
}

export function looksOf(nodes: readonly RingNode[], graph: RingGraph, by: ColourName): Looks {
  return {
    nodeLook: Uint8Array.from(nodes, (node, place) => nodeLookOf(node, graph.nodeDay[place] as number, graph.days, by)),
    tieLook: Uint8Array.from(graph.ties, ({ tie }) =>
      by === "tie" ? looks.tie + tieNames.indexOf(tie) : looks.unknown,
    ),
  };
}

/** What the colours stand for, in the order in which they are explained. */
export function legendOf(by: ColourName): readonly LegendEntry[] {
  const ends = (base: number, low: string, high: string): LegendEntry[] => [
    { id: low, look: base },
    { id: high, look: base + steps - 1 },
    { id: "none", look: looks.unknown },
  ];
  if (by === "reliability") return ends(looks.reliability, "low", "high");
  if (by === "day") return ends(looks.day, "early", "late");
  if (by === "tie") return tieNames.map((id, place) => ({ id, look: looks.tie + place }));
  return [
    { id: "user", look: looks.user },
    { id: "merchant", look: looks.merchant },
  ];
}
