import { present } from "../shell/search-params.ts";
import { picksOf } from "./subjects-search.ts";

export interface CompareSearch {
  readonly ids?: readonly string[];
  /** Lines in which nobody differs are left out. */
  readonly differences?: true;
}

export function compareSearch(search: Readonly<Record<string, unknown>>): CompareSearch {
  return present({
    ids: picksOf(search["ids"]),
    differences: search["differences"] === true ? (true as const) : undefined,
  });
}
