import type { AuthenticitySummary, SuppressionAudit } from "@probity/contract";
import { share } from "./charts.ts";
import { html, type Markup } from "./html.ts";

/** Bar beside its figure; not read out. */
export function plainBar(part: number, most: number, tone = ""): Markup {
  return html`<svg class="bar" width="100%" height="10" aria-hidden="true" focusable="false">
    <rect class="track" width="100%" height="10" rx="3" />
    <rect class="fill${tone === "" ? "" : ` ${tone}`}" width="${share(part, most)}" height="10" rx="3" />
  </svg>`;
}

/** Reviews that count in full, in part and not at all, as parts of one bar; nothing that is there is too thin to see. */
export function countedBar(summary: AuthenticitySummary, label: string): Markup {
  const { reviews, reviewsNotCounted, reviewsReduced } = summary;
  const [part, none] = [reviewsReduced, reviewsNotCounted].map((some) =>
    some === 0 ? 0 : Math.max(some / Math.max(1, reviews), 0.006),
  ) as [number, number];
  const at = (value: number): string => share(value, 1);
  return html`<svg class="counted" width="100%" height="14" role="img" aria-label="${label}">
    <rect class="tone-good" width="100%" height="14" rx="4" />
    <rect class="tone-weak" x="${at(1 - part - none)}" width="${at(part + none)}" height="14" />
    <rect class="tone-bad" x="${at(1 - none)}" width="${at(none)}" height="14" />
  </svg>`;
}

/** Weight (0…1) by reliability in thousandths: nothing, a straight line, all. */
export function weightCurve(
  { fullFrom, noneBelow }: { readonly fullFrom: number; readonly noneBelow: number },
  text: { readonly label: string; readonly axis: string; readonly full: string; readonly none: string },
): Markup {
  const line = `M0 560L${noneBelow} 560L${fullFrom} 40L1000 40`;
  return html`<svg class="curve" width="100%" height="104" role="img" aria-label="${text.label}">
    <svg y="6" width="100%" height="64" viewBox="0 0 1000 600" preserveAspectRatio="none">
      <path class="area" d="${line}L1000 600L0 600Z" />
      <path class="line" d="${line}" vector-effect="non-scaling-stroke" />
    </svg>
    <line class="axis" x1="0" y1="70.5" x2="100%" y2="70.5" />
    <text x="0" y="86">0%</text>
    <text x="${share(noneBelow, 1_000)}" y="86" text-anchor="middle">${text.none}</text>
    <text x="${share(fullFrom, 1_000)}" y="86" text-anchor="middle">${text.full}</text>
    <text x="100%" y="86" text-anchor="end">100%</text>
    <text x="50%" y="101" text-anchor="middle">${text.axis}</text>
  </svg>`;
}

/** Rounded half widths of the axis around no difference. */
const reaches = [0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** Difference of two shares with its interval, around a line at no difference. Null where there is no interval. */
export function differencePlot(
  { difference, low, high }: SuppressionAudit,
  text: {
    readonly label: string;
    readonly less: string;
    readonly more: string;
    readonly point: (value: number) => string;
  },
): Markup | null {
  if (difference === null || low === null || high === null) return null;
  const reach = reaches.find((one) => one >= Math.max(Math.abs(low), Math.abs(high))) ?? 1;
  const at = (value: number): string => share(value + reach, 2 * reach);
  return html`<svg class="interval" width="100%" height="72" role="img" aria-label="${text.label}">
    <rect class="band" x="${at(low)}" y="8" width="${share(high - low, 2 * reach)}" height="12" rx="3" />
    <svg x="${at(difference)}" overflow="visible"><rect class="mean" x="-1.5" y="5" width="3" height="18" /></svg>
    <svg x="50%" overflow="visible"><rect class="mark" x="-0.75" y="0" width="1.5" height="31" /></svg>
    <line class="axis" x1="0" y1="31.5" x2="100%" y2="31.5" />
    <text x="0" y="46">${text.point(-reach)}</text>
    <text x="50%" y="46" text-anchor="middle">0</text>
    <text x="100%" y="46" text-anchor="end">${text.point(reach)}</text>
    <text x="0" y="64">← ${text.less}</text>
    <text x="100%" y="64" text-anchor="end">${text.more} →</text>
  </svg>`;
}
