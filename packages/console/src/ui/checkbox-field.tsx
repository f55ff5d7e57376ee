import { Checkbox } from "@base-ui/react/checkbox";
import { type ReactNode, useId } from "react";
import { Check } from "./icons.ts";

export interface CheckboxFieldProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function CheckboxField({ label, checked, onChange, disabled = false }: CheckboxFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="flex items-center gap-2">
      <Checkbox.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-labelledby={`${id}-label`}
        className="grid size-[18px] shrink-0 place-items-center rounded border border-edge bg-sheet data-checked:border-jade data-checked:bg-jade data-disabled:opacity-50"
      >
        <Checkbox.Indicator className="text-paper">
          <Check size={13} strokeWidth={3} aria-hidden />
        </Checkbox.Indicator>
      </Checkbox.Root>
      <label id={`${id}-label`} htmlFor={id} className="cursor-pointer">
        {label}
      </label>
    </div>
  );
}
