import type { Reject, RejectWriter } from "@probity/mapping";
import { csvOf, csvLines } from "../ui/csv.ts";

/** Text that is kept as such before it becomes a Blob, which a browser may keep on disk. */
const partChars = 1_000_000;
const shownMax = 200;

/** A rejected row as text. */
export function rawText(raw: unknown): string {
  if (typeof raw === "string") return raw;
  return JSON.stringify(raw, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

/** Rejected rows as a CSV that grows: file, line, field, reason and the row as it was. */
export class RejectFile implements RejectWriter {
  /** The first ones, to be shown. */
  readonly first: Reject[] = [];
  count = 0;
  readonly #blobs: Blob[] = [];
  #text: string;

  constructor() {
    this.#text = csvOf(["file", "line", "field", "reason", "row"], []);
  }

  async write(rejects: readonly Reject[]): Promise<void> {
    this.count += rejects.length;
    this.first.push(...rejects.slice(0, Math.max(0, shownMax - this.first.length)));
    this.#text += csvLines(
      rejects.map(({ file, line, field, reason, raw }) => [file, line, field, reason, rawText(raw)]),
    );
    if (this.#text.length < partChars) return;
    this.#blobs.push(new Blob([this.#text]));
    this.#text = "";
  }

  blob(): Blob {
    return new Blob([...this.#blobs, this.#text], { type: "text/csv;charset=utf-8" });
  }
}
