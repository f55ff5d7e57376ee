import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Demo, startDemo } from "./demo.fixture.ts";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/auditing-a-marketplace.md"), "utf8");
/** Commands of the page, each block under its words; those that fetch Probity were followed to come here. */
const blocks = [...page.matchAll(/```sh([^\n]*)\n([\s\S]*?)```/g)].map(([, words = "", commands = ""]) => ({
  words: words.trim(),
  commands,
}));

const isRequired = process.env["PROBITY_REQUIRE_ALL"] === "1";
/** The page's second opinion needs it. */
const pythonAbsent = !isRequired && spawnSync("python3", ["-c", "import cryptography"]).status !== 0;

describe("auditing a marketplace, word for word", () => {
  let demo: Demo;
  let folder: string;

  beforeAll(async () => {
    demo = await startDemo();
    folder = mkdtempSync(join(tmpdir(), "probity-auditor-"));
    // An auditor's checkout: what the commands write lands here, not in the project.
    for (const name of ["package.json", "packages", "node_modules", "auditors"])
      symlinkSync(join(root, name), join(folder, name));
  });

  afterAll(() => {
    demo?.child.kill("SIGKILL");
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  async function follow(commands: string): Promise<string> {
    const env = { ...process.env, SERVER: demo.address, MARKETPLACE: "demo" };
    const { stdout, stderr } = await run("bash", ["-euo", "pipefail", "-c", commands], { cwd: folder, env });
    return stdout + stderr;
  }

  test.skipIf(pythonAbsent)("every command of the page does what the page says", async () => {
    expect(blocks.map(({ words }) => words)).toEqual(["install", "", "", "", "", "", "", "receipt"]);
    expect(blocks[0]?.commands).toBe("npm ci\n");
    const said: string[] = [];
    for (const { words, commands } of blocks) if (words === "") said.push(await follow(commands));
    const all = said.join("\n");
    expect(all).toMatch(/^log 127\.0\.0\.1:\d+\/log\/demo\+[0-9a-f]{8}\+/m);
    expect(all).toMatch(
      /^OK: \d+ entries under root [0-9a-f]{64}; as of \d+: 3 policies, \d+ epochs, \d+ ratings recomputed/m,
    );
    expect(all).toMatch(/^OK: \d+ entries, \d+ ratings checked/m);
    expect(all).toMatch(/^facts [0-9a-f]{64}$/m);
    expect(all).toMatch(/^\S+Z 127\.0\.0\.1:\d+\/log\/demo \d+ [0-9a-f]{64}$/m);
  });

  test("a receipt is checked, and one of another event is not taken for it", async () => {
    const headers = { authorization: `Bearer ${demo.token}` };
    const answer = await fetch(`${demo.address}/v1/events/700/receipt`, { headers });
    const { receipt } = (await answer.json()) as { receipt: string };
    writeFileSync(join(folder, "receipt.tlog-proof"), receipt);
    const receiptBlock = blocks.find(({ words }) => words === "receipt")?.commands ?? "";
    expect(await follow(receiptBlock)).toMatch(/^OK: entry 700 of 127/m);
    writeFileSync(join(folder, "receipt.tlog-proof"), receipt.replace("index 700", "index 701"));
    await expect(follow(receiptBlock)).rejects.toMatchObject({
      stdout: expect.stringContaining("FAILED: the entry does not stand at place 701"),
    });
  });
});
