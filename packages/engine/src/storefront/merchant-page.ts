import type {
  AuthenticitySummary,
  Explanation,
  History,
  PackAnswer,
  Policy,
  RatingSummary,
  TrustCard,
} from "@probity/contract";
import { pointsBar, scoreBar, share } from "./charts.ts";
import { counted, whyLess } from "./counted.ts";
import { renderDocument } from "./document.ts";
import { type Figures, figuresFor } from "./figures.ts";
import { historyChart } from "./history-chart.ts";
import { definitions, html, type Markup } from "./html.ts";
import { indicatorReasons } from "./indicator-reasons.ts";
import { type Messages, messagesFor, named } from "./messages.ts";
import { packAnswers } from "./pack-answers.ts";
import { merchantPath, pathsOf, type Site } from "./paths.ts";
import { medianDimensionPoints } from "./peer-points.ts";
import { seal } from "./seal.ts";

export interface MerchantPage extends Site {
  readonly card: TrustCard;
  readonly explanation: Explanation;
  readonly history: History;
  readonly packs: readonly PackAnswer[];
  /** What counts of reviews, orders and followers; null where nothing is known of it. */
  readonly summary: AuthenticitySummary | null;
  /** Draws the category's middle into the bars; without it the bars stand alone. */
  readonly policy?: Policy;
}

interface View extends MerchantPage {
  readonly t: Messages;
  readonly f: Figures;
}

const tableRowsMax = 120;

function header({ card, explanation, t, f }: View): Markup {
  const { rating, peers } = explanation;
  const early = card.status === "too-early";
  const place = peers?.category === null ? t.rating.rankAll : t.rating.rank;
  const standing = early
    ? t.rating.provisional
    : html`${t.rating.notBelow(card.bound)}${peers === null ? null : html`<br /><span class="quiet">${place(peers.rank, peers.of, peers.median)}</span>`}`;
  return html`<header class="merchant">
    ${seal(card.grade, t, "large")}
    <div class="who">
      <h1><bdi>${card.name}</bdi></h1>
      <p class="sub">
        ${rating.category === null ? null : html`<bdi>${rating.category}</bdi> · `}${t.rating.evidence(card.orders, card.buyers)}
        · ${t.rating.asOf(f.day(card.day))}
      </p>
    </div>
    <div class="score${early ? " early" : ""}">
      <p><strong>${f.count(card.score)}</strong> <span>${t.rating.outOf}</span></p>
      ${scoreBar(card.score, card.bound, peers?.median ?? null)}
      <p class="sub">${standing}</p>
    </div>
  </header>`;
}

function redLines({ explanation, t, f }: View): Markup | null {
  const { caps, rating, rawGrade } = explanation;
  const moved = rating.grade !== null && rawGrade !== null && rawGrade !== rating.grade;
  if (caps.length === 0 && !moved) return null;
  const items = caps.map(
    (cap) => html`<li><strong>${f.words(cap.title)}</strong> ${t.merchant.capText(cap.cap, f.day(cap.until))}</li>`,
  );
  return html`${
    caps.length === 0
      ? null
      : html`<section class="notice bad" aria-labelledby="caps">
          <h2 id="caps">${t.merchant.caps}</h2>
          <ul>
            ${items}
          </ul>
        </section>`
  }${moved ? html`<p class="notice plain">${t.merchant.rawGrade(rawGrade ?? "", rating.grade ?? "")}</p>` : null}`;
}

function tooEarly({ card, t, f }: View): Markup | null {
  if (card.status !== "too-early") return null;
  const needs = card.needs.map(
    (need) =>
      html`<li>
        <span>${f.words(need.title)}</span><strong>${t.rating.has(need.has, need.needs)}</strong
        ><svg class="bar" width="100%" height="8" aria-hidden="true" focusable="false">
          <rect class="track" width="100%" height="8" rx="4" />
          <rect class="fill" width="${share(need.has, need.needs)}" height="8" rx="4" />
        </svg>
      </li>`,
  );
  return html`<section class="sheet early" aria-labelledby="early">
    <h2 id="early">${t.merchant.early}</h2>
    <ul class="needs">
      ${needs}
    </ul>
    <p class="lead">${t.merchant.earlyWhy}</p>
  </section>`;
}

function expectations({ card, explanation, t, f }: View): Markup | null {
  // Red lines come first among a card's warnings and stand above on this page.
  const warnings = card.warnings.slice(explanation.caps.length);
  if (card.highlights.length === 0 && warnings.length === 0) return null;
  const highlights = card.highlights.map(
    (item) =>
      html`<li class="${item.good ? "good" : "low"}">
        <strong>${f.percent(item.share)}</strong><span>${f.words(item.title)}</span
        ><span class="quiet">${t.rating.ofSample(item.sample)}</span>
      </li>`,
  );
  return html`<section class="sheet" aria-labelledby="expect">
    <h2 id="expect">${t.merchant.expect}</h2>
    ${
      warnings.length === 0
        ? null
        : html`<ul class="warnings" aria-label="${t.merchant.expectWarnings}">
            ${warnings.map((warning) => html`<li>${f.words(warning)}</li>`)}
          </ul>`
    }${
      highlights.length === 0
        ? null
        : html`<ul class="highlights">
            ${highlights}
          </ul>`
    }
  </section>`;
}

/** A dimension is shown as behind where an indicator is clearly so and the whole misses a tenth of the middle. */
function isBehind(dimension: Explanation["dimensions"][number], median: number | null): boolean {
  const clear = dimension.indicators.some(
    (item) => item.applies && item.peers !== null && item.high < item.peers.lower,
  );
  return clear && median !== null && dimension.points < median * 0.9;
}

function dimensions({ explanation, policy, t, f }: View): Markup {
  const shown = explanation.dimensions.filter((item) => item.max > 0);
  const marks = shown.map((item) => medianDimensionPoints(item.indicators, policy));
  const rows = shown.map(
    (item, place) =>
      html`<li>
        <a href="#dimension-${item.id}">${f.words(item.title)}</a
        >${pointsBar(item.points, item.max, marks[place] ?? null, isBehind(item, marks[place] ?? null))}<span class="r"
          ><strong>${f.count(item.points)}</strong> <span class="quiet">/ ${f.count(item.max)}</span></span
        >
      </li>`,
  );
  const sum = shown.map((item) => f.count(item.points)).join(" + ");
  const legend = marks.some((mark) => mark !== null)
    ? `${t.merchant.barLegend} · ${t.merchant.peersMark}`
    : t.merchant.barLegend;
  return html`<section class="sheet" aria-labelledby="dimensions">
    <h2 id="dimensions">${t.merchant.dimensions}</h2>
    <ul class="dimensions">
      ${rows}
    </ul>
    <p class="sum">
      <span class="quiet">${legend}</span><span>${sum} = <strong>${f.count(explanation.rating.score)}</strong></span>
    </p>
  </section>`;
}

function raise({ card, explanation, t, f }: View): Markup | null {
  if (card.status === "too-early" && explanation.raise.length === 0) return null;
  const items = explanation.raise.map(
    (item) => html`<li><b>${f.signed(item.points)}</b><span>${f.words(item.text)}</span></li>`,
  );
  return html`<section class="sheet" aria-labelledby="raise">
    <h2 id="raise">${t.merchant.raise}</h2>
    ${
      items.length === 0
        ? html`<p class="quiet">${t.merchant.raiseNone}</p>`
        : html`<ol class="raise">
            ${items}
          </ol>`
    }
  </section>`;
}

function reasons(view: View): Markup {
  const { explanation, policy, t, f } = view;
  const shown = explanation.dimensions.filter((item) => item.max > 0);
  const groups = shown.map(
    (dimension) =>
      html`<section class="dimension" id="dimension-${dimension.id}">
        <h3>
          <span>${f.words(dimension.title)}</span><span>${t.rating.points(dimension.points, dimension.max)}</span>
        </h3>
        ${dimension.indicators.map((item) => indicatorReasons(item, policy, view))}
      </section>`,
  );
  return html`<section class="sheet wide" aria-labelledby="indicators">
    <h2 id="indicators">${t.merchant.indicators}</h2>
    <p class="lead">${t.merchant.indicatorsHint}</p>
    <div class="columns-head" aria-hidden="true">
      <span>${t.merchant.colIndicator}</span><span></span><span class="r">${t.merchant.colMean}</span
      ><span class="r">${t.merchant.colPeers}</span><span class="r">${t.merchant.colSample}</span
      ><span class="r">${t.merchant.colPoints}</span>
    </div>
    ${groups}
  </section>`;
}

function historyTable({ history, t, f }: View): Markup {
  const changes = new Map<string, string[]>();
  for (const marker of history.markers) {
    const text = marker.kind === "policy" ? t.merchant.markerPolicy : t.merchant.markerEpoch;
    changes.set(marker.day, [...(changes.get(marker.day) ?? []), text]);
  }
  const rows = history.points
    .toReversed()
    .slice(0, tableRowsMax)
    .map((point) => {
      const notes = [...(changes.get(point.day) ?? []), ...(point.computedLater ? [t.merchant.later] : [])];
      return html`<tr>
        <th scope="row"><time datetime="${point.day}">${f.day(point.day)}</time></th>
        <td class="r">${f.count(point.score)}</td>
        <td class="r">${f.count(point.bound)}</td>
        <td>${point.grade ?? "–"}</td>
        <td>${notes.join(" · ")}</td>
      </tr>`;
    });
  return html`<details class="inner">
    <summary>${t.merchant.table}</summary>
    <div class="scroll-y" tabindex="0" role="group" aria-label="${t.merchant.history}">
      <table class="days">
        <thead>
          <tr>
            <th scope="col">${t.merchant.colDay}</th>
            <th scope="col" class="r">${t.merchant.colScore}</th>
            <th scope="col" class="r">${t.merchant.colBound}</th>
            <th scope="col">${t.merchant.colGrade}</th>
            <th scope="col">${t.merchant.colNote}</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </details>`;
}

function history(view: View): Markup {
  const { t, f } = view;
  return html`<section class="sheet" aria-labelledby="history">
    <h2 id="history">${t.merchant.history}</h2>
    ${historyChart(view.history, f, t)}${
      view.history.points.length === 0
        ? null
        : html`<p class="quiet">${t.merchant.historyLegend}</p>
            ${historyTable(view)}`
    }
  </section>`;
}

/** What of it all counts; left out where nothing has been judged. */
function counting(view: View): Markup | null {
  const { summary, t } = view;
  if (summary === null || summary.reviews + summary.orders + summary.followers === 0) return null;
  return html`<section class="sheet wide" aria-labelledby="counted">
    <h2 id="counted">${t.verification.hereTitle}</h2>
    <div class="halves">
      <div>${counted(summary, view)}</div>
      <div class="whys">${whyLess(summary, view)}</div>
    </div>
    <p class="quiet after">
      ${t.verification.hereText} <a href="${pathsOf(view).howWeVerify()}">${t.verification.title}</a>
    </p>
  </section>`;
}

function certificates({ explanation, t, f }: View): Markup {
  const items = explanation.certificates.map((item) => {
    const facts = [
      item.number === null ? null : t.merchant.number(item.number),
      item.issued === null ? null : t.merchant.issued(f.day(item.issued)),
      item.expires === null ? t.merchant.noExpiry : t.merchant.expires(f.day(item.expires)),
    ].filter((text) => text !== null);
    const kind = named(t.merchant.certificateKinds, item.kind);
    return html`<li>
      <p>
        <strong>${kind}</strong>
        <span class="chip ${item.valid ? "good" : "bad"}">${item.valid ? t.merchant.valid : t.merchant.expired}</span>
      </p>
      <p><bdi>${item.authority}</bdi></p>
      <p class="quiet">${facts.join(" · ")}</p>
    </li>`;
  });
  return html`<section class="sheet" aria-labelledby="certificates">
    <h2 id="certificates">${t.merchant.certificates}</h2>
    ${
      items.length === 0
        ? html`<p class="quiet">${t.merchant.noCertificates}</p>`
        : html`<ul class="certificates">
            ${items}
          </ul>`
    }
  </section>`;
}

function linked(view: View): Markup | null {
  const { explanation, t } = view;
  if (explanation.linked.length === 0) return null;
  const paths = pathsOf(view);
  const items = explanation.linked.map(
    (shop) =>
      html`<li>
        ${seal(shop.grade, t, "small")}<a href="${paths.merchant(shop.id)}"><bdi>${shop.id}</bdi></a
        ><span class="quiet">${shop.cap ? t.merchant.linkedCap : t.merchant.linkedFree}</span>
      </li>`,
  );
  return html`<section class="sheet" aria-labelledby="linked">
    <h2 id="linked">${t.merchant.linked}</h2>
    <ul class="linked">
      ${items}
    </ul>
  </section>`;
}

/** To the rules, and from there on: the log, and what proves this very rating. */
function proofLinks(view: View): Markup {
  const { t } = view;
  const paths = pathsOf(view);
  const trust = paths.trust();
  const audit =
    trust === undefined
      ? null
      : html` · <a href="${trust}">${t.trust.linkText}</a> ·
          <a href="${paths.ratingProof(view.card.merchant)}">${t.merchant.proofData}</a>`;
  return html`<a href="${paths.howWeRate()}">${t.site.howWeRate}</a>${audit}`;
}

function proof(view: View): Markup {
  const { t, f } = view;
  const rating: RatingSummary = view.explanation.rating;
  const rows: [string, Markup | string][] = [
    [t.merchant.policy, html`<code class="hash">${rating.policy}</code>`],
    [t.merchant.epoch, f.count(rating.epoch)],
    [t.merchant.logSize, t.merchant.logEntries(rating.logSize)],
    [t.merchant.day, html`<time datetime="${rating.day}">${f.day(rating.day)}</time>`],
    [t.merchant.clock, named(t.merchant.clocks, view.explanation.clock)],
  ];
  return html`<section class="proof" aria-labelledby="proof">
    <h2 id="proof">${t.merchant.proof}</h2>
    <p>${t.merchant.proofText} ${proofLinks(view)}</p>
    ${definitions(null, rows)}
  </section>`;
}

/** The public page of a merchant: every number with its reasons, readable without script. */
export function renderMerchantPage(page: MerchantPage): string {
  const view: View = { ...page, t: messagesFor(page.locale), f: figuresFor(page.locale) };
  const { card, t } = view;
  const { name, grade, score, bound, orders } = card;
  return renderDocument(page, {
    title: grade === null ? t.merchant.titleEarly(name) : t.merchant.title(name, grade, score),
    description:
      grade === null
        ? t.merchant.descriptionEarly(name, orders)
        : t.merchant.description(name, grade, score, bound, orders),
    path: merchantPath(card.merchant),
    main: html`${header(view)} ${redLines(view)}
      <div class="grid">
        <div class="column">${tooEarly(view)}${expectations(view)}${dimensions(view)}</div>
        <div class="column">${history(view)}${raise(view)}</div>
      </div>
      ${counting(view)} ${reasons(view)}
      <div class="grid even">
        <div class="column">${packAnswers(page.packs, page)}</div>
        <div class="column">${certificates(view)}${linked(view)}</div>
      </div>
      ${proof(view)}`,
  });
}
