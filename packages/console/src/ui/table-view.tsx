import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useVoice } from "../messages/messages.tsx";
import type { DataTableProps, Picks } from "./data-table.tsx";
import { ArrowDown, ArrowUp } from "./icons.ts";
import { type Column, type TableOf, widthMax, widthMin } from "./table-model.ts";

const rowPx = 40;
const headPx = 34;
const widthStep = 16;
/** So few are all drawn: the browser finds text in them and prints them. */
export const wholeRows = 60;

interface ViewProps<R extends object> extends DataTableProps<R> {
  readonly table: TableOf<R>;
}

type HeaderOf<R extends object> = ReturnType<TableOf<R>["getFlatHeaders"]>[number];

function ResizeHandle<R extends object>({
  header,
  title,
}: {
  readonly header: HeaderOf<R>;
  readonly title: string;
}): ReactNode {
  const { t } = useVoice();
  const width = header.column.getSize();
  const set = (next: number): void =>
    header.table.setColumnSizing((sizing) => ({
      ...sizing,
      [header.column.id]: Math.min(widthMax, Math.max(widthMin, next)),
    }));
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? widthStep : event.key === "ArrowLeft" ? -widthStep : 0;
    if (by === 0) return;
    event.preventDefault();
    set(width + by);
  };
  const start = header.getResizeHandler();
  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={t.ui.resize(title)}
      aria-valuenow={width}
      aria-valuemin={widthMin}
      aria-valuemax={widthMax}
      tabIndex={0}
      onMouseDown={start}
      onTouchStart={start}
      onKeyDown={onKeyDown}
      onDoubleClick={() => header.column.resetSize()}
      className={`absolute inset-y-1 -end-1 z-10 w-2 cursor-col-resize touch-none rounded after:absolute after:inset-y-1 after:start-[3px] after:w-px after:bg-line-strong hover:after:w-0.5 hover:after:bg-jade ${header.column.getIsResizing() ? "after:w-0.5 after:bg-jade" : ""}`}
    />
  );
}

function HeadCell<R extends object>({
  header,
  column,
}: {
  readonly header: HeaderOf<R>;
  readonly column: Column<R>;
}): ReactNode {
  const { t } = useVoice();
  const sorted = header.column.getIsSorted();
  const Arrow = sorted === "asc" ? ArrowUp : ArrowDown;
  const side = column.end === true ? "justify-end" : "";
  return (
    <div
      role="columnheader"
      aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : "none"}
      className={`relative flex min-w-0 items-center px-3 text-xs text-ink-2 ${side}`}
    >
      {header.column.getCanSort() ? (
        <button
          type="button"
          title={t.ui.sortBy(column.title)}
          onClick={header.column.getToggleSortingHandler()}
          className={`group flex min-w-0 items-center gap-1 font-medium hover:text-ink ${sorted === false ? "" : "text-ink"}`}
        >
          <span className="truncate">{column.title}</span>
          <Arrow
            size={12}
            aria-hidden
            className={
              sorted === false ? "shrink-0 opacity-0 group-hover:opacity-50 group-focus-visible:opacity-50" : "shrink-0"
            }
          />
        </button>
      ) : (
        <span className="truncate font-medium">{column.title}</span>
      )}
      <ResizeHandle header={header} title={column.title} />
    </div>
  );
}

/** Row that a key leads to from `at`. */
function rowFor(key: string, at: number, count: number, pageRows: number): number | undefined {
  switch (key) {
    case "ArrowDown":
    case "j":
      return Math.min(count - 1, at + 1);
    case "ArrowUp":
    case "k":
      return Math.max(0, at - 1);
    case "PageDown":
      return Math.min(count - 1, at + pageRows);
    case "PageUp":
      return Math.max(0, at - pageRows);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

function togglePick<R>({ keys, max, onPick }: Picks<R>, key: string): void {
  if (keys.has(key) || keys.size < max) onPick(key, !keys.has(key));
}

const isControl = (target: EventTarget): boolean =>
  (target as HTMLElement).closest("a, button, input, label, [role=menuitem]") !== null;

/** Where the keyboard stands among rows of which only those in sight exist. */
function useRowFocus(
  count: number,
  scrollTo: (row: number) => void,
): {
  readonly at: number;
  readonly body: React.RefObject<HTMLDivElement | null>;
  readonly goTo: (row: number) => void;
} {
  const [at, setAt] = useState(0);
  const wanted = useRef<number | undefined>(undefined);
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (wanted.current === undefined) return;
    const row = body.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
    if (row === null || row === undefined) return;
    wanted.current = undefined;
    row.focus({ preventScroll: true });
  });
  return {
    at: Math.min(at, Math.max(0, count - 1)),
    body,
    goTo: (row) => {
      wanted.current = row;
      setAt(row);
      scrollTo(row);
    },
  };
}

const pickWidth = 40;

/** A row's box. */
export function PickBox<R extends object>({
  picks,
  row,
  rowKey,
}: {
  readonly picks: Picks<R>;
  readonly row: R;
  readonly rowKey: string;
}): ReactNode {
  const picked = picks.keys.has(rowKey);
  return (
    <input
      type="checkbox"
      aria-label={picks.label(row)}
      checked={picked}
      disabled={!picked && picks.keys.size >= picks.max}
      onChange={(event) => picks.onPick(rowKey, event.target.checked)}
      className="size-4 accent-jade"
    />
  );
}

const gridClass = "grid w-full items-stretch";

interface HeadProps<R extends object> {
  readonly table: TableOf<R>;
  readonly own: ReadonlyMap<string, Column<R>>;
  readonly template: string;
  readonly picks: Picks<R> | undefined;
}

function Head<R extends object>({ table, own, template, picks }: HeadProps<R>): ReactNode {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-sunk">
      <div role="row" aria-rowindex={1} className={gridClass} style={{ gridTemplateColumns: template, height: headPx }}>
        {picks === undefined ? null : (
          <div role="columnheader">
            <span className="sr-only">{picks.title}</span>
          </div>
        )}
        {table.getFlatHeaders().map((header) => {
          const column = own.get(header.column.id);
          return column === undefined || !header.column.getIsVisible() ? null : (
            <HeadCell key={header.id} header={header} column={column} />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps<R extends object> {
  readonly row: R;
  readonly index: number;
  readonly start: number;
  readonly shown: readonly Column<R>[];
  readonly template: string;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly opens: boolean;
  readonly onClick: (event: MouseEvent) => void;
  readonly box: ReactNode;
}

function Row<R extends object>(props: RowProps<R>): ReactNode {
  const { row, index, start, shown, template, isCurrent, isSelected, opens, onClick, box } = props;
  const line = useRef<HTMLDivElement>(null);
  // The table is one stop of Tab: only what stands in the row with the focus follows it.
  useLayoutEffect(() => {
    for (const control of line.current?.querySelectorAll<HTMLElement>("a, button, input") ?? [])
      control.tabIndex = isCurrent ? 0 : -1;
  });
  return (
    // oxlint-disable-next-line click-events-have-key-events -- the grid handles the keys
    <div
      ref={line}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-row={index}
      tabIndex={isCurrent ? 0 : -1}
      onClick={onClick}
      className={`${gridClass} absolute inset-x-0 top-0 border-b border-line -outline-offset-2 hover:bg-sunk ${isSelected ? "bg-jade-soft" : ""} ${opens ? "cursor-pointer" : ""}`}
      style={{ gridTemplateColumns: template, height: rowPx, transform: `translateY(${start}px)` }}
    >
      {box === undefined ? null : (
        <div role="gridcell" className="grid place-items-center ps-2">
          {box}
        </div>
      )}
      {shown.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={`flex min-w-0 items-center overflow-hidden px-3 whitespace-nowrap ${column.end === true ? "justify-end text-end" : ""}`}
        >
          {column.cell?.(row) ?? <span className="truncate">{column.value(row)}</span>}
        </div>
      ))}
    </div>
  );
}

/** Only rows in sight are drawn; the frame scrolls, both ways, below a head that stays. */
function useRows<R extends object>({ table, onEnd }: ViewProps<R>) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: rows.length <= wholeRows ? wholeRows : 12,
    scrollPaddingStart: headPx,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= rows.length - 8 && rows.length > 0) onEnd?.();
  }, [last, rows.length, onEnd]);
  return { scroller, rows, virtual, items };
}

/** Columns in sight, and their widths as one grid for the head and every row. */
function layoutOf<R extends object>(table: TableOf<R>, columns: readonly Column<R>[], hasPicks: boolean) {
  const own = new Map(columns.map((column) => [column.id, column]));
  const visible = table.getAllLeafColumns().filter((column) => column.getIsVisible());
  const shown = visible.flatMap(({ id }) => own.get(id) ?? []);
  const widths = visible.map((column) => column.getSize());
  const tracks = widths.map((width, place) =>
    shown[place]?.grows === true ? `minmax(${width}px, 1fr)` : `${width}px`,
  );
  const box = hasPicks ? pickWidth : 0;
  return {
    own,
    shown,
    template: [...(hasPicks ? [`${box}px`] : []), ...tracks].join(" "),
    // As wide as the columns, not as what stands in them: a long text would push its row past the head.
    minWidth: widths.reduce((sum, width) => sum + width, box),
  };
}

export function TableView<R extends object>(props: ViewProps<R>): ReactNode {
  const { table, columns, label, rowKey, onOpen, selected, picks, height = "max(360px, calc(100dvh - 192px))" } = props;
  const { scroller, rows, virtual, items } = useRows(props);
  const focus = useRowFocus(rows.length, (row) => virtual.scrollToIndex(row));
  const { own, shown, template, minWidth } = layoutOf(table, columns, picks !== undefined);
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.role !== "row") return;
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowPx) - 2);
    // The row that has the focus, which the mouse may have given it.
    const at = Number(target.dataset["row"] ?? focus.at);
    const to = rowFor(event.key, at, rows.length, pageRows);
    const row = rows[at];
    if (to !== undefined) focus.goTo(to);
    else if (event.key === "Enter" && row !== undefined) onOpen?.(row.original);
    else if (event.key === "x" && row !== undefined && picks !== undefined) togglePick(picks, rowKey(row.original));
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent, row: R, index: number): void => {
    if (isControl(event.target) || getSelection()?.isCollapsed === false) return;
    focus.goTo(index);
    onOpen?.(row);
  };
  const frame = "overflow-auto rounded-card border border-line bg-sheet shadow-sheet";
  return (
    <div ref={scroller} className={frame} style={{ maxHeight: height }}>
      {/* oxlint-disable-next-line interactive-supports-focus -- its rows take the focus, one at a time */}
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-colcount={shown.length + (picks === undefined ? 0 : 1)}
        onKeyDown={onKeyDown}
        // As wide as the columns, not as what stands in them: a long text would push its row past the head.
        style={{ minWidth }}
      >
        <Head table={table} own={own} template={template} picks={picks} />
        <div ref={focus.body} role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start, key }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <Row
                key={key}
                row={row.original}
                index={index}
                start={start}
                shown={shown}
                template={template}
                isCurrent={index === focus.at}
                isSelected={selected !== undefined && rowKey(row.original) === selected}
                opens={onOpen !== undefined}
                onClick={(event) => onClick(event, row.original, index)}
                box={
                  picks === undefined ? undefined : (
                    <PickBox picks={picks} row={row.original} rowKey={rowKey(row.original)} />
                  )
                }
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
