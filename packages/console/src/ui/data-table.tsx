import { useTable } from "@tanstack/react-table";
import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Button } from "./button.tsx";
import { downloadCsv } from "./csv.ts";
import { ArrowDownToLine, Columns3 } from "./icons.ts";
import { ListView } from "./list-view.tsx";
import { Menu } from "./menu.tsx";
import {
  type Column,
  columnDefs,
  features,
  keepColumns,
  readKeptColumns,
  type Sort,
  type TableOf,
} from "./table-model.ts";
import { TableView } from "./table-view.tsx";

export type { Column, Sort } from "./table-model.ts";

/** Rows that are picked to do something with them together. */
export interface Picks<R> {
  readonly keys: ReadonlySet<string>;
  /** No more than so many at once. */
  readonly max: number;
  /** What the column and a row's box are called. */
  readonly title: string;
  readonly label: (row: R) => string;
  readonly onPick: (key: string, picked: boolean) => void;
}

export interface DataTableProps<R extends object> {
  /** Name of the table: in storage, in the file name, and for screen readers through `label`. */
  readonly id: string;
  readonly label: string;
  /** Stable between renders, or every row is computed again. */
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string;
  readonly sort: Sort | undefined;
  readonly onSort: (sort: Sort | undefined) => void;
  readonly onOpen?: (row: R) => void;
  /** Rows come in the order of `sort`: more of them are elsewhere. */
  readonly sortedBefore?: boolean;
  /** Boxes at the rows' ends; `x` sets the one of the row with the focus. */
  readonly picks?: Picks<R>;
  /** Writes all rows to CSV where more of them are elsewhere; what is shown is written without it. */
  readonly onExport?: (columns: readonly Column<R>[]) => void;
  /** Row that is open beside the table. */
  readonly selected?: string | undefined;
  /** Called when the last rows come into sight. */
  readonly onEnd?: () => void;
  /** Beside the buttons: how many rows, what is filtered. */
  readonly status?: ReactNode;
  /** Height of the scrolled part, as CSS. */
  readonly height?: string;
}

/** Narrower than this a table is a list. */
const narrow = "(max-width: 639px)";

function subscribeNarrow(changed: () => void): () => void {
  const query = matchMedia(narrow);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

export const useNarrow = (): boolean => useSyncExternalStore(subscribeNarrow, () => matchMedia(narrow).matches);

function useTableOf<R extends object>(props: DataTableProps<R>): TableOf<R> {
  const { id, columns, rows, rowKey, sort, onSort, sortedBefore = false } = props;
  const { locale } = useVoice();
  const [kept] = useState(() => readKeptColumns(id));
  const hidden = Object.fromEntries(
    columns.filter((column) => column.hidden === true).map((column) => [column.id, false]),
  );
  const [visibility, setVisibility] = useState<Record<string, boolean>>(() => ({ ...hidden, ...kept?.visibility }));
  const [sizing, setSizing] = useState<Record<string, number>>(() => ({ ...kept?.sizing }));
  const defs = useMemo(() => columnDefs(columns, locale), [columns, locale]);
  const sorting = useMemo(() => (sort === undefined ? [] : [{ id: sort.id, desc: sort.descending }]), [sort]);
  useEffect(() => keepColumns(id, { visibility, sizing }), [id, visibility, sizing]);
  return useTable({
    features,
    columns: defs,
    data: rows,
    getRowId: rowKey,
    state: { sorting, columnVisibility: visibility, columnSizing: sizing },
    onSortingChange: (update) => {
      const [next] = typeof update === "function" ? update(sorting) : update;
      onSort(next === undefined ? undefined : { id: next.id, descending: next.desc });
    },
    onColumnVisibilityChange: setVisibility,
    onColumnSizingChange: setSizing,
    columnResizeMode: "onChange",
    manualSorting: sortedBefore,
    enableMultiSort: false,
  });
}

export function DataTable<R extends object>(props: DataTableProps<R>): ReactNode {
  const { id, columns, rows, status } = props;
  const { t } = useVoice();
  const table = useTableOf(props);
  const isNarrow = useNarrow();
  const visible = table.getAllLeafColumns().filter((column) => column.getIsVisible());
  const exportCsv = (): void => {
    const shown = columns.filter((column) => visible.some((leaf) => leaf.id === column.id));
    if (props.onExport !== undefined) {
      props.onExport(shown);
      return;
    }
    const lines = table.getRowModel().rows.map((row) => shown.map((column) => column.value(row.original)));
    downloadCsv(
      id,
      shown.map((column) => column.title),
      lines,
    );
  };
  const choices = table
    .getAllLeafColumns()
    .filter((column) => column.getCanHide())
    .map((column) => ({
      kind: "check" as const,
      label: columns.find((own) => own.id === column.id)?.title ?? column.id,
      checked: column.getIsVisible(),
      onChange: (checked: boolean) => column.toggleVisibility(checked),
    }));
  return (
    <div className="flex min-w-0 flex-col">
      <div className="flex min-h-10 flex-wrap items-center gap-2 pb-2">
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2 text-sm text-ink-2" aria-live="polite">
          {status ?? t.ui.rows(rows.length)}
        </div>
        {isNarrow ? null : (
          <Menu
            label={t.ui.columns}
            trigger={
              <>
                <Columns3 size={13} aria-hidden />
                {t.ui.columns}
              </>
            }
            triggerClass="inline-flex h-7 items-center gap-1.5 rounded-control border border-line-strong bg-sheet px-2.5 text-xs font-medium hover:bg-sunk"
            entries={choices}
          />
        )}
        <Button small icon={ArrowDownToLine} onClick={exportCsv} disabled={rows.length === 0}>
          {t.ui.csv}
        </Button>
      </div>
      {isNarrow ? (
        <ListView {...props} table={table} placeWords={(place) => t.ui.listItem(place, rows.length)} />
      ) : (
        <TableView {...props} table={table} />
      )}
    </div>
  );
}
