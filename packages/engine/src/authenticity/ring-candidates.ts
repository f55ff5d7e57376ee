import type { RingKind } from "@probity/contract";
import type { MarketEvidence } from "./evidence.ts";
import { type Ties, tieBits } from "./hindsight.ts";

/** Accounts that may work together: members and targets ascending; merchants, or followed ones where kind is `followers`. */
export interface RingCandidate {
  readonly kind: RingKind;
  readonly targets: Int32Array;
  readonly members: Int32Array;
}

/** Doubts by row, 0 genuine … 1 not. */
export interface Doubts {
  readonly orders: Float64Array;
  readonly reviews: Float64Array;
  readonly follows: Float64Array;
}

export const ringMembersMin = 4;
/**
 * Doubted enough to be looked at as a group: who hides well is little doubted alone. Blame asks for less, since fresh accounts
 * that complain look like any unhappy customer until they come in a crowd.
 */
const doubtful = { praise: 0.3, blame: 0.2, follow: 0.5 } as const;
/** Groups whose members overlap by so much of the smaller one are one group with several targets. */
const overlapMin = 0.3;
const groupsPerMemberMax = 16;

class Groups {
  readonly members = new Map<number, Set<number>>();

  add(target: number, person: number): void {
    if (target < 0 || person < 0) return;
    const known = this.members.get(target);
    if (known === undefined) this.members.set(target, new Set([person]));
    else known.add(person);
  }
}

/** Brings in who shares a thing or words with a member and bought at the same target. */
function widen(groups: Groups, { orders }: MarketEvidence, ties: Ties): void {
  const strong = new Map<number, number[]>();
  const inGroup = new Set([...groups.members.values()].flatMap((members) => [...members]));
  ties.bits.forEach((bits, edge) => {
    if ((bits & (tieBits.device | tieBits.payer | tieBits.text)) === 0) return;
    const [a, b] = [ties.a[edge] as number, ties.b[edge] as number];
    if (inGroup.has(a) === inGroup.has(b)) return;
    const [member, other] = inGroup.has(a) ? [a, b] : [b, a];
    const known = strong.get(other);
    if (known === undefined) strong.set(other, [member]);
    else if (known.length < groupsPerMemberMax) known.push(member);
  });
  if (strong.size === 0) return;
  for (let row = 0; row < orders.count; row += 1) {
    const members = groups.members.get(orders.merchant[row] as number);
    const friends = strong.get(orders.buyer[row] as number);
    if (members !== undefined && friends?.some((friend) => members.has(friend)))
      members.add(orders.buyer[row] as number);
  }
}

const ascending = (values: Iterable<number>): Int32Array => Int32Array.from(values).sort();

/** Joins groups of different targets that are largely the same people. Time O(members · groups of a member). */
function joined(groups: Groups, kind: RingKind): RingCandidate[] {
  const large = [...groups.members].filter(([, members]) => members.size >= ringMembersMin).sort(([a], [b]) => a - b);
  const of = new Map<number, number[]>();
  large.forEach(([, members], group) => {
    for (const member of members) {
      const own = of.get(member);
      if (own === undefined) of.set(member, [group]);
      else if (own.length < groupsPerMemberMax) own.push(group);
    }
  });
  const parent = large.map((_, group) => group);
  const rootOf = (group: number): number => {
    let root = group;
    while (parent[root] !== root) root = parent[root] as number;
    parent[group] = root;
    return root;
  };
  const shared = new Map<number, number>();
  for (const own of of.values()) {
    own.forEach((one, place) => {
      for (const other of own.slice(place + 1)) {
        const key = one * large.length + other;
        shared.set(key, (shared.get(key) ?? 0) + 1);
      }
    });
  }
  for (const [key, count] of shared) {
    const [one, other] = [Math.floor(key / large.length), key % large.length];
    const smaller = Math.min(
      (large[one] as [number, Set<number>])[1].size,
      (large[other] as [number, Set<number>])[1].size,
    );
    if (count >= 2 && count >= overlapMin * smaller) parent[rootOf(other)] = rootOf(one);
  }
  const wholes = new Map<number, { targets: number[]; members: Set<number> }>();
  large.forEach(([target, members], group) => {
    const root = rootOf(group);
    const whole = wholes.get(root) ?? { targets: [], members: new Set<number>() };
    whole.targets.push(target);
    for (const member of members) whole.members.add(member);
    wholes.set(root, whole);
  });
  return [...wholes.values()].map(({ targets, members }) => ({
    kind: kind === "brushing" && targets.length > 1 ? "farm" : kind,
    targets: ascending(targets),
    members: ascending(members),
  }));
}

/** Groups worth testing: who did doubtful things to the same target. A candidate is no finding. */
export function ringCandidates(evidence: MarketEvidence, doubts: Doubts, ties: Ties): RingCandidate[] {
  const { orders, reviews, follows } = evidence;
  const [praise, blame, followers] = [new Groups(), new Groups(), new Groups()];
  const blamers = new Set<number>();
  const pairOf = (person: number, merchant: number): number => person * evidence.merchants + merchant;
  for (let row = 0; row < reviews.count; row += 1) {
    const isBlame = (reviews.stars[row] as number) <= 2;
    if ((doubts.reviews[row] as number) < (isBlame ? doubtful.blame : doubtful.praise)) continue;
    const [merchant, reviewer] = [reviews.merchant[row] as number, reviews.reviewer[row] as number];
    (isBlame ? blame : praise).add(merchant, reviewer);
    if (isBlame) blamers.add(pairOf(reviewer, merchant));
  }
  for (let row = 0; row < orders.count; row += 1) {
    const [merchant, buyer] = [orders.merchant[row] as number, orders.buyer[row] as number];
    // Who speaks ill of a shop does not brush for it.
    if ((doubts.orders[row] as number) >= doubtful.praise && !blamers.has(pairOf(buyer, merchant)))
      praise.add(merchant, buyer);
  }
  for (let row = 0; row < follows.count; row += 1)
    if ((doubts.follows[row] as number) >= doubtful.follow)
      followers.add(follows.target[row] as number, follows.user[row] as number);
  widen(praise, evidence, ties);
  return [...joined(praise, "brushing"), ...joined(blame, "bad-mouthing"), ...joined(followers, "followers")];
}
