import type { ReactNode } from "react";

export interface TableSectionProps {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A table with its name above. */
export function TableSection({ id, title, hint, aside, children }: TableSectionProps): ReactNode {
  return (
    <section aria-labelledby={`${id}-title`} className="min-w-0">
      <header className="mb-1 flex flex-wrap items-baseline justify-between gap-x-3">
        <h2 id={`${id}-title`} className="text-sm font-semibold">
          {title}
        </h2>
        {aside}
        <p className="w-full text-xs text-ink-3">{hint}</p>
      </header>
      {children}
    </section>
  );
}
