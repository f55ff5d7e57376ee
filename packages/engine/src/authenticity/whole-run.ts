import type { AssessedKind, ReasonCode, RingEvidence, RingKind } from "@probity/contract";
import { assessMarket, firstLook, type FirstLook, type Judges, type Tables } from "./assess-market.ts";
import { atFirst, type ColumnTable } from "./column-table.ts";
import type { MarketEvidence } from "./evidence.ts";
import { type Judge, judge, reliabilities, rowOf, topReason } from "./judge.ts";
import { type ModelFile, readModelFile } from "./judge-file.ts";
import { ringItems } from "./rings.ts";

/** Verdicts of one kind, by row. */
export interface KindRun {
  readonly reliability: Int16Array;
  /** Columns of the model row after row, as 32-bit floats: with the model they give the reasons again. */
  readonly figures: Float32Array;
  /** The reason that lowers a doubtful row most. */
  readonly tops: readonly (ReasonCode | null)[];
  /** Points of the owner's score that hang on the row, times the chance to be wrong. */
  readonly effect: Float32Array;
  /** Place of the ring that the row belongs to; −1 for none. */
  readonly ring: Int32Array;
}

export interface FoundRing {
  readonly kind: RingKind;
  readonly targets: Int32Array;
  readonly members: Int32Array;
  readonly evidence: readonly RingEvidence[];
  readonly p: number;
  readonly q: number;
  readonly orders: number;
  readonly reviews: number;
  readonly follows: number;
  /** First and last deed, seconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Points of score that hang on its items at its targets, all together. */
  readonly effect: number;
}

export interface WholeRun {
  readonly kinds: Readonly<Record<AssessedKind, KindRun>>;
  readonly rings: readonly FoundRing[];
}

/** Numbers as they are kept: what is judged is what can be judged again. */
export function kept<T extends ColumnTable>(table: T): T {
  return { ...table, columns: table.columns.map((column) => column.map(Math.fround)) };
}

const keptTables = (tables: Tables): Tables => ({
  review: kept(tables.review),
  order: kept(tables.order),
  follow: kept(tables.follow),
});

export function figuresOf({ rows, columns }: ColumnTable): Float32Array {
  const figures = new Float32Array(rows * columns.length);
  columns.forEach((column, place) => {
    for (let row = 0; row < rows; row += 1) figures[row * columns.length + place] = column[row] as number;
  });
  return figures;
}

/** Doubtful below this: their top reason is looked for. */
const doubtfulBelow = 800;

function topsOf(of: Judge, table: ColumnTable, reliability: ArrayLike<number>): (ReasonCode | null)[] {
  return Array.from({ length: table.rows }, (_, row) =>
    (reliability[row] as number) >= doubtfulBelow ? null : (topReason(judge(of, rowOf(table, row))) ?? null),
  );
}

// Points that the starting policy gives for reviews, for what kept orders show, for followers; and what a score knows before.
const stakes = { review: [180, 20], order: [120, 40], follow: [15, 20] } as const;

/** Points of the owner's score that hang on each row. */
function stakesOf(kind: AssessedKind, evidence: MarketEvidence): Float64Array {
  const { orders, reviews, follows, merchants, targets } = evidence;
  const owner = { review: reviews.merchant, order: orders.merchant, follow: follows.target }[kind];
  const counts = new Float64Array(kind === "follow" ? targets : merchants);
  const stars = new Float64Array(counts.length);
  owner.forEach((whose, row) => {
    counts[whose] = (counts[whose] as number) + 1;
    if (kind === "review") stars[whose] = (stars[whose] as number) + (reviews.stars[row] as number);
  });
  const [points, before] = stakes[kind];
  return Float64Array.from(owner, (whose, row) => {
    const count = counts[whose] as number;
    const off = kind === "review" ? Math.abs((reviews.stars[row] as number) - (stars[whose] as number) / count) / 4 : 1;
    return (points * off) / (count + before);
  });
}

function kindRun(
  kind: AssessedKind,
  of: Judge,
  table: ColumnTable,
  evidence: MarketEvidence,
  ring: Int32Array,
): KindRun {
  const reliability = Int16Array.from(reliabilities(of, table));
  const stake = stakesOf(kind, evidence);
  return {
    reliability,
    figures: figuresOf(table),
    tops: topsOf(of, table, reliability),
    effect: Float32Array.from(stake, (points, row) => {
      const value = reliability[row] as number;
      return (points * Math.min(value, 1_000 - value)) / 1_000;
    }),
    ring,
  };
}

type Members = readonly { readonly targets: Set<number>; readonly members: Set<number>; readonly kind: RingKind }[];

function placesOf(rings: Members, kinds: readonly RingKind[], target: Int32Array, person: Int32Array): Int32Array {
  const byTarget = new Map<number, number[]>();
  rings.forEach(({ kind, targets }, place) => {
    if (!kinds.includes(kind)) return;
    for (const one of targets) byTarget.set(one, [...(byTarget.get(one) ?? []), place]);
  });
  return target.map(
    (one, row) => (byTarget.get(one) ?? []).find((place) => rings[place]?.members.has(person[row] as number)) ?? -1,
  );
}

/** Blame is the deed of a ring that speaks ill, praise of one that brushes. */
function reviewPlaces(rings: Members, { reviews }: MarketEvidence): Int32Array {
  const of = (kinds: readonly RingKind[]): Int32Array => placesOf(rings, kinds, reviews.merchant, reviews.reviewer);
  const [praise, blame] = [of(["brushing", "farm"]), of(["bad-mouthing"])];
  return praise.map((place, row) => ((reviews.stars[row] as number) <= 2 ? (blame[row] as number) : place));
}

/** Judges a whole marketplace by a stored model; everything that is to be kept, and nothing else. */
export function runWhole({
  evidence,
  model,
}: {
  readonly evidence: MarketEvidence;
  readonly model: ModelFile;
}): WholeRun {
  const judges = readModelFile(model);
  const { rings, tables } = assessMarket(evidence, judges);
  const members = rings.map((ring) => ({
    kind: ring.kind,
    targets: new Set(ring.targets),
    members: new Set(ring.members),
  }));
  const { orders, follows, reviews } = evidence;
  const places = {
    order: placesOf(members, ringItems.order, orders.merchant, orders.buyer),
    review: reviewPlaces(members, evidence),
    follow: placesOf(members, ringItems.follow, follows.target, follows.user),
  };
  const fixed = keptTables(tables);
  const kinds = {
    review: kindRun("review", judges.review, fixed.review, evidence, places.review),
    order: kindRun("order", judges.order, fixed.order, evidence, places.order),
    follow: kindRun("follow", judges.follow, fixed.follow, evidence, places.follow),
  };
  const times = { review: reviews.posted, order: orders.placed, follow: follows.followed };
  const stake = {
    review: stakesOf("review", evidence),
    order: stakesOf("order", evidence),
    follow: stakesOf("follow", evidence),
  };
  const sums = rings.map(() => ({ review: 0, order: 0, follow: 0, from: Infinity, to: -Infinity, effect: 0 }));
  for (const kind of ["review", "order", "follow"] as const) {
    places[kind].forEach((place, row) => {
      const sum = sums[place];
      if (sum === undefined) return;
      sum[kind] += 1;
      sum.effect += stake[kind][row] as number;
      sum.from = Math.min(sum.from, times[kind][row] as number);
      sum.to = Math.max(sum.to, times[kind][row] as number);
    });
  }
  return {
    kinds,
    rings: rings.map((ring, place) => {
      const { review, order, follow, from, to, effect } = sums[place] as (typeof sums)[number];
      return { ...ring, reviews: review, orders: order, follows: follow, from, to, effect };
    }),
  };
}

/** Reviews judged by what is known as they come in. */
export function judgeAtFirst(
  evidence: MarketEvidence,
  judges: Judges,
): { readonly look: FirstLook; readonly run: KindRun } {
  const look = firstLook(evidence);
  const table = kept(atFirst(look.tables.review));
  return { look, run: kindRun("review", judges.review, table, evidence, new Int32Array(table.rows).fill(-1)) };
}
