import type { Neighbour } from "@probity/contract";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { ScoreBar } from "../ui/score-bar.tsx";
import { useAuthenticityWords } from "./authenticity-words.ts";
import { shareOf } from "./item-line.tsx";

/** Below this an account is held not to be genuine. */
const doubtfulBelow = 500;

export interface NeighboursCardProps {
  readonly neighbours: readonly Neighbour[];
  readonly marketplace: string;
}

/** Accounts that are tied to one, by what, and how genuine they are held to be. */
export function NeighboursCard({ neighbours, marketplace }: NeighboursCardProps): ReactNode {
  const words = useAuthenticityWords();
  const voice = useVoice();
  return (
    <Card id="neighbours" title={words.dossier.neighbours}>
      {neighbours.length === 0 ? (
        <p className="text-ink-2">{words.dossier.neighboursNone}</p>
      ) : (
        <ul>
          {neighbours.map(({ user, ties, reliability, items }) => (
            <li key={user} className="border-t border-line py-2 first:border-t-0 first:pt-0 last:pb-0">
              <div className="grid grid-cols-[minmax(0,1fr)_72px_4.5rem] items-center gap-3">
                <Link
                  to="/$marketplace/authenticity/users/$user"
                  params={{ marketplace, user }}
                  className="link truncate"
                >
                  <bdi>{user}</bdi>
                </Link>
                <ScoreBar value={reliability ?? 0} max={1_000} low={(reliability ?? 0) < doubtfulBelow} />
                <span className="text-end font-medium" title={words.reliability}>
                  {reliability === null ? (
                    <span className="text-xs text-ink-3">{words.dossier.neighbourUnknown}</span>
                  ) : (
                    shareOf(reliability, voice)
                  )}
                </span>
              </div>
              <p className="mt-1 flex flex-wrap items-center gap-1.5 text-xs text-ink-2">
                {ties.map((tie) => (
                  <Chip key={tie}>{words.dossier.ties[tie]}</Chip>
                ))}
                <span>{words.dossier.neighbourItems(items)}</span>
              </p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
