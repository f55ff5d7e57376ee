import type { RatingChanges } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { ScoreBar } from "../ui/score-bar.tsx";

/** How old the newest evidence of the merchants is. */
export function FreshnessCard({ changes }: { readonly changes: RatingChanges }): ReactNode {
  const { t, f } = useVoice();
  const most = Math.max(1, ...changes.freshness.map(({ subjects }) => subjects));
  return (
    <Card id="freshness" title={t.overview.freshness} hint={t.overview.freshnessHint}>
      <ul>
        {changes.freshness.map(({ withinDays, subjects }) => (
          <li key={withinDays ?? "older"} className="grid grid-cols-[112px_minmax(0,1fr)_56px] items-center gap-3 py-1">
            <span>{withinDays === null ? t.overview.older : t.overview.within(withinDays)}</span>
            <ScoreBar value={subjects} max={most} low={withinDays === null} />
            <span className="text-end">{f.count(subjects)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
