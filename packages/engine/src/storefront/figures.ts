import type { Locale } from "./locale.ts";

/** Words of a policy or pack, in both languages. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

export interface Figures {
  count(value: number): string;
  /** At most `digits` decimals. */
  decimal(value: number, digits: number): string;
  signed(value: number): string;
  /** Of parts per million; what is not quite all or nothing never rounds to it. */
  percent(ppm: number): string;
  /** The same with one decimal at least, for columns. */
  share(ppm: number): string;
  range(lowPpm: number, highPpm: number): string;
  /** Of `YYYY-MM-DD`. */
  day(iso: string): string;
  shortDay(iso: string): string;
  month(iso: string): string;
  /** Of an RFC 3339 date-time. */
  moment(iso: string): string;
  plural(value: number, one: string, other: string): string;
  words(words: Words): string;
}

function percentDigits(ppm: number): number {
  const edge = Math.min(ppm, 1_000_000 - ppm);
  if (edge === 0) return 0;
  if (edge < 50) return 4;
  return edge < 500 ? 2 : 1;
}

function makeFigures(locale: Locale): Figures {
  const counts = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const signs = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: "exceptZero" });
  const decimals = [0, 1, 2, 3, 4].map((digits) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }));
  const percents = [0, 1, 2, 3, 4].map(
    (digits) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: digits }),
  );
  const shares = [1, 1, 2, 3, 4].map(
    (most) =>
      new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: most }),
  );
  const dates = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, { timeZone: "UTC", ...options });
  const [days, shortDays, months, moments] = [
    dates({ dateStyle: "medium" }),
    dates({ month: "short", day: "numeric" }),
    dates({ year: "numeric", month: "short" }),
    dates({ dateStyle: "medium", timeStyle: "medium" }),
  ];
  const plurals = new Intl.PluralRules(locale);
  const dated = (format: Intl.DateTimeFormat, iso: string): string => {
    const time = Date.parse(iso);
    return Number.isNaN(time) ? iso : format.format(time);
  };
  const percent = (ppm: number): string => percents[percentDigits(ppm)]?.format(ppm / 1_000_000) ?? "";
  return {
    count: (value) => counts.format(value),
    decimal: (value, digits) => decimals[digits]?.format(value) ?? counts.format(value),
    signed: (value) => signs.format(value),
    percent,
    share: (ppm) => shares[percentDigits(ppm)]?.format(ppm / 1_000_000) ?? "",
    range: (low, high) => `${percent(low)} – ${percent(high)}`,
    day: (iso) => dated(days, iso),
    shortDay: (iso) => dated(shortDays, iso),
    month: (iso) => dated(months, iso),
    moment: (iso) => `${dated(moments, iso)} UTC`,
    plural: (value, one, other) => (plurals.select(value) === "one" ? one : other),
    words: (words) => (locale === "en" ? words.en : words.zh),
  };
}

const made: Record<Locale, Figures> = { "zh-CN": makeFigures("zh-CN"), en: makeFigures("en") };

/** Numbers, percentages, dates and plurals of a language. */
export function figuresFor(locale: Locale): Figures {
  return made[locale];
}
