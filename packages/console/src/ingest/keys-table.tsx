import type { ApiKey } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { problemWords } from "../api/problem-words.ts";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { keysQuery } from "../settings/settings-queries.ts";
import { type Column, DataTable, type Sort } from "../ui/data-table.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { type IngestWords, useIngestWords } from "./ingest-words.ts";
import { TableSection } from "./table-section.tsx";

/** Keys are used without a trace in the ledger, so that the live stream does not tell of it. */
const refreshMs = 30_000;

function keyColumns({ f }: Voice, words: IngestWords["keys"]): Column<ApiKey>[] {
  return [
    {
      id: "label",
      title: words.columns.label,
      width: 180,
      grows: true,
      inList: "title",
      value: ({ label, key }) => (label === "" ? key : label),
      cell: ({ label, key }) => <bdi className="truncate">{label === "" ? key : label}</bdi>,
    },
    {
      id: "used",
      title: words.columns.used,
      width: 190,
      value: ({ lastUsedAt }) => lastUsedAt,
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? words.unused : f.moment(lastUsedAt)),
    },
    {
      id: "sends",
      title: words.columns.sends,
      width: 150,
      value: ({ scopes }) => (scopes.includes("events:write") ? words.yes : words.no),
    },
    {
      id: "state",
      title: words.columns.state,
      width: 220,
      value: ({ revokedAt }) => (revokedAt === null ? words.inForce : words.stops(f.moment(revokedAt))),
    },
  ];
}

/** Keys in force, the one used last first; made and revoked in the settings. */
export function KeysTable({ marketplace, nowMs }: { readonly marketplace: string; readonly nowMs: number }): ReactNode {
  const voice = useVoice();
  const words = useIngestWords().keys;
  const [sort, setSort] = useState<Sort | undefined>({ id: "used", descending: true });
  const keys = useQuery({ ...keysQuery(marketplace), refetchInterval: refreshMs });
  const columns = useMemo(() => keyColumns(voice, words), [voice, words]);
  const rows = useMemo(
    () => keys.data?.items.filter(({ revokedAt }) => revokedAt === null || Date.parse(revokedAt) > nowMs) ?? [],
    [keys.data, nowMs],
  );
  return (
    <TableSection
      id="keys"
      title={words.title}
      hint={words.hint}
      aside={
        <Link
          to="/$marketplace/settings"
          params={{ marketplace }}
          search={{ section: "keys" }}
          className="link text-xs"
        >
          {words.manage}
        </Link>
      }
    >
      {keys.data === undefined ? (
        keys.isError ? (
          <ErrorState text={problemWords(keys.error, voice.t)} onRetry={() => void keys.refetch()} />
        ) : (
          <Skeleton rows={3} />
        )
      ) : rows.length === 0 ? (
        <p className="py-3 text-ink-2">{words.none}</p>
      ) : (
        <DataTable
          id="ingest-keys"
          label={words.title}
          columns={columns}
          rows={rows}
          rowKey={({ key }) => key}
          sort={sort}
          onSort={setSort}
          height="420px"
        />
      )}
    </TableSection>
  );
}
