import type { LogStatus } from "@probity/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { clientFor, isSessionEnded } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { notify } from "../ui/toast.tsx";
import { logQuery } from "./log-queries.ts";
import { useLogWords } from "./log-words.ts";

/** Who may read entries; whoever may write to the log changes it after a question. */
export function AudienceCard({ status }: { readonly status: LogStatus }): ReactNode {
  const { t } = useVoice();
  const words = useLogWords().audience;
  const { marketplace, can } = useCurrent();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const other = status.audience === "public" ? "auditors" : "public";
  // While the dialog closes it goes on asking what it asked.
  const [asked, setAsked] = useState<typeof other>(other);
  const change = useMutation({
    mutationFn: (audience: typeof other) => clientFor(marketplace.slug).call("setLogAudience", { body: { audience } }),
    onSuccess: async ({ audience }) => {
      setOpen(false);
      notify({ title: words.done[audience] });
      await queries.invalidateQueries({ queryKey: logQuery(marketplace.slug).queryKey });
    },
  });
  return (
    <Card id="audience" title={words.title}>
      <p className="text-ink-2">{words.who[status.audience]}</p>
      {can("log:write") ? (
        <div className="mt-3">
          <Button
            onClick={() => {
              change.reset();
              setAsked(other);
              setOpen(true);
            }}
          >
            {words.to[other]}
          </Button>
        </div>
      ) : null}
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={words.ask[asked]}
        description={words.text[asked]}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>{words.cancel}</Button>
            <Button look="primary" busy={change.isPending} onClick={() => change.mutate(asked)}>
              {words.to[asked]}
            </Button>
          </>
        }
      >
        {change.isError && !isSessionEnded(change.error) ? (
          <p role="alert" className="text-cinnabar">
            {[words.failed, problemWords(change.error, t)].join(": ")}
          </p>
        ) : null}
      </Dialog>
    </Card>
  );
}
