import { type EventReason, type IndicatorReason, isMetricName, metricNamed, type Policy } from "@probity/contract";
import { type DayCount, intervalPlot, pointsBar, sparkline } from "./charts.ts";
import { type Figures, figuresFor } from "./figures.ts";
import { html, type Markup } from "./html.ts";
import { type Messages, messagesFor } from "./messages.ts";
import type { Site } from "./paths.ts";
import { medianPoints } from "./peer-points.ts";

type Fact = IndicatorReason["facts"][number];

const tableDaysMax = 31;
const eventPlacesMax = 6;

interface Voice {
  readonly t: Messages;
  readonly f: Figures;
}

/** How a metric's counters read: whole opportunities, and whether x says which were good. */
function scaleOf(name: string): { scale: number; kind: "rated" | "mean" | "plain" } {
  if (!isMetricName(name)) return { scale: 1, kind: "plain" };
  const metric = metricNamed(name);
  if (metric.kind === "mean") return { scale: metric.scale, kind: "mean" };
  return { scale: metric.scale, kind: metric.kind === "ratio" || metric.kind === "level" ? "rated" : "plain" };
}

function dayTable(fact: Fact, scale: number, plain: boolean, { t, f }: Voice): Markup {
  const newest = fact.days.toSorted(([one], [other]) => (one < other ? 1 : -1)).slice(0, tableDaysMax);
  const number = (value: number): string => f.decimal(value / scale, scale === 1 ? 0 : 1);
  const note =
    newest.length < fact.days.length
      ? html`<p class="quiet">${t.merchant.byDayPart(newest.length, fact.days.length)}</p>`
      : null;
  return html`<details class="inner">
    <summary>${t.merchant.byDay}</summary>
    ${note}
    <div class="scroll-y" tabindex="0" role="group" aria-label="${t.merchant.byDay}: ${f.words(fact.counts)}">
      <table class="days">
        <thead>
          <tr>
            <th scope="col">${t.merchant.colDay}</th>
            <th scope="col" class="r">${t.merchant.colCounted}</th>
            ${plain ? null : html`<th scope="col" class="r">${t.merchant.colGood}</th>`}
          </tr>
        </thead>
        <tbody>
          ${newest.map(
            ([day, n, x]) =>
              html`<tr>
                <th scope="row"><time datetime="${day}">${f.shortDay(day)}</time></th>
                <td class="r">${number(n)}</td>
                ${plain ? null : html`<td class="r">${number(x)}</td>`}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

function factItem(fact: Fact, voice: Voice): Markup {
  const { t, f } = voice;
  const { scale, kind } = scaleOf(fact.metric);
  const n = f.decimal(fact.n / scale, 1);
  const total =
    kind === "plain"
      ? t.merchant.factsTotal(n)
      : kind === "mean"
        ? t.merchant.factsMean(f.percent(fact.n > 0 ? Math.round((fact.x / fact.n) * 1_000_000) : 0), n)
        : t.merchant.factsTotals(f.decimal(fact.x / scale, 1), n);
  const days: readonly DayCount[] = fact.days;
  const ordered = days.map(([day]) => day).toSorted();
  const label = t.merchant.sparkline(f.words(fact.counts), f.day(ordered[0] ?? ""), f.day(ordered.at(-1) ?? ""));
  return html`<li>
    <p class="fact"><span>${f.words(fact.counts)}</span><strong>${total}</strong></p>
    ${sparkline(days, kind !== "plain", label)}${days.length > 0 ? dayTable(fact, scale, kind === "plain", voice) : null}
  </li>`;
}

function eventItem(event: EventReason, { t, f }: Voice): Markup {
  const shown = event.events.slice(0, eventPlacesMax).map((seq) => f.count(seq));
  const more = event.events.length > eventPlacesMax ? "…" : "";
  const places = shown.length === 0 ? t.merchant.noPlaces : t.merchant.places(shown.join(", ") + more);
  return html`<li class="event">
    <time datetime="${event.day}">${f.shortDay(event.day)}</time
    ><span class="verdict ${event.good ? "good" : "bad"}"
      >${event.good ? t.merchant.eventGood : t.merchant.eventBad}</span
    ><span class="what"><bdi>${f.words(event.what)}</bdi></span
    ><code>${places}</code>
  </li>`;
}

const whole = 1_000_000;

/** No case of its own yet: the mean is the prior's alone. */
const isUsualOnly = ({ prior }: IndicatorReason): boolean => prior.share === whole;

function priorWords(reason: IndicatorReason, { t, f }: Voice): string | null {
  const { prior } = reason;
  if (prior.share === 0) return null;
  const [mean, from] = [f.percent(prior.mean), t.merchant.priorFrom[prior.from]];
  return isUsualOnly(reason)
    ? t.merchant.priorOnly(mean, from)
    : t.merchant.priorText(f.percent(prior.share), mean, from);
}

function grounds(reason: IndicatorReason, voice: Voice): Markup {
  const { t, f } = voice;
  const { peers } = reason;
  const rows: [string, Markup | string | null, string?][] = [
    [
      t.merchant.range,
      html`<strong>${f.range(reason.low, reason.high)}</strong> <span class="quiet">${t.merchant.rangeWhy}</span>`,
      "own",
    ],
    [
      t.merchant.sampleLabel,
      html`<strong>${f.count(reason.sample)}</strong>
        <span class="quiet"
          >${t.merchant.sampleFresh(f.decimal(reason.n / 1_000, 1), f.decimal(reason.effective / 1_000, 1))}</span
        >`,
    ],
    [
      t.merchant.peersQuartiles,
      peers === null
        ? null
        : t.merchant.peersQuartilesText(
            f.percent(peers.lower),
            f.percent(peers.median),
            f.percent(peers.upper),
            peers.subjects,
          ),
      "others",
    ],
    [t.merchant.prior, priorWords(reason, voice)],
    [
      t.merchant.withoutTelling,
      reason.withoutTelling === null ? null : html`<strong>${f.percent(reason.withoutTelling)}</strong>`,
    ],
  ];
  return html`<dl class="grounds">
    ${rows.map(([term, text, swatch]) => (text === null ? null : html`<div><dt${swatch === undefined ? null : html` class="${swatch}"`}>${term}</dt><dd>${text}</dd></div>`))}
  </dl>`;
}

function inside(reason: IndicatorReason, voice: Voice): Markup {
  const { t, f } = voice;
  const plot = intervalPlot({
    mean: reason.mean,
    low: reason.low,
    high: reason.high,
    peers: reason.peers,
    percent: f.percent,
    label: `${t.merchant.range}: ${f.range(reason.low, reason.high)}`,
  });
  return html`<div class="inside">
    ${reason.applies ? html`<div class="ground">${plot}${grounds(reason, voice)}</div>` : null}
    <div class="evidence">
      <h4>${t.merchant.facts}</h4>
      ${
        reason.facts.length === 0
          ? html`<p class="quiet">${t.merchant.noFacts}</p>`
          : html`<ul class="facts">
              ${reason.facts.map((fact) => factItem(fact, voice))}
            </ul>`
      }${
        reason.events.length === 0
          ? null
          : html`<h4>${t.merchant.events}</h4>
              <ul class="events">
                ${reason.events.map((event) => eventItem(event, voice))}
              </ul>`
      }
    </div>
  </div>`;
}

/** One indicator: a line that opens into its evidence. */
export function indicatorReasons(reason: IndicatorReason, policy: Policy | undefined, site: Site): Markup {
  const voice: Voice = { t: messagesFor(site.locale), f: figuresFor(site.locale) };
  const { t, f } = voice;
  const cell = (name: string, label: string, value: Markup | string): Markup =>
    html`<span class="cell ${name}"><span class="label">${label} </span>${value}</span>`;
  if (!reason.applies) {
    const why = reason.whyNot === null ? t.merchant.notCounted : f.words(reason.whyNot);
    return html`<details class="indicator off" id="${reason.id}">
      <summary>
        <span class="name">${f.words(reason.title)}</span
        ><span class="why-not"
          >${t.merchant.notCounted}<span class="quiet"
            >${why === t.merchant.notCounted ? null : ` · ${why}`}</span
          ></span
        >
      </summary>
      ${inside(reason, voice)}
    </details>`;
  }
  const peers = reason.peers;
  const below = peers !== null && reason.high < peers.lower;
  return html`<details class="indicator" id="${reason.id}">
    <summary>
      <span class="name">${f.words(reason.title)}</span
      ><span class="cell gauge">${pointsBar(reason.points, reason.max, medianPoints(reason, policy), below)}</span
      >${cell(below ? "share low" : "share", t.merchant.colMean, isUsualOnly(reason) ? "–" : f.share(reason.mean))}${cell("peers", t.merchant.colPeers, peers === null ? "–" : f.share(peers.median))}${cell("sample", t.merchant.colSample, f.count(reason.sample))}${cell("points", t.merchant.colPoints, html`<strong>${f.count(reason.points)}</strong> / ${f.count(reason.max)}`)}
    </summary>
    ${inside(reason, voice)}
  </details>`;
}
