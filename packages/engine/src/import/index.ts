export { dryRun, type DryRun } from "./dry-run.ts";
export { ImportError, type ImportItem, type ImportSink, type ImportSource, type Reject } from "./import.ts";
export { type Mapping } from "./mapping.ts";
export { runImport, type ImportSummary } from "./run.ts";
