import type { ColumnGuess, Mapping } from "@probity/mapping";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { usesOf } from "./mapping-edit.ts";
import { useImportWords } from "./import-words.ts";

export interface ColumnsCardProps {
  readonly columns: readonly ColumnGuess[];
  readonly mapping: Mapping;
}

function ColumnRow({ guess, uses }: { readonly guess: ColumnGuess; readonly uses: readonly string[] }): ReactNode {
  const { f } = useVoice();
  const words = useImportWords();
  const { column, samples, shape, reason, confidence } = guess;
  return (
    <li className="grid gap-x-4 gap-y-1 border-t border-line py-2 first:border-t-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_minmax(0,1.2fr)]">
      <div className="min-w-0">
        <bdi className="font-medium break-words">{column}</bdi>
        <span className="ms-2 text-xs text-ink-3">{words.kinds[shape.kind]}</span>
      </div>
      <div className="min-w-0 text-sm text-ink-2">
        {samples.length === 0 ? (
          <span className="text-ink-3">{words.emptyColumn}</span>
        ) : (
          <bdi className="line-clamp-2 break-words">{samples.join(" · ")}</bdi>
        )}
      </div>
      <div className="flex min-w-0 flex-wrap items-center gap-1.5 sm:justify-end">
        {uses.length === 0 ? <Chip>{words.columnUnused}</Chip> : null}
        {uses.map((use) => (
          <Chip key={use} look="good">
            {use}
          </Chip>
        ))}
        {reason === undefined ? null : (
          <span className="text-xs text-ink-3">
            {words.reasons[reason]} · {f.percent(confidence * 10_000)}
          </span>
        )}
      </div>
    </li>
  );
}

/** Every column with samples, what it was taken for, and which fields it fills now. */
export function ColumnsCard({ columns, mapping }: ColumnsCardProps): ReactNode {
  const words = useImportWords();
  const uses = usesOf(mapping);
  return (
    <Card id="import-columns" title={words.columns} hint={words.columnsHint}>
      <ul>
        {columns.map((guess) => (
          <ColumnRow key={guess.column} guess={guess} uses={uses.get(guess.column) ?? []} />
        ))}
      </ul>
    </Card>
  );
}
