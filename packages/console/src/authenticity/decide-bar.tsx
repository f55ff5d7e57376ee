import type { ModeratorDecision } from "@probity/contract";
import { type ReactNode, useState } from "react";
import { Button, type ButtonLook } from "../ui/button.tsx";
import { Keys } from "../ui/command-palette.tsx";
import { TextField } from "../ui/field.tsx";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { noteCharsMax } from "./queue-search.ts";

const choices: readonly { readonly verdict: ModeratorDecision; readonly look: ButtonLook; readonly key: string }[] = [
  { verdict: "genuine", look: "primary", key: "G" },
  { verdict: "not-genuine", look: "danger", key: "N" },
  { verdict: "unsure", look: "plain", key: "U" },
];

export interface DecideBarProps {
  readonly note: string;
  readonly onNote: (note: string) => void;
  readonly onDecide: (verdict: ModeratorDecision) => void;
  readonly disabled?: boolean;
  /** Words before the buttons: what is decided together. */
  readonly lead?: string;
  readonly withKeys?: boolean;
}

/** The three decisions, and a note that goes with one. */
export function DecideBar(props: DecideBarProps): ReactNode {
  const { note, onNote, onDecide, disabled = false, lead, withKeys = false } = props;
  const words = useAuthenticityWords().decide;
  return (
    <div role="group" aria-label={words.label} className="flex flex-wrap items-center gap-2">
      {lead === undefined ? null : <span className="font-medium">{lead}</span>}
      {choices.map(({ verdict, look, key }) => (
        <Button key={verdict} look={look} disabled={disabled} onClick={() => onDecide(verdict)}>
          {words.verdicts[verdict]}
          {withKeys ? (
            <span aria-hidden className="max-lg:hidden">
              <Keys keys={[key]} />
            </span>
          ) : null}
        </Button>
      ))}
      <div className="min-w-40 flex-1 basis-48">
        <TextField
          label={words.note}
          hideLabel
          value={note}
          onChange={onNote}
          placeholder={words.note}
          maxLength={noteCharsMax}
        />
      </div>
    </div>
  );
}

/** A note that is for one decision: gone once it was made. */
export function useNote(): readonly [string, (note: string) => void, () => string] {
  const [note, setNote] = useState("");
  const take = (): string => {
    setNote("");
    return note;
  };
  return [note, setNote, take];
}
