import file from "./models/words-default.json" with { type: "json" };
import type { WordReader } from "./text-marks.ts";
import { openWordsModel, type WordsModel } from "./words-model.ts";
import { wordsReader } from "./words.ts";

/** The models of words that come with the package. */
export const defaultWordsModel: WordsModel = openWordsModel(file);

/** Reads words by the model that comes with the package. */
export function defaultWordReader(): WordReader {
  return wordsReader(defaultWordsModel);
}
