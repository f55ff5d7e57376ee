import { currencies } from "@probity/contract";
import { z } from "zod";
import { isTimePattern } from "./times.ts";

export type Scalar = string | number | boolean;

/** A code such as CNY, or the column that holds it. */
export type CurrencyRule = string | { readonly column: string };

export interface MoneyRule {
  readonly unit: "major" | "minor";
  readonly currency: CurrencyRule;
  readonly decimal?: "." | "," | undefined;
}

/** Which rows a rule wants; all that is said must hold. */
export interface Condition {
  readonly column: string;
  readonly is?: Scalar | readonly Scalar[] | undefined;
  readonly not?: Scalar | readonly Scalar[] | undefined;
  readonly present?: boolean | undefined;
}

export interface ColumnValue {
  readonly column: string;
  readonly as?: "text" | "integer" | "money" | "boolean" | "time" | "date" | undefined;
  readonly format?: string | undefined;
  readonly true?: readonly Scalar[] | undefined;
  readonly false?: readonly Scalar[] | undefined;
  readonly map?: Readonly<Record<string, Scalar>> | undefined;
  readonly otherwise?: Scalar | undefined;
  readonly unit?: "major" | "minor" | undefined;
  readonly currency?: CurrencyRule | undefined;
}

export interface ConstValue {
  readonly const: Scalar;
}

export interface TextValue {
  readonly text: string;
}

/** How one field is made from a row. */
export type Value =
  | ColumnValue
  | ConstValue
  | TextValue
  | { readonly object: Fields }
  | { readonly list: readonly Fields[] }
  | { readonly each: string; readonly item: Fields };

export type Fields = Readonly<Record<string, Value>>;

export const scalarSchema: z.ZodType<Scalar> = z.union([z.string(), z.number(), z.boolean()]);
const scalars = z.array(scalarSchema).min(1);
const column = z.string().min(1);
const currencyRule = "must be an ISO 4217 code such as CNY, or {column: …}";
const currency: z.ZodType<CurrencyRule> = z.union(
  [z.string().refine((code) => Object.hasOwn(currencies, code), { message: currencyRule }), z.strictObject({ column })],
  { error: currencyRule },
);

export const moneySchema: z.ZodType<MoneyRule> = z.strictObject({
  unit: z.enum(["major", "minor"]),
  currency,
  decimal: z.enum([".", ","]).optional(),
});

export const conditionSchema: z.ZodType<Condition> = z.strictObject({
  column,
  is: z.union([scalarSchema, scalars]).optional(),
  not: z.union([scalarSchema, scalars]).optional(),
  present: z.boolean().optional(),
});

export const timeFormatSchema: z.ZodType<string> = z
  .string()
  .refine((format) => ["rfc3339", "unix-s", "unix-ms"].includes(format) || isTimePattern(format), {
    message: 'must be rfc3339, unix-s, unix-ms or a pattern such as "YYYY-MM-DD HH:mm:ss"',
  });

export const columnValueSchema: z.ZodType<ColumnValue> = z.strictObject({
  column,
  as: z.enum(["text", "integer", "money", "boolean", "time", "date"]).optional(),
  format: timeFormatSchema.optional(),
  true: scalars.optional(),
  false: scalars.optional(),
  map: z.record(z.string(), scalarSchema).optional(),
  otherwise: scalarSchema.optional(),
  unit: z.enum(["major", "minor"]).optional(),
  currency: currency.optional(),
});
export const constValueSchema: z.ZodType<ConstValue> = z.strictObject({ const: scalarSchema });
export const textValueSchema: z.ZodType<TextValue> = z.strictObject({ text: z.string().min(1) });

/** Column names inside `{…}` of a template. */
export function templateColumns(template: string): string[] {
  return [...template.matchAll(/\{([^{}]*)\}/gu)].map((match) => match[1] ?? "");
}
