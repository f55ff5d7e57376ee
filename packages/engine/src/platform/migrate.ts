import { readdirSync, readFileSync } from "node:fs";
import type { Db } from "./db.ts";

const folder = new URL("../../sql/", import.meta.url);
const lockKey = 7_070_117;

/** Applies the numbered SQL files that the database lacks, in one transaction. Returns their names. */
export async function migrate(db: Db): Promise<string[]> {
  const files = readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort();
  return db.transaction(async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock($1)", [lockKey]);
    await tx.query("CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY)");
    const rows = await tx.query<{ name: string }>("SELECT name FROM migration");
    const done = new Set(rows.map(({ name }) => name));
    const missing = files.filter((name) => !done.has(name));
    for (const name of missing) {
      const statements = readFileSync(new URL(name, folder), "utf8")
        .replaceAll(/^\s*--.*$/gm, "")
        .split(/;\s*$/m);
      for (const statement of statements) if (statement.trim() !== "") await tx.query(statement);
      await tx.query("INSERT INTO migration (name) VALUES ($1)", [name]);
    }
    return missing;
  });
}
