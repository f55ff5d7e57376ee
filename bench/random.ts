/** Seeded random numbers (xorshift32 over a mixed seed): the same seed, the same numbers. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ 0x27d4eb2f) | 1;
  }

  /** A whole number in 0…2^32 − 1. */
  bits(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }

  /** In 0…1, 1 excluded. */
  next(): number {
    return this.bits() / 4_294_967_296;
  }

  /** A whole number in 0…limit − 1. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
}
