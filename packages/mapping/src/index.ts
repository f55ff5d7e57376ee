export { blobBytes, type Bytes } from "./bytes.ts";
export { type CsvForm, openCsv } from "./csv-rows.ts";
export { dryRun, type DryRun } from "./dry-run.ts";
export {
  eventProblem,
  type ImportEvent,
  ImportError,
  type ImportIssue,
  type ImportItem,
  type ImportSink,
  type ImportSource,
  type Measure,
  type Reject,
  type RowItem,
  type SinkAnswer,
} from "./import.ts";
export { rowMapper } from "./mapped.ts";
export { type EventRule, type Mapping, parseMapping } from "./mapping.ts";
export { olistFiles } from "./olist.ts";
export {
  type ImportClock,
  type ImportCursor,
  type ImportProgress,
  type ImportState,
  type ImportSummary,
  type RejectWriter,
  runImport,
} from "./run.ts";
export { eventItem, importEvents, importMapped, importOlist } from "./sources.ts";
export { type EventField, type EventShape, eventShapes } from "./event-fields.ts";
export { type OlistSet, recogniseOlist } from "./file-set.ts";
export type { ColumnValue, Condition, Fields, Value } from "./mapping-values.ts";
export { mappingIssues, mappingText } from "./mapping-text.ts";
export { type ColumnGuess, mappedColumns, type Proposal, type ProposalSettings, proposeMapping } from "./proposal.ts";
export type { Note, RuleGuess } from "./rule-draft.ts";
export { type FileForm, type Sample, takeSample } from "./sample.ts";
