import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What vitest's JSON report holds that is needed here. */
export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Tests by outcome. A file that failed without a failed test (it did not load, or a hook broke) is one failure.
 * Where everything is required a skipped test is a failure too.
 */
export function countTests(report: Report, everythingRequired: boolean): Counts {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  const failed = report.numFailedTests + brokenFiles.length;
  const skipped = report.numPendingTests + report.numTodoTests;
  return everythingRequired
    ? { passed: report.numPassedTests, failed: failed + skipped, skipped: 0 }
    : { passed: report.numPassedTests, failed, skipped };
}

/** The last line of `npm test`. */
export function countsLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

const root = join(import.meta.dirname, "..");

async function run(command: string, args: readonly string[]): Promise<boolean> {
  const beganMs = performance.now();
  process.stdout.write(`\n> ${command} ${args.join(" ")}\n`);
  const child = spawn(join(root, "node_modules/.bin", command), args, { cwd: root, stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  process.stdout.write(
    `${command}: ${code === 0 ? "ok" : "failed"}, ${((performance.now() - beganMs) / 1_000).toFixed(1)} s\n`,
  );
  return code === 0;
}

const checks: readonly (readonly [command: string, args: readonly string[]])[] = [
  ["tsc", ["-b"]],
  ["oxlint", ["--deny-warnings"]],
  ["oxfmt", ["--check", "."]],
  ["knip", []],
];

/** Outcome of the tests; where vitest leaves no report, one failure. */
async function runTests(selection: readonly string[]): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), "probity-check-"));
  const file = join(folder, "report.json");
  try {
    const clean = await run("vitest", [
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
      ...selection,
    ]);
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) return { passed: 0, failed: 1, skipped: 0 };
    const counts = countTests(JSON.parse(text) as Report, process.env["PROBITY_REQUIRE_ALL"] === "1");
    // An error outside of every test fails the run and stands in no count.
    return clean || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every check of the house, then every test. A failed check counts as one failure. */
async function main(selection: readonly string[]): Promise<void> {
  const failedChecks: string[] = [];
  for (const [command, args] of checks) if (!(await run(command, args))) failedChecks.push(command);
  const tests = await runTests(selection);
  const total: Counts = { ...tests, failed: tests.failed + failedChecks.length };
  if (failedChecks.length > 0) process.stdout.write(`\nFailed checks: ${failedChecks.join(", ")}\n`);
  process.stdout.write(`\n${countsLine(total)}\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

if (import.meta.main) await main(process.argv.slice(2));
