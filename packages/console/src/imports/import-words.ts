import type { imports } from "../messages/en-imports.ts";
import { pageWords } from "../messages/page-words.ts";

export type ImportWords = typeof imports;

/** Words of importing alone. */
export const useImportWords: () => ImportWords = pageWords<ImportWords>({
  en: async () => (await import("../messages/en-imports.ts")).imports,
  "zh-CN": async () => (await import("../messages/zh-cn-imports.ts")).imports,
});
