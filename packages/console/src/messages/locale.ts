export const locales = ["zh-CN", "en"] as const;
export type Locale = (typeof locales)[number];

const storageKey = "probity-locale";

const isLocale = (value: unknown): value is Locale => locales.includes(value as Locale);

/** Language that was chosen, else the first the browser asks for that there is, else English. */
export function pickLocale(kept: string | null, wanted: readonly string[]): Locale {
  if (isLocale(kept)) return kept;
  for (const tag of wanted) {
    const language = tag.toLowerCase().split(/[-_]/)[0];
    if (language === "zh") return "zh-CN";
    if (language === "en") return "en";
  }
  return "en";
}

export function readKept(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export function keepLocale(locale: Locale): void {
  try {
    localStorage.setItem(storageKey, locale);
  } catch {
    // Private windows may forbid storage; the choice then lasts as long as the page.
  }
}
