import { Dialog as Base } from "@base-ui/react/dialog";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useVoice } from "../messages/messages.tsx";
import { type Icon, Search } from "./icons.ts";

export interface Command {
  readonly id: string;
  readonly label: string;
  /** Told in grey behind the label. */
  readonly hint?: string | undefined;
  readonly group: string;
  readonly icon?: Icon;
  readonly keys?: readonly string[];
  readonly run: () => void;
}

export interface CommandPaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly query: string;
  readonly onQueryChange: (query: string) => void;
  /** Those that fit the query, groups together. */
  readonly commands: readonly Command[];
  readonly busy?: boolean;
}

/** Commands whose label holds every word of the query. */
export function fitting(commands: readonly Command[], query: string): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter((command) => {
    const text = `${command.label} ${command.hint ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

interface OptionProps {
  readonly command: Command;
  readonly id: string;
  readonly active: boolean;
  readonly onRun: () => void;
  readonly onPoint: () => void;
}

function Option({ command, id, active, onRun, onPoint }: OptionProps): ReactNode {
  const Glyph = command.icon;
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    // oxlint-disable-next-line click-events-have-key-events, interactive-supports-focus -- the input keeps the focus and handles the keys
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={active}
      onClick={onRun}
      onMouseMove={onPoint}
      className={`flex cursor-default items-center gap-3 rounded-control px-3 py-2 ${active ? "bg-jade-soft" : ""}`}
    >
      <span className="grid size-4 place-items-center text-ink-3">
        {Glyph === undefined ? null : <Glyph size={15} aria-hidden />}
      </span>
      <span className="min-w-0 truncate">{command.label}</span>
      <span className="min-w-0 flex-1 truncate text-xs text-ink-3">{command.hint}</span>
      {command.keys === undefined ? null : <Keys keys={command.keys} />}
    </div>
  );
}

/** Keys as caps: `G` `M`. */
export function Keys({ keys }: { readonly keys: readonly string[] }): ReactNode {
  return (
    <span className="flex shrink-0 gap-1">
      {keys.map((key) => (
        <kbd
          key={key}
          className="min-w-5 rounded border border-b-2 border-line-strong bg-sunk px-1 text-center font-sans text-xs text-ink-2"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}

interface ListProps {
  readonly base: string;
  readonly commands: readonly Command[];
  readonly at: number;
  readonly onPoint: (at: number) => void;
  readonly onRun: (command: Command) => void;
}

function CommandList({ base, commands, at, onPoint, onRun }: ListProps): ReactNode {
  const groups = [...new Set(commands.map(({ group }) => group))];
  return groups.map((group) => (
    <div key={group} role="group" aria-label={group}>
      <p aria-hidden className="px-3 pt-2 pb-1 text-xs text-ink-3">
        {group}
      </p>
      {commands.map((command, place) =>
        command.group === group ? (
          <Option
            key={command.id}
            command={command}
            id={`${base}-${place}`}
            active={place === at}
            onRun={() => onRun(command)}
            onPoint={() => onPoint(place)}
          />
        ) : null,
      )}
    </div>
  ));
}

interface InputProps {
  readonly query: string;
  readonly onQueryChange: (query: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly list: string;
  readonly active: string | undefined;
}

/** The field keeps the focus; which option is meant is told by its id. */
function PaletteInput({ query, onQueryChange, onKeyDown, list, active }: InputProps): ReactNode {
  const { t } = useVoice();
  return (
    <div className="flex items-center gap-3 border-b border-line px-4">
      <Search size={16} aria-hidden className="text-ink-3" />
      <input
        type="text"
        role="combobox"
        aria-label={t.palette.placeholder}
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={active}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder={t.palette.placeholder}
        value={query}
        maxLength={100}
        onChange={(event) => onQueryChange(event.target.value)}
        onKeyDown={onKeyDown}
        className="h-12 min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-3"
      />
    </div>
  );
}

export function CommandPalette(props: CommandPaletteProps): ReactNode {
  const { open, onOpenChange, query, onQueryChange, commands, busy = false } = props;
  const { t } = useVoice();
  const base = useId();
  const [at, setAt] = useState(0);
  useEffect(() => setAt(0), [query, open]);
  const count = Math.max(1, commands.length);
  const here = Math.min(at, count - 1);
  const run = (command: Command): void => {
    onOpenChange(false);
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const command = commands[here];
    if (event.key === "ArrowDown") setAt((here + 1) % count);
    else if (event.key === "ArrowUp") setAt((here - 1 + count) % count);
    else if (event.key === "Enter" && command !== undefined) run(command);
    else return;
    event.preventDefault();
  };
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[rgb(14_18_16/45%)]" />
        <Base.Popup className="fixed top-[max(12px,10dvh)] left-1/2 z-40 flex max-h-[min(560px,calc(100dvh-24px))] w-[calc(100vw-24px)] max-w-xl -translate-x-1/2 flex-col overflow-hidden rounded-card border border-line-strong bg-sheet shadow-float outline-none">
          <Base.Title className="sr-only">{t.palette.title}</Base.Title>
          <PaletteInput
            query={query}
            onQueryChange={onQueryChange}
            onKeyDown={onKeyDown}
            list={`${base}-list`}
            active={commands.length === 0 ? undefined : `${base}-${here}`}
          />
          <div
            id={`${base}-list`}
            role="listbox"
            aria-label={t.palette.results}
            aria-busy={busy}
            tabIndex={-1}
            className="min-h-0 flex-1 overflow-y-auto p-1.5"
          >
            <CommandList base={base} commands={commands} at={here} onPoint={setAt} onRun={run} />
          </div>
          {commands.length === 0 ? (
            <p role="status" className="px-4 pb-6 text-center text-ink-2">
              {busy ? t.ui.loading : t.palette.none}
            </p>
          ) : null}
          <p className="border-t border-line bg-sunk px-4 py-2 text-xs text-ink-3 max-sm:hidden">{t.palette.hint}</p>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
