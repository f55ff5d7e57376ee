import type { CategoryCount, RatingSummary } from "@probity/contract";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from "react";
import { problemWords } from "../api/problem-words.ts";
import { categoriesQuery, ratingsQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import type { Plural } from "../shell/navigation.ts";
import { PageHead } from "../shell/page-head.tsx";
import { present } from "../shell/search-params.ts";
import { Button, buttonLink } from "../ui/button.tsx";
import { DataTable, type Picks, type Sort } from "../ui/data-table.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { kindOf } from "./kinds.ts";
import { subjectColumns } from "./subject-columns.tsx";
import { SubjectFilters } from "./subject-filters.tsx";
import { askedOf, picksMax, sortOf, sortText, type SubjectsSearch } from "./subjects-search.ts";
import { type Export, useExport } from "./use-export.tsx";

const route = getRouteApi("/$marketplace/$plural/");
const ViewsDialog = lazy(async () => ({ default: (await import("./views-dialog.tsx")).ViewsDialog }));

/** How many the filters leave, where the counts by category tell; undefined where only the list itself would. */
export function countOf(
  { q, grade, status, category }: SubjectsSearch,
  counts: readonly CategoryCount[] | undefined,
): number | undefined {
  if (counts === undefined || q !== undefined || grade !== undefined) return undefined;
  const of = ({ subjects, rated }: CategoryCount): number =>
    status === undefined ? subjects : status === "rated" ? rated : subjects - rated;
  return counts
    .filter((one) => category === undefined || one.category === category)
    .reduce((sum, one) => sum + of(one), 0);
}

interface PickBarProps {
  readonly marketplace: string;
  readonly plural: Plural;
  readonly picked: readonly string[];
  readonly onClear: () => void;
}

/** What was picked, and where it leads. */
function PickBar({ marketplace, plural, picked, onClear }: PickBarProps): ReactNode {
  const { t } = useVoice();
  return (
    <div
      role="status"
      className="sticky bottom-3 z-20 mt-3 mx-auto flex w-fit flex-wrap items-center gap-3 rounded-card border border-line-strong bg-sheet px-4 py-2 shadow-float"
    >
      <span className="font-medium">{t.ratings.picked(picked.length)}</span>
      {picked.length < 2 ? (
        <span className="text-ink-2">{t.ratings.pickMore}</span>
      ) : (
        <Link
          to="/$marketplace/compare/$plural"
          params={{ marketplace, plural }}
          search={{ ids: picked }}
          className={buttonLink("primary")}
        >
          {t.ratings.compare}
        </Link>
      )}
      <Button look="quiet" onClick={onClear}>
        {t.ratings.unpick}
      </Button>
    </div>
  );
}

/** Rows of the list as the address asks for them, and how to get more. */
function useRows(marketplace: string, plural: Plural, search: SubjectsSearch) {
  const kind = kindOf(plural);
  const filters = useMemo(() => askedOf(search), [search]);
  const ratings = useInfiniteQuery(ratingsQuery(marketplace, kind, filters));
  const counted = useQuery(categoriesQuery(marketplace, kind));
  const rows = useMemo(() => ratings.data?.pages.flatMap(({ items }) => items) ?? [], [ratings.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = ratings;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const retry = (): void => {
    void ratings.refetch();
    if (counted.isError) void counted.refetch();
  };
  return { kind, filters, ratings, rows, more, retry, count: countOf(search, counted.data?.items) };
}

function usePicks(
  picked: readonly string[],
  onPicked: (picked: readonly string[] | undefined) => void,
): Picks<RatingSummary> {
  const { t } = useVoice();
  return {
    keys: new Set(picked),
    max: picksMax,
    title: t.ratings.pickTitle,
    label: ({ name, id }) => t.ratings.pick(name ?? id),
    onPick: (id, isPicked) => {
      const next = isPicked ? [...picked, id] : picked.filter((one) => one !== id);
      onPicked(next.length === 0 ? undefined : next);
    },
  };
}

interface StatusProps {
  readonly rows: number;
  /** How many there are; undefined where nobody counted. */
  readonly count: number | undefined;
  readonly ratings: { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean };
  readonly exported: Export;
  readonly onMore: () => void;
}

/** How many rows, more of them, and how far writing them to a file is. */
function Status({ rows, count, ratings, exported, onMore }: StatusProps): ReactNode {
  const { t } = useVoice();
  const { hasNextPage, isFetchingNextPage } = ratings;
  const loaded = count === undefined ? t.ratings.loaded(rows) : t.ratings.loadedOf(rows, count);
  return (
    <>
      <span>{hasNextPage ? loaded : t.ratings.all(rows)}</span>
      {hasNextPage ? (
        <Button small look="quiet" onClick={onMore} busy={isFetchingNextPage}>
          {isFetchingNextPage ? t.ratings.loadingMore : t.ratings.loadMore}
        </Button>
      ) : null}
      {exported.rows === undefined ? null : (
        <span className="flex items-center gap-2">
          {t.ratings.exporting(exported.rows)}
          <Button small onClick={exported.stop}>
            {t.ratings.exportStop}
          </Button>
        </span>
      )}
    </>
  );
}

type Change = (next: { readonly [K in keyof SubjectsSearch]?: SubjectsSearch[K] | undefined }) => void;

interface ListProps {
  readonly marketplace: string;
  readonly plural: Plural;
  readonly search: SubjectsSearch;
  readonly onChange: Change;
}

function SubjectsList({ marketplace, plural, search, onChange }: ListProps): ReactNode {
  const navigate = route.useNavigate();
  const voice = useVoice();
  const { t } = voice;
  const { kind, filters, ratings, rows, more, retry, count } = useRows(marketplace, plural, search);
  const columns = useMemo(() => subjectColumns(voice, marketplace, plural, kind), [voice, marketplace, plural, kind]);
  const sort = useMemo(() => sortOf(search), [search]);
  const exported = useExport(marketplace, kind, filters, plural);
  const picks = usePicks(search.pick ?? [], (pick) => onChange({ pick }));
  if (ratings.isPending) return <Skeleton rows={12} />;
  if (ratings.isError && rows.length === 0) return <ErrorState text={problemWords(ratings.error, t)} onRetry={retry} />;
  if (rows.length === 0) {
    const isFiltered = Object.keys(filters).some((name) => name !== "sort");
    return (
      <EmptyState
        title={isFiltered ? t.ratings.emptyTitle : t.ratings.emptyAllTitle}
        text={isFiltered ? t.ratings.empty : t.ratings.emptyAll}
      />
    );
  }
  return (
    <DataTable
      id={plural}
      label={t.pages[plural]}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={(next: Sort | undefined) => onChange({ sort: sortText(next) })}
      sortedBefore
      picks={picks}
      onExport={exported.begin}
      onOpen={({ id }) => void navigate({ to: "/$marketplace/$plural/$id", params: { marketplace, plural, id } })}
      onEnd={more}
      status={<Status rows={rows.length} count={count} ratings={ratings} exported={exported} onMore={more} />}
    />
  );
}

/** Merchants, products or promoters: found, filtered, sorted, picked, written to a file, and opened. */
export function SubjectsPage(): ReactNode {
  const { marketplace, plural } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { t } = useVoice();
  const change: Change = useCallback(
    (next) => {
      void navigate({ search: (before) => present({ ...before, ...next }), replace: true, resetScroll: false });
    },
    [navigate],
  );
  const [viewsOpen, setViewsOpen] = useState(false);
  const picked = search.pick ?? [];
  return (
    <>
      <PageHead title={t.pages[plural]} aside={<Button onClick={() => setViewsOpen(true)}>{t.ratings.views}</Button>} />
      <SubjectFilters kind={kindOf(plural)} search={search} onChange={change} />
      <SubjectsList marketplace={marketplace} plural={plural} search={search} onChange={change} />
      {picked.length === 0 ? null : (
        <PickBar
          marketplace={marketplace}
          plural={plural}
          picked={picked}
          onClear={() => change({ pick: undefined })}
        />
      )}
      {viewsOpen ? (
        <Suspense>
          <ViewsDialog open onOpenChange={setViewsOpen} marketplace={marketplace} plural={plural} search={search} />
        </Suspense>
      ) : null}
    </>
  );
}
