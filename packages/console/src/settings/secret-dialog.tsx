import type { ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { SecretText } from "./secret-text.tsx";
import { useSettingsWords } from "./settings-words.ts";

export interface SecretDialogProps {
  readonly title: string;
  readonly text?: string;
  /** Undefined where there is nothing to show. */
  readonly secret: string | undefined;
  readonly onClose: () => void;
}

/** Shows what the server tells once. Its owner keeps it in a state of its own and drops it on closing. */
export function SecretDialog({ title, text, secret, onClose }: SecretDialogProps): ReactNode {
  const words = useSettingsWords();
  return (
    <Dialog
      open={secret !== undefined}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={title}
      firm
      actions={
        <Button look="primary" onClick={onClose}>
          {words.done}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        {text === undefined ? null : <p className="text-ink-2">{text}</p>}
        <p className="text-ink-2">{words.keep}</p>
        <SecretText text={secret ?? ""} />
      </div>
    </Dialog>
  );
}
