import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { DataTableProps } from "./data-table.tsx";
import type { Column, TableOf } from "./table-model.ts";
import { PickBox, wholeRows } from "./table-view.tsx";

interface ListProps<R extends object> extends DataTableProps<R> {
  readonly table: TableOf<R>;
  /** `3 of 120`, for screen readers. */
  readonly placeWords: (place: number) => string;
}

const shownOf = <R,>(column: Column<R>, row: R): ReactNode => column.cell?.(row) ?? column.value(row);

/** Rows as a list on a narrow screen: what it is, what counts at the end, the rest below in words. */
function ListRow<R>({
  columns,
  row,
  place,
  box,
}: {
  readonly columns: readonly Column<R>[];
  readonly row: R;
  readonly place: string;
  readonly box: ReactNode;
}): ReactNode {
  const of = (role: string): readonly Column<R>[] => columns.filter((column) => (column.inList ?? "line") === role);
  return (
    <>
      <span className="sr-only">{place}</span>
      <div className="flex min-w-0 items-center gap-2">
        <div className="min-w-0 flex-1 overflow-hidden font-medium [&_.truncate]:line-clamp-2 [&_.truncate]:whitespace-normal">
          {of("title").map((column) => (
            <div key={column.id}>{shownOf(column, row)}</div>
          ))}
        </div>
        {of("end").map((column) => (
          <div key={column.id} className="shrink-0">
            {shownOf(column, row)}
          </div>
        ))}
        {box}
      </div>
      <dl className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-xs text-ink-2">
        {of("line").map((column) => (
          <div key={column.id} className="flex min-w-0 items-baseline gap-1.5">
            <dt className="text-ink-3">{column.title}</dt>
            <dd className="min-w-0">{shownOf(column, row)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

export function ListView<R extends object>({
  table,
  columns,
  label,
  onOpen,
  onEnd,
  placeWords,
  picks,
  rowKey,
}: ListProps<R>): ReactNode {
  const rows = table.getRowModel().rows;
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const found = list.current === null ? 0 : list.current.getBoundingClientRect().top + scrollY;
    setTop((before) => (Math.abs(before - found) > 1 ? found : before));
  }, [rows.length]);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => 84,
    overscan: rows.length <= wholeRows ? wholeRows : 8,
    scrollMargin: top,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= rows.length - 8 && rows.length > 0) onEnd?.();
  }, [last, rows.length, onEnd]);
  return (
    <ul
      ref={list}
      aria-label={label}
      className="relative -mx-4 border-y border-line bg-sheet"
      style={{ height: virtual.getTotalSize() }}
    >
      {items.map((item) => {
        const row = rows[item.index];
        return row === undefined ? null : (
          // oxlint-disable-next-line click-events-have-key-events, no-noninteractive-element-interactions -- its title is the link; the row only makes it larger
          <li
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            onClick={(event) => {
              if ((event.target as HTMLElement).closest("a, button, input") === null) onOpen?.(row.original);
            }}
            className="absolute inset-x-0 top-0 border-b border-line px-4 py-2.5 last:border-b-0"
            style={{ transform: `translateY(${item.start - top}px)` }}
          >
            <ListRow
              columns={columns}
              row={row.original}
              place={placeWords(item.index + 1)}
              box={
                picks === undefined ? null : <PickBox picks={picks} row={row.original} rowKey={rowKey(row.original)} />
              }
            />
          </li>
        );
      })}
    </ul>
  );
}
