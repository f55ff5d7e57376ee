import type { ReactNode } from "react";

export interface IntervalLineProps {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Ends of what is drawn. */
  readonly axis: readonly [number, number];
  /** What it says in words. */
  readonly label: string;
  /** Words at both ends of the line. */
  readonly ends: readonly [string, string];
}

/** A number with its interval on a line; where nothing lies is marked. */
export function IntervalLine({ value, low, high, axis: [from, to], label, ends }: IntervalLineProps): ReactNode {
  const at = (number: number): number => Math.min(100, Math.max(0, ((number - from) / (to - from)) * 100));
  return (
    <div role="img" aria-label={label}>
      <div className="relative mx-1.5 h-7">
        <span className="absolute inset-x-0 top-1/2 h-px bg-line-strong" />
        {from <= 0 && to >= 0 ? (
          <span className="absolute inset-y-0.5 w-0.5 bg-ink-3" style={{ insetInlineStart: `calc(${at(0)}% - 1px)` }} />
        ) : null}
        <span
          className="absolute top-1/2 h-2 -translate-y-1/2 rounded-full bg-sky/35"
          style={{ insetInlineStart: `${at(low)}%`, width: `${at(high) - at(low)}%` }}
        />
        <span
          className="absolute top-1/2 size-3 -translate-y-1/2 rounded-full bg-sky"
          style={{ insetInlineStart: `calc(${at(value)}% - 6px)` }}
        />
      </div>
      <div className="flex justify-between text-xs text-ink-3" aria-hidden>
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </div>
    </div>
  );
}

/** Ends of a line that shows an interval and where nothing lies, alike to both sides. */
export function axisAround(low: number, high: number, least: number): readonly [number, number] {
  const reach = Math.max(least, Math.abs(low), Math.abs(high)) * 1.1;
  return [-reach, reach];
}
