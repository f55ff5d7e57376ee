import type { ReactNode } from "react";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import type { DeskState } from "./import-desk.ts";
import type { PreviewRow, PreviewVerdict } from "./protocol.ts";
import { reasonWords } from "./reason-words.ts";
import { useImportWords } from "./import-words.ts";

function VerdictLine({ verdict }: { readonly verdict: PreviewVerdict }): ReactNode {
  const words = useImportWords();
  const { type, event, field, reason } = verdict;
  return (
    <li className="flex min-w-0 flex-wrap items-baseline gap-x-2 gap-y-1">
      <Chip look={reason === undefined ? "good" : "bad"}>{reason === undefined ? words.accepted : words.refused}</Chip>
      <code className="font-mono text-xs">{type}</code>
      {reason === undefined ? (
        <details className="min-w-0 flex-1 basis-full text-xs sm:basis-0">
          <summary className="cursor-pointer truncate text-ink-3">
            <bdi>{event?.id}</bdi>
          </summary>
          <pre className="mt-1 max-h-60 overflow-auto rounded-control bg-sunk p-2 font-mono whitespace-pre-wrap break-words">
            {JSON.stringify(event, null, 2)}
          </pre>
        </details>
      ) : (
        <span className="min-w-0 text-sm break-words text-cinnabar">
          {field === undefined || field === "" ? null : <code className="me-1 font-mono text-xs">{field}</code>}
          {reasonWords(reason, words)}
        </span>
      )}
    </li>
  );
}

function RowItem({ row }: { readonly row: PreviewRow }): ReactNode {
  const words = useImportWords();
  return (
    <li className="border-t border-line py-2 first:border-t-0">
      <p className="mb-1 flex min-w-0 flex-wrap items-baseline gap-x-3 text-xs text-ink-3">
        <span className="font-medium text-ink-2">{words.line(row.line)}</span>
        {row.cells.map(([column, cell]) => (
          <bdi key={column} className="max-w-full truncate">
            {column === "" ? cell : `${column}: ${cell}`}
          </bdi>
        ))}
      </p>
      {row.verdicts.length === 0 ? (
        <Chip>{words.unused}</Chip>
      ) : (
        <ul className="flex flex-col gap-1">
          {row.verdicts.map((verdict, at) => (
            <VerdictLine key={at} verdict={verdict} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** The first rows with the verdict of each event they make, as the server would give it. */
export function PreviewCard({ desk }: { readonly desk: DeskState }): ReactNode {
  const words = useImportWords();
  const { checked, checking } = desk;
  const counts = checked?.sampled;
  return (
    <Card id="import-preview" title={words.preview} hint={words.previewHint(counts?.rows ?? 0)}>
      <p role="status" className="mb-2 text-sm text-ink-2">
        {checking || checked === undefined
          ? words.checking
          : checked.issues.length > 0
            ? words.issues(checked.issues.length)
            : words.previewCounts(counts?.accepted ?? 0, counts?.refused ?? 0, counts?.unused ?? 0)}
      </p>
      <ul>
        {checked?.rows.map((row) => (
          <RowItem key={row.line} row={row} />
        ))}
      </ul>
    </Card>
  );
}
