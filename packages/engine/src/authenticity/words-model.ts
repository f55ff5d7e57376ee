import { createHash } from "node:crypto";
import { type GramRules, type GramSpace, gramSpace } from "@probity/kernels/text/hashed-grams";
import { z } from "zod";

export const wordsTextCharsMax = 2_000;
const gramsMax = 6_000;
const bitsMin = 4;
const bitsMax = 20;

/** A linear table in whole numbers: logit · 1024 = intercept + Σ weight · scale / (256 · √columns seen). */
export interface WordsTableFile {
  /** 2^bits weights stand in the table; columns are taken modulo that. */
  readonly bits: number;
  readonly scale: number;
  readonly intercept: number;
  /** Base64 of signed bytes. */
  readonly weights: string;
}

export interface WordsSectionFile {
  readonly grams: {
    readonly charsFrom: number;
    readonly charsTo: number;
    readonly wordsFrom: number;
    readonly wordsTo: number;
    readonly bits: number;
  };
  readonly sentiment?: WordsTableFile | undefined;
  readonly topics: {
    readonly delivery?: WordsTableFile | undefined;
    readonly quality?: WordsTableFile | undefined;
    readonly described?: WordsTableFile | undefined;
    readonly service?: WordsTableFile | undefined;
    readonly price?: WordsTableFile | undefined;
  };
}

/** The file of a model: tables by language, and those for texts of signs alone. */
export interface WordsModelFile {
  readonly format: "probity-words-1";
  /** What it was trained on, in a sentence. */
  readonly about: string;
  readonly sections: {
    readonly zh?: WordsSectionFile | undefined;
    readonly en?: WordsSectionFile | undefined;
    readonly other?: WordsSectionFile | undefined;
    readonly signs?: WordsSectionFile | undefined;
  };
}

const bitsField = z.int().min(bitsMin).max(bitsMax);
const sizeField = z.int().min(0).max(8);
const table = z
  .strictObject({
    bits: bitsField,
    scale: z
      .int()
      .min(0)
      .max(2 ** 24),
    intercept: z.int().min(-65_536).max(65_536),
    weights: z.string().max(4 * Math.ceil(2 ** bitsMax / 3)),
  })
  .optional();
const section = z
  .strictObject({
    grams: z.strictObject({
      charsFrom: sizeField,
      charsTo: sizeField,
      wordsFrom: sizeField,
      wordsTo: sizeField,
      bits: bitsField,
    }),
    sentiment: table,
    topics: z.strictObject({ delivery: table, quality: table, described: table, service: table, price: table }),
  })
  .optional();
const fileSchema: z.ZodType<WordsModelFile> = z.strictObject({
  format: z.literal("probity-words-1"),
  about: z.string().min(1).max(500),
  sections: z.strictObject({ zh: section, en: section, other: section, signs: section }),
});

export interface WordsTable {
  readonly weights: Int8Array;
  readonly mask: number;
  readonly scale: number;
  readonly intercept: number;
}

interface WordsSection {
  readonly space: GramSpace;
  readonly sentiment: WordsTable | undefined;
  readonly topics: { readonly [topic in keyof WordsSectionFile["topics"]]?: WordsTable | undefined };
}

/** A model ready to read with. It holds room to read in: one text at a time. */
export interface WordsModel {
  /** SHA-256 of the canonical file, hexadecimal. */
  readonly id: string;
  readonly about: string;
  readonly sections: { readonly [section in keyof WordsModelFile["sections"]]?: WordsSection | undefined };
}

/** A model file breaks a rule; the message says where and which. */
export class WordsModelError extends Error {
  constructor(message: string) {
    super(`The words model is broken: ${message}`);
    this.name = "WordsModelError";
  }
}

/** What readers and trainers of a section have to agree on. */
export function wordsGramRules(grams: WordsSectionFile["grams"]): GramRules {
  return { ...grams, textCharsMax: wordsTextCharsMax, gramsMax };
}

function openTable(file: WordsTableFile | undefined, bits: number, place: string): WordsTable | undefined {
  if (file === undefined) return undefined;
  if (file.bits > bits) throw new WordsModelError(`${place} has 2^${file.bits} weights for 2^${bits} columns`);
  const bytes = Buffer.from(file.weights, "base64");
  if (bytes.length !== 2 ** file.bits)
    throw new WordsModelError(`${place} holds ${bytes.length} weights where ${2 ** file.bits} belong`);
  if (bytes.toString("base64") !== file.weights) throw new WordsModelError(`${place} is not plain base64`);
  const weights = new Int8Array(bytes);
  return { weights, mask: weights.length - 1, scale: file.scale, intercept: file.intercept };
}

function openSection(file: WordsSectionFile | undefined, place: string): WordsSection | undefined {
  if (file === undefined) return undefined;
  const { bits } = file.grams;
  const topicTable = (topic: keyof WordsSectionFile["topics"]): WordsTable | undefined =>
    openTable(file.topics[topic], bits, `${place}.topics.${topic}`);
  let space: GramSpace;
  try {
    space = gramSpace(wordsGramRules(file.grams));
  } catch (error) {
    throw new WordsModelError(`${place}.grams: ${(error as Error).message}`);
  }
  return {
    space,
    sentiment: openTable(file.sentiment, bits, `${place}.sentiment`),
    topics: {
      delivery: topicTable("delivery"),
      quality: topicTable("quality"),
      described: topicTable("described"),
      service: topicTable("service"),
      price: topicTable("price"),
    },
  };
}

/** Keys in order, so that the same model has the same id however its file was written. */
function canonical(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, part]) => [key, canonical(part)]),
  );
}

/** Opens a parsed file. Throws WordsModelError that names the first place which is wrong. */
export function openWordsModel(file: unknown): WordsModel {
  const parsed = fileSchema.safeParse(file);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new WordsModelError(`${issue?.path.join(".") || "the file"}: ${issue?.message ?? "unreadable"}`);
  }
  const { sections, about } = parsed.data;
  return {
    id: createHash("sha256")
      .update(JSON.stringify(canonical(parsed.data)))
      .digest("hex"),
    about,
    sections: {
      zh: openSection(sections.zh, "sections.zh"),
      en: openSection(sections.en, "sections.en"),
      other: openSection(sections.other, "sections.other"),
      signs: openSection(sections.signs, "sections.signs"),
    },
  };
}
