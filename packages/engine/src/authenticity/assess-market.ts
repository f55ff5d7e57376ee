import type { AssessedKind } from "@probity/contract";
import { atFirst, type ColumnTable, withColumns } from "./column-table.ts";
import type { MarketEvidence } from "./evidence.ts";
import { followTable } from "./follow-columns.ts";
import { type Hindsight, lookBack } from "./hindsight.ts";
import { type Judge, reliabilities } from "./judge.ts";
import { findLikeness, type Likeness } from "./likeness.ts";
import { orderTable } from "./order-columns.ts";
import { tallyPeople } from "./person-tallies.ts";
import { reviewTable } from "./review-columns.ts";
import type { Doubts } from "./ring-candidates.ts";
import { findRings, type Ring, ringItems, ringStrength } from "./rings.ts";
import type { PersonTallies } from "./tallies.ts";

/** Columns of everything that is judged, by kind. */
export type Tables = Readonly<Record<AssessedKind, ColumnTable>>;
export type Judges = Readonly<Record<AssessedKind, Judge>>;

/** What is known as things come in. */
export interface FirstLook {
  readonly people: PersonTallies;
  readonly like: Likeness;
  readonly tables: Tables;
}

/** Columns as they are when things come in; what hindsight adds is left blank. */
export function firstLook(evidence: MarketEvidence): FirstLook {
  const people = tallyPeople(evidence);
  const like = findLikeness(evidence);
  const order = orderTable(evidence, people, like.likesAtMerchant);
  return {
    people,
    like,
    tables: {
      review: reviewTable(evidence, people, like, order),
      order,
      follow: followTable(evidence, people),
    },
  };
}

const doubtOf = (reliability: Int32Array): Float64Array => Float64Array.from(reliability, (value) => 1 - value / 1_000);

/** Doubts by what is known at first. */
export function firstDoubts({ tables }: FirstLook, judges: Judges): Doubts {
  const of = (kind: AssessedKind): Float64Array => doubtOf(reliabilities(judges[kind], atFirst(tables[kind])));
  return { orders: of("order"), reviews: of("review"), follows: of("follow") };
}

/** What is known with hindsight. */
export interface SecondLook {
  readonly hindsight: Hindsight;
  readonly rings: readonly Ring[];
  readonly tables: Tables;
}

/** Looks back: ties, neighbours, beliefs, rings, and the columns that these fill. */
export function secondLook(evidence: MarketEvidence, first: FirstLook, doubts: Doubts): SecondLook {
  const hindsight = lookBack(evidence, first.like, doubts);
  const rings = findRings(evidence, first.people, doubts, hindsight.ties);
  const { orders, reviews, follows } = evidence;
  const { tables } = first;
  return {
    hindsight,
    rings,
    tables: {
      order: withColumns(tables.order, {
        ...hindsight.orders,
        ring: ringStrength(rings, ringItems.order, orders.merchant, orders.buyer),
      }),
      review: withColumns(tables.review, {
        ...hindsight.reviews,
        ring: ringStrength(rings, ringItems.review, reviews.merchant, reviews.reviewer),
      }),
      follow: withColumns(tables.follow, {
        ring: ringStrength(rings, ringItems.follow, follows.target, follows.user),
      }),
    },
  };
}

/** Everything judged by everything that is known. */
export interface MarketAssessment extends SecondLook {
  readonly first: FirstLook;
  /** Thousandths by row. */
  readonly reliability: Readonly<Record<AssessedKind, Int32Array>>;
}

/** Judges a whole marketplace: read this first. Time O(rows · log rows), memory a few hundred bytes a row. */
export function assessMarket(evidence: MarketEvidence, judges: Judges): MarketAssessment {
  const first = firstLook(evidence);
  const second = secondLook(evidence, first, firstDoubts(first, judges));
  const of = (kind: AssessedKind): Int32Array => reliabilities(judges[kind], second.tables[kind]);
  return { ...second, first, reliability: { review: of("review"), order: of("order"), follow: of("follow") } };
}
