import { use } from "react";
import type { imports } from "../messages/en-imports.ts";
import type { Locale } from "../messages/locale.ts";
import { useVoice } from "../messages/messages.tsx";

export type ImportWords = typeof imports;

const catalogues: Readonly<Record<Locale, () => Promise<{ readonly imports: ImportWords }>>> = {
  en: () => import("../messages/en-imports.ts"),
  "zh-CN": () => import("../messages/zh-cn-imports.ts"),
};
const loading = new Map<Locale, Promise<ImportWords>>();

async function load(locale: Locale): Promise<ImportWords> {
  return (await catalogues[locale]()).imports;
}

/** Words of this page alone: they come with it, so that no other page waits for them. Needs Suspense above. */
export function useImportWords(): ImportWords {
  const { locale } = useVoice();
  const known = loading.get(locale) ?? load(locale);
  loading.set(locale, known);
  return use(known);
}
