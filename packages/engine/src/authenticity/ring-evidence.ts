import type { RingEvidence } from "@probity/contract";
import { buildCsr } from "@probity/kernels/graph/csr";
import { chanceOf, rewire } from "@probity/kernels/graph/rewire";
import { mix32 } from "@probity/kernels/sketch/mix";
import { binomialTail, densestWindow, poissonTail } from "@probity/kernels/stats/burst";
import type { MarketEvidence } from "./evidence.ts";
import { type Ties, tieBits } from "./hindsight.ts";
import type { RingCandidate } from "./ring-candidates.ts";
import { pairKeys, rowsOfKey } from "./tallies.ts";

const dayS = 86_400;
const hourS = 3_600;
/** Confirmed within so long of its delivery: before anybody can have tried the goods. */
const atOnceS = 2 * hourS;

/** What is usual in the marketplace: the null models of a ring's evidence. */
export interface Usual {
  readonly evidence: MarketEvidence;
  readonly ties: Ties;
  /** Chance that two accounts are tied so. */
  readonly pair: Readonly<Record<"device" | "payer" | "address" | "text" | "co-purchase", number>>;
  readonly atOnce: number;
  readonly repeat: number;
  readonly unkept: number;
  /** Share of buyers with orders at one merchant alone. */
  readonly single: number;
  /** Share of followers without any order, review, further follow or like. */
  readonly empty: number;
  readonly merchantsOf: Float64Array;
  readonly isEmpty: Uint8Array;
  readonly ordersAt: Float64Array;
}

const share = (part: number, whole: number): number => (part + 1) / (whole + 2);

function isAtOnce({ orders }: MarketEvidence, row: number): boolean | undefined {
  const arrived = orders.delivered[row] as number;
  const confirmed = orders.confirmed[row] as number;
  return Number.isNaN(arrived) || Number.isNaN(confirmed) ? undefined : confirmed - arrived <= atOnceS;
}

/** Measures the marketplace once. `merchantsOf`: merchants by account; `isEmpty`: accounts without a footprint. */
export function usualOf(evidence: MarketEvidence, ties: Ties, merchantsOf: Float64Array, isEmpty: Uint8Array): Usual {
  const { orders, follows, people, merchants } = evidence;
  const pairs = Math.max(1, (people * (people - 1)) / 2);
  const counts = { device: 0, payer: 0, address: 0, text: 0, "co-purchase": 0 };
  for (const bits of ties.bits)
    for (const tie of Object.keys(counts) as (keyof typeof counts)[]) if (bits & tieBits[tie]) counts[tie] += 1;
  const ordersAt = rowsOfKey(pairKeys(orders.buyer, orders.merchant, merchants));
  let [known, atOnce, unkept, pairRows, repeats] = [0, 0, 0, 0, 0];
  for (let row = 0; row < orders.count; row += 1) {
    const quick = isAtOnce(evidence, row);
    if (quick !== undefined) known += 1;
    if (quick === true) atOnce += 1;
    if (orders.returned[row] === 1 || orders.cancelled[row] === 1) unkept += 1;
    const at = ordersAt[row] as number;
    if (Number.isNaN(at)) continue;
    // Each pair of buyer and merchant counts once, whatever it has bought.
    pairRows += 1 / at;
    if (at > 1) repeats += 1 / at;
  }
  const buyers = merchantsOf.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const singles = merchantsOf.reduce((sum, count) => sum + (count === 1 ? 1 : 0), 0);
  return {
    evidence,
    ties,
    pair: {
      device: (counts.device + 1) / pairs,
      payer: (counts.payer + 1) / pairs,
      address: (counts.address + 1) / pairs,
      text: (counts.text + 1) / pairs,
      "co-purchase": (counts["co-purchase"] + 1) / pairs,
    },
    atOnce: share(atOnce, known),
    repeat: share(repeats, pairRows),
    unkept: share(unkept, orders.count),
    single: share(singles, buyers),
    empty: share(
      follows.user.reduce((sum, who) => sum + (isEmpty[who] as number), 0),
      follows.count,
    ),
    merchantsOf,
    isEmpty,
    ordersAt,
  };
}

/** The rows by which a ring acts, and everybody else's at the same targets. */
export interface Deeds {
  readonly own: Int32Array;
  readonly others: Int32Array;
}

export function split(
  target: Int32Array,
  person: Int32Array,
  ring: RingCandidate,
  keep?: (row: number) => boolean,
): Deeds {
  const [targets, members] = [new Set(ring.targets), new Set(ring.members)];
  const [own, others]: [number[], number[]] = [[], []];
  for (let row = 0; row < target.length; row += 1) {
    if (!targets.has(target[row] as number) || keep?.(row) === false) continue;
    (members.has(person[row] as number) ? own : others).push(row);
  }
  return { own: Int32Array.from(own), others: Int32Array.from(others) };
}

/** Pairs of members that are tied, against as many accounts drawn at random. */
function tiedPairs({ ties, pair }: Usual, members: ReadonlySet<number>): RingEvidence[] {
  const counts = { device: 0, payer: 0, address: 0, text: 0, "co-purchase": 0 };
  const names = {
    device: "devices",
    payer: "payers",
    address: "addresses",
    text: "texts",
    "co-purchase": "shape",
  } as const;
  ties.bits.forEach((bits, edge) => {
    if (!members.has(ties.a[edge] as number) || !members.has(ties.b[edge] as number)) return;
    for (const tie of Object.keys(counts) as (keyof typeof counts)[]) if (bits & tieBits[tie]) counts[tie] += 1;
  });
  const possible = (members.size * (members.size - 1)) / 2;
  return (Object.keys(counts) as (keyof typeof counts)[])
    .filter((tie) => tie !== "co-purchase")
    .map((tie) => {
      const expected = possible * pair[tie];
      return { kind: names[tie], observed: counts[tie], expected, p: poissonTail(counts[tie], expected) };
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

const rewirings = 49;
const shapeEdgesMax = 4_000;
const swapsPerEdge = 5;

/**
 * Whether members meet at the targets more than their degrees explain: edges between members and targets among the
 * members and as many other buyers, against graphs of the same degrees (`kernels/graph/rewire`).
 */
function shape({ evidence }: Usual, ring: RingCandidate, seed: number): RingEvidence | undefined {
  const { orders, people, merchants } = evidence;
  const members = new Set(ring.members);
  const control = new Set<number>();
  for (let step = 0; control.size < members.size && step < 20 * members.size; step += 1) {
    const who = orders.buyer[mix32(step, seed) % Math.max(1, orders.count)];
    if (who !== undefined && who >= 0 && !members.has(who)) control.add(who);
  }
  const rows = Int32Array.from(orders.buyer.keys()).filter((row) => {
    const who = orders.buyer[row] as number;
    return members.has(who) || control.has(who);
  });
  if (rows.length < 8 || rows.length > shapeEdgesMax) return undefined;
  const graph = buildCsr(
    rows.map((row) => orders.buyer[row] as number),
    rows.map((row) => orders.merchant[row] as number),
    people,
    merchants,
  );
  const targets = new Set(ring.targets);
  const inside = (offsets: Int32Array, ends: Int32Array): number => {
    let edges = 0;
    for (const member of members)
      for (let place = offsets[member] as number; place < (offsets[member + 1] as number); place += 1)
        if (targets.has(ends[place] as number)) edges += 1;
    return edges;
  };
  let drawn = 0;
  const draw = (): number => {
    drawn += 1;
    return mix32(drawn, seed + 1) / 2 ** 32;
  };
  const observed = inside(graph.offsets, graph.targets);
  const byChance = Float64Array.from({ length: rewirings }, () => {
    const other = rewire(graph, swapsPerEdge, draw);
    return inside(other.offsets, other.targets);
  });
  const expected = byChance.reduce((sum, value) => sum + value, 0) / rewirings;
  return { kind: "shape", observed, expected, p: chanceOf(observed, byChance) };
}

const known = (...parts: (RingEvidence | undefined)[]): RingEvidence[] =>
  parts.flatMap((part) => (part === undefined ? [] : [part]));

function followEvidence(usual: Usual, ring: RingCandidate): RingEvidence[] {
  const { follows } = usual.evidence;
  const deeds = split(follows.target, follows.user, ring);
  const empty = ring.members.reduce((sum, who) => sum + (usual.isEmpty[who] as number), 0);
  return known(timing(follows.followed, deeds, dayS), counted("footprint", empty, ring.members.length, usual.empty));
}

/** Every kind of evidence that can be measured for a candidate, each against what is usual. */
export function ringEvidence(usual: Usual, ring: RingCandidate, seed: number): RingEvidence[] {
  const { evidence, ordersAt, merchantsOf } = usual;
  const { orders, reviews } = evidence;
  if (ring.kind === "followers") return followEvidence(usual, ring);
  const members = new Set(ring.members);
  const isBlame = ring.kind === "bad-mouthing";
  const placed = split(orders.merchant, orders.buyer, ring);
  const said = split(reviews.merchant, reviews.reviewer, ring, (row) =>
    isBlame ? (reviews.stars[row] as number) <= 2 : (reviews.stars[row] as number) >= 4,
  );
  const quick = placed.own.filter((row) => isAtOnce(evidence, row) === true).length;
  const told = placed.own.filter((row) => isAtOnce(evidence, row) !== undefined).length;
  const back = placed.own.filter((row) => orders.returned[row] === 1 || orders.cancelled[row] === 1).length;
  const again = new Set(
    placed.own.filter((row) => (ordersAt[row] as number) > 1).map((row) => orders.buyer[row] as number),
  ).size;
  const buyers = ring.members.filter((who) => (merchantsOf[who] as number) > 0);
  const single = buyers.filter((who) => (merchantsOf[who] as number) <= ring.targets.length).length;
  return known(
    ...tiedPairs(usual, members),
    isBlame ? timing(reviews.posted, said, 5 * dayS) : timing(orders.placed, placed, 7 * dayS),
    isBlame ? undefined : counted("handling", quick, told, usual.atOnce),
    isBlame ? undefined : counted("repeats", again, ring.members.length, usual.repeat),
    isBlame ? undefined : counted("returns", back, placed.own.length, usual.unkept, true),
    isBlame ? undefined : couriers(usual, placed),
    counted("footprint", single, buyers.length, usual.single),
    shape(usual, ring, seed),
  );
}
