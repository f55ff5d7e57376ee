import type { MarketEvidence } from "./evidence.ts";
import { countInto, distinctBeside, firstInto, type PersonTallies } from "./tallies.ts";

/** Counts every person over orders, reviews and follows. Time O(rows · log rows). */
export function tallyPeople({ people, orders, reviews, follows }: MarketEvidence): PersonTallies {
  const column = (): Float64Array => new Float64Array(people);
  const tallies: PersonTallies = {
    orders: column(),
    merchants: distinctBeside(orders.buyer, orders.merchant, people),
    reviews: column(),
    follows: column(),
    active: column(),
    unkept: column(),
    first: column().fill(Number.NaN),
  };
  countInto(tallies.orders, orders.buyer);
  countInto(tallies.unkept, orders.buyer, orders.returned);
  countInto(tallies.unkept, orders.buyer, orders.cancelled);
  countInto(tallies.reviews, reviews.reviewer);
  countInto(tallies.follows, follows.user);
  countInto(tallies.active, follows.user, follows.active);
  firstInto(tallies.first, orders.buyer, orders.placed);
  firstInto(tallies.first, reviews.reviewer, reviews.posted);
  firstInto(tallies.first, follows.user, follows.followed);
  return tallies;
}
