import type { EventDefinition } from "@probity/contract";
import { z } from "zod";
import { type ImportIssue, isExtension } from "./import.ts";
import {
  type ColumnValue,
  columnValueSchema,
  constValueSchema,
  templateColumns,
  textValueSchema,
} from "./mapping-values.ts";
import { nearest } from "./nearest.ts";

export interface FieldChecks {
  /** The rule as a message names it. */
  readonly rule: string;
  /** Columns of the file and constants; undefined while the file is not known. */
  readonly columns: readonly string[] | undefined;
  /** The mapping says how money is written. */
  readonly money: boolean;
}

/** The part of JSON Schema that event data use. */
export interface FieldSchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly items?: FieldSchema;
}

type Said = Readonly<Record<string, unknown>>;

const valueKeys = ["column", "const", "text", "object", "list", "each"] as const;
const valueSchemas = { column: columnValueSchema, const: constValueSchema, text: textValueSchema } as const;
const depthMax = 4;

function isSaid(value: unknown): value is Said {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Which conversion a field needs, if any; "" when text will do. */
function conversions(schema: FieldSchema): readonly string[] {
  if (schema.type === "integer" || schema.type === "number") return ["integer", "money"];
  if (schema.type === "boolean") return ["boolean"];
  if (schema.format === "date-time") return ["time"];
  if (schema.format === "date") return ["date"];
  return ["text"];
}

class FieldCheck {
  readonly issues: ImportIssue[] = [];
  readonly #checks: FieldChecks;

  constructor(checks: FieldChecks) {
    this.#checks = checks;
  }

  #say(path: string, rule: string): void {
    this.issues.push({ path, rule: `${this.#checks.rule}: ${rule}` });
  }

  #need(path: string, name: string, columns: readonly string[] | undefined): void {
    if (columns === undefined || columns.includes(name)) return;
    const hint = nearest(name, columns);
    this.#say(path, `the file has no column ${name}${hint === undefined ? "" : `; did you mean ${hint}?`}`);
  }

  fields(said: unknown, schema: FieldSchema, path: string, columns: readonly string[] | undefined, depth = 0): void {
    if (!isSaid(said)) return this.#say(path, "must name the fields");
    if (depth > depthMax) return this.#say(path, `is over ${depthMax} levels deep`);
    const known = Object.keys(schema.properties ?? {});
    for (const [name, value] of Object.entries(said)) {
      const own = known.includes(name) ? schema.properties?.[name] : undefined;
      if (own) this.#value(value, own, `${path}/${name}`, columns, depth);
      else if (depth === 0 && isExtension(name)) this.#value(value, {}, `${path}/${name}`, columns, depth);
      else {
        const hint = nearest(name, known);
        this.#say(`${path}/${name}`, `has no field ${name}${hint === undefined ? "" : `; did you mean ${hint}?`}`);
      }
    }
    for (const name of schema.required ?? []) {
      if (!Object.hasOwn(said, name)) this.#say(`${path}/${name}`, `the required field ${name} is not mapped`);
    }
  }

  #value(
    value: unknown,
    schema: FieldSchema,
    path: string,
    columns: readonly string[] | undefined,
    depth: number,
  ): void {
    const kind = isSaid(value) ? valueKeys.filter((key) => Object.hasOwn(value, key)) : [];
    const [key] = kind;
    if (!isSaid(value) || key === undefined || kind.length > 1) {
      return this.#say(path, `must have one of ${valueKeys.join(", ")}`);
    }
    if (key === "object") return this.#nested(value, ["object"], value["object"], schema, path, columns, depth);
    if (key === "list") return this.#list(value, schema, path, columns, depth);
    if (key === "each") return this.#each(value, schema, path, columns, depth);
    const parsed = valueSchemas[key].safeParse(value);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) this.#say([path, ...issue.path.map(String)].join("/"), issue.message);
      return;
    }
    if (schema.type === "object" || schema.type === "array") {
      return this.#say(
        path,
        schema.type === "array" ? "is a list: use list or each" : "has fields of its own: use object",
      );
    }
    if ("const" in parsed.data) this.#outcome(`${path}/const`, parsed.data.const, schema);
    else if ("text" in parsed.data)
      for (const name of templateColumns(parsed.data.text)) this.#need(`${path}/text`, name, columns);
    else this.#column(parsed.data, schema, path, columns);
  }

  #onlyKeys(value: Said, keys: readonly string[], path: string): void {
    const extra = Object.keys(value).find((key) => !keys.includes(key));
    if (extra !== undefined) this.#say(`${path}/${extra}`, `is not known beside ${keys[0]}`);
  }

  #nested(
    value: Said,
    keys: string[],
    fields: unknown,
    schema: FieldSchema,
    path: string,
    columns: readonly string[] | undefined,
    depth: number,
  ): void {
    this.#onlyKeys(value, keys, path);
    if (schema.type !== "object") return this.#say(path, "has no fields of its own");
    this.fields(fields, schema, `${path}/${keys.at(-1)}`, columns, depth + 1);
  }

  #list(value: Said, schema: FieldSchema, path: string, columns: readonly string[] | undefined, depth: number): void {
    const list = value["list"];
    this.#onlyKeys(value, ["list"], path);
    if (schema.type !== "array" || !schema.items) return this.#say(path, "is not a list");
    if (!Array.isArray(list) || list.length === 0) return this.#say(`${path}/list`, "must list at least one entry");
    list.forEach((fields: unknown, at) => {
      if (schema.items) this.#entry(fields, schema.items, `${path}/list/${at}`, columns, depth);
    });
  }

  /** Columns of the elements are those of the nested objects: they are checked row by row. */
  #each(value: Said, schema: FieldSchema, path: string, columns: readonly string[] | undefined, depth: number): void {
    this.#onlyKeys(value, ["each", "item"], path);
    if (schema.type !== "array" || !schema.items) return this.#say(path, "is not a list");
    const name = value["each"];
    if (typeof name !== "string" || name === "")
      return this.#say(`${path}/each`, "must name the column that holds the list");
    this.#need(`${path}/each`, name, columns);
    this.#entry(value["item"], schema.items, `${path}/item`, undefined, depth);
  }

  #entry(
    fields: unknown,
    schema: FieldSchema,
    path: string,
    columns: readonly string[] | undefined,
    depth: number,
  ): void {
    if (schema.type === "object") this.fields(fields, schema, path, columns, depth + 1);
    else this.#say(path, "lists of plain values cannot be mapped");
  }

  #outcome(path: string, value: unknown, schema: FieldSchema): void {
    if (schema.enum && !schema.enum.includes(value)) {
      const words = schema.enum.map(String);
      const hint = nearest(String(value), words);
      const few = words.length <= 12 ? ` (${words.join(", ")})` : "";
      this.#say(
        path,
        `${JSON.stringify(value)} is not one of the allowed words${few}${hint === undefined ? "" : `; did you mean ${hint}?`}`,
      );
      return;
    }
    const [as = "text"] = conversions(schema);
    const fits =
      as === "integer"
        ? Number.isSafeInteger(value)
        : as === "boolean"
          ? typeof value === "boolean"
          : schema.type === undefined || typeof value === "string";
    if (!fits)
      this.#say(
        path,
        `${JSON.stringify(value)} must be ${as === "integer" ? "a whole number" : as === "boolean" ? "true or false" : "text (in quotes)"}`,
      );
  }

  #column(value: ColumnValue, schema: FieldSchema, path: string, columns: readonly string[] | undefined): void {
    this.#need(`${path}/column`, value.column, columns);
    if (typeof value.currency === "object") this.#need(`${path}/currency/column`, value.currency.column, columns);
    const fitting = conversions(schema);
    const as = value.as ?? "text";
    const mapped = value.map !== undefined;
    if (schema.type !== undefined && !fitting.includes(as) && !(mapped && value.as === undefined)) {
      this.#say(
        path,
        value.as === undefined
          ? `needs as: ${fitting.join(" or as: ")}`
          : `cannot be ${value.as}; it takes as: ${fitting.join(" or as: ")}`,
      );
    }
    if (as === "money" && !this.#checks.money && !(value.unit && value.currency)) {
      this.#say(path, "is money, but neither the mapping's money nor this field says unit and currency");
    }
    if (mapped && value.as === undefined) {
      for (const [word, outcome] of Object.entries(value.map ?? {}))
        this.#outcome(`${path}/map/${word}`, outcome, schema);
    }
    if (value.otherwise !== undefined && value.as === undefined)
      this.#outcome(`${path}/otherwise`, value.otherwise, schema);
  }
}

/** Schema of an event type's data. */
export function schemaOf(definition: EventDefinition): FieldSchema {
  return z.toJSONSchema(definition.data) as FieldSchema;
}

/** What is wrong with the `data` of a rule, each with its path in the mapping. */
export function checkData(
  data: unknown,
  definition: EventDefinition,
  path: string,
  checks: FieldChecks,
): ImportIssue[] {
  const check = new FieldCheck(checks);
  check.fields(data, schemaOf(definition), path, checks.columns);
  return check.issues;
}
