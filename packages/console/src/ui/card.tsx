import type { ReactNode } from "react";

export interface CardProps {
  readonly title: string;
  /** Beside the title: a link or a small button. */
  readonly aside?: ReactNode;
  readonly hint?: string | undefined;
  readonly children: ReactNode;
  readonly id?: string;
}

/** A sheet of paper with a heading. */
export function Card({ title, aside, hint, children, id }: CardProps): ReactNode {
  const headingId = id === undefined ? undefined : `${id}-title`;
  return (
    <section
      aria-labelledby={headingId}
      className="flex min-w-0 flex-col rounded-card border border-line bg-sheet px-[18px] py-4 shadow-sheet max-sm:px-3.5"
    >
      <header className="mb-3 flex min-h-6 flex-wrap items-baseline justify-between gap-x-3 gap-y-1">
        <h2 id={headingId} className="text-sm font-semibold">
          {title}
        </h2>
        {aside}
        {hint === undefined ? null : <p className="w-full text-xs text-ink-3">{hint}</p>}
      </header>
      {children}
    </section>
  );
}
