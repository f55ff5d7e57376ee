import type { Explanation, IndicatorReason, Policy } from "@probity/contract";

type Table = Policy["indicators"][number]["table"];

/** Thousandths of an indicator's points at a mean, between the rows of its table. */
export function pointsAt(table: Table, mean: number): number {
  const next = table.findIndex(([share]) => share >= mean);
  const [here, before] = [table[next], table[next - 1]];
  if (here === undefined) return table.at(-1)?.[1] ?? 0;
  if (before === undefined || here[0] === mean) return here[1];
  return before[1] + ((here[1] - before[1]) * (mean - before[0])) / (here[0] - before[0]);
}

/** Points that a mean would earn an indicator; null where its policy is not at hand. */
export function pointsFor(reason: IndicatorReason, policy: Policy | undefined, mean: number): number | null {
  const table = policy?.indicators.find(({ id }) => id === reason.id)?.table;
  return table === undefined || !reason.applies ? null : (pointsAt(table, mean) / 1_000) * reason.max;
}

export interface DimensionShape {
  /** Points of one in the middle of its category in every indicator; null unless all have peers. */
  readonly peers: number | null;
  readonly band: readonly [low: number, high: number] | undefined;
  /** Even the upper end of its range lies below the middle of its peers. */
  readonly isLow: boolean;
}

/**
 * Peers and uncertainty of a dimension, made of its indicators'. Their errors are independent, so half-widths add as
 * squares: adding them plainly would claim too wide a range.
 */
export function dimensionShape(
  dimension: Explanation["dimensions"][number],
  policy: Policy | undefined,
): DimensionShape {
  let peers: number | null = 0;
  let squares = 0;
  for (const reason of dimension.indicators) {
    if (!reason.applies || reason.max === 0) continue;
    const median = reason.peers === null ? null : pointsFor(reason, policy, reason.peers.median);
    peers = peers === null || median === null ? null : peers + median;
    const [low, high] = [pointsFor(reason, policy, reason.low), pointsFor(reason, policy, reason.high)];
    if (low === null || high === null) return { peers: null, band: undefined, isLow: false };
    squares += ((high - low) / 2) ** 2;
  }
  const half = Math.sqrt(squares);
  const [low, high] = [Math.max(0, dimension.points - half), Math.min(dimension.max, dimension.points + half)];
  const middle = peers === 0 ? null : peers;
  return { peers: middle, band: half === 0 ? undefined : [low, high], isLow: middle !== null && high < middle };
}
