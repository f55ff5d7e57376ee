import type { activity } from "../messages/en-activity.ts";
import { pageWords } from "../messages/page-words.ts";

export type ActivityWords = typeof activity;

export const useActivityWords: () => ActivityWords = pageWords<ActivityWords>({
  en: async () => (await import("../messages/en-activity.ts")).activity,
  "zh-CN": async () => (await import("../messages/zh-cn-activity.ts")).activity,
});
