import type { overview } from "../messages/en-overview.ts";
import { pageWords } from "../messages/page-words.ts";

export type OverviewWords = typeof overview;

/** Words of the page on what changed, and of what else counts moves between grades. */
export const useOverviewWords: () => OverviewWords = pageWords<OverviewWords>({
  en: async () => (await import("../messages/en-overview.ts")).overview,
  "zh-CN": async () => (await import("../messages/zh-cn-overview.ts")).overview,
});
