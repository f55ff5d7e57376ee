import { olistColumns, olistFiles, type OlistTable } from "./olist.ts";
import type { Sample } from "./sample.ts";

/** Published Olist files among others, told by their columns. */
export interface OlistSet {
  /** File of each table that is there, by the name under which it was published. */
  readonly files: Readonly<Record<string, string>>;
  /** Files without which nothing can be joined. */
  readonly missing: readonly string[];
  /** Files that no event follows from. */
  readonly others: readonly string[];
}

const optional: ReadonlySet<OlistTable> = new Set(["translation"]);

/** Recognises the Olist set; undefined if none of its tables is among the files. */
export function recogniseOlist(samples: readonly Pick<Sample, "file" | "columns">[]): OlistSet | undefined {
  const files: Record<string, string> = {};
  const missing: string[] = [];
  const used = new Set<string>();
  for (const table of Object.keys(olistFiles) as OlistTable[]) {
    const found = samples.find(({ columns }) => olistColumns[table].every((column) => columns.includes(column)));
    if (found) {
      files[olistFiles[table]] = found.file;
      used.add(found.file);
    } else if (!optional.has(table)) missing.push(olistFiles[table]);
  }
  if (used.size === 0) return undefined;
  return { files, missing, others: samples.flatMap(({ file }) => (used.has(file) ? [] : [file])) };
}
