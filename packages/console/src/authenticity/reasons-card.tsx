import type { AuthenticityReason, Dossier } from "@probity/contract";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { Waterfall } from "../ui/waterfall.tsx";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { columnTitle, factValue } from "./column-words.ts";
import { shareOf } from "./item-line.tsx";

const linksShown = 4;

interface LinksProps {
  readonly links: AuthenticityReason["links"];
  readonly marketplace: string;
}

/** What a reason points at, each a page of its own. */
function Links({ links, marketplace }: LinksProps): ReactNode {
  const words = useAuthenticityWords();
  const linkOf = ({ kind, merchant, id }: AuthenticityReason["links"][number]): ReactNode => {
    const text = <bdi>{words.links[kind](id)}</bdi>;
    if (kind === "ring")
      return (
        <Link to="/$marketplace/authenticity/rings/$ring" params={{ marketplace, ring: id }} className="link">
          {text}
        </Link>
      );
    if (kind === "user")
      return (
        <Link to="/$marketplace/authenticity/users/$user" params={{ marketplace, user: id }} className="link">
          {text}
        </Link>
      );
    return merchant === null ? (
      text
    ) : (
      <Link
        to="/$marketplace/authenticity/$kind/$merchant/$id"
        params={{ marketplace, kind, merchant, id }}
        className="link"
      >
        {text}
      </Link>
    );
  };
  if (links.length === 0) return null;
  return (
    <p className="mt-1 flex flex-wrap gap-x-3 text-xs leading-6">
      {links.slice(0, linksShown).map((link) => (
        <span key={`${link.kind}/${link.merchant ?? ""}/${link.id}`}>{linkOf(link)}</span>
      ))}
      {links.length > linksShown ? <span className="text-ink-3">{words.dossier.alike(links.length)}</span> : null}
    </p>
  );
}

/** What a reason says and what was seen. */
function ReasonDetail({ reason, marketplace }: { readonly reason: AuthenticityReason; readonly marketplace: string }) {
  const words = useAuthenticityWords();
  const { f } = useVoice();
  const { title: _, raises, lowers } = words.reasons[reason.code];
  return (
    <div className="mt-0.5">
      <p className="text-sm text-ink-2">{reason.points < 0 ? lowers : raises}</p>
      {reason.facts.length === 0 ? null : (
        <dl className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
          {reason.facts.map(({ name, value }) => (
            <div key={name} className="flex gap-1.5">
              <dt className="text-ink-3">{columnTitle(name, words)}</dt>
              <dd>{value === null ? words.dossier.missing : factValue(name, value, words, f)}</dd>
            </div>
          ))}
        </dl>
      )}
      <Links links={reason.links} marketplace={marketplace} />
    </div>
  );
}

export interface ReasonsCardProps {
  readonly assessment: Dossier["assessment"];
  readonly marketplace: string;
  /** Somebody else decided, which is not shown. */
  readonly blind: boolean;
}

/** The reliability as a sum of its reasons. */
export function ReasonsCard({ assessment, marketplace, blind }: ReasonsCardProps): ReactNode {
  const words = useAuthenticityWords();
  const voice = useVoice();
  const { base, reasons, reliability } = assessment;
  return (
    <Card id="why" title={words.dossier.reasons} hint={blind ? words.dossier.reasonsBlind : words.dossier.reasonsHint}>
      {reasons.length === 0 ? (
        <p className="text-ink-2">{words.dossier.reasonsNone}</p>
      ) : (
        <Waterfall
          label={words.dossier.reasons}
          max={1_000}
          start={{ title: words.dossier.base, value: base, words: shareOf(base, voice) }}
          steps={reasons.map((reason) => ({
            id: reason.code,
            title: words.reasons[reason.code].title,
            points: reason.points,
            words: signedShare(reason.points, voice.f.decimal(Math.abs(reason.points) / 10, 1)),
            detail: <ReasonDetail reason={reason} marketplace={marketplace} />,
          }))}
          end={{ title: words.reliability, value: reliability, words: shareOf(reliability, voice) }}
        />
      )}
    </Card>
  );
}

/** Points of a hundred with their sign: the ends are in per cent. */
const signedShare = (points: number, size: string): string =>
  points === 0 ? size : `${points < 0 ? "−" : "+"}${size}`;
