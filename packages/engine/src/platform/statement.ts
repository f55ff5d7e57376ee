/** Parameters of a statement that is put together from parts. */
export class Params {
  readonly values: unknown[] = [];

  /** The parameter's place in the SQL: `$1`, `$2` … */
  put(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/**
 * Several writes in one statement: common table expressions that share one list of parameters. The database
 * does them together or not at all, in one round trip and without a transaction around them.
 */
export class Statement {
  readonly #params = new Params();
  readonly #parts: string[] = [];

  /** Adds a part; `write` puts its parameters and gives its SQL. */
  add(name: string, write: (put: (value: unknown) => string) => string): void {
    this.#parts.push(`${name} AS (${write((value) => this.#params.put(value))})`);
  }

  get params(): readonly unknown[] {
    return this.#params.values;
  }

  /** SQL of all parts and the answer that is read from them. */
  text(answer: string): string {
    return `WITH ${this.#parts.join(",\n")}\n${answer}`;
  }
}
