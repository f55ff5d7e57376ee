import { signSet } from "@probity/kernels/sketch/min-hash";
import { foldText } from "@probity/kernels/text/fold";
import { shingles } from "@probity/kernels/text/shingles";
import { noSentiment, signaturePlaces } from "./evidence.ts";

/** What is kept of a review's words beside the words themselves: enough to find its like, too little to read it. */
export interface TextMarks {
  /** Characters of the folded text. */
  readonly chars: number;
  readonly signature: Uint32Array;
  readonly sentiment: number;
  readonly incentiveWords: boolean;
}

/** Reads words; the models of words are handed in, so that their version is the caller's. */
export interface WordReader {
  /** −1000 … 1000; undefined for a language that is not read. */
  sentiment(text: string): number | undefined;
  tellsOfIncentive(text: string): boolean;
}

/** Further characters are neither compared nor read: what repeats does so before. */
const readChars = 2_000;
/** Shorter texts are alike by chance: 'good', '不错'. */
const comparedCharsMin = 10;
const signatureSeed = 7;
const gramChars = 3;

/** Signature of a text that says nothing: every place holds the mark of an empty set. */
export const emptySignature: Uint32Array = (() => {
  const signature = new Uint32Array(signaturePlaces);
  signSet(new Uint32Array(), signaturePlaces, signatureSeed, signature, 0);
  return signature;
})();

/** Marks of a text as written: bounded work whatever its length. */
export function markText(words: string | undefined, reader: WordReader): TextMarks {
  const text = words === undefined ? "" : foldText(words, readChars);
  const chars = Array.from(text).length;
  if (chars === 0) return { chars, signature: emptySignature, sentiment: noSentiment, incentiveWords: false };
  let signature = emptySignature;
  if (chars >= comparedCharsMin) {
    signature = new Uint32Array(signaturePlaces);
    signSet(shingles(text, "character", gramChars), signaturePlaces, signatureSeed, signature, 0);
  }
  return {
    chars,
    signature,
    sentiment: reader.sentiment(text) ?? noSentiment,
    incentiveWords: reader.tellsOfIncentive(words ?? ""),
  };
}
