/**
 * MinHash signatures and banding: two sets agree in a place of the signature with a chance of their Jaccard similarity J
 * (A. Broder, SEQUENCES 1997, doi 10.1109/SEQUEN.1997.666900); cut into b bands of r places, they meet in some bucket with
 * the chance 1 − (1 − J^r)^b (P. Indyk, R. Motwani, STOC 1998, doi 10.1145/276698.276876). A bucket of m documents gives at
 * most m · partnersMax pairs, so that a text posted 200,000 times is not a square of pairs.
 * Time O(elements · places) to sign, O(documents · bands · partnersMax) to pair.
 */
import { rowOrder } from "../sort/row-order.ts";
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

/** Pairs as they are found, in room that grows. */
interface Found {
  a: Int32Array;
  b: Int32Array;
  length: number;
}

function note(found: Found, a: number, b: number): void {
  if (found.length === found.a.length) {
    const room = Math.max(1_024, 2 * found.length);
    const [moreA, moreB] = [new Int32Array(room), new Int32Array(room)];
    moreA.set(found.a);
    moreB.set(found.b);
    found.a = moreA;
    found.b = moreB;
  }
  found.a[found.length] = a;
  found.b[found.length] = b;
  found.length += 1;
}

/** Leaves each pair once, ascending. */
function leaveOnce(found: Found): void {
  const [ends, others] = [found.a.subarray(0, found.length), found.b.subarray(0, found.length)];
  const order = rowOrder(ends, others);
  const [a, b] = [new Int32Array(order.length), new Int32Array(order.length)];
  let length = 0;
  for (const pair of order) {
    if (length > 0 && a[length - 1] === ends[pair] && b[length - 1] === others[pair]) continue;
    a[length] = ends[pair];
    b[length] = others[pair];
    length += 1;
  }
  found.a.set(a.subarray(0, length));
  found.b.set(b.subarray(0, length));
  found.length = length;
}

/** Notes the pairs that share a bucket of one band; a pair may be noted for several bands. */
function bandPairs(
  signatures: Uint32Array,
  documents: Int32Array,
  band: number,
  options: BandOptions,
  found: Found,
): void {
  const { places, bands, partnersMax, similarityMin } = options;
  const width = places / bands;
  const keys = new Uint32Array(documents.length);
  for (let at = 0; at < documents.length; at += 1) {
    let key = 1;
    for (let place = band * width; place < (band + 1) * width; place += 1)
      key = mix32(signatures[documents[at] * places + place] ^ key, 11);
    keys[at] = key;
  }
  const order = rowOrder(keys);
  for (let place = 1; place < order.length; place += 1) {
    const b = documents[order[place]];
    const from = Math.max(0, place - partnersMax);
    for (let before = place - 1; before >= from && keys[order[before]] === keys[order[place]]; before -= 1) {
      const a = documents[order[before]];
      if (signatureSimilarity(signatures, places, a, b) >= similarityMin) note(found, a, b);
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
  // Empty sets are like nobody, and their bucket would be the greatest.
  const documents = Int32Array.from({ length: signatures.length / places }, (_, document) => document).filter(
    (document) => signatures[document * places] !== emptyMark,
  );
  const found: Found = { a: new Int32Array(), b: new Int32Array(), length: 0 };
  let room = 2 * documents.length;
  for (let band = 0; band < bands; band += 1) {
    bandPairs(signatures, documents, band, options, found);
    // The same text many times meets itself in every band.
    if (found.length < room && band < bands - 1) continue;
    leaveOnce(found);
    room = 2 * (documents.length + found.length);
  }
  const a = found.a.slice(0, found.length);
  const b = found.b.slice(0, found.length);
  return {
    a,
    b,
    similarity: Float64Array.from(a, (one, pair) => signatureSimilarity(signatures, places, one, b[pair])),
  };
}
