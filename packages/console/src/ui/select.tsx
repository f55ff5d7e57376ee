import { Select as Base } from "@base-ui/react/select";
import type { ReactNode } from "react";
import { labelClass } from "./field.tsx";
import { Check, ChevronsUpDown } from "./icons.ts";

export interface SelectOption<T extends string> {
  readonly value: T;
  readonly label: string;
}

export interface SelectFieldProps<T extends string> {
  readonly label: string;
  readonly hideLabel?: boolean;
  /** The label stands inside, before the value: for rows of filters. */
  readonly inline?: boolean;
  readonly value: T;
  readonly options: readonly SelectOption<T>[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}

export function SelectField<T extends string>(props: SelectFieldProps<T>): ReactNode {
  const { label, hideLabel, inline, value, options, onChange, disabled = false } = props;
  return (
    <Base.Root
      items={options.map((option) => ({ value: option.value, label: option.label }))}
      value={value}
      disabled={disabled}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
    >
      <div className="flex min-w-0 flex-col gap-1">
        <Base.Label className={hideLabel === true || inline === true ? "sr-only" : labelClass}>{label}</Base.Label>
        <Base.Trigger className="flex h-8 min-w-0 items-center gap-1.5 rounded-control border border-edge bg-sheet ps-2.5 pe-1.5 text-ink hover:bg-sunk data-disabled:opacity-55">
          {inline === true ? <span className="text-ink-3">{label}</span> : null}
          <Base.Value className="min-w-0 flex-1 truncate text-start" />
          <Base.Icon className="text-ink-3">
            <ChevronsUpDown size={13} aria-hidden />
          </Base.Icon>
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className="max-h-[min(22rem,var(--available-height))] min-w-(--anchor-width) overflow-y-auto rounded-card border border-line-strong bg-sheet p-1 shadow-float outline-none">
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  className="grid cursor-default grid-cols-[16px_1fr] items-center gap-2 rounded-control py-1.5 ps-2 pe-4 outline-none select-none data-highlighted:bg-jade-soft data-highlighted:text-ink"
                >
                  <Base.ItemIndicator className="text-jade">
                    <Check size={14} aria-hidden />
                  </Base.ItemIndicator>
                  <Base.ItemText className="col-start-2">{option.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
