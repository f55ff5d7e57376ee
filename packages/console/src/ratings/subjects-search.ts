import type { Grade, RatingSort } from "@probity/contract";
import type { RatingFilters } from "../api/queries.ts";
import { oneOfParam, present, textParam } from "../shell/search-params.ts";
import type { Sort } from "../ui/data-table.tsx";

/** Best first. The contract's list; a test keeps it equal, so that the schema library stays out of the page. */
export const gradeNames: readonly Grade[] = ["AAA", "AA", "A", "BBB", "BB", "B", "C", "D"];
export const statusNames = ["rated", "too-early"] as const;
/** The contract's as well. */
export const sortNames: readonly RatingSort[] = (
  ["score", "bound", "name", "category", "orders", "buyers"] as const
).flatMap((name) => [name, `-${name}` as const]);
/** So many stand beside each other at once. */
export const picksMax = 4;

export interface SubjectsSearch {
  readonly q?: string;
  readonly grade?: Grade;
  readonly status?: (typeof statusNames)[number];
  readonly category?: string;
  /** Column, with a minus before it for the largest first. */
  readonly sort?: RatingSort;
  /** Ids of those that are to be compared. */
  readonly pick?: readonly string[];
}

/** Ids in the address, each once, as many as stand beside each other. */
export function picksOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const ids = value.filter((id) => typeof id === "string" || typeof id === "number").map(String);
  const known = [...new Set(ids.filter((id) => id !== "" && id.length <= 128))].slice(0, picksMax);
  return known.length === 0 ? undefined : known;
}

export function subjectsSearch(search: Readonly<Record<string, unknown>>): SubjectsSearch {
  return present({
    q: textParam(search, "q", 100),
    grade: oneOfParam(search, "grade", gradeNames),
    status: oneOfParam(search, "status", statusNames),
    category: textParam(search, "category", 128),
    sort: oneOfParam(search, "sort", sortNames),
    pick: picksOf(search["pick"]),
  });
}

export function sortOf({ sort }: SubjectsSearch): Sort | undefined {
  return sort === undefined ? undefined : { id: sort.replace(/^-/, ""), descending: sort.startsWith("-") };
}

export const sortText = (sort: Sort | undefined): RatingSort | undefined =>
  sortNames.find((name) => sort !== undefined && name === `${sort.descending ? "-" : ""}${sort.id}`);

/** What the server filters and sorts by. */
export function askedOf({ q, grade, status, category, sort }: SubjectsSearch): RatingFilters {
  return present({ q, grade, status, category, sort });
}
