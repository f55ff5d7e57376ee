/**
 * Text as it is compared: what looks the same becomes the same. Compatibility forms and full width are folded (NFKC, Unicode
 * Standard Annex 15), case too; invisible and direction marks, variation selectors and skin tones fall away; letters of
 * other scripts that look Latin become Latin in words that hold Latin letters (after Unicode Technical Standard 39); stacked
 * marks and runs of the same sign are cut to two, blanks to one. The result is a fixed point: folding it again changes nothing.
 * Time O(length); text beyond `lengthMax` UTF-16 units is not read.
 */

/** Cyrillic and Greek letters, lower case, and the Latin letter that they look like. */
const lookalikes: ReadonlyMap<string, string> = new Map(
  Array.from(
    "аaеeоoрpсcуyхxіiѕsјjһhԁdԛqԝwкkмmтtнhвbοoαaνvρpτtιiκkυuχxεeηn".matchAll(/(.)(.)/gu),
    ([, from = "", to = ""]) => [from, to],
  ),
);

const invisible =
  /[\p{Cf}\p{Cc}\p{Me}\u115F\u1160\u3164\uFFA0]|\u034F|[\uFE00-\uFE0F]|[\u{1F3FB}-\u{1F3FF}]|[\u{E0100}-\u{E01EF}]/gu;
const blanks = /[\t\n\v\f\r\p{Z}]+/gu;
const words = /[\p{L}\p{M}\p{N}]+/gu;
const foreign = /[\p{Script=Cyrillic}\p{Script=Greek}]/gu;
const passesMax = 8;

function latin(word: string): string {
  if (!/\p{Script=Latin}/u.test(word)) return word;
  return word.replaceAll(foreign, (letter) => lookalikes.get(letter) ?? letter);
}

function foldOnce(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(blanks, " ")
    .replaceAll(invisible, "")
    .normalize("NFKC")
    .replaceAll(/(\p{Mn}{2})\p{Mn}+/gu, "$1")
    .replaceAll(words, latin)
    .replaceAll(/([^\p{N}])\1{2,}/gu, "$1$1")
    .replaceAll(/ {2,}/gu, " ")
    .trim();
}

/** Without half of a pair of surrogates at the end. */
const cut = (text: string, lengthMax: number): string => text.slice(0, lengthMax).toWellFormed();

/** Folds at most `lengthMax` units of a text; an empty text stays empty. Throws RangeError on a negative length. */
export function foldText(text: string, lengthMax = 20_000): string {
  if (!(lengthMax >= 0)) throw new RangeError(`a length of ${lengthMax}`);
  let now = cut(text, lengthMax);
  // Folding one thing can bring out another; a few passes reach the fixed point.
  for (let pass = 0; pass < passesMax; pass += 1) {
    const next = cut(foldOnce(now), lengthMax);
    if (next === now) return next;
    now = next;
  }
  return now;
}
