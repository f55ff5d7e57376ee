import type { ReactNode } from "react";

const within = (value: number, max: number): number => (max > 0 ? Math.min(100, Math.max(0, (value / max) * 100)) : 0);

export interface ScoreBarProps {
  readonly value: number;
  readonly max: number;
  /** Ends of the range of uncertainty, in the same unit. */
  readonly band?: readonly [low: number, high: number] | undefined;
  /** The middle of the peers, in the same unit. */
  readonly peers?: number | null;
  /** Lies clearly below its peers. */
  readonly low?: boolean;
  /** What it says in words; without them the figures beside it speak, and the bar is silent. */
  readonly label?: string;
}

/** Value as a bar, its range of uncertainty as a grey band, the peers' middle as a line across. */
export function ScoreBar({ value, max, band, peers = null, low = false, label }: ScoreBarProps): ReactNode {
  return (
    <span
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
      className="relative block h-2.5 w-full min-w-12 rounded-[5px] bg-line"
    >
      <span
        className={`absolute inset-y-0 start-0 rounded-[5px] ${low ? "bg-cinnabar" : "bg-jade"}`}
        style={{ width: `${within(value, max)}%` }}
      />
      {band === undefined ? null : (
        <span
          className="absolute -inset-y-0.5 rounded-[3px] bg-ink/25"
          style={{
            insetInlineStart: `${within(band[0], max)}%`,
            width: `${within(band[1], max) - within(band[0], max)}%`,
          }}
        />
      )}
      {peers === null ? null : (
        <span
          className="absolute -inset-y-1 -ms-px w-0.5 bg-ink"
          style={{ insetInlineStart: `${within(peers, max)}%` }}
        />
      )}
    </span>
  );
}

export interface DimensionColumnsProps {
  readonly dimensions: readonly { readonly id: string; readonly points: number; readonly max: number }[];
  readonly label: string;
}

/** Thin columns, one a dimension, as tall as its share of points: a merchant's shape in a row of a table. */
export function DimensionColumns({ dimensions, label }: DimensionColumnsProps): ReactNode {
  return (
    <span role="img" aria-label={label} title={label} className="inline-flex h-[22px] items-end gap-[3px]">
      {dimensions.map(({ id, points, max }) => (
        <span key={id} className="relative h-full w-1.5 rounded-[1.5px] bg-line">
          <span
            className={`absolute inset-x-0 bottom-0 rounded-[1.5px] ${points / max < 0.5 ? "bg-cinnabar" : "bg-jade"}`}
            style={{ height: `${within(points, max)}%` }}
          />
        </span>
      ))}
    </span>
  );
}
