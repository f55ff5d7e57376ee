import { oneOfParam, present, textParam } from "../shell/search-params.ts";

export const letterStates = ["open", "replayed", "discarded"] as const;

export interface IngestSearch {
  readonly state?: (typeof letterStates)[number];
  /** Dead letter that is open beside the list. */
  readonly letter?: string;
}

export function ingestSearch(search: Readonly<Record<string, unknown>>): IngestSearch {
  return present({ state: oneOfParam(search, "state", letterStates), letter: textParam(search, "letter", 18) });
}
