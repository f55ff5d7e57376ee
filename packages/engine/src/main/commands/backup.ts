import { spawn } from "node:child_process";
import { once } from "node:events";
import { rename, writeFile } from "node:fs/promises";
import { readConfig } from "../../platform/config.ts";
import { Pglite } from "../../platform/pglite.ts";
import { readArgs, UsageError } from "./usage.ts";

const usage = `probity backup FILE: writes the database to FILE.
Embedded database: a tar archive of its folder (stop the server first). PostgreSQL: pg_dump's custom format.
The file holds wrapped person keys: keep it short, or erasure is a lie. The master key is not in it.`;

async function dumpPostgres(url: string, file: string): Promise<void> {
  const child = spawn("pg_dump", ["--format=custom", "--file", file, "--dbname", url], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) throw new UsageError(`pg_dump ended with ${String(code)}; nothing usable was written to ${file}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new UsageError("pg_dump is not installed; install PostgreSQL's client tools (Debian: postgresql-client)");
    }
    throw error;
  }
}

export async function backup(args: string[]): Promise<void> {
  const parsed = readArgs(usage, args, {});
  if (parsed === undefined) return;
  const [file] = parsed.words;
  if (file === undefined) throw new UsageError(usage);
  const config = readConfig(process.env);
  if (config.databaseUrl !== undefined) await dumpPostgres(config.databaseUrl, file);
  else {
    await using db = new Pglite(config.dataDir);
    await writeFile(`${file}.new`, await db.dump(), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  process.stdout.write(`Wrote ${file}\n`);
}
