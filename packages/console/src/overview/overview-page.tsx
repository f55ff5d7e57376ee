import type { RatingChanges } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { problemWords } from "../api/problem-words.ts";
import { changesQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { present } from "../shell/search-params.ts";
import { ChoiceChips } from "../ui/chip.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { FreshnessCard } from "./freshness-card.tsx";
import { GradesCard, MigrationCard } from "./grades-cards.tsx";
import { IngestCard } from "./ingest-card.tsx";
import { dayBefore, keepVisit, lastVisit } from "./last-visit.ts";
import { MoversCard } from "./movers-card.tsx";
import { daysBack } from "./overview-search.ts";
import { WaitingCard } from "./waiting-card.tsx";
import { useOverviewWords } from "./overview-words.ts";

const route = getRouteApi("/$marketplace/overview");
const visitChoice = "visit";

interface CardsProps {
  readonly changes: RatingChanges;
  readonly marketplace: string;
}

function Cards({ changes, marketplace }: CardsProps): ReactNode {
  const { can } = useCurrent();
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.55fr)_minmax(0,1fr)]">
      <MoversCard changes={changes} marketplace={marketplace} />
      <div className="flex min-w-0 flex-col gap-4">
        <WaitingCard marketplace={marketplace} />
        <GradesCard changes={changes} marketplace={marketplace} />
        {can("events:read") ? <IngestCard marketplace={marketplace} /> : null}
        <FreshnessCard changes={changes} />
      </div>
      <div className="lg:col-span-2">
        <MigrationCard changes={changes} />
      </div>
    </div>
  );
}

/** What changed since one was here, why, and what waits. */
export function OverviewPage(): ReactNode {
  const { marketplace } = route.useParams();
  const { days } = route.useSearch();
  const navigate = route.useNavigate();
  const { t, f } = useVoice();
  const said = useOverviewWords();
  // Read once: keeping this visit below must not move the page under the reader.
  const [visited, setVisited] = useState(() => lastVisit(marketplace));
  const [day, setDay] = useState<string>();
  const since = days === undefined ? visited : day === undefined ? undefined : dayBefore(day, Number(days));
  const changes = useQuery({
    ...changesQuery(marketplace, "merchant", since),
    enabled: days === undefined || day !== undefined,
  });
  const today = useQuery({
    ...changesQuery(marketplace, "merchant", undefined),
    enabled: days !== undefined && day === undefined,
  });
  const told = changes.data?.day ?? today.data?.day;
  useEffect(() => {
    if (told === undefined) return;
    setDay(told);
    keepVisit(marketplace, told);
    // Since a visit on the marketplace's own day nothing can have changed.
    setVisited((before) => (before !== undefined && before >= told ? undefined : before));
  }, [told, marketplace]);
  const { data } = changes;
  const subjects = data?.grades.reduce((sum, { after }) => sum + after, 0);
  const choices = [
    ...(visited === undefined ? [] : [{ value: visitChoice, label: said.sinceVisit(f.shortDay(visited)) }]),
    ...daysBack.map((back) => ({ value: String(back), label: said.sinceDays(back) })),
  ];
  const chosen = days ?? (visited === undefined ? "7" : visitChoice);
  return (
    <>
      <PageHead
        title={t.pages.overview}
        {...(data === undefined ? {} : { lead: said.lead(f.day(data.since), f.day(data.day)) })}
        aside={
          <ChoiceChips
            label={said.since}
            value={chosen}
            options={choices}
            onChange={(next) =>
              void navigate({ search: present({ days: next === visitChoice ? undefined : next }), replace: true })
            }
          />
        }
      />
      {changes.isError && data === undefined ? (
        <ErrorState text={problemWords(changes.error, t)} onRetry={() => void changes.refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={10} />
      ) : subjects === 0 ? (
        <EmptyState title={said.emptyTitle} text={said.empty} />
      ) : (
        <Cards changes={data} marketplace={marketplace} />
      )}
    </>
  );
}
