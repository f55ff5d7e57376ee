/**
 * Integers in doubles. Below 2^53 a product is exact, and so is the floor of a quotient:
 * (kb − 1)/b lies at least half a unit in the last place under k. Where a product would pass 2^53, BigInt takes over.
 */

export const million = 1_000_000;
export const exactMax: number = 2 ** 53;

/** Element at an index that is in range by construction. */
export function at(array: Float64Array | Int32Array | Int16Array | Int8Array | Uint8Array, index: number): number {
  return array[index] as number;
}

/** floor(a·b / c) for integers a, b ≥ 0 and c > 0. */
export function mulDiv(a: number, b: number, c: number): number {
  const product = a * b;
  if (product < exactMax) return Math.floor(product / c);
  const quotient = Number((BigInt(a) * BigInt(b)) / BigInt(c));
  if (!Number.isSafeInteger(quotient)) throw new RangeError(`${a} * ${b} / ${c} passes 2^53`);
  return quotient;
}

/** floor(√value) for an integer 0 ≤ value < 2^53. */
export function isqrt(value: number): number {
  let root = Math.floor(Math.sqrt(value));
  while (root * root > value) root -= 1;
  while ((root + 1) * (root + 1) <= value) root += 1;
  return root;
}

/** floor(√value) for a BigInt ≥ 0, by Newton from above. */
export function isqrtBig(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/**
 * Whole numbers that add up to `total`: floors of `parts / unit`, then one more to the largest remainders, ties by id in
 * code-unit order, nowhere above `limits`. Needs Σ floors ≤ total ≤ Σ limits.
 */
export function apportion(
  total: number,
  parts: readonly number[],
  unit: number,
  ids: readonly string[],
  limits: readonly number[],
): number[] {
  const whole = parts.map((part) => Math.floor(part / unit));
  const order = parts.map((_, index) => index);
  const rest = (index: number): number => (parts[index] ?? 0) % unit;
  order.sort((a, b) => rest(b) - rest(a) || ((ids[a] ?? "") < (ids[b] ?? "") ? -1 : 1));
  let left = total - whole.reduce((sum, part) => sum + part, 0);
  while (left > 0) {
    const before = left;
    for (const index of order) {
      if (left === 0) break;
      const here = whole[index] ?? 0;
      if (here >= (limits[index] ?? 0)) continue;
      whole[index] = here + 1;
      left -= 1;
    }
    if (left === before) throw new RangeError(`${total} does not fit under ${limits.join(" + ")}`);
  }
  if (left < 0) throw new RangeError(`floors of the parts pass ${total}`);
  return whole;
}
