import type { Explanation, Policy } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Card } from "../ui/card.tsx";
import { ScoreBar } from "../ui/score-bar.tsx";
import { dimensionShape } from "./points.ts";

export interface DimensionsCardProps {
  readonly explanation: Explanation;
  readonly policy: Policy | undefined;
}

/** Dimensions with peers and range, and the sum in plain sight. */
export function DimensionsCard({ explanation, policy }: DimensionsCardProps): ReactNode {
  const { t, f } = useVoice();
  const shown = explanation.dimensions.filter(({ max }) => max > 0);
  return (
    <Card id="dimensions" title={t.subject.dimensions}>
      <ul>
        {shown.map((dimension) => {
          const { peers, band, isLow } = dimensionShape(dimension, policy);
          return (
            <li
              key={dimension.id}
              className="grid grid-cols-[136px_1fr_auto] items-center gap-3 border-t border-line py-[7px] first:border-t-0 max-sm:grid-cols-[92px_1fr_auto]"
            >
              <span>{f.words(dimension.title)}</span>
              <ScoreBar
                value={dimension.points}
                max={dimension.max}
                band={band}
                peers={peers}
                low={isLow}
                label={t.ui.pointsBar(
                  f.count(dimension.points),
                  f.count(dimension.max),
                  peers === null ? null : f.count(peers),
                )}
              />
              <span className="min-w-16 text-end">
                <strong className="font-semibold">{f.count(dimension.points)}</strong>
                <span className="text-ink-3"> / {f.count(dimension.max)}</span>
              </span>
            </li>
          );
        })}
      </ul>
      <p className="mt-4 flex flex-wrap justify-between gap-x-4 gap-y-1 text-xs text-ink-2">
        <span>{t.subject.dimensionsLegend}</span>
        <span>
          {shown.map(({ points }) => f.count(points)).join(" + ")} ={" "}
          <strong>{f.count(explanation.rating.score)}</strong>
        </span>
      </p>
    </Card>
  );
}
