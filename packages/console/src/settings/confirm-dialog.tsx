import { type ReactNode, type SubmitEvent, useId } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ProblemNote } from "./notes.tsx";
import { useSettingsWords } from "./settings-words.ts";

export interface ConfirmDialogProps {
  readonly open: boolean;
  readonly title: string;
  readonly text: string;
  /** What the button does. */
  readonly submit: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  /** Fields that the act needs. */
  readonly children?: ReactNode;
}

/** Asks before something that cannot be taken back, and stays open with the reason where the server refuses. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const { open, title, text, submit, danger = false, busy, error, onSubmit, onClose, children } = props;
  const words = useSettingsWords();
  const formId = useId();
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <Dialog open={open} onOpenChange={(next) => (next ? undefined : onClose())} title={title} firm>
      <form id={formId} onSubmit={send} noValidate className="flex flex-col gap-4">
        <p className="text-ink-2">{text}</p>
        {children}
        <ProblemNote error={error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look={danger ? "danger" : "primary"} type="submit" busy={busy}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
