import type { Explanation, IndicatorReason } from "@probity/contract";
import { type ReactNode, useMemo, useState } from "react";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { type Column, DataTable, type Sort } from "../ui/data-table.tsx";
import { isBehind } from "./reasons.tsx";

const percentOf = (ppm: number): number => Math.round(ppm / 10) / 1_000;

/** No case of its own: the share is the category's and not its own. */
const isUsualOnly = ({ prior }: IndicatorReason): boolean => prior.share === 1_000_000;

function indicatorColumns({ t, f }: Voice): Column<IndicatorReason>[] {
  const words = t.subject.indicatorColumns;
  return [
    {
      id: "indicator",
      title: words.indicator,
      width: 200,
      grows: true,
      inList: "title",
      value: ({ title }) => f.words(title),
    },
    {
      id: "mean",
      title: words.mean,
      width: 96,
      end: true,
      value: (reason) => (isUsualOnly(reason) ? null : percentOf(reason.mean)),
      cell: (reason) =>
        isUsualOnly(reason) ? (
          <span className="text-ink-3">–</span>
        ) : (
          <span className={isBehind(reason) ? "font-semibold text-cinnabar" : "font-semibold"}>
            {f.percent(reason.mean)}
          </span>
        ),
    },
    {
      id: "range",
      title: t.subject.range,
      width: 150,
      end: true,
      sortable: false,
      value: ({ low, high }) => f.range(low, high),
    },
    {
      id: "peers",
      title: words.peers,
      width: 96,
      end: true,
      value: ({ peers }) => (peers === null ? null : percentOf(peers.median)),
      cell: ({ peers }) => (peers === null ? "–" : f.percent(peers.median)),
    },
    {
      id: "sample",
      title: words.sample,
      width: 88,
      end: true,
      value: ({ sample }) => sample,
      cell: ({ sample }) => f.count(sample),
    },
    {
      id: "points",
      title: words.points,
      width: 100,
      end: true,
      inList: "end",
      value: ({ points }) => points,
      cell: ({ points, max }) => (
        <span>
          <strong className="font-semibold">{f.count(points)}</strong>
          <span className="text-ink-3"> / {f.count(max)}</span>
        </span>
      ),
    },
  ];
}

export function IndicatorsCard({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const voice = useVoice();
  const { t } = voice;
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const columns = useMemo(() => indicatorColumns(voice), [voice]);
  const rows = useMemo(
    () =>
      explanation.dimensions.flatMap(({ indicators }) => indicators.filter(({ max, applies }) => max > 0 && applies)),
    [explanation],
  );
  return (
    <Card id="indicators" title={t.subject.indicators}>
      <DataTable
        id={`indicators-${explanation.rating.kind}`}
        label={t.subject.indicators}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={setSort}
        height="none"
      />
    </Card>
  );
}
