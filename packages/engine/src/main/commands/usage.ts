import { parseArgs, type ParseArgsConfig } from "node:util";

/** The command line breaks a rule; the message says what to write instead. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** The usage was asked for and printed: nothing is left to do. */
export type Asked = "help";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Options and words of a command line; `undefined` when help was asked for and printed. */
export function readArgs<const O extends Options>(
  usage: string,
  args: readonly string[],
  options: O,
): { values: ReturnType<typeof parseArgs<{ options: O }>>["values"]; words: string[] } | undefined {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${usage}\n`);
    return undefined;
  }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values: values as never, words: positionals };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`);
  }
}

/** A whole number of an option, inside its bounds. */
export function wholeNumber(
  name: string,
  text: string | undefined,
  otherwise: number,
  min: number,
  max: number,
): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not ${text}`);
  }
  return value;
}
