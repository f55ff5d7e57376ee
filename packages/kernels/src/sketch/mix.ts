/**
 * Integer hash with good avalanche: the finaliser of MurmurHash3 (A. Appleby, 2011, public domain). It gives a pseudo-random
 * order that any machine repeats; it withstands nobody who picks inputs on purpose. Time O(1), range 0…2^32 − 1.
 */

/** Hash of a 32-bit integer under a seed, 0…2^32 − 1. */
export function mix32(value: number, seed: number): number {
  let hash = (value ^ Math.imul(seed | 0, 0x9e3779b1)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Hash of an unordered pair: the same for (a, b) and (b, a). */
export function mixPair(a: number, b: number, seed: number): number {
  return a < b ? mix32(b, mix32(a, seed)) : mix32(a, mix32(b, seed));
}
