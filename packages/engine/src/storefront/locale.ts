export const locales = ["zh-CN", "en"] as const;
export type Locale = (typeof locales)[number];

/** Value of `?lang` for a locale. */
export const langOf: Record<Locale, "zh" | "en"> = { "zh-CN": "zh", en: "en" };

function localeOf(tag: string): Locale | undefined {
  const language = tag.trim().toLowerCase().split(/[-_]/)[0];
  if (language === "zh") return "zh-CN";
  return language === "en" ? "en" : undefined;
}

/** Languages of an Accept-Language header, most wanted first; those with q=0 are refused. */
function wanted(header: string): string[] {
  return header
    .slice(0, 1_000)
    .split(",")
    .map((part, place) => {
      const [tag = "", ...rest] = part.split(";");
      const weight = rest.map((item) => /^\s*q=([\d.]+)\s*$/i.exec(item)?.[1]).find((item) => item !== undefined);
      return { tag, place, q: weight === undefined ? 1 : Number(weight) || 0 };
    })
    .filter((item) => item.q > 0)
    .sort((one, other) => other.q - one.q || one.place - other.place)
    .map((item) => item.tag);
}

/** Language of a page: what the link asks for, else what the browser asks for, else English. */
export function pickLocale(lang: string | undefined, acceptLanguage: string | undefined): Locale {
  const asked = lang === undefined ? undefined : localeOf(lang);
  if (asked !== undefined) return asked;
  for (const tag of wanted(acceptLanguage ?? "")) {
    const locale = localeOf(tag);
    if (locale !== undefined) return locale;
  }
  return "en";
}
