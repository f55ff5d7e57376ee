/** Runs one benchmark: `npm run --silent bench -- NAME [flags]`. Its last line on standard output is one JSON object. */
import { UsageError } from "./flags.ts";
import { record } from "./record.ts";

interface Benchmark {
  readonly usage: string;
  run(args: readonly string[]): Promise<Record<string, number>>;
}

const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  api: () => import("./api.bench.ts"),
  audit: () => import("./audit.bench.ts"),
  console: () => import("./console.bench.ts"),
  "authenticity-amazon": () => import("./authenticity-amazon.bench.ts"),
  "authenticity-graph": () => import("./authenticity-graph.bench.ts"),
  "authenticity-kernels": () => import("./authenticity-kernels.bench.ts"),
  "authenticity-live": () => import("./authenticity-live.bench.ts"),
  "authenticity-otc": () => import("./authenticity-otc.bench.ts"),
  "authenticity-simulated": () => import("./authenticity-simulated.bench.ts"),
  "authenticity-speed": () => import("./authenticity-speed.bench.ts"),
  "authenticity-text": () => import("./authenticity-text.bench.ts"),
  "authenticity-yelpchi": () => import("./authenticity-yelpchi.bench.ts"),
  crash: () => import("./crash.bench.ts"),
  ingest: () => import("./ingest.bench.ts"),
  log: () => import("./log.bench.ts"),
  "log-crash": () => import("./log-crash.bench.ts"),
  rate: () => import("./rate.bench.ts"),
  "ratings-olist": () => import("./ratings-olist.bench.ts"),
  "ratings-walk": () => import("./ratings-walk.bench.ts"),
  read: () => import("./read.bench.ts"),
  simulate: () => import("./simulate.bench.ts"),
  tampering: () => import("./tampering.bench.ts"),
  verify: () => import("./verify.bench.ts"),
  words: () => import("./words.bench.ts"),
};

async function list(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(benchmarks).map(async ([name, load]) => `  ${name.padEnd(14)} ${(await load()).usage}`),
  );
  return `Benchmarks:\n${lines.join("\n")}\nEach takes --seed N (where it draws) and --record, which keeps the result in bench/results.\n`;
}

async function main([name = "", ...args]: readonly string[]): Promise<void> {
  const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (load === undefined) {
    process.stderr.write(`${name === "" ? "Name a benchmark." : `There is no benchmark ${name}.`}\n${await list()}`);
    process.exitCode = 2;
    return;
  }
  const flags = args.filter((arg) => arg !== "--record");
  const result = await (await load()).run(flags);
  const broken = Object.entries(result).find(([, value]) => !Number.isFinite(value));
  if (broken !== undefined) throw new Error(`${broken[0]} is not a number`);
  if (flags.length < args.length) await record(name, flags, result);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const known =
    error instanceof UsageError || (error instanceof Error && ["ImportError", "ConfigError"].includes(error.name));
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = known ? 2 : 1;
}
