import {
  createAdapterFactory,
  type CustomAdapter,
  type DBAdapterFactoryConfig,
  type DBAdapterInstance,
  type Where,
} from "better-auth/adapters";
import type { Db, Queryable } from "../platform/db.ts";

/** The library's models and the tables that hold them. */
export const authTables = {
  user: "people_person",
  session: "people_session",
  account: "people_account",
  verification: "people_verification",
  twoFactor: "people_second_factor",
} as const;

const times = /^(created|updated|expires|lockedUntil|accessTokenExpires|refreshTokenExpires)(At)?$/;
const snake = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `createdAt` → `created_ms`: times are milliseconds, as in every table of the house. */
function columnOf(field: string): string {
  if (!/^[A-Za-z]+$/.test(field)) throw new Error(`no field is called ${field}`);
  return times.test(field) ? `${snake(field.replace(/At$/, ""))}_ms` : snake(field);
}

function fieldOf(column: string): string {
  const base = column.endsWith("_ms") ? column.slice(0, -3) : column;
  const field = base.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  if (base === column) return field;
  return field === "lockedUntil" ? field : `${field}At`;
}

type Transaction = NonNullable<DBAdapterFactoryConfig["transaction"]>;

const tables: ReadonlySet<string> = new Set(Object.values(authTables));

function tableOf(model: string): string {
  if (!tables.has(model)) throw new Error(`no table is called ${model}`);
  return model;
}

const stored = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value);

function toModel(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      fieldOf(column),
      column.endsWith("_ms") && typeof value === "number" ? new Date(value) : value,
    ]),
  );
}

/** Parameters of one statement, numbered as they come. */
class Parameters {
  readonly values: unknown[] = [];

  put(value: unknown): string {
    this.values.push(stored(value));
    return `$${this.values.length}`;
  }
}

const comparisons = { eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;

function conditionOf({ field, operator = "eq", value, mode }: Where, parameters: Parameters): string {
  const column = columnOf(field);
  if (value === null) return `${column} IS ${operator === "ne" ? "NOT " : ""}NULL`;
  if (Array.isArray(value)) {
    if (operator !== "in" && operator !== "not_in") throw new Error(`${operator} takes no list`);
    if (value.length === 0) return operator === "in" ? "false" : "true";
    const list = (value as unknown[]).map((item) => parameters.put(item)).join(", ");
    return `${column} ${operator === "in" ? "IN" : "NOT IN"} (${list})`;
  }
  if (!Object.hasOwn(comparisons, operator)) throw new Error(`the tables of people know no ${operator}`);
  const sign = comparisons[operator as keyof typeof comparisons];
  const isFolded = mode === "insensitive" && typeof value === "string";
  return isFolded
    ? `lower(${column}) ${sign} lower(${parameters.put(value)})`
    : `${column} ${sign} ${parameters.put(value)}`;
}

/** The library joins all conditions that say AND, and adds the group of those that say OR. */
function whereOf(where: readonly Where[] | undefined, parameters: Parameters): string {
  if (where === undefined || where.length === 0) return "true";
  const all = where.filter(({ connector }) => connector !== "OR").map((item) => conditionOf(item, parameters));
  const any = where.filter(({ connector }) => connector === "OR").map((item) => conditionOf(item, parameters));
  return [...all, ...(any.length === 0 ? [] : [`(${any.join(" OR ")})`])].join(" AND ");
}

function setOf(update: Readonly<Record<string, unknown>>, parameters: Parameters): string[] {
  return Object.entries(update).map(([field, value]) => `${columnOf(field)} = ${parameters.put(value)}`);
}

/** One row that fits, chosen and locked in one statement: two that come at once never take the same one. */
const oneOf = (table: string, where: string): string =>
  `id = (SELECT id FROM ${table} WHERE ${where} ORDER BY id LIMIT 1 FOR UPDATE)`;

function writesOf(db: Queryable): Pick<CustomAdapter, "create" | "update" | "updateMany" | "delete" | "deleteMany"> {
  return {
    async create({ model, data }) {
      const parameters = new Parameters();
      const entries = Object.entries(data);
      const columns = entries.map(([field]) => columnOf(field)).join(", ");
      const values = entries.map(([, value]) => parameters.put(value)).join(", ");
      const sql = `INSERT INTO ${tableOf(model)} (${columns}) VALUES (${values}) RETURNING *`;
      const [row] = await db.query(sql, parameters.values);
      return toModel(row as Record<string, unknown>) as never;
    },
    async update({ model, where, update }) {
      const parameters = new Parameters();
      const set = setOf(update as Record<string, unknown>, parameters).join(", ");
      const table = tableOf(model);
      const sql = `UPDATE ${table} SET ${set} WHERE ${oneOf(table, whereOf(where, parameters))} RETURNING *`;
      const [row] = await db.query(sql, parameters.values);
      return row === undefined ? null : (toModel(row) as never);
    },
    async updateMany({ model, where, update }) {
      const parameters = new Parameters();
      const set = setOf(update, parameters).join(", ");
      const sql = `UPDATE ${tableOf(model)} SET ${set} WHERE ${whereOf(where, parameters)} RETURNING id`;
      return (await db.query(sql, parameters.values)).length;
    },
    async delete({ model, where }) {
      const parameters = new Parameters();
      await db.query(`DELETE FROM ${tableOf(model)} WHERE ${whereOf(where, parameters)}`, parameters.values);
    },
    async deleteMany({ model, where }) {
      const parameters = new Parameters();
      const sql = `DELETE FROM ${tableOf(model)} WHERE ${whereOf(where, parameters)} RETURNING id`;
      return (await db.query(sql, parameters.values)).length;
    },
  };
}

function guardsOf(db: Queryable): Required<Pick<CustomAdapter, "consumeOne" | "incrementOne">> {
  return {
    async consumeOne({ model, where }) {
      const parameters = new Parameters();
      const table = tableOf(model);
      const sql = `DELETE FROM ${table} WHERE ${oneOf(table, whereOf(where, parameters))} RETURNING *`;
      const [row] = await db.query(sql, parameters.values);
      return row === undefined ? null : (toModel(row) as never);
    },
    async incrementOne({ model, where, increment, set }) {
      const parameters = new Parameters();
      const changes = [
        ...Object.entries(increment).map(([field, by]) => {
          const column = columnOf(field);
          return `${column} = coalesce(${column}, 0) + ${parameters.put(by)}`;
        }),
        ...setOf(set ?? {}, parameters),
      ].join(", ");
      // The condition stands outside too: a row that changed while it was waited for must still fit.
      const condition = whereOf(where, parameters);
      const table = tableOf(model);
      const sql = `UPDATE ${table} SET ${changes} WHERE ${oneOf(table, condition)} AND ${condition} RETURNING *`;
      const [row] = await db.query(sql, parameters.values);
      return row === undefined ? null : (toModel(row) as never);
    },
  };
}

function readsOf(db: Queryable): Pick<CustomAdapter, "findOne" | "findMany" | "count"> {
  return {
    async findOne({ model, where }) {
      const parameters = new Parameters();
      const sql = `SELECT * FROM ${tableOf(model)} WHERE ${whereOf(where, parameters)} LIMIT 1`;
      const [row] = await db.query(sql, parameters.values);
      return row === undefined ? null : (toModel(row) as never);
    },
    async findMany({ model, where, limit, offset, sortBy }) {
      const parameters = new Parameters();
      const condition = whereOf(where, parameters);
      const order =
        sortBy === undefined
          ? ""
          : ` ORDER BY ${columnOf(sortBy.field)} ${sortBy.direction === "desc" ? "DESC" : "ASC"}`;
      const bounds = ` LIMIT ${parameters.put(limit)} OFFSET ${parameters.put(offset ?? 0)}`;
      const rows = await db.query(
        `SELECT * FROM ${tableOf(model)} WHERE ${condition}${order}${bounds}`,
        parameters.values,
      );
      return rows.map(toModel) as never;
    },
    async count({ model, where }) {
      const parameters = new Parameters();
      const sql = `SELECT count(*)::integer AS rows FROM ${tableOf(model)} WHERE ${whereOf(where, parameters)}`;
      const [row] = await db.query<{ rows: number }>(sql, parameters.values);
      return row?.rows ?? 0;
    },
  };
}

/** Lets the sign-in library keep its models in the house's tables, through the house's database. */
export function authAdapter(db: Db): DBAdapterInstance {
  const over = (queryable: Queryable, transaction: Transaction): DBAdapterInstance =>
    createAdapterFactory({
      config: {
        adapterId: "probity",
        adapterName: "Probity",
        supportsJSON: false,
        supportsDates: true,
        supportsBooleans: true,
        supportsArrays: false,
        transaction,
      },
      adapter: () => ({ ...readsOf(queryable), ...writesOf(queryable), ...guardsOf(queryable) }),
    });
  return (options) => over(db, (work) => db.transaction((tx) => work(over(tx, false)(options))))(options);
}
