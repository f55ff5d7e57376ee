import type { LedgerStatus } from "@probity/contract";
import { type ReactNode, useMemo } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { ChoiceChips } from "../ui/chip.tsx";
import { ColumnChart } from "../ui/column-chart.tsx";
import { hourMs, type Period, periodsOf } from "./flow.ts";
import { type Span, spans } from "./ingest-search.ts";
import { useIngestWords } from "./ingest-words.ts";

/** Times as a reader's clock shows them: `14:00`, `21 Nov`, `21 Nov, 14:00 – 15:00`. */
function timesFor(locale: string): {
  readonly title: (period: Period) => string;
  readonly tick: (period: Period, span: Span) => string;
} {
  const of = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, { hourCycle: "h23", ...options });
  const clock = of({ hour: "2-digit", minute: "2-digit" });
  const day = of({ month: "short", day: "numeric" });
  const both = of({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
  return {
    title: ({ fromMs, toMs }) => both.formatRange(fromMs, toMs),
    tick: ({ fromMs }, span) => (span === "day" ? clock : day).format(fromMs),
  };
}

/** So many columns lie between two that are marked below the axis. */
const tickEvery: Readonly<Record<Span, number>> = { day: 6, week: 16, month: 14 };

export interface HoursCardProps {
  readonly status: LedgerStatus;
  readonly nowMs: number;
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
}

/** What came in, by the hour or by several. */
export function HoursCard({ status, nowMs, span, onSpan }: HoursCardProps): ReactNode {
  const { locale, f } = useVoice();
  const words = useIngestWords().chart;
  const presentHour = Math.floor(nowMs / hourMs);
  const periods = useMemo(() => periodsOf(status.hours, presentHour * hourMs, span), [status.hours, presentHour, span]);
  const columns = useMemo(() => {
    const times = timesFor(locale);
    return periods.map((period, place) => ({
      id: String(period.fromMs),
      title: times.title(period),
      ...(place % tickEvery[span] === 0 ? { tick: times.tick(period, span) } : {}),
      values: [period.accepted, period.rejected],
    }));
  }, [periods, span, locale]);
  const sum = (of: "accepted" | "rejected"): number => periods.reduce((all, period) => all + period[of], 0);
  const [accepted, rejected] = [sum("accepted"), sum("rejected")];
  const from = f.moment(new Date(periods[0]?.fromMs ?? nowMs).toISOString());
  return (
    <Card
      id="hours"
      title={words.title}
      hint={words.hint}
      aside={
        <ChoiceChips
          label={words.span}
          value={span}
          options={spans.map((value) => ({ value, label: words.spans[value] }))}
          onChange={onSpan}
        />
      }
    >
      {accepted + rejected === 0 ? (
        <p className="py-10 text-center text-ink-2">{words.nothing}</p>
      ) : (
        <ColumnChart
          id={`ingest-${span}`}
          label={words.label(accepted, rejected, from)}
          period={words.columns.period}
          series={[
            { id: "accepted", title: words.columns.accepted, look: "good" },
            { id: "rejected", title: words.columns.rejected, look: "bad" },
          ]}
          columns={columns}
        />
      )}
    </Card>
  );
}
