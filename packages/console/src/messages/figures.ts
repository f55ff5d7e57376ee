import type { Locale } from "./locale.ts";

/** Words of a policy, a fact or an event, in both languages. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

export interface Figures {
  readonly locale: Locale;
  count(value: number): string;
  /** At most `digits` decimals. */
  decimal(value: number, digits: number): string;
  signed(value: number): string;
  /** Of parts per million; what is not quite all or nothing never rounds to it. */
  percent(ppm: number): string;
  range(lowPpm: number, highPpm: number): string;
  /** Of `YYYY-MM-DD`. */
  day(iso: string): string;
  shortDay(iso: string): string;
  /** Of an RFC 3339 date-time, in the time zone of the reader. */
  moment(iso: string): string;
  plural(value: number, one: string, other: string): string;
  words(words: Words): string;
}

/** Digits that keep 99.996 % from reading 100 %. */
function percentDigits(ppm: number): number {
  const edge = Math.min(ppm, 1_000_000 - ppm);
  if (edge === 0) return 0;
  if (edge < 50) return 4;
  return edge < 500 ? 2 : 1;
}

export function figuresFor(locale: Locale): Figures {
  const counts = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const signs = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: "exceptZero" });
  const decimals = [0, 1, 2, 3].map((digits) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }));
  const percents = [0, 1, 2, 3, 4].map(
    (digits) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: digits }),
  );
  const dates = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, options);
  const days = dates({ dateStyle: "medium", timeZone: "UTC" });
  const shortDays = dates({ month: "short", day: "numeric", timeZone: "UTC" });
  const moments = dates({ dateStyle: "medium", timeStyle: "short" });
  const plurals = new Intl.PluralRules(locale);
  const dated = (format: Intl.DateTimeFormat, iso: string): string => {
    const time = Date.parse(iso);
    return Number.isNaN(time) ? iso : format.format(time);
  };
  const percent = (ppm: number): string => percents[percentDigits(ppm)]?.format(ppm / 1_000_000) ?? "";
  return {
    locale,
    count: (value) => counts.format(value),
    decimal: (value, digits) => decimals[digits]?.format(value) ?? counts.format(value),
    signed: (value) => signs.format(value).replace("-", "−"),
    percent,
    range: (low, high) => `${percent(low)} – ${percent(high)}`,
    day: (iso) => dated(days, iso),
    shortDay: (iso) => dated(shortDays, iso),
    moment: (iso) => dated(moments, iso),
    plural: (value, one, other) => (plurals.select(value) === "one" ? one : other),
    words: (words) => (locale === "en" ? words.en : words.zh),
  };
}
