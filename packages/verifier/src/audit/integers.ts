/**
 * Integers in doubles: below 2^53 a sum and a product are exact, and so is the floor of a quotient, as (kb − 1) / b lies
 * at least half a unit in the last place under k.
 */
const exactMax = 2 ** 53;

/** floor(a·b / c) of integers a, b ≥ 0, c > 0. Throws RangeError where it passes 2^53. */
export function mulDiv(a: number, b: number, c: number): number {
  const whole = Math.floor(a / c);
  const rest = (a - whole * c) * b;
  const quotient = rest < exactMax ? whole * b + Math.floor(rest / c) : Number((BigInt(a) * BigInt(b)) / BigInt(c));
  if (!(quotient < exactMax)) throw new RangeError(`${a} * ${b} / ${c} passes 2^53`);
  return quotient;
}

/** floor(√value) of an integer 0 ≤ value < 2^53; the root of the platform is corrected where it rounds. */
export function root(value: number): number {
  let found = Math.floor(Math.sqrt(value));
  while (found * found > value) found -= 1;
  while ((found + 1) * (found + 1) <= value) found += 1;
  return found;
}

/** floor(√value) of a BigInt ≥ 0, by Newton from above. */
export function bigRoot(value: bigint): bigint {
  let found = value;
  for (let next = (value + 1n) / 2n; next < found; next = (found + value / found) / 2n) found = next;
  return found;
}

/** Parts of a whole in proportion, by running sums S: floor(whole·S_k / S) − floor(whole·S_(k−1) / S); 0 where S is 0. */
export function shares(whole: number, parts: readonly number[]): number[] {
  const all = parts.reduce((sum, part) => sum + part, 0);
  let [sum, before] = [0, 0];
  return parts.map((part) => {
    sum += part;
    const upTo = all === 0 ? 0 : Math.floor((whole * sum) / all);
    const share = upTo - before;
    before = upTo;
    return share;
  });
}
