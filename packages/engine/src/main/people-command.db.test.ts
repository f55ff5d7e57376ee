import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const cli = fileURLToPath(new URL("cli.ts", import.meta.url));
let dir = "";

beforeAll(() => {
  dir = mkdtempSync(joinPath(tmpdir(), "probity-people-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line on an embedded database of its own. */
function run(...args: string[]): Promise<Ended> {
  const env = { ...process.env, PROBITY_DATA_DIR: dir, PROBITY_PUBLIC_URL: "https://trust.example" };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, "people", ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test("`probity people` prints an invite link and lists who is invited", async () => {
  const added = await run("add", "--email", "Ana@Shop.Example", "--role", "analyst");
  expect(added.stdout).toMatch(/^https:\/\/trust\.example\/console\/invite#[\w-]{32}\n$/);
  expect(added.stderr).toMatch(/works once, until \d{4}-/);
  const listed = await run("list");
  expect(listed.stdout).toMatch(/^[0-9a-f]{32}  analyst  ana@shop\.example  invited until /);
  expect(listed.stdout).not.toContain(added.stdout.split("#")[1]?.trim());
}, 120_000);

test.each([
  [["add", "--email", "ana", "--role", "viewer"], "--email must be an e-mail address"],
  [["add", "--email", "a@b.example", "--role", "king"], "--role must be one of viewer, analyst"],
  [["add", "--email", "a@b.example"], "--role must be one of"],
  [["list", "--marketplace", "nowhere"], "There is no marketplace nowhere; there are: main"],
  [["drop"], "probity people add"],
])("`probity people` %s is refused with what to write instead", async (args, words) => {
  const ended = await run(...args);
  expect([ended.code, ended.stdout]).toEqual([2, ""]);
  expect(ended.stderr).toContain(words);
});
