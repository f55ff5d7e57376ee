/** Anything that takes SQL with parameters: a database or a transaction. */
export interface Queryable {
  /** Rows of a statement. bigint columns come as numbers; one beyond 2^53 is an error. */
  query<Row extends object = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
}

/** A transaction: statements and copies that see one state of the database. */
export interface Tx extends Queryable {
  /**
   * Binary COPY of a query, as whole messages of PostgreSQL's protocol in chunks of any size: CopyData and some to be
   * skipped. On PGlite the answer comes in one chunk: read by ranges.
   */
  copyOut(select: string): AsyncIterable<Uint8Array>;
  /**
   * Copies that may run at once, of the state that the transaction saw before its own writes; `each` reads one of
   * them. Absent where there is only one connection or no transaction.
   */
  copyParts?(selects: readonly string[], each: (chunks: AsyncIterable<Uint8Array>) => Promise<void>): Promise<void>;
}

export type Isolation = "read committed" | "repeatable read";

/** One SQL dialect, two engines: PGlite in a worker thread and PostgreSQL. */
export interface Db extends Tx, AsyncDisposable {
  readonly engine: "pglite" | "postgres";
  /** Commits when `work` resolves, rolls back when it throws. On PostgreSQL a commit is durable on return. */
  transaction<T>(work: (tx: Tx) => Promise<T>, isolation?: Isolation): Promise<T>;
  /** Runs statements without parameters: migrations. */
  script(sql: string): Promise<void>;
}

/** PostgreSQL array literal of texts, for `unnest($1::text[])`. */
export function textArray(values: readonly (string | null)[]): string {
  const parts: string[] = [];
  for (const value of values) {
    parts.push(value === null ? "NULL" : `"${/["\\]/u.test(value) ? value.replaceAll(/["\\]/gu, "\\$&") : value}"`);
  }
  return `{${parts.join(",")}}`;
}

/** Separates joined texts: JSON and ids never hold it. */
export const textSeparator = "\u001e";

/**
 * Texts that hold quotes (JSON), for `string_to_array($1, chr(30))`: several times cheaper than an array
 * literal, which must escape each quote. No text may be empty.
 */
export function joinedTexts(values: readonly string[]): string {
  return values.join(textSeparator);
}

/** PostgreSQL array literal of integers. */
export function integerArray(values: readonly (number | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : String(value))).join(",")}}`;
}

/** An error of the database without its parameters, which may be personal. */
export class DbError extends Error {
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined) {
    super(message);
    this.name = "DbError";
    this.code = code;
  }
}

export function toDbError(error: unknown): DbError {
  const { message = "database error", code } = error as { message?: string; code?: string };
  // Class 22 (data exceptions) quotes the value behind the colon.
  return new DbError(code?.startsWith("22") ? message.replace(/:.*$/s, "") : message, code);
}

/**
 * Statements of one transaction, in turn. It ends once: what was sent before has then been answered, what
 * comes later is refused, so that no statement runs outside its transaction.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #ended = false;

  take<T>(statement: () => Promise<T>): Promise<T> {
    if (this.#ended) return Promise.reject(new DbError("the transaction has ended", undefined));
    const answer = this.#last.then(statement);
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Resolves when every statement that was sent has been answered. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#last;
  }
}
