import type { ReactNode } from "react";
import type { Icon } from "./icons.ts";

export interface BannerProps {
  readonly icon: Icon;
  readonly children: ReactNode;
}

/** A line across the page about the whole of it. */
export function Banner({ icon: Glyph, children }: BannerProps): ReactNode {
  return (
    <div
      role="status"
      className="flex items-center justify-center gap-2 border-b border-line bg-amber-soft px-4 py-1.5 text-sm text-amber"
    >
      <Glyph size={15} aria-hidden className="shrink-0" />
      <span>{children}</span>
    </div>
  );
}
