import { oneOfParam, present } from "../shell/search-params.ts";

/** Days back that can be chosen; without a choice the last visit counts. */
export const daysBack = [1, 7, 30, 90] as const;

export interface OverviewSearch {
  readonly days?: string;
}

export function overviewSearch(search: Readonly<Record<string, unknown>>): OverviewSearch {
  const days = typeof search["days"] === "number" ? String(search["days"]) : search["days"];
  return present({ days: oneOfParam({ days }, "days", daysBack.map(String)) });
}
