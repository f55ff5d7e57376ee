import { NumberField as BaseNumber } from "@base-ui/react/number-field";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { FieldFrame, type FieldWords } from "./field.tsx";
import { Minus, Plus } from "./icons.ts";

export interface NumberFieldProps extends FieldWords {
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
}

export function NumberField({
  label,
  hint,
  error,
  hideLabel,
  value,
  onChange,
  min,
  max,
  step = 1,
}: NumberFieldProps): ReactNode {
  const { t, locale } = useVoice();
  const stepClass = "grid w-8 place-items-center border-edge text-ink-2 hover:bg-sunk data-disabled:opacity-40";
  return (
    <FieldFrame label={label} hint={hint} error={error} hideLabel={hideLabel === true}>
      <BaseNumber.Root
        value={value}
        onValueChange={(next) => onChange(next)}
        {...(min === undefined ? {} : { min })}
        {...(max === undefined ? {} : { max })}
        step={step}
        locale={locale}
      >
        <BaseNumber.Group className="flex h-8 overflow-hidden rounded-control border border-edge bg-sheet focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-jade">
          <BaseNumber.Decrement aria-label={t.ui.decrease} className={`${stepClass} border-e`}>
            <Minus size={13} aria-hidden />
          </BaseNumber.Decrement>
          <BaseNumber.Input className="w-full min-w-0 bg-transparent px-2 text-end outline-none" />
          <BaseNumber.Increment aria-label={t.ui.increase} className={`${stepClass} border-s`}>
            <Plus size={13} aria-hidden />
          </BaseNumber.Increment>
        </BaseNumber.Group>
      </BaseNumber.Root>
    </FieldFrame>
  );
}
