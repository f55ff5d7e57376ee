import type { AuthenticitySummary } from "@probity/contract";
import type { Figures } from "./figures.ts";
import { html, type Markup } from "./html.ts";
import type { Messages } from "./messages.ts";
import { countedBar, plainBar } from "./verification-charts.ts";

interface View {
  readonly t: Messages;
  readonly f: Figures;
}

type Counted = AuthenticitySummary["reasons"][number];

function reasonName({ code }: Counted, { t: { verification } }: View): string {
  return code === "decision" || code === "platform" ? verification.otherReasons[code] : verification.reasons[code][0];
}

function legend(summary: AuthenticitySummary, { t: { verification }, f }: View): Markup {
  const { reviews, reviewsNotCounted: none, reviewsReduced: part } = summary;
  const rows = [
    ["good", verification.inFull, reviews - none - part],
    ["weak", verification.inPart, part],
    ["bad", verification.notAtAll, none],
  ] as const;
  return html`<ul class="counted-legend">
    ${rows.map(
      ([tone, name, items]) =>
        html`<li>
          <svg width="10" height="10" aria-hidden="true" focusable="false">
            <rect class="tone-${tone}" width="10" height="10" rx="2" />
          </svg>
          <span>${name}</span> <strong>${f.count(items)}</strong>
        </li>`,
    )}
  </ul>`;
}

/** Why reviews count less, by the reason that weighs most against each; null where all count in full. */
export function whyLess({ reasons }: AuthenticitySummary, view: View): Markup | null {
  const { t, f } = view;
  if (reasons.length === 0) return null;
  const most = Math.max(...reasons.map(({ items }) => items));
  return html`<h3 class="minor">${t.verification.whyTitle}</h3>
    <ul class="why-less">
      ${reasons.map(
        (reason) =>
          html`<li>
            <span>${reasonName(reason, view)}</span>${plainBar(reason.items, most, "low")}<span class="r"
              >${f.count(reason.items)}</span
            >
          </li>`,
      )}
    </ul>`;
}

/** What counts of reviews, orders and followers, of a merchant or a whole marketplace. */
export function counted(summary: AuthenticitySummary, view: View): Markup {
  const { verification } = view.t;
  const { f } = view;
  const { reviews, reviewsNotCounted: none, reviewsReduced: part } = summary;
  const label = verification.barLabel(f.count(reviews - none - part), f.count(part), f.count(none));
  const others = [
    summary.orders > 0 ? verification.orders(summary.orders, summary.ordersNotCounted) : null,
    summary.followers > 0 ? verification.followers(summary.followers, summary.followersNotCounted) : null,
  ].filter((text) => text !== null);
  return html`<p class="count">${reviews === 0 ? verification.noReviews : verification.reviews(reviews, none, part)}</p>
    ${reviews === 0 ? null : html`${countedBar(summary, label)}${legend(summary, view)}`}${
      others.length === 0
        ? null
        : html`<ul class="counted-others">
            ${others.map((text) => html`<li>${text}</li>`)}
          </ul>`
    }`;
}
