import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { clientFor } from "./client.ts";

/** What an open page shows again when the ledger grew, and when ratings followed it. */
const ofLedger: ReadonlySet<unknown> = new Set(["ledger", "letters", "activity"]);
const ofRatings: ReadonlySet<unknown> = new Set(["ratings", "explanation", "history", "card", "counted"]);
/** Under steady ingest pages are read again no more often than this. */
const restMs = 5_000;

function refresh(queries: QueryClient, marketplace: string, names: ReadonlySet<unknown>): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[0] === marketplace && names.has(queryKey[1]),
  });
}

async function follow(queries: QueryClient, marketplace: string, signal: AbortSignal): Promise<void> {
  let [size, rated] = [-1, -1];
  for await (const notice of clientFor(marketplace).watch(signal)) {
    if (size !== -1 && notice.size !== size) refresh(queries, marketplace, ofLedger);
    if (rated !== -1 && notice.ratedSize !== rated) refresh(queries, marketplace, ofRatings);
    [size, rated] = [notice.size, notice.ratedSize ?? -1];
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
}

/** Keeps what is shown of a marketplace up to date while the page is open. */
export function useLive(marketplace: string, isAllowed: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!isAllowed) return;
    const gone = new AbortController();
    // What the server refuses stays as it was read; each page says what is wrong when it asks itself.
    follow(queries, marketplace, gone.signal).catch(() => undefined);
    return () => gone.abort();
  }, [queries, marketplace, isAllowed]);
}
