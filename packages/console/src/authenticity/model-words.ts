import type { models } from "../messages/en-models.ts";
import { pageWords } from "../messages/page-words.ts";

export type ModelWords = typeof models;

export const useModelWords: () => ModelWords = pageWords<ModelWords>({
  en: async () => (await import("../messages/en-models.ts")).models,
  "zh-CN": async () => (await import("../messages/zh-cn-models.ts")).models,
});
