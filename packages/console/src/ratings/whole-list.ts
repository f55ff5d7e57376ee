import type { RatingSummary } from "@probity/contract";
import { clientFor } from "../api/client.ts";
import type { Kind, RatingFilters } from "../api/queries.ts";

const pageRows = 200;

/** Every row of a list, page by page until the signal stops it; `onRows` hears how many there are so far. */
export async function fetchAll(
  marketplace: string,
  kind: Kind,
  filters: RatingFilters,
  signal: AbortSignal,
  onRows: (rows: number) => void,
): Promise<RatingSummary[]> {
  const all: RatingSummary[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { ...filters, limit: pageRows, ...(cursor === undefined ? {} : { cursor }) };
    const page = await clientFor(marketplace).call("listRatings", { params: { kind }, query });
    signal.throwIfAborted();
    // A rating that moved while the list was read may come twice; the later page knows it better.
    all.push(...page.items);
    onRows(all.length);
    cursor = page.nextCursor;
  }
  return [...new Map(all.map((item) => [item.id, item])).values()];
}
