import { ProbityError } from "@probity/sdk";
import type { ReactNode } from "react";
import { isSessionEnded } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { notify } from "../ui/toast.tsx";
import { useSettingsWords } from "./settings-words.ts";

/** What an error means here, and what to do. */
export function useProblemWords(): (error: unknown) => string {
  const { t } = useVoice();
  const words = useSettingsWords();
  return (error) => (error instanceof ProbityError ? words.codes[error.code] : undefined) ?? problemWords(error, t);
}

/** Tells an error of something that has no form of its own. Of an ended session the dialog speaks. */
export function useProblemNotice(): (error: unknown) => void {
  const { t } = useVoice();
  const wordsOf = useProblemWords();
  return (error) => {
    if (!isSessionEnded(error)) notify({ title: t.problem.title, text: wordsOf(error), look: "bad" });
  };
}

/** What the server refused, above the button that was pressed. */
export function ProblemNote({ error }: { readonly error: unknown }): ReactNode {
  const wordsOf = useProblemWords();
  if (error === null || error === undefined || isSessionEnded(error)) return null;
  return (
    <p
      role="alert"
      className="rounded-control border border-cinnabar-line bg-cinnabar-soft px-3 py-2 text-sm text-cinnabar"
    >
      {wordsOf(error)}
    </p>
  );
}

/** One line about why a section can only be looked at. */
export function LookOnly({ children }: { readonly children: ReactNode }): ReactNode {
  return <p className="rounded-control border border-line bg-sunk px-3 py-2 text-sm text-ink-2">{children}</p>;
}
