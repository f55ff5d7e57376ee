import { type ReactNode, useCallback, useSyncExternalStore } from "react";
import { useSettingsWords } from "./settings-words.ts";

export interface RowColumn<R> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: R) => ReactNode;
}

export interface RowTableProps<R> {
  /** Id of the heading that names the table. */
  readonly labelledBy: string;
  /** The first names the row. */
  readonly columns: readonly RowColumn<R>[];
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string;
  /** What can be done with a row. */
  readonly acts?: (row: R) => ReactNode;
}

/** Beside the navigation a table has no room below this width: there it is a list. */
const narrow = "(max-width: 939px)";
const narrowForMany = "(max-width: 1119px)";
/** More columns than this are many. */
const columnsFew = 4;

function useIsList(columns: number): boolean {
  const query = columns > columnsFew ? narrowForMany : narrow;
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

function RowList<R>({ labelledBy, columns, rows, rowKey, acts }: RowTableProps<R>): ReactNode {
  const [first, ...others] = columns;
  return (
    <ul aria-labelledby={labelledBy}>
      {rows.map((row) => (
        <li key={rowKey(row)} className="border-t border-line py-3 first:border-t-0 first:pt-0 last:pb-0">
          <div className="font-medium">{first?.cell(row)}</div>
          <dl className="mt-1.5 grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-1 text-sm">
            {others.map((column) => (
              <div key={column.id} className="contents">
                <dt className="text-ink-3">{column.title}</dt>
                <dd className="min-w-0">{column.cell(row)}</dd>
              </div>
            ))}
          </dl>
          {acts === undefined ? null : <div className="mt-2 flex flex-wrap gap-2 empty:hidden">{acts(row)}</div>}
        </li>
      ))}
    </ul>
  );
}

/** A short table with things to do in its rows; no sorting, nothing virtual. Narrow, each row is a block of words. */
export function RowTable<R>(props: RowTableProps<R>): ReactNode {
  const { labelledBy, columns, rows, rowKey, acts } = props;
  const words = useSettingsWords();
  const isList = useIsList(columns.length);
  if (isList) return <RowList {...props} />;
  const [first, ...others] = columns;
  const headClass = "pb-1.5 pe-4 text-start text-xs font-medium whitespace-nowrap text-ink-3";
  return (
    <table aria-labelledby={labelledBy} className="w-full border-collapse">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.id} scope="col" className={headClass}>
              {column.title}
            </th>
          ))}
          {acts === undefined ? null : (
            <th scope="col">
              <span className="sr-only">{words.acts}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)} className="border-t border-line">
            <th scope="row" className="py-2 pe-4 text-start font-medium">
              {first?.cell(row)}
            </th>
            {others.map((column) => (
              <td key={column.id} className="py-2 pe-4">
                {column.cell(row)}
              </td>
            ))}
            {acts === undefined ? null : (
              <td className="py-2">
                <div className="flex justify-end gap-2">{acts(row)}</div>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A short word on the button; read out, it says of which row. */
export function ActWords({ short, full }: { readonly short: string; readonly full: string }): ReactNode {
  return (
    <>
      <span aria-hidden>{short}</span>
      <span className="sr-only">{full}</span>
    </>
  );
}
