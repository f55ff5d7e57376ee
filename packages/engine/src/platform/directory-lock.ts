import { mkdirSync, openSync, readFileSync, rmSync, writeSync, closeSync } from "node:fs";
import { join } from "node:path";

/** Another live process owns the folder. */
export class DirectoryLocked extends Error {
  constructor(folder: string, pid: number) {
    super(
      `${folder} is in use by process ${pid}. Two processes on one embedded database lose data: stop the other one, ` +
        "send the command to its HTTP address (--url), or use PostgreSQL (PROBITY_DATABASE_URL).",
    );
    this.name = "DirectoryLocked";
  }
}

/** Folders that this process holds: in a container a killed predecessor had the same pid. */
const held = new Set<string>();

function isAlive(pid: number, folder: string): boolean {
  if (pid === process.pid) return held.has(folder);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Takes the folder for this process; a lock of a dead process is taken over. */
export class DirectoryLock implements Disposable {
  readonly #folder: string;
  readonly #path: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#path = join(folder, "owner.pid");
    for (let attempt = 0; ; attempt += 1) {
      try {
        const file = openSync(this.#path, "wx");
        writeSync(file, String(process.pid));
        closeSync(file);
        held.add(folder);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 3) throw error;
        const pid = Number(readFileSync(this.#path, "utf8"));
        if (Number.isInteger(pid) && pid > 0 && isAlive(pid, folder)) throw new DirectoryLocked(folder, pid);
        rmSync(this.#path, { force: true });
      }
    }
  }

  [Symbol.dispose](): void {
    held.delete(this.#folder);
    rmSync(this.#path, { force: true });
  }
}
