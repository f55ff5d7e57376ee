import { html, type Markup } from "./html.ts";

/** Per cent of a part, for a width in SVG; kept inside 0…100. */
export function share(part: number, whole: number): string {
  const value = whole > 0 ? (part / whole) * 100 : 0;
  return `${Math.round(Math.min(100, Math.max(0, value)) * 100) / 100}%`;
}

/** Bar of points with the category's middle as a line across. Figures stand beside it, so it is not read out. */
export function pointsBar(points: number, max: number, peers: number | null, low: boolean): Markup {
  return html`<svg class="bar" width="100%" height="14" aria-hidden="true" focusable="false">
    <rect class="track" y="3" width="100%" height="8" rx="4" />
    <rect class="${low ? "fill low" : "fill"}" y="3" width="${share(points, max)}" height="8" rx="4" />
    ${
      peers === null
        ? null
        : html`<svg x="${share(peers, max)}" y="0" overflow="visible">
            <rect class="mark" x="-1" width="2" height="14" />
          </svg>`
    }
  </svg>`;
}

/** Score with its bound: dark up to what holds, light up to the estimate, a line for the peers' median. */
export function scoreBar(score: number, bound: number, peers: number | null): Markup {
  return html`<svg class="bar" width="100%" height="14" aria-hidden="true" focusable="false">
    <rect class="track" y="3" width="100%" height="8" rx="4" />
    <rect class="fill soft" y="3" width="${share(score, 1_000)}" height="8" rx="4" />
    <rect class="fill" y="3" width="${share(bound, 1_000)}" height="8" rx="4" />
    ${
      peers === null
        ? null
        : html`<svg x="${share(peers, 1_000)}" y="0" overflow="visible">
            <rect class="mark" x="-1" width="2" height="14" />
          </svg>`
    }
  </svg>`;
}

/** Thin column of a dimension, as tall as its share of points. */
export function dimensionColumns(dimensions: readonly { readonly points: number; readonly max: number }[]): Markup {
  const shown = dimensions.filter((item) => item.max > 0);
  const columns = shown.map((item, place) => {
    const height = Math.round((Math.max(0, item.points) / item.max) * 22);
    const low = item.points / item.max < 0.5;
    return html`<rect class="track" x="${place * 9}" y="0" width="6" height="22" rx="1.5" /><rect
        class="${low ? "fill low" : "fill"}"
        x="${place * 9}"
        y="${22 - height}"
        width="6"
        height="${height}"
        rx="1.5"
      />`;
  });
  return html`<svg
    class="columns"
    width="${Math.max(6, shown.length * 9 - 3)}"
    height="22"
    aria-hidden="true"
    focusable="false"
  >
    ${columns}
  </svg>`;
}

export interface IntervalPlot {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly peers: { readonly lower: number; readonly median: number; readonly upper: number } | null;
  readonly percent: (ppm: number) => string;
  readonly label: string;
}

const axisStarts = [990_000, 980_000, 950_000, 900_000, 800_000, 500_000, 0];
const axisEnds = [20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000];

/** Round part of 0…1 that shows mean, interval and peers at once. */
function axisOf(plot: IntervalPlot): [number, number] {
  const values = [plot.mean, plot.low, plot.high, ...(plot.peers === null ? [] : [plot.peers.lower, plot.peers.upper])];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const start = axisStarts.find((value) => value <= least) ?? 0;
  if (start > 0) return [start, 1_000_000];
  return [0, axisEnds.find((value) => value >= most) ?? 1_000_000];
}

/** Mean and interval above, the category's middle half below, on one labelled axis. */
export function intervalPlot(plot: IntervalPlot): Markup {
  const [start, end] = axisOf(plot);
  const at = (value: number): string => share(value - start, end - start);
  const wide = (from: number, to: number): string => share(to - from, end - start);
  const peers = plot.peers;
  return html`<svg class="interval" width="100%" height="54" role="img" aria-label="${plot.label}">
    <rect class="band" x="${at(plot.low)}" y="6" width="${wide(plot.low, plot.high)}" height="10" rx="3" />
    <svg x="${at(plot.mean)}" overflow="visible"><rect class="mean" x="-1.5" y="3" width="3" height="16" /></svg>${
      peers === null
        ? null
        : html`<rect
              class="peers"
              x="${at(peers.lower)}"
              y="23"
              width="${wide(peers.lower, peers.upper)}"
              height="7"
              rx="2"
            /><svg x="${at(peers.median)}" overflow="visible">
              <rect class="mark" x="-1" y="21" width="2" height="11" />
            </svg>`
    }
    <line class="axis" x1="0" y1="37.5" x2="100%" y2="37.5" />
    <text x="0" y="50">${plot.percent(start)}</text>
    <text x="50%" y="50" text-anchor="middle">${plot.percent((start + end) / 2)}</text>
    <text x="100%" y="50" text-anchor="end">${plot.percent(end)}</text>
  </svg>`;
}

export type DayCount = readonly [day: string, n: number, x: number];

const sparkColumns = 90;
const dayMs = 86_400_000;

/** Sums of equal spans of days, at most 90; days without a row are nought. */
function spans(days: readonly DayCount[]): { n: number; x: number }[] {
  const times = days.map(([day]) => Date.parse(day) / dayMs);
  const first = Math.min(...times);
  const length = Math.max(...times) - first + 1;
  const width = Math.max(1, Math.ceil(length / sparkColumns));
  const sums = Array.from({ length: Math.ceil(length / width) }, () => ({ n: 0, x: 0 }));
  days.forEach(([, n, x], place) => {
    const sum = sums[Math.floor(((times[place] ?? first) - first) / width)];
    if (sum === undefined) return;
    sum.n += Math.max(0, n);
    sum.x += Math.max(0, x);
  });
  return sums;
}

/** Columns by day: good ones in jade, misses on top in cinnabar; plain where nothing is good or bad. */
export function sparkline(days: readonly DayCount[], rated: boolean, label: string): Markup | null {
  if (days.length === 0) return null;
  const sums = spans(days);
  const most = Math.max(1, ...sums.map((sum) => sum.n));
  const height = (value: number): number => Math.round((value / most) * 2_800) / 100;
  const columns = sums.map((sum, place) => {
    if (sum.n === 0) return null;
    const good = rated ? Math.min(sum.x, sum.n) : sum.n;
    const miss = sum.n - good;
    const x = place * 4;
    return html`${good > 0 ? html`<rect class="${rated ? "good" : "plain"}" x="${x}" y="${30 - height(good)}" width="3" height="${height(good)}" />` : null}${
      miss > 0
        ? html`<rect class="miss" x="${x}" y="${30 - height(sum.n)}" width="3" height="${Math.max(1, height(miss))}" />`
        : null
    }`;
  });
  return html`<svg
    class="spark"
    viewBox="0 0 ${Math.max(4, sums.length * 4)} 31"
    width="${Math.max(4, sums.length * 4)}"
    height="31"
    preserveAspectRatio="none"
    role="img"
    aria-label="${label}"
  >
    ${columns}
    <rect class="base" x="0" y="30" width="${Math.max(4, sums.length * 4)}" height="1" />
  </svg>`;
}

/** Points in thousandths up to which a curve is left out: nobody trades there. */
const curveStartMax = 250;

/** Points (thousandths) by share (ppm), where they rise; the table beside it has the rest. */
export function pointsCurve(
  table: readonly (readonly [number, number])[],
  label: string,
  percent: (ppm: number) => string,
): Markup {
  const start = table.findLast(([, points]) => points <= curveStartMax)?.[0] ?? 0;
  const span = 1_000_000 - start;
  const spot = ([mean, points]: readonly [number, number]): string =>
    `${Math.round(((mean - start) / span) * 10_000) / 10} ${Math.round((1_000 - points) * 0.6 * 10) / 10}`;
  const shown = table.filter(([mean]) => mean >= start);
  return html`<svg class="curve" width="100%" height="92" role="img" aria-label="${label}">
    <svg y="6" width="100%" height="64" viewBox="0 0 1000 600" preserveAspectRatio="none">
      <path class="area" d="M${shown.map(spot).join("L")}L1000 600L0 600Z" />
      <path class="line" d="M${shown.map(spot).join("L")}" vector-effect="non-scaling-stroke" />
    </svg>
    <line class="axis" x1="0" y1="70.5" x2="100%" y2="70.5" />
    <text x="0" y="86">${percent(start)}</text>
    <text x="100%" y="86" text-anchor="end">${percent(1_000_000)}</text>
  </svg>`;
}
