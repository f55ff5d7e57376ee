import type {
  ColumnGuess,
  ColumnValue,
  Condition,
  EventField,
  EventRule,
  EventShape,
  Fields,
  Mapping,
  Value,
} from "@probity/mapping";

/** Edits return a new mapping; what a form cannot show stays as it was written. */

/** How a field is filled, as far as a form can show it. */
export type Source =
  | { readonly by: "nothing" }
  | { readonly by: "column"; readonly column: string }
  | { readonly by: "fixed"; readonly value: string }
  | { readonly by: "template"; readonly text: string }
  | { readonly by: "written" };

type Rule = EventRule;

const listOf = (value: Value | undefined): Fields | undefined =>
  value !== undefined && "list" in value ? value.list[0] : undefined;

/** Value of a field; `items.product` stands in the first entry of the list `items`. */
export function fieldValue(rule: Rule, field: string): Value | undefined {
  const [list = "", own] = field.split(".");
  return own === undefined ? rule.data[list] : listOf(rule.data[list])?.[own];
}

function without(fields: Fields, field: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== field));
}

export function withField(rule: Rule, field: string, value: Value | undefined): Rule {
  const [list = "", own] = field.split(".");
  if (own === undefined) {
    const rest = without(rule.data, list);
    return { ...rule, data: value === undefined ? rest : { ...rest, [list]: value } };
  }
  const kept = without(listOf(rule.data[list]) ?? {}, own);
  const entry = value === undefined ? kept : { ...kept, [own]: value };
  const rest = without(rule.data, list);
  return { ...rule, data: Object.keys(entry).length === 0 ? rest : { ...rest, [list]: { list: [entry] } } };
}

export function sourceOf(value: Value | undefined): Source {
  if (value === undefined) return { by: "nothing" };
  if ("const" in value) return { by: "fixed", value: String(value.const) };
  if ("text" in value) return { by: "template", text: value.text };
  return "column" in value ? { by: "column", column: value.column } : { by: "written" };
}

/** Whether the list of a field holds more than the form can show. */
export function isWritten(rule: Rule, field: string): boolean {
  const [list = "", own] = field.split(".");
  const value = rule.data[list];
  if (value === undefined) return false;
  if (own === undefined) return sourceOf(value).by === "written";
  return !("list" in value) || value.list.length !== 1 || sourceOf(value.list[0]?.[own]).by === "written";
}

function fixed(field: EventField, text: string): Value {
  if (field.kind === "integer" || field.kind === "money") {
    const number = Number(text);
    return { const: text.trim() !== "" && Number.isSafeInteger(number) ? number : text };
  }
  return field.kind === "boolean" && (text === "true" || text === "false")
    ? { const: text === "true" }
    : { const: text };
}

/** The conversion that a kind of field needs; the format of a time is that of the column. */
function columnValue(
  field: EventField,
  column: string,
  guess: ColumnGuess | undefined,
  before: Value | undefined,
): ColumnValue {
  // Words that were given a meaning keep it when another column is chosen.
  if (before !== undefined && "column" in before && before.map !== undefined) return { ...before, column };
  const { kind } = field;
  if (kind === "text" || kind === "choice") return { column };
  const { format } = guess?.shape ?? {};
  const written = format === undefined || format === "rfc3339" ? {} : { format };
  return kind === "time" || kind === "date" ? { column, as: kind, ...written } : { column, as: kind };
}

export function valueOf(
  field: EventField,
  source: Source,
  columns: readonly ColumnGuess[],
  before: Value | undefined,
): Value | undefined {
  switch (source.by) {
    case "nothing":
      return undefined;
    case "column":
      return columnValue(
        field,
        source.column,
        columns.find(({ column }) => column === source.column),
        before,
      );
    case "fixed":
      return fixed(field, source.value);
    case "template":
      return { text: source.text };
    case "written":
      return before;
  }
}

export function withRule(mapping: Mapping, at: number, rule: Rule): Mapping {
  return { ...mapping, events: mapping.events.map((own, place) => (place === at ? rule : own)) };
}

export function withoutRule(mapping: Mapping, at: number): Mapping {
  return { ...mapping, events: mapping.events.filter((_, place) => place !== at) };
}

/** Another currency for the file: events that were told the old one are told the new one. */
export function withCurrency(mapping: Mapping, code: string): Mapping {
  const { money } = mapping;
  if (money === undefined) return mapping;
  const events = mapping.events.map((rule) => {
    const own = rule.data["currency"];
    const isOld = own !== undefined && "const" in own && own.const === money.currency;
    return isOld ? withField(rule, "currency", { const: code }) : rule;
  });
  return { ...mapping, money: { ...money, currency: code }, events };
}

/** A rule of another type keeps the fields that both have. */
export function withType(rule: Rule, shape: EventShape): Rule {
  const names = new Set(shape.fields.map(({ field }) => field.split(".")[0]));
  const data = Object.fromEntries(
    Object.entries(rule.data).filter(([name]) => names.has(name) || name.startsWith("x-")),
  );
  const id = rule.id.startsWith(rule.type.replace(".", "-"))
    ? shape.type.replace(".", "-") + rule.id.slice(rule.type.length)
    : rule.id;
  return { ...rule, type: shape.type, id, data };
}

/** A rule to begin with: fields whose meaning a column has are filled. */
export function newRule(shape: EventShape, columns: readonly ColumnGuess[]): Rule {
  const time = columns.find(({ shape: own }) => own.kind === "time");
  const format = time?.shape.format;
  const key = columns.find(({ meaning }) => meaning !== undefined && meaning === shape.fields[0]?.field) ?? columns[0];
  const rule: Rule = {
    type: shape.type,
    id: `${shape.type.replace(".", "-")}-{${key?.column ?? ""}}`,
    time: { column: time?.column ?? "", ...(format === undefined || format === "rfc3339" ? {} : { format }) },
    data: {},
  };
  return shape.fields.reduce((made, field) => {
    const own = columns.find(({ meaning }) => meaning === field.field);
    return own && field.required ? withField(made, field.field, columnValue(field, own.column, own, undefined)) : made;
  }, rule);
}

export function withTime(rule: Rule, column: string, columns: readonly ColumnGuess[]): Rule {
  const format = columns.find((own) => own.column === column)?.shape.format;
  return { ...rule, time: { column, ...(format === undefined || format === "rfc3339" ? {} : { format }) } };
}

export const conditionsOf = (rule: Rule): readonly Condition[] => (rule.when === undefined ? [] : [rule.when].flat());

export function withConditions(rule: Rule, conditions: readonly Condition[]): Rule {
  const { when: _, ...rest } = rule;
  return conditions.length === 0 ? rest : { ...rest, when: conditions };
}

export type Test = "filled" | "empty" | "is" | "not";

export function testOf(condition: Condition): Test {
  if (condition.present !== undefined) return condition.present ? "filled" : "empty";
  return condition.not === undefined ? "is" : "not";
}

export const wordsOf = ({ is, not }: Condition): string => [is ?? not ?? []].flat().join(", ");

export function conditionOf(column: string, test: Test, words: string): Condition {
  if (test === "filled" || test === "empty") return { column, present: test === "filled" };
  const list = words.split(/[,，]/).map((word) => word.trim());
  const kept = list.length > 1 ? list.filter((word, at) => word !== "" || at === 0) : list;
  return test === "is" ? { column, is: kept } : { column, not: kept };
}

/** Issues of the mapping at a place, those below it included. */
export function issuesAt<I extends { readonly path: string }>(issues: readonly I[], path: string): readonly I[] {
  return issues.filter((issue) => issue.path === path || issue.path.startsWith(`${path}/`));
}

/** Where an issue about a field of a rule stands. */
export function fieldPath(at: number, field: string): string {
  const [list, own] = field.split(".");
  return own === undefined ? `/events/${at}/data/${list}` : `/events/${at}/data/${list}/list/0/${own}`;
}

/** Fields that each column fills, the same field of several rules once. */
export function usesOf(mapping: Mapping): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  const note = (column: string, field: string): void => {
    found.set(column, (found.get(column) ?? new Set()).add(field));
  };
  const template = (text: string, field: string): void => {
    for (const [, column = ""] of text.matchAll(/\{([^{}]*)\}/gu)) note(column, field);
  };
  const fields = (own: Fields, prefix: string): void => {
    for (const [name, value] of Object.entries(own)) {
      const field = prefix + name;
      if ("column" in value) note(value.column, field);
      else if ("text" in value) template(value.text, field);
      else if ("object" in value) fields(value.object, `${field}.`);
      else if ("list" in value) for (const entry of value.list) fields(entry, `${field}.`);
      else if ("each" in value) note(value.each, field);
    }
  };
  for (const rule of mapping.events) {
    note(rule.time.column, "time");
    fields(rule.data, "");
    for (const { column } of conditionsOf(rule)) note(column, "when");
  }
  if (typeof mapping.money?.currency === "object") note(mapping.money.currency.column, "currency");
  return new Map([...found].map(([column, names]) => [column, [...names]]));
}
