import type { Parsed } from "./money.ts";

const parts = {
  YYYY: ["year", "\\d{4}"],
  MM: ["month", "\\d{2}"],
  M: ["month", "\\d{1,2}"],
  DD: ["day", "\\d{2}"],
  D: ["day", "\\d{1,2}"],
  HH: ["hour", "\\d{2}"],
  H: ["hour", "\\d{1,2}"],
  mm: ["minute", "\\d{2}"],
  ss: ["second", "\\d{2}"],
  SSS: ["milli", "\\d{3}"],
  Z: ["zone", "Z|[+-]\\d{2}:?\\d{2}"],
} as const;
const tokens = /YYYY|MM|M|DD|D|HH|H|mm|ss|SSS|Z/gu;
const offsetText = /^(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/u;
const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|z|[+-]\d{2}:\d{2})?$/u;
const seconds = /^(-?\d{1,12})(?:\.(\d{1,9}))?$/u;
const millis = /^(-?\d{1,15})(?:\.0+)?$/u;

export function isOffset(text: string): boolean {
  return offsetText.test(text);
}

/** Turns a written time into RFC 3339; the offset is for times that carry none. */
export type TimeReader = (text: string) => Parsed<string>;

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (monthDays[month - 1] ?? 0);
}

/** Digits of each part, as written. */
interface Written {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly fraction: string;
}

function compose(written: Written, offset: string): string | undefined {
  const { year, month, day, hour, minute, second, fraction } = written;
  const exists =
    Number(day) >= 1 &&
    Number(day) <= daysInMonth(Number(year), Number(month)) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60;
  if (!exists) return undefined;
  const clock = `${hour.padStart(2, "0")}:${minute}:${second}${fraction === "" ? "" : `.${fraction}`}`;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}T${clock}${offset}`;
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 40));

function rfc3339Reader(offset: string | undefined): TimeReader {
  return (text) => {
    const match = rfc3339.exec(text.trim());
    if (!match) return { refused: `${shown(text)} is not an RFC 3339 time` };
    const zone = match[8]?.toUpperCase() ?? offset;
    if (zone === undefined) return { refused: `${shown(text)} has no zone; give the mapping a timeZone` };
    const [, year = "", month = "", day = "", hour = "", minute = "", second = "", fraction = ""] = match;
    const value = compose({ year, month, day, hour, minute, second, fraction: fraction.slice(0, 3) }, zone);
    return value === undefined ? { refused: `${shown(text)} is not a time that exists` } : { value };
  };
}

function unixReader(unit: "unix-s" | "unix-ms"): TimeReader {
  return (text) => {
    const match = (unit === "unix-s" ? seconds : millis).exec(text.trim());
    if (!match) return { refused: `${shown(text)} is not a time in ${unit}` };
    const ms =
      unit === "unix-s"
        ? Number(match[1]) * 1_000 + Number((match[2] ?? "").padEnd(3, "0").slice(0, 3))
        : Number(match[1]);
    const date = new Date(ms);
    const year = date.getUTCFullYear();
    if (!(year >= 0 && year <= 9_999)) return { refused: `${shown(text)} is not a time in ${unit}` };
    return { value: date.toISOString().replace(".000Z", "Z") };
  };
}

/** Whether a pattern names at least year, month and day, once each. */
export function isTimePattern(pattern: string): boolean {
  const names = [...pattern.matchAll(tokens)].map(([token]) => parts[token as keyof typeof parts][0]);
  return (
    new Set(names).size === names.length &&
    (["year", "month", "day"] as const).every((name) => names.includes(name)) &&
    !/[A-Za-z]/u.test(pattern.replace(tokens, "").replace("T", ""))
  );
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/gu, "\\$&");

function patternReader(pattern: string, offset: string): TimeReader {
  const at: Partial<Record<(typeof parts)[keyof typeof parts][0], number>> = {};
  let source = "";
  let end = 0;
  let groups = 0;
  for (const match of pattern.matchAll(tokens)) {
    const [name, digits] = parts[match[0] as keyof typeof parts];
    source += `${literal(pattern.slice(end, match.index))}(${digits})`;
    at[name] = ++groups;
    end = match.index + match[0].length;
  }
  const expression = new RegExp(`^${source}${literal(pattern.slice(end))}$`, "u");
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milli = 0, zone = 0 } = at;
  return (text) => {
    const match = expression.exec(text.trim());
    if (!match) return { refused: `${shown(text)} is not a time like ${pattern}` };
    const part = (group: number, otherwise: string): string => (group === 0 ? otherwise : (match[group] ?? otherwise));
    const written = {
      year: part(year, ""),
      month: part(month, ""),
      day: part(day, ""),
      hour: part(hour, "00"),
      minute: part(minute, "00"),
      second: part(second, "00"),
      fraction: part(milli, ""),
    };
    const own = part(zone, offset).replace(/^([+-]\d{2})(\d{2})$/u, "$1:$2");
    const value = isOffset(own) ? compose(written, own) : undefined;
    return value === undefined ? { refused: `${shown(text)} is not a time that exists` } : { value };
  };
}

/** Reader of `rfc3339`, `unix-s`, `unix-ms` or a pattern of YYYY MM M DD D HH H mm ss SSS Z. */
export function timeReader(format: string, offset: string | undefined): TimeReader {
  if (format === "rfc3339") return rfc3339Reader(offset);
  if (format === "unix-s" || format === "unix-ms") return unixReader(format);
  return patternReader(format, offset ?? "Z");
}
