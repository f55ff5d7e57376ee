import { type ReactNode, type Ref, useId } from "react";
import { useVoice } from "../messages/messages.tsx";
import { type Axis, drawable, type Knot, pointsMax, valueAt } from "./curve-model.ts";

const [width, height] = [360, 208];
const [left, top, right, bottom] = [42, 10, 350, 184];

export interface Place {
  readonly x: number;
  readonly y: number;
}

export const placeOf = ([from, to]: Axis, share: number, points: number): Place => ({
  x: left + ((share - from) / (to - from)) * (right - left),
  y: bottom - (points / pointsMax) * (bottom - top),
});

/** The share and the points under a place of the window. */
export function underPointer([from, to]: Axis, svg: SVGSVGElement, x: number, y: number): readonly [number, number] {
  const box = svg.getBoundingClientRect();
  const [inX, inY] = [((x - box.left) / box.width) * width, ((y - box.top) / box.height) * height];
  return [from + ((inX - left) / (right - left)) * (to - from), ((bottom - inY) / (bottom - top)) * pointsMax];
}

/** Places along a curve inside the part that is shown, its edges included. */
function lineOf(axis: Axis, knots: readonly Knot[]): string {
  const inside = drawable(knots).filter(([share]) => share > axis[0] && share < axis[1]);
  const edges = axis.map((share) => [share, valueAt(knots, share)] as const);
  return [edges[0], ...inside, edges[1]]
    .flatMap((knot) => (knot === undefined ? [] : [placeOf(axis, knot[0], knot[1])]))
    .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(" ");
}

export interface CurveChartProps {
  readonly axis: Axis;
  /** Drawn grey and broken below the other. */
  readonly before?: readonly Knot[] | undefined;
  readonly knots?: readonly Knot[] | undefined;
  /** Shares to be marked by a line across. */
  readonly targets?: readonly number[];
  /** What it says in words; where knots can be moved they speak for themselves, and it is a group of that name. */
  readonly label: string;
  readonly children?: ReactNode;
  readonly ref?: Ref<SVGSVGElement>;
}

function Scales({ axis }: { readonly axis: Axis }): ReactNode {
  const { f } = useVoice();
  const shares = [axis[0], (axis[0] + axis[1]) / 2, axis[1]];
  return (
    <g aria-hidden className="fill-ink-3 text-[11px]">
      {[0, 250, 500, 750, pointsMax].map((points) => {
        const { y } = placeOf(axis, 0, points);
        return (
          <g key={points}>
            <path d={`M${left} ${y}H${right}`} className={points === 0 ? "stroke-line-strong" : "stroke-line"} />
            {points % 500 === 0 ? (
              <text x={left - 6} y={y + 4} textAnchor="end">
                {f.percent(points * 1_000)}
              </text>
            ) : null}
          </g>
        );
      })}
      {shares.map((share, place) => (
        <text
          key={share}
          x={placeOf(axis, share, 0).x}
          y={height - 6}
          textAnchor={place === 0 ? "start" : place === 1 ? "middle" : "end"}
        >
          {f.percent(share)}
        </text>
      ))}
    </g>
  );
}

/** From share to points, as lines; over the part that the axis shows. */
export function CurveChart({ axis, before, knots, targets = [], label, children, ref }: CurveChartProps): ReactNode {
  const clip = useId();
  return (
    <svg
      ref={ref}
      {...(children === undefined ? {} : { tabIndex: -1 })}
      role={children === undefined ? "img" : "group"}
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      className="block w-full max-w-120 select-none"
    >
      <clipPath id={clip}>
        <rect x={left} y={0} width={right - left} height={bottom + 2} />
      </clipPath>
      <Scales axis={axis} />
      <g clipPath={`url(#${clip})`} fill="none" aria-hidden>
        {targets.map((share) => (
          <path
            key={share}
            d={`M${placeOf(axis, share, 0).x} ${top - 6}V${bottom}`}
            className="stroke-amber"
            strokeWidth="1.5"
            strokeDasharray="2 3"
          />
        ))}
        {before === undefined ? null : (
          <polyline points={lineOf(axis, before)} className="stroke-ink-3" strokeWidth="1.5" strokeDasharray="6 3" />
        )}
        {knots === undefined ? null : (
          <polyline points={lineOf(axis, knots)} className="stroke-jade" strokeWidth="2" strokeLinejoin="round" />
        )}
      </g>
      {children}
    </svg>
  );
}
