/**
 * A seeded source of numbers: sfc32 (Chris Doty-Humphrey, PractRand), its state filled by splitmix32
 * from the seed and the name of the stream, so that one concern's draws never shift another's.
 */
export class Random {
  readonly #state: Int32Array;

  constructor(seed: number, stream: string) {
    let mix = Math.imul(seed | 0, 0x9e3779b1) ^ Math.floor(seed / 2 ** 32);
    for (let index = 0; index < stream.length; index += 1) {
      mix = Math.imul(mix ^ stream.charCodeAt(index), 0x01000193);
    }
    this.#state = new Int32Array(4);
    for (let index = 0; index < 4; index += 1) {
      mix = (mix + 0x9e3779b9) | 0;
      let word = mix ^ (mix >>> 16);
      word = Math.imul(word, 0x21f0aaad);
      word ^= word >>> 15;
      word = Math.imul(word, 0x735a2d97);
      this.#state[index] = word ^ (word >>> 15);
    }
    for (let warm = 0; warm < 12; warm += 1) this.next();
  }

  /** Uniform in [0, 1). */
  next(): number {
    const state = this.#state;
    const a = state[0]!;
    const b = state[1]!;
    const c = state[2]!;
    const d = state[3]!;
    const sum = (((a + b) | 0) + d) | 0;
    state[3] = d + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** Integer in 0…count − 1. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** Integer in low…high, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** Number in [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error("nothing to pick from");
    return items[Math.floor(this.next() * items.length)]!;
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** Poisson count; by its normal limit from a mean of 50. */
  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean >= 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const floor = Math.exp(-mean);
    let count = 0;
    let product = this.next();
    while (product > floor) {
      count += 1;
      product *= this.next();
    }
    return count;
  }

  /** A shuffled copy. */
  shuffled<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let last = copy.length - 1; last > 0; last -= 1) {
      const other = this.below(last + 1);
      [copy[last], copy[other]] = [copy[other]!, copy[last]!];
    }
    return copy;
  }
}
