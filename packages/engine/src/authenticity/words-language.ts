export const languages = ["zh", "en", "other"] as const;
export type Language = (typeof languages)[number];

const letters = /\p{L}/gu;
const han = /\p{Script=Han}/gu;
const kanaOrHangul = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const basicLatin = /[a-z]/gu;

/** Small words that are frequent in one language of Latin letters and rare in English. */
const foreignWords = new Set(
  "bom boa ótimo otimo gostei recebi comprei ainda prazo tudo antes nao que não muito foi produto para uma com meu minha chegou entrega el los las por con una muy pero producto llegó le buena buen bueno calidad gracias les des est pas une dans très avec je der die das und ist nicht mit ich sehr auf il che non è una sono molto per di da nel het een niet ik voor heel gut schnell w nie na jest się bardzo".split(
    " ",
  ),
);
const englishWords = new Set(
  "the a an and is was are were it this that i my not of to in for with very good great bad but on have has had you they we so as be at from would".split(
    " ",
  ),
);
const latinWords = /[\p{Script=Latin}\p{M}]+/gu;
const signsReadMax = 2_000;
/** A Han sign says about as much as this many letters. */
const hanWorth = 3;

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/**
 * The language of a folded text, by its letters: Chinese where Han signs outweigh the others and few are kana or Hangul,
 * English where most are a to z and no other language's small words are more frequent than English ones. A text
 * without letters is of no language.
 */
export function languageOf(folded: string): { readonly language: Language; readonly hasLetters: boolean } {
  const text = folded.slice(0, signsReadMax);
  const all = countOf(text, letters);
  if (all === 0) return { language: "other", hasLetters: false };
  const hanCount = countOf(text, han);
  if (hanWorth * hanCount >= all - hanCount && 4 * countOf(text, kanaOrHangul) < hanCount)
    return { language: "zh", hasLetters: true };
  const latinCount = countOf(text, basicLatin);
  if (2 * latinCount < all || 4 * (all - latinCount) > all) return { language: "other", hasLetters: true };
  let [english, foreign] = [0, 0];
  for (const word of text.match(latinWords) ?? []) {
    if (englishWords.has(word)) english += 1;
    else if (foreignWords.has(word)) foreign += 1;
  }
  const marked = all - latinCount - hanCount;
  return { language: foreign > english || (english === 0 && 25 * marked > all) ? "other" : "en", hasLetters: true };
}
