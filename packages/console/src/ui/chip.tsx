import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { X } from "./icons.ts";

export type ChipLook = "plain" | "good" | "bad" | "warn" | "info";

const looks: Readonly<Record<ChipLook, string>> = {
  plain: "border-line-strong text-ink-2",
  good: "border-jade-line bg-jade-soft text-jade",
  bad: "border-cinnabar-line bg-cinnabar-soft text-cinnabar",
  warn: "border-transparent bg-amber-soft text-amber",
  info: "border-transparent bg-sky-soft text-sky",
};

export interface ChipProps {
  readonly children: ReactNode;
  readonly look?: ChipLook;
}

export function Chip({ children, look = "plain" }: ChipProps): ReactNode {
  return (
    <span
      className={`inline-flex max-w-full items-center gap-1 rounded-full border px-2.5 py-px text-xs ${looks[look]}`}
    >
      <span className="truncate">{children}</span>
    </span>
  );
}

export interface FilterChipProps {
  readonly label: string;
  readonly onRemove: () => void;
}

/** A filter in force, with what takes it away. */
export function FilterChip({ label, onRemove }: FilterChipProps): ReactNode {
  const { t } = useVoice();
  return (
    <span className="inline-flex h-7 max-w-full items-center rounded-full border border-jade-line bg-jade-soft ps-3 text-xs text-jade">
      <span className="truncate">{label}</span>
      <button
        type="button"
        aria-label={`${t.ui.clear}: ${label}`}
        onClick={onRemove}
        className="ms-0.5 grid size-6 place-items-center rounded-full hover:bg-sheet"
      >
        <X size={13} aria-hidden />
      </button>
    </span>
  );
}

export interface ChoiceChipsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** One of few, all in sight. Native radios, so arrows and forms work by themselves. */
export function ChoiceChips<T extends string>({ label, value, options, onChange }: ChoiceChipsProps<T>): ReactNode {
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-1">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className="flex h-8 cursor-pointer items-center rounded-full border border-line-strong bg-sheet px-3 text-sm text-ink-2 hover:bg-sunk has-checked:border-jade-line has-checked:bg-jade-soft has-checked:font-semibold has-checked:text-jade has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-jade"
        >
          <input
            type="radio"
            className="sr-only"
            name={label}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
