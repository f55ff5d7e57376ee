/** One line of a file, without its line end. */
export interface FileLine {
  readonly line: number;
  readonly text: string;
  /** Why the line cannot be used: broken bytes, or too long. */
  readonly broken?: string;
  /** Only the beginning of the line is here. */
  readonly cut?: true;
}

/** Lines that make one CSV record; `text` keeps line ends inside quotes. */
export interface CsvRecord {
  readonly line: number;
  readonly text: string;
  readonly broken?: string;
}

const quote = '"';

function oddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) odd = !odd;
  return odd;
}

/** Whether every quote opens a field, closes one, or is doubled inside one (RFC 4180). */
export function quotesSound(text: string, delimiter: string): boolean {
  let at = 0;
  while (at <= text.length) {
    if (text[at] === quote) {
      let close = text.indexOf(quote, at + 1);
      while (close !== -1 && text[close + 1] === quote) close = text.indexOf(quote, close + 2);
      if (close === -1) return false;
      const next = text[close + 1];
      if (next !== undefined && next !== delimiter) return false;
      at = close + 2;
    } else {
      const end = text.indexOf(delimiter, at);
      const stray = text.indexOf(quote, at);
      if (stray !== -1 && (end === -1 || stray < end)) return false;
      if (end === -1) return true;
      at = end + 1;
    }
  }
  return true;
}

/** Fields of a record whose quotes are sound. */
export function splitFields(text: string, delimiter: string): string[] {
  if (!text.includes(quote)) return text.split(delimiter);
  const fields: string[] = [];
  for (let at = 0; ;) {
    if (text[at] !== quote) {
      const end = text.indexOf(delimiter, at);
      fields.push(text.slice(at, end === -1 ? undefined : end));
      if (end === -1) return fields;
      at = end + 1;
      continue;
    }
    let close = text.indexOf(quote, at + 1);
    while (text[close + 1] === quote) close = text.indexOf(quote, close + 2);
    fields.push(text.slice(at + 1, close).replaceAll('""', quote));
    if (close + 1 >= text.length) return fields;
    at = close + 2;
  }
}

/**
 * Joins lines into records: a record ends where its quotes are even. A stray quote, or one that
 * never closes, costs its own line only; `recordChars` bounds how far a closing quote is looked for.
 */
export class CsvFramer {
  readonly #delimiter: string;
  readonly #recordChars: number;
  #open: FileLine[] = [];
  #chars = 0;

  constructor(delimiter: string, recordChars: number) {
    this.#delimiter = delimiter;
    this.#recordChars = recordChars;
  }

  /** Adds the records that these lines complete. */
  push(lines: readonly FileLine[], out: CsvRecord[]): void {
    for (const line of lines) this.#take(line, out);
  }

  /** Adds the records left when the file has ended. */
  end(out: CsvRecord[]): void {
    while (this.#open.length > 0) this.#giveUpFirst("a quote is opened and never closed", out);
  }

  #take(line: FileLine, out: CsvRecord[]): void {
    const odd = !line.cut && oddQuotes(line.text);
    if (this.#open.length === 0 && !odd) {
      const sound = line.broken !== undefined || quotesSound(line.text, this.#delimiter);
      out.push(sound ? line : { ...line, broken: "a quote is in the wrong place" });
      return;
    }
    this.#open.push(line);
    this.#chars += line.text.length + 1;
    if (this.#open.length > 1 && odd) this.#close(out);
    else if (this.#chars > this.#recordChars) this.#giveUpFirst("a quote is opened and never closed", out);
  }

  #close(out: CsvRecord[]): void {
    const text = this.#open.map((line) => line.text).join("\n");
    if (!quotesSound(text, this.#delimiter)) return this.#giveUpFirst("a quote is in the wrong place", out);
    const broken = this.#open.find((line) => line.broken !== undefined)?.broken;
    const [first] = this.#open;
    if (first) out.push({ line: first.line, text, ...(broken === undefined ? {} : { broken }) });
    this.#open = [];
    this.#chars = 0;
  }

  #giveUpFirst(why: string, out: CsvRecord[]): void {
    const [first, ...rest] = this.#open;
    this.#open = [];
    this.#chars = 0;
    if (first) out.push({ ...first, broken: first.broken ?? why });
    for (const line of rest) this.#take(line, out);
  }
}
