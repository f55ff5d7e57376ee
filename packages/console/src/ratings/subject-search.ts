import { dayParam, oneOfParam, present } from "../shell/search-params.ts";

export const subjectTabs = ["reasons", "history", "rules", "card"] as const;
export type SubjectTab = (typeof subjectTabs)[number];

export interface SubjectSearch {
  /** The rating as of a past day. */
  readonly on?: string;
  readonly tab?: SubjectTab;
  /** Reasons that are open; `all` stands for every one. */
  readonly open?: "all" | readonly string[];
  /** Period of the history. */
  readonly from?: string;
  readonly to?: string;
}

const openMax = 60;

function openOf(value: unknown): SubjectSearch["open"] {
  if (value === "all") return value;
  if (!Array.isArray(value)) return undefined;
  const ids = value
    .filter((id) => typeof id === "string" && /^[a-z0-9-]{1,80}$/.test(id))
    .slice(0, openMax) as string[];
  return ids.length === 0 ? undefined : ids;
}

export function subjectSearch(search: Readonly<Record<string, unknown>>): SubjectSearch {
  return present({
    on: dayParam(search, "on"),
    tab: oneOfParam(search, "tab", subjectTabs),
    open: openOf(search["open"]),
    from: dayParam(search, "from"),
    to: dayParam(search, "to"),
  });
}
