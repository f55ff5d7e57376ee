import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { engineVersions } from "./databases.ts";

interface Kept {
  readonly at: string;
  readonly commit: string;
  readonly machine: Record<string, string | number>;
  readonly flags: readonly string[];
  readonly result: Record<string, number>;
}

const folder = new URL("./results/", import.meta.url);

function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  try {
    return `${git("rev-parse", "HEAD")}${git("status", "--porcelain", "--", "../packages", ".") === "" ? "" : " with changes"}`;
  } catch {
    return "unknown";
  }
}

/** A path of this machine says nothing to others: the folder's name does. */
const withoutPaths = (flags: readonly string[]): string[] =>
  flags.map((flag) => (flag.includes("/") ? (flag.split("/").findLast((part) => part !== "") ?? "") : flag));

/** Appends a result to bench/results/NAME.json, with the machine and the commit it was measured on. */
export async function record(name: string, flags: readonly string[], result: Record<string, number>): Promise<void> {
  const path = new URL(`${name}.json`, folder);
  let before: Kept[] = [];
  try {
    before = JSON.parse(readFileSync(path, "utf8")) as Kept[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const [cpu] = cpus();
  const kept: Kept = {
    at: new Date().toISOString(),
    commit: commit(),
    machine: {
      cpu: cpu?.model.trim() ?? "unknown",
      cores: cpus().length,
      memory_gb: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      ...(await engineVersions(flags)),
    },
    flags: withoutPaths(flags),
    result,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${JSON.stringify([...before, kept], undefined, 2)}\n`);
}
