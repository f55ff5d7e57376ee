import { Menu as Base } from "@base-ui/react/menu";
import type { ReactNode, RefObject } from "react";
import { Check } from "./icons.ts";
import type { MenuEntry } from "./menu.tsx";

const itemClass =
  "grid cursor-default grid-cols-[16px_1fr] items-center gap-2 rounded-control py-1.5 ps-2 pe-4 outline-none select-none data-highlighted:bg-jade-soft";

function Entry({ entry }: { readonly entry: MenuEntry }): ReactNode {
  if (entry.kind === "act") {
    const Glyph = entry.icon;
    return (
      <Base.Item className={itemClass} onClick={entry.act}>
        {Glyph === undefined ? null : <Glyph size={14} aria-hidden className="text-ink-3" />}
        <span className="col-start-2">{entry.label}</span>
      </Base.Item>
    );
  }
  if (entry.kind === "check") {
    return (
      <Base.CheckboxItem
        className={itemClass}
        checked={entry.checked}
        onCheckedChange={entry.onChange}
        closeOnClick={false}
      >
        <Base.CheckboxItemIndicator className="text-jade">
          <Check size={14} aria-hidden />
        </Base.CheckboxItemIndicator>
        <span className="col-start-2">{entry.label}</span>
      </Base.CheckboxItem>
    );
  }
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-2 pb-1 text-xs text-ink-3">{entry.label}</Base.GroupLabel>
      <Base.RadioGroup value={entry.value} onValueChange={(value: string) => entry.onChange(value)}>
        {entry.options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={itemClass} closeOnClick>
            <Base.RadioItemIndicator className="text-jade">
              <Check size={14} aria-hidden />
            </Base.RadioItemIndicator>
            <span className="col-start-2">{option.label}</span>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export interface MenuPopupProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly side: "bottom" | "top";
  /** The button it belongs to: it stands beside it, and the focus goes back to it. */
  readonly anchor: RefObject<HTMLElement | null>;
}

export function MenuPopup({ open, onOpenChange, label, entries, side, anchor }: MenuPopupProps): ReactNode {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Positioner anchor={anchor} side={side} sideOffset={4} align="start" className="z-50 outline-none">
          <Base.Popup
            aria-label={label}
            finalFocus={anchor}
            className="max-h-(--available-height) min-w-44 overflow-y-auto rounded-card border border-line-strong bg-sheet p-1 shadow-float outline-none"
          >
            {entries.map((entry) => (
              <Entry key={entry.label} entry={entry} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
