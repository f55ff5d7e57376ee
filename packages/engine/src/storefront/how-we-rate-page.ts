import { isMetricName, metricNamed, type Policy, type PolicyRecord } from "@probity/contract";
import { pointsCurve, share } from "./charts.ts";
import { renderDocument } from "./document.ts";
import { type Figures, figuresFor } from "./figures.ts";
import { definitions, html, type Markup } from "./html.ts";
import { type Messages, messagesFor } from "./messages.ts";
import { howWeRatePath, pathsOf, type Site } from "./paths.ts";
import { seal } from "./seal.ts";

type Indicator = Policy["indicators"][number];

export interface HowWeRatePage extends Site {
  readonly policy: Policy;
  readonly record: PolicyRecord;
  /** Other versions, newest first. */
  readonly versions: readonly PolicyRecord[];
}

interface View extends HowWeRatePage {
  readonly t: Messages;
  readonly f: Figures;
}

/** What a metric counts, from the fact registry. */
function counts(metric: string, f: Figures): string {
  return isMetricName(metric) ? f.words(metricNamed(metric).counts) : metric;
}

function evidence(indicator: Indicator, { t, f }: View): Markup {
  const rows: [string, string][] = [];
  const source = indicator.evidence;
  if (source.kind === "level") {
    for (const part of source.parts)
      rows.push([t.rules.counts, t.rules.levelPart(counts(part.metric, f), f.percent(part.each), part.cap)]);
  } else {
    for (const metric of source.of) rows.push([t.rules.counts, counts(metric, f)]);
    // The registry's words say which of a ratio are good.
    if (source.good === "all") rows.push([t.rules.good, t.rules.goodAll]);
    for (const metric of source.against) rows.push([t.rules.against, counts(metric, f)]);
    for (const item of source.less) rows.push([t.rules.less, t.rules.lessWeight(counts(item.metric, f), item.weight)]);
  }
  return definitions("grounds", rows);
}

function ageing(indicator: Indicator, { policy, t }: View): string {
  const decay = policy.decays[indicator.decay];
  if (decay === undefined || indicator.evidence.kind === "level") return t.rules.noDecay;
  const half = decay.halfLifeDays === null ? t.rules.noDecay : t.rules.halfLife(decay.halfLifeDays);
  return decay.tail === 0 ? `${half} · ${t.rules.horizon(decay.weights.length)}` : half;
}

function whenEmpty(indicator: Indicator, t: View["t"]): string {
  if (indicator.whenEmpty === "hand-over") return t.rules.whenEmptyHandOver;
  return indicator.evidence.kind === "level" ? t.rules.whenEmptyLevel : t.rules.whenEmptyPrior;
}

function indicatorRule(indicator: Indicator, view: View): Markup {
  const { t, f } = view;
  const title = f.words(indicator.title);
  const rows = indicator.table.map(
    ([mean, points]) =>
      html`<tr>
        <th scope="row">${f.percent(mean)}</th>
        <td class="r">${f.decimal((points * indicator.points) / 1_000, 1)}</td>
      </tr>`,
  );
  const level = indicator.evidence.kind === "level";
  return html`<details class="indicator rule" id="${indicator.id}">
    <summary>
      <span class="name">${title}</span><span class="cell quiet">${ageing(indicator, view)}</span
      ><span class="cell points"><strong>${t.rules.points(indicator.points)}</strong></span>
    </summary>
    <div class="inside">
      <div class="ground">
        ${evidence(indicator, view)}
        <ul class="plain-list">
          <li>${t.rules.target(f.percent(indicator.target))}</li>
          ${level ? null : html`<li>${t.rules.prior(f.percent(indicator.prior.mean), indicator.prior.strength)}</li>`}
          <li>${whenEmpty(indicator, t)}</li>
        </ul>
      </div>
      <div class="evidence">
        <h4>${t.rules.curve}</h4>
        ${pointsCurve(indicator.table, t.rules.curveLabel(title), f.percent)}
        <table class="days">
          <thead>
            <tr>
              <th scope="col">${t.rules.colShare}</th>
              <th scope="col" class="r">${t.rules.colPoints}</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>
    </div>
  </details>`;
}

function dimensions(view: View): Markup {
  const { policy, t, f } = view;
  const shown = policy.dimensions.filter((item) => item.points > 0);
  const groups = shown.map((dimension) => {
    const inside = policy.indicators.filter((item) => item.dimension === dimension.id);
    return html`<section class="dimension" id="dimension-${dimension.id}">
      <h3><span>${f.words(dimension.title)}</span><span>${t.rules.points(dimension.points)}</span></h3>
      ${inside.map((item) => indicatorRule(item, view))}
    </section>`;
  });
  const bars = shown.map(
    (item) =>
      html`<li>
        <a href="#dimension-${item.id}">${f.words(item.title)}</a
        ><svg class="bar" width="100%" height="10" aria-hidden="true" focusable="false">
          <rect class="track" width="100%" height="10" rx="3" />
          <rect
            class="fill"
            width="${share(item.points, Math.max(...shown.map((one) => one.points)))}"
            height="10"
            rx="3"
          /></svg
        ><span class="r"><strong>${f.count(item.points)}</strong></span>
      </li>`,
  );
  const sum = shown.map((item) => f.count(item.points)).join(" + ");
  const idle = policy.dimensions.filter((item) => item.points === 0).map((item) => f.words(item.title));
  return html`<section class="sheet wide" aria-labelledby="dimensions">
    <h2 id="dimensions">${t.rules.dimensions}</h2>
    <ul class="dimensions">
      ${bars}
    </ul>
    <p class="sum">
      <span class="quiet">${idle.length === 0 ? null : t.rules.weightless(idle.join(", "))}</span
      ><span>${sum} = <strong>${f.count(1_000)}</strong></span>
    </p>
    ${groups}
  </section>`;
}

function inShort(view: View): Markup {
  const { policy, t, f } = view;
  const { steps } = t.rules;
  const z = f.decimal(policy.bound.zNumerator / policy.bound.zDenominator, 3);
  return html`<section class="sheet" aria-labelledby="short">
    <h2 id="short">${t.rules.inShort}</h2>
    <ol class="steps">
      <li>${steps.count} <a href="${pathsOf(view).howWeVerify()}">${t.verification.title}</a></li>
      <li>${steps.age}</li>
      <li>${steps.shrink}</li>
      <li>${steps.sum}</li>
      <li>${steps.bound(z)}</li>
    </ol>
  </section>`;
}

function gradeRules({ policy, t, f }: View): Markup {
  const rows = policy.grades.map(
    (item) => html`<li>${seal(item.grade, t, "small")}<span>${t.rules.gradeFrom(item.min)}</span></li>`,
  );
  const floor = policy.floor.conditions.map(
    (item) => html`<li><strong>${f.count(item.min)}</strong> ${f.words(item.title)}</li>`,
  );
  return html`<section class="sheet" aria-labelledby="grades">
    <h2 id="grades">${t.rules.grades}</h2>
    <p class="lead">${t.rules.gradesText}</p>
    <ul class="grade-list">
      ${rows}
    </ul>
    <h3 class="minor">${t.rules.floor}</h3>
    <p>${t.rules.floorText(policy.floor.windowDays)}</p>
    <ul class="plain-list">
      ${floor}
    </ul>
    <h3 class="minor">${t.rules.hysteresis}</h3>
    <p>${t.rules.hysteresisText(policy.hysteresis.margin, policy.hysteresis.days)}</p>
    <h3 class="minor">${t.rules.categories}</h3>
    <p>${t.rules.categoriesText(policy.categorySubjectsMin, policy.epochDays)}</p>
  </section>`;
}

function redLines({ policy, t, f }: View): Markup {
  const items = policy.redLines.map((line) => {
    const conditions = line.when.map((condition) => {
      const least = t.rules.redLineMin(counts(condition.metric, f), condition.min);
      const part =
        condition.share === undefined
          ? null
          : t.rules.redLineShare(f.percent(condition.share.min), counts(condition.share.of, f));
      return html`<li>${least}${part === null ? null : html` ${part}`}</li>`;
    });
    return html`<li>
      <p><strong>${f.words(line.title)}</strong> <span class="chip bad">${t.rules.redLineCap(line.cap)}</span></p>
      <ul class="plain-list">
        ${conditions}
        <li>${t.rules.redLineWindow(line.windowDays)}</li>
      </ul>
    </li>`;
  });
  return html`<section class="sheet" aria-labelledby="red-lines">
    <h2 id="red-lines">${t.rules.redLines}</h2>
    ${
      items.length === 0
        ? html`<p class="quiet">${t.rules.redLinesNone}</p>`
        : html`<ul class="red-lines">
            ${items}
          </ul>`
    }
  </section>`;
}

function versionItem(record: PolicyRecord, here: boolean, { t, f }: View): Markup {
  const facts = [
    record.effectiveDay === null ? null : t.rules.since(f.day(record.effectiveDay)),
    record.noticeDays === null ? null : t.rules.noticeDays(record.noticeDays),
  ].filter((text) => text !== null);
  return html`<li>
    <p>
      <strong>${f.words(record.title)}</strong>
      <span class="chip${record.state === "in-force" ? " good" : ""}">${t.rules.states[record.state]}</span
      >${here ? html` <span class="quiet">${t.rules.thisVersion}</span>` : null}
    </p>
    <p class="quiet">${facts.join(" · ")}</p>
    <p><code class="hash">${record.policy}</code></p>
  </li>`;
}

function versions(view: View): Markup {
  const { record, t } = view;
  const trust = pathsOf(view).trust();
  const others = view.versions.filter((item) => item.policy !== record.policy);
  return html`<section class="sheet" aria-labelledby="versions">
    <h2 id="versions">${t.rules.versions}</h2>
    <p class="lead">${t.rules.noticeText}</p>
    <ul class="versions">
      ${versionItem(record, true, view)}${others.map((item) => versionItem(item, false, view))}
    </ul>
    ${trust === undefined ? null : html`<p class="after"><a href="${trust}">${t.trust.linkText}</a></p>`}
  </section>`;
}

/** The rules in plain words, written from the policy's data. */
export function renderHowWeRatePage(page: HowWeRatePage): string {
  const view: View = { ...page, t: messagesFor(page.locale), f: figuresFor(page.locale) };
  const { t, f } = view;
  return renderDocument(page, {
    title: t.rules.title,
    description: t.rules.description(page.marketplaceName),
    path: howWeRatePath,
    here: "how-we-rate",
    main: html`<header class="page">
        <h1>${t.rules.title}</h1>
        <p class="lead">${t.rules.lead}</p>
        <p class="quiet">
          ${f.words(page.policy.title)} · ${t.rules.policyId} <code class="hash">${page.record.policy}</code>
        </p>
      </header>
      ${inShort(view)} ${dimensions(view)}
      <div class="grid even">
        <div class="column">${gradeRules(view)}${versions(view)}</div>
        <div class="column">${redLines(view)}</div>
      </div>`,
  });
}
