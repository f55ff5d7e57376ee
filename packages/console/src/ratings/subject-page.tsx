import type { Explanation } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import { isNotFound } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { explanationQuery, policyQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { present } from "../shell/search-params.ts";
import { Button, buttonLink } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { EvidenceList } from "../ui/evidence-list.tsx";
import { patiently } from "../ui/patient-load.ts";
import { openable, ReasonTree } from "../ui/reason-tree.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { CardPanel } from "./card-panel.tsx";
import { DimensionsCard } from "./dimensions-card.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { IndicatorsCard } from "./indicators-card.tsx";
import { kindOf } from "./kinds.ts";
import { PacksPanel } from "./packs-panel.tsx";
import { placeLink } from "./place-link.tsx";
import { reasonsOf } from "./reasons.tsx";
import { CertificatesCard, HoldsCard, InspectionsCard, LinkedCard, RaiseCard } from "./standing-cards.tsx";
import { SubjectHeader } from "./subject-header.tsx";
import type { SubjectSearch, SubjectTab } from "./subject-search.ts";
import { evidenceOf, newestTelling } from "./telling-events.ts";

const RatingCheckCard = lazy(async () => ({
  default: (await patiently(() => import("../log/rating-check-card.tsx"))).RatingCheckCard,
}));
const CountedCard = lazy(async () => ({
  default: (await patiently(() => import("../authenticity/counted-card.tsx"))).CountedCard,
}));

const route = getRouteApi("/$marketplace/$plural/$id");
const newestEvents = 8;

interface PanelProps {
  readonly explanation: Explanation;
  readonly marketplace: string;
}

interface ReasonProps extends PanelProps {
  readonly policy: Parameters<typeof reasonsOf>[1];
  readonly open: SubjectSearch["open"];
  readonly onOpen: (open: SubjectSearch["open"]) => void;
}

function ReasonCard({ explanation, marketplace, policy, open, onOpen }: ReasonProps): ReactNode {
  const voice = useVoice();
  const { t } = voice;
  const reasons = useMemo(
    () => reasonsOf(explanation, policy, marketplace, voice),
    [explanation, policy, marketplace, voice],
  );
  const all = useMemo(() => openable(reasons), [reasons]);
  const expanded = useMemo(() => new Set(open === "all" ? all : open), [open, all]);
  const setExpanded = (next: ReadonlySet<string>): void =>
    onOpen(next.size === 0 ? undefined : all.every((id) => next.has(id)) ? "all" : [...next]);
  return (
    <Card
      id="reasons"
      title={t.subject.reasons}
      hint={t.subject.reasonsHint}
      aside={
        <Button small look="quiet" onClick={() => onOpen(expanded.size > 0 ? undefined : "all")}>
          {expanded.size > 0 ? t.subject.collapseAll : t.subject.expandAll}
        </Button>
      }
    >
      <ReasonTree label={t.subject.reasons} reasons={reasons} expanded={expanded} onExpandedChange={setExpanded} />
    </Card>
  );
}

function Proof({ explanation, marketplace }: PanelProps): ReactNode {
  const { t } = useVoice();
  const { rating, clock } = explanation;
  return (
    <p className="mt-4 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
      <span>{t.subject.proof}</span>
      <span>
        {t.subject.policy}{" "}
        <Link
          to="/$marketplace/policies/$policy"
          params={{ marketplace, policy: rating.policy }}
          className="link font-mono"
        >
          {rating.policy.slice(0, 12)}
        </Link>
      </span>
      <span>
        {t.subject.ledger} {t.subject.entries(rating.logSize)}
      </span>
      <span>
        {t.subject.clock} {t.subject.clocks[clock] ?? clock}
      </span>
    </p>
  );
}

function ReasonsPanel({ explanation, marketplace, search, onSearch }: TabsOfProps): ReactNode {
  const { t, f } = useVoice();
  const policy = useQuery(policyQuery(marketplace, explanation.rating.policy)).data?.policy;
  const events = evidenceOf(newestTelling(explanation, newestEvents), f);
  return (
    <>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.55fr)_minmax(0,1fr)]">
        <DimensionsCard explanation={explanation} policy={policy} />
        <div className="flex min-w-0 flex-col gap-4">
          <RaiseCard explanation={explanation} />
          <Suspense>
            <CountedCard marketplace={marketplace} kind={explanation.rating.kind} id={explanation.rating.id} />
          </Suspense>
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:col-span-2">
          <HoldsCard explanation={explanation} />
          <ReasonCard
            explanation={explanation}
            marketplace={marketplace}
            policy={policy}
            open={search.open}
            onOpen={(open) => onSearch({ open })}
          />
          <IndicatorsCard explanation={explanation} />
        </div>
        <Card id="events" title={t.subject.newestEvents}>
          {events.length === 0 ? (
            <p className="text-ink-2">{t.subject.eventsNone}</p>
          ) : (
            <EvidenceList items={events} placeLink={placeLink(marketplace)} />
          )}
        </Card>
        <div className="flex min-w-0 flex-col gap-4">
          {explanation.rating.kind === "merchant" ? <CertificatesCard explanation={explanation} /> : null}
          {explanation.rating.kind === "merchant" ? (
            <InspectionsCard explanation={explanation} marketplace={marketplace} />
          ) : null}
          <LinkedCard explanation={explanation} marketplace={marketplace} />
          {explanation.rating.kind === "merchant" ? (
            <Suspense>
              <RatingCheckCard rating={explanation.rating} />
            </Suspense>
          ) : null}
        </div>
      </div>
      <Proof explanation={explanation} marketplace={marketplace} />
    </>
  );
}

interface TabsOfProps extends PanelProps {
  readonly search: SubjectSearch;
  readonly onSearch: (change: { readonly [K in keyof SubjectSearch]?: SubjectSearch[K] | undefined }) => void;
}

function SubjectTabs({ explanation, marketplace, search, onSearch }: TabsOfProps): ReactNode {
  const { t } = useVoice();
  const { kind, id, name } = explanation.rating;
  const panels: readonly { readonly value: SubjectTab; readonly panel: () => ReactNode }[] = [
    { value: "reasons", panel: () => <ReasonsPanel {...{ explanation, marketplace, search, onSearch }} /> },
    {
      value: "history",
      panel: () => (
        <HistoryPanel
          marketplace={marketplace}
          kind={kind}
          id={id}
          period={{ from: search.from, to: search.to }}
          onPeriod={({ from, to }) => onSearch({ from, to })}
        />
      ),
    },
    ...(kind === "merchant"
      ? [
          {
            value: "rules" as const,
            panel: () => <PacksPanel marketplace={marketplace} kind={kind} id={id} on={search.on} />,
          },
          { value: "card" as const, panel: () => <CardPanel marketplace={marketplace} id={id} /> },
        ]
      : []),
  ];
  const wanted = search.tab ?? "reasons";
  return (
    <Tabs
      label={name ?? id}
      value={panels.some(({ value }) => value === wanted) ? wanted : "reasons"}
      onChange={(tab) => onSearch({ tab: tab === "reasons" ? undefined : tab })}
      tabs={panels.map(({ value, panel }) => ({ value, label: t.subject.tabs[value], panel }))}
    />
  );
}

/** One merchant, product or promoter, with every reason of its rating. */
export function SubjectPage(): ReactNode {
  const { marketplace, plural, id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { t } = useVoice();
  const kind = kindOf(plural);
  const explanation = useQuery(explanationQuery(marketplace, kind, id, search.on));
  const onSearch: TabsOfProps["onSearch"] = (change) => {
    // What is open below is not a step that one goes back over.
    const replace = "open" in change;
    void navigate({ search: (before) => present({ ...before, ...change }), resetScroll: false, replace });
  };
  if (explanation.isPending) return <Skeleton rows={10} rowPx={52} />;
  if (explanation.isError && explanation.data === undefined) {
    return isNotFound(explanation.error) ? (
      <EmptyState
        whole
        title={t.subject.notFoundTitle(id)}
        text={t.subject.notFound}
        action={
          <Link to="/$marketplace/$plural" params={{ marketplace, plural }} className={buttonLink()}>
            {t.pages[plural]}
          </Link>
        }
      />
    ) : (
      <ErrorState whole text={problemWords(explanation.error, t)} onRetry={() => void explanation.refetch()} />
    );
  }
  return (
    <>
      <SubjectHeader
        explanation={explanation.data}
        marketplace={marketplace}
        plural={plural}
        on={search.on}
        onDay={(on) => onSearch({ on })}
      />
      <SubjectTabs explanation={explanation.data} marketplace={marketplace} search={search} onSearch={onSearch} />
    </>
  );
}
