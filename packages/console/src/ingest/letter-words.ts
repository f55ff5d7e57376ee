import type { letters } from "../messages/en-letters.ts";
import { pageWords } from "../messages/page-words.ts";

export type LetterWords = typeof letters;

/** Words of events that were refused. */
export const useLetterWords: () => LetterWords = pageWords<LetterWords>({
  en: async () => (await import("../messages/en-letters.ts")).letters,
  "zh-CN": async () => (await import("../messages/zh-cn-letters.ts")).letters,
});
