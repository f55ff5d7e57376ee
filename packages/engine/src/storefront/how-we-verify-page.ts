import type { Verification } from "@probity/contract";
import { counted, whyLess } from "./counted.ts";
import { renderDocument } from "./document.ts";
import { type Figures, figuresFor } from "./figures.ts";
import { definitions, html, type Markup } from "./html.ts";
import { type Messages, messagesFor } from "./messages.ts";
import { howWeVerifyPath, pathsOf, type Site } from "./paths.ts";
import { differencePlot, plainBar, weightCurve } from "./verification-charts.ts";

export interface HowWeVerifyPage extends Site {
  /** Null while no model is in force. */
  readonly verification: Verification | null;
  /** Address of the same as JSON. */
  readonly dataUrl: string;
}

interface View extends HowWeVerifyPage {
  readonly verification: Verification;
  readonly t: Messages;
  readonly f: Figures;
}

const ppmOfThousandth = 1_000;

function inShort({ t }: View): Markup {
  const { inShort: title, steps } = t.verification;
  return html`<section class="sheet" aria-labelledby="short">
    <h2 id="short">${title}</h2>
    <ol class="steps">
      ${[steps.judged, steps.weight, steps.kept, steps.people, steps.appeal].map((text) => html`<li>${text}</li>`)}
    </ol>
  </section>`;
}

function looked({ verification, t, f }: View): Markup {
  const shown = verification.reasons.filter(({ weight }) => weight > 0);
  const idle = verification.reasons
    .filter(({ weight }) => weight <= 0)
    .map(({ code }) => t.verification.reasons[code][0]);
  const sum = shown.reduce((all, { weight }) => all + weight, 0);
  const most = Math.max(...shown.map(({ weight }) => weight));
  const rows = shown.map(({ code, weight }) => {
    const [name, sentence] = t.verification.reasons[code];
    const part = f.share(Math.round((weight / sum) * 1_000) * 1_000);
    return html`<li id="reason-${code}">
      <strong>${name}</strong>${plainBar(weight, most)}<span class="r"
        ><span class="unseen">${t.verification.lookedShare(part)}</span><span aria-hidden="true">${part}</span></span
      >
      <p>${sentence}</p>
    </li>`;
  });
  return html`<section class="sheet" aria-labelledby="looked">
    <h2 id="looked">${t.verification.looked}</h2>
    <p class="lead">${t.verification.lookedHint}</p>
    <ol class="looked">
      ${rows}
    </ol>
    ${idle.length === 0 ? null : html`<p class="quiet after">${t.verification.lookedIdle(idle.join(f.words({ en: ", ", zh: "、" })))}</p>`}
  </section>`;
}

function weight({ verification, t, f }: View): Markup {
  const { fullFrom, noneBelow } = verification;
  const percent = (thousandths: number): string => f.percent(thousandths * ppmOfThousandth);
  const [full, none] = [percent(fullFrom), percent(noneBelow)];
  const text = t.verification;
  return html`<section class="sheet" aria-labelledby="weight">
    <h2 id="weight">${text.weight}</h2>
    ${weightCurve({ fullFrom, noneBelow }, { label: text.weightLabel(full, none), axis: text.axisReliability, full, none })}
    <p class="after">${text.weightText(full, none, percent((fullFrom + noneBelow) / 2), percent(500))}</p>
  </section>`;
}

function now(view: View): Markup {
  const { verification, t } = view;
  return html`<section class="sheet" aria-labelledby="now">
    <h2 id="now">${t.verification.nowTitle}</h2>
    ${counted(verification.summary, view)}${whyLess(verification.summary, view)}
  </section>`;
}

/** A number with its sign, the minus as long as the plus. */
function signed(value: number, digits: number, f: Figures): string {
  const text = f.decimal(Math.abs(value), digits);
  return text === "0" ? text : `${value < 0 ? "−" : "+"}${text}`;
}

function auditFigures({ verification, t, f }: View): Markup {
  const text = t.verification;
  const { audit: test } = verification;
  const points = (value: number): string => signed(value * 100, 1, f);
  const words = (value: number): string => signed(value, 0, f);
  const { difference, low, high, sentimentDifference, sentimentLow, sentimentHigh } = test;
  const rows: [string, Markup][] = [];
  const push = (name: string, share: number | null, of: number): void => {
    if (share === null) return;
    const percent = f.percent(Math.round(share * 1_000_000));
    rows.push([name, html`<strong>${percent}</strong> <span class="quiet">${text.ofReviews(of)}</span>`]);
  };
  push(text.lowReduced, test.lowShareReduced, test.reduced);
  push(text.lowCounted, test.lowShareCounted, test.reviews - test.reduced);
  if (difference !== null && low !== null && high !== null)
    rows.push([
      text.difference,
      html`<strong>${text.points(points(difference))}</strong>
        <span class="quiet">${text.between(points(low), points(high))}</span>`,
    ]);
  if (sentimentDifference !== null && sentimentLow !== null && sentimentHigh !== null) {
    const told = text.wordsText(words(sentimentDifference), words(sentimentLow), words(sentimentHigh));
    rows.push([text.wordsDifference, html`${told}`]);
  }
  return definitions("grounds", rows);
}

function audit(view: View): Markup {
  const { verification, t, f } = view;
  const text = t.verification;
  const { audit: test } = verification;
  const [short, sentence] = text.verdicts[test.verdict];
  const tone = { even: " good", "leans-to-good": " good", "leans-to-bad": " bad", "too-little": "" }[test.verdict];
  const points = (value: number): string => signed(value * 100, 1, f);
  const plot = differencePlot(test, {
    label: text.differenceLabel(points(test.low ?? 0), points(test.high ?? 0)),
    less: text.fewerBad,
    more: text.moreBad,
    point: points,
  });
  return html`<section class="sheet wide" aria-labelledby="audit">
    <h2 id="audit">${text.auditTitle}</h2>
    <div class="halves">
      <div>
        <p class="lead">${text.auditText}</p>
        <p><span class="chip${tone}">${short}</span></p>
        <p class="after">${sentence}</p>
        <p class="quiet after">${text.asOf(test.day)}</p>
      </div>
      <div>${auditFigures(view)}${plot}</div>
    </div>
  </section>`;
}

function keeping({ t }: View): Markup {
  const text = t.verification;
  return html`<section class="sheet" aria-labelledby="kept">
    <h2 id="kept">${text.keptTitle}</h2>
    <p>${text.keptText}</p>
    <h3 class="minor" id="appeal">${text.appealTitle}</h3>
    <p>${text.appealText}</p>
  </section>`;
}

function people({ verification, t, f }: View): Markup {
  const text = t.verification;
  const { moderatorsAgree, ringsConfirmed } = verification;
  return html`<section class="sheet" aria-labelledby="people">
    <h2 id="people">${text.peopleTitle}</h2>
    <p>${text.peopleText}</p>
    <ul class="plain-list">
      <li>
        ${moderatorsAgree === null ? text.noKappa : text.kappa(f.decimal(moderatorsAgree, 2))}
        ${moderatorsAgree === null ? null : html`<span class="quiet">${text.kappaHint}</span>`}
      </li>
      <li>${text.rings(ringsConfirmed)} <span class="quiet">${text.ringsHint}</span></li>
    </ul>
  </section>`;
}

function model(view: View): Markup {
  const { verification, dataUrl, t, f } = view;
  const text = t.verification;
  const rows: [string, Markup | string][] = [
    [text.modelSince, html`<time datetime="${verification.since}">${f.day(verification.since)}</time>`],
    [text.modelOrigin, text.origins[verification.origin]],
    [text.modelId, html`<code class="hash">${verification.model}</code>`],
  ];
  return html`<section class="proof" aria-labelledby="model">
    <h2 id="model">${text.modelTitle}</h2>
    <p>${text.modelHint}</p>
    ${definitions(null, rows)}
    <p class="after">
      <a href="${pathsOf(view).howWeRate()}">${t.site.howWeRate}</a> · <a href="${dataUrl}">${text.asData}</a>
    </p>
  </section>`;
}

function notReady({ t, site }: { readonly t: Messages; readonly site: Site }): Markup {
  return html`<div class="empty alone">
    <span class="seal large early len0" aria-hidden="true"><span>${t.rating.tooEarlySeal}</span></span>
    <h1>${t.verification.notReadyTitle}</h1>
    <p>${t.verification.notReady}</p>
    <p><a href="${pathsOf(site).howWeRate()}">${t.site.howWeRate}</a></p>
  </div>`;
}

/** How reviews are verified here, in plain words, written from what is in force and what it has come to. */
export function renderHowWeVerifyPage(page: HowWeVerifyPage): string {
  const t = messagesFor(page.locale);
  const parts = {
    title: t.verification.title,
    description: t.verification.description(page.marketplaceName),
    path: howWeVerifyPath,
    here: "how-we-verify",
  } as const;
  if (page.verification === null) return renderDocument(page, { ...parts, main: notReady({ t, site: page }) });
  const view: View = { ...page, verification: page.verification, t, f: figuresFor(page.locale) };
  return renderDocument(page, {
    ...parts,
    main: html`<header class="page">
        <h1>${t.verification.title}</h1>
        <p class="lead">${t.verification.lead}</p>
      </header>
      ${inShort(view)}
      <div class="grid even">
        <div class="column">${looked(view)}${keeping(view)}</div>
        <div class="column">${weight(view)}${now(view)}${people(view)}</div>
      </div>
      ${audit(view)} ${model(view)}`,
  });
}
