import type { Agreement, SuppressionAudit } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { buttonLink } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { ScoreBar } from "../ui/score-bar.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { AreaHead } from "./area-head.tsx";
import { agreementQuery, auditQuery } from "./authenticity-queries.ts";
import { type AuthenticityWords, useAuthenticityWords } from "./authenticity-words.ts";
import { axisAround, IntervalLine } from "./interval-line.tsx";

const route = getRouteApi("/$marketplace/authenticity/agreement");

/** Landis and Koch (1977), their six steps made four. */
export function readingOf(kappa: number | null): keyof AuthenticityWords["agreement"]["readings"] {
  if (kappa === null) return "none";
  if (kappa < 0.2) return "poor";
  if (kappa < 0.6) return "fair";
  return kappa < 0.8 ? "good" : "high";
}

function ModeratorTable({ byModerator }: Pick<Agreement, "byModerator">): ReactNode {
  const words = useAuthenticityWords().agreement;
  const { f } = useVoice();
  const { columns } = words;
  if (byModerator.length === 0) return <p className="text-ink-2">{words.nobody}</p>;
  return (
    <table className="w-full text-sm">
      <thead className="text-xs text-ink-3">
        <tr>
          <th scope="col" className="py-1 text-start font-medium">
            {columns.who}
          </th>
          <th scope="col" className="py-1 ps-3 text-end font-medium">
            {columns.decisions}
          </th>
          <th scope="col" className="py-1 ps-3 text-end font-medium">
            {columns.pairs}
          </th>
          <th scope="col" className="py-1 ps-3 text-end font-medium">
            {columns.agreed}
          </th>
        </tr>
      </thead>
      <tbody>
        {byModerator.map(({ who, name, decisions, pairs, agreed }) => (
          <tr key={who} className="border-t border-line">
            <th scope="row" className="py-1.5 text-start font-normal break-words">
              <bdi>{name ?? words.gone}</bdi>
            </th>
            <td className="ps-3 text-end">{f.count(decisions)}</td>
            <td className="ps-3 text-end">{f.count(pairs)}</td>
            <td className="ps-3 text-end">{pairs === 0 ? "–" : f.percent((agreed / pairs) * 1_000_000)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function AgreementCard({ agreement, marketplace }: { readonly agreement: Agreement; readonly marketplace: string }) {
  const words = useAuthenticityWords().agreement;
  const { f } = useVoice();
  const { kappa, kappaLow, kappaHigh, pairs, agreed, byModerator } = agreement;
  return (
    <Card
      id="agreement"
      title={words.title}
      hint={words.hint}
      aside={
        <Link
          to="/$marketplace/authenticity"
          params={{ marketplace }}
          search={{ order: "second-look" }}
          className={buttonLink()}
        >
          {words.secondLook}
        </Link>
      }
    >
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="text-ink-3">{words.kappa}</span>
        <strong className={kappa === null ? "" : "text-[26px] leading-tight font-bold"}>
          {kappa === null ? words.kappaNone : f.decimal(kappa, 2)}
        </strong>
        <span className="text-ink-2">
          {kappaLow === null || kappaHigh === null
            ? null
            : words.interval(f.decimal(kappaLow, 2), f.decimal(kappaHigh, 2))}
        </span>
      </p>
      <p className="mb-2 text-ink-2">{words.readings[readingOf(kappa)]}</p>
      {kappa === null ? null : (
        <IntervalLine
          value={kappa}
          low={kappaLow ?? kappa}
          high={kappaHigh ?? kappa}
          axis={[Math.min(0, kappaLow ?? kappa), 1]}
          label={words.scale}
          ends={[f.decimal(Math.min(0, kappaLow ?? kappa), 2), f.decimal(1, 0)]}
        />
      )}
      <p className="mt-1 mb-3 text-sm text-ink-2">{words.pairs(agreed, pairs)}</p>
      <ModeratorTable byModerator={byModerator} />
    </Card>
  );
}

const verdictLooks: Readonly<Record<SuppressionAudit["verdict"], string>> = {
  even: "bg-jade-soft text-jade",
  "leans-to-bad": "bg-cinnabar-soft text-cinnabar",
  "leans-to-good": "bg-amber-soft text-amber",
  "too-little": "bg-sunk text-ink-2",
};

interface DifferenceProps {
  readonly title: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Reach of the line at least. */
  readonly least: number;
  readonly format: (value: number) => string;
  readonly unit?: string;
}

/** A difference with its interval, across where there is none. */
function Difference({ title, value, low, high, least, format, unit }: DifferenceProps): ReactNode {
  const words = useAuthenticityWords().agreement;
  if (value === null || low === null || high === null) return null;
  const axis = axisAround(low, high, least);
  return (
    <div className="border-t border-line pt-3">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
        <span className="font-medium">{title}</span>
        <span>
          <strong>{format(value)}</strong>{" "}
          <span className="text-ink-3">{words.interval(format(low), format(high))}</span>
        </span>
      </p>
      <IntervalLine
        value={value}
        low={low}
        high={high}
        axis={axis}
        label={`${title}: ${format(value)}, ${words.interval(format(low), format(high))}`}
        ends={[format(axis[0]), format(axis[1])]}
      />
      {unit === undefined ? null : <p className="text-xs text-ink-3">{unit}</p>}
    </div>
  );
}

function AuditCard({ audit }: { readonly audit: SuppressionAudit }): ReactNode {
  const words = useAuthenticityWords().agreement;
  const { f } = useVoice();
  const share = (value: number): string => f.percent(value * 1_000_000);
  const points = (value: number): string => `${value < 0 ? "−" : value > 0 ? "+" : ""}${share(Math.abs(value))}`;
  const shares = [
    { id: "reduced", words: words.reduced(audit.reduced), value: audit.lowShareReduced },
    { id: "counted", words: words.counted(audit.reviews - audit.reduced), value: audit.lowShareCounted },
  ];
  return (
    <Card id="audit" title={words.audit} hint={words.auditHint(f.day(audit.day))}>
      <p className={`mb-3 rounded-control px-3 py-2 font-semibold ${verdictLooks[audit.verdict]}`}>
        {words.verdicts[audit.verdict]}
      </p>
      <p className="mb-1 text-xs text-ink-3">{words.shares}</p>
      <ul className="mb-3 flex flex-col gap-2">
        {shares.map((one) => (
          <li
            key={one.id}
            className="grid grid-cols-[minmax(0,1fr)_minmax(4rem,8rem)_3.5rem] items-center gap-3 text-sm"
          >
            <span>{one.words}</span>
            <ScoreBar value={one.value ?? 0} max={1} low={one.id === "reduced"} />
            <span className="text-end font-semibold">{one.value === null ? "–" : share(one.value)}</span>
          </li>
        ))}
      </ul>
      <div className="flex flex-col gap-3">
        <Difference
          title={words.difference}
          value={audit.difference}
          low={audit.low}
          high={audit.high}
          least={0.1}
          format={points}
        />
        <Difference
          title={words.mood}
          value={audit.sentimentDifference}
          low={audit.sentimentLow}
          high={audit.sentimentHigh}
          least={200}
          format={f.signed}
          unit={words.moodUnit}
        />
      </div>
      <p className="mt-3 text-xs text-ink-3">{words.intervalZero}</p>
      <p className="mt-1 text-xs text-ink-3">{words.public}</p>
    </Card>
  );
}

/** Whether moderators see the same, and whether what is weighed less leans to criticism. */
export function AgreementPage(): ReactNode {
  const { marketplace } = route.useParams();
  const words = useAuthenticityWords().agreement;
  const { t } = useVoice();
  const agreement = useQuery(agreementQuery(marketplace));
  const audit = useQuery(auditQuery(marketplace));
  return (
    <>
      <AreaHead part="agreement" lead={words.lead} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {agreement.data !== undefined ? (
          <AgreementCard agreement={agreement.data} marketplace={marketplace} />
        ) : agreement.isError ? (
          <ErrorState text={problemWords(agreement.error, t)} onRetry={() => void agreement.refetch()} />
        ) : (
          <Skeleton rows={6} />
        )}
        {audit.data !== undefined ? (
          <AuditCard audit={audit.data} />
        ) : audit.isError ? (
          <ErrorState text={problemWords(audit.error, t)} onRetry={() => void audit.refetch()} />
        ) : (
          <Skeleton rows={6} />
        )}
      </div>
    </>
  );
}
