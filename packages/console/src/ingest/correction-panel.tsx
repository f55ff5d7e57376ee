import type { DeadLetter, IngestAnswer, Verdict } from "@probity/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { clientFor } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { useImportWords } from "../imports/import-words.ts";
import { reasonWords } from "../imports/reason-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { FormProblem } from "../session/form-problem.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { TextArea } from "../ui/field.tsx";
import { RotateCcw } from "../ui/icons.ts";
import { notify } from "../ui/toast.tsx";
import { draftOf, readDraft } from "./correction.ts";
import { type LetterWords, useLetterWords } from "./letter-words.ts";

export interface CorrectionPanelProps {
  readonly letter: DeadLetter;
  /** It is no longer waiting: the list can go on to the next. */
  readonly onGone: () => void;
  readonly onHide: (hidden: boolean) => void;
}

function draftError(text: string, said: LetterWords): string | undefined {
  const reading = readDraft(text);
  if (reading.ok) return undefined;
  if (reading.because === "not-object") return said.notObject;
  return `${said.notJson} ${said.atLine(reading.line)}`;
}

function Refusal({ code, path, message }: Extract<Verdict, { verdict: "rejected" }>): ReactNode {
  const said = useLetterWords();
  const why = useImportWords();
  return (
    <p
      role="alert"
      className="rounded-control border border-cinnabar-line bg-cinnabar-soft px-3 py-2 text-sm text-cinnabar"
    >
      <strong className="font-semibold">
        {said.rejected}
        {": "}
        {said.codes[code]}
      </strong>{" "}
      {reasonWords(message, why)} {path === "" ? null : <code className="font-mono text-xs">{said.at(path)}</code>}
    </p>
  );
}

/** Sends a corrected event, and sets one aside after a moment in which it can be taken back. */
function useActs({ letter, onGone, onHide }: CorrectionPanelProps): {
  readonly replay: ReturnType<typeof useMutation<IngestAnswer, Error, Record<string, unknown> | undefined>>;
  readonly discard: () => void;
} {
  const { t, f } = useVoice();
  const said = useLetterWords();
  const { marketplace } = useCurrent();
  const queries = useQueryClient();
  const client = clientFor(marketplace.slug);
  const params = { deadLetter: letter.deadLetter };
  const settled = (): void => void queries.invalidateQueries({ queryKey: [marketplace.slug, "letters"] });
  const replay = useMutation<IngestAnswer, Error, Record<string, unknown> | undefined>({
    mutationFn: (event) => client.call("replayDeadLetter", { params, body: event === undefined ? {} : { event } }),
    onSuccess: ({ verdicts: [verdict] }) => {
      if (verdict === undefined || verdict.verdict === "rejected") return;
      const words = verdict.verdict === "accepted" ? said.accepted : said.duplicate;
      notify({ title: words(f.count(verdict.seq)) });
      onGone();
      settled();
    },
  });
  const discard = (): void => {
    onHide(true);
    onGone();
    notify({
      title: said.discardSoon,
      undo: { label: t.ui.undo, act: () => onHide(false) },
      onGone: () => {
        client.call("discardDeadLetter", { params, body: {} }).then(settled, (error: unknown) => {
          onHide(false);
          notify({ title: t.problem.title, text: problemWords(error, t), look: "bad" });
        });
      },
    });
  };
  return { replay, discard };
}

/** A refused event with its reason: corrected and sent again, or set aside. What one types stays while it is open. */
export function CorrectionPanel(props: CorrectionPanelProps): ReactNode {
  const why = useImportWords();
  const { letter } = props;
  const said = useLetterWords();
  const { f } = useVoice();
  const { can } = useCurrent();
  const original = draftOf(letter.body);
  const [draft, setDraft] = useState(original);
  const { replay, discard } = useActs(props);
  const open = letter.state === "open";
  const editable = open && can("events:write");
  const error = draftError(draft, said);
  const [verdict] = replay.data?.verdicts ?? [];
  const send = (): void => {
    const reading = readDraft(draft);
    if (reading.ok) replay.mutate(draft === original ? undefined : reading.event);
  };
  return (
    <Card
      id="letter"
      title={open ? said.correct : said.states[letter.state]}
      aside={<Chip look="bad">{said.codes[letter.code]}</Chip>}
    >
      <div className="flex flex-col gap-3">
        <p>
          {reasonWords(letter.message, why)}{" "}
          {letter.path === "" ? null : <code className="font-mono text-xs text-ink-3">{said.at(letter.path)}</code>}
        </p>
        <p className="text-xs text-ink-3">{f.moment(letter.receivedAt)}</p>
        <TextArea
          label={said.editor}
          value={draft}
          onChange={setDraft}
          rows={16}
          code
          readOnly={!editable}
          hint={typeof letter.body === "string" && editable ? said.asText : undefined}
          error={editable ? error : undefined}
        />
        {verdict?.verdict === "rejected" ? <Refusal {...verdict} /> : null}
        <FormProblem error={replay.error} />
        {editable ? (
          <div className="flex flex-wrap gap-2">
            <Button look="primary" onClick={send} disabled={error !== undefined} busy={replay.isPending}>
              {replay.isPending ? said.replaying : said.replay}
            </Button>
            <Button icon={RotateCcw} onClick={() => setDraft(original)} disabled={draft === original}>
              {said.restore}
            </Button>
            <Button look="danger" onClick={discard}>
              {said.discard}
            </Button>
          </div>
        ) : open ? (
          <p className="text-sm text-ink-2">{said.readOnly}</p>
        ) : null}
      </div>
    </Card>
  );
}
