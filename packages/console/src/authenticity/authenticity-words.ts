import type { authenticity } from "../messages/en-authenticity.ts";
import { pageWords } from "../messages/page-words.ts";

export type AuthenticityWords = typeof authenticity;

/** Words of the desk; those of models stand apart. */
export const useAuthenticityWords: () => AuthenticityWords = pageWords<AuthenticityWords>({
  en: async () => (await import("../messages/en-authenticity.ts")).authenticity,
  "zh-CN": async () => (await import("../messages/zh-cn-authenticity.ts")).authenticity,
});
