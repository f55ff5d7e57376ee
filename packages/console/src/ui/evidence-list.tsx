import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Chip } from "./chip.tsx";

export interface Evidence {
  readonly key: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly what: string;
  readonly good: boolean;
  /** Places in the ledger, oldest first. */
  readonly places: readonly number[];
}

export interface EvidenceListProps {
  readonly items: readonly Evidence[];
  /** A link to a place in the ledger. */
  readonly placeLink: (seq: number, words: string) => ReactNode;
}

const placesMax = 4;

/** What happened: when, in words, kept or missed, and where it stands in the ledger. */
export function EvidenceList({ items, placeLink }: EvidenceListProps): ReactNode {
  const { t, f } = useVoice();
  return (
    <ul className="flex flex-col">
      {items.map((item) => (
        <li
          key={item.key}
          className="grid grid-cols-[6.75rem_1fr_auto] items-baseline gap-x-2.5 gap-y-1 border-t border-line py-2 text-sm first:border-t-0 first:pt-0 max-sm:grid-cols-[1fr_auto]"
        >
          <time dateTime={item.day} className="whitespace-nowrap text-ink-3 max-sm:order-2 max-sm:text-xs">
            {f.day(item.day)}
          </time>
          <span className="min-w-0 max-sm:order-1 max-sm:col-span-2">
            <bdi className="me-2">{item.what}</bdi>
            <Chip look={item.good ? "good" : "bad"}>{item.good ? t.ui.kept : t.ui.missed}</Chip>
          </span>
          <span className="flex flex-wrap justify-end gap-x-2 font-mono text-xs text-ink-3 max-sm:order-3">
            {item.places.length === 0
              ? t.ui.notInLedger
              : item.places
                  .slice(-placesMax)
                  .map((seq, place) => (
                    <span key={seq}>{placeLink(seq, place === 0 ? t.ui.seq(f.count(seq)) : f.count(seq))}</span>
                  ))}
          </span>
        </li>
      ))}
    </ul>
  );
}
