import type { Activity } from "@probity/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { problemWords } from "../api/problem-words.ts";
import { activityQuery } from "../api/queries.ts";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { placeLink } from "../ratings/place-link.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { type Column, DataTable, type Sort } from "../ui/data-table.tsx";
import { SelectField } from "../ui/select.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { type ActivityWords, useActivityWords } from "./activity-words.ts";

const route = getRouteApi("/$marketplace/activity");
const every = "";

function changeWords({ before, after }: Activity): string | null {
  if (before === null && after === null) return null;
  return before === null ? after : after === null ? before : `${before} → ${after}`;
}

function activityColumns({ f }: Voice, all: ActivityWords, marketplace: string): Column<Activity>[] {
  const words = all.columns;
  const link = placeLink(marketplace);
  const who = ({ name, by }: Activity): string => name ?? (by === "person" ? all.someone : all.by[by]);
  return [
    { id: "act", title: words.act, width: 180, grows: true, inList: "title", value: ({ act }) => all.acts[act] },
    {
      id: "who",
      title: words.who,
      width: 160,
      value: who,
      cell: (item) => <bdi className="truncate">{who(item)}</bdi>,
    },
    { id: "object", title: words.object, width: 160, value: ({ objectName, object }) => objectName ?? object },
    { id: "change", title: words.change, width: 200, value: changeWords },
    { id: "at", title: words.at, width: 190, value: ({ at }) => at, cell: ({ at }) => f.moment(at) },
    {
      id: "seq",
      title: words.seq,
      width: 110,
      end: true,
      inList: "end",
      value: ({ seq }) => seq,
      cell: ({ seq }) => <span className="font-mono text-xs">{link(seq, f.count(seq))}</span>,
    },
  ];
}

/** What people and keys did. */
export function ActivityPage(): ReactNode {
  const { marketplace } = route.useParams();
  const { act } = route.useSearch();
  const navigate = route.useNavigate();
  const voice = useVoice();
  const { t } = voice;
  const words = useActivityWords();
  const acts = Object.keys(words.acts) as Activity["act"][];
  const chosen = acts.find((one) => one === act);
  const activity = useInfiniteQuery(activityQuery(marketplace, chosen));
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const rows = useMemo(() => activity.data?.pages.flatMap(({ items }) => items) ?? [], [activity.data]);
  const columns = useMemo(() => activityColumns(voice, words, marketplace), [voice, words, marketplace]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = activity;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <>
      <PageHead title={t.pages.activity} lead={words.lead} />
      <div className="mb-2 w-fit">
        <SelectField
          inline
          label={words.filter}
          value={chosen ?? every}
          options={[
            { value: every, label: words.every },
            ...acts.map((one) => ({ value: one, label: words.acts[one] })),
          ]}
          onChange={(next) => void navigate({ search: next === every ? {} : { act: next } })}
        />
      </div>
      {activity.isPending ? (
        <Skeleton rows={8} />
      ) : activity.isError ? (
        <ErrorState text={problemWords(activity.error, t)} onRetry={() => void activity.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={words.empty} />
      ) : (
        <DataTable
          id="activity"
          label={t.pages.activity}
          columns={columns}
          rows={rows}
          rowKey={({ seq }) => String(seq)}
          sort={sort}
          onSort={setSort}
          onEnd={more}
        />
      )}
    </>
  );
}
