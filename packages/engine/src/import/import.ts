import { type Envelope, envelope, eventDefinition, limits, type Verdict } from "@probity/contract";

/** Limits of an import, unit last in the name. */
export const importLimits = {
  /** One row: a CSV record or a JSONL line. */
  rowBytes: 65_536,
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

function extensionProblem(data: Cells): { field: string; reason: string } | undefined {
  const names = Object.keys(data).filter(isExtension);
  if (names.length > limits.extensionFields) {
    return { field: names[limits.extensionFields] ?? "", reason: `at most ${limits.extensionFields} extension fields` };
  }
  for (const name of names) {
    const value = data[name];
    const plain =
      typeof value === "boolean" ||
      (typeof value === "number" && Number.isFinite(value)) ||
      (typeof value === "string" && value.length <= limits.extensionChars);
    if (!plain) return { field: name, reason: `must be a boolean, a number or at most ${limits.extensionChars} characters` };
  }
  return undefined;
}

/** Whether ingestion would take the event; undefined when it would. `field` is a dotted path into the envelope. */
export function eventProblem(event: ImportEvent, nowMs?: number): { field: string; reason: string } | undefined {
  const shell = envelope.safeParse(event satisfies Envelope);
  if (!shell.success) return firstIssue(shell.error, "");
  const definition = eventDefinition(event.type);
  if (!definition) return { field: "type", reason: `${event.type} is not an event type` };
  if (definition.reserved) return { field: "type", reason: `${event.type} is written by the engine alone` };
  const timeMs = Date.parse(event.time);
  if (timeMs < limits.earliestTimeMs) return { field: "time", reason: "is before the year 2000" };
  if (nowMs !== undefined && timeMs > nowMs + limits.futureToleranceMs) {
    return { field: "time", reason: "is in the future" };
  }
  const own = Object.keys(event.data).some(isExtension)
    ? Object.fromEntries(Object.entries(event.data).filter(([field]) => !isExtension(field)))
    : event.data;
  const data = definition.data.safeParse(own);
  if (!data.success) return firstIssue(data.error, "data");
  const extension = extensionProblem(event.data);
  if (extension) return { ...extension, field: `data.${extension.field}` };
  return tooLarge(event) ? { field: "data", reason: `the event is over ${limits.eventBytes} bytes` } : undefined;
}

type Issues = { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] };

function firstIssue(error: Issues, base: string): { field: string; reason: string } {
  const issue = error.issues[0];
  const path = [...(base === "" ? [] : [base]), ...(issue?.path ?? [])].map(String);
  return { field: path.join("."), reason: issue?.message ?? "is not valid" };
}

function tooLarge(event: ImportEvent): boolean {
  const json = JSON.stringify(event);
  if (json.length * 3 <= limits.eventBytes) return false;
  let bytes = 0;
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at);
    // A surrogate pair is four bytes, two for each half.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes > limits.eventBytes;
}
