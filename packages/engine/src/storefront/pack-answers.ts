import type { PackAnswer } from "@probity/contract";
import { type Figures, figuresFor } from "./figures.ts";
import { html, type Markup } from "./html.ts";
import { type Messages, messagesFor, named } from "./messages.ts";
import type { Site } from "./paths.ts";

type Check = PackAnswer["checks"][number];

/** A rate as a share, a mean as stars, a count as it is. */
function shown(kind: string, value: number, f: Figures, t: Messages): string {
  if (kind === "count") return f.count(value);
  if (kind === "mean" || kind === "prior-mean") return t.merchant.stars(1 + (4 * value) / 1_000_000);
  return f.percent(value);
}

function valueOf(check: Check, f: Figures, t: Messages): Markup {
  if (check.kind === "count") return html`<strong>${f.count(check.count)}</strong>`;
  if (check.value === null) return html`<span class="quiet">${t.merchant.noData}</span>`;
  const basis =
    check.kind === "rate"
      ? html` <span class="quiet">${t.merchant.ofOpportunities(check.count, check.opportunities)}</span>`
      : null;
  return html`<strong>${shown(check.kind, check.value, f, t)}</strong>${basis}`;
}

function checkRow(check: Check, f: Figures, t: Messages): Markup {
  const needed = Object.values(check.tiers).map((tier) => {
    const value = shown(check.kind, tier.threshold, f, t);
    const text = tier.bound === "max" ? t.merchant.atMost(value) : t.merchant.atLeast(value);
    return html`<li class="${tier.holds ? "met" : "broken"}">
      ${text} <span>${tier.holds ? t.merchant.holds : t.merchant.broken}</span>
    </li>`;
  });
  return html`<tr>
    <th scope="row">${f.words(check.title)} <span class="quiet">${t.merchant.window(check.windowDays)}</span></th>
    <td data-label="${t.merchant.colValue}"><span>${valueOf(check, f, t)}</span></td>
    <td data-label="${t.merchant.colThreshold}">
      <ul class="needed">
        ${needed}
      </ul>
    </td>
  </tr>`;
}

/** What the merchant's own facts would earn under other platforms' rules. */
export function packAnswers(packs: readonly PackAnswer[], site: Site): Markup | null {
  if (packs.length === 0) return null;
  const [t, f] = [messagesFor(site.locale), figuresFor(site.locale)];
  const items = packs.map(
    (pack) =>
      html`<details class="pack">
        <summary>
          <span class="name">${f.words(pack.title)}</span><span class="chip">${f.words(pack.tierTitle)}</span>
        </summary>
        <div class="inside-pack">
          <table class="cards">
            <thead>
              <tr>
                <th scope="col">${t.merchant.colCheck}</th>
                <th scope="col">${t.merchant.colValue}</th>
                <th scope="col">${t.merchant.colThreshold}</th>
              </tr>
            </thead>
            <tbody>
              ${pack.checks.map((check) => checkRow(check, f, t))}
            </tbody>
          </table>
          <p class="quiet">
            ${named(t.merchant.packFigures, pack.figures)}. ${t.merchant.packSource}:
            <span lang="en">${pack.source}</span>
          </p>
        </div>
      </details>`,
  );
  return html`<section class="sheet" aria-labelledby="packs">
    <h2 id="packs">${t.merchant.packs}</h2>
    <p class="lead">${t.merchant.packsHint}</p>
    ${items}
  </section>`;
}
