import type { ModelPartReport } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { useModelWords } from "./model-words.ts";

const [width, height] = [340, 300];
const [left, top, right, bottom] = [44, 10, 328, 258];
const marks = [0, 0.25, 0.5, 0.75, 1];

const xOf = (share: number): number => left + share * (right - left);
const yOf = (share: number): number => bottom - share * (bottom - top);

export interface CalibrationChartProps {
  readonly points: ModelPartReport["calibration"];
  readonly label: string;
}

/** What was said beside what was: on the diagonal both are the same; a dot is as large as its rows are many. */
export function CalibrationChart({ points, label }: CalibrationChartProps): ReactNode {
  const { f } = useVoice();
  const words = useModelWords();
  const most = Math.max(1, ...points.map(({ items }) => items));
  const line = points
    .map(({ expected, observed }) => `${xOf(expected).toFixed(1)},${yOf(observed).toFixed(1)}`)
    .join(" ");
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} className="block w-full max-w-100">
      <g aria-hidden className="fill-ink-3 text-[11px]">
        {marks.map((mark) => (
          <g key={mark}>
            <path d={`M${left} ${yOf(mark)}H${right}`} className={mark === 0 ? "stroke-line-strong" : "stroke-line"} />
            {mark === 0.25 || mark === 0.75 ? null : (
              <>
                <text x={left - 6} y={yOf(mark) + 4} textAnchor="end">
                  {f.percent(mark * 1_000_000)}
                </text>
                <text x={xOf(mark)} y={bottom + 16} textAnchor={mark === 0 ? "start" : mark === 1 ? "end" : "middle"}>
                  {f.percent(mark * 1_000_000)}
                </text>
              </>
            )}
          </g>
        ))}
        <text x={right} y={height - 8} textAnchor="end">
          {words.expected}
        </text>
        <text x={left + 4} y={top + 10}>
          {words.observed}
        </text>
      </g>
      <path
        d={`M${xOf(0)} ${yOf(0)}L${xOf(1)} ${yOf(1)}`}
        className="stroke-ink-3"
        strokeWidth="1.5"
        strokeDasharray="5 4"
      />
      <polyline points={line} fill="none" className="stroke-jade" strokeWidth="1.5" />
      {points.map(({ expected, observed, items }, place) => (
        <circle
          key={place}
          cx={xOf(expected)}
          cy={yOf(observed)}
          r={3 + 5 * Math.sqrt(items / most)}
          className="fill-jade"
        >
          <title>{`${words.expected} ${f.percent(expected * 1_000_000)}, ${words.observed} ${f.percent(observed * 1_000_000)}, ${words.items} ${f.count(items)}`}</title>
        </circle>
      ))}
    </svg>
  );
}
