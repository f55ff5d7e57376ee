import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { Pglite } from "../packages/engine/src/platform/pglite.ts";
import { Postgres } from "../packages/engine/src/platform/postgres.ts";
import type { DbEngine } from "./flags.ts";

/** Where benchmarks look for PostgreSQL unless --url says otherwise; the user is the one who runs them. */
export const postgresUrl = `postgres://${encodeURIComponent(userInfo().username)}@127.0.0.1:5432/postgres`;

const databaseName = "bench_probity";

async function asAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** An empty database of one's own: gone when it is disposed. */
export interface OwnDatabase extends AsyncDisposable {
  readonly engine: DbEngine;
  /** Environment of an engine that works in it. */
  readonly env: Readonly<Record<string, string>>;
  /** Opens it in this process. */
  open(): Postgres | Pglite;
}

/** A fresh PostgreSQL database on the server of `url`, or a fresh folder for PGlite. */
export async function ownDatabase(engine: DbEngine, url: string): Promise<OwnDatabase> {
  const drop = `DROP DATABASE IF EXISTS ${databaseName} WITH (FORCE)`;
  if (engine === "postgres") {
    await asAdmin(url, async (client) => {
      await client.query(drop);
      await client.query(`CREATE DATABASE ${databaseName}`);
    });
  }
  const folder = mkdtempSync(join(tmpdir(), "probity-bench-"));
  const env = {
    PROBITY_DATA_DIR: folder,
    PROBITY_MASTER_KEY: randomBytes(32).toString("hex"),
    PROBITY_LOG_LEVEL: "warn",
    PROBITY_PORT: "0",
  };
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  if (engine === "pglite") {
    return { engine, env, open: () => new Pglite(folder), [Symbol.asyncDispose]: async () => removeFolder() };
  }
  const own = new URL(url);
  own.pathname = `/${databaseName}`;
  return {
    engine,
    env: { ...env, PROBITY_DATABASE_URL: own.href },
    open: () => new Postgres(own.href, 4),
    [Symbol.asyncDispose]: async () => {
      removeFolder();
      await asAdmin(url, (client) => client.query(drop));
    },
  };
}

/** Version of the database that the flags name, for the record; nothing if they name none. */
export async function engineVersions(flags: readonly string[]): Promise<Record<string, string>> {
  const after = (name: string): string | undefined => flags.find((_, place) => flags[place - 1] === name);
  const engine = after("--db");
  if (engine === undefined) return {};
  if (engine === "pglite") {
    await using db = new Pglite();
    const [row] = await db.query<{ version: string }>("SELECT current_setting('server_version') AS version");
    return { pglite: row?.version ?? "unknown" };
  }
  const { rows } = await asAdmin(after("--url") ?? postgresUrl, (client) =>
    client.query<{ version: string }>("SELECT current_setting('server_version') AS version"),
  );
  return { postgres: rows[0]?.version ?? "unknown" };
}
