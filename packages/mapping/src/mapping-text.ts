import { stringify } from "yaml";
import { ImportError, type ImportIssue } from "./import.ts";
import { checkMapping, type Mapping, parseMapping } from "./mapping.ts";

/** A mapping as a file for the command line: YAML that `parseMapping` reads back. */
export function mappingText(mapping: Mapping): string {
  return stringify(mapping, { lineWidth: 0 });
}

/** What is wrong with a mapping that is being edited; none if it can be used with these columns. */
export function mappingIssues(mapping: Mapping, columns: readonly string[]): readonly ImportIssue[] {
  try {
    checkMapping(parseMapping(JSON.stringify(mapping)), columns);
    return [];
  } catch (error) {
    if (error instanceof ImportError) return error.issues;
    throw error;
  }
}
