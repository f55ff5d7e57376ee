import type { LedgerStatus } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { problemWords } from "../api/problem-words.ts";
import { ledgerQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Card } from "../ui/card.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { useOverviewWords } from "./overview-words.ts";

const hoursShown = 48;

/** The last hours in which anything came in, as columns; what was rejected stands on top. */
export function IngestHours({ hours }: { readonly hours: LedgerStatus["hours"] }): ReactNode {
  const { f } = useVoice();
  const said = useOverviewWords();
  const last = hours.slice(-hoursShown);
  const most = Math.max(1, ...last.map(({ accepted, rejected }) => accepted + rejected));
  const share = (value: number): string => `${Math.max(value > 0 ? 3 : 0, (value / most) * 100)}%`;
  return (
    <ul className="flex h-16 items-end gap-[2px]" aria-label={said.ingest}>
      {last.map((hour) => {
        const words = said.hour(f.moment(hour.from), hour.accepted, hour.rejected);
        return (
          <li key={hour.from} title={words} className="flex h-full max-w-6 min-w-0 flex-1 flex-col justify-end">
            <span className="sr-only">{words}</span>
            <span className="block rounded-t-[2px] bg-cinnabar" style={{ height: share(hour.rejected) }} />
            <span className="block rounded-b-[1px] bg-jade" style={{ height: share(hour.accepted) }} />
          </li>
        );
      })}
    </ul>
  );
}

/** What comes in, and whether it still does. */
export function IngestCard({ marketplace }: { readonly marketplace: string }): ReactNode {
  const { t, f } = useVoice();
  const said = useOverviewWords();
  const { can } = useCurrent();
  const ledger = useQuery(ledgerQuery(marketplace));
  const { data } = ledger;
  return (
    <Card
      id="incoming"
      title={said.ingest}
      aside={
        can("letters:read") ? (
          <Link to="/$marketplace/ingest" params={{ marketplace }} className="link text-xs">
            {t.pages.ingest}
          </Link>
        ) : null
      }
    >
      {ledger.isError && data === undefined ? (
        <ErrorState text={problemWords(ledger.error, t)} onRetry={() => void ledger.refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={2} />
      ) : data.size === 0 ? (
        <p className="text-ink-2">{said.ingestEmpty}</p>
      ) : (
        <>
          <IngestHours hours={data.hours} />
          <p className="mt-2 text-sm text-ink-2">
            {said.ledgerSize(data.size)}
            {" · "}
            {said.sources(data.sources.length)}
            {data.receivedAt === null ? null : ` · ${said.receivedAt(f.moment(data.receivedAt))}`}
          </p>
        </>
      )}
    </Card>
  );
}
