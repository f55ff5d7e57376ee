import { rowOrder } from "@probity/kernels/sort/row-order";
import { type ColumnSpec, type ColumnTable, specsOf, tableOf } from "./column-table.ts";
import type { MarketEvidence } from "./evidence.ts";
import { log2, type PersonTallies, surpriseOf } from "./tallies.ts";

const hourS = 3_600;
const dayS = 86_400;

export const followSpecs: readonly ColumnSpec[] = specsOf([
  ["orders", "footprint", -1],
  ["reviews", "footprint", -1],
  ["active", "footprint", -1],
  ["follows", "footprint", 0],
  ["age-days", "footprint", -1],
  ["target-surprise", "burst", 1],
  ["empty-around", "burst", 1, "hindsight"],
  ["ring", "ring", 1, "hindsight"],
]);

const aroundS = dayS;
const emptyPrior = 4;

/** By follow, the share of accounts without any other footprint among those who followed the same target within a day. */
function emptyAround({ follows }: MarketEvidence, empty: Uint8Array): Float64Array {
  const { target, followed, user } = follows;
  const out = new Float64Array(follows.count);
  const order = rowOrder(target, followed);
  const usual = order.length === 0 ? 0 : user.reduce((sum, who) => sum + (empty[who] as number), 0) / order.length;
  let [from, to, sum] = [0, 0, 0];
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] as number;
    const near = (other: number): boolean =>
      target[other] === target[row] && Math.abs((followed[other] as number) - (followed[row] as number)) <= aroundS;
    while (from < place && !near(order[from] as number)) {
      sum -= empty[user[order[from] as number] as number] as number;
      from += 1;
    }
    while (to < order.length && near(order[to] as number)) {
      sum += empty[user[order[to] as number] as number] as number;
      to += 1;
    }
    const own = empty[user[row] as number] as number;
    out[row] = (sum - own + emptyPrior * usual) / (to - from - 1 + emptyPrior);
  }
  return out;
}

/** Columns of all follows. Time O(follows · log follows). */
export function followTable(evidence: MarketEvidence, people: PersonTallies): ColumnTable {
  const { follows } = evidence;
  const { user, target, followed } = follows;
  const ofUser = (values: Float64Array): Float64Array => Float64Array.from(user, (who) => values[who] as number);
  const empty = Uint8Array.from(people.orders, (orders, who) =>
    orders === 0 && people.reviews[who] === 0 && people.active[who] === 0 && (people.follows[who] as number) < 2
      ? 1
      : 0,
  );
  return tableOf(follows.count, followSpecs, {
    orders: ofUser(people.orders).map(log2),
    reviews: ofUser(people.reviews).map(log2),
    active: ofUser(people.active).map(log2),
    follows: ofUser(people.follows).map(log2),
    "age-days": ofUser(people.first).map((first, row) => ((followed[row] as number) - first) / dayS),
    "target-surprise": surpriseOf(target, followed, { halfS: 12 * hourS, usualS: 60 * dayS }),
    "empty-around": emptyAround(evidence, empty),
  });
}
