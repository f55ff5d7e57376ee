import type { LogStatus } from "@probity/contract";
import { lazy, type ReactNode, type SubmitEvent, Suspense, useState } from "react";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { TextField } from "../ui/field.tsx";
import { patiently } from "../ui/patient-load.ts";
import { Skeleton } from "../ui/states.tsx";
import { useLogWords } from "./log-words.ts";

/** With it comes what checks proofs. */
const EntryPanel = lazy(async () => ({ default: (await patiently(() => import("./entry-panel.tsx"))).EntryPanel }));

export interface EntryCardProps {
  readonly status: LogStatus;
  readonly entry: number | undefined;
  readonly onEntry: (entry: number) => void;
}

/** Number of an entry, as a person types it: with or without separators. */
const numberOf = (text: string): number | undefined => {
  const plain = text.replaceAll(/[\s,.\u202f]/g, "");
  return /^\d{1,15}$/.test(plain) ? Number(plain) : undefined;
};

/** Any entry by its number, with its proof. */
export function EntryCard({ status, entry, onEntry }: EntryCardProps): ReactNode {
  const words = useLogWords().entry;
  const [typed, setTyped] = useState(entry === undefined ? "" : String(entry));
  const [error, setError] = useState<string | undefined>(undefined);
  const size = status.published?.size ?? 0;
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    const number = numberOf(typed);
    const isOutside = number !== undefined && size > 0 && number >= Math.max(size, status.entries);
    setError(number === undefined ? words.wrong : isOutside ? words.outside(size) : undefined);
    if (number !== undefined && !isOutside) onEntry(number);
  };
  return (
    <Card id="entry" title={words.title} hint={words.hint}>
      <form onSubmit={send} noValidate className="flex flex-wrap items-start gap-2">
        <div className="w-56 max-sm:flex-1">
          <TextField
            label={words.number}
            inputMode="numeric"
            value={typed}
            onChange={setTyped}
            error={error}
            maxLength={20}
          />
        </div>
        <div className="pt-[22px]">
          <Button type="submit">{words.show}</Button>
        </div>
      </form>
      {entry === undefined ? null : (
        <div className="mt-4 border-t border-line pt-4">
          <Suspense fallback={<Skeleton rows={5} />}>
            <EntryPanel key={entry} seq={entry} />
          </Suspense>
        </div>
      )}
    </Card>
  );
}
