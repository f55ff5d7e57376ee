import type { ReactNode } from "react";

/** Figures with their names, side by side. */
export function Figures({ figures }: { readonly figures: readonly (readonly [string, string])[] }): ReactNode {
  return (
    <dl className="mt-3 flex flex-wrap gap-x-8 gap-y-2">
      {figures.map(([name, figure]) => (
        <div key={name}>
          <dt className="text-xs text-ink-3">{name}</dt>
          <dd className="text-lg font-semibold tabular-nums">{figure}</dd>
        </div>
      ))}
    </dl>
  );
}
