import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { problemWords } from "../api/problem-words.ts";
import { ledgerQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { buttonLink } from "../ui/button.tsx";
import { Inbox } from "../ui/icons.ts";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { isOwn } from "./flow.ts";
import { FlowFigures } from "./flow-figures.tsx";
import { HoursCard } from "./hours-card.tsx";
import type { Span } from "./ingest-search.ts";
import { useIngestWords } from "./ingest-words.ts";
import { KeysTable } from "./keys-table.tsx";
import { SourcesTable } from "./sources-table.tsx";
import { useNotice, useNow } from "./use-notice.ts";

/** How the first event comes in, as far as the role may bring it about. */
function NothingYet({ marketplace }: { readonly marketplace: string }): ReactNode {
  const words = useIngestWords().empty;
  const { can } = useCurrent();
  return (
    <EmptyState
      icon={Inbox}
      title={words.title}
      text={words.text}
      action={
        <span className="flex flex-wrap justify-center gap-2">
          {can("events:write") ? (
            <Link to="/$marketplace/import" params={{ marketplace }} className={buttonLink("primary")}>
              {words.import}
            </Link>
          ) : null}
          <Link
            to="/$marketplace/settings"
            params={{ marketplace }}
            search={{ section: "keys" }}
            className={buttonLink()}
          >
            {words.keys}
          </Link>
        </span>
      }
    />
  );
}

export interface FlowPanelProps {
  readonly marketplace: string;
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
}

/** What comes in, as it comes: the page is told of every change. */
export function FlowPanel({ marketplace, span, onSpan }: FlowPanelProps): ReactNode {
  const { t } = useVoice();
  const { can } = useCurrent();
  const ledger = useQuery(ledgerQuery(marketplace));
  const notice = useNotice(marketplace);
  const nowMs = useNow();
  const { data } = ledger;
  if (data === undefined) {
    return ledger.isError ? (
      <ErrorState text={problemWords(ledger.error, t)} onRetry={() => void ledger.refetch()} />
    ) : (
      <Skeleton rows={10} />
    );
  }
  const isEmpty = data.sources.every(isOwn) && data.hours.every(({ rejected }) => rejected === 0);
  return (
    <div className="flex min-w-0 flex-col gap-5">
      {isEmpty ? (
        <NothingYet marketplace={marketplace} />
      ) : (
        <>
          <FlowFigures status={data} notice={notice} nowMs={nowMs} />
          <HoursCard status={data} nowMs={nowMs} span={span} onSpan={onSpan} />
          <SourcesTable status={data} nowMs={nowMs} />
        </>
      )}
      {can("keys:read") ? <KeysTable marketplace={marketplace} nowMs={nowMs} /> : null}
    </div>
  );
}
