import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Where a mirror is written. */
export interface MirrorTarget {
  /** Replaces what is there, whole. */
  put(path: string, bytes: Uint8Array): Promise<void>;
  /** Undefined where nothing is there. */
  get(path: string): Promise<Buffer | undefined>;
}

/** A folder whose files are replaced whole: a reader finds the old bytes or the new ones. */
export class FolderTarget implements MirrorTarget {
  readonly #folder: string;
  readonly #made = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    const file = join(this.#folder, path);
    const folder = dirname(file);
    if (!this.#made.has(folder)) await mkdir(folder, { recursive: true });
    this.#made.add(folder);
    const draft = `${file}.new`;
    const handle = await open(draft, "w", 0o644);
    try {
      await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  }

  /** Undefined where there is no such file. */
  async get(path: string): Promise<Buffer | undefined> {
    try {
      return await readFile(join(this.#folder, path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }
}
