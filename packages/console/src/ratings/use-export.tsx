import type { RatingSummary } from "@probity/contract";
import { useEffect, useRef, useState } from "react";
import { problemWords } from "../api/problem-words.ts";
import type { Kind, RatingFilters } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { downloadCsv } from "../ui/csv.ts";
import type { Column } from "../ui/data-table.tsx";
import { notify } from "../ui/toast.tsx";
import { fetchAll } from "./whole-list.ts";

export interface Export {
  /** Rows fetched so far; undefined while nothing is being written. */
  readonly rows: number | undefined;
  readonly begin: (columns: readonly Column<RatingSummary>[]) => void;
  readonly stop: () => void;
}

/** Writes every row of a list to a file, more than the page has loaded. It ends with the page. */
export function useExport(marketplace: string, kind: Kind, filters: RatingFilters, name: string): Export {
  const { t } = useVoice();
  const [rows, setRows] = useState<number | undefined>(undefined);
  const under = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => under.current?.abort(), []);
  const begin = (columns: readonly Column<RatingSummary>[]): void => {
    const mine = new AbortController();
    under.current?.abort();
    under.current = mine;
    setRows(0);
    fetchAll(marketplace, kind, filters, mine.signal, setRows)
      .then((all) => {
        const lines = all.map((row) => columns.map((column) => column.value(row)));
        downloadCsv(
          name,
          columns.map(({ title }) => title),
          lines,
        );
        notify({ title: t.ratings.exported(all.length) });
      })
      .catch((error: unknown) => {
        if (!mine.signal.aborted) notify({ title: t.ratings.exportFailed, text: problemWords(error, t), look: "bad" });
      })
      .finally(() => {
        if (under.current === mine) setRows(undefined);
      });
  };
  const stop = (): void => {
    under.current?.abort();
    setRows(undefined);
  };
  return { rows, begin, stop };
}
