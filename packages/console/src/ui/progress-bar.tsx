import { Progress } from "@base-ui/react/progress";
import type { ReactNode } from "react";

export interface ProgressBarProps {
  readonly label: string;
  /** Parts per million; null while it cannot be told. */
  readonly ppm: number | null;
  /** The share in words, read out and shown. */
  readonly words: string;
}

export function ProgressBar({ label, ppm, words }: ProgressBarProps): ReactNode {
  return (
    <Progress.Root
      value={ppm === null ? null : ppm / 10_000}
      getAriaValueText={() => words}
      className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1"
    >
      <Progress.Label className="truncate text-sm font-medium text-ink-2">{label}</Progress.Label>
      <span className="text-sm tabular-nums">{words}</span>
      <Progress.Track className="col-span-2 h-2 overflow-hidden rounded-full bg-line">
        <Progress.Indicator className="h-full rounded-full bg-jade data-indeterminate:w-1/3 data-indeterminate:animate-pulse" />
      </Progress.Track>
    </Progress.Root>
  );
}
