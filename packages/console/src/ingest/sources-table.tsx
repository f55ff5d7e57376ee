import type { LedgerStatus } from "@probity/contract";
import { type ReactNode, useMemo, useState } from "react";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { Chip } from "../ui/chip.tsx";
import { type Column, DataTable, type Sort } from "../ui/data-table.tsx";
import { ageOf, isOwn, oddSilenceMs } from "./flow.ts";
import { type IngestWords, useIngestWords } from "./ingest-words.ts";
import { TableSection } from "./table-section.tsx";

type Source = LedgerStatus["sources"][number];

interface SourceRow extends Source {
  readonly silentMs: number | undefined;
  readonly sharePpm: number;
}

function Silence({ ms }: { readonly ms: number }): ReactNode {
  const words = useIngestWords();
  const { count, unit } = ageOf(ms);
  return (
    <span title={words.sources.silentHint}>
      <Chip look="warn">{words.silences[unit](count)}</Chip>
    </span>
  );
}

function sourceColumns({ f }: Voice, words: IngestWords): Column<SourceRow>[] {
  const { columns } = words.sources;
  return [
    {
      id: "source",
      title: columns.source,
      width: 200,
      grows: true,
      inList: "title",
      value: ({ source }) => source,
      cell: (row) => (
        <span className="flex min-w-0 items-center gap-2">
          <bdi className="truncate font-mono text-xs" title={row.source}>
            {row.source}
          </bdi>
          {isOwn(row) ? <Chip>{words.sources.own}</Chip> : null}
        </span>
      ),
    },
    {
      id: "events",
      title: columns.events,
      width: 110,
      end: true,
      value: ({ events }) => events,
      cell: ({ events }) => f.count(events),
    },
    {
      id: "share",
      title: columns.share,
      width: 90,
      end: true,
      value: ({ sharePpm }) => sharePpm / 1_000_000,
      cell: ({ sharePpm }) => f.percent(sharePpm),
    },
    {
      id: "received",
      title: columns.received,
      width: 340,
      value: ({ receivedAt }) => receivedAt,
      cell: ({ receivedAt, silentMs }) => (
        <span className="flex min-w-0 flex-wrap items-center gap-x-2">
          <span className="whitespace-nowrap">{f.moment(receivedAt)}</span>
          {silentMs === undefined ? null : <Silence ms={silentMs} />}
        </span>
      ),
    },
    {
      id: "newest",
      title: columns.newest,
      width: 190,
      value: ({ newestAt }) => newestAt,
      cell: ({ newestAt }) => f.moment(newestAt),
    },
  ];
}

/** Who sends, how much, and who has fallen silent. */
export function SourcesTable({ status, nowMs }: { readonly status: LedgerStatus; readonly nowMs: number }): ReactNode {
  const voice = useVoice();
  const words = useIngestWords();
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const columns = useMemo(() => sourceColumns(voice, words), [voice, words]);
  const rows = useMemo(
    () =>
      status.sources.map((source) => ({
        ...source,
        silentMs: oddSilenceMs(source, status, nowMs),
        sharePpm: Math.round((source.events / Math.max(1, status.size)) * 1_000_000),
      })),
    [status, nowMs],
  );
  return (
    <TableSection id="sources" title={words.sources.title} hint={words.sources.hint}>
      <DataTable
        id="ingest-sources"
        label={words.sources.title}
        columns={columns}
        rows={rows}
        rowKey={({ source }) => source}
        sort={sort}
        onSort={setSort}
        height="420px"
      />
    </TableSection>
  );
}
