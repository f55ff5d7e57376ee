/** Q32 weights by age in days, as hi·2^16 + lo, and their squares; the last holds for every greater age. */
export interface Weights {
  readonly hi: Float64Array;
  readonly lo: Float64Array;
  readonly squareHi: Float64Array;
  readonly squareLo: Float64Array;
}

export const q32: number = 2 ** 32;
const q16 = 2 ** 16;

export function weightsOf(table: readonly number[], tail: number): Weights {
  const all = [...table, tail];
  const squares = all.map((weight) => Number((BigInt(weight) * BigInt(weight)) >> 32n));
  const hi = (list: readonly number[]): Float64Array => Float64Array.from(list, (weight) => Math.floor(weight / q16));
  const lo = (list: readonly number[]): Float64Array => Float64Array.from(list, (weight) => weight % q16);
  return { hi: hi(all), lo: lo(all), squareHi: hi(squares), squareLo: lo(squares) };
}

/** Weight 1 for ever. */
export const undecayed: Weights = weightsOf([q32], q32);

/** Weight 1 for the newest days, then 0. */
export function windowOf(days: number): Weights {
  return weightsOf(
    Array.from({ length: days }, () => q32),
    0,
  );
}

const scales: ReadonlyMap<string, number> = new Map([
  ["review-stars", 1_000],
  ["review-not-low", 1_000],
  ["stars-described", 1_000],
  ["stars-service", 1_000],
  ["stars-logistics", 1_000],
  ["credentials-elsewhere", 1_000],
  ["raters-standing", 40],
]);

/** Units of n that make one opportunity of a metric. */
export function scaleOf(metric: string): number {
  return scales.get(metric) ?? 1;
}
