import type { BulkAnswer, ModeratorDecision, QueueFilter } from "@probity/contract";
import { ProbityError } from "@probity/sdk";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { clientFor } from "../api/client.ts";
import { useVoice } from "../messages/messages.tsx";
import { FormProblem } from "../session/form-problem.tsx";
import { Button } from "../ui/button.tsx";
import { ChoiceChips } from "../ui/chip.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { Skeleton } from "../ui/states.tsx";
import { notify } from "../ui/toast.tsx";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { bulkItemsMax, noteCharsMax } from "./queue-search.ts";

const verdicts: readonly ModeratorDecision[] = ["not-genuine", "genuine", "unsure"];

export interface BulkDialogProps {
  readonly marketplace: string;
  readonly filter: QueueFilter;
  /** The filters in words. */
  readonly filterWords: readonly string[];
  readonly onClose: () => void;
  /** Called once everything was decided. */
  readonly onDone: () => void;
}

/** Merchants whose score would move, before and after. */
function EffectTable({ effects }: Pick<BulkAnswer, "effects">): ReactNode {
  const words = useAuthenticityWords().bulk;
  const { f } = useVoice();
  if (effects.length === 0) return <p className="text-ink-2">{words.effectsNone}</p>;
  return (
    <table className="w-full text-sm">
      <caption className="pb-1 text-start text-xs text-ink-3">{words.effects}</caption>
      <thead className="text-xs text-ink-3">
        <tr>
          <th scope="col" className="py-1 text-start font-medium">
            {words.merchant}
          </th>
          <th scope="col" className="py-1 text-end font-medium">
            {words.itemsColumn}
          </th>
          <th scope="col" className="py-1 text-end font-medium">
            {words.scores}
          </th>
        </tr>
      </thead>
      <tbody>
        {effects.map(({ merchant, name, items, before, after }) => (
          <tr key={merchant} className="border-t border-line">
            <th scope="row" className="max-w-48 truncate py-1.5 text-start font-normal">
              <bdi>{name ?? merchant}</bdi>
            </th>
            <td className="text-end">{f.count(items)}</td>
            <td
              className={`text-end font-medium ${after < before ? "text-cinnabar" : after > before ? "text-jade" : ""}`}
            >
              {words.move(f.decimal(before, 1), f.decimal(after, 1))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useBulk({ marketplace, filter, onDone }: BulkDialogProps, decision: ModeratorDecision, note: string) {
  const queries = useQueryClient();
  const words = useAuthenticityWords().bulk;
  const ask = (expected?: number): Promise<BulkAnswer> =>
    clientFor(marketplace).call("decideInBulk", {
      body: {
        filter,
        decision,
        ...(note.trim() === "" ? {} : { note }),
        ...(expected === undefined ? {} : { expected }),
      },
    });
  const preview = useMutation({ mutationFn: () => ask() });
  const confirm = useMutation({
    mutationFn: (expected: number) => ask(expected),
    onSuccess: ({ items }) => {
      notify({ title: words.done(items) });
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === marketplace });
      onDone();
    },
  });
  return { preview, confirm };
}

interface PreviewProps {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly shown: BulkAnswer | undefined;
}

function Preview({ isPending, error, shown }: PreviewProps): ReactNode {
  const words = useAuthenticityWords().bulk;
  if (isPending) return <Skeleton rows={3} rowPx={32} />;
  if (error !== null) return <FormProblem error={error} />;
  if (shown === undefined) return null;
  return (
    <div className="flex flex-col gap-2" aria-live="polite">
      <p className="font-semibold">{words.matches(shown.items)}</p>
      {shown.items > bulkItemsMax ? (
        <p className="text-cinnabar">{words.tooMany(bulkItemsMax)}</p>
      ) : (
        <EffectTable effects={shown.effects} />
      )}
    </div>
  );
}

interface ActionsProps {
  readonly changed: boolean;
  readonly look: "danger" | "primary";
  readonly disabled: boolean;
  readonly busy: boolean;
  readonly items: number;
  readonly onClose: () => void;
  readonly onAgain: () => void;
  readonly onConfirm: () => void;
}

function BulkActions(props: ActionsProps): ReactNode {
  const { changed, look, disabled, busy, items, onClose, onAgain, onConfirm } = props;
  const words = useAuthenticityWords().bulk;
  return (
    <>
      <Button onClick={onClose}>{words.cancel}</Button>
      {changed ? (
        <Button look="primary" onClick={onAgain}>
          {words.again}
        </Button>
      ) : (
        <Button look={look} disabled={disabled} busy={busy} onClick={onConfirm}>
          {words.confirm(items)}
        </Button>
      )}
    </>
  );
}

/** Decides everything that the filters leave: first its effect, then the decision, refused if it no longer holds. */
export function BulkDialog(props: BulkDialogProps): ReactNode {
  const { filterWords, onClose } = props;
  const all = useAuthenticityWords();
  const words = all.bulk;
  const [decision, setDecision] = useState<ModeratorDecision>("not-genuine");
  const [note, setNote] = useState("");
  const { preview, confirm } = useBulk(props, decision, note);
  const { mutate: look } = preview;
  useEffect(() => look(), [look, decision]);
  const changed = confirm.error instanceof ProbityError && confirm.error.code === "selection-changed";
  const shown = preview.data;
  const ready = shown !== undefined && !preview.isPending && shown.items > 0 && shown.items <= bulkItemsMax && !changed;
  const again = (): void => {
    confirm.reset();
    look();
  };
  return (
    <Dialog
      open
      firm
      wide
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={words.title}
      description={words.lead}
      actions={
        <BulkActions
          changed={changed}
          look={decision === "not-genuine" ? "danger" : "primary"}
          disabled={!ready}
          busy={confirm.isPending}
          items={shown?.items ?? 0}
          onClose={onClose}
          onAgain={again}
          onConfirm={() => confirm.mutate(shown?.items ?? 0)}
        />
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-sm text-ink-2">
          <span className="text-ink-3">{words.filters}: </span>
          {filterWords.join(" · ")}
        </p>
        <ChoiceChips
          label={all.decide.label}
          value={decision}
          options={verdicts.map((value) => ({ value, label: all.decide.verdicts[value] }))}
          onChange={setDecision}
        />
        <Preview isPending={preview.isPending} error={preview.error} shown={shown} />
        <TextField
          label={all.decide.note}
          hint={all.decide.noteHint}
          value={note}
          onChange={setNote}
          maxLength={noteCharsMax}
        />
        {changed ? (
          <p
            role="alert"
            className="rounded-control border border-cinnabar-line bg-cinnabar-soft px-3 py-2 text-sm text-cinnabar"
          >
            {words.changed}
          </p>
        ) : (
          <FormProblem error={confirm.error} />
        )}
      </div>
    </Dialog>
  );
}
