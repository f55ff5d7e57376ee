import { Button as BaseButton } from "@base-ui/react/button";
import type { MouseEventHandler, ReactNode, Ref } from "react";
import type { Icon } from "./icons.ts";
import { Tooltip } from "./tooltip.tsx";

export type ButtonLook = "primary" | "plain" | "quiet" | "danger";

const looks: Readonly<Record<ButtonLook, string>> = {
  primary: "bg-jade border-jade text-paper hover:not-data-disabled:brightness-110 font-semibold",
  plain: "bg-sheet border-line-strong text-ink hover:not-data-disabled:bg-sunk font-medium",
  quiet:
    "bg-transparent border-transparent text-ink-2 hover:not-data-disabled:bg-sunk hover:not-data-disabled:text-ink font-medium",
  danger: "bg-sheet border-cinnabar-line text-cinnabar hover:not-data-disabled:bg-cinnabar-soft font-medium",
};

const shape =
  "inline-flex items-center justify-center gap-1.5 rounded-control border select-none whitespace-nowrap " +
  "data-disabled:opacity-55 data-disabled:cursor-not-allowed transition-[background-color,filter] duration-100";

export interface ButtonProps {
  readonly children: ReactNode;
  readonly look?: ButtonLook;
  readonly icon?: Icon;
  readonly small?: boolean;
  readonly type?: "button" | "submit";
  readonly disabled?: boolean;
  /** Work is under way: pressing again does nothing, and the button keeps the focus. */
  readonly busy?: boolean;
  readonly onClick?: MouseEventHandler<HTMLButtonElement>;
  readonly full?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({
  children,
  look = "plain",
  icon: Glyph,
  small,
  type = "button",
  full,
  ...rest
}: ButtonProps): ReactNode {
  const { disabled = false, busy = false, onClick, ref } = rest;
  return (
    <BaseButton
      ref={ref}
      type={type}
      disabled={disabled || busy}
      focusableWhenDisabled={busy}
      aria-busy={busy || undefined}
      onClick={onClick}
      className={`${shape} ${looks[look]} ${small === true ? "h-7 px-2.5 text-xs" : "h-8 px-3"} ${full === true ? "w-full" : ""}`}
    >
      {Glyph === undefined ? null : <Glyph size={small === true ? 13 : 15} aria-hidden />}
      {children}
    </BaseButton>
  );
}

export interface IconButtonProps {
  readonly icon: Icon;
  /** Its name, read out and shown as a tooltip. */
  readonly label: string;
  readonly onClick?: MouseEventHandler<HTMLButtonElement>;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
}

export function IconButton({ icon: Glyph, label, onClick, pressed, disabled = false }: IconButtonProps): ReactNode {
  return (
    <Tooltip text={label}>
      <BaseButton
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled}
        onClick={onClick}
        className={`${shape} ${looks.quiet} size-8 aria-pressed:bg-jade-soft aria-pressed:text-jade`}
      >
        <Glyph size={16} aria-hidden />
      </BaseButton>
    </Tooltip>
  );
}

/** Classes of a link that looks like a button. */
export const buttonLink = (look: ButtonLook = "plain"): string => `${shape} ${looks[look]} h-8 px-3 no-underline`;
