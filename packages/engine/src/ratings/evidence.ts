import { decayedSum, sumsStride } from "@probity/kernels/stats/decayed-sums";
import type { CompiledIndicator, CompiledLevel, CompiledShare } from "./compile.ts";
import { at, exactMax, million, mulDiv } from "./exact.ts";

/**
 * What speaks for and against a subject in one indicator, in thousandths of an opportunity:
 * `good`, `bad` (their sum is the evidence's n) and Kish's effective sample. A level has its mean instead.
 */
export interface EvidenceBuffers {
  readonly good: Float64Array;
  readonly bad: Float64Array;
  readonly effective: Float64Array;
  /** Mean of a level, ppm. */
  readonly level: Int32Array;
  /** 1: no evidence at all. */
  readonly empty: Uint8Array;
}

export function evidenceBuffers(indicators: number): EvidenceBuffers {
  return {
    good: new Float64Array(indicators),
    bad: new Float64Array(indicators),
    effective: new Float64Array(indicators),
    level: new Int32Array(indicators),
    empty: new Uint8Array(indicators),
  };
}

/** floor(max(0, hi·2^16 + lo) · 1000 / (2^32 · scale)); needs |hi| and |lo| below 2^42. */
function thousandths(hi: number, lo: number, scale: number): number {
  const carry = Math.floor(lo / 65_536);
  const high = hi + carry;
  if (high < 0) return 0;
  return Math.floor((high * 1_000 + Math.floor(((lo - carry * 65_536) * 1_000) / 65_536)) / (65_536 * scale));
}

const isNegative = (hi: number, lo: number): boolean => hi + Math.floor(lo / 65_536) < 0;

const pairMax = 2 ** 42;

/** Kish: n* = N²/N2, never below N; thousandths. N2 of a few old rows can round to nothing. */
function kish(n: number, square: number): number {
  return square > 0 ? Math.max(n, mulDiv(n, n, square)) : n;
}

function shareByBigInt(
  share: CompiledShare,
  sums: Float64Array,
  days: number,
  day: number,
  out: EvidenceBuffers,
  place: number,
): void {
  let [n, x, square] = [0n, 0n, 0n];
  for (const series of share.of) {
    const slot = (series * days + day) * sumsStride;
    n += decayedSum(sums, slot);
    x += decayedSum(sums, share.goodIsX ? slot + 2 : slot);
    square += decayedSum(sums, slot + 4);
  }
  for (const series of share.against) {
    const slot = (series * days + day) * sumsStride;
    n += decayedSum(sums, slot);
    square += decayedSum(sums, slot + 4);
  }
  share.less.forEach((series, index) => {
    x -= BigInt(at(share.lessWeight, index)) * decayedSum(sums, (series * days + day) * sumsStride);
  });
  const unit = BigInt(share.scale) << 32n;
  const milli = (value: bigint): number => {
    const floor = value < 0n ? 0n : (value * 1_000n) / unit;
    if (floor >= BigInt(exactMax)) throw new RangeError(`evidence of ${floor} thousandths passes 2^53`);
    return Number(floor);
  };
  if (n < 0n) n = 0n;
  out.good[place] = milli(x > n ? n : x);
  out.bad[place] = milli(n - x);
  out.effective[place] = kish(milli(n), milli(square));
}

/**
 * N = Σ n(of) + Σ n(against), X = (x or n)(of) − Σ weight·n(less); N is kept ≥ 0.
 * bad = max(N − X, 0) and good = min(max(X, 0), N). Where losses outweigh opportunities, bad passes N:
 * they stay losses, so that a further good opportunity never lowers the mean.
 */
function shareEvidence(
  share: CompiledShare,
  sums: Float64Array,
  days: number,
  day: number,
  out: EvidenceBuffers,
  place: number,
): void {
  let [nHi, nLo, xHi, xLo, squareHi, squareLo, size] = [0, 0, 0, 0, 0, 0, 0];
  const part = share.goodIsX ? 2 : 0;
  for (let index = 0; index < share.of.length; index += 1) {
    const slot = (at(share.of, index) * days + day) * sumsStride;
    nHi += at(sums, slot);
    nLo += at(sums, slot + 1);
    xHi += at(sums, slot + part);
    xLo += at(sums, slot + part + 1);
    squareHi += at(sums, slot + 4);
    squareLo += at(sums, slot + 5);
    size +=
      Math.abs(at(sums, slot)) +
      Math.abs(at(sums, slot + 1)) +
      Math.abs(at(sums, slot + part)) +
      Math.abs(at(sums, slot + part + 1));
  }
  for (let index = 0; index < share.against.length; index += 1) {
    const slot = (at(share.against, index) * days + day) * sumsStride;
    nHi += at(sums, slot);
    nLo += at(sums, slot + 1);
    squareHi += at(sums, slot + 4);
    squareLo += at(sums, slot + 5);
    size += Math.abs(at(sums, slot)) + Math.abs(at(sums, slot + 1));
  }
  for (let index = 0; index < share.less.length; index += 1) {
    const slot = (at(share.less, index) * days + day) * sumsStride;
    const weight = at(share.lessWeight, index);
    xHi -= weight * at(sums, slot);
    xLo -= weight * at(sums, slot + 1);
    size += weight * (Math.abs(at(sums, slot)) + Math.abs(at(sums, slot + 1)));
  }
  size += Math.abs(squareHi) + Math.abs(squareLo);
  if (!(size < pairMax)) return shareByBigInt(share, sums, days, day, out, place);
  if (isNegative(nHi, nLo)) nHi = nLo = 0;
  const over = isNegative(nHi - xHi, nLo - xLo);
  const n = thousandths(nHi, nLo, share.scale);
  out.good[place] = over ? n : thousandths(xHi, xLo, share.scale);
  out.bad[place] = thousandths(nHi - xHi, nLo - xLo, share.scale);
  out.effective[place] = kish(n, thousandths(squareHi, squareLo, share.scale));
}

function levelEvidence(
  level: CompiledLevel,
  sums: Float64Array,
  days: number,
  day: number,
  out: EvidenceBuffers,
  place: number,
): void {
  let mean = 0;
  let empty = 1;
  for (let index = 0; index < level.parts.length; index += 1) {
    const slot = (at(level.parts, index) * days + day) * sumsStride;
    // A level weighs 2^32 a unit, whose lower half is 0: the upper half alone is units · 2^16.
    const units = Math.floor(at(sums, slot) / 65_536);
    if (units <= 0) continue;
    empty = 0;
    mean += at(level.each, index) * Math.min(units, at(level.cap, index));
  }
  out.good[place] = out.bad[place] = out.effective[place] = 0;
  out.level[place] = Math.min(million, mean);
  out.empty[place] = empty;
}

/** Evidence of every indicator on one day of the sums of one subject. */
export function readEvidence(
  indicators: readonly CompiledIndicator[],
  sums: Float64Array,
  days: number,
  day: number,
  out: EvidenceBuffers,
): void {
  for (let place = 0; place < indicators.length; place += 1) {
    const evidence = (indicators[place] as CompiledIndicator).evidence;
    if (evidence.kind === "level") {
      levelEvidence(evidence, sums, days, day, out, place);
    } else {
      shareEvidence(evidence, sums, days, day, out, place);
      out.empty[place] = at(out.good, place) + at(out.bad, place) === 0 ? 1 : 0;
    }
  }
}
