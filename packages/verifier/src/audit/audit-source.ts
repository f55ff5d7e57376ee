/** Where a log is read from: a server, or a folder that mirrors one. Addresses are those below the log's prefix. */
export interface LogSource {
  /** Bytes of an address; undefined where nothing is there. Throws AuditFailure where it cannot be read. */
  get(path: string): Promise<Uint8Array | undefined>;
}

/** A log is not what it has to be: where, and what is the matter. */
export class AuditFailure extends Error {
  /** Address of the first difference. */
  readonly where: string;
  readonly what: string;

  constructor(where: string, what: string, cause?: unknown) {
    super(`${where}: ${what}`, { cause });
    this.name = "AuditFailure";
    this.where = where;
    this.what = what;
  }

  /** What an error in reading an address says of it. */
  static at(where: string, error: unknown): AuditFailure {
    return error instanceof AuditFailure ? error : new AuditFailure(where, (error as Error).message, error);
  }
}
