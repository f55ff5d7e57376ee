import type { Policy } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isNotFound } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { metricsQuery, policyQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import { Seal } from "../ui/seal.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { PointsCurve } from "./points-curve.tsx";
import { effectiveWords, evidenceWords, type Metric, ruleWords, stateLooks } from "./policy-words.ts";

const route = getRouteApi("/$marketplace/policies/$policy");

interface PartProps {
  readonly policy: Policy;
}

function Dimension({
  policy,
  id,
  metrics,
}: PartProps & { readonly id: string; readonly metrics: readonly Metric[] }): ReactNode {
  const voice = useVoice();
  const { t, f } = voice;
  const dimension = policy.dimensions.find((one) => one.id === id);
  if (dimension === undefined) return null;
  return (
    <Card
      id={`dimension-${id}`}
      title={f.words(dimension.title)}
      aside={<strong>{dimension.points === 0 ? t.policies.weightless : t.policies.points(dimension.points)}</strong>}
    >
      <ul>
        {policy.indicators
          .filter((indicator) => indicator.dimension === id)
          .map((indicator) => (
            <li
              key={indicator.id}
              className="flex flex-wrap gap-x-6 gap-y-2 border-t border-line py-3 first:border-t-0 first:pt-0"
            >
              <div className="min-w-0 flex-1 basis-80">
                <h3 className="flex justify-between gap-3">
                  <span className="font-medium">{f.words(indicator.title)}</span>
                  <span className="whitespace-nowrap text-ink-2">{t.policies.points(indicator.points)}</span>
                </h3>
                <dl className="mt-1 text-sm">
                  {evidenceWords(indicator, metrics, voice).map(([term, words]) => (
                    <div key={term} className="flex gap-2">
                      <dt className="shrink-0 text-ink-3">{term}</dt>
                      <dd className="min-w-0 text-ink-2">{words}</dd>
                    </div>
                  ))}
                </dl>
                <p className="mt-1 text-sm text-ink-3">{ruleWords(indicator, policy, voice).join(" · ")}</p>
              </div>
              <PointsCurve indicator={indicator} />
            </li>
          ))}
      </ul>
    </Card>
  );
}

function Grades({ policy }: PartProps): ReactNode {
  const { t, f } = useVoice();
  return (
    <Card id="grades" title={t.policies.grades} hint={t.policies.gradesText}>
      <ul className="grid grid-cols-2 gap-x-6 gap-y-1.5">
        {policy.grades.map(({ grade, min }) => (
          <li key={grade} className="flex items-center gap-3">
            <Seal grade={grade} />
            <span className="text-ink-2">{t.policies.gradeFrom(min)}</span>
          </li>
        ))}
      </ul>
      <p className="mt-4 text-sm text-ink-2">{t.policies.floorText(policy.floor.windowDays)}</p>
      <ul className="text-sm text-ink-2">
        {policy.floor.conditions.map((condition) => (
          <li key={condition.metric}>
            {f.count(condition.min)} {f.words(condition.title)}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Rest({ policy }: PartProps): ReactNode {
  const { t, f } = useVoice();
  return (
    <>
      <Card id="steadiness" title={t.policies.steadiness}>
        <p className="text-ink-2">{t.policies.steadinessText(policy.hysteresis.margin, policy.hysteresis.days)}</p>
        <p className="mt-2 text-ink-2">{t.policies.comparisonText(policy.categorySubjectsMin, policy.epochDays)}</p>
      </Card>
      <Card id="red-lines" title={t.policies.redLines}>
        {policy.redLines.length === 0 ? <p className="text-ink-2">{t.policies.redLinesNone}</p> : null}
        <ul>
          {policy.redLines.map((line) => (
            <li key={line.id} className="border-t border-line py-1.5 first:border-t-0 first:pt-0">
              {t.policies.redLine(f.words(line.title), line.windowDays, line.cap)}
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}

/** A policy in plain words, written from the very data that the computation reads. */
export function PolicyPage(): ReactNode {
  const { marketplace, policy: id } = route.useParams();
  const voice = useVoice();
  const { t, f } = voice;
  const { can } = useCurrent();
  const answer = useQuery(policyQuery(marketplace, id));
  const metrics = useQuery(metricsQuery);
  if (answer.isPending || metrics.isPending) return <Skeleton rows={8} rowPx={64} />;
  if (answer.isError || metrics.isError) {
    const error = answer.error ?? metrics.error;
    return isNotFound(error) ? (
      <EmptyState whole title={t.policies.notFoundTitle} />
    ) : (
      <ErrorState
        text={problemWords(error, t)}
        onRetry={() => void Promise.all([answer.refetch(), metrics.refetch()])}
      />
    );
  }
  const { record, policy } = answer.data;
  return (
    <>
      <PageHead
        title={f.words(record.title)}
        crumb={
          <Link
            to="/$marketplace/policies"
            params={{ marketplace }}
            className="text-ink-3 no-underline hover:underline"
          >
            {t.pages.policies}
          </Link>
        }
        aside={
          <div className="flex flex-wrap items-center gap-3 max-sm:w-full">
            <Chip look={stateLooks[record.state]}>{t.policies.states[record.state]}</Chip>
            <Chip>{[t.policies.columns.effective, effectiveWords(record, voice)].join(": ")}</Chip>
            {record.state === "in-force" ? null : (
              <Link to="/$marketplace/policies/$policy/what-if" params={{ marketplace, policy: id }} className="link">
                {t.policies.whatIf}
              </Link>
            )}
            <Link to="/$marketplace/policies/$policy/diff" params={{ marketplace, policy: id }} className="link">
              {t.policies.diff}
            </Link>
            {can("policies:write") ? (
              <Link to="/$marketplace/policies/$policy/draft" params={{ marketplace, policy: id }} className="link">
                {t.policies.change}
              </Link>
            ) : null}
          </div>
        }
      />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.9fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          {policy.dimensions.map((dimension) => (
            <Dimension key={dimension.id} policy={policy} id={dimension.id} metrics={metrics.data.items} />
          ))}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Grades policy={policy} />
          <Rest policy={policy} />
          <Card id="data" title={t.policies.data}>
            <CopyText text={record.policy} />
          </Card>
        </div>
      </div>
    </>
  );
}
