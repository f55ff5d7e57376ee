import type {
  ColumnGuess,
  EventShape,
  FileForm,
  ImportEvent,
  ImportSummary,
  Mapping,
  Note,
  Reject,
  RuleGuess,
} from "@probity/mapping";

/** What the page tells the worker. */
export type Order =
  | { readonly do: "open"; readonly files: readonly File[]; readonly currency: string; readonly timeZone: string }
  | { readonly do: "check"; readonly round: number; readonly mapping: Mapping }
  | { readonly do: "read-mapping"; readonly name: string; readonly text: string }
  | { readonly do: "try"; readonly mapping: Mapping }
  | {
      readonly do: "start";
      readonly mapping: Mapping;
      readonly marketplace: string;
      readonly address: string;
      readonly from: number;
    }
  | { readonly do: "pause" }
  | { readonly do: "go-on" }
  | { readonly do: "stop" };

export interface OpenedFile {
  readonly file: string;
  readonly bytes: number;
  readonly modifiedMs: number | undefined;
  readonly form: FileForm;
  readonly columns: number;
}

/** What was dropped, as far as it was recognised. */
export interface Opened {
  readonly kind: "mapped" | "events" | "nothing" | "olist";
  /** Files that will be read. */
  readonly files: readonly OpenedFile[];
  /** Files that will not, with other columns or of no use. */
  readonly left: readonly string[];
  /** Files without which the set cannot be joined. */
  readonly missing: readonly string[];
  readonly columns: readonly ColumnGuess[];
  readonly mapping: Mapping;
  readonly rules: readonly RuleGuess[];
  readonly notes: readonly Note[];
  readonly shapes: readonly EventShape[];
  /** For a mapping that is begun by hand. */
  readonly currency: string;
  readonly timeZone: string;
}

export interface PreviewVerdict {
  readonly type: string;
  /** The event, or why there is none. */
  readonly event?: ImportEvent;
  readonly field?: string;
  readonly reason?: string;
}

export interface PreviewRow {
  readonly line: number;
  /** The first filled cells, to recognise the row by. */
  readonly cells: readonly (readonly [string, string])[];
  /** None where no rule wants the row. */
  readonly verdicts: readonly PreviewVerdict[];
}

export interface Checked {
  readonly issues: readonly { readonly path: string; readonly rule: string }[];
  readonly rows: readonly PreviewRow[];
  /** Of the whole sample. */
  readonly sampled: {
    readonly rows: number;
    readonly unused: number;
    readonly accepted: number;
    readonly refused: number;
  };
  /** The mapping as the command line reads it. */
  readonly text: string;
}

export interface Progress {
  readonly rows: number;
  readonly events: number;
  readonly rejected: number;
  readonly done: number;
  readonly total: number;
  readonly eventsPerSecond: number;
  readonly secondsLeft: number | undefined;
}

export interface Failure {
  /** `import`: the file or the mapping; `server`: what the server said. */
  readonly kind: "import" | "server";
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly field?: string | undefined;
}

/** What the worker tells the page. */
export type Report =
  | { readonly told: "opened"; readonly opened: Opened }
  | { readonly told: "checked"; readonly round: number; readonly checked: Checked }
  | { readonly told: "mapping"; readonly mapping: Mapping }
  | { readonly told: "mapping-refused"; readonly message: string }
  | { readonly told: "progress"; readonly progress: Progress; readonly position: number }
  | { readonly told: "waiting"; readonly why: "busy" | "offline"; readonly seconds: number }
  | { readonly told: "signed-out" }
  | {
      readonly told: "tried";
      readonly byType: Readonly<Record<string, number>>;
      readonly events: number;
      readonly repeatedIds: number;
      readonly rejected: number;
      readonly rejects: readonly Reject[];
    }
  | {
      readonly told: "done";
      readonly stopped: boolean;
      readonly summary: ImportSummary;
      /** Day of the newest event that was sent; empty if none was. */
      readonly newest: string;
      readonly rejects: readonly Reject[];
      readonly file: Blob;
    }
  | { readonly told: "failed"; readonly during: "open" | "import"; readonly failure: Failure };
