import { type ReactNode, useState } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Button } from "./button.tsx";
import { Check, Copy } from "./icons.ts";

const shownMs = 2_000;

/** Takes a text to the clipboard and says so. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }): ReactNode {
  const { t } = useVoice();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), shownMs);
  };
  return (
    <Button small icon={copied ? Check : Copy} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? t.ui.copied : (label ?? t.ui.copy)}</span>
    </Button>
  );
}

/** Text to be taken elsewhere, with a button that takes it. */
export function CopyText({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="flex flex-col items-start gap-2">
      {/* oxlint-disable-next-line no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre
        tabIndex={0}
        className="w-full overflow-x-auto rounded-control border border-line bg-sunk p-3 font-mono text-xs"
      >
        {text}
      </pre>
      <CopyButton text={text} />
    </div>
  );
}
