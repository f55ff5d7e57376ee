import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { type Db, type Isolation, toDbError, Turns, type Tx } from "./db.ts";

const int8 = 20;
const int8Array = 1016;

function exact(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint beyond 2^53: ${text}`);
  return value;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") => {
    if (oid === int8) return exact;
    if (oid === int8Array) return (text: string) => (text === "{}" ? [] : text.slice(1, -1).split(",").map(exact));
    return pg.types.getTypeParser(oid, format);
  }) as pg.CustomTypesConfig["getTypeParser"],
};

/** Statements of one connection take turns; a caller may send the next before the last has answered. */
class Connection implements Tx {
  readonly #client: pg.ClientBase;
  readonly turns: Turns = new Turns();

  constructor(client: pg.ClientBase) {
    this.#client = client;
  }

  query<Row extends object>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    return this.turns.take(async () => {
      try {
        const result = await this.#client.query(sql, params as unknown[]);
        return result.rows as Row[];
      } catch (error) {
        throw toDbError(error);
      }
    });
  }

  async *copyOut(select: string): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of this.#client.query(copyTo(`COPY (${select}) TO STDOUT (FORMAT binary)`))) {
        yield chunk as Uint8Array;
      }
    } catch (error) {
      throw toDbError(error);
    }
  }
}

/** PostgreSQL behind a pool. `connections` bounds what this process opens. */
export class Postgres implements Db {
  readonly engine = "postgres";
  readonly #pool: pg.Pool;

  constructor(url: string, connections: number, schema?: string) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: connections,
      types,
      application_name: "probity",
      ...(schema === undefined ? {} : { options: `-c search_path=${schema}` }),
    });
    this.#pool.on("error", () => undefined);
  }

  async query<Row extends object>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    try {
      const result = await this.#pool.query(sql, params as unknown[]);
      return result.rows as Row[];
    } catch (error) {
      throw toDbError(error);
    }
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>, isolation: Isolation = "read committed"): Promise<T> {
    const client = await this.#pool.connect();
    const connection = new Connection(client);
    let broken: Error | undefined;
    try {
      await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
      const result = await work(connection);
      await connection.turns.end();
      await client.query("COMMIT");
      return result;
    } catch (error) {
      await connection.turns.end();
      await client.query("ROLLBACK").catch((cause: unknown) => {
        broken = cause as Error;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async *copyOut(select: string): AsyncIterable<Uint8Array> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      yield* new Connection(client).copyOut(select);
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async script(sql: string): Promise<void> {
    await this.query(sql);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }
}
