import type { RatingChange, RatingChanges } from "@probity/contract";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { ArrowRight } from "../ui/icons.ts";
import { Seal } from "../ui/seal.tsx";
import { useOverviewWords } from "./overview-words.ts";

const shown = 10;
const toneOf = (points: number): string => (points > 0 ? "text-jade" : "text-cinnabar");

function Mover({ item, marketplace }: { readonly item: RatingChange; readonly marketplace: string }): ReactNode {
  const { f } = useVoice();
  const said = useOverviewWords();
  const moved = item.after.score - item.before.score;
  return (
    <li className="grid grid-cols-[52px_minmax(0,1fr)_auto] items-start gap-x-3 gap-y-1 border-t border-line py-2.5 first:border-t-0 first:pt-0">
      <strong className={`text-lg leading-6 font-bold ${toneOf(moved)}`}>{f.signed(moved)}</strong>
      <div className="min-w-0">
        <Link
          to="/$marketplace/$plural/$id"
          params={{ marketplace, plural: "merchants", id: item.id }}
          className="font-medium text-ink no-underline hover:underline"
        >
          <bdi>{item.name ?? item.id}</bdi>
        </Link>
        <span className="ms-2 text-sm whitespace-nowrap text-ink-3">
          {said.wentFrom(item.before.score, item.after.score)}
        </span>
        {item.reasons.length === 0 && item.later === 0 ? (
          <p className="text-sm text-ink-3">{said.noReasons}</p>
        ) : (
          <ul className="flex flex-wrap gap-x-4 text-sm text-ink-2">
            {item.reasons.map((reason) => (
              <li key={reason.id}>
                {f.words(reason.title)}{" "}
                <span className={`font-semibold ${toneOf(reason.points)}`}>{f.signed(reason.points)}</span>
              </li>
            ))}
            {item.later === 0 ? null : (
              <li title={said.laterText}>
                {said.later} <span className={`font-semibold ${toneOf(item.later)}`}>{f.signed(item.later)}</span>
              </li>
            )}
          </ul>
        )}
      </div>
      <span className="flex items-center gap-1.5">
        <Seal grade={item.before.grade} />
        <ArrowRight size={13} aria-hidden className="text-ink-3" />
        <Seal grade={item.after.grade} />
      </span>
    </li>
  );
}

/** Whose score moved most, each with the indicators that moved it. */
export function MoversCard({
  changes,
  marketplace,
}: {
  readonly changes: RatingChanges;
  readonly marketplace: string;
}): ReactNode {
  const said = useOverviewWords();
  return (
    <Card id="movers" title={said.movers} hint={said.moversHint}>
      {changes.movers.length === 0 ? <p className="text-ink-2">{said.moversNone}</p> : null}
      <ul>
        {changes.movers.slice(0, shown).map((item) => (
          <Mover key={item.id} item={item} marketplace={marketplace} />
        ))}
      </ul>
    </Card>
  );
}
