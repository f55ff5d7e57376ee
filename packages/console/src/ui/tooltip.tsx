import { type ReactNode, useState } from "react";

export interface TooltipProps {
  readonly text: string;
  readonly children: ReactNode;
}

/**
 * A name shown on hover and focus; Escape hides it (WCAG 1.4.13). It is silent: what it says is the child's own name.
 * Styled alone, since everything that floats costs the first load ten kilobytes.
 */
export function Tooltip({ text, children }: TooltipProps): ReactNode {
  const [hidden, setHidden] = useState(false);
  return (
    // oxlint-disable-next-line no-static-element-interactions -- it only listens to what its child hears
    <span
      className="group/tip relative inline-flex"
      onKeyDown={(event) => setHidden(event.key === "Escape")}
      onPointerLeave={() => setHidden(false)}
    >
      {children}
      {hidden ? null : (
        <span
          aria-hidden
          data-tooltip
          className="pointer-events-none absolute start-0 top-full z-50 mt-1.5 hidden rounded-control bg-ink px-2 py-1 text-xs whitespace-nowrap text-paper shadow-float group-has-focus-visible/tip:block group-hover/tip:block"
        >
          {text}
        </span>
      )}
    </span>
  );
}
