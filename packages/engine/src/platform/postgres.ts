import pg from "pg";
import { CopyOut } from "./copy-out.ts";
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

/** Another connection that is free now, undefined if none is: who waits for one while holding one may wait forever. */
type Borrow = () => Promise<pg.PoolClient> | undefined;

/** Statements of one connection take turns; a caller may send the next before the last has answered. */
class Connection implements Tx {
  readonly #client: pg.ClientBase;
  readonly #borrow: Borrow;
  readonly turns: Turns = new Turns();

  constructor(client: pg.ClientBase, borrow: Borrow = () => undefined) {
    this.#client = client;
    this.#borrow = borrow;
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
      yield* this.#client.query(new CopyOut(`COPY (${select}) TO STDOUT (FORMAT binary)`)).chunks();
    } catch (error) {
      throw toDbError(error);
    }
  }

  async copyParts(
    selects: readonly string[],
    each: (chunks: AsyncIterable<Uint8Array>) => Promise<void>,
  ): Promise<void> {
    const waiting = [...selects];
    const work = async (connection: Connection): Promise<void> => {
      for (let select = waiting.shift(); select !== undefined; select = waiting.shift()) {
        await each(connection.copyOut(select));
      }
    };
    if (selects.length < 2) return work(this);
    // Before the first copy: a connection answers one after the other.
    const [row] = await this.query<{ snapshot: string }>("SELECT pg_export_snapshot() AS snapshot");
    const client = await this.#borrow();
    const beside = client === undefined ? Promise.resolve() : besides(client, row?.snapshot ?? "", work);
    for (const run of await Promise.allSettled([work(this), beside])) if (run.status === "rejected") throw run.reason;
  }
}

/** Runs `work` on another connection that sees the state of a snapshot, and gives the connection back. */
async function besides(
  client: pg.PoolClient,
  snapshot: string,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  let isDone = false;
  try {
    const connection = new Connection(client);
    await connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await connection.query(`SET TRANSACTION SNAPSHOT '${snapshot}'`);
    await work(connection);
    await connection.query("COMMIT");
    isDone = true;
  } finally {
    client.release(!isDone);
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
    // A connection that is lost between two statements tells the next one; unheard, it would end the process.
    this.#pool.on("connect", (client) => client.on("error", () => undefined));
  }

  #free(): Promise<pg.PoolClient> | undefined {
    const { idleCount, totalCount, waitingCount, options } = this.#pool;
    return waitingCount === 0 && (idleCount > 0 || totalCount < options.max) ? this.#pool.connect() : undefined;
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
    const connection = new Connection(client, () => this.#free());
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
