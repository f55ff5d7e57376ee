import { eventDefinition, eventTypes } from "@probity/contract";
import { type FieldSchema, schemaOf } from "./mapping-fields.ts";

/** A field of an event's data as an editor shows it. */
export interface EventField {
  /** Name; that of a field inside an entry of a list is led by the list's: `items.product`. */
  readonly field: string;
  readonly kind: "text" | "integer" | "money" | "boolean" | "time" | "date" | "choice";
  readonly required: boolean;
  readonly choices?: readonly string[];
}

export interface EventShape {
  readonly type: string;
  readonly fields: readonly EventField[];
}

/** Amounts are told by their names: the schema of both is a whole number. */
const moneyFields = new Set(["amount", "price"]);

function kindOf(name: string, schema: FieldSchema): EventField["kind"] {
  if (schema.enum) return "choice";
  if (schema.type === "boolean") return "boolean";
  if (schema.type === "integer" || schema.type === "number") return moneyFields.has(name) ? "money" : "integer";
  if (schema.format === "date-time") return "time";
  return schema.format === "date" ? "date" : "text";
}

function fieldsOf(schema: FieldSchema, prefix: string, needed: boolean): EventField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, own]): EventField[] => {
    const required = needed && (schema.required ?? []).includes(name);
    if (own.type === "array") return own.items?.type === "object" ? fieldsOf(own.items, `${name}.`, required) : [];
    if (own.type === "object") return [];
    const choices = own.enum ? { choices: own.enum.map(String) } : {};
    return [{ field: prefix + name, kind: kindOf(name, own), required, ...choices }];
  });
}

/** Event types that a file may hold, with the fields that a column can fill. */
export function eventShapes(): EventShape[] {
  return eventTypes.flatMap((type) => {
    const definition = eventDefinition(type);
    if (definition === undefined || definition.reserved) return [];
    return [{ type, fields: fieldsOf(schemaOf(definition), "", true) }];
  });
}
