import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "./button.tsx";
import type { Icon } from "./icons.ts";

export interface FileDropProps {
  /** What may be dropped. */
  readonly title: string;
  readonly hint: string;
  readonly button: string;
  readonly icon: Icon;
  /** As an input's `accept`: a proposal of the dialog, not a rule. */
  readonly accept: string;
  readonly busy?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Takes files from the mouse or from a dialog; the dialog's button is what the keyboard reaches. */
export function FileDrop({
  title,
  hint,
  button,
  icon: Glyph,
  accept,
  busy = false,
  onFiles,
}: FileDropProps): ReactNode {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (!busy) onFiles([...event.dataTransfer.files]);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      data-over={over || undefined}
      className="flex flex-col items-center gap-1 rounded-card border-2 border-dashed border-line-strong bg-sheet px-6 py-14 text-center data-over:border-jade data-over:bg-jade-soft"
    >
      <Glyph size={28} strokeWidth={1.5} aria-hidden className="mb-2 text-ink-3" />
      <p className="text-lg font-semibold">{title}</p>
      <p className="max-w-prose text-ink-2">{hint}</p>
      <div className="mt-4">
        <FileButton label={button} accept={accept} look="primary" busy={busy} multiple onFiles={onFiles} />
      </div>
    </div>
  );
}

export interface FileButtonProps {
  readonly label: string;
  readonly accept: string;
  readonly look?: "primary" | "plain" | "quiet";
  readonly busy?: boolean;
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** A button that asks for files. */
export function FileButton({
  label,
  accept,
  look = "plain",
  busy = false,
  multiple = false,
  onFiles,
}: FileButtonProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button look={look} busy={busy} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple={multiple}
        tabIndex={-1}
        aria-label={label}
        className="hidden"
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          // The same file may be chosen again after it was changed.
          target.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}
