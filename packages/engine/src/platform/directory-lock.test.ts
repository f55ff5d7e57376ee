import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DirectoryLock, DirectoryLocked } from "./directory-lock.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "probity-lock-"));
});
afterEach(() => rmSync(dir, { recursive: true }));
const file = (): string => join(dir, "owner.pid");

/** A process that takes the folder and tells; `undefined` if it was refused. */
async function other(): Promise<{ child: ReturnType<typeof spawn>; told: string }> {
  const script = `import { DirectoryLock } from ${JSON.stringify(new URL("./directory-lock.ts", import.meta.url).href)};
    try { new DirectoryLock(${JSON.stringify(dir)}); console.log("taken"); setInterval(() => undefined, 1000); } catch (error) { console.log(error.message); }`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  return { child, told: chunk.toString().trim() };
}

async function kill(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

describe("a folder", () => {
  test("belongs to one process; the second is refused and told what to do", async () => {
    const { child, told } = await other();
    expect(told).toBe("taken");
    expect(() => new DirectoryLock(dir)).toThrow(DirectoryLocked);
    expect(() => new DirectoryLock(dir)).toThrow(
      `${dir} is in use by process ${child.pid}. Two processes on one embedded database lose data: stop the other one`,
    );
    await kill(child);
  });

  test("of a killed process is taken over", async () => {
    const { child } = await other();
    await kill(child);
    expect(existsSync(file())).toBe(true);
    using _lock = new DirectoryLock(dir);
    expect(readFileSync(file(), "utf8")).toBe(String(process.pid));
  });

  test("is refused to another process while this one holds it, and free when it lets go", async () => {
    const lock = new DirectoryLock(dir);
    const refused = await other();
    expect(refused.told).toContain(`in use by process ${process.pid}`);
    lock[Symbol.dispose]();
    expect(existsSync(file())).toBe(false);
    const taken = await other();
    expect(taken.told).toBe("taken");
    await kill(taken.child);
  });

  test("is refused to the same process a second time", () => {
    using _lock = new DirectoryLock(dir);
    expect(() => new DirectoryLock(dir)).toThrow(DirectoryLocked);
  });

  test("with a broken lock file is taken over", () => {
    for (const text of ["", "nonsense", "-1", "0"]) {
      writeFileSync(file(), text);
      using _lock = new DirectoryLock(dir);
      expect(readFileSync(file(), "utf8")).toBe(String(process.pid));
    }
  });

  // In a container every start has the same process id, often 1.
  test("left behind by a killed process of the same id is taken over", () => {
    writeFileSync(file(), String(process.pid));
    using _lock = new DirectoryLock(dir);
    expect(readFileSync(file(), "utf8")).toBe(String(process.pid));
  });
});
