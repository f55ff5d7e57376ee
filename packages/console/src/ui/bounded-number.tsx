import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { ScoreBar } from "./score-bar.tsx";

export interface BoundedNumberProps {
  readonly score: number;
  readonly bound: number;
  readonly max: number;
  readonly peers?: number | null;
  /** `812` alone would claim too much: the words stand below, or, in a row, are read out. */
  readonly size?: "row" | "large";
}

/** A number with what holds of it: "812, with 90% confidence not below 796", and its bar. */
export function BoundedNumber({ score, bound, max, peers = null, size = "row" }: BoundedNumberProps): ReactNode {
  const { t, f } = useVoice();
  const words = t.ui.confidence(f.count(score), f.count(bound));
  const band = [bound, Math.min(max, 2 * score - bound)] as const;
  if (size === "row") {
    return (
      <span className="flex w-full min-w-28 items-center gap-2.5" title={words}>
        <span className="w-8 shrink-0 text-end font-semibold whitespace-nowrap">{f.count(score)}</span>
        <span className="sr-only">{t.ui.notBelow(f.count(bound))}</span>
        <ScoreBar value={score} max={max} band={band} peers={peers} />
      </span>
    );
  }
  return (
    <div className="flex min-w-56 flex-col gap-1">
      <p className="leading-none">
        <strong className="text-[34px] font-bold tracking-tight">{f.count(score)}</strong>
        <span className="text-ink-3"> / {f.count(max)}</span>
      </p>
      <p className="text-ink-2">{t.ui.notBelow(f.count(bound))}</p>
      <ScoreBar
        value={score}
        max={max}
        band={band}
        peers={peers}
        label={t.ui.scoreBar(f.count(score), f.count(bound), peers === null ? null : f.count(peers))}
      />
    </div>
  );
}
