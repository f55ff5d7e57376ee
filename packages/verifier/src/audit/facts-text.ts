import type { Facts } from "./facts.ts";

/** All facts as lines `subject metric day n x`, without zeros, sorted by code units, each ended by a newline. */
export function factsText(facts: Facts): string {
  const { table } = facts;
  const lines: string[] = [];
  for (let row = 0; row < table.rows; row += 1) {
    const [n, x] = [table.n[row] as number, table.x[row] as number];
    if (n === 0 && x === 0) continue;
    const subject = facts.name(table.subject[row] as number);
    lines.push(`${subject} ${facts.metricName(table.metric[row] as number)} ${table.day[row]} ${n} ${x}\n`);
  }
  return lines.sort((a, b) => (a < b ? -1 : 1)).join("");
}
