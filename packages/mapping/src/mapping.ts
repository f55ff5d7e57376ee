import { envelope, eventDefinition, eventTypes } from "@probity/contract";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { type Encoding, encodings } from "./encoding.ts";
import { ImportError, type ImportIssue, importLimits } from "./import.ts";
import { checkData, type FieldChecks } from "./mapping-fields.ts";
import { nearest } from "./nearest.ts";
import {
  type Condition,
  conditionSchema,
  type Fields,
  type MoneyRule,
  moneySchema,
  type Scalar,
  scalarSchema,
  templateColumns,
  timeFormatSchema,
} from "./mapping-values.ts";
import { isOffset } from "./times.ts";

export type FileFormat = "csv" | "jsonl" | "parquet";

export interface EventRule {
  readonly type: string;
  readonly when?: Condition | readonly Condition[] | undefined;
  /** Template of the event id; the same row must always give the same id. */
  readonly id: string;
  readonly time: { readonly column: string; readonly format?: string | undefined };
  readonly data: Fields;
}

export interface Mapping {
  readonly source: string;
  readonly format?: FileFormat | undefined;
  readonly csv?:
    | {
        readonly delimiter?: string | undefined;
        readonly encoding?: Encoding | undefined;
        readonly header?: boolean | undefined;
      }
    | undefined;
  /** Names of the columns of a CSV file without header, or columns a JSONL file has only now and then. */
  readonly columns?: readonly string[] | undefined;
  /** Offset of times that carry none. */
  readonly timeZone?: string | undefined;
  readonly money?: MoneyRule | undefined;
  /** Columns that every row has with the same value. */
  readonly constants?: Readonly<Record<string, Scalar>> | undefined;
  readonly events: readonly EventRule[];
}

/** Before its fields are checked. */
type RuleShape = Omit<EventRule, "data"> & { readonly data: Readonly<Record<string, unknown>> };
type Shape = Omit<Mapping, "events"> & { readonly events: readonly RuleShape[] };

const column = z.string().min(1);
const ruleShape: z.ZodType<RuleShape> = z.strictObject({
  type: z.string(),
  when: z
    .union([conditionSchema, z.array(conditionSchema).min(1)], {
      error: "must be {column, is | not | present} or a list of such",
    })
    .optional(),
  id: z.string().min(1),
  time: z.strictObject({ column, format: timeFormatSchema.optional() }),
  data: z.record(z.string(), z.unknown()),
});

const mappingShape = z.strictObject({
  source: envelope.shape.source,
  format: z.enum(["csv", "jsonl", "parquet"]).optional(),
  csv: z
    .strictObject({
      delimiter: z
        .string()
        .length(1)
        .refine((text) => text !== '"' && text !== "\n" && text !== "\r", {
          message: "must not be a quote or a line end",
        })
        .optional(),
      encoding: z.enum(encodings).optional(),
      header: z.boolean().optional(),
    })
    .optional(),
  columns: z.array(column).min(1).optional(),
  timeZone: z.string().refine(isOffset, { message: "must be an offset such as +08:00, or Z" }).optional(),
  money: moneySchema.optional(),
  constants: z.record(z.string(), scalarSchema).optional(),
  events: z.array(ruleShape).min(1).max(importLimits.mappingRules),
});

function pathText(path: readonly PropertyKey[]): string {
  return `/${path.map(String).join("/")}`;
}

function shapeIssues(error: z.ZodError): ImportIssue[] {
  return error.issues.map((issue) => {
    const known = Object.keys(mappingShape.shape);
    if (issue.code !== "unrecognized_keys") return { path: pathText(issue.path), rule: issue.message };
    const hint = issue.path.length === 0 ? nearest(issue.keys[0] ?? "", known) : undefined;
    return { path: pathText(issue.path), rule: issue.message + (hint === undefined ? "" : `; did you mean ${hint}?`) };
  });
}

function fail(name: string, issues: readonly ImportIssue[], line?: number, cause?: unknown): never {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  throw new ImportError(
    `${name}${line === undefined ? "" : ` line ${line}`}: ${first?.path ?? ""} ${first?.rule ?? ""}${more}`,
    {
      file: name,
      ...(line === undefined ? {} : { line }),
      ...(first ? { field: first.path, rule: first.rule } : {}),
      issues,
      cause,
    },
  );
}

function readYaml(text: string, name: string): unknown {
  if (text.length > importLimits.mappingChars) {
    return fail(name, [{ path: "/", rule: `is over ${importLimits.mappingChars} characters` }]);
  }
  try {
    return parseYaml(text, { logLevel: "error", maxAliasCount: 100 });
  } catch (cause) {
    const place = cause as { linePos?: readonly { line?: number }[]; message?: string };
    return fail(
      name,
      [{ path: "/", rule: `is not YAML or JSON: ${String(place.message).split("\n")[0]}` }],
      place.linePos?.[0]?.line,
      cause,
    );
  }
}

function ruleIssues(rule: RuleShape, index: number, checks: Omit<FieldChecks, "rule">): ImportIssue[] {
  const at = `/events/${index}`;
  const named = `rule ${index + 1} (${rule.type})`;
  const definition = eventDefinition(rule.type);
  if (!definition || definition.reserved) {
    const hint = nearest(rule.type, eventTypes);
    const what = definition ? "is written by the engine alone" : "is not an event type";
    return [
      {
        path: `${at}/type`,
        rule: `${named}: ${rule.type} ${what}${hint === undefined ? "" : `; did you mean ${hint}?`}`,
      },
    ];
  }
  const issues: ImportIssue[] = [];
  const need = (path: string, name: string): void => {
    const known = checks.columns;
    if (known === undefined || known.includes(name)) return;
    const hint = nearest(name, known);
    issues.push({
      path,
      rule: `${named}: the file has no column ${name}${hint === undefined ? "" : `; did you mean ${hint}?`}`,
    });
  };
  if (templateColumns(rule.id).length === 0) {
    issues.push({ path: `${at}/id`, rule: `${named}: the id names no column, so every row would have the same id` });
  }
  for (const name of templateColumns(rule.id)) need(`${at}/id`, name);
  need(`${at}/time/column`, rule.time.column);
  for (const { column: name } of rule.when === undefined ? [] : [rule.when].flat()) need(`${at}/when`, name);
  issues.push(...checkData(rule.data, definition, `${at}/data`, { ...checks, rule: named }));
  return issues;
}

function mappingIssues(shape: Shape, columns: readonly string[] | undefined): ImportIssue[] {
  const constants = Object.keys(shape.constants ?? {});
  const issues: ImportIssue[] = [];
  const clash = constants.find((name) => columns?.includes(name));
  if (clash !== undefined) issues.push({ path: `/constants/${clash}`, rule: "the file has a column of that name" });
  const known = columns === undefined ? undefined : [...columns, ...(shape.columns ?? []), ...constants];
  if (
    shape.money &&
    typeof shape.money.currency === "object" &&
    known &&
    !known.includes(shape.money.currency.column)
  ) {
    const hint = nearest(shape.money.currency.column, known);
    issues.push({
      path: "/money/currency/column",
      rule: `the file has no column ${shape.money.currency.column}${hint === undefined ? "" : `; did you mean ${hint}?`}`,
    });
  }
  shape.events.forEach((rule, index) =>
    issues.push(...ruleIssues(rule, index, { columns: known, money: shape.money !== undefined })),
  );
  return issues;
}

/** Reads a mapping (YAML or JSON) and checks it against the events it makes. Throws ImportError that names path, rule and the nearest name. */
export function parseMapping(text: string, name = "mapping"): Mapping {
  const shape = mappingShape.safeParse(readYaml(text, name));
  if (!shape.success) return fail(name, shapeIssues(shape.error));
  const issues = mappingIssues(shape.data, undefined);
  if (issues.length > 0) return fail(name, issues);
  // `checkData` has found every field to be a Value.
  return shape.data as unknown as Mapping;
}

/** Checks the mapping's columns against those of a file. Throws ImportError. */
export function checkMapping(mapping: Mapping, columns: readonly string[], name = "mapping"): void {
  const issues = mappingIssues(mapping, columns);
  if (issues.length > 0) fail(name, issues);
}
