import type { Explanation, IndicatorReason, Policy } from "@probity/contract";
import type { Voice } from "../messages/messages.tsx";
import type { Reason } from "../ui/reason-tree.tsx";
import { ScoreBar } from "../ui/score-bar.tsx";
import { IndicatorDetail } from "./indicator-detail.tsx";
import { dimensionShape, pointsFor } from "./points.ts";

/** Clearly below its peers: even the upper end of its range lies under their lower quartile. */
export const isBehind = ({ applies, peers, high }: IndicatorReason): boolean =>
  applies && peers !== null && high < peers.lower;

function indicatorReason(
  reason: IndicatorReason,
  policy: Policy | undefined,
  marketplace: string,
  { t, f }: Voice,
): Reason {
  const points = `${f.count(reason.points)} / ${f.count(reason.max)}`;
  const [low, high] = [pointsFor(reason, policy, reason.low), pointsFor(reason, policy, reason.high)];
  return {
    id: reason.id,
    label: f.words(reason.title),
    quiet: !reason.applies,
    figures: reason.applies ? points : t.subject.notCounted,
    ...(reason.applies
      ? {
          gauge: (
            <ScoreBar
              value={reason.points}
              max={reason.max}
              band={low === null || high === null ? undefined : [low, high]}
              peers={reason.peers === null ? null : pointsFor(reason, policy, reason.peers.median)}
              low={isBehind(reason)}
            />
          ),
        }
      : {}),
    detail: () => <IndicatorDetail reason={reason} marketplace={marketplace} />,
  };
}

/** The tree that adds up to the score: dimensions, their indicators, and what each rests on. */
export function reasonsOf(
  explanation: Explanation,
  policy: Policy | undefined,
  marketplace: string,
  voice: Voice,
): Reason[] {
  const { f } = voice;
  return explanation.dimensions
    .filter(({ max }) => max > 0)
    .map((dimension) => {
      const { peers, band, isLow } = dimensionShape(dimension, policy);
      return {
        id: `dimension-${dimension.id}`,
        label: f.words(dimension.title),
        figures: `${f.count(dimension.points)} / ${f.count(dimension.max)}`,
        gauge: <ScoreBar value={dimension.points} max={dimension.max} band={band} peers={peers} low={isLow} />,
        children: dimension.indicators.map((reason) => indicatorReason(reason, policy, marketplace, voice)),
      };
    });
}
