import type { LogStatus } from "@probity/contract";
import { type ReactNode, useMemo, useState } from "react";
import { TableSection } from "../ingest/table-section.tsx";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { Chip } from "../ui/chip.tsx";
import { type Column, DataTable, type Sort } from "../ui/data-table.tsx";
import { type LogWords, useLogWords } from "./log-words.ts";
import { useMoment } from "./use-moment.ts";

type Row = LogStatus["checkpoints"][number];

const rootSigns = 16;

function columnsOf({ f }: Voice, words: LogWords["checkpoints"], moment: (iso: string) => string): Column<Row>[] {
  const { columns } = words;
  return [
    {
      id: "size",
      title: columns.size,
      width: 110,
      end: true,
      inList: "title",
      value: ({ size }) => size,
      cell: ({ size }) => <span className="font-medium tabular-nums">{f.count(size)}</span>,
    },
    {
      id: "root",
      title: columns.root,
      width: 190,
      value: ({ root }) => root,
      cell: ({ root }) => (
        <code className="font-mono text-xs" title={root}>
          {root.slice(0, rootSigns)}
        </code>
      ),
    },
    {
      id: "signed",
      title: columns.signed,
      width: 200,
      value: ({ signedAt }) => signedAt,
      cell: ({ signedAt }) => moment(signedAt),
    },
    {
      id: "published",
      title: columns.published,
      width: 200,
      value: ({ publishedAt }) => publishedAt,
      cell: ({ publishedAt }) =>
        publishedAt === null ? <Chip look="warn">{words.waiting}</Chip> : moment(publishedAt),
    },
    {
      id: "witnesses",
      title: columns.witnesses,
      width: 160,
      grows: true,
      value: ({ witnesses }) => witnesses.join(" "),
      cell: ({ witnesses }) => (witnesses.length === 0 ? words.noWitness : <bdi>{witnesses.join(" · ")}</bdi>),
    },
  ];
}

/** Signed sizes, the newest first. */
export function CheckpointsTable({ status }: { readonly status: LogStatus }): ReactNode {
  const voice = useVoice();
  const words = useLogWords().checkpoints;
  const moment = useMoment();
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const columns = useMemo(() => columnsOf(voice, words, moment), [voice, words, moment]);
  return (
    <TableSection id="checkpoints" title={words.title} hint={words.hint}>
      <DataTable
        id="log-checkpoints"
        label={words.title}
        columns={columns}
        rows={status.checkpoints}
        rowKey={({ size }) => String(size)}
        sort={sort}
        onSort={setSort}
        height="420px"
      />
    </TableSection>
  );
}
