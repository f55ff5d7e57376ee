import { dayParam, oneOfParam, present } from "../shell/search-params.ts";

export const subjectTabs = ["reasons", "history", "rules", "card"] as const;
export type SubjectTab = (typeof subjectTabs)[number];

export interface SubjectSearch {
  /** The rating as of a past day. */
  readonly on?: string;
  readonly tab?: SubjectTab;
  /** Period of the history. */
  readonly from?: string;
  readonly to?: string;
}

export function subjectSearch(search: Readonly<Record<string, unknown>>): SubjectSearch {
  return present({
    on: dayParam(search, "on"),
    tab: oneOfParam(search, "tab", subjectTabs),
    from: dayParam(search, "from"),
    to: dayParam(search, "to"),
  });
}
