import { use, useDeferredValue } from "react";
import { patiently } from "../ui/patient-load.ts";
import type { Locale } from "./locale.ts";
import { useVoice } from "./messages.tsx";

/**
 * A hook for words of some pages alone: they come with those pages, so that no other waits for them. Needs Suspense
 * above.
 */
export function pageWords<W>(catalogues: Readonly<Record<Locale, () => Promise<W>>>): () => W {
  const loading = new Map<Locale, Promise<W>>();
  return () => {
    const { locale } = useVoice();
    // Where the language is chosen the page stays until its words are there, and with it the focus.
    const shown = useDeferredValue(locale);
    const known = loading.get(shown) ?? patiently(catalogues[shown]);
    loading.set(shown, known);
    return use(known);
  };
}
