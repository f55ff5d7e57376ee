import type { ReactNode } from "react";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import type { DraftSave } from "./draft-save.ts";
import { usePolicyWords } from "./policy-page-words.ts";

/** Somebody else saved a draft of the same policy meanwhile: who is not told, but one may want to compare. */
export function MeanwhileDialog({ save, meanwhile, seen }: DraftSave): ReactNode {
  const { t, f } = useVoice();
  const words = usePolicyWords().meanwhile;
  const [newest] = meanwhile;
  const at = newest === undefined ? "" : f.moment(newest.createdAt);
  return (
    <Dialog
      open={newest !== undefined}
      onOpenChange={(open) => {
        if (!open && !save.isPending) seen();
      }}
      title={words.title}
      description={meanwhile.length > 1 ? words.several(meanwhile.length, at) : words.text(at)}
      wide
      firm
      actions={
        <>
          <Button disabled={save.isPending} onClick={seen}>
            {words.goOn}
          </Button>
          <Button
            disabled={save.isPending}
            onClick={() => {
              const beside = window.open("", "_blank");
              if (beside !== null) beside.opener = null;
              save.mutate({ look: false, beside });
            }}
          >
            {words.compare}
          </Button>
          <Button look="primary" busy={save.isPending} onClick={() => save.mutate({ look: false })}>
            {words.save}
          </Button>
        </>
      }
    >
      {save.isError ? (
        <p role="alert" className="text-cinnabar">
          {problemWords(save.error, t)}
        </p>
      ) : null}
    </Dialog>
  );
}
