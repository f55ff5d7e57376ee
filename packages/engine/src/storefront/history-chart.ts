import type { History } from "@probity/contract";
import type { Figures } from "./figures.ts";
import { html, type Markup } from "./html.ts";
import type { Messages } from "./messages.ts";

type Points = History["points"];
interface Frame {
  readonly first: number;
  readonly days: number;
  readonly low: number;
  readonly high: number;
}

const dayMs = 86_400_000;
const plotHeight = 180;

function frameOf(points: Points): Frame {
  const first = Date.parse(points[0]?.day ?? "") / dayMs;
  const last = Date.parse(points.at(-1)?.day ?? "") / dayMs;
  const low = Math.min(...points.map((point) => Math.min(point.bound, point.score)));
  const high = Math.max(...points.map((point) => point.score));
  const step = high - low > 160 ? 100 : 50;
  const floor = Math.max(0, Math.floor((low - 5) / step) * step);
  const roof = Math.min(1_000, Math.ceil((high + 5) / step) * step);
  return { first, days: Math.max(1, last - first), low: floor, high: Math.max(roof, floor + step) };
}

const place = (frame: Frame, day: string): number => (Date.parse(day) / dayMs - frame.first) / frame.days;
const level = (frame: Frame, value: number): number => 1 - (value - frame.low) / (frame.high - frame.low);
const tenth = (value: number): number => Math.round(value * 10) / 10;
const spot = (frame: Frame, day: string, value: number): string =>
  `${tenth(place(frame, day) * 1_000)} ${tenth(level(frame, value) * plotHeight)}`;

function grid(frame: Frame, f: Figures): Markup[] {
  const step = frame.high - frame.low > 200 ? 100 : 50;
  const lines: Markup[] = [];
  for (let value = frame.low; value <= frame.high; value += step) {
    const y = tenth(level(frame, value) * plotHeight) + 16;
    lines.push(
      html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}" /><text x="0" y="${y - 4}">${f.count(value)}</text>`,
    );
  }
  return lines;
}

function markers(history: History, frame: Frame, t: Messages): Markup[] {
  const inside = history.markers.filter((marker) => place(frame, marker.day) >= 0 && place(frame, marker.day) <= 1);
  return inside.map((marker) => {
    const at = place(frame, marker.day);
    const x = `${tenth(at * 100)}%`;
    const late = at > 0.7;
    const label = marker.kind === "policy" ? t.merchant.markerPolicy : t.merchant.markerEpoch;
    return html`<line class="${marker.kind}-change" x1="${x}" x2="${x}" y1="10" y2="${plotHeight + 16}" />${
        marker.kind === "policy"
          ? html`<svg x="${x}" overflow="visible">
              <text class="change" x="${late ? -5 : 5}" y="${plotHeight + 10}" text-anchor="${late ? "end" : "start"}">
                ${label}
              </text>
            </svg>`
          : null
      }`;
  });
}

/** Line of the score with a band down to its bound; dashed lines where rules or comparison changed. */
export function historyChart(history: History, f: Figures, t: Messages): Markup {
  const { points } = history;
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return html`<p class="quiet">${t.merchant.historyNone}</p>`;
  const frame = frameOf(points);
  const upper = points.map((point) => spot(frame, point.day, point.score));
  const lower = points.toReversed().map((point) => spot(frame, point.day, point.bound));
  const label = t.merchant.historyLabel(f.day(first.day), f.day(last.day), first.score, last.score);
  const endX = `${tenth(place(frame, last.day) * 100)}%`;
  const endY = tenth(level(frame, last.score) * plotHeight) + 16;
  return html`<svg class="history" width="100%" height="${plotHeight + 40}" role="img" aria-label="${label}">
    ${grid(frame, f)}<svg
      y="16"
      width="100%"
      height="${plotHeight}"
      viewBox="0 0 1000 ${plotHeight}"
      preserveAspectRatio="none"
      overflow="visible"
    >
      <path class="area" d="M${upper.join("L")}L${lower.join("L")}Z" />
      <path class="line" d="M${upper.join("L")}" vector-effect="non-scaling-stroke" /></svg
    >${markers(history, frame, t)}<svg x="${endX}" overflow="visible">
      <circle class="end" cx="-4" cy="${endY}" r="4" />
    </svg>
    <text x="0" y="${plotHeight + 34}">${f.shortDay(first.day)}</text>
    <text x="100%" y="${plotHeight + 34}" text-anchor="end">${f.shortDay(last.day)}</text>
  </svg>`;
}
