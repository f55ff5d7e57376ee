import type { Explanation, IndicatorReason } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useRef } from "react";
import { problemWords } from "../api/problem-words.ts";
import { explanationQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { Button, buttonLink } from "../ui/button.tsx";
import { EvidenceList } from "../ui/evidence-list.tsx";
import { Copy } from "../ui/icons.ts";
import { Seal } from "../ui/seal.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { notify } from "../ui/toast.tsx";
import { kindOf } from "./kinds.ts";
import { placeLink } from "./place-link.tsx";
import { useSubjectWords } from "./subject-words.ts";
import { evidenceOf, newestTelling } from "./telling-events.ts";

const route = getRouteApi("/$marketplace/$plural/$id/report");
const newestEvents = 12;

const cellClass = "border-t border-line px-2 py-1 text-end align-baseline first:ps-0 first:text-start last:pe-0";

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section className="mt-6 break-inside-avoid-page">
      <h2 className="mb-1 text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function IndicatorRow({ reason }: { readonly reason: IndicatorReason }): ReactNode {
  const { f } = useVoice();
  const words = useSubjectWords();
  const isUsual = reason.prior.share === 1_000_000;
  return (
    <tr>
      <th scope="row" className={`${cellClass} ps-3 font-normal`}>
        {f.words(reason.title)}
      </th>
      <td className={cellClass}>{isUsual ? words.usual : f.percent(reason.mean)}</td>
      <td className={cellClass}>{f.range(reason.low, reason.high)}</td>
      <td className={cellClass}>{reason.peers === null ? "–" : f.percent(reason.peers.median)}</td>
      <td className={cellClass}>{words.sample(reason.sample)}</td>
      <td className={cellClass}>
        {f.count(reason.points)} / {f.count(reason.max)}
      </td>
    </tr>
  );
}

function Figures({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const { t, f } = useVoice();
  const words = useSubjectWords();
  const heads = [words.indicator, words.share, words.range, words.peers, t.subject.sample, words.points];
  return (
    <Part title={t.subject.dimensions}>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={t.subject.dimensions}>
        <table className="w-full min-w-xl border-collapse text-sm">
          <thead>
            <tr>
              {heads.map((head) => (
                <th
                  key={head}
                  scope="col"
                  className="px-2 py-1 text-end text-xs text-ink-2 first:ps-0 first:text-start last:pe-0"
                >
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          {explanation.dimensions
            .filter(({ max }) => max > 0)
            .map((dimension) => (
              <tbody key={dimension.id}>
                <tr className="font-semibold">
                  <th scope="rowgroup" colSpan={5} className={cellClass}>
                    {f.words(dimension.title)}
                  </th>
                  <td className={cellClass}>
                    {f.count(dimension.points)} / {f.count(dimension.max)}
                  </td>
                </tr>
                {dimension.indicators
                  .filter(({ applies, max }) => applies && max > 0)
                  .map((reason) => (
                    <IndicatorRow key={reason.id} reason={reason} />
                  ))}
              </tbody>
            ))}
        </table>
      </div>
    </Part>
  );
}

function Rest({
  explanation,
  marketplace,
}: {
  readonly explanation: Explanation;
  readonly marketplace: string;
}): ReactNode {
  const { t, f } = useVoice();
  const events = evidenceOf(newestTelling(explanation, newestEvents), f);
  return (
    <>
      {explanation.caps.length === 0 ? null : (
        <Part title={t.subject.caps}>
          {explanation.caps.map((cap) => (
            <p key={cap.redLine}>
              <strong>{f.words(cap.title)}</strong> {t.subject.capText(cap.cap, f.day(cap.until))}
            </p>
          ))}
        </Part>
      )}
      <Part title={t.subject.raise}>
        {explanation.raise.length === 0 ? (
          <p>{t.subject.raiseNone}</p>
        ) : (
          <ol className="list-decimal ps-5">
            {explanation.raise.map((raise) => (
              <li key={raise.indicator}>
                {f.words(raise.text)} <strong>{f.signed(raise.points)}</strong>
              </li>
            ))}
          </ol>
        )}
      </Part>
      {explanation.rating.kind === "merchant" ? (
        <Part title={t.subject.certificates}>
          {explanation.certificates.length === 0 ? <p>{t.subject.certificatesNone}</p> : null}
          <ul>
            {explanation.certificates.map((item) => (
              <li key={`${item.kind}-${item.number}-${item.authority}`}>
                {t.subject.certificateKinds[item.kind] ?? item.kind} · <bdi>{item.authority}</bdi> {item.number} ·{" "}
                {item.valid ? t.subject.valid : t.subject.expired}
                {item.expires === null ? null : ` · ${t.subject.expires(f.day(item.expires))}`}
              </li>
            ))}
          </ul>
        </Part>
      ) : null}
      {explanation.inspections.length === 0 ? null : (
        <Part title={t.subject.inspections}>
          <ul>
            {explanation.inspections.map((item) => (
              <li key={item.id}>
                {f.day(item.day)} · <bdi>{item.authority}</bdi> ·{" "}
                {item.passed ? t.subject.inspectionPassed : t.subject.inspectionFailed} ·{" "}
                <bdi>{item.finding ?? item.product}</bdi>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title={t.subject.newestEvents}>
        {events.length === 0 ? (
          <p>{t.subject.eventsNone}</p>
        ) : (
          <EvidenceList items={events} placeLink={placeLink(marketplace)} />
        )}
      </Part>
    </>
  );
}

/** The rating on paper: to be printed, or copied into a letter with its tables. */
function Report({
  explanation,
  marketplace,
}: {
  readonly explanation: Explanation;
  readonly marketplace: string;
}): ReactNode {
  const { f } = useVoice();
  const words = useSubjectWords();
  const sheet = useRef<HTMLElement>(null);
  const { rating } = explanation;
  const name = rating.name ?? rating.id;
  const copy = async (): Promise<void> => {
    if (sheet.current === null) return;
    const parts = {
      "text/html": new XMLSerializer().serializeToString(sheet.current),
      "text/plain": sheet.current.innerText,
    };
    const blobs = Object.entries(parts).map(([type, text]) => [type, new Blob([text], { type })] as const);
    try {
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
      notify({ title: words.copied });
    } catch {
      notify({ title: words.copyFailed, look: "bad" });
    }
  };
  return (
    <>
      <div className="no-print mb-4 flex flex-wrap gap-2">
        <Button look="primary" onClick={() => window.print()}>
          {words.print}
        </Button>
        <Button icon={Copy} onClick={() => void copy()}>
          {words.copyReport}
        </Button>
      </div>
      <article
        ref={sheet}
        className="max-w-4xl rounded-card border border-line bg-sheet px-8 py-7 shadow-sheet max-sm:px-4 print:max-w-none print:border-0 print:p-0 print:shadow-none"
      >
        <header className="flex items-center gap-5">
          <Seal grade={rating.grade} size="large" />
          <div className="min-w-0">
            <p className="text-xl font-semibold">
              <bdi>{name}</bdi>
            </p>
            <p className="text-ink-2">
              {rating.id} · {words.reportAsOf(f.day(rating.day))}
            </p>
          </div>
        </header>
        <p className="mt-4">
          {rating.grade === null
            ? words.summaryEarly(name)
            : words.summary(name, rating.grade, f.count(rating.score), f.count(rating.bound))}
        </p>
        <Figures explanation={explanation} />
        <Rest explanation={explanation} marketplace={marketplace} />
        <p className="mt-6 border-t border-line pt-3 text-xs wrap-anywhere text-ink-2">
          {words.proofText(rating.policy, f.count(rating.logSize), f.count(rating.epoch))}
        </p>
      </article>
    </>
  );
}

export function ReportPage(): ReactNode {
  const { marketplace, plural, id } = route.useParams();
  const { on } = route.useSearch();
  const { t } = useVoice();
  const words = useSubjectWords();
  const explanation = useQuery(explanationQuery(marketplace, kindOf(plural), id, on));
  if (explanation.isPending) return <Skeleton rows={10} rowPx={40} />;
  if (explanation.data === undefined)
    return <ErrorState whole text={problemWords(explanation.error, t)} onRetry={() => void explanation.refetch()} />;
  const search = on === undefined ? {} : { on };
  return (
    <>
      <div className="no-print">
        <PageHead
          title={words.reportTitle(explanation.data.rating.name ?? id)}
          aside={
            <Link
              to="/$marketplace/$plural/$id"
              params={{ marketplace, plural, id }}
              search={search}
              className={buttonLink()}
            >
              {words.back}
            </Link>
          }
        />
      </div>
      <Report explanation={explanation.data} marketplace={marketplace} />
    </>
  );
}
