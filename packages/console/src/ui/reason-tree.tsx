import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { ChevronRight } from "./icons.ts";

export interface Reason {
  readonly id: string;
  readonly label: string;
  /** Right of the label: a bar. */
  readonly gauge?: ReactNode;
  /** Figures at the end of the line, as they are read out too. */
  readonly figures?: string;
  /** Not counted: told in grey. */
  readonly quiet?: boolean;
  readonly children?: readonly Reason[];
  /** What opens below a reason that has no further reasons. */
  readonly detail?: () => ReactNode;
}

export interface ReasonTreeProps {
  readonly label: string;
  readonly reasons: readonly Reason[];
  readonly expanded: ReadonlySet<string>;
  readonly onExpandedChange: (expanded: ReadonlySet<string>) => void;
}

interface Line {
  readonly id: string;
  readonly level: number;
  readonly parent: string | undefined;
  readonly siblings: readonly Reason[];
  /** Undefined for the line that holds what a reason opens into. */
  readonly reason: Reason | undefined;
}

const opens = (reason: Reason): boolean => reason.detail !== undefined || (reason.children?.length ?? 0) > 0;

/** Every id that opens, for `open all`. */
export function openable(reasons: readonly Reason[]): string[] {
  return reasons.flatMap((reason) => [...(opens(reason) ? [reason.id] : []), ...openable(reason.children ?? [])]);
}

const detailId = (reason: Reason): string => `${reason.id}--detail`;

/** Lines in sight, in order: a reason, what it opens into, and its reasons. */
function linesOf(reasons: readonly Reason[], expanded: ReadonlySet<string>, level = 1, parent?: string): Line[] {
  return reasons.flatMap((reason) => [
    { id: reason.id, reason, level, parent, siblings: reasons },
    ...(expanded.has(reason.id) && reason.detail !== undefined
      ? [{ id: detailId(reason), reason: undefined, level: level + 1, parent: reason.id, siblings: [] }]
      : []),
    ...(expanded.has(reason.id) ? linesOf(reason.children ?? [], expanded, level + 1, reason.id) : []),
  ]);
}

/** What a key does in a tree (WAI-ARIA APG, Tree View): leads to a line, or opens and closes. */
function step(key: string, lines: readonly Line[], at: number, isOpen: boolean): { to?: number; toggle?: true } {
  const line = lines[at];
  const openable = line?.reason !== undefined && opens(line.reason);
  switch (key) {
    case "ArrowDown":
      return { to: Math.min(lines.length - 1, at + 1) };
    case "ArrowUp":
      return { to: Math.max(0, at - 1) };
    case "Home":
      return { to: 0 };
    case "End":
      return { to: lines.length - 1 };
    case "ArrowRight":
      return !openable ? {} : isOpen ? { to: at + 1 } : { toggle: true };
    case "ArrowLeft":
      return isOpen
        ? { toggle: true }
        : {
            to: Math.max(
              0,
              lines.findIndex(({ id }) => id === line?.parent),
            ),
          };
    case "Enter":
    case " ":
      return openable ? { toggle: true } : {};
    default:
      return {};
  }
}

const ring = "-outline-offset-1";
const indentPx = 18;

interface RowProps {
  readonly reason: Reason;
  readonly level: number;
  readonly id: string;
  readonly group: string;
  readonly isOpen: boolean;
  readonly isCurrent: boolean;
  readonly onPress: () => void;
}

function Row({ reason, level, id, group, isOpen, isCurrent, onPress }: RowProps): ReactNode {
  const turns = opens(reason);
  return (
    // oxlint-disable-next-line click-events-have-key-events -- the tree handles the keys
    <div
      role="treeitem"
      id={id}
      aria-level={level}
      aria-selected={isCurrent}
      aria-expanded={turns ? isOpen : undefined}
      aria-owns={turns && isOpen ? group : undefined}
      tabIndex={isCurrent ? 0 : -1}
      onClick={onPress}
      className={`${ring} grid grid-cols-[16px_minmax(0,1fr)_minmax(80px,168px)_auto] items-center gap-x-2.5 rounded py-1.5 pe-1 ${turns ? "cursor-pointer hover:bg-sunk" : ""} max-sm:grid-cols-[16px_minmax(0,1fr)_auto]`}
      style={{ paddingInlineStart: `${(level - 1) * indentPx}px` }}
    >
      <ChevronRight
        size={14}
        aria-hidden
        className={`text-ink-3 transition-transform duration-100 ${isOpen ? "rotate-90" : ""} ${turns ? "" : "invisible"}`}
      />
      <span
        className={`min-w-0 ${level === 1 ? "font-semibold" : ""} ${reason.quiet === true ? "text-ink-3" : ""}`}
        data-label
      >
        {reason.label}
      </span>
      <span className="max-sm:hidden">{reason.gauge}</span>
      <span className={`min-w-18 text-end text-sm ${reason.quiet === true ? "text-ink-3" : "font-semibold"}`}>
        {reason.figures}
      </span>
    </div>
  );
}

interface BranchProps {
  readonly reasons: readonly Reason[];
  readonly level: number;
  readonly base: string;
  readonly expanded: ReadonlySet<string>;
  readonly current: string | undefined;
  readonly onPress: (reason: Reason) => void;
}

/** Reasons of one level, each with what it opens into below it. */
function Branch(props: BranchProps): ReactNode {
  const { reasons, level, base, expanded, current, onPress } = props;
  return reasons.map((reason) => {
    const isOpen = expanded.has(reason.id) && opens(reason);
    const group = `${base}-${reason.id}-group`;
    return (
      <li key={reason.id} role="none" className="border-t border-line first:border-t-0">
        <Row
          reason={reason}
          level={level}
          id={`${base}-${reason.id}`}
          group={group}
          isOpen={isOpen}
          isCurrent={reason.id === current}
          onPress={() => onPress(reason)}
        />
        {isOpen ? (
          <ul role="group" id={group}>
            {reason.detail === undefined ? null : (
              <li role="none" style={{ paddingInlineStart: `${(level - 1) * indentPx + 26}px` }}>
                <div
                  role="treeitem"
                  id={`${base}-${detailId(reason)}`}
                  aria-level={level + 1}
                  aria-selected={detailId(reason) === current}
                  tabIndex={detailId(reason) === current ? 0 : -1}
                  className={`${ring} mb-3 rounded`}
                >
                  {reason.detail()}
                </div>
              </li>
            )}
            <Branch {...props} reasons={reason.children ?? []} level={level + 1} />
          </ul>
        ) : null}
      </li>
    );
  });
}

/** Reasons that open into reasons. Arrows move, open and close; Home, End, letters and * as in every tree. */
export function ReasonTree({ label, reasons, expanded, onExpandedChange }: ReasonTreeProps): ReactNode {
  const base = useId();
  const root = useRef<HTMLUListElement>(null);
  const [current, setCurrent] = useState<string | undefined>(undefined);
  const lines = linesOf(reasons, expanded);
  const here = lines.some(({ id }) => id === current) ? current : lines[0]?.id;

  const toggle = (id: string): void => {
    const next = new Set(expanded);
    if (!next.delete(id)) next.add(id);
    onExpandedChange(next);
  };
  const focus = (id: string | undefined): void => {
    if (id === undefined) return;
    setCurrent(id);
    root.current?.ownerDocument.getElementById(`${base}-${id}`)?.focus();
  };
  /** First line after this one that begins with the letter, in a circle. */
  const lineWith = (letter: string, at: number): string | undefined =>
    [...lines.slice(at + 1), ...lines.slice(0, at + 1)].find(({ reason }) =>
      reason?.label.toLowerCase().startsWith(letter.toLowerCase()),
    )?.id;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if ((event.target as HTMLElement).role !== "treeitem") return;
    const at = lines.findIndex(({ id }) => id === here);
    const line = lines[at];
    if (line === undefined) return;
    const { to, toggle: turns } = step(event.key, lines, at, expanded.has(line.id));
    if (turns === true) toggle(line.id);
    else if (to !== undefined) focus(lines[to]?.id);
    else if (event.key === "*")
      onExpandedChange(new Set([...expanded, ...line.siblings.filter(opens).map(({ id }) => id)]));
    else if (/^\p{L}$/u.test(event.key)) focus(lineWith(event.key, at));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <ul ref={root} role="tree" aria-label={label} onKeyDown={onKeyDown} className="flex flex-col">
      <Branch
        reasons={reasons}
        level={1}
        base={base}
        expanded={expanded}
        current={here}
        onPress={(reason) => {
          focus(reason.id);
          if (opens(reason)) toggle(reason.id);
        }}
      />
    </ul>
  );
}
