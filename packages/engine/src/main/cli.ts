#!/usr/bin/env node
import { ImportError } from "@probity/mapping";
import { DirectoryLocked } from "../platform/directory-lock.ts";
import { ConfigError } from "../platform/config.ts";
import { LogKeyError } from "../platform/log-keys.ts";
import { SourceError } from "../platform/log-source.ts";
import { UsageError } from "./commands/usage.ts";

const commands: Readonly<
  Record<string, { readonly what: string; readonly load: () => Promise<(args: string[]) => Promise<void>> }>
> = {
  serve: {
    what: "HTTP API, public pages and (unless PROBITY_WORKER=off) the jobs",
    load: async () => (await import("./commands/serve.ts")).serve,
  },
  worker: {
    what: "the jobs alone, beside a server on PostgreSQL",
    load: async () => (await import("./commands/serve.ts")).work,
  },
  demo: {
    what: "a simulated marketplace, rated and served [--data DIR for Olist]",
    load: async () => (await import("./commands/demo.ts")).demo,
  },
  import: {
    what: "olist DIR, or FILE --mapping M [--dry-run] [--url U --key K]",
    load: async () => (await import("./commands/import.ts")).importData,
  },
  simulate: {
    what: "simulated events as JSON lines [--truth FILE]",
    load: async () => (await import("./commands/simulate.ts")).simulateEvents,
  },
  rate: {
    what: "rate now [--backfill DAYS]; rate KIND ID explains one subject",
    load: async () => (await import("./commands/rate.ts")).rate,
  },
  log: {
    what: "status | seal | audience | rotate: the public log of a marketplace",
    load: async () => (await import("./commands/log.ts")).log,
  },
  audit: {
    what: "WHERE: check a marketplace's public log and recompute its ratings",
    load: async () => (await import("./commands/audit.ts")).audit,
  },
  verify: {
    what: "receipt FILE --policy FILE | credential FILE: check either without trust in a server",
    load: async () => (await import("./commands/verify.ts")).verify,
  },
  witness: {
    what: "--state DIR --policy FILE: cosign checkpoints of other parties' logs",
    load: async () => (await import("./commands/witness.ts")).witness,
  },
  monitor: {
    what: "WHERE: follow a log and alarm where it forks or shrinks",
    load: async () => (await import("./commands/monitor.ts")).monitor,
  },
  keys: {
    what: "create | list | revoke API keys, master FILE",
    load: async () => (await import("./commands/keys.ts")).keys,
  },
  people: {
    what: "add --email E --role R prints an invite link; list",
    load: async () => (await import("./commands/people.ts")).people,
  },
  train: {
    what: "words [--data DIR] [--out FILE]: the model that reads reviews",
    load: async () => (await import("./commands/train.ts")).train,
  },
  backup: { what: "write the database to FILE", load: async () => (await import("./commands/backup.ts")).backup },
};

function help(): string {
  const lines = Object.entries(commands).map(([name, { what }]) => `  probity ${name.padEnd(9)} ${what}`);
  return `Probity 诚信: trust you can check\n\n${lines.join("\n")}\n\nEvery command: --help. Configuration: docs/running-in-production.md\n`;
}

const known = [UsageError, ConfigError, DirectoryLocked, ImportError, LogKeyError, SourceError];

async function main(argv: readonly string[]): Promise<void> {
  const [name = "help", ...args] = argv;
  if (["help", "--help", "-h"].includes(name)) {
    process.stdout.write(help());
    return;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`There is no command ${name}.\n\n${help()}`);
  const run = await command.load();
  await run(args);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const plain = known.some((kind) => error instanceof kind);
  process.stderr.write(plain ? `${(error as Error).message}\n` : `${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
