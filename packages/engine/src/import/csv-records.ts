/** One line of a file, without its line feed. */
export interface FileLine {
  readonly line: number;
  readonly text: string;
  /** Why the line cannot be used: broken bytes, or too long (then `text` is its beginning). */
  readonly broken?: string;
}

/** Lines that make one CSV record; `text` keeps line feeds inside quotes. */
export interface CsvRecord {
  readonly line: number;
  readonly text: string;
  readonly broken?: string;
}

const neverClosed = "a quote is opened and never closed";

function oddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

/**
 * Joins lines into records: a record ends where its quotes are even. A quote that never closes costs
 * its own line only, not the rest of the file; `recordChars` bounds how far its end is looked for.
 */
export class CsvFramer {
  readonly #recordChars: number;
  #open: FileLine[] = [];
  #chars = 0;

  constructor(recordChars: number) {
    this.#recordChars = recordChars;
  }

  /** Records that these lines complete. */
  push(lines: readonly FileLine[], out: CsvRecord[]): void {
    for (const line of lines) this.#take(line, out);
  }

  /** Records left when the file has ended. */
  end(out: CsvRecord[]): void {
    while (this.#open.length > 0) this.#giveUpFirst(out);
  }

  #take(line: FileLine, out: CsvRecord[]): void {
    if (this.#open.length === 0 && (line.broken !== undefined || !oddQuotes(line.text))) {
      out.push(line);
      return;
    }
    this.#open.push(line);
    this.#chars += line.text.length + 1;
    const closes = this.#open.length > 1 && oddQuotes(line.text);
    if (closes) this.#close(out);
    else if (this.#chars > this.#recordChars) this.#giveUpFirst(out);
  }

  #close(out: CsvRecord[]): void {
    const [first] = this.#open;
    const broken = this.#open.find((line) => line.broken !== undefined)?.broken;
    const text = this.#open.map((line) => line.text).join("\n");
    if (first) out.push({ line: first.line, text, ...(broken === undefined ? {} : { broken }) });
    this.#open = [];
    this.#chars = 0;
  }

  #giveUpFirst(out: CsvRecord[]): void {
    const [first, ...rest] = this.#open;
    this.#open = [];
    this.#chars = 0;
    if (first) out.push({ ...first, broken: first.broken ?? neverClosed });
    for (const line of rest) this.#take(line, out);
  }
}
