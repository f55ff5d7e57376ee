import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { problemWords } from "../api/problem-words.ts";
import { historyQuery, type Kind } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { DateRange, type DateRangeValue } from "../ui/date-range.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { Timeline } from "../ui/timeline.tsx";

export interface HistoryPanelProps {
  readonly marketplace: string;
  readonly kind: Kind;
  readonly id: string;
  readonly period: DateRangeValue;
  readonly onPeriod: (period: DateRangeValue) => void;
}

export function HistoryPanel({ marketplace, kind, id, period, onPeriod }: HistoryPanelProps): ReactNode {
  const { t } = useVoice();
  const history = useQuery(historyQuery(marketplace, kind, id));
  const { from, to } = period;
  const inside = useMemo(() => {
    const within = ({ day }: { readonly day: string }): boolean =>
      (from === undefined || day >= from) && (to === undefined || day <= to);
    return {
      points: history.data?.points.filter(within) ?? [],
      markers:
        history.data?.markers.filter(within).map(({ day, kind: about }) => ({
          day,
          kind: about,
          words: about === "policy" ? t.ui.chartPolicy : t.ui.chartEpoch,
        })) ?? [],
    };
  }, [history.data, from, to, t]);
  if (history.isPending) return <Skeleton rows={6} />;
  if (history.isError)
    return <ErrorState text={problemWords(history.error, t)} onRetry={() => void history.refetch()} />;
  const newest = history.data.points.at(-1)?.day;
  return (
    <Card id="history" title={t.subject.history} hint={t.subject.historyLegend}>
      {newest === undefined ? null : (
        <div className="mb-4">
          <DateRange {...period} newest={newest} onChange={onPeriod} />
        </div>
      )}
      <Timeline
        id={`history-${id}`}
        points={inside.points}
        markers={inside.markers}
        onBrush={(start, end) => onPeriod({ from: start, to: end })}
      />
    </Card>
  );
}
