import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { Check } from "../ui/icons.ts";

export interface DeskListProps<R> {
  readonly label: string;
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string;
  readonly render: (row: R) => ReactNode;
  /** Where one stands. */
  readonly at: string | undefined;
  readonly picked: ReadonlySet<string>;
  readonly onAt: (key: string) => void;
  readonly onOpen: (row: R) => void;
  readonly onPick: (key: string, range: boolean) => void;
  /** Each new number moves the keyboard to where one stands. */
  readonly focusTick: number;
}

interface RowProps {
  readonly isAt: boolean;
  readonly isPicked: boolean;
  readonly onClick: (event: MouseEvent) => void;
  readonly children: ReactNode;
}

function DeskRow({ isAt, isPicked, onClick, children }: RowProps): ReactNode {
  return (
    // oxlint-disable-next-line click-events-have-key-events -- the list handles the keys
    <li
      role="option"
      aria-selected={isPicked}
      aria-current={isAt ? "true" : undefined}
      data-at={isAt || undefined}
      tabIndex={isAt ? 0 : -1}
      onClick={onClick}
      // Rows out of sight are neither laid out nor painted.
      className={`grid cursor-pointer grid-cols-[28px_minmax(0,1fr)] items-start border-b border-line py-2 pe-3 ps-1.5 -outline-offset-2 [contain-intrinsic-size:auto_58px] [content-visibility:auto] last:border-b-0 hover:bg-sunk ${isAt ? "bg-jade-soft" : ""}`}
    >
      <span aria-hidden data-box className="grid size-7 place-items-center">
        <span
          className={`grid size-[18px] place-items-center rounded border ${isPicked ? "border-jade bg-jade text-paper" : "border-edge bg-sheet"}`}
        >
          {isPicked ? <Check size={13} strokeWidth={3} /> : null}
        </span>
      </span>
      {children}
    </li>
  );
}

/**
 * A list that one works through: one stop of Tab, a press on a box or with Shift chooses, on the rest goes there and
 * opens.
 */
export function DeskList<R>(props: DeskListProps<R>): ReactNode {
  const { label, rows, rowKey, render, at, picked, onAt, onOpen, onPick, focusTick } = props;
  const list = useRef<HTMLUListElement>(null);
  const seenTick = useRef(0);
  useEffect(() => {
    const isAsked = focusTick !== seenTick.current;
    seenTick.current = focusTick;
    if (isAsked || list.current?.contains(document.activeElement) === true)
      list.current?.querySelector<HTMLElement>("[data-at]")?.focus();
  }, [focusTick, at]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows.find((one) => rowKey(one) === at);
    if (event.key !== "Enter" || row === undefined || (event.target as HTMLElement).role !== "option") return;
    event.preventDefault();
    onOpen(row);
  };
  return (
    // oxlint-disable-next-line interactive-supports-focus -- its rows take the focus, one at a time
    <ul ref={list} role="listbox" aria-multiselectable aria-label={label} onKeyDown={onKeyDown}>
      {rows.map((row) => {
        const key = rowKey(row);
        const onClick = (event: MouseEvent): void => {
          const onBox = (event.target as HTMLElement).closest("[data-box]") !== null;
          if (onBox || event.shiftKey) return onPick(key, event.shiftKey);
          onAt(key);
          onOpen(row);
        };
        return (
          <DeskRow key={key} isAt={key === at} isPicked={picked.has(key)} onClick={onClick}>
            {render(row)}
          </DeskRow>
        );
      })}
    </ul>
  );
}
