import { statSync } from "node:fs";
import { parseArgs } from "node:util";

/** The command line breaks a rule; the message says which. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

type Value = string | number;

/**
 * Values of `--name value` flags: those of `defaults`, changed by `args`. A number stays a number.
 * Throws UsageError on an unknown flag or a value that is none.
 */
export function readFlags<Flags extends Readonly<Record<string, Value>>>(
  args: readonly string[],
  defaults: Flags,
): { [K in keyof Flags]: Flags[K] extends number ? number : string } {
  const names = Object.keys(defaults);
  let given: Record<string, unknown>;
  try {
    given = parseArgs({
      args: [...args],
      options: Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
    }).values;
  } catch (cause) {
    throw new UsageError(
      `${(cause as Error).message.split(". ")[0]}. Flags: ${names.map((name) => `--${name}`).join(" ")}`,
    );
  }
  const read = (name: string): Value => {
    const [fallback, text] = [defaults[name] as Value, given[name] as string | undefined];
    if (text === undefined || typeof fallback === "string") return text ?? fallback;
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < 0)
      throw new UsageError(`--${name} must be a number, at least 0: ${text}`);
    return value;
  };
  return Object.fromEntries(names.map((name) => [name, read(name)])) as {
    [K in keyof Flags]: Flags[K] extends number ? number : string;
  };
}

/** The folder that --data names. `layout` says what must lie in it. */
export function dataFolder(path: string, layout: string): string {
  if (path === "") throw new UsageError(`--data DIR is missing. DIR must hold ${layout}`);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--data ${path} is not a folder. It must hold ${layout}`);
  return path;
}

const engines = ["postgres", "pglite"] as const;
export type DbEngine = (typeof engines)[number];

export function dbEngine(text: string): DbEngine {
  const found = engines.find((engine) => engine === text);
  if (found === undefined) throw new UsageError(`--db must be ${engines.join(" or ")}: ${text}`);
  return found;
}

/** Progress and explanations; the result alone goes to standard output. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
