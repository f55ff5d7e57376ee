import type { AssessedKind, Dossier } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isNotFound } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { CopyButton } from "../ui/copy-text.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { dossierQuery } from "./authenticity-queries.ts";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { DuplicatesCard } from "./duplicates-card.tsx";
import { nameOf, shareOf, Stars, WeightChip } from "./item-line.tsx";
import { NeighboursCard } from "./neighbours-card.tsx";
import { OrderCard } from "./order-card.tsx";
import { ReasonsCard } from "./reasons-card.tsx";
import { WordsCard } from "./words-card.tsx";

interface Part {
  readonly dossier: Dossier;
  readonly marketplace: string;
  /** What a first decision made of it is not shown. */
  readonly blind: boolean;
}

function Standing({ dossier, blind }: Part): ReactNode {
  const words = useAuthenticityWords();
  const voice = useVoice();
  const { item, assessment } = dossier;
  if (blind) return <p className="text-sm text-ink-2">{words.decide.blind}</p>;
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
      <strong className="text-[26px] leading-none font-bold">{shareOf(assessment.reliability, voice)}</strong>
      <span className="text-ink-3">{words.reliability}</span>
      <WeightChip weight={assessment.weight} />
      {item.appealed ? <Chip look="warn">{words.appealed}</Chip> : null}
      <span className="text-sm text-ink-2">{words.by[assessment.by]}</span>
      <span className="text-sm text-ink-2">{words.effect(item.effect)}</span>
    </p>
  );
}

/** What is judged: where, by whom, when, and how much it counts. */
function Summary(part: Part): ReactNode {
  const words = useAuthenticityWords();
  const { f } = useVoice();
  const { marketplace } = part;
  const { item } = part.dossier;
  const queue = (
    search: { readonly merchant?: string; readonly user?: string; readonly ring?: string },
    text: string,
  ) => (
    <Link to="/$marketplace/authenticity" params={{ marketplace }} search={search} className="link">
      {text}
    </Link>
  );
  return (
    <section aria-label={words.dossier.title[item.kind](item.id)} className="flex flex-col gap-2">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="font-semibold">
          {words.kinds[item.kind]} · <bdi>{nameOf(item)}</bdi>
        </span>
        {item.stars === null ? null : <Stars stars={item.stars} />}
        <Link
          to="/$marketplace/authenticity/users/$user"
          params={{ marketplace, user: item.user }}
          className="link text-sm"
        >
          <bdi>{words.user(item.user)}</bdi>
        </Link>
        {item.product === null ? null : <span className="text-sm text-ink-2">{words.product(item.product)}</span>}
        <time dateTime={item.at} className="text-sm text-ink-2">
          {f.moment(item.at)}
        </time>
      </p>
      <Standing {...part} />
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {queue({ user: item.user }, words.dossier.ofUser)}
        {queue({ merchant: item.merchant }, words.dossier.ofMerchant)}
        {item.ring === null ? null : (
          <Link to="/$marketplace/authenticity/rings/$ring" params={{ marketplace, ring: item.ring }} className="link">
            <bdi>{words.links.ring(item.ring)}</bdi>
          </Link>
        )}
      </p>
    </section>
  );
}

function AppealCard({ appeal }: Pick<Dossier, "appeal">): ReactNode {
  const words = useAuthenticityWords().dossier;
  const { f } = useVoice();
  if (appeal === null) return null;
  return (
    <Card
      id="appeal"
      title={words.appeal}
      aside={
        <time className="text-xs text-ink-3" dateTime={appeal.at}>
          {f.moment(appeal.at)}
        </time>
      }
    >
      <p className="break-words whitespace-pre-wrap" dir="auto">
        {appeal.text ?? words.appealNoText}
      </p>
    </Card>
  );
}

function StatementCard({ statement }: Pick<Dossier, "statement">): ReactNode {
  const words = useAuthenticityWords().dossier;
  const { locale } = useVoice();
  const both = [
    { lang: "en", title: words.english, text: statement.en },
    { lang: "zh-CN", title: words.chinese, text: statement.zh },
  ];
  return (
    <Card id="statement" title={words.statement} hint={words.statementHint}>
      <div className="flex flex-col gap-3">
        {both
          .toSorted((one, other) => Number(other.lang === locale) - Number(one.lang === locale))
          .map(({ lang, title, text }) => (
            <div key={lang} className="rounded-control border border-line bg-sunk px-3 py-2">
              <div className="mb-1 flex items-center justify-between gap-2">
                <span className="text-xs text-ink-3">{title}</span>
                <CopyButton text={text} />
              </div>
              <p lang={lang} className="whitespace-pre-wrap">
                {text}
              </p>
            </div>
          ))}
      </div>
    </Card>
  );
}

function VersionsCard({ versions }: Pick<Dossier, "versions">): ReactNode {
  const words = useAuthenticityWords();
  const voice = useVoice();
  return (
    <Card id="versions" title={words.dossier.versions}>
      {versions.length === 0 ? (
        <p className="text-ink-2">{words.dossier.versionsNone}</p>
      ) : (
        <ol>
          {versions.map((version, place) => (
            <li
              key={place}
              className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-t border-line py-1.5 text-sm first:border-t-0 first:pt-0"
            >
              <strong className="w-14 font-semibold whitespace-nowrap">{shareOf(version.reliability, voice)}</strong>
              <WeightChip weight={version.weight} />
              <span className="text-ink-2">{words.by[version.by]}</span>
              <time dateTime={version.at} className="text-ink-3">
                {voice.f.moment(version.at)}
              </time>
              <span className="font-mono text-xs text-ink-3" title={version.model}>
                {version.model.slice(0, 8)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

/** All that a moderator needs, the evidence first. */
function DossierCards(part: Part): ReactNode {
  const { dossier, marketplace, blind } = part;
  return (
    <div className="@container flex min-w-0 flex-col gap-4">
      <Summary {...part} />
      <div className="grid min-w-0 items-start gap-4 @4xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <AppealCard appeal={dossier.appeal} />
          {dossier.item.kind === "review" ? <WordsCard words={dossier.words} reading={dossier.reading} /> : null}
          {blind && dossier.assessment.by === "decided" ? null : (
            <ReasonsCard assessment={dossier.assessment} marketplace={marketplace} blind={blind} />
          )}
          <DuplicatesCard dossier={dossier} marketplace={marketplace} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <OrderCard item={dossier.item} order={dossier.order} />
          <NeighboursCard neighbours={dossier.neighbours} marketplace={marketplace} />
          <StatementCard statement={dossier.statement} />
          {blind ? null : <VersionsCard versions={dossier.versions} />}
        </div>
      </div>
    </div>
  );
}

export interface DossierPanelProps {
  readonly marketplace: string;
  readonly kind: AssessedKind;
  readonly merchant: string;
  readonly id: string;
  readonly blind: boolean;
  /** It is all there is on the page. */
  readonly whole?: boolean;
}

export function DossierPanel({ marketplace, kind, merchant, id, blind, whole = false }: DossierPanelProps): ReactNode {
  const words = useAuthenticityWords().dossier;
  const { t } = useVoice();
  const dossier = useQuery(dossierQuery(marketplace, kind, merchant, id));
  if (dossier.isPending) return <Skeleton rows={8} rowPx={56} />;
  if (dossier.data === undefined) {
    return isNotFound(dossier.error) ? (
      <EmptyState whole={whole} title={words.notFoundTitle} text={words.notFound} />
    ) : (
      <ErrorState whole={whole} text={problemWords(dossier.error, t)} onRetry={() => void dossier.refetch()} />
    );
  }
  return <DossierCards dossier={dossier.data} marketplace={marketplace} blind={blind} />;
}
