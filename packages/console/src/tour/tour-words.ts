import type { tour } from "../messages/en-tour.ts";
import { pageWords } from "../messages/page-words.ts";

export type TourWords = typeof tour;

export const useTourWords: () => TourWords = pageWords<TourWords>({
  en: async () => (await import("../messages/en-tour.ts")).tour,
  "zh-CN": async () => (await import("../messages/zh-cn-tour.ts")).tour,
});
