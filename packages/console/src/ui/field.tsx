import { Field } from "@base-ui/react/field";
import type { ReactNode } from "react";

export interface FieldWords {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong, and what to do; the field is marked and the words are read out with it. */
  readonly error?: string | undefined;
  /** The label is read out and not shown. */
  readonly hideLabel?: boolean;
}

export const controlClass =
  "w-full rounded-control border border-edge bg-sheet px-2.5 text-ink placeholder:text-ink-3 " +
  "data-invalid:border-cinnabar aria-invalid:border-cinnabar disabled:opacity-55";

export const labelClass = "text-sm font-medium text-ink-2";

/** Label above, words below, around any control. */
export function FieldFrame({
  label,
  hint,
  error,
  hideLabel,
  children,
}: FieldWords & { readonly children: ReactNode }): ReactNode {
  return (
    <Field.Root invalid={error !== undefined} className="flex min-w-0 flex-col gap-1">
      <Field.Label className={hideLabel === true ? "sr-only" : labelClass}>{label}</Field.Label>
      {children}
      {hint === undefined ? null : <Field.Description className="text-xs text-ink-3">{hint}</Field.Description>}
      {error === undefined ? null : (
        <Field.Error match className="text-xs font-medium text-cinnabar" role="alert">
          {error}
        </Field.Error>
      )}
    </Field.Root>
  );
}

export interface TextFieldProps extends FieldWords {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: "text" | "email" | "password" | "search" | "date";
  readonly name?: string;
  readonly autoComplete?: string;
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  readonly inputMode?: "numeric" | "text";
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}

export function TextField(props: TextFieldProps): ReactNode {
  const { label, hint, error, hideLabel, onChange, type = "text", autoFocus, ...rest } = props;
  return (
    <FieldFrame label={label} hint={hint} error={error} hideLabel={hideLabel === true}>
      <Field.Control
        {...rest}
        type={type}
        // oxlint-disable-next-line no-autofocus -- the first field of a form that one came for
        autoFocus={autoFocus}
        spellCheck={false}
        onValueChange={(value: string) => onChange(value)}
        className={`${controlClass} h-8`}
      />
    </FieldFrame>
  );
}

export interface TextAreaProps extends FieldWords {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly code?: boolean;
  readonly readOnly?: boolean;
}

export function TextArea({
  label,
  hint,
  error,
  hideLabel,
  value,
  onChange,
  rows = 6,
  code,
  readOnly,
}: TextAreaProps): ReactNode {
  return (
    <FieldFrame label={label} hint={hint} error={error} hideLabel={hideLabel === true}>
      <Field.Control
        value={value}
        readOnly={readOnly === true}
        onValueChange={(next: string) => onChange(next)}
        render={<textarea rows={rows} spellCheck={false} />}
        className={`${controlClass} py-2 ${code === true ? "font-mono text-xs leading-relaxed" : ""}`}
      />
    </FieldFrame>
  );
}
