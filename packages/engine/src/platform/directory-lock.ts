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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Takes the folder for this process; a lock of a dead process is taken over. */
export class DirectoryLock implements Disposable {
  readonly #path: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, "owner.pid");
    for (let attempt = 0; ; attempt += 1) {
      try {
        const file = openSync(this.#path, "wx");
        writeSync(file, String(process.pid));
        closeSync(file);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 3) throw error;
        const pid = Number(readFileSync(this.#path, "utf8"));
        if (Number.isInteger(pid) && pid > 0 && isAlive(pid)) throw new DirectoryLocked(folder, pid);
        rmSync(this.#path, { force: true });
      }
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { force: true });
  }
}
