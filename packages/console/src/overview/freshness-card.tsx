import type { RatingChanges } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { ScoreBar } from "../ui/score-bar.tsx";
import { useOverviewWords } from "./overview-words.ts";

/** How old the newest evidence of the merchants is. */
export function FreshnessCard({ changes }: { readonly changes: RatingChanges }): ReactNode {
  const { f } = useVoice();
  const said = useOverviewWords();
  const most = Math.max(1, ...changes.freshness.map(({ subjects }) => subjects));
  return (
    <Card id="freshness" title={said.freshness} hint={said.freshnessHint}>
      <ul>
        {changes.freshness.map(({ withinDays, subjects }) => (
          <li key={withinDays ?? "older"} className="grid grid-cols-[112px_minmax(0,1fr)_56px] items-center gap-3 py-1">
            <span>{withinDays === null ? said.older : said.within(withinDays)}</span>
            <ScoreBar value={subjects} max={most} low={withinDays === null} />
            <span className="text-end">{f.count(subjects)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
