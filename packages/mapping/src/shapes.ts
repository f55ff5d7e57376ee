import { currencies } from "@probity/contract";
import { timeReader } from "./times.ts";

/** What the cells of a column look like. */
export interface Shape {
  readonly kind:
    | "empty"
    | "time"
    | "currency"
    | "boolean"
    | "integer"
    | "decimal"
    | "word"
    | "id"
    | "text"
    | "list"
    | "mixed";
  /** Of a time; of a whole number that could be a time since 1970. */
  readonly format?: string;
  /** Another format that all times would fit: day and month may be the other way round. */
  readonly otherFormat?: string;
  /** Times carry their offset. */
  readonly zoned?: boolean;
  readonly decimal?: "." | ",";
  readonly min?: number;
  readonly max?: number;
  /** Different words, where there are few. */
  readonly words?: readonly string[];
}

const formats = [
  "rfc3339",
  "YYYY-MM-DD HH:mm:ss",
  "YYYY-MM-DD HH:mm:ss.SSS",
  "YYYY-MM-DD HH:mm:ss Z",
  "YYYY-MM-DD H:mm",
  "YYYY-MM-DD",
  "YYYY/M/D H:mm:ss",
  "YYYY/M/D H:mm",
  "YYYY/M/D",
  "YYYY年M月D日 H:mm:ss",
  "YYYY年M月D日 H:mm",
  "YYYY年M月D日",
  "YYYY.M.D H:mm:ss",
  "YYYY.M.D",
  "M/D/YYYY H:mm:ss",
  "M/D/YYYY H:mm",
  "M/D/YYYY",
  "D/M/YYYY H:mm:ss",
  "D/M/YYYY H:mm",
  "D/M/YYYY",
  "D.M.YYYY H:mm:ss",
  "D.M.YYYY H:mm",
  "D.M.YYYY",
] as const;

/** Beyond this share of cells that fit, the rest is taken for slips that will be rejected one by one. */
const fitShare = 0.9;
const wordsMax = 12;
const wordChars = 40;
const idChars = 128;

const fits = (values: readonly string[], test: (value: string) => boolean): boolean =>
  values.filter(test).length >= values.length * fitShare;

function timeShape(values: readonly string[]): Shape | undefined {
  const found = formats.filter((format) => {
    const read = timeReader(format, "Z");
    return fits(values, (value) => "value" in read(value));
  });
  const [format, otherFormat] = found;
  if (format === undefined) return undefined;
  const zoned =
    format.endsWith("Z") ||
    (format === "rfc3339" && fits(values, (value) => /(?:[zZ]|[+-]\d\d:\d\d)$/u.test(value.trim())));
  return { kind: "time", format, zoned, ...(otherFormat === undefined ? {} : { otherFormat }) };
}

const wholeNumber = /^[+-]?\d{1,15}(?:\.0*)?$/u;
const money = /^[+-]?\d[\d.,]*$/u;

/** Sign between whole and fraction: the last of "." and "," that is not followed by just three digits. */
function decimalOf(values: readonly string[]): "." | "," {
  const commas = values.filter((value) => /,\d{1,2}$/u.test(value)).length;
  const points = values.filter((value) => /\.\d{1,2}$/u.test(value)).length;
  return commas > points ? "," : ".";
}

function integerShape(values: readonly string[]): Shape {
  const numbers = values.filter((value) => wholeNumber.test(value)).map(Number);
  const min = numbers.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const max = numbers.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  // 2001 to 2100, in seconds or in milliseconds.
  const since = (unit: number): boolean => min >= 978_307_200 * unit && max <= 4_102_444_800 * unit;
  const format = since(1) ? "unix-s" : since(1_000) ? "unix-ms" : undefined;
  return { kind: "integer", min, max, ...(format === undefined ? {} : { format, zoned: true }) };
}

const booleans = new Set(["true", "false", "yes", "no", "y", "n", "是", "否"]);

/** Shape of the cells of one column; empty cells say nothing. */
export function shapeOf(cells: readonly unknown[]): Shape {
  const filled = cells.filter((cell) => cell !== undefined && cell !== null && cell !== "");
  if (filled.length === 0) return { kind: "empty" };
  if (filled.some((cell) => typeof cell === "object" && !(cell instanceof Date))) return { kind: "list" };
  if (filled.every((cell) => cell instanceof Date)) return { kind: "time", format: "rfc3339", zoned: true };
  const values = filled.map((cell) => (cell instanceof Date ? cell.toISOString() : String(cell).trim()));
  const distinct = new Set(values);
  const few = distinct.size <= wordsMax && [...distinct].every((value) => value.length <= wordChars);
  const words = few && (distinct.size * 2 <= values.length || values.length < 10) ? [...distinct] : undefined;
  if (fits(values, (value) => Object.hasOwn(currencies, value))) return { kind: "currency" };
  if (fits(values, (value) => booleans.has(value.toLowerCase()))) return { kind: "boolean", words: [...distinct] };
  if (fits(values, (value) => wholeNumber.test(value))) return { ...integerShape(values), ...(words ? { words } : {}) };
  const time = timeShape(values);
  if (time) return time;
  if (fits(values, (value) => money.test(value))) return { kind: "decimal", decimal: decimalOf(values) };
  if (words) return { kind: "word", words };
  if (fits(values, (value) => value.length <= idChars && !/\s/u.test(value)) && distinct.size * 2 > values.length) {
    return { kind: "id" };
  }
  return { kind: values.length > 0 && fits(values, (value) => value.length > 0) ? "text" : "mixed" };
}
