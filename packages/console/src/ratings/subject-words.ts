import type { subjects } from "../messages/en-subjects.ts";
import { pageWords } from "../messages/page-words.ts";

export type SubjectWords = typeof subjects;

/** Words of comparisons and reports. */
export const useSubjectWords: () => SubjectWords = pageWords<SubjectWords>({
  en: async () => (await import("../messages/en-subjects.ts")).subjects,
  "zh-CN": async () => (await import("../messages/zh-cn-subjects.ts")).subjects,
});
