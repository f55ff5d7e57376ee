import type { RingEvidence } from "@probity/contract";
import { binomialTail, densestWindow, poissonTail } from "@probity/kernels/stats/burst";
import type { MarketEvidence } from "./evidence.ts";
import { type Ties, tieBits } from "./hindsight.ts";
import type { RingCandidate } from "./ring-candidates.ts";
import { indexRows, ownedBy, pairKeys, type RowIndex, rowsOfKey } from "./tallies.ts";

const dayS = 86_400;
const hourS = 3_600;
/** Confirmed within so long of its delivery: before anybody can have tried the goods. */
const atOnceS = 2 * hourS;

/** What is usual in the marketplace: the null models of a ring's evidence. */
export interface Usual {
  readonly evidence: MarketEvidence;
  readonly ties: Ties;
  /** Chance that two accounts are tied so. */
  readonly pair: Readonly<Record<SharedTie, number>>;
  readonly atOnce: number;
  readonly repeat: number;
  readonly unkept: number;
  /** At place k, the share of buyers with orders at k merchants at most; the last place stands for more. */
  readonly few: Float64Array;
  /** Share of followers without any order, review, further follow or like. */
  readonly empty: number;
  readonly merchantsOf: Float64Array;
  readonly isEmpty: Uint8Array;
  readonly ordersAt: Float64Array;
  /** Pairs of buyer and merchant with an order, by merchant and in all. */
  readonly pairsAt: Float64Array;
  readonly pairs: number;
  readonly rows: Readonly<Record<"order" | "review" | "follow", RowIndex>>;
  /** Ties by their first account. */
  readonly tiesOf: RowIndex;
}

type SharedTie = "device" | "payer" | "address" | "text";
const sharedTies = [
  ["device", "devices"],
  ["payer", "payers"],
  ["address", "addresses"],
  ["text", "texts"],
] as const;
const fewMax = 16;

const share = (part: number, whole: number): number => (part + 1) / (whole + 2);

function isAtOnce({ orders }: MarketEvidence, row: number): boolean | undefined {
  const arrived = orders.delivered[row] as number;
  const confirmed = orders.confirmed[row] as number;
  return Number.isNaN(arrived) || Number.isNaN(confirmed) ? undefined : confirmed - arrived <= atOnceS;
}

/** How often pairs of accounts are tied, by tie; one more than was seen. */
function countTies({ bits }: Ties): Record<SharedTie, number> {
  const counts = { device: 1, payer: 1, address: 1, text: 1 };
  for (let edge = 0; edge < bits.length; edge += 1)
    for (const [tie] of sharedTies) if (((bits[edge] as number) & tieBits[tie]) !== 0) counts[tie] += 1;
  return counts;
}

/** What orders show of how people buy here. */
function habits({
  evidence,
  ordersAt,
}: Pick<Usual, "evidence" | "ordersAt">): Pick<Usual, "atOnce" | "repeat" | "unkept" | "pairsAt" | "pairs"> {
  const { orders, merchants } = evidence;
  const pairsAt = new Float64Array(merchants);
  let [known, atOnce, unkept, pairs, repeats] = [0, 0, 0, 0, 0];
  for (let row = 0; row < orders.count; row += 1) {
    const quick = isAtOnce(evidence, row);
    if (quick !== undefined) known += 1;
    if (quick === true) atOnce += 1;
    if (orders.returned[row] === 1 || orders.cancelled[row] === 1) unkept += 1;
    const at = ordersAt[row] as number;
    if (Number.isNaN(at)) continue;
    // Each pair of buyer and merchant counts once, whatever it has bought.
    const merchant = orders.merchant[row] as number;
    pairsAt[merchant] = (pairsAt[merchant] as number) + 1 / at;
    pairs += 1 / at;
    if (at > 1) repeats += 1 / at;
  }
  return {
    atOnce: share(atOnce, known),
    repeat: share(repeats, pairs),
    unkept: share(unkept, orders.count),
    pairsAt,
    pairs,
  };
}

/** Shares of buyers by how many merchants they bought from at most. */
function fewMerchants(merchantsOf: Float64Array): Float64Array {
  const counts = new Float64Array(fewMax + 1);
  let buyers = 0;
  for (const merchants of merchantsOf) {
    if (merchants === 0) continue;
    buyers += 1;
    for (let few = Math.min(fewMax, merchants); few <= fewMax; few += 1) counts[few] = (counts[few] as number) + 1;
  }
  return counts.map((count) => share(count, buyers));
}

/** Measures the marketplace once. `merchantsOf`: merchants by account; `isEmpty`: accounts without a footprint. */
export function usualOf(evidence: MarketEvidence, ties: Ties, merchantsOf: Float64Array, isEmpty: Uint8Array): Usual {
  const { orders, reviews, follows, people, merchants, targets } = evidence;
  const possible = Math.max(1, (people * (people - 1)) / 2);
  const counts = countTies(ties);
  const ordersAt = rowsOfKey(pairKeys(orders.buyer, orders.merchant, merchants));
  return {
    evidence,
    ties,
    pair: {
      device: counts.device / possible,
      payer: counts.payer / possible,
      address: counts.address / possible,
      text: counts.text / possible,
    },
    ...habits({ evidence, ordersAt }),
    few: fewMerchants(merchantsOf),
    empty: share(
      follows.user.reduce((sum, who) => sum + (isEmpty[who] as number), 0),
      follows.count,
    ),
    merchantsOf,
    isEmpty,
    ordersAt,
    rows: {
      order: indexRows(orders.merchant, merchants),
      review: indexRows(reviews.merchant, merchants),
      follow: indexRows(follows.target, targets),
    },
    tiesOf: indexRows(ties.a, people),
  };
}

/** The rows by which a ring acts, and everybody else's at the same targets. */
interface Deeds {
  readonly own: Int32Array;
  readonly others: Int32Array;
}

function split(
  index: RowIndex,
  person: Int32Array,
  { targets, members }: RingCandidate,
  keep?: (row: number) => boolean,
): Deeds {
  const inside = new Set(members);
  const [own, others]: [number[], number[]] = [[], []];
  for (const target of targets) {
    for (const row of ownedBy(index, target)) {
      if (keep?.(row) === false) continue;
      (inside.has(person[row] as number) ? own : others).push(row);
    }
  }
  return { own: Int32Array.from(own).sort(), others: Int32Array.from(others).sort() };
}

/** Pairs of members that are tied, against as many accounts drawn at random. */
function tiedPairs({ ties, tiesOf, pair }: Usual, members: Int32Array): RingEvidence[] {
  const inside = new Set(members);
  const counts = { device: 0, payer: 0, address: 0, text: 0 };
  for (const member of members) {
    for (const edge of ownedBy(tiesOf, member)) {
      if (!inside.has(ties.b[edge] as number)) continue;
      for (const [tie] of sharedTies) if (((ties.bits[edge] as number) & tieBits[tie]) !== 0) counts[tie] += 1;
    }
  }
  const possible = (members.length * (members.length - 1)) / 2;
  return sharedTies.map(([tie, kind]) => {
    const expected = possible * pair[tie];
    return { kind, observed: counts[tie], expected, p: poissonTail(counts[tie], expected) };
  });
}

function timing(times: Float64Array, deeds: Deeds, windowS: number): RingEvidence | undefined {
  const own = Float64Array.from(deeds.own, (row) => times[row] as number)
    .filter((time) => !Number.isNaN(time))
    .sort();
  if (own.length < 4) return undefined;
  const spanS = Math.max(windowS, (own.at(-1) as number) - (own[0] as number));
  const { from, to } = densestWindow(own, windowS, own.length / spanS);
  const begin = own[from] as number;
  const inside = deeds.others.reduce((sum, row) => {
    const time = times[row] as number;
    return sum + (time >= begin && time < begin + windowS ? 1 : 0);
  }, 0);
  const usual = share(inside, deeds.others.length);
  // The window begins at a deed, and as many windows were looked at as there are deeds.
  const p = Math.min(1, own.length * binomialTail(to - from - 1, own.length - 1, usual));
  return { kind: "timing", observed: to - from, expected: own.length * usual, p };
}

function counted(
  kind: RingEvidence["kind"],
  hits: number,
  trials: number,
  usual: number,
  few = false,
): RingEvidence | undefined {
  if (trials === 0) return undefined;
  const p = few ? binomialTail(trials - hits, trials, 1 - usual) : binomialTail(hits, trials, usual);
  return { kind, observed: hits, expected: trials * usual, p };
}

function couriers({ evidence: { orders, carriers } }: Usual, deeds: Deeds): RingEvidence | undefined {
  const tally = (rows: Int32Array): Float64Array => {
    const counts = new Float64Array(carriers);
    for (const row of rows) {
      const carrier = orders.carrier[row] as number;
      if (carrier >= 0) counts[carrier] = (counts[carrier] as number) + 1;
    }
    return counts;
  };
  const [own, others] = [tally(deeds.own), tally(deeds.others)];
  const total = own.reduce((sum, count) => sum + count, 0);
  const most = own.reduce((best, count, carrier) => (count > (own[best] as number) ? carrier : best), 0);
  const otherTotal = others.reduce((sum, count) => sum + count, 0);
  // A shop with one carrier sends everything with it.
  if (total < 4 || otherTotal === 0 || others.filter((count) => count > 0).length < 2) return undefined;
  return counted("couriers", own[most] as number, total, share(others[most] as number, otherTotal));
}

/**
 * Whether members of a ring with several targets meet there more than their purchases explain. Each member has one target
 * by what made it a candidate; its other merchants would be targets as often as anybody's are (edges drawn by degree).
 */
function shape({ pairs, pairsAt, merchantsOf, evidence, rows }: Usual, ring: RingCandidate): RingEvidence | undefined {
  if (ring.targets.length < 2) return undefined;
  const members = new Set(ring.members);
  let inside = 0;
  for (const target of ring.targets) {
    const met = new Set<number>();
    for (const row of ownedBy(rows.order, target)) {
      const who = evidence.orders.buyer[row] as number;
      if (members.has(who)) met.add(who);
    }
    inside += met.size;
  }
  const buyers = ring.members.filter((who) => (merchantsOf[who] as number) > 0);
  const further = buyers.reduce((sum, who) => sum + (merchantsOf[who] as number) - 1, 0);
  const atTargets = ring.targets.reduce((sum, target) => sum + (pairsAt[target] as number), 0);
  return counted("shape", Math.max(0, inside - buyers.length), further, share(atTargets - inside, pairs - inside));
}

const known = (...parts: (RingEvidence | undefined)[]): RingEvidence[] =>
  parts.flatMap((part) => (part === undefined ? [] : [part]));

function followEvidence(usual: Usual, ring: RingCandidate): RingEvidence[] {
  const { follows } = usual.evidence;
  const deeds = split(usual.rows.follow, follows.user, ring);
  const empty = ring.members.reduce((sum, who) => sum + (usual.isEmpty[who] as number), 0);
  return known(timing(follows.followed, deeds, dayS), counted("footprint", empty, ring.members.length, usual.empty));
}

/** Every kind of evidence that can be measured for a candidate, each against what is usual. */
export function ringEvidence(usual: Usual, ring: RingCandidate): RingEvidence[] {
  const { evidence, ordersAt, merchantsOf } = usual;
  const { orders, reviews } = evidence;
  if (ring.kind === "followers") return followEvidence(usual, ring);
  const isBlame = ring.kind === "bad-mouthing";
  const placed = split(usual.rows.order, orders.buyer, ring);
  const said = split(usual.rows.review, reviews.reviewer, ring, (row) =>
    isBlame ? (reviews.stars[row] as number) <= 2 : (reviews.stars[row] as number) >= 4,
  );
  const quick = placed.own.filter((row) => isAtOnce(evidence, row) === true).length;
  const told = placed.own.filter((row) => isAtOnce(evidence, row) !== undefined).length;
  const back = placed.own.filter((row) => orders.returned[row] === 1 || orders.cancelled[row] === 1).length;
  const again = new Set(
    placed.own.filter((row) => (ordersAt[row] as number) > 1).map((row) => orders.buyer[row] as number),
  ).size;
  const buyers = ring.members.filter((who) => (merchantsOf[who] as number) > 0);
  const fewest = Math.min(fewMax, ring.targets.length);
  const few = buyers.filter((who) => (merchantsOf[who] as number) <= fewest).length;
  return known(
    ...tiedPairs(usual, ring.members),
    isBlame ? timing(reviews.posted, said, 5 * dayS) : timing(orders.placed, placed, 7 * dayS),
    isBlame ? undefined : counted("handling", quick, told, usual.atOnce),
    isBlame ? undefined : counted("repeats", again, ring.members.length, usual.repeat),
    isBlame ? undefined : counted("returns", back, placed.own.length, usual.unkept, true),
    isBlame ? undefined : couriers(usual, placed),
    counted("footprint", few, buyers.length, usual.few[fewest] as number),
    shape(usual, ring),
  );
}
