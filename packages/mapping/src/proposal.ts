import { eventDefinition, type EventType, eventTypes } from "@probity/contract";
import { eventProblem, type ImportEvent, importLimits } from "./import.ts";
import type { EventRule, Mapping } from "./mapping.ts";
import { type FieldSchema, schemaOf } from "./mapping-fields.ts";
import type { Condition, Value } from "./mapping-values.ts";
import { type Guess, guesses, type Meaning, normalName } from "./meanings.ts";
import { orderRules, partyRules, voiceRules } from "./proposal-rules.ts";
import { type Found, type FoundColumn, type Note, RuleDraft, type RuleGuess } from "./rule-draft.ts";
import type { Sample } from "./sample.ts";
import { type Shape, shapeOf } from "./shapes.ts";

/** What is known besides the file. */
export interface ProposalSettings {
  /** Currency of the marketplace: taken where the file names none. */
  readonly currency?: string | undefined;
  /** Offset of the reader's clock: taken for times that carry none. */
  readonly timeZone?: string | undefined;
}

export interface ColumnGuess {
  readonly column: string;
  readonly shape: Shape;
  readonly meaning: Meaning | undefined;
  readonly reason: Guess["reason"] | undefined;
  /** Of a hundred; 0 without a meaning. */
  readonly confidence: number;
  /** The first cells that differ from each other. */
  readonly samples: readonly string[];
  /** Rows of the sample in which the cell is not empty. */
  readonly filled: number;
}

export interface Proposal {
  /** `events`: the rows are events already and need no mapping; `nothing`: no event was recognised. */
  readonly kind: "mapped" | "events" | "nothing";
  readonly columns: readonly ColumnGuess[];
  /** What the rows make; it may still lack what `rules` tell as missing. */
  readonly mapping: Mapping;
  readonly rules: readonly RuleGuess[];
  readonly notes: readonly Note[];
  /** Columns that the mapping leaves out. */
  readonly unused: readonly string[];
}

const samplesShown = 3;
const sampleChars = 80;

const textOf = (cell: unknown): string =>
  cell instanceof Date ? cell.toISOString() : typeof cell === "object" ? JSON.stringify(cell) : String(cell);

const isEmpty = (cell: unknown): boolean => cell === undefined || cell === null || cell === "";

function cellAt(cells: Readonly<Record<string, unknown>>, column: string): unknown {
  if (Object.hasOwn(cells, column)) return cells[column];
  let found: unknown = cells;
  for (const name of column.split(".")) found = (found as Record<string, unknown> | null | undefined)?.[name];
  return found;
}

/** Cells of a column in the sample, row by row. */
export function columnCells(sample: Sample, column: string): unknown[] {
  return sample.rows.flatMap((row) => ("cells" in row ? [cellAt(row.cells, column)] : []));
}

interface Looked {
  readonly column: string;
  readonly cells: readonly unknown[];
  readonly shape: Shape;
  readonly guesses: readonly Guess[];
}

function look(sample: Sample): Looked[] {
  // Shopify calls an order's number its name, beside columns about its line items.
  const named = sample.columns.some((column) => normalName(column).startsWith("lineitem "));
  return sample.columns.map((column) => {
    const cells = columnCells(sample, column);
    const shape = shapeOf(cells);
    const order: Guess[] =
      named && normalName(column) === "name" ? [{ meaning: "order", reason: "values", confidence: 85 }] : [];
    return { column, cells, shape, guesses: [...order, ...guesses(column, shape)] };
  });
}

/** Gives each meaning to the column that fits it best, and each column at most one meaning. */
function assign(looked: readonly Looked[], notes: Note[]): Found {
  const found: Found = new Map();
  const taken = new Set<string>();
  const pairs = looked
    .flatMap((own) => own.guesses.map((guess) => ({ own, guess })))
    .sort((a, b) => b.guess.confidence - a.guess.confidence);
  for (const { own, guess } of pairs) {
    if (taken.has(own.column)) continue;
    const known = found.get(guess.meaning);
    if (known === undefined) {
      taken.add(own.column);
      const filled = own.cells.filter((cell) => !isEmpty(cell)).length;
      found.set(guess.meaning, { column: own.column, shape: own.shape, guess, filled, rows: own.cells.length });
    } else if (known.guess.confidence - guess.confidence < 10 && own.guesses[0]?.meaning === guess.meaning) {
      notes.push({ code: "alternatives", values: { meaning: guess.meaning, column: known.column, other: own.column } });
    }
  }
  return found;
}

function columnGuesses(looked: readonly Looked[], found: Found): ColumnGuess[] {
  const byColumn = new Map([...found.values()].map((own) => [own.column, own.guess] as const));
  return looked.map(({ column, cells, shape }) => {
    const filled = cells.filter((cell) => !isEmpty(cell));
    const samples = [...new Set(filled.slice(0, 200).map((cell) => textOf(cell).slice(0, sampleChars)))];
    const guess = byColumn.get(column);
    return {
      column,
      shape,
      meaning: guess?.meaning,
      reason: guess?.reason,
      confidence: guess?.confidence ?? 0,
      samples: samples.slice(0, samplesShown),
      filled: filled.length,
    };
  });
}

/** Columns that a mapping names, wherever they stand. */
export function mappedColumns(mapping: Mapping): Set<string> {
  const used = new Set<string>();
  const template = (text: string): void => {
    for (const [, name = ""] of text.matchAll(/\{([^{}]*)\}/gu)) used.add(name);
  };
  const value = (own: Value): void => {
    if ("column" in own) {
      used.add(own.column);
      if (typeof own.currency === "object") used.add(own.currency.column);
    } else if ("text" in own) template(own.text);
    else if ("object" in own) Object.values(own.object).forEach(value);
    else if ("list" in own) for (const fields of own.list) Object.values(fields).forEach(value);
    else if ("each" in own) used.add(own.each);
  };
  for (const rule of mapping.events) {
    template(rule.id);
    used.add(rule.time.column);
    for (const { column } of rule.when === undefined ? [] : [rule.when].flat()) used.add(column);
    Object.values(rule.data).forEach(value);
  }
  if (typeof mapping.money?.currency === "object") used.add(mapping.money.currency.column);
  return used;
}

const isHan = (text: string): boolean => /\p{Script=Han}/u.test(text);

/** Value of a field that is taken from a column of the same name. */
function plainValue(column: Looked, schema: FieldSchema): Value | undefined {
  const { format } = column.shape;
  const written = format === undefined || format === "rfc3339" ? {} : { format };
  if (schema.type === "array" || schema.type === "object") return undefined;
  if (schema.type === "boolean") return { column: column.column, as: "boolean" };
  if (schema.type === "integer" || schema.type === "number") return { column: column.column, as: "integer" };
  if (schema.format === "date-time") return { column: column.column, as: "time", ...written };
  if (schema.format === "date") return { column: column.column, as: "date", ...written };
  return { column: column.column };
}

/** A rule of the event type whose own field names the file uses: all required ones but one, and at least two. */
function namesakeRule(looked: readonly Looked[], draftOf: (type: EventType) => RuleDraft): RuleDraft | undefined {
  const byName = new Map(looked.map((own) => [normalName(own.column), own]));
  const time = byName.get("time") ?? looked.find(({ shape }) => shape.kind === "time");
  let best: { draft: RuleDraft; share: number } | undefined;
  for (const type of eventTypes) {
    const definition = eventDefinition(type);
    if (definition === undefined || definition.reserved || time === undefined) continue;
    const draft = draftOf(type);
    const schema = schemaOf(definition);
    const fields = Object.entries(schema.properties ?? {});
    const required = new Set(schema.required);
    let has = 0;
    for (const [field, own] of fields) {
      const column = byName.get(normalName(field)) ?? byName.get(`${normalName(field)} id`);
      const value = column && plainValue(column, own);
      if (column && value) draft.set(field, value, { reason: "name", confidence: 80, column: column.column });
      else if (required.has(field)) draft.missing.push(field);
      if (required.has(field) && value) has++;
    }
    draft.dateBy(time.column, time.shape, { reason: "values", confidence: 60 });
    draft.idColumns = [...required].flatMap((field) => byName.get(normalName(field))?.column ?? []).slice(0, 1);
    const share = has / Math.max(1, required.size);
    if (has >= 2 && draft.missing.length <= 1 && share > (best?.share ?? 0)) best = { draft, share };
  }
  return best?.draft;
}

function mappingOf(
  sample: Sample,
  found: Found,
  rules: readonly EventRule[],
  settings: ProposalSettings,
  notes: Note[],
): Mapping {
  const { form } = sample;
  const chinese = sample.columns.some(isHan);
  const used = mappedColumns({ source: "urn:x", events: rules });
  const shapes = [...found.values()].filter(({ column }) => used.has(column));
  const money = shapes.filter(({ shape }) => shape.kind === "decimal" || shape.kind === "integer");
  const code = settings.currency ?? (chinese ? "CNY" : undefined) ?? "USD";
  const currencyColumn = found.get("currency");
  const says = JSON.stringify(rules);
  const hasMoney = says.includes('"as":"money"') || says.includes('"const":"CURRENCY"');
  if (hasMoney && !currencyColumn) notes.push({ code: "currency-assumed", values: { currency: code } });
  const zoneless = shapes.some(({ shape }) => shape.kind === "time" && shape.zoned !== true);
  const timeZone = zoneless ? (chinese ? "+08:00" : (settings.timeZone ?? "Z")) : undefined;
  if (timeZone !== undefined) notes.push({ code: "zone-assumed", values: { zone: timeZone } });
  const minor =
    money.length > 0 &&
    money.every(({ column, shape }) => shape.kind === "integer" && /cents?\b|minor|分$/iu.test(column));
  const comma = money.some(({ shape }) => shape.decimal === ",");
  const stem = sample.file
    .replace(/\.[^.]*$/u, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "");
  return {
    source: `urn:import:${stem === "" ? "file" : stem.slice(0, 60)}`,
    format: form.format,
    ...(form.format === "csv"
      ? { csv: { delimiter: form.delimiter ?? ",", encoding: form.encoding ?? "utf-8", header: form.header ?? true } }
      : {}),
    ...(form.columns === undefined ? {} : { columns: form.columns }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(hasMoney
      ? {
          money: {
            unit: minor ? ("minor" as const) : ("major" as const),
            currency: currencyColumn ? { column: currencyColumn.column } : code,
            ...(comma ? { decimal: "," as const } : {}),
          },
        }
      : {}),
    events: rules.map(
      (rule) =>
        JSON.parse(
          JSON.stringify(rule).replaceAll(
            '{"const":"CURRENCY"}',
            currencyColumn ? JSON.stringify({ column: currencyColumn.column }) : JSON.stringify({ const: code }),
          ),
        ) as EventRule,
    ),
  };
}

function isEvent(cells: Readonly<Record<string, unknown>>): boolean {
  return cells["specversion"] === "1.0" && typeof cells["type"] === "string" && typeof cells["data"] === "object";
}

/** Rows are events where nearly all of the first say so; broken ones are told when they are read. */
function areEvents(sample: Sample): boolean {
  if (sample.form.format !== "jsonl") return false;
  const rows = sample.rows.flatMap((row) => ("cells" in row ? [row.cells] : []));
  const events = rows.filter(isEvent);
  return (
    events.length * 10 >= rows.length * 9 &&
    events.some((cells) => eventProblem(cells as unknown as ImportEvent) === undefined)
  );
}

function repeatedNote(sample: Sample, order: FoundColumn | undefined, notes: Note[]): boolean {
  if (order === undefined) return false;
  const cells = columnCells(sample, order.column).filter((cell) => !isEmpty(cell));
  const repeated = cells.length - new Set(cells.map(textOf)).size;
  if (repeated * 50 <= cells.length) return false;
  notes.push({ code: "rows-share-order", values: { column: order.column, rows: String(repeated) } });
  return true;
}

const personal: readonly Meaning[] = ["buyerName", "buyerPhone", "buyerEmail", "shipTo"];

function moreNotes(found: Found, used: ReadonlySet<string>, notes: Note[]): void {
  for (const { column, shape } of found.values()) {
    if (used.has(column) && shape.otherFormat?.startsWith("D/") && shape.format?.startsWith("M/")) {
      notes.push({ code: "date-ambiguous", values: { column, format: shape.format, other: shape.otherFormat } });
    }
  }
  const left = personal.flatMap((meaning) => found.get(meaning)?.column ?? []).filter((column) => !used.has(column));
  if (left.length > 0) notes.push({ code: "personal-left-out", values: { columns: left.join(", ") } });
}

/** Rules without what they need are proposed only where there is no better one. */
function chosen(drafts: readonly RuleDraft[]): readonly RuleDraft[] {
  const whole = drafts.filter((draft) => draft.missing.length === 0);
  if (whole.length > 0) return whole;
  const [first] = [...drafts].sort((a, b) => a.missing.length - b.missing.length);
  return first === undefined ? [] : [first];
}

function withCondition(rule: EventRule, more: Condition): EventRule {
  const when = rule.when === undefined ? [] : [rule.when].flat();
  return when.some(({ column }) => column === more.column) ? rule : { ...rule, when: [...when, more] };
}

/** Recognises the columns of a sample and proposes what events its rows make, each choice with its reason. */
export function proposeMapping(sample: Sample, settings: ProposalSettings = {}): Proposal {
  const notes: Note[] = [];
  const looked = look(sample);
  const found = assign(looked, notes);
  const columns = columnGuesses(looked, found);
  const bare = mappingOf(sample, new Map(), [], settings, []);
  if (areEvents(sample)) {
    return { kind: "events", columns, mapping: bare, rules: [], notes: [], unused: [] };
  }
  const constants: Record<string, string> = {};
  const shopColumn = ["shop", "merchant_id", "shop_constant"].find((name) => !sample.columns.includes(name)) ?? "shop";
  const draftOf = (type: EventType): RuleDraft =>
    new RuleDraft(type, found, {
      constants,
      shopColumn,
      notes,
      currencyConfidence: settings.currency === undefined ? 50 : 85,
    });
  const drafts = [...orderRules(draftOf, found), ...voiceRules(draftOf, found), ...partyRules(draftOf, found)];
  const namesake = drafts.some(({ missing }) => missing.length === 0) ? undefined : namesakeRule(looked, draftOf);
  const kept = chosen(
    namesake && namesake.missing.length === 0 ? [namesake] : namesake ? [...drafts, namesake] : drafts,
  );
  const shared = repeatedNote(
    sample,
    kept.some(({ type }) => type === "order.placed") ? found.get("order") : undefined,
    notes,
  );
  const amount = found.get("amount");
  const rules = kept
    .slice(0, importLimits.mappingRules)
    .map((draft) => draft.rule())
    .map((rule) =>
      shared && rule.type === "order.placed" && amount && amount.filled < amount.rows
        ? withCondition(rule, { column: amount.column, present: true })
        : rule,
    );
  const mapping = mappingOf(sample, found, rules, settings, notes);
  const used = mappedColumns(mapping);
  const needsShop = used.has(shopColumn) && !sample.columns.includes(shopColumn);
  if (needsShop) notes.push({ code: "merchant-assumed", values: { value: constants[shopColumn] ?? "" } });
  moreNotes(found, used, notes);
  const told = notes.filter(({ code, values }) => code !== "alternatives" || used.has(values["column"] ?? ""));
  return {
    kind: rules.length === 0 ? "nothing" : "mapped",
    columns,
    mapping: needsShop ? { ...mapping, constants } : mapping,
    rules: kept.map((draft) => draft.guess()),
    notes: told.filter((note, at) => told.findIndex((other) => JSON.stringify(other) === JSON.stringify(note)) === at),
    unused: sample.columns.filter((column) => !used.has(column)),
  };
}
