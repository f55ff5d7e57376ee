import type { Reject } from "@probity/mapping";
import type { ReactNode } from "react";
import { rawText } from "./reject-file.ts";
import { reasonWords } from "./reason-words.ts";
import { useImportWords } from "./import-words.ts";

export interface RejectListProps {
  readonly rejects: readonly Reject[];
  readonly total: number;
}

const shown = 50;
const rawChars = 300;

/** The rule is told with the reason: `rule 2 (order.paid): …`. */
function told(reason: string): { readonly rule: string; readonly rest: string } {
  const [, rule = "", rest = reason] = /^rule \d+ \(([^)]*)\): (.*)$/s.exec(reason) ?? [];
  return { rule, rest: rest === "" ? reason : rest };
}

/** Rejected rows: where, which field, which rule, and the row as it came. */
export function RejectList({ rejects, total }: RejectListProps): ReactNode {
  const words = useImportWords();
  if (total === 0) return <p className="text-ink-2">{words.noRejects}</p>;
  const few = rejects.slice(0, shown);
  return (
    <div>
      <h3 className="mb-1 text-sm font-semibold">{words.rejects}</h3>
      {total > few.length ? <p className="mb-1 text-xs text-ink-3">{words.rejectsFirst(few.length)}</p> : null}
      <ul>
        {few.map(({ file, line, field, reason, raw }, at) => {
          const { rule, rest } = told(reason);
          return (
            <li key={at} className="border-t border-line py-1.5 text-sm first:border-t-0">
              <span className="me-2 font-medium">{words.atPlace(file, line)}</span>
              {rule === "" ? null : <code className="me-2 font-mono text-xs">{rule}</code>}
              {field === "" ? null : <code className="me-2 font-mono text-xs">{field}</code>}
              <span className="break-words text-cinnabar">{reasonWords(rest, words)}</span>
              <bdi className="block truncate font-mono text-xs text-ink-3">{rawText(raw).slice(0, rawChars)}</bdi>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
