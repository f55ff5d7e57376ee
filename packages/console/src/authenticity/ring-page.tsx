import type { EndpointBody, RingCase, RingSummary } from "@probity/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { clientFor, isNotFound } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { FormProblem } from "../session/form-problem.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { present } from "../shell/search-params.ts";
import { Button, buttonLink } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { TextField } from "../ui/field.tsx";
import { patiently } from "../ui/patient-load.ts";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { notify } from "../ui/toast.tsx";
import { ringQuery } from "./authenticity-queries.ts";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { noteCharsMax } from "./queue-search.ts";
import { chanceWords, stateLooks, targetsOf } from "./ring-looks.ts";

/** Graph and lists: nobody waits for them who only reads the case. */
const RingExplorer = lazy(async () => ({
  default: (await patiently(() => import("./ring-explorer.tsx"))).RingExplorer,
}));

const route = getRouteApi("/$marketplace/authenticity/rings/$ring");

function EvidenceCard({ summary }: { readonly summary: RingSummary }): ReactNode {
  const words = useAuthenticityWords().rings;
  const voice = useVoice();
  const { f } = voice;
  const titles = words.evidenceColumns;
  return (
    <Card id="evidence" title={words.evidence} hint={words.evidenceHint}>
      <table className="w-full text-sm">
        <thead className="text-xs text-ink-3">
          <tr>
            <th scope="col" className="py-1 text-start font-medium">
              {titles.kind}
            </th>
            {[titles.observed, titles.expected, titles.p].map((title) => (
              <th key={title} scope="col" className="py-1 ps-2 text-end font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {summary.evidence.map(({ kind, observed, expected, p }) => (
            <tr key={kind} className="border-t border-line">
              <th scope="row" className="py-1.5 text-start font-normal">
                {words.evidenceKinds[kind]}
              </th>
              <td className="text-end font-semibold">{f.decimal(observed, 2)}</td>
              <td className="text-end text-ink-2">{f.decimal(expected, 2)}</td>
              <td className="ps-2 text-end whitespace-nowrap">{chanceWords(p, voice, words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-3 border-t border-line pt-2 text-sm text-ink-2">
        {words.chance(chanceWords(summary.p, voice, words))}; {words.falseAlarms(chanceWords(summary.q, voice, words))}
      </p>
    </Card>
  );
}

function TargetsCard({ summary, marketplace }: { readonly summary: RingSummary; readonly marketplace: string }) {
  const words = useAuthenticityWords().rings;
  const most = Math.max(1, ...summary.targets.map(({ items }) => items));
  return (
    <Card id="targets" title={words.targets}>
      {/* oxlint-disable-next-line no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <ul tabIndex={0} aria-label={words.targets} className="max-h-72 overflow-y-auto">
        {summary.targets.map(({ merchant, name, items }) => (
          <li
            key={merchant}
            className="grid grid-cols-[minmax(0,1fr)_80px_5rem] items-center gap-3 border-t border-line py-1.5 first:border-t-0"
          >
            <Link
              to="/$marketplace/$plural/$id"
              params={{ marketplace, plural: "merchants", id: merchant }}
              className="link truncate"
            >
              <bdi>{name ?? merchant}</bdi>
            </Link>
            <span aria-hidden className="h-2.5 rounded-full bg-line">
              <span className="block h-full rounded-full bg-amber" style={{ width: `${(items / most) * 100}%` }} />
            </span>
            <span className="text-end text-sm">{words.targetItems(items)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function EffectsCard({ effects }: Pick<RingCase, "effects">): ReactNode {
  const words = useAuthenticityWords().rings;
  const { f } = useVoice();
  return (
    <Card id="effects" title={words.effects} hint={words.effectsHint}>
      {effects.length === 0 ? (
        <p className="text-ink-2">{words.effectsNone}</p>
      ) : (
        <table className="w-full text-sm">
          <thead className="text-xs text-ink-3">
            <tr>
              <th scope="col" className="py-1 text-start font-medium">
                {words.targets}
              </th>
              {[words.withItems, words.withoutItems, words.difference].map((title) => (
                <th key={title} scope="col" className="py-1 ps-2 text-end font-medium">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {effects.map(({ merchant, name, scoreWith, scoreWithout }) => (
              <tr key={merchant} className="border-t border-line">
                <th scope="row" className="max-w-40 truncate py-1.5 text-start font-normal">
                  <bdi>{name ?? merchant}</bdi>
                </th>
                <td className="text-end">{f.decimal(scoreWith, 1)}</td>
                <td className="text-end">{f.decimal(scoreWithout, 1)}</td>
                <td className={`text-end font-semibold ${scoreWithout < scoreWith ? "text-cinnabar" : "text-jade"}`}>
                  {`${scoreWithout < scoreWith ? "−" : "+"}${f.decimal(Math.abs(scoreWithout - scoreWith), 1)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function DisproofCard({ disproof }: Pick<RingCase, "disproof">): ReactNode {
  const words = useAuthenticityWords().rings;
  const { f } = useVoice();
  return (
    <Card id="disproof" title={words.disproof}>
      {disproof.length === 0 ? (
        <p className="text-ink-2">{words.disproofNone}</p>
      ) : (
        <ul className="flex list-disc flex-col gap-1 ps-5">
          {disproof.map((one) => (
            <li key={one.en}>{f.words(one)}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

type Verdict = EndpointBody<"decideRing">["decision"];

/** Confirms, dismisses or opens again; a note goes along. */
function DecisionCard({ summary, marketplace }: { readonly summary: RingSummary; readonly marketplace: string }) {
  const all = useAuthenticityWords();
  const words = all.rings;
  const { can } = useCurrent();
  const queries = useQueryClient();
  const [note, setNote] = useState("");
  const decide = useMutation({
    mutationFn: (decision: Verdict) =>
      clientFor(marketplace).call("decideRing", {
        params: { ring: summary.ring },
        body: { decision, ...(note.trim() === "" ? {} : { note }) },
      }),
    onSuccess: (next, decision) => {
      setNote("");
      notify({ title: words.decided[decision] });
      queries.setQueryData(ringQuery(marketplace, summary.ring).queryKey, (before) =>
        before === undefined ? undefined : { ...before, summary: next },
      );
      void queries.invalidateQueries({ queryKey: [marketplace, "rings"] });
    },
  });
  const button = (decision: Verdict, label: string, look: "danger" | "plain" | "primary"): ReactNode => (
    <Button look={look} busy={decide.isPending} onClick={() => decide.mutate(decision)}>
      {label}
    </Button>
  );
  return (
    <Card
      id="ring-decision"
      title={words.decide}
      aside={<Chip look={stateLooks[summary.state]}>{words.states[summary.state]}</Chip>}
    >
      <p className="mb-3 text-ink-2">{words.decideHints[summary.state]}</p>
      {can("authenticity:decide") ? (
        <div className="flex flex-col gap-3">
          <TextField
            label={words.note}
            hint={all.decide.noteHint}
            value={note}
            onChange={setNote}
            maxLength={noteCharsMax}
          />
          <FormProblem error={decide.error} />
          <div className="flex flex-wrap gap-2">
            {summary.state === "open" ? (
              <>
                {button("confirmed", words.confirm, "danger")}
                {button("dismissed", words.dismiss, "plain")}
              </>
            ) : (
              button("reopened", words.reopen, "plain")
            )}
          </div>
        </div>
      ) : (
        <p className="text-sm text-ink-2">{all.queue.readOnly}</p>
      )}
    </Card>
  );
}

function Head({ summary, marketplace }: { readonly summary: RingSummary; readonly marketplace: string }): ReactNode {
  const words = useAuthenticityWords();
  const { f } = useVoice();
  const { orders, reviews, follows } = summary;
  return (
    <>
      <PageHead
        title={words.rings.title(words.rings.kinds[summary.kind], targetsOf(summary, words.rings))}
        lead={words.rings.kindTexts[summary.kind]}
        crumb={
          <Link to="/$marketplace/authenticity/rings" params={{ marketplace }} className="link">
            {words.parts.rings}
          </Link>
        }
        aside={
          <Link
            to="/$marketplace/authenticity"
            params={{ marketplace }}
            search={{ ring: summary.ring }}
            className={buttonLink()}
          >
            {words.rings.itemsLink}
          </Link>
        }
      />
      <p className="mb-4 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm text-ink-2">
        <Chip look={stateLooks[summary.state]}>{words.rings.states[summary.state]}</Chip>
        <strong className="text-ink">{words.effect(summary.effect)}</strong>
        <span>{words.rings.members(summary.members)}</span>
        {orders === 0 ? null : <span>{words.rings.orders(orders)}</span>}
        {reviews === 0 ? null : <span>{words.rings.reviews(reviews)}</span>}
        {follows === 0 ? null : <span>{words.rings.follows(follows)}</span>}
        <span>{words.rings.span(f.day(summary.from), f.day(summary.to))}</span>
        <span>{words.rings.found(f.day(summary.foundAt.slice(0, 10)))}</span>
        <span className="font-mono text-xs">
          <bdi>{summary.ring}</bdi>
        </span>
      </p>
    </>
  );
}

/** A ring as a case: who, by what evidence, to what effect, and what would disprove it. */
export function RingPage(): ReactNode {
  const { marketplace, ring: id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const words = useAuthenticityWords();
  const { t } = useVoice();
  const ring = useQuery(ringQuery(marketplace, id));
  if (ring.isPending) return <Skeleton rows={10} rowPx={52} />;
  if (ring.data === undefined) {
    return isNotFound(ring.error) ? (
      <EmptyState
        whole
        title={words.rings.notFoundTitle(id)}
        text={words.rings.notFound}
        action={
          <Link to="/$marketplace/authenticity/rings" params={{ marketplace }} className={buttonLink()}>
            {words.parts.rings}
          </Link>
        }
      />
    ) : (
      <ErrorState whole text={problemWords(ring.error, t)} onRetry={() => void ring.refetch()} />
    );
  }
  const { summary, effects, disproof } = ring.data;
  return (
    <>
      <Head summary={summary} marketplace={marketplace} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <EvidenceCard summary={summary} />
          <DisproofCard disproof={disproof} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <DecisionCard summary={summary} marketplace={marketplace} />
          <EffectsCard effects={effects} />
          <TargetsCard summary={summary} marketplace={marketplace} />
        </div>
        <div className="min-w-0 lg:col-span-2">
          <Suspense fallback={<Skeleton rows={8} rowPx={60} />}>
            <RingExplorer
              ring={ring.data}
              marketplace={marketplace}
              search={search}
              onSearch={(change) =>
                void navigate({
                  search: (before) => present({ ...before, ...change }),
                  replace: true,
                  resetScroll: false,
                })
              }
            />
          </Suspense>
        </div>
      </div>
    </>
  );
}
