import type { shortcuts } from "../messages/en-shortcuts.ts";
import { pageWords } from "../messages/page-words.ts";

export type ShortcutWords = typeof shortcuts;

export const useShortcutWords: () => ShortcutWords = pageWords<ShortcutWords>({
  en: async () => (await import("../messages/en-shortcuts.ts")).shortcuts,
  "zh-CN": async () => (await import("../messages/zh-cn-shortcuts.ts")).shortcuts,
});
