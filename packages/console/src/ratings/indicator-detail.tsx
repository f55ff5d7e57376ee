import type { EndpointAnswer, IndicatorReason } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { metricsQuery } from "../api/queries.ts";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { EvidenceList } from "../ui/evidence-list.tsx";
import { IntervalPlot } from "../ui/interval-plot.tsx";
import { placeLink } from "./place-link.tsx";
import { evidenceOf } from "./telling-events.ts";

type Metric = EndpointAnswer<"listMetrics">["items"][number];

const whole = 1_000_000;

function priorWords({ prior }: IndicatorReason, { t, f }: Voice): string | null {
  if (prior.share === 0) return null;
  const from = t.subject.priorFrom[prior.from];
  return prior.share === whole
    ? t.subject.priorOnly(f.percent(prior.mean), from)
    : t.subject.priorText(f.percent(prior.share), f.percent(prior.mean), from);
}

function grounds(reason: IndicatorReason, voice: Voice): readonly (readonly [string, string | null])[] {
  const { t, f } = voice;
  const { peers } = reason;
  const fresh = f.decimal(reason.n / 1_000, 1);
  return [
    [t.subject.range, t.subject.rangeText(f.range(reason.low, reason.high))],
    [t.subject.sample, t.subject.sampleText(f.count(reason.sample), fresh, f.decimal(reason.effective / 1_000, 1))],
    [
      t.subject.peers,
      peers === null
        ? null
        : t.subject.peersText(f.percent(peers.lower), f.percent(peers.median), f.percent(peers.upper), peers.subjects),
    ],
    [t.subject.prior, priorWords(reason, voice)],
    [t.subject.withoutTelling, reason.withoutTelling === null ? null : f.percent(reason.withoutTelling)],
  ];
}

type Fact = IndicatorReason["facts"][number];

/** A fact's counters in words, by how its metric counts. */
function factWords(fact: Fact, metric: Metric | undefined, { t, f }: Voice): string {
  const scale = metric?.scale ?? 1;
  const n = f.decimal(fact.n / scale, 1);
  if (metric?.kind === "mean") return t.subject.factMean(f.percent(fact.n > 0 ? (fact.x / fact.n) * whole : 0), n);
  const rated = metric?.kind === "ratio" || metric?.kind === "level";
  return rated ? t.subject.factGood(f.decimal(fact.x / scale, 1), n) : t.subject.factTotal(n);
}

function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  const voice = useVoice();
  const { t, f } = voice;
  const metrics = useQuery(metricsQuery);
  return (
    <div>
      <h4 className="mb-1 text-xs text-ink-3">{t.subject.facts}</h4>
      <ul>
        {facts.map((fact) => (
          <li
            key={fact.metric}
            className="flex flex-wrap justify-between gap-x-3 border-t border-line py-1 text-sm first:border-t-0"
          >
            <span className="min-w-0">{f.words(fact.counts)}</span>
            <span className="flex flex-wrap gap-x-2 text-ink-2">
              {metrics.data === undefined
                ? null
                : factWords(
                    fact,
                    metrics.data.items.find(({ name }) => name === fact.metric),
                    voice,
                  )}
              <span className="text-ink-3">{t.subject.factDays(fact.days.length)}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export interface IndicatorDetailProps {
  readonly reason: IndicatorReason;
  readonly marketplace: string;
}

/** What an indicator rests on: its interval against the peers, how it was counted, and the events that tell most. */
export function IndicatorDetail({ reason, marketplace }: IndicatorDetailProps): ReactNode {
  const voice = useVoice();
  const { t, f } = voice;
  return (
    <div className="flex flex-col gap-4 rounded-control bg-sunk p-4 max-sm:p-3">
      {reason.applies ? (
        <div className="grid gap-4 lg:grid-cols-[minmax(220px,300px)_1fr]">
          <IntervalPlot
            mean={reason.mean}
            low={reason.low}
            high={reason.high}
            peers={reason.peers}
            label={`${t.subject.range}: ${f.range(reason.low, reason.high)}`}
          />
          <dl className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[max-content_1fr]">
            {grounds(reason, voice).map(([term, words]) =>
              words === null ? null : (
                <div key={term} className="contents">
                  <dt className="text-ink-3">{term}</dt>
                  <dd className="min-w-0">{words}</dd>
                </div>
              ),
            )}
          </dl>
        </div>
      ) : (
        <p className="text-sm text-ink-2">{reason.whyNot === null ? t.subject.notCounted : f.words(reason.whyNot)}</p>
      )}
      {reason.facts.length === 0 ? null : <Facts facts={reason.facts} />}
      <div>
        <h4 className="mb-1 text-xs text-ink-3">{t.subject.events}</h4>
        {reason.events.length === 0 ? (
          <p className="text-sm text-ink-2">{t.subject.eventsNone}</p>
        ) : (
          <EvidenceList items={evidenceOf(reason.events, f)} placeLink={placeLink(marketplace)} />
        )}
      </div>
    </div>
  );
}
