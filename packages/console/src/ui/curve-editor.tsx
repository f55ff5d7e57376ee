import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { policies } from "../messages/en-policies.ts";
import { useVoice } from "../messages/messages.tsx";
import { Button, IconButton } from "./button.tsx";
import { ChoiceChips } from "./chip.tsx";
import { CurveChart, type Place, placeOf, underPointer } from "./curve-chart.tsx";
import {
  addKnot,
  type Axis,
  canAdd,
  canRemove,
  type Knot,
  type KnotFault,
  type KnotFaults,
  knotFaults,
  moveKnot,
  pointsMax,
  pointsStep,
  removeKnot,
  risingAxis,
  shareMax,
  shareStep,
  wholeAxis,
} from "./curve-model.ts";
import { Plus, RotateCcw, X } from "./icons.ts";
import { NumberField } from "./number-field.tsx";

type CurveWords = typeof policies.curve;

export interface CurveEditorProps {
  /** Of what the curve is. */
  readonly title: string;
  readonly knots: readonly Knot[];
  /** The curve as it was, drawn grey. */
  readonly before: readonly Knot[];
  readonly target: number | null;
  readonly words: CurveWords;
  /** `about` tells changes of one movement from those of another; empty is one by itself. */
  readonly onChange: (knots: readonly Knot[], about: string) => void;
}

/** With Shift an arrow goes ten times as far. */
const farther = 10;

const ways: Readonly<Record<string, readonly [share: number, points: number]>> = {
  ArrowLeft: [-shareStep, 0],
  ArrowRight: [shareStep, 0],
  ArrowUp: [0, pointsStep],
  ArrowDown: [0, -pointsStep],
};

/** A knot as it is seen, with as much around it as a finger needs. */
function KnotMark({ x, y }: Place): ReactNode {
  return (
    <>
      <circle cx={x} cy={y} r={14} className="fill-transparent" />
      <circle
        cx={x}
        cy={y}
        r={6}
        strokeWidth={2}
        className="fill-sheet stroke-jade group-focus-visible:fill-jade group-hover:fill-jade-soft"
      />
      <circle
        cx={x}
        cy={y}
        r={10}
        strokeWidth={2}
        className="fill-transparent stroke-transparent group-focus-visible:stroke-jade"
      />
    </>
  );
}

interface KnotsProps extends CurveEditorProps {
  readonly axis: Axis;
  readonly svg: () => SVGSVGElement | null;
}

/** Knots that can be taken hold of: by the pointer, or focused and moved by arrows. */
function Knots({ title, knots, words, onChange, axis, svg }: KnotsProps): ReactNode {
  const { f } = useVoice();
  const focusNext = useRef<number | undefined>(undefined);
  const drags = useRef(0);
  useEffect(() => {
    if (focusNext.current === undefined) return;
    // What lies outside of the part that is shown cannot take the focus; then the drawing does.
    const drawing = svg();
    (drawing?.querySelector<SVGElement>(`[data-knot="${focusNext.current}"]`) ?? drawing)?.focus();
    focusNext.current = undefined;
  });
  // What is left or right of the part that is shown is not reached by moving: the whole has to be shown first.
  const move = (at: number, share: number, points: number, about: string): void => {
    const seen = at === 0 || at === knots.length - 1 ? share : Math.min(Math.max(share, axis[0]), axis[1]);
    onChange(moveKnot(knots, at, seen, points), about);
  };
  const onKeyDown = (event: KeyboardEvent, at: number): void => {
    const [share, points] = knots[at] ?? [null, null];
    if (share === null || points === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = ways[event.key];
    if (way !== undefined) {
      event.preventDefault();
      const by = event.shiftKey ? farther : 1;
      move(at, share + way[0] * by, points + way[1] * by, `key ${at}`);
    } else if ((event.key === "Delete" || event.key === "Backspace") && canRemove(knots, at)) {
      event.preventDefault();
      focusNext.current = canRemove(knots, at + 1) ? at : at - 1;
      onChange(removeKnot(knots, at), "");
    }
  };
  const onPointerMove = (event: PointerEvent<SVGElement>, at: number): void => {
    const canvas = svg();
    if (canvas === null || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const [share, points] = underPointer(axis, canvas, event.clientX, event.clientY);
    move(at, Math.round(share / shareStep) * shareStep, points, `drag ${drags.current}`);
  };
  return knots.map(([share, points], at) => {
    if (share === null || points === null || share < axis[0] || share > axis[1]) return null;
    const { x, y } = placeOf(axis, share, points);
    if (at === knots.length - 1) return <circle key={at} cx={x} cy={y} r={4} className="fill-jade" aria-hidden />;
    return (
      <g
        key={at}
        data-knot={at}
        role="slider"
        tabIndex={0}
        aria-label={words.knot(at + 1, knots.length, title)}
        aria-valuemin={0}
        aria-valuemax={shareMax}
        aria-valuenow={share}
        aria-valuetext={words.gives(f.percent(share), f.percent(points * (shareMax / pointsMax)))}
        className="group cursor-grab touch-none outline-none"
        onKeyDown={(event) => onKeyDown(event, at)}
        onPointerDown={(event) => {
          drags.current += 1;
          event.currentTarget.setPointerCapture(event.pointerId);
          event.currentTarget.focus();
        }}
        onPointerMove={(event) => onPointerMove(event, at)}
      >
        <KnotMark x={x} y={y} />
      </g>
    );
  });
}

/** A share in per cent, or thousandths in per cent: both fields speak per cent. */
const perCent = (value: number | null, ofOne: number): number | null => (value === null ? null : value / ofOne);
const ofPerCent = (value: number | null, ofOne: number): number | null =>
  value === null ? null : Math.round(value * ofOne);
const sharePerCent = shareMax / 100;
const pointsPerCent = pointsMax / 100;

interface KnotRowProps extends CurveEditorProps {
  readonly at: number;
  readonly faults: KnotFaults;
  /** With one knot more or fewer; the row that takes the focus then. */
  readonly onResize: (knots: readonly Knot[], focus: number) => void;
}

/** A knot as numbers. The ends have their shares, and the last its points, whatever else changes. */
function KnotRow({ at, title, knots, words, faults, onChange, onResize }: KnotRowProps): ReactNode {
  const { f } = useVoice();
  const [share, points] = knots[at] ?? [null, null];
  const last = knots.length - 1;
  const error = (fault: KnotFault | undefined): string | undefined =>
    fault === undefined ? undefined : words.faults[fault];
  const set = (part: 0 | 1, value: number | null): void => {
    if (value === knots[at]?.[part]) return;
    const next: Knot = part === 0 ? [value, points] : [share, value];
    onChange(knots.with(at, next), `field ${at} ${part}`);
  };
  const fixed = "flex h-8 items-center justify-end pe-10 text-ink-2";
  const limits = { min: 0, max: 100, step: 0.1, hideLabel: true };
  return (
    <li data-row={at} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_64px] items-start gap-1.5">
      {at === 0 || at === last ? (
        <span className={fixed}>{f.percent(at === 0 ? 0 : shareMax)}</span>
      ) : (
        <NumberField
          {...limits}
          label={words.shareOf(at + 1, title)}
          value={perCent(share, sharePerCent)}
          error={error(faults.share)}
          onChange={(value) => set(0, ofPerCent(value, sharePerCent))}
        />
      )}
      {at === last ? (
        <span className={fixed}>{f.percent(shareMax)}</span>
      ) : (
        <NumberField
          {...limits}
          label={words.pointsOf(at + 1, title)}
          value={perCent(points, pointsPerCent)}
          error={error(faults.points)}
          onChange={(value) => set(1, ofPerCent(value, pointsPerCent))}
        />
      )}
      <span className="flex">
        {at === last ? null : (
          <IconButton
            icon={Plus}
            label={words.add(at + 1, at + 2)}
            disabled={!canAdd(knots, at)}
            onClick={() => onResize(addKnot(knots, at), at + 1)}
          />
        )}
        {canRemove(knots, at) ? (
          <IconButton
            icon={X}
            label={words.remove(at + 1)}
            onClick={() => onResize(removeKnot(knots, at), canRemove(knots, at + 1) ? at : at - 1)}
          />
        ) : null}
      </span>
    </li>
  );
}

/** The same as numbers, a row a knot. */
function KnotTable(props: CurveEditorProps): ReactNode {
  const { title, knots, words, onChange } = props;
  const list = useRef<HTMLUListElement>(null);
  const focusNext = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (focusNext.current === undefined) return;
    list.current?.querySelector<HTMLInputElement>(`[data-row="${focusNext.current}"] input`)?.focus();
    focusNext.current = undefined;
  });
  const faults = knotFaults(knots);
  return (
    <div className="min-w-0">
      <p aria-hidden className="mb-1 grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_64px] gap-1.5 text-xs text-ink-3">
        <span>{words.share}</span>
        <span>{words.points}</span>
      </p>
      <ul ref={list} aria-label={words.table(title)} className="flex flex-col gap-1.5">
        {knots.map((_, at) => (
          <KnotRow
            key={at}
            {...props}
            at={at}
            faults={faults[at] ?? {}}
            onResize={(next, focus) => {
              focusNext.current = focus;
              onChange(next, "");
            }}
          />
        ))}
      </ul>
    </div>
  );
}

const isWhole = ([from, to]: Axis): boolean => from === wholeAxis[0] && to === wholeAxis[1];

/** A curve from share to points, drawn and as numbers; both do the same. */
export function CurveEditor(props: CurveEditorProps): ReactNode {
  const { title, knots, before, target, words, onChange } = props;
  const svg = useRef<SVGSVGElement>(null);
  // The part that is shown stands still while one moves knots.
  const [axis, setAxis] = useState<Axis>(() => risingAxis([before, knots], target));
  // A curve that became straight rises everywhere; what was shown first can still be gone back to.
  const [first] = useState(axis);
  const now = risingAxis([before, knots], target);
  const rise = isWhole(now) ? first : now;
  const isWholeShown = isWhole(axis);
  const isChanged = JSON.stringify(before) !== JSON.stringify(knots);
  return (
    <div className="grid grid-cols-1 gap-x-6 gap-y-4 xl:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-3">
        <CurveChart
          ref={svg}
          axis={axis}
          knots={knots}
          before={isChanged ? before : undefined}
          targets={target === null ? [] : [target]}
          label={words.chart(title)}
        >
          <Knots {...props} axis={axis} svg={() => svg.current} />
        </CurveChart>
        <p className="text-xs text-ink-3">{words.legend}</p>
        <div className="flex flex-wrap items-center gap-2">
          {isWholeShown && isWhole(rise) ? null : (
            <ChoiceChips
              label={words.shown(title)}
              value={isWholeShown ? "whole" : "rise"}
              options={(["rise", "whole"] as const).map((part) => ({ value: part, label: words.parts[part] }))}
              onChange={(part) => setAxis(part === "whole" ? wholeAxis : rise)}
            />
          )}
          <Button small icon={RotateCcw} disabled={!isChanged} onClick={() => onChange(before, "")}>
            {words.reset}
          </Button>
        </div>
        <p className="text-xs text-ink-3">{words.keys}</p>
      </div>
      <KnotTable {...props} />
    </div>
  );
}
