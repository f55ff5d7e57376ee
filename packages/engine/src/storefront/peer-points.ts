import type { IndicatorReason, Policy } from "@probity/contract";

type Table = Policy["indicators"][number]["table"];

/** Thousandths of an indicator's points at a mean, between the rows of its table. */
export function pointsAt(table: Table, mean: number): number {
  const next = table.findIndex(([share]) => share >= mean);
  const [here, before] = [table[next], table[next - 1]];
  if (here === undefined) return table.at(-1)?.[1] ?? 0;
  if (before === undefined || here[0] === mean) return here[1];
  return before[1] + ((here[1] - before[1]) * (mean - before[0])) / (here[0] - before[0]);
}

/** Points of a merchant in the middle of its category; null where nothing is known of it. */
export function medianPoints(reason: IndicatorReason, policy: Policy | undefined): number | null {
  const table = policy?.indicators.find((item) => item.id === reason.id)?.table;
  if (table === undefined || reason.peers === null || !reason.applies) return null;
  return (pointsAt(table, reason.peers.median) / 1_000) * reason.max;
}

/** The same over a dimension: one in the middle in every indicator. Null unless every one that counts has peers. */
export function medianDimensionPoints(reasons: readonly IndicatorReason[], policy: Policy | undefined): number | null {
  let sum = 0;
  for (const reason of reasons) {
    if (!reason.applies || reason.max === 0) continue;
    const points = medianPoints(reason, policy);
    if (points === null) return null;
    sum += points;
  }
  return sum > 0 ? sum : null;
}
