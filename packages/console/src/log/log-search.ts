import { present, textParam } from "../shell/search-params.ts";

export interface LogSearch {
  /** Place of the entry that is looked at. */
  readonly entry?: number;
}

export function logSearch(search: Readonly<Record<string, unknown>>): LogSearch {
  const text = textParam(search, "entry", 15);
  return present({ entry: text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined });
}
