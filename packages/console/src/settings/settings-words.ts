import type { settings } from "../messages/en-settings.ts";
import { pageWords } from "../messages/page-words.ts";

export type SettingsWords = typeof settings;

/** Words of the settings alone. */
export const useSettingsWords: () => SettingsWords = pageWords<SettingsWords>({
  en: async () => (await import("../messages/en-settings.ts")).settings,
  "zh-CN": async () => (await import("../messages/zh-cn-settings.ts")).settings,
});
