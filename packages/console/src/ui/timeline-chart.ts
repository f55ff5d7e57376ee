import { LineChart, type LineSeriesOption } from "echarts/charts";
import {
  BrushComponent,
  type BrushComponentOption,
  GridComponent,
  type GridComponentOption,
  MarkLineComponent,
  type MarkLineComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from "echarts/components";
import { type ComposeOption, type EChartsType, init, use as register } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { TimelinePoint, TimelineMarker } from "./timeline.tsx";

register([LineChart, GridComponent, TooltipComponent, MarkLineComponent, BrushComponent, CanvasRenderer]);

type Option = ComposeOption<
  LineSeriesOption | GridComponentOption | TooltipComponentOption | MarkLineComponentOption | BrushComponentOption
>;

export interface TimelineDrawing {
  readonly points: readonly TimelinePoint[];
  readonly markers: readonly TimelineMarker[];
  readonly day: (iso: string) => string;
  readonly shortDay: (iso: string) => string;
  /** Lines of the tooltip for a point. */
  readonly words: (point: TimelinePoint) => readonly string[];
  readonly onBrush: (from: string, to: string) => void;
}

export interface Timeline extends Disposable {
  draw(drawing: TimelineDrawing): void;
}

const isoOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** What a custom property is as a colour: `light-dark()` is only resolved where it is used. */
function coloursOf(element: HTMLElement): (name: string) => string {
  const probe = document.createElement("span");
  element.append(probe);
  const found = new Map<string, string>();
  for (const name of ["jade", "ink", "ink-3", "line", "sheet", "line-strong"]) {
    probe.style.color = `var(--${name})`;
    found.set(name, getComputedStyle(probe).color);
  }
  probe.remove();
  return (name) => found.get(name) ?? "";
}

/** The tooltip as elements: as text with styles in it, the content security policy would refuse it. */
function tooltipOf(drawing: TimelineDrawing, index: number): HTMLElement {
  const box = document.createElement("div");
  const point = drawing.points[index];
  if (point === undefined) return box;
  for (const [place, line] of [drawing.day(point.day), ...drawing.words(point)].entries()) {
    const row = document.createElement("div");
    row.textContent = line;
    row.className = place === 1 ? "font-semibold" : "text-xs";
    box.append(row);
  }
  return box;
}

function seriesOf({ points, markers }: TimelineDrawing, colour: (name: string) => string): LineSeriesOption[] {
  const line = { type: "line", showSymbol: points.length < 3, symbol: "circle", symbolSize: 5 } as const;
  return [
    {
      ...line,
      stack: "band",
      showSymbol: false,
      silent: true,
      lineStyle: { opacity: 0 },
      data: points.map(({ day, bound }) => [day, bound]),
    },
    {
      ...line,
      stack: "band",
      showSymbol: false,
      silent: true,
      lineStyle: { opacity: 0 },
      areaStyle: { color: colour("jade"), opacity: 0.16 },
      data: points.map(({ day, score, bound }) => [day, score - bound]),
    },
    {
      ...line,
      lineStyle: { color: colour("jade"), width: 2.2 },
      itemStyle: { color: colour("jade") },
      data: points.map(({ day, score }) => [day, score]),
      markLine: {
        symbol: "none",
        silent: true,
        animation: false,
        data: markers.map(({ day, kind, words }) => ({
          xAxis: day,
          lineStyle: {
            color: colour(kind === "policy" ? "ink-3" : "line-strong"),
            type: kind === "policy" ? "dashed" : "dotted",
          },
          label: {
            show: kind === "policy",
            formatter: words,
            color: colour("ink-3"),
            fontSize: 11,
            position: "insideEndTop" as const,
          },
        })),
      },
    },
  ];
}

function optionOf(drawing: TimelineDrawing, element: HTMLElement): Option {
  const colour = coloursOf(element);
  const label = { color: colour("ink-3"), fontSize: 11, hideOverlap: true };
  return {
    animation: false,
    useUTC: true,
    textStyle: { fontFamily: getComputedStyle(element).fontFamily },
    grid: { left: 4, right: 12, top: 14, bottom: 4, outerBoundsMode: "same" },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: colour("sheet"),
      borderColor: colour("line-strong"),
      textStyle: { color: colour("ink"), fontSize: 13 },
      axisPointer: { lineStyle: { color: colour("line-strong") } },
      formatter: (about) => tooltipOf(drawing, (Array.isArray(about) ? about[0] : about)?.dataIndex ?? -1),
    },
    xAxis: {
      type: "time",
      axisLabel: { ...label, formatter: (time: number) => drawing.shortDay(isoOf(time)) },
      axisLine: { lineStyle: { color: colour("line-strong") } },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      scale: true,
      splitNumber: 4,
      axisLabel: label,
      splitLine: { lineStyle: { color: colour("line") } },
    },
    brush: { toolbox: [], xAxisIndex: 0, brushType: "lineX", throttleType: "debounce", transformable: false },
    series: seriesOf(drawing, colour),
  };
}

function wireBrush(chart: EChartsType, latest: () => TimelineDrawing | undefined): void {
  chart.on("brushEnd", (event) => {
    const [area] = (event as { areas?: { coordRange?: [number, number] }[] }).areas ?? [];
    const [from, to] = area?.coordRange ?? [];
    chart.dispatchAction({ type: "brush", areas: [] });
    if (from !== undefined && to !== undefined && isoOf(from) < isoOf(to)) latest()?.onBrush(isoOf(from), isoOf(to));
  });
}

/** Opens a chart in an element; it follows the element's size until it is disposed. */
export function openTimeline(element: HTMLElement): Timeline {
  const chart = init(element, undefined, { renderer: "canvas" });
  let latest: TimelineDrawing | undefined;
  wireBrush(chart, () => latest);
  const resized = new ResizeObserver(() => chart.resize());
  resized.observe(element);
  return {
    draw: (drawing) => {
      latest = drawing;
      chart.setOption(optionOf(drawing, element), { notMerge: true });
      chart.dispatchAction({
        type: "takeGlobalCursor",
        key: "brush",
        brushOption: { brushType: "lineX", brushMode: "single" },
      });
    },
    [Symbol.dispose]: () => {
      resized.disconnect();
      chart.dispose();
    },
  };
}
