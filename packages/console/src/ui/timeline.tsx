import type { Grade } from "@probity/contract";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useVoice, type Voice } from "../messages/messages.tsx";
import { Button } from "./button.tsx";
import { ChoiceChips } from "./chip.tsx";
import { downloadCsv } from "./csv.ts";
import { ArrowDownToLine } from "./icons.ts";
import { EmptyState } from "./states.tsx";
import type { Timeline as Drawn, TimelineDrawing } from "./timeline-chart.ts";

export interface TimelinePoint {
  readonly day: string;
  readonly score: number;
  readonly bound: number;
  readonly grade: Grade | null;
  readonly computedLater: boolean;
}

export interface TimelineMarker {
  readonly day: string;
  readonly kind: "policy" | "epoch";
  readonly words: string;
}

export interface TimelineProps {
  /** Name of the file that CSV goes to. */
  readonly id: string;
  readonly points: readonly TimelinePoint[];
  readonly markers: readonly TimelineMarker[];
  /** A period drawn with the brush. */
  readonly onBrush: (from: string, to: string) => void;
}

/** Calls back when the theme turns, for what is drawn and not styled. */
function useThemeTurns(): number {
  const [turns, setTurns] = useState(0);
  useEffect(() => {
    const turned = (): void => setTurns((before) => before + 1);
    const observer = new MutationObserver(turned);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const query = matchMedia("(prefers-color-scheme: dark)");
    query.addEventListener("change", turned);
    return () => {
      observer.disconnect();
      query.removeEventListener("change", turned);
    };
  }, []);
  return turns;
}

function Chart({ drawing, label }: { readonly drawing: TimelineDrawing; readonly label: string }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<Drawn | undefined>(undefined);
  const turns = useThemeTurns();
  useEffect(() => {
    let opened: Drawn | undefined;
    let gone = false;
    void import("./timeline-chart.ts").then(({ openTimeline }) => {
      if (gone || box.current === null) return;
      opened = openTimeline(box.current);
      setDrawn(opened);
    });
    return () => {
      gone = true;
      opened?.[Symbol.dispose]();
    };
  }, []);
  useEffect(() => {
    if (drawn !== undefined) drawn.draw(drawing);
  }, [drawn, drawing, turns]);
  return (
    <div ref={box} role="img" aria-label={label} data-drawn={drawn !== undefined} className="h-60 w-full min-w-0" />
  );
}

const noteOf = (point: TimelinePoint, markers: readonly TimelineMarker[], later: string): string =>
  [
    ...markers.filter((marker) => marker.day === point.day).map((marker) => marker.words),
    ...(point.computedLater ? [later] : []),
  ].join(", ");

function PointTable({ points, markers, voice }: TimelineProps & { readonly voice: Voice }): ReactNode {
  const { t, f } = voice;
  return (
    // oxlint-disable-next-line no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="max-h-72 overflow-y-auto" tabIndex={0} role="region" aria-label={t.ui.table}>
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-sheet text-xs text-ink-3">
          <tr>
            <th scope="col" className="py-1 text-start font-medium">
              {t.ui.day}
            </th>
            <th scope="col" className="py-1 text-end font-medium">
              {t.ui.chartScore}
            </th>
            <th scope="col" className="py-1 text-end font-medium">
              {t.ui.chartBound}
            </th>
            <th scope="col" className="py-1 ps-4 text-start font-medium">
              {t.ui.gradeColumn}
            </th>
            <th scope="col" className="py-1 text-start font-medium">
              {t.ui.note}
            </th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map((point) => (
            <tr key={point.day} className="border-t border-line">
              <th scope="row" className="py-1 text-start font-normal">
                {f.day(point.day)}
              </th>
              <td className="text-end font-semibold">{f.count(point.score)}</td>
              <td className="text-end">{f.count(point.bound)}</td>
              <td className="ps-4">{point.grade ?? t.ui.tooEarlySeal}</td>
              <td className="text-ink-3">{noteOf(point, markers, t.ui.chartLater)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Score over time with its band and the days on which rules or comparison changed; the same as a table and as CSV. */
export function Timeline(props: TimelineProps): ReactNode {
  const { id, points, markers, onBrush } = props;
  const voice = useVoice();
  const { t, f } = voice;
  const [as, setAs] = useState<"chart" | "table">("chart");
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return <EmptyState title={t.ui.noHistory} />;
  const drawing: TimelineDrawing = {
    points,
    markers,
    day: f.day,
    shortDay: f.shortDay,
    onBrush,
    words: (point) => [
      t.ui.confidence(f.count(point.score), f.count(point.bound)),
      ...(point.grade === null ? [] : [t.ui.grade(point.grade)]),
      noteOf(point, markers, t.ui.chartLater),
    ],
  };
  const save = (): void =>
    downloadCsv(
      id,
      [t.ui.day, t.ui.chartScore, t.ui.chartBound, t.ui.gradeColumn, t.ui.note],
      points.map((point) => [
        point.day,
        point.score,
        point.bound,
        point.grade,
        noteOf(point, markers, t.ui.chartLater),
      ]),
    );
  const label = t.ui.chartLabel(f.day(first.day), f.day(last.day), f.count(first.score), f.count(last.score));
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {as === "chart" ? <Chart drawing={drawing} label={label} /> : <PointTable {...props} voice={voice} />}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <ChoiceChips
          label={`${t.ui.chart} / ${t.ui.table}`}
          value={as}
          onChange={setAs}
          options={[
            { value: "chart", label: t.ui.chart },
            { value: "table", label: t.ui.table },
          ]}
        />
        <Button small icon={ArrowDownToLine} onClick={save}>
          {t.ui.csv}
        </Button>
      </div>
    </div>
  );
}
