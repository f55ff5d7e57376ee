/**
 * Wilson's score interval for a share (E. B. Wilson, JASA 22 (1927) 209–212, doi 10.1080/01621459.1927.10502953):
 *   (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n).
 * Valid for 0 ≤ good ≤ count, also where they are not whole. Floating point: for benchmarks, not for ratings.
 */

function wilson(good: number, count: number, z: number, sign: 1 | -1): number {
  if (!(good >= 0 && good <= count)) throw new RangeError(`${good} good of ${count}`);
  const share = good / count;
  const square = (z * z) / count;
  const root = z * Math.sqrt((share * (1 - share)) / count + square / (4 * count));
  return Math.min(1, Math.max(0, (share + square / 2 + sign * root) / (1 + square)));
}

/** Lower end of the interval; 0 where there is no evidence. */
export function wilsonLower(good: number, count: number, z: number): number {
  return count === 0 ? 0 : wilson(good, count, z, -1);
}

/** Upper end of the interval; 1 where there is no evidence. */
export function wilsonUpper(good: number, count: number, z: number): number {
  return count === 0 ? 1 : wilson(good, count, z, 1);
}

/** Lower ends of many shares, written into `out`. */
export function wilsonLowerAll(good: Float64Array, count: Float64Array, z: number, out: Float64Array): void {
  for (let row = 0; row < good.length; row += 1) out[row] = wilsonLower(good[row], count[row], z);
}
