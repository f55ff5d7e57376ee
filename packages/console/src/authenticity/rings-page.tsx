import type { RingSummary } from "@probity/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { problemWords } from "../api/problem-words.ts";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { present } from "../shell/search-params.ts";
import { Chip, ChoiceChips, FilterChip } from "../ui/chip.tsx";
import { type Column, DataTable, type Sort } from "../ui/data-table.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { AreaHead } from "./area-head.tsx";
import { ringsQuery } from "./authenticity-queries.ts";
import { type AuthenticityWords, useAuthenticityWords } from "./authenticity-words.ts";
import { ringStateNames, type RingsSearch } from "./queue-search.ts";
import { chanceWords, stateLooks, targetsOf } from "./ring-looks.ts";

const route = getRouteApi("/$marketplace/authenticity/rings");
const every = "every";

function ringColumns(voice: Voice, words: AuthenticityWords["rings"], marketplace: string): Column<RingSummary>[] {
  const { f } = voice;
  const titles = words.columns;
  const countColumn = (id: string, title: string, value: (ring: RingSummary) => number): Column<RingSummary> => ({
    id,
    title,
    width: 100,
    end: true,
    value,
    cell: (ring) => f.count(value(ring)),
  });
  return [
    {
      id: "targets",
      title: titles.targets,
      width: 220,
      grows: true,
      inList: "title",
      value: (ring) => targetsOf(ring, words),
      cell: (ring) => (
        <Link
          to="/$marketplace/authenticity/rings/$ring"
          params={{ marketplace, ring: ring.ring }}
          className="truncate text-ink no-underline hover:underline"
        >
          <bdi>{targetsOf(ring, words)}</bdi>
        </Link>
      ),
    },
    { id: "kind", title: titles.kind, width: 130, value: ({ kind }) => words.kinds[kind] },
    {
      id: "effect",
      title: titles.effect,
      width: 110,
      end: true,
      value: ({ effect }) => effect,
      cell: ({ effect }) => words.effect(effect),
    },
    countColumn("members", titles.members, ({ members }) => members),
    countColumn("items", titles.items, ({ orders, reviews, follows }) => orders + reviews + follows),
    {
      id: "days",
      title: titles.days,
      width: 180,
      value: ({ from }) => from,
      cell: ({ from, to }) => words.span(f.shortDay(from), f.shortDay(to)),
    },
    {
      id: "q",
      title: titles.q,
      width: 110,
      end: true,
      value: ({ q }) => q,
      cell: ({ q }) => chanceWords(q, voice, words),
    },
    {
      id: "state",
      title: titles.state,
      width: 120,
      inList: "end",
      value: ({ state }) => words.states[state],
      cell: ({ state }) => <Chip look={stateLooks[state]}>{words.states[state]}</Chip>,
    },
  ];
}

interface ListProps {
  readonly marketplace: string;
  readonly search: RingsSearch;
}

function RingsList({ marketplace, search }: ListProps): ReactNode {
  const navigate = route.useNavigate();
  const voice = useVoice();
  const words = useAuthenticityWords().rings;
  const rings = useInfiniteQuery(ringsQuery(marketplace, search.state, search.merchant));
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const columns = useMemo(() => ringColumns(voice, words, marketplace), [voice, words, marketplace]);
  const rows = useMemo(() => rings.data?.pages.flatMap(({ items }) => items) ?? [], [rings.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = rings;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (rings.isPending) return <Skeleton rows={8} />;
  if (rings.data === undefined)
    return <ErrorState text={problemWords(rings.error, voice.t)} onRetry={() => void rings.refetch()} />;
  if (rows.length === 0) return <EmptyState title={words.emptyTitle} text={words.empty} />;
  return (
    <DataTable
      id="rings"
      label={words.list}
      columns={columns}
      rows={rows}
      rowKey={({ ring }) => ring}
      sort={sort}
      onSort={setSort}
      onOpen={({ ring }) =>
        void navigate({ to: "/$marketplace/authenticity/rings/$ring", params: { marketplace, ring } })
      }
      onEnd={more}
    />
  );
}

/** Groups of accounts that work together, by what hangs on them. */
export function RingsPage(): ReactNode {
  const { marketplace } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const words = useAuthenticityWords();
  const change = (next: { readonly [K in keyof RingsSearch]?: RingsSearch[K] | undefined }): void =>
    void navigate({ search: (before) => present({ ...before, ...next }), replace: true, resetScroll: false });
  return (
    <>
      <AreaHead part="rings" lead={words.rings.lead} />
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <ChoiceChips
          label={words.rings.state}
          value={search.state ?? every}
          options={[
            { value: every, label: words.rings.every },
            ...ringStateNames.map((value) => ({ value, label: words.rings.states[value] })),
          ]}
          onChange={(value) => change({ state: ringStateNames.find((state) => state === value) })}
        />
        {search.merchant === undefined ? null : (
          <FilterChip
            label={words.queue.chips.merchant(search.merchant)}
            onRemove={() => change({ merchant: undefined })}
          />
        )}
      </div>
      <RingsList marketplace={marketplace} search={search} />
    </>
  );
}
