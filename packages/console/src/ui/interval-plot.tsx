import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";

const whole = 1_000_000;
const starts = [990_000, 980_000, 950_000, 900_000, 800_000, 500_000, 0];
const ends = [20_000, 50_000, 100_000, 200_000, 500_000, whole];

export interface IntervalPlotProps {
  /** Shares in parts per million. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly peers: { readonly lower: number; readonly median: number; readonly upper: number } | null;
  readonly label: string;
}

/** Round part of 0…1 that shows everything: most shares live near one of the ends. */
export function axisOf(values: readonly number[]): readonly [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const start = starts.find((edge) => edge <= least) ?? 0;
  const end = ends.find((edge) => edge >= most) ?? whole;
  return start > 0 ? [start, whole] : [0, end];
}

/** A share as a dot with its range, above the peers' middle half with its median. */
export function IntervalPlot({ mean, low, high, peers, label }: IntervalPlotProps): ReactNode {
  const { f } = useVoice();
  const [from, to] = axisOf([mean, low, high, ...(peers === null ? [] : [peers.lower, peers.upper])]);
  const at = (value: number): string => `${Math.min(100, Math.max(0, ((value - from) / (to - from)) * 100))}%`;
  const span = (one: number, other: number): string => `calc(${at(other)} - ${at(one)})`;
  return (
    <div role="img" aria-label={label} className="flex flex-col justify-center">
      <div className="relative mx-1.5 h-9 border-b border-line-strong">
        {peers === null ? null : (
          <>
            <span
              className="absolute bottom-1 h-2 rounded-sm bg-ink/15"
              style={{ insetInlineStart: at(peers.lower), width: span(peers.lower, peers.upper) }}
            />
            <span className="absolute bottom-0.5 h-3 w-0.5 bg-ink" style={{ insetInlineStart: at(peers.median) }} />
          </>
        )}
        <span
          className="absolute bottom-5 h-1 rounded-full bg-jade/40"
          style={{ insetInlineStart: at(low), width: span(low, high) }}
        />
        <span
          className="absolute bottom-[17px] -ms-[5px] size-2.5 rounded-full bg-jade"
          style={{ insetInlineStart: at(mean) }}
        />
      </div>
      <div className="mt-0.5 flex justify-between text-xs text-ink-3" aria-hidden>
        <span>{f.percent(from)}</span>
        <span className="font-semibold text-ink">{f.percent(mean)}</span>
        <span>{f.percent(to)}</span>
      </div>
    </div>
  );
}
