import { admit, type Verdict } from "@probity/contract";

/** Limits of an import, unit last in the name. */
export const importLimits = {
  /** One row: a CSV record or a JSONL line. */
  rowBytes: 65_536,
  /** Files that are joined in memory, all together. */
  joinBytes: 1_073_741_824,
  mappingChars: 262_144,
  mappingRules: 100,
  /** Rows looked at to learn which columns a JSONL file has. */
  sampleRows: 1_000,
  /** Event ids that a dry run remembers to find repeated ones. */
  rememberedIds: 1_000_000,
  /** A busy sink is asked again this often before the import stops; it can be resumed. */
  busyRetries: 60,
  busyWaitSeconds: 60,
} as const;

export interface Place {
  /** Name of the file, without its folder. */
  readonly file: string;
  /** Line on which the row begins, from 1; for Parquet the number of the row. */
  readonly line: number;
}

/** What could not be taken, and why; `raw` is the row as it came, or the event that was refused. */
export interface Reject extends Place {
  readonly field: string;
  readonly reason: string;
  readonly raw: unknown;
}

export interface ImportEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One event with the row it came from, or one reject. Same files, same items, same order. */
export type ImportItem = (Place & { readonly event: ImportEvent }) | { readonly reject: Reject };

export type Cells = Readonly<Record<string, unknown>>;

/** One row of a file, or what could not be read as one. */
export type RowItem = (Place & { readonly cells: Cells }) | { readonly reject: Reject };

/** How far a source has been read. */
export interface Measure {
  readonly done: number;
  readonly total: number;
  readonly unit: "bytes" | "rows";
  /** Rows read so far, the unreadable ones included. */
  readonly rows: number;
  /** Rows that no rule of the mapping wanted. */
  readonly rowsUnused: number;
}

/** Items with a measure of how far they are. */
export interface ImportSource extends AsyncIterable<ImportItem> {
  measure(): Measure;
}

export interface ImportIssue {
  /** JSON Pointer into the mapping, or a file name. */
  readonly path: string;
  readonly rule: string;
}

/** An import that cannot start or go on: says which file, line, field and rule, and what to do. */
export class ImportError extends Error {
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly field: string | undefined;
  readonly rule: string | undefined;
  readonly issues: readonly ImportIssue[];

  constructor(
    message: string,
    at: {
      file?: string;
      line?: number;
      field?: string;
      rule?: string;
      issues?: readonly ImportIssue[];
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: at.cause });
    this.name = "ImportError";
    this.file = at.file;
    this.line = at.line;
    this.field = at.field;
    this.rule = at.rule;
    this.issues = at.issues ?? [];
  }
}

export interface SinkAnswer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** One per event, in order. */
  readonly verdicts: readonly Verdict[];
}

/** Takes a batch; on return its accepted events and duplicates are durable. */
export type ImportSink = (events: readonly ImportEvent[]) => Promise<SinkAnswer>;

/** Extension fields ride in `data` beside the fields of the type. */
export function isExtension(field: string): boolean {
  return /^x-./u.test(field);
}

/**
 * Why ingestion would refuse the event; undefined when it would take it. `field` is a dotted path
 * into the event. Without `nowMs` no time lies in the future.
 */
export function eventProblem(
  event: ImportEvent,
  nowMs: number = Number.POSITIVE_INFINITY,
): { readonly field: string; readonly reason: string } | undefined {
  const admission = admit(event, nowMs);
  if ("admitted" in admission) return undefined;
  const { path, message } = admission.refused;
  return { field: path.slice(1).replaceAll("/", "."), reason: message };
}
