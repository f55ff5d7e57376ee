import type { RingEvidence, RingKind } from "@probity/contract";
import type { MarketEvidence } from "./evidence.ts";
import type { Ties } from "./hindsight.ts";
import { type Doubts, ringCandidates, ringMembersMin } from "./ring-candidates.ts";
import { ringEvidence, usualOf } from "./ring-evidence.ts";
import type { PersonTallies } from "./tallies.ts";

/** A group that was found to work together. */
export interface Ring {
  readonly kind: RingKind;
  readonly targets: Int32Array;
  readonly members: Int32Array;
  readonly evidence: readonly RingEvidence[];
  /** Chance that two kinds of evidence at least hold by themselves. */
  readonly p: number;
  /** The same after Benjamini and Hochberg: the false discovery rate at which the ring is still found. */
  readonly q: number;
}

/** Rings are found at this false discovery rate. */
export const falseDiscoveryMax = 0.01;

/**
 * The chance that fewer than two of the hypotheses are false, from their chances: (n − 1) · p₍₂₎ (Y. Benjamini, R. Heller,
 * Biometrics 64 (2008) 1215–1222, doi 10.1111/j.1541-0420.2007.00984.x). One kind of evidence alone never makes a ring.
 */
export function atLeastTwo(chances: readonly number[]): number {
  const sorted = chances.toSorted((a, b) => a - b);
  return sorted.length < 2 ? 1 : Math.min(1, (sorted.length - 1) * (sorted[1] as number));
}

/** Adjusted chances by the step-up of Benjamini and Hochberg (J. R. Stat. Soc. B 57 (1995) 289–300). */
export function adjusted(chances: readonly number[]): number[] {
  const order = [...chances.keys()].sort((a, b) => (chances[b] as number) - (chances[a] as number) || b - a);
  const out = chances.map(() => 1);
  let least = 1;
  order.forEach((place, step) => {
    least = Math.min(least, ((chances[place] as number) * chances.length) / (chances.length - step));
    out[place] = least;
  });
  return out;
}

const emptyOf = ({ people }: MarketEvidence, tallies: PersonTallies): Uint8Array =>
  Uint8Array.from({ length: people }, (_, who) =>
    tallies.orders[who] === 0 &&
    tallies.reviews[who] === 0 &&
    tallies.active[who] === 0 &&
    (tallies.follows[who] as number) < 2
      ? 1
      : 0,
  );

/** Finds rings among who did doubtful things to the same targets. */
export function findRings(evidence: MarketEvidence, tallies: PersonTallies, doubts: Doubts, ties: Ties): Ring[] {
  const candidates = ringCandidates(evidence, doubts, ties).filter(({ members }) => members.length >= ringMembersMin);
  if (candidates.length === 0) return [];
  const usual = usualOf(evidence, ties, tallies.merchants, emptyOf(evidence, tallies));
  const tested = candidates.map((candidate) => ({ ...candidate, evidence: ringEvidence(usual, candidate) }));
  const chances = tested.map((ring) => atLeastTwo(ring.evidence.map(({ p }) => p)));
  const rates = adjusted(chances);
  return tested.flatMap((ring, place) => {
    const [p, q] = [chances[place] as number, rates[place] as number];
    return q <= falseDiscoveryMax ? [{ ...ring, p, q }] : [];
  });
}

const strengthMax = 12;

/** By row of (target, person), how sure the ring is that it belongs to: −log₁₀ p, 0 for none. */
export function ringStrength(
  rings: readonly Ring[],
  kinds: readonly RingKind[],
  target: Int32Array,
  person: Int32Array,
): Float64Array {
  const byTarget = new Map<number, { strength: number; members: Set<number> }[]>();
  for (const ring of rings) {
    if (!kinds.includes(ring.kind)) continue;
    const part = {
      strength: Math.min(strengthMax, -Math.log10(Math.max(1e-300, ring.p))),
      members: new Set(ring.members),
    };
    for (const one of ring.targets) byTarget.set(one, [...(byTarget.get(one) ?? []), part]);
  }
  return Float64Array.from(target, (one, row) => {
    let most = 0;
    for (const { strength, members } of byTarget.get(one) ?? [])
      if (strength > most && members.has(person[row] as number)) most = strength;
    return most;
  });
}

/** What a ring's items are, by kind of ring. */
export const ringItems: Readonly<Record<"order" | "review" | "follow", readonly RingKind[]>> = {
  order: ["brushing", "farm"],
  review: ["brushing", "farm", "bad-mouthing"],
  follow: ["followers"],
};
