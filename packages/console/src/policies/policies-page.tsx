import type { PolicyRecord } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { problemWords } from "../api/problem-words.ts";
import { policiesQuery } from "../api/queries.ts";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { Chip } from "../ui/chip.tsx";
import { type Column, DataTable, type Sort } from "../ui/data-table.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { effectiveWords, stateLooks } from "./policy-words.ts";

const route = getRouteApi("/$marketplace/policies");

function policyColumns(voice: Voice, marketplace: string): Column<PolicyRecord>[] {
  const { t, f } = voice;
  const words = t.policies.columns;
  return [
    {
      id: "title",
      title: words.title,
      width: 260,
      grows: true,
      inList: "title",
      value: ({ title }) => f.words(title),
      cell: ({ title, policy }) => (
        <Link
          to="/$marketplace/policies/$policy"
          params={{ marketplace, policy }}
          className="truncate text-ink no-underline hover:underline"
        >
          {f.words(title)}
        </Link>
      ),
    },
    {
      id: "subject",
      title: words.subject,
      width: 120,
      value: ({ subject }) => t.policies.subjects[subject] ?? subject,
    },
    {
      id: "state",
      title: words.state,
      width: 120,
      inList: "end",
      value: ({ state }) => t.policies.states[state],
      cell: ({ state }) => <Chip look={stateLooks[state]}>{t.policies.states[state]}</Chip>,
    },
    {
      id: "effective",
      title: words.effective,
      width: 150,
      value: ({ effectiveDay }) => effectiveDay,
      cell: (record) => effectiveWords(record, voice),
    },
    {
      id: "id",
      title: words.id,
      width: 130,
      inList: "none",
      value: ({ policy }) => policy,
      cell: ({ policy }) => <code className="font-mono text-xs text-ink-2">{policy.slice(0, 12)}</code>,
    },
  ];
}

/** Every policy and its state. */
export function PoliciesPage(): ReactNode {
  const { marketplace } = route.useParams();
  const navigate = route.useNavigate();
  const voice = useVoice();
  const { t } = voice;
  const policies = useQuery(policiesQuery(marketplace));
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const columns = useMemo(() => policyColumns(voice, marketplace), [voice, marketplace]);
  return (
    <>
      <PageHead title={t.pages.policies} lead={t.policies.lead} />
      {policies.isPending ? (
        <Skeleton rows={4} />
      ) : policies.isError ? (
        <ErrorState text={problemWords(policies.error, t)} onRetry={() => void policies.refetch()} />
      ) : policies.data.items.length === 0 ? (
        <EmptyState title={t.policies.empty} />
      ) : (
        <DataTable
          id="policies"
          label={t.pages.policies}
          columns={columns}
          rows={policies.data.items}
          rowKey={({ policy }) => policy}
          sort={sort}
          onSort={setSort}
          onOpen={({ policy }) =>
            void navigate({ to: "/$marketplace/policies/$policy", params: { marketplace, policy } })
          }
        />
      )}
    </>
  );
}
