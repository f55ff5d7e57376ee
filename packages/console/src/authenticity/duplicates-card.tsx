import type { Dossier, NearDuplicate } from "@probity/contract";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { shareOf, Stars } from "./item-line.tsx";
import { differenceOf, type Stretch } from "./text-difference.ts";

const said = ({ title, text }: NearDuplicate["words"]): string =>
  [title, text].filter((part) => part !== null).join("\n");

/** A text with what the other has not. */
function Marked({ stretches }: { readonly stretches: readonly Stretch[] }): ReactNode {
  return (
    <p className="break-words whitespace-pre-wrap" dir="auto">
      {stretches.map(({ text, differs }, place) =>
        differs ? (
          <mark key={place} className="rounded-[3px] bg-amber-soft px-0.5 font-medium text-amber">
            {text}
          </mark>
        ) : (
          <span key={place}>{text}</span>
        ),
      )}
    </p>
  );
}

interface PairProps {
  readonly marketplace: string;
  readonly own: string;
  readonly other: NearDuplicate;
}

function Pair({ marketplace, own, other }: PairProps): ReactNode {
  const words = useAuthenticityWords();
  const voice = useVoice();
  const { f } = voice;
  const theirs = said(other.words);
  const [one, two] = useMemo(() => differenceOf(own, theirs), [own, theirs]);
  return (
    <li className="border-t border-line py-3 first:border-t-0 first:pt-0 last:pb-0">
      <p className="mb-2 flex flex-wrap items-baseline gap-x-3 gap-y-0.5 text-xs text-ink-2">
        <strong className="text-sm text-ink">{words.dossier.similar(shareOf(other.similarity, voice))}</strong>
        <Link
          to="/$marketplace/authenticity/$kind/$merchant/$id"
          params={{ marketplace, kind: "review", merchant: other.merchant, id: other.review }}
          className="link"
        >
          <bdi>{words.links.review(other.review)}</bdi>
        </Link>
        <Link to="/$marketplace/authenticity/users/$user" params={{ marketplace, user: other.user }} className="link">
          <bdi>{words.user(other.user)}</bdi>
        </Link>
        <Stars stars={other.stars} />
        <span>{f.day(other.at.slice(0, 10))}</span>
        <span>{words.reliabilityOf(shareOf(other.reliability, voice))}</span>
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        {[
          { title: words.dossier.thisOne, stretches: one },
          { title: words.dossier.theOther, stretches: two },
        ].map(({ title, stretches }) => (
          // oxlint-disable-next-line no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
          <div
            key={title}
            className="max-h-60 overflow-y-auto rounded-control border border-line bg-sunk px-3 py-2"
            tabIndex={0}
            role="group"
            aria-label={title}
          >
            <p className="mb-1 text-xs text-ink-3">{title}</p>
            <Marked stretches={stretches} />
          </div>
        ))}
      </div>
    </li>
  );
}

/** Reviews that read like this one, beside it. */
export function DuplicatesCard({ dossier, marketplace }: { readonly dossier: Dossier; readonly marketplace: string }) {
  const words = useAuthenticityWords().dossier;
  const own = dossier.words === null ? "" : said(dossier.words);
  if (dossier.item.kind !== "review") return null;
  return (
    <Card
      id="duplicates"
      title={words.duplicates}
      hint={dossier.nearDuplicates.length === 0 ? undefined : words.duplicatesHint}
    >
      {dossier.nearDuplicates.length === 0 ? (
        <p className="text-ink-2">{words.duplicatesNone}</p>
      ) : (
        <ul>
          {dossier.nearDuplicates.map((other) => (
            <Pair key={`${other.merchant}/${other.review}`} marketplace={marketplace} own={own} other={other} />
          ))}
        </ul>
      )}
    </Card>
  );
}
