import type { policies } from "../messages/en-policies.ts";
import { pageWords } from "../messages/page-words.ts";

export type PolicyWords = typeof policies;

/** Words of the pages on policies alone. */
export const usePolicyWords: () => PolicyWords = pageWords<PolicyWords>({
  en: async () => (await import("../messages/en-policies.ts")).policies,
  "zh-CN": async () => (await import("../messages/zh-cn-policies.ts")).policies,
});
