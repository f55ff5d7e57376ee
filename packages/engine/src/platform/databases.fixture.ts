import { randomBytes } from "node:crypto";
import pg from "pg";
import type { Db } from "./db.ts";
import { migrate } from "./migrate.ts";
import { Pglite } from "./pglite.ts";
import { Postgres } from "./postgres.ts";

/** A migrated database for one test file; another connection sees the same data (PostgreSQL only). */
export interface TestDatabase extends AsyncDisposable {
  readonly db: Db;
  /** A second process's worth of connections to the same data. */
  reconnect(): Db;
}

export interface DatabaseUnderTest {
  readonly name: "PGlite" | "PostgreSQL";
  /** Why it cannot be tested here; undefined if it can. */
  readonly absent: string | undefined;
  open(): Promise<TestDatabase>;
}

/** Where the PostgreSQL of the tests is. */
export const postgresUrl: string = process.env["PROBITY_TEST_POSTGRES"] ?? "postgres://root@127.0.0.1:5432/test";
const isRequired = process.env["PROBITY_REQUIRE_ALL"] === "1";

async function absence(): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: postgresUrl, connectionTimeoutMillis: 3_000 });
  try {
    await client.connect();
    await client.end();
    return undefined;
  } catch (error) {
    const reason = `no PostgreSQL answers at ${postgresUrl}: ${(error as Error).message}`;
    if (isRequired) throw new Error(`PROBITY_REQUIRE_ALL=1, but ${reason}`, { cause: error });
    return reason;
  }
}

async function openPglite(): Promise<TestDatabase> {
  const db = new Pglite();
  await migrate(db);
  return {
    db,
    reconnect: () => {
      throw new Error("PGlite has one connection");
    },
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

async function runOnce(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** An empty schema of PostgreSQL and connections that see nothing else; the schema is dropped at the end. */
export async function openSchema(): Promise<TestDatabase> {
  const schema = `probity_test_${randomBytes(6).toString("hex")}`;
  await runOnce(`CREATE SCHEMA ${schema}`);
  const connections = [new Postgres(postgresUrl, 4, schema)];
  return {
    db: connections[0] as Db,
    reconnect: () => {
      const other = new Postgres(postgresUrl, 4, schema);
      connections.push(other);
      return other;
    },
    [Symbol.asyncDispose]: async () => {
      for (const connection of connections) await connection[Symbol.asyncDispose]();
      await runOnce(`DROP SCHEMA ${schema} CASCADE`);
    },
  };
}

async function openPostgres(): Promise<TestDatabase> {
  const opened = await openSchema();
  await migrate(opened.db);
  return opened;
}

/** The two engines that every store has to pass on. */
export const databases: readonly DatabaseUnderTest[] = [
  { name: "PGlite", absent: undefined, open: openPglite },
  { name: "PostgreSQL", absent: await absence(), open: openPostgres },
];
