import { eventDefinition } from "@probity/contract";
import { type Cells, eventProblem, type ImportEvent, type ImportItem, type Place, type RowItem } from "./import.ts";
import type { EventRule, Mapping } from "./mapping.ts";
import type { ColumnValue, Condition, Fields, MoneyRule, Scalar, Value } from "./mapping-values.ts";
import { minorUnits } from "./money.ts";
import { timeReader, type TimeReader } from "./times.ts";

/** Says why a row gives no event; the first reason counts. */
interface Refusals {
  column: string;
  reason: string | undefined;
}

/** Undefined when the row has nothing for it. */
type Maker = (cells: Cells, refusals: Refusals) => unknown;

function refuse(refusals: Refusals, column: string, reason: string): undefined {
  if (refusals.reason === undefined) {
    refusals.column = column;
    refusals.reason = reason;
  }
  return undefined;
}

/** A cell by its column; a dot goes into nested objects. */
function cellOf(cells: Cells, column: string): unknown {
  if (Object.hasOwn(cells, column)) return cells[column];
  let found: unknown = cells;
  for (const name of column.includes(".") ? column.split(".") : []) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Cells)[name];
  }
  return found === cells ? undefined : found;
}

/** Text of a plain cell; undefined for an empty one, null for one that is not plain. */
function plainText(value: unknown): string | undefined | null {
  switch (typeof value) {
    case "string":
      return value === "" ? undefined : value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "undefined":
      return undefined;
    default:
      if (value === null) return undefined;
      return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : null;
  }
}

function cellText(cells: Cells, column: string, refusals: Refusals): string | undefined {
  const text = plainText(cellOf(cells, column));
  return text === null ? refuse(refusals, column, "is a list or an object") : text;
}

type Convert = (text: string, cells: Cells, refusals: Refusals) => unknown;

function integerOf(column: string): Convert {
  return (text, _cells, refusals) => {
    const match = /^([+-]?\d{1,15})(?:\.0*)?$/u.exec(text.trim());
    return match
      ? Number(match[1]) + 0
      : refuse(refusals, column, `${JSON.stringify(text.slice(0, 40))} is not a whole number`);
  };
}

const yes = ["true", "1", "yes", "y"];
const no = ["false", "0", "no", "n"];
const words = (list: readonly Scalar[]): ReadonlySet<string> => new Set(list.map((word) => String(word).toLowerCase()));

/** Own words for true alone make everything else false, and the other way round. */
function booleanOf(value: ColumnValue): Convert {
  const isTrue = words(value.true ?? (value.false ? [] : yes));
  const isFalse = words(value.false ?? (value.true ? [] : no));
  return (text, _cells, refusals) => {
    const word = text.trim().toLowerCase();
    if (isTrue.has(word)) return true;
    if (isFalse.has(word)) return false;
    if (value.true && !value.false) return false;
    if (value.false && !value.true) return true;
    return refuse(refusals, value.column, `${JSON.stringify(text.slice(0, 40))} is neither true nor false`);
  };
}

function moneyOf(value: ColumnValue, rule: MoneyRule | undefined): Convert {
  const currency = value.currency ?? rule?.currency ?? "";
  const form = {
    unit: value.unit ?? rule?.unit ?? "major",
    ...(rule?.decimal === undefined ? {} : { decimal: rule.decimal }),
  };
  return (text, cells, refusals) => {
    const code = typeof currency === "string" ? currency : (cellText(cells, currency.column, refusals) ?? "").trim();
    const amount = minorUnits(text, code, form);
    return "value" in amount ? amount.value : refuse(refusals, value.column, amount.refused);
  };
}

function timeOf(column: string, read: TimeReader, chars?: number): Convert {
  return (text, _cells, refusals) => {
    const time = read(text);
    return "value" in time ? time.value.slice(0, chars) : refuse(refusals, column, time.refused);
  };
}

function converter(value: ColumnValue, mapping: Mapping): Convert | undefined {
  switch (value.as) {
    case "integer":
      return integerOf(value.column);
    case "boolean":
      return booleanOf(value);
    case "money":
      return moneyOf(value, mapping.money);
    case "time":
      return timeOf(value.column, timeReader(value.format ?? "rfc3339", mapping.timeZone));
    case "date":
      return timeOf(value.column, timeReader(value.format ?? "YYYY-MM-DD", mapping.timeZone), 10);
    default:
      return undefined;
  }
}

function columnMaker(value: ColumnValue, mapping: Mapping): Maker {
  const { column, map, otherwise } = value;
  const table = map && new Map(Object.entries(map));
  const convert = converter(value, mapping);
  return (cells, refusals) => {
    const text = cellText(cells, column, refusals);
    if (text === undefined) return refusals.reason === undefined ? otherwise : undefined;
    let found: Scalar = text;
    if (table) {
      const mapped = table.get(text) ?? table.get(text.trim()) ?? otherwise;
      if (mapped === undefined)
        return refuse(refusals, column, `${JSON.stringify(text.slice(0, 40))} is not in the map`);
      found = mapped;
    }
    return convert ? convert(String(found), cells, refusals) : found;
  };
}

/** Fills `{column}` places; every one must have a value. */
function templateMaker(template: string): (cells: Cells, refusals: Refusals) => string | undefined {
  const parts = template.split(/\{([^{}]*)\}/u);
  return (cells, refusals) => {
    let made = "";
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at] ?? "";
      const text = at % 2 === 0 ? part : cellText(cells, part, refusals);
      if (text === undefined) return refuse(refusals, part, "is empty");
      made += text;
    }
    return made;
  };
}

function optionalTemplate(template: string): Maker {
  const make = templateMaker(template);
  // A text of which a part is missing is left out; whether that is allowed, the schema says.
  return (cells) => make(cells, { column: "", reason: undefined });
}

function eachMaker(column: string, item: Maker): Maker {
  return (cells, refusals) => {
    const list = cellOf(cells, column);
    if (list === undefined || list === null) return undefined;
    if (!Array.isArray(list)) return refuse(refusals, column, "is not a list");
    return list.map((element: unknown) =>
      typeof element === "object" && element !== null
        ? item({ ...cells, ...element }, refusals)
        : refuse(refusals, column, "must hold objects"),
    );
  };
}

function valueMaker(value: Value, mapping: Mapping): Maker {
  if ("column" in value) return columnMaker(value, mapping);
  if ("const" in value) return () => value.const;
  if ("text" in value) return optionalTemplate(value.text);
  if ("object" in value) return fieldsMaker(value.object, mapping);
  if ("each" in value) return eachMaker(value.each, fieldsMaker(value.item, mapping));
  const entries = value.list.map((fields) => fieldsMaker(fields, mapping));
  return (cells, refusals) => entries.map((make) => make(cells, refusals)).filter((made) => made !== undefined);
}

/** An object of its fields; undefined when the row has none of them. */
function fieldsMaker(fields: Fields, mapping: Mapping): Maker {
  const makers = Object.entries(fields).map(([name, value]) => [name, valueMaker(value, mapping)] as const);
  return (cells, refusals) => {
    const made: Record<string, unknown> = {};
    let any = false;
    for (const [name, make] of makers) {
      const value = make(cells, refusals);
      if (value === undefined) continue;
      made[name] = value;
      any = true;
    }
    return any ? made : undefined;
  };
}

function conditionTest({ column, is, not, present }: Condition): (cells: Cells) => boolean {
  const wanted = is === undefined ? undefined : new Set([is].flat().map(String));
  const unwanted = not === undefined ? undefined : new Set([not].flat().map(String));
  return (cells) => {
    const value = cellOf(cells, column);
    const text = plainText(value) ?? "";
    if (wanted && !wanted.has(text)) return false;
    if (unwanted?.has(text)) return false;
    return present === undefined || present === !(value === undefined || value === null || value === "");
  };
}

/** The column that a top-level field comes from, so that a reject names what a person can look up. */
function columnOf(fields: Fields, path: string): string | undefined {
  const value = fields[path.split(".")[1] ?? ""];
  return value && "column" in value ? value.column : undefined;
}

type RuleMaker = (cells: Cells, place: Place) => ImportItem | undefined;

function ruleMaker(rule: EventRule, index: number, mapping: Mapping): RuleMaker {
  const tests = (rule.when === undefined ? [] : [rule.when].flat()).map(conditionTest);
  const makeId = templateMaker(rule.id);
  const readTime = timeReader(rule.time.format ?? "rfc3339", mapping.timeZone);
  const makeData = fieldsMaker(rule.data, mapping);
  const required = Object.entries(eventDefinition(rule.type)?.data.shape ?? {}).flatMap(([name, field]) =>
    (field as { safeParse(value: unknown): { success: boolean } }).safeParse(undefined).success ? [] : [name],
  );
  const named = `rule ${index + 1} (${rule.type})`;
  return (cells, { file, line }) => {
    if (!tests.every((test) => test(cells))) return undefined;
    const refusals: Refusals = { column: "", reason: undefined };
    const written = cellText(cells, rule.time.column, refusals);
    const time = written === undefined ? { refused: "is empty" } : readTime(written);
    if ("refused" in time) refuse(refusals, rule.time.column, time.refused);
    const id = makeId(cells, refusals) ?? "";
    const data = (makeData(cells, refusals) ?? {}) as Record<string, unknown>;
    const absent = required.find((name) => data[name] === undefined);
    if (absent !== undefined)
      refuse(refusals, columnOf(rule.data, `data.${absent}`) ?? absent, `is empty, and ${absent} is required`);
    const reject = (field: string, reason: string): ImportItem => ({
      reject: { file, line, field, reason: `${named}: ${reason}`, raw: cells },
    });
    if (refusals.reason !== undefined || "refused" in time) return reject(refusals.column, refusals.reason ?? "");
    const event: ImportEvent = {
      specversion: "1.0",
      id,
      source: mapping.source,
      type: rule.type,
      time: time.value,
      data,
    };
    const problem = eventProblem(event);
    if (problem)
      return reject(columnOf(rule.data, problem.field) ?? problem.field, `${problem.field}: ${problem.reason}`);
    return { event, file, line };
  };
}

/** Makes the items of a row: one for each rule that wants the row. */
export function rowMapper(mapping: Mapping): (row: RowItem) => ImportItem[] {
  const rules = mapping.events.map((rule, index) => ruleMaker(rule, index, mapping));
  const constants = Object.entries(mapping.constants ?? {});
  return (row) => {
    if ("reject" in row) return [row];
    const cells = constants.length === 0 ? row.cells : { ...row.cells, ...Object.fromEntries(constants) };
    return rules.flatMap((make) => make(cells, row) ?? []);
  };
}
