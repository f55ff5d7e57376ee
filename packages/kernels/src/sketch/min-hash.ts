/**
 * MinHash signatures and banding: two sets agree in a place of the signature with a chance of their Jaccard similarity J
 * (A. Broder, SEQUENCES 1997, doi 10.1109/SEQUEN.1997.666900); cut into b bands of r places, they meet in some bucket with
 * the chance 1 − (1 − J^r)^b (P. Indyk, R. Motwani, STOC 1998, doi 10.1145/276698.276876). A bucket of m documents gives at
 * most m · partnersMax pairs, so that a text posted 200,000 times is not a square of pairs.
 * Time O(elements · places) to sign, O(documents · bands · (log documents + partnersMax)) to pair.
 */
import { mix32 } from "./mix.ts";

/** What a place holds where the set is empty. */
export const emptyMark = 0xffff_ffff;

/** Writes the signature of a set of hashes into `out` from `start` on, `places` numbers. */
export function signSet(set: Uint32Array, places: number, seed: number, out: Uint32Array, start: number): void {
  if (start + places > out.length) throw new RangeError("out is too short for the signature");
  for (let place = 0; place < places; place += 1) {
    const own = mix32(place, seed);
    let least = emptyMark;
    for (let element = 0; element < set.length; element += 1) {
      const hash = mix32(set[element], own);
      if (hash < least) least = hash;
    }
    out[start + place] = least;
  }
}

/** Share of places in which two signatures agree: the estimate of the Jaccard similarity; 0 for an empty set. */
export function signatureSimilarity(signatures: Uint32Array, places: number, a: number, b: number): number {
  if (signatures[a * places] === emptyMark || signatures[b * places] === emptyMark) return 0;
  let same = 0;
  for (let place = 0; place < places; place += 1)
    if (signatures[a * places + place] === signatures[b * places + place]) same += 1;
  return same / places;
}

export interface BandOptions {
  /** Places of a signature. */
  readonly places: number;
  /** Bands; `places` is a multiple. */
  readonly bands: number;
  /** Documents before it in its bucket that a document is paired with. */
  readonly partnersMax: number;
  /** Least estimated similarity of a pair. */
  readonly similarityMin: number;
}

export interface LikePairs {
  /** Documents of each pair, a < b, each pair once, ascending. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly similarity: Float64Array;
}

/** Keys a · documents + b of pairs that share a bucket of one band. */
function bandPairs(
  signatures: Uint32Array,
  documents: number,
  band: number,
  options: BandOptions,
  found: Set<number>,
): void {
  const { places, bands, partnersMax, similarityMin } = options;
  const width = places / bands;
  const keys = new Float64Array(documents);
  for (let document = 0; document < documents; document += 1) {
    let [high, low] = [1, 2];
    for (let place = band * width; place < (band + 1) * width; place += 1) {
      high = mix32(signatures[document * places + place] ^ high, 11);
      low = mix32(signatures[document * places + place] ^ low, 12);
    }
    // 53 bits: two bands of a million documents seldom meet by chance, and similarity decides.
    keys[document] = (high >>> 11) * 2 ** 32 + low;
  }
  const order = new Uint32Array(documents);
  for (let document = 0; document < documents; document += 1) order[document] = document;
  order.sort((a, b) => keys[a] - keys[b] || a - b);
  for (let place = 1; place < documents; place += 1) {
    const [b, from] = [order[place], Math.max(0, place - partnersMax)];
    for (let before = place - 1; before >= from && keys[order[before]] === keys[b]; before -= 1) {
      const key = order[before] * documents + b;
      if (!found.has(key) && signatureSimilarity(signatures, places, order[before], b) >= similarityMin) found.add(key);
    }
  }
}

/**
 * Pairs of documents that share a bucket and whose signatures agree enough. Document d's signature is at d · places. Empty
 * sets pair with nobody. Throws RangeError where places are not bands of equal width or lengths do not fit.
 */
export function likePairs(signatures: Uint32Array, options: BandOptions): LikePairs {
  const { places, bands, partnersMax } = options;
  if (!(places > 0) || !(bands > 0) || places % bands !== 0) throw new RangeError(`${places} places in ${bands} bands`);
  if (signatures.length % places !== 0) throw new RangeError(`signatures are not of ${places} places`);
  if (!Number.isInteger(partnersMax) || partnersMax < 1) throw new RangeError(`${partnersMax} partners`);
  const documents = signatures.length / places;
  const found = new Set<number>();
  for (let band = 0; band < bands; band += 1) bandPairs(signatures, documents, band, options, found);
  const keys = Float64Array.from(found).sort();
  const a = Int32Array.from(keys, (key) => Math.floor(key / documents));
  const b = Int32Array.from(keys, (key) => key % documents);
  return {
    a,
    b,
    similarity: Float64Array.from(a, (one, pair) => signatureSimilarity(signatures, places, one, b[pair])),
  };
}
