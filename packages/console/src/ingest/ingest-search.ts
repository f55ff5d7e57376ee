import { oneOfParam, present, textParam } from "../shell/search-params.ts";

export const letterStates = ["open", "replayed", "discarded"] as const;
export const spans = ["day", "week", "month"] as const;
export type Span = (typeof spans)[number];

const tabs = ["flow", "letters"] as const;
export type IngestTab = (typeof tabs)[number];

export interface IngestSearch {
  /** Without it, what else stands in the address says which. */
  readonly tab?: IngestTab;
  readonly span?: Span;
  readonly state?: (typeof letterStates)[number];
  /** Dead letter that is open beside the list. */
  readonly letter?: string;
}

export function ingestSearch(search: Readonly<Record<string, unknown>>): IngestSearch {
  return present({
    tab: oneOfParam(search, "tab", tabs),
    span: oneOfParam(search, "span", spans),
    state: oneOfParam(search, "state", letterStates),
    letter: textParam(search, "letter", 18),
  });
}

/** An address that names a dead letter, or a state of them, is about those. */
export const tabOf = ({ tab, state, letter }: IngestSearch): IngestTab =>
  tab ?? (state === undefined && letter === undefined ? "flow" : "letters");
