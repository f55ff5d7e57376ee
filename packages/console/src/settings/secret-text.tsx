import { type ReactNode, useRef, useState } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Button } from "../ui/button.tsx";
import { Check, Copy } from "../ui/icons.ts";
import { useSettingsWords } from "./settings-words.ts";

const shownMs = 2_000;

export interface SecretTextProps {
  /** What is copied. */
  readonly text: string;
  /** The same as it is easier to read, where that differs. */
  readonly shown?: string;
  /** More to do with it, beside the copying. */
  readonly children?: ReactNode;
}

/** A secret, all of it in sight, to be copied or typed. Where a browser forbids copying it is selected for the reader. */
export function SecretText({ text, shown = text, children }: SecretTextProps): ReactNode {
  const { t } = useVoice();
  const words = useSettingsWords();
  const block = useRef<HTMLPreElement>(null);
  const [state, setState] = useState<"still" | "copied" | "selected">("still");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
      setTimeout(() => setState("still"), shownMs);
    } catch {
      // Pages that came without encryption have no clipboard.
      if (block.current !== null) getSelection()?.selectAllChildren(block.current);
      setState("selected");
    }
  };
  return (
    <div className="flex flex-col gap-2">
      <pre
        ref={block}
        className="rounded-control border border-line bg-sunk p-3 font-mono text-xs wrap-anywhere whitespace-pre-wrap"
      >
        {shown}
      </pre>
      <div className="flex flex-wrap items-center gap-2">
        <Button small icon={state === "copied" ? Check : Copy} onClick={() => void copy()}>
          <span aria-live="polite">{state === "copied" ? t.ui.copied : t.ui.copy}</span>
        </Button>
        {children}
      </div>
      <p role="status" className="text-xs text-ink-2 empty:hidden">
        {state === "selected" ? words.selected : null}
      </p>
    </div>
  );
}
