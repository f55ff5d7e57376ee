import type { log } from "../messages/en-log.ts";
import { pageWords } from "../messages/page-words.ts";

export type LogWords = typeof log;

/** Words of the public log, and of what is checked by it. */
export const useLogWords: () => LogWords = pageWords<LogWords>({
  en: async () => (await import("../messages/en-log.ts")).log,
  "zh-CN": async () => (await import("../messages/zh-cn-log.ts")).log,
});
