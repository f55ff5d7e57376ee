import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { TriangleAlert } from "../ui/icons.ts";
import type { Failure } from "./protocol.ts";
import { reasonWords } from "./reason-words.ts";
import { useImportWords } from "./import-words.ts";

export interface FailureNoteProps {
  readonly during: "open" | "import";
  readonly failure: Failure;
}

/** What ended an import or kept a file from being read: where, what, and what to do. */
export function FailureNote({ during, failure }: FailureNoteProps): ReactNode {
  const { t } = useVoice();
  const words = useImportWords();
  const known = failure.kind === "import" ? words.fileProblems[failure.code] : t.problem.codes[failure.code];
  const forbidden = failure.status === 403 ? t.problem.forbidden : undefined;
  return (
    <div
      role="alert"
      className="flex gap-3 rounded-card border border-cinnabar-line bg-cinnabar-soft px-4 py-3 text-cinnabar"
    >
      <TriangleAlert size={18} aria-hidden className="mt-0.5 shrink-0" />
      <div className="min-w-0">
        <p className="font-semibold">{during === "open" ? words.openFailed : words.failed}</p>
        {failure.file === undefined ? null : (
          <p className="text-sm">
            <bdi>{words.atPlace(failure.file, failure.line)}</bdi>
            {failure.field === undefined ? null : <code className="ms-2 font-mono text-xs">{failure.field}</code>}
          </p>
        )}
        <p className="text-sm break-words">{known ?? forbidden ?? reasonWords(failure.message, words)}</p>
      </div>
    </div>
  );
}
