import type { Policy } from "@probity/contract";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { risingAxis, valueAt } from "../ui/curve-model.ts";

type Indicator = Policy["indicators"][number];

const width = 160;
const height = 56;

/** From share to points, over the part where it rises; the target as a line. */
export function PointsCurve({ indicator }: { readonly indicator: Indicator }): ReactNode {
  const { t, f } = useVoice();
  const { table } = indicator;
  const [from, to] = risingAxis([table], indicator.target);
  const x = (share: number): number => ((share - from) / (to - from)) * width;
  const y = (points: number): number => height - (points / 1_000) * height;
  const inside = table.map(([share]) => share).filter((share) => share > from && share < to);
  const line = [from, ...inside, to]
    .map((share) => `${x(share).toFixed(1)},${y(valueAt(table, share)).toFixed(1)}`)
    .join(" ");
  return (
    <figure className="w-40 shrink-0">
      <svg
        role="img"
        aria-label={t.policies.curveLabel(f.words(indicator.title))}
        viewBox={`-2 -2 ${width + 4} ${height + 4}`}
        className="block w-full"
      >
        <path d={`M0 ${height}H${width}`} className="stroke-line-strong" fill="none" />
        <path d={`M${x(indicator.target)} 0V${height}`} className="stroke-ink-3" strokeDasharray="3 3" fill="none" />
        <polyline points={line} className="stroke-jade" fill="none" strokeWidth="2" strokeLinejoin="round" />
      </svg>
      <figcaption className="flex justify-between text-xs text-ink-3">
        <span>{f.percent(from)}</span>
        <span>{f.percent(to)}</span>
      </figcaption>
    </figure>
  );
}
