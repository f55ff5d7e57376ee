import type { ledger } from "../messages/en-ledger.ts";
import { pageWords } from "../messages/page-words.ts";

export type LedgerWords = typeof ledger;

export const useLedgerWords: () => LedgerWords = pageWords<LedgerWords>({
  en: async () => (await import("../messages/en-ledger.ts")).ledger,
  "zh-CN": async () => (await import("../messages/zh-cn-ledger.ts")).ledger,
});
