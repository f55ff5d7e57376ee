import type { ReactNode } from "react";

/** The red seal: the first stroke group of 诚, drawn, so that no font is needed for it. */
export function BrandSeal({ size = 28 }: { readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false" className="shrink-0">
      <rect width="32" height="32" rx="7" className="fill-seal" />
      <path
        d="M12 6 8 13v13M12 12v14M16 8h10M15 13h12M16 17h10M17 21h8v5h-8z"
        fill="none"
        stroke="#faf9f6"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
