import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { scaleAround } from "./term-scale.ts";

const [width, height] = [380, 220];
const [left, top, right, bottom] = [48, 12, 372, 186];

export interface TermChartProps {
  /** Edges between bins; one more term than edges. */
  readonly edges: readonly number[];
  readonly terms: readonly number[];
  /** What an edge is in words. */
  readonly edgeWords: (edge: number) => string;
  readonly label: string;
  readonly above: string;
  readonly below: string;
}

/** What a figure adds, bin by bin: bins are alike wide, since values of most figures crowd at one end. */
export function TermChart({ edges, terms, edgeWords, label, above, below }: TermChartProps): ReactNode {
  const { f } = useVoice();
  const reach = scaleAround(terms);
  const bin = (right - left) / Math.max(1, terms.length);
  const yOf = (term: number): number => (top + bottom) / 2 - (term / reach) * ((bottom - top) / 2);
  const ticks = [0, Math.floor(edges.length / 2), edges.length - 1].filter(
    (place, at, all) => place >= 0 && all.indexOf(place) === at && edges[place] !== undefined,
  );
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} className="block w-full max-w-105">
      <g aria-hidden className="fill-ink-3 text-[11px]">
        {[reach, 0, -reach].map((mark) => (
          <g key={mark}>
            <path d={`M${left} ${yOf(mark)}H${right}`} className={mark === 0 ? "stroke-ink-3" : "stroke-line"} />
            <text x={left - 6} y={yOf(mark) + 4} textAnchor="end">
              {f.signed(mark)}
            </text>
          </g>
        ))}
        <text x={left + 4} y={top + 12}>
          {above}
        </text>
        <text x={left + 4} y={bottom - 5}>
          {below}
        </text>
        {ticks.map((place, at) => (
          <text
            key={place}
            x={left + (place + 1) * bin}
            y={bottom + 18}
            textAnchor={at === 0 ? "start" : at === ticks.length - 1 ? "end" : "middle"}
          >
            {edgeWords(edges[place] ?? 0)}
          </text>
        ))}
      </g>
      {terms.map((term, place) => {
        const [y, zero] = [yOf(term), yOf(0)];
        return (
          <rect
            key={place}
            x={left + place * bin}
            y={Math.min(y, zero)}
            width={Math.max(0.6, bin - (bin > 6 ? 1 : 0))}
            height={Math.max(0.8, Math.abs(zero - y))}
            className={term > 0 ? "fill-cinnabar" : "fill-jade"}
          />
        );
      })}
    </svg>
  );
}
