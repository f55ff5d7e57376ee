import type { LedgerStatus, LiveNotice } from "@probity/contract";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { ageOf, hourMs, sumWithin } from "./flow.ts";
import { useIngestWords } from "./ingest-words.ts";

interface FigureProps {
  readonly name: string;
  /** On a narrow screen it takes a row of its own. */
  readonly wide?: boolean;
  readonly figure: ReactNode;
  readonly children?: ReactNode;
}

function Figure({ name, wide = false, figure, children }: FigureProps): ReactNode {
  return (
    <div className={`flex min-w-0 flex-col gap-0.5 bg-sheet px-4 py-3 ${wide ? "max-lg:col-span-2" : ""}`}>
      <dt className="text-xs text-ink-3">{name}</dt>
      <dd className="text-lg font-semibold tabular-nums">{figure}</dd>
      <dd className="text-xs text-ink-2">{children}</dd>
    </div>
  );
}

/** How much of what came in was accepted, in words and as a bar. */
function DayFigure({ status, nowMs }: { readonly status: LedgerStatus; readonly nowMs: number }): ReactNode {
  const { f } = useVoice();
  const words = useIngestWords().figures;
  const { accepted, rejected } = sumWithin(status.hours, nowMs, 24 * hourMs);
  const all = accepted + rejected;
  const ppm = all === 0 ? 0 : Math.round((accepted / all) * 1_000_000);
  return (
    <Figure name={words.day} figure={f.count(all)}>
      {all === 0 ? (
        words.nothingToday
      ) : (
        <>
          {words.verdicts(f.percent(ppm), f.percent(1_000_000 - ppm))}
          <span aria-hidden className="mt-1.5 flex h-1.5 gap-px overflow-hidden rounded-full">
            <span className="bg-jade" style={{ width: `${ppm / 10_000}%`, minWidth: accepted > 0 ? 3 : 0 }} />
            <span className="flex-1 bg-cinnabar" style={{ minWidth: rejected > 0 ? 3 : 0 }} />
          </span>
        </>
      )}
    </Figure>
  );
}

/** How far ratings are behind the ledger. The notice is younger than the answer, so both sizes are taken from it. */
function RatingsFigure({ notice }: { readonly notice: LiveNotice | undefined }): ReactNode {
  const words = useIngestWords().figures;
  if (notice === undefined) return <Figure name={words.ratings} wide figure="…" children={words.lagUnknown} />;
  if (notice.ratedSize === null) return <Figure name={words.ratings} wide figure="–" children={words.notRated} />;
  const behind = Math.max(0, notice.size - notice.ratedSize);
  return (
    <Figure
      name={words.ratings}
      wide
      figure={
        <span className={behind === 0 ? "text-jade" : "text-amber"}>
          {behind === 0 ? words.upToDate : words.behind(behind)}
        </span>
      }
    >
      {behind === 0 ? words.upToDateHint : words.behindHint}
    </Figure>
  );
}

export interface FlowFiguresProps {
  readonly status: LedgerStatus;
  readonly notice: LiveNotice | undefined;
  readonly nowMs: number;
}

/** The rate, the verdicts, the ledger and how far ratings follow it. */
export function FlowFigures({ status, notice, nowMs }: FlowFiguresProps): ReactNode {
  const { f } = useVoice();
  const words = useIngestWords();
  const { can, marketplace } = useCurrent();
  const hour = sumWithin(status.hours, nowMs, hourMs);
  const perHour = hour.accepted + hour.rejected;
  const { receivedAt, newestAt, lettersOpen } = status;
  const age = receivedAt === null ? undefined : ageOf(nowMs - Date.parse(receivedAt));
  return (
    <dl className="grid grid-cols-2 lg:grid-cols-5 gap-px overflow-hidden rounded-card border border-line bg-line shadow-sheet">
      <Figure name={words.figures.hour} figure={f.count(perHour)}>
        {words.figures.perMinute(perHour / 60)}
      </Figure>
      <DayFigure status={status} nowMs={nowMs} />
      <Figure
        name={words.figures.last}
        figure={age === undefined ? words.figures.never : words.ages[age.unit](age.count)}
      >
        {receivedAt === null ? null : f.moment(receivedAt)}
        {lettersOpen > 0 && can("letters:read") ? (
          <Link
            to="/$marketplace/ingest"
            params={{ marketplace: marketplace.slug }}
            search={{ tab: "letters" }}
            className="link block"
          >
            {words.figures.waiting(lettersOpen)}
          </Link>
        ) : null}
      </Figure>
      <Figure name={words.figures.ledger} figure={f.count(Math.max(status.size, notice?.size ?? 0))}>
        {newestAt === null ? words.figures.noneYet : words.figures.newest(f.moment(newestAt))}
      </Figure>
      <RatingsFigure notice={notice} />
    </dl>
  );
}
