import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo } from "react";
import { problemWords } from "../api/problem-words.ts";
import { ratingsQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { present } from "../shell/search-params.ts";
import { Button } from "../ui/button.tsx";
import { DataTable, type Sort } from "../ui/data-table.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { kindOf } from "./kinds.ts";
import { subjectColumns } from "./subject-columns.tsx";
import { SubjectFilters } from "./subject-filters.tsx";
import { filtersOf, sortOf, sortText, type SubjectsSearch } from "./subjects-search.ts";

const route = getRouteApi("/$marketplace/$plural/");

/** Merchants, products or promoters: found, filtered, sorted, and opened. */
export function SubjectsPage(): ReactNode {
  const { marketplace, plural } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const voice = useVoice();
  const { t } = voice;
  const kind = kindOf(plural);
  const filters = useMemo(() => filtersOf(search), [search]);
  const ratings = useInfiniteQuery(ratingsQuery(marketplace, kind, filters));
  const columns = useMemo(() => subjectColumns(voice, marketplace, plural, kind), [voice, marketplace, plural, kind]);
  const rows = useMemo(() => ratings.data?.pages.flatMap(({ items }) => items) ?? [], [ratings.data]);
  const sort = useMemo(() => sortOf(search), [search]);
  const change = useCallback(
    (next: Partial<Record<keyof SubjectsSearch, string | undefined>>) => {
      void navigate({ search: (before) => present({ ...before, ...next }) as SubjectsSearch, replace: true });
    },
    [navigate],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = ratings;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const status = (
    <>
      <span>{hasNextPage ? t.ratings.loaded(rows.length) : t.ratings.all(rows.length)}</span>
      {hasNextPage && sort !== undefined ? <span className="text-amber">{t.ratings.sortedLoaded}</span> : null}
      {hasNextPage ? (
        <Button small look="quiet" onClick={more} busy={isFetchingNextPage}>
          {isFetchingNextPage ? t.ratings.loadingMore : t.ratings.loadMore}
        </Button>
      ) : null}
    </>
  );
  const isEmpty = ratings.isSuccess && rows.length === 0;
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHead title={t.pages[plural]} />
      <SubjectFilters kind={kind} search={search} onChange={change} />
      {ratings.isPending ? (
        <Skeleton rows={12} />
      ) : ratings.isError && rows.length === 0 ? (
        <ErrorState text={problemWords(ratings.error, t)} onRetry={() => void ratings.refetch()} />
      ) : isEmpty ? (
        <EmptyState
          title={isFiltered ? t.ratings.emptyTitle : t.ratings.emptyAllTitle}
          text={isFiltered ? t.ratings.empty : t.ratings.emptyAll}
        />
      ) : (
        <DataTable
          id={plural}
          label={t.pages[plural]}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          sort={sort}
          onSort={(next: Sort | undefined) => change({ sort: sortText(next) })}
          onOpen={({ id }) => void navigate({ to: "/$marketplace/$plural/$id", params: { marketplace, plural, id } })}
          onEnd={more}
          status={status}
        />
      )}
    </>
  );
}
