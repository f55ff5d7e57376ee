import type { ReactNode } from "react";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";

/** What the server refused, in words, above the button that was pressed. */
export function FormProblem({ error }: { readonly error: unknown }): ReactNode {
  const { t } = useVoice();
  if (error === null || error === undefined) return null;
  return (
    <p
      role="alert"
      className="rounded-control border border-cinnabar-line bg-cinnabar-soft px-3 py-2 text-sm text-cinnabar"
    >
      {problemWords(error, t)}
    </p>
  );
}
