import type { UserRecord } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isNotFound } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { buttonLink } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { userRecordQuery } from "./authenticity-queries.ts";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { ItemLine, shareOf } from "./item-line.tsx";
import { NeighboursCard } from "./neighbours-card.tsx";
import { itemKey } from "./queue-search.ts";

const route = getRouteApi("/$marketplace/authenticity/users/$user");

interface FigureProps {
  readonly title: string;
  readonly value: string;
  readonly below: string;
  readonly bad?: boolean;
}

function Figure({ title, value, below, bad = false }: FigureProps): ReactNode {
  return (
    <div className="min-w-32 flex-1 rounded-card border border-line bg-sheet px-4 py-3 shadow-sheet">
      <dt className="text-xs text-ink-3">{title}</dt>
      <dd className="text-xl font-bold">{value}</dd>
      <dd className={`text-xs ${bad ? "font-medium text-cinnabar" : "text-ink-2"}`}>{below}</dd>
    </div>
  );
}

function Figures({ record }: { readonly record: UserRecord }): ReactNode {
  const words = useAuthenticityWords().account;
  const voice = useVoice();
  const { f } = voice;
  const counted = [
    { title: words.figures.reviews, all: record.reviews, not: record.reviewsNotCounted },
    { title: words.figures.orders, all: record.orders, not: record.ordersNotCounted },
    { title: words.figures.follows, all: record.follows, not: record.followsNotCounted },
  ];
  return (
    <dl className="mb-4 flex flex-wrap gap-3">
      <Figure
        title={words.figures.reliability}
        value={record.reliability === null ? "–" : shareOf(record.reliability, voice)}
        below={record.reliability === null ? words.meanNone : words.mean}
      />
      {counted.map(({ title, all, not }) => (
        <Figure key={title} title={title} value={f.count(all)} below={words.notCounted(not)} bad={not > 0} />
      ))}
      <Figure
        title={words.figures.merchants}
        value={f.count(record.merchants)}
        below={record.firstSeenAt === null ? words.sinceUnknown : words.since(f.day(record.firstSeenAt.slice(0, 10)))}
      />
    </dl>
  );
}

interface Part {
  readonly record: UserRecord;
  readonly marketplace: string;
}

function RingsCard({ record, marketplace }: Part): ReactNode {
  const words = useAuthenticityWords();
  return (
    <Card id="rings" title={words.account.rings}>
      {record.rings.length === 0 ? (
        <p className="text-ink-2">{words.account.ringsNone}</p>
      ) : (
        <ul className="flex flex-col gap-1">
          {record.rings.map((ring) => (
            <li key={ring}>
              <Link to="/$marketplace/authenticity/rings/$ring" params={{ marketplace, ring }} className="link">
                <bdi>{words.rings.id(ring)}</bdi>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function RecentCard({ record, marketplace }: Part): ReactNode {
  const words = useAuthenticityWords();
  return (
    <Card id="recent" title={words.account.recent}>
      {record.recent.length === 0 ? (
        <p className="text-ink-2">{words.account.recentNone}</p>
      ) : (
        <ul className="-mx-2">
          {record.recent.map((item) => (
            <li key={itemKey(item)} className="border-t border-line first:border-t-0">
              <Link
                to="/$marketplace/authenticity/$kind/$merchant/$id"
                params={{ marketplace, kind: item.kind, merchant: item.merchant, id: item.id }}
                className="block rounded-control px-2 py-2 no-underline hover:bg-sunk"
              >
                <ItemLine item={item} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** The record of an account as reviewer, shopper and follower. */
export function UserPage(): ReactNode {
  const { marketplace, user } = route.useParams();
  const words = useAuthenticityWords();
  const { t } = useVoice();
  const record = useQuery(userRecordQuery(marketplace, user));
  if (record.isPending) return <Skeleton rows={10} rowPx={52} />;
  if (record.data === undefined) {
    return isNotFound(record.error) ? (
      <EmptyState
        whole
        title={words.account.notFoundTitle(user)}
        text={words.account.notFound}
        action={
          <Link to="/$marketplace/authenticity" params={{ marketplace }} className={buttonLink()}>
            {words.dossier.back}
          </Link>
        }
      />
    ) : (
      <ErrorState whole text={problemWords(record.error, t)} onRetry={() => void record.refetch()} />
    );
  }
  return (
    <>
      <PageHead
        title={words.account.title(user)}
        lead={words.account.lead}
        crumb={
          <Link to="/$marketplace/authenticity" params={{ marketplace }} className="link">
            {words.dossier.back}
          </Link>
        }
        aside={
          <Link to="/$marketplace/authenticity" params={{ marketplace }} search={{ user }} className={buttonLink()}>
            {words.account.inQueue}
          </Link>
        }
      />
      <Figures record={record.data} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <RecentCard record={record.data} marketplace={marketplace} />
        <div className="flex min-w-0 flex-col gap-4">
          <NeighboursCard neighbours={record.data.neighbours} marketplace={marketplace} />
          <RingsCard record={record.data} marketplace={marketplace} />
        </div>
      </div>
    </>
  );
}
