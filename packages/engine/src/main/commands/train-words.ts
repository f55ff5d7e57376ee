import { mix32 } from "@probity/kernels/sketch/mix";
import { foldText } from "@probity/kernels/text/fold";
import { simulate } from "@probity/simulator";
import { type Language, languageOf } from "../../authenticity/words-language.ts";
import type { WordsModelFile, WordsSectionFile, WordsTableFile } from "../../authenticity/words-model.ts";
import { trainTable, wordsRows } from "../../authenticity/words-training.ts";
import { type WordsTopic, wordsTopics } from "../../authenticity/words.ts";
import type { LabelledTexts } from "./labelled-texts.ts";
import { type MadeText, madeSigns, madeText } from "./training-phrases.ts";
import { UsageError } from "./usage.ts";

type Tell = (line: string) => void;
type Draw = (count: number) => number;

/** What one language, or texts of signs, is learnt from. */
interface Lesson {
  readonly texts: string[];
  readonly praise: (0 | 1 | undefined)[];
  readonly topics: (ReadonlySet<WordsTopic> | undefined)[];
}

/** Chinese by its signs, other languages by their words. */
const sizesOf = (language: Language | "signs"): Omit<WordsSectionFile["grams"], "bits"> =>
  language === "zh" || language === "signs"
    ? { charsFrom: 1, charsTo: 2, wordsFrom: 0, wordsTo: 0 }
    : { charsFrom: 0, charsTo: 0, wordsFrom: 1, wordsTo: 2 };

/** Fewer labels of either kind teach nothing that would hold. */
const labelsMin = 50;
/** Unlabelled texts beyond are not learnt from: they cost time and add little. */
const unlabelledMax = 30_000;
const topicBits = 12;
const defaultBits = 15;
const signBits = 9;
const madeTexts = 40_000;
/** Phrases made by rule are told apart without a doubt; people's are not. */
const madeSlopeMax = 1.5;

const emptyLesson = (): Lesson => ({ texts: [], praise: [], topics: [] });

function add(
  lesson: Lesson,
  text: string,
  praise: 0 | 1 | undefined,
  topics: ReadonlySet<WordsTopic> | undefined,
): void {
  lesson.texts.push(text);
  lesson.praise.push(praise);
  lesson.topics.push(topics);
}

/** Rows with an answer, as labels and places; undefined where either answer is too rare. */
function answered(
  answers: readonly (0 | 1 | undefined)[],
): { labels: Uint8Array; places: Int32Array; open: Int32Array } | undefined {
  const labels = Uint8Array.from(answers, (answer) => answer ?? 0);
  const all = Array.from(answers.keys());
  const places = Int32Array.from(all.filter((row) => answers[row] !== undefined));
  const open = Int32Array.from(all.filter((row) => answers[row] === undefined).slice(0, unlabelledMax));
  const positives = places.reduce((sum, row) => sum + (labels[row] ?? 0), 0);
  return Math.min(positives, places.length - positives) < labelsMin ? undefined : { labels, places, open };
}

interface Settings {
  readonly seed: number;
  readonly bits: number;
  readonly slopeMax?: number;
}

/** Tables of one section; those that the lesson has no answers for are the base's. */
function trainSection(
  name: Language | "signs",
  lesson: Lesson,
  base: WordsSectionFile | undefined,
  { bits, ...rest }: Settings,
  tell: Tell,
): WordsSectionFile | undefined {
  const sentiment = answered(lesson.praise);
  const topics = wordsTopics.map((topic) => ({
    topic,
    answers: answered(lesson.topics.map((named) => (named === undefined ? undefined : named.has(topic) ? 1 : 0))),
  }));
  if (sentiment === undefined && topics.every(({ answers }) => answers === undefined)) return base;
  const grams = { ...sizesOf(name), bits: Math.max(bits, base?.grams.bits ?? 0) };
  const rows = wordsRows(lesson.texts, grams);
  const learn = (found: NonNullable<typeof sentiment>, width: number, what: string): WordsTableFile => {
    tell(`${name}, ${what}: ${found.places.length} texts with an answer, ${found.open.length} without`);
    const task = { rows, labels: found.labels, places: found.places, bits: width, ...rest };
    return trainTable(what === "feeling" ? { ...task, unlabelled: found.open } : task);
  };
  const made: { -readonly [topic in WordsTopic]?: WordsTableFile | undefined } = { ...base?.topics };
  for (const { topic, answers } of topics)
    if (answers !== undefined) made[topic] = learn(answers, Math.min(bits, topicBits), topic);
  return {
    grams,
    ...(sentiment === undefined ? { sentiment: base?.sentiment } : { sentiment: learn(sentiment, bits, "feeling") }),
    topics: made,
  };
}

/** What the simulator's shoppers write: stars tell the feeling. */
function simulatedLessons(seed: number): Record<"zh" | "en", Lesson> {
  const lessons = { zh: emptyLesson(), en: emptyLesson() };
  for (const event of simulate({ seed, merchants: 150, orders: 20_000, days: 200, endDay: 20_700 })) {
    if (event.type !== "review.posted") continue;
    const { stars, text } = event.data;
    if (text === undefined || stars === 3) continue;
    const { language } = languageOf(foldText(text));
    if (language !== "other") add(lessons[language], text, stars > 3 ? 1 : 0, undefined);
  }
  return lessons;
}

/** The model that comes with Probity: from the simulator's reviews and made-up phrases alone. */
export function trainDefaultWords(seed: number, tell: Tell): WordsModelFile {
  const lessons = simulatedLessons(seed);
  tell(`Simulated reviews: ${lessons.zh.texts.length} Chinese, ${lessons.en.texts.length} English`);
  let drawn = 0;
  const draw: Draw = (count) => mix32((drawn += 1), seed) % count;
  const teach = (lesson: Lesson, { text, isPraise, topics }: MadeText): void =>
    add(lesson, text, isPraise ? 1 : 0, topics);
  const signs = emptyLesson();
  for (let turn = 0; turn < madeTexts; turn += 1) {
    teach(lessons.zh, madeText("zh", draw));
    teach(lessons.en, madeText("en", draw));
    if (turn % 10 === 0) teach(signs, madeSigns(draw));
  }
  const settings = { seed, bits: defaultBits, slopeMax: madeSlopeMax };
  return {
    format: "probity-words-1",
    about: "Made-up phrases and simulated reviews in Chinese and English; no text that a person wrote in a shop.",
    sections: {
      zh: trainSection("zh", lessons.zh, undefined, settings, tell),
      en: trainSection("en", lessons.en, undefined, settings, tell),
      signs: trainSection("signs", signs, undefined, { ...settings, bits: signBits }, tell),
    },
  };
}

/**
 * A model learnt from people's texts: each language that has enough labels gets tables of its own, the rest is the base's.
 * Texts without a label help to learn the words of their category. Throws UsageError where no language has enough.
 */
export function trainWordsOn(
  data: LabelledTexts,
  base: WordsModelFile,
  settings: Settings,
  tell: Tell,
): WordsModelFile {
  const lessons = { zh: emptyLesson(), en: emptyLesson(), other: emptyLesson() };
  const found = data.texts.map((text) => languageOf(foldText(text)).language);
  const countOf = (language: Language): number => found.filter((one) => one === language).length;
  // Short texts of another language in Latin letters pass for English: where that language prevails, they are its own.
  const latin = countOf("other") > countOf("en") ? "other" : "en";
  data.texts.forEach((text, row) => {
    const language = found[row] === "en" ? latin : (found[row] ?? "other");
    add(lessons[language], text, data.praise[row], data.topics[row]);
  });
  const section = (name: Language): WordsSectionFile | undefined =>
    trainSection(name, lessons[name], base.sections[name], settings, tell);
  const sections = { ...base.sections, zh: section("zh"), en: section("en"), other: section("other") };
  if (sections.zh === base.sections.zh && sections.en === base.sections.en && sections.other === base.sections.other)
    throw new UsageError(`No language has ${labelsMin} texts of either answer to a question`);
  return {
    format: "probity-words-1",
    about: `${data.texts.length} texts of a folder; what they do not answer is from: ${base.about}`.slice(0, 500),
    sections,
  };
}
