import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { useImportWords } from "./import-words.ts";

/** How many events of each kind, most first. */
export function TypeCounts({ byType }: { readonly byType: Readonly<Record<string, number>> }): ReactNode {
  const { f } = useVoice();
  const words = useImportWords();
  const types = Object.entries(byType).toSorted(([, a], [, b]) => b - a);
  if (types.length === 0) return null;
  return (
    <dl className="mb-3 grid grid-cols-[minmax(0,auto)_auto] justify-start gap-x-6 gap-y-0.5" aria-label={words.byType}>
      {types.map(([type, events]) => (
        <div key={type} className="contents">
          <dt className="font-mono text-xs leading-5">{type}</dt>
          <dd className="text-end text-sm tabular-nums">{f.count(events)}</dd>
        </div>
      ))}
    </dl>
  );
}
