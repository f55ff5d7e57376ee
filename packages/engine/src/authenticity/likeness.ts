import { likePairs } from "@probity/kernels/sketch/min-hash";
import { type MarketEvidence, signaturePlaces } from "./evidence.ts";

/** Reviews of different people that read alike. */
export interface Likeness {
  /** Ends of each pair, a < b, and how much of their n-grams they share, 0…1. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly similarity: Float64Array;
  /** By review: greatest similarity; 0 where none is alike, NaN where there is nothing to compare. */
  readonly greatest: Float64Array;
  /** By review: how many are alike, anywhere and at the same merchant. */
  readonly likes: Float64Array;
  readonly likesAtMerchant: Float64Array;
}

const bands = 8;
/** A text that is everywhere is paired with so many before it: enough to count it as common. */
const partnersMax = 4;
const similarityMin = 0.6;
const comparedCharsMin = 10;

/** Time O(reviews · log reviews), never quadratic in a text that is posted often. */
export function findLikeness({ reviews }: MarketEvidence): Likeness {
  const all = likePairs(reviews.signature, { places: signaturePlaces, bands, partnersMax, similarityMin });
  const kept = Int32Array.from(all.a.keys()).filter(
    (pair) => reviews.reviewer[all.a[pair] as number] !== reviews.reviewer[all.b[pair] as number],
  );
  const greatest = Float64Array.from(reviews.chars, (chars) => (chars < comparedCharsMin ? Number.NaN : 0));
  const [likes, likesAtMerchant] = [greatest.slice(), greatest.slice()];
  const like: Likeness = {
    a: kept.map((pair) => all.a[pair] as number),
    b: kept.map((pair) => all.b[pair] as number),
    similarity: Float64Array.from(kept, (pair) => all.similarity[pair] as number),
    greatest,
    likes,
    likesAtMerchant,
  };
  for (let pair = 0; pair < kept.length; pair += 1) {
    const [a, b] = [like.a[pair] as number, like.b[pair] as number];
    const sameMerchant = reviews.merchant[a] === reviews.merchant[b];
    for (const review of [a, b]) {
      greatest[review] = Math.max(greatest[review] as number, like.similarity[pair] as number);
      likes[review] = (likes[review] as number) + 1;
      if (sameMerchant) likesAtMerchant[review] = (likesAtMerchant[review] as number) + 1;
    }
  }
  return like;
}
