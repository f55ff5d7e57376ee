import type { LogStatus } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { CopyButton, CopyText } from "../ui/copy-text.tsx";
import { trustPolicyQuery } from "./log-queries.ts";
import { useLogWords } from "./log-words.ts";
import { useMoment } from "./use-moment.ts";

interface StatusProps {
  readonly status: LogStatus;
}

/** A name with what stands under it, that is taken elsewhere. */
export function Copied({ term, text }: { readonly term: string; readonly text: string }): ReactNode {
  return (
    <div className="flex min-w-0 items-start gap-3">
      <dl className="min-w-0 flex-1">
        <dt className="text-xs text-ink-3">{term}</dt>
        <dd className="font-mono text-xs break-all">{text}</dd>
      </dl>
      <CopyButton text={text} />
    </div>
  );
}

/** Size and root that everybody can fetch now. */
export function NewestCard({ status: { published, shards } }: StatusProps): ReactNode {
  const { f } = useVoice();
  const moment = useMoment();
  const words = useLogWords().newest;
  const { marketplace } = useCurrent();
  const url = shards.at(-1)?.url ?? "";
  if (published === null) {
    return (
      <Card id="newest" title={words.title} hint={words.hint}>
        <p className="text-ink-2">{words.none}</p>
      </Card>
    );
  }
  return (
    <Card id="newest" title={words.title} hint={words.hint}>
      <dl className="mb-3 grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
        <dt className="text-ink-3">{words.size}</dt>
        <dd className="font-semibold tabular-nums">{f.count(published.size)}</dd>
        <dt className="text-ink-3">{words.signed}</dt>
        <dd>{moment(published.signedAt)}</dd>
        {published.publishedAt === null ? null : (
          <>
            <dt className="text-ink-3">{words.published}</dt>
            <dd>{moment(published.publishedAt)}</dd>
          </>
        )}
      </dl>
      <Copied term={words.root} text={published.root} />
      <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1">
        <a
          href={`${new URL(url, location.href).pathname}/checkpoint`}
          className="link"
          target="_blank"
          rel="noreferrer"
        >
          {words.checkpoint}
        </a>
        <a href={`/trust/${encodeURIComponent(marketplace.slug)}`} className="link" target="_blank" rel="noreferrer">
          {words.audit}
        </a>
      </p>
    </Card>
  );
}

/** Who signs that the log only grows, when last, and what that is worth. */
export function WitnessesCard({ status: { witnesses } }: StatusProps): ReactNode {
  const moment = useMoment();
  const words = useLogWords().witnesses;
  return (
    <Card id="witnesses" title={words.title} hint={words.hint}>
      {witnesses.length === 0 ? (
        <p className="text-ink-2">{words.none}</p>
      ) : (
        <>
          <ul>
            {witnesses.map(({ name, verifierKey, cosignedAt }) => (
              <li key={name} className="border-t border-line py-2.5 first:border-t-0 first:pt-0">
                <p className="mb-1 flex flex-wrap items-center gap-x-3 gap-y-1">
                  <bdi className="font-medium">{name}</bdi>
                  <Chip look={cosignedAt === null ? "warn" : "good"}>
                    {cosignedAt === null ? words.missing : words.cosigned(moment(cosignedAt))}
                  </Chip>
                </p>
                <div className="flex items-start gap-3">
                  <code className="min-w-0 flex-1 font-mono text-xs break-all text-ink-2">{verifierKey}</code>
                  <CopyButton text={verifierKey} />
                </div>
              </li>
            ))}
          </ul>
          <p className="mt-2 rounded-control bg-amber-soft px-3 py-2 text-sm text-ink">{words.honest}</p>
        </>
      )}
    </Card>
  );
}

/** Keys by which the log signs and signed, and the text that tells them to who checks. */
export function KeysCard({ status: { shards } }: StatusProps): ReactNode {
  const words = useLogWords().keys;
  const { marketplace } = useCurrent();
  const policy = useQuery(trustPolicyQuery(marketplace.slug));
  return (
    <Card id="log-keys" title={words.title} hint={words.hint}>
      <ul>
        {shards.map(({ shard, origin, verifierKey }, place) => (
          <li key={shard} className="border-t border-line py-2.5 first:border-t-0 first:pt-0">
            <p className="mb-1 flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="font-medium">{words.shard(shard)}</span>
              <Chip look={place === shards.length - 1 ? "good" : "plain"}>
                {place === shards.length - 1 ? words.signing : words.ended}
              </Chip>
            </p>
            <Copied term={origin} text={verifierKey} />
          </li>
        ))}
      </ul>
      {policy.data === undefined ? null : (
        <div className="mt-2 border-t border-line pt-3">
          <h3 className="text-sm font-semibold">{words.policy}</h3>
          <p className="mb-2 text-xs text-ink-3">{words.policyHint}</p>
          <CopyText text={policy.data} />
        </div>
      )}
    </Card>
  );
}
