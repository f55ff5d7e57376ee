import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isNotFound } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { eventQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { NotFoundPage } from "../shell/fallback-pages.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { buttonLink } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { useLedgerWords } from "./ledger-words.ts";

const route = getRouteApi("/$marketplace/events/$seq");

function Neighbours({ marketplace, seq }: { readonly marketplace: string; readonly seq: number }): ReactNode {
  const said = useLedgerWords();
  return (
    <div className="flex gap-2">
      {seq > 0 ? (
        <Link to="/$marketplace/events/$seq" params={{ marketplace, seq: String(seq - 1) }} className={buttonLink()}>
          {said.before}
        </Link>
      ) : null}
      <Link to="/$marketplace/events/$seq" params={{ marketplace, seq: String(seq + 1) }} className={buttonLink()}>
        {said.after}
      </Link>
    </div>
  );
}

/** One event of the ledger: what came, what is sealed, and the entry that commits to it. */
export function EventPage(): ReactNode {
  const { marketplace, seq } = route.useParams();
  const { t, f } = useVoice();
  const said = useLedgerWords();
  const place = /^\d{1,15}$/.test(seq) ? Number(seq) : undefined;
  const event = useQuery({ ...eventQuery(marketplace, place ?? 0), enabled: place !== undefined });
  if (place === undefined || isNotFound(event.error)) return <NotFoundPage />;
  if (event.isPending) return <Skeleton rows={6} />;
  if (event.isError) return <ErrorState text={problemWords(event.error, t)} onRetry={() => void event.refetch()} />;
  const { data } = event;
  const rows: readonly (readonly [string, string])[] = [
    [said.type, data.type],
    [said.time, f.moment(data.time)],
    [said.source, data.source],
    [said.id, data.id],
  ];
  return (
    <>
      <PageHead title={said.title(f.count(data.seq))} aside={<Neighbours marketplace={marketplace} seq={data.seq} />} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <Card id="event" title={t.pages.event}>
            <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1.5">
              {rows.map(([term, words]) => (
                <div key={term} className="contents">
                  <dt className="text-ink-3">{term}</dt>
                  <dd className="min-w-0 break-words">{words}</dd>
                </div>
              ))}
            </dl>
          </Card>
          <Card id="sealed" title={said.sealed} hint={data.sealed.length === 0 ? said.sealedNone : said.sealedHint}>
            <div className="flex flex-wrap gap-2">
              {data.sealed.map((name) => (
                <Chip key={name}>{name}</Chip>
              ))}
            </div>
          </Card>
        </div>
        <Card id="data" title={said.data}>
          <CopyText text={JSON.stringify(data.data, null, 2)} />
        </Card>
        <div className="min-w-0 lg:col-span-2">
          <Card id="entry" title={said.entry}>
            <CopyText text={data.entry} />
            <p className="mt-3 text-sm text-ink-2">
              {said.leafHint}
              {": "}
              <code className="font-mono text-xs break-all">{data.leaf}</code>
            </p>
          </Card>
        </div>
      </div>
    </>
  );
}
