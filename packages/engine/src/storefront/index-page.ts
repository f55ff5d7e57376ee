import { type Grade, grades, type RatingSummary } from "@probity/contract";
import { dimensionColumns, scoreBar, share } from "./charts.ts";
import { renderDocument } from "./document.ts";
import { type Figures, figuresFor } from "./figures.ts";
import { html, type Markup } from "./html.ts";
import { langOf } from "./locale.ts";
import { type Messages, messagesFor } from "./messages.ts";
import { indexPath, type Paths, pathsOf, type Site } from "./paths.ts";
import { seal, toneOf } from "./seal.ts";

export interface IndexFilters {
  readonly q?: string | undefined;
  readonly category?: string | undefined;
  readonly grade?: Grade | undefined;
  readonly status?: "rated" | "too-early" | undefined;
}

export interface IndexPage extends Site {
  readonly items: readonly RatingSummary[];
  /** Merchants of the whole marketplace by grade; null is too early. */
  readonly counts: readonly { readonly grade: Grade | null; readonly merchants: number }[];
  readonly categories: readonly { readonly category: string; readonly merchants: number }[];
  readonly filters: IndexFilters;
  /** Of this page; null on the first. */
  readonly cursor: string | null;
  readonly nextCursor: string | null;
}

interface View extends IndexPage {
  readonly t: Messages;
  readonly f: Figures;
  readonly paths: Paths;
}

type Query = Record<string, string | undefined>;

const queryOf = ({ filters }: IndexPage): Query => ({
  q: filters.q,
  category: filters.category,
  grade: filters.grade,
  status: filters.status,
});

function searchForm({ filters, locale, paths, t }: View): Markup {
  const kept = Object.entries({
    category: filters.category,
    grade: filters.grade,
    status: filters.status,
    lang: langOf[locale],
  });
  const hidden = kept.map(([name, value]) =>
    value === undefined ? null : html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<form class="search" method="get" action="${paths.index().split("?")[0]}" role="search">
    <label for="q">${t.index.search}</label>
    <div>
      <input
        id="q"
        name="q"
        type="search"
        maxlength="100"
        value="${filters.q ?? ""}"
        autocomplete="off"
      />${hidden}<button>${t.index.searchButton}</button>
    </div>
  </form>`;
}

function gradeChart(view: View): Markup {
  const { counts, filters, paths, t, f } = view;
  const of = (grade: Grade | null): number => counts.find((item) => item.grade === grade)?.merchants ?? 0;
  const most = Math.max(1, ...counts.map((item) => item.merchants));
  const query = queryOf(view);
  const row = (grade: Grade | null): Markup => {
    const chosen = grade === null ? filters.status === "too-early" : filters.grade === grade;
    const target = grade === null ? { grade: undefined, status: "too-early" } : { grade, status: undefined };
    const cleared = { grade: undefined, status: undefined };
    const label = grade ?? t.rating.tooEarly;
    return html`<li>
      <a
        href="${paths.index({ ...query, ...(chosen ? cleared : target) })}"
        ${chosen ? html` aria-current="true"` : null}
        ><span class="grade-name">${label}</span
        ><svg class="bar" width="100%" height="10" aria-hidden="true" focusable="false">
          <rect class="track" width="100%" height="10" rx="3" />
          <rect
            class="tone-${grade === null ? "early" : toneOf(grade)}"
            width="${share(of(grade), most)}"
            height="10"
            rx="3"
          /></svg
        ><span class="r">${f.count(of(grade))}</span></a
      >
    </li>`;
  };
  return html`<section class="sheet" aria-labelledby="grades">
    <h2 id="grades">${t.index.grades}</h2>
    <ul class="grade-chart">
      ${grades.map(row)}${row(null)}
    </ul>
  </section>`;
}

function categoryLinks(view: View): Markup | null {
  const { categories, filters, paths, t, f } = view;
  if (categories.length === 0) return null;
  const query = queryOf(view);
  const link = (category: string | undefined, label: Markup | string): Markup =>
    html`<li>
      <a
        class="chip"
        href="${paths.index({ ...query, category })}"
        ${filters.category === category ? html` aria-current="true"` : null}
        >${label}</a
      >
    </li>`;
  return html`<nav class="categories" aria-label="${t.index.category}">
    <ul>
      ${link(undefined, t.index.everyCategory)}${categories.map((item) => link(item.category, html`<bdi>${item.category}</bdi> <span class="quiet">${f.count(item.merchants)}</span>`))}
    </ul>
  </nav>`;
}

function merchantRow(item: RatingSummary, { paths, t, f }: View): Markup {
  const early = item.status === "too-early";
  const dimensions = item.dimensions.filter((dimension) => dimension.max > 0);
  const spoken = dimensions
    .map((dimension) => t.index.dimension(f.words(dimension.title), dimension.points, dimension.max))
    .join(", ");
  return html`<li>
    ${seal(item.grade, t, "small")}
    <div class="who">
      <a href="${paths.merchant(item.id)}"><bdi>${item.name ?? item.id}</bdi></a>
      <p class="quiet">
        <bdi>${item.category ?? t.index.noCategory}</bdi> · ${t.rating.evidence(item.orders, item.buyers)}
      </p>
    </div>
    <div class="standing">
      ${
        early
          ? html`<p class="quiet">${t.rating.tooEarly}</p>`
          : html`<p>
                <strong>${f.count(item.score)}</strong> <span class="quiet">${t.rating.notBelow(item.bound)}</span>
              </p>
              ${scoreBar(item.score, item.bound, null)}`
      }
    </div>
    <div class="dims" title="${spoken}">
      ${dimensionColumns(early ? [] : dimensions)}<span class="unseen">${early ? null : spoken}</span>
    </div>
  </li>`;
}

function list(view: View): Markup {
  const { items, filters, counts, paths, t } = view;
  if (items.length > 0)
    return html`<ol class="merchants">
      ${items.map((item) => merchantRow(item, view))}
    </ol>`;
  const filtered = Object.values(filters).some((value) => value !== undefined && value !== "");
  const nobody = !filtered && counts.every((item) => item.merchants === 0);
  return html`<div class="empty">
    <span class="seal large early len0" aria-hidden="true"><span>${t.rating.tooEarlySeal}</span></span>
    <h3>${t.index.emptyTitle}</h3>
    <p>${nobody ? t.index.emptyAll : t.index.empty}</p>
    ${filtered ? html`<p><a href="${paths.index()}">${t.index.clear}</a></p>` : null}
  </div>`;
}

function pager(view: View): Markup | null {
  const { cursor, nextCursor, paths, t } = view;
  if (cursor === null && nextCursor === null) return null;
  const query = queryOf(view);
  return html`<nav class="pager" aria-label="${t.index.pager}">
    ${cursor === null ? null : html`<a href="${paths.index(query)}">${t.index.first}</a>`}${nextCursor === null ? null : html`<a rel="next" href="${paths.index({ ...query, cursor: nextCursor })}">${t.index.next}</a>`}
  </nav>`;
}

/** All merchants of a marketplace, with search, filters and the grades' distribution. */
export function renderIndexPage(page: IndexPage): string {
  const [t, f] = [messagesFor(page.locale), figuresFor(page.locale)];
  const view: View = { ...page, t, f, paths: pathsOf(page) };
  const all = page.counts.reduce((sum, item) => sum + item.merchants, 0);
  const rated = page.counts.reduce((sum, item) => sum + (item.grade === null ? 0 : item.merchants), 0);
  const filtered = Object.values(page.filters).some((value) => value !== undefined && value !== "");
  return renderDocument(page, {
    title: t.index.title(page.marketplaceName),
    description: t.index.description(page.marketplaceName, rated),
    path: indexPath,
    query: queryOf(page),
    listed: !filtered && page.cursor === null,
    here: "merchants",
    main: html`<header class="page">
        <h1><bdi>${t.index.title(page.marketplaceName)}</bdi></h1>
        <p class="lead">${t.index.lead} <a href="${view.paths.howWeVerify()}">${t.verification.title}</a></p>
      </header>
      <div class="grid index">
        <div class="column side">${searchForm(view)}${gradeChart(view)}</div>
        <div class="column">
          ${categoryLinks(view)}
          <section class="sheet" aria-labelledby="list">
            <h2 id="list">
              ${t.index.list}
              ${filtered ? html`<a class="clear" href="${view.paths.index()}">${t.index.clear}</a>` : html`<span class="quiet">${t.index.merchants(all)}</span>`}
            </h2>
            ${list(view)}
          </section>
          ${pager(view)}
        </div>
      </div>`,
  });
}
