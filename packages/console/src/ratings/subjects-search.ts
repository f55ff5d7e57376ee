import type { Grade } from "@probity/contract";
import type { RatingFilters } from "../api/queries.ts";
import { oneOfParam, present, textParam } from "../shell/search-params.ts";
import type { Sort } from "../ui/data-table.tsx";

/** Best first. The contract's list; a test keeps it equal, so that the schema library stays out of the page. */
export const gradeNames: readonly Grade[] = ["AAA", "AA", "A", "BBB", "BB", "B", "C", "D"];
export const statusNames = ["rated", "too-early"] as const;
const sortable = ["name", "grade", "score", "bound", "category", "orders", "buyers"] as const;

export interface SubjectsSearch {
  readonly q?: string;
  readonly grade?: Grade;
  readonly status?: (typeof statusNames)[number];
  readonly category?: string;
  /** Column, with a minus before it for the largest first. */
  readonly sort?: string;
}

export function subjectsSearch(search: Readonly<Record<string, unknown>>): SubjectsSearch {
  return present({
    q: textParam(search, "q", 100),
    grade: oneOfParam(search, "grade", gradeNames),
    status: oneOfParam(search, "status", statusNames),
    category: textParam(search, "category", 128),
    sort: oneOfParam(
      search,
      "sort",
      sortable.flatMap((name) => [name, `-${name}`]),
    ),
  });
}

export function sortOf({ sort }: SubjectsSearch): Sort | undefined {
  return sort === undefined ? undefined : { id: sort.replace(/^-/, ""), descending: sort.startsWith("-") };
}

export const sortText = (sort: Sort | undefined): string | undefined =>
  sort === undefined ? undefined : `${sort.descending ? "-" : ""}${sort.id}`;

/** What the server filters by. */
export function filtersOf({ q, grade, status, category }: SubjectsSearch): RatingFilters {
  return present({ q, grade, status, category });
}
