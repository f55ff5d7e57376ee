import type { ReactNode } from "react";

export interface WaterfallStep {
  readonly id: string;
  readonly title: string;
  /** What it adds or takes, in the unit of the ends. */
  readonly points: number;
  /** The points in words. */
  readonly words: string;
  /** What lies behind it, below the bar. */
  readonly detail?: ReactNode;
}

export interface WaterfallEnd {
  readonly title: string;
  readonly value: number;
  readonly words: string;
}

export interface WaterfallProps {
  readonly label: string;
  readonly max: number;
  readonly start: WaterfallEnd;
  readonly steps: readonly WaterfallStep[];
  readonly end: WaterfallEnd;
}

const share = (value: number, max: number): number => Math.min(100, Math.max(0, (value / max) * 100));

interface BarProps {
  readonly from: number;
  readonly to: number;
  readonly max: number;
  readonly look: "whole" | "up" | "down";
}

const looks = { whole: "bg-ink-3", up: "bg-jade", down: "bg-cinnabar" } as const;

/** From where the step begins to where it ends, on a line that is as long as the whole. */
function Bar({ from, to, max, look }: BarProps): ReactNode {
  const [low, high] = [share(Math.min(from, to), max), share(Math.max(from, to), max)];
  return (
    <span aria-hidden className="relative block h-3 w-full rounded-[3px] bg-line/60">
      <span
        className={`absolute inset-y-0 min-w-0.5 rounded-[3px] ${looks[look]}`}
        style={{ insetInlineStart: `${low}%`, width: `${high - low}%` }}
      />
      {look === "whole" ? null : (
        <span className="absolute -inset-y-1 -ms-px w-0.5 bg-ink" style={{ insetInlineStart: `${share(to, max)}%` }} />
      )}
    </span>
  );
}

const line =
  "grid grid-cols-[minmax(0,11rem)_minmax(3rem,1fr)_3.5rem] items-center gap-x-3 gap-y-1 " +
  "max-sm:grid-cols-[minmax(0,1fr)_3.5rem]";

/** A number as a sum: where it begins, what each part adds or takes, and where it ends. */
export function Waterfall({ label, max, start, steps, end }: WaterfallProps): ReactNode {
  let at = start.value;
  const whole = (one: WaterfallEnd): ReactNode => (
    <div className={line}>
      <span className="font-semibold">{one.title}</span>
      <span className="max-sm:order-last max-sm:col-span-2">
        <Bar from={0} to={one.value} max={max} look="whole" />
      </span>
      <span className="text-end font-semibold">{one.words}</span>
    </div>
  );
  return (
    <ol aria-label={label} className="flex flex-col">
      <li className="pb-2">{whole(start)}</li>
      {steps.map((step) => {
        const from = at;
        at += step.points;
        return (
          <li key={step.id} className="border-t border-line py-2">
            <div className={line}>
              <span>{step.title}</span>
              <span className="max-sm:order-last max-sm:col-span-2">
                <Bar from={from} to={at} max={max} look={step.points < 0 ? "down" : "up"} />
              </span>
              <span className={`text-end font-semibold ${step.points < 0 ? "text-cinnabar" : "text-jade"}`}>
                {step.words}
              </span>
            </div>
            {step.detail}
          </li>
        );
      })}
      <li className="border-t-2 border-line-strong pt-2">{whole(end)}</li>
    </ol>
  );
}
