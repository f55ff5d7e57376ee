import type { ReasonCode } from "@probity/contract";

/** What a column of numbers is and which reason it belongs to. */
export interface ColumnSpec {
  readonly name: string;
  readonly code: ReasonCode;
  /** 1: doubt never falls as the value rises, −1: never rises, 0: either way. */
  readonly sign: -1 | 0 | 1;
  /** Known only once later events and the graph are: NaN when something is judged as it comes in. */
  readonly hindsight: boolean;
}

/** Columns of one kind of thing: column c of row r is `columns[c][r]`, NaN where not known. */
export interface ColumnTable {
  readonly rows: number;
  readonly specs: readonly ColumnSpec[];
  readonly columns: readonly Float64Array[];
}

/** A column to be filled: nothing is known of it yet. */
export const blank = (rows: number): Float64Array => new Float64Array(rows).fill(Number.NaN);

type Line = readonly [name: string, code: ReasonCode, sign: -1 | 0 | 1, hindsight?: "hindsight"];

export function specsOf(lines: readonly Line[]): ColumnSpec[] {
  return lines.map(([name, code, sign, when]) => ({ name, code, sign, hindsight: when === "hindsight" }));
}

/** The table with its columns put in by name; columns that were not given are blank. Throws on a name that is no column. */
export function tableOf(
  rows: number,
  specs: readonly ColumnSpec[],
  given: Readonly<Record<string, Float64Array>>,
): ColumnTable {
  const stranger = Object.keys(given).find((name) => !specs.some((spec) => spec.name === name));
  if (stranger !== undefined) throw new RangeError(`${stranger} is no column`);
  return { rows, specs, columns: specs.map(({ name }) => given[name] ?? blank(rows)) };
}

/** The same table as if only what is known at first were known. */
export function atFirst({ rows, specs, columns }: ColumnTable): ColumnTable {
  return { rows, specs, columns: columns.map((column, place) => (specs[place]?.hindsight ? blank(rows) : column)) };
}

/** The table with some columns put in the place of others. */
export function withColumns(table: ColumnTable, given: Readonly<Record<string, Float64Array>>): ColumnTable {
  return {
    ...table,
    columns: table.specs.map(({ name }, place) => given[name] ?? (table.columns[place] as Float64Array)),
  };
}
