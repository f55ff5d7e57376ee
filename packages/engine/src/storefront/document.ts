import { html, type Markup, raw } from "./html.ts";
import { langOf, type Locale } from "./locale.ts";
import { messagesFor } from "./messages.ts";
import { pathsOf, type Site } from "./paths.ts";

export interface DocumentParts {
  readonly title: string;
  readonly description: string;
  /** Path of the page without the site's prefix; null for a page that has no address of its own. */
  readonly path: string | null;
  /** What the language link must keep. */
  readonly query?: Readonly<Record<string, string | null | undefined>>;
  /** False keeps the page out of search engines. */
  readonly listed?: boolean;
  readonly here?: "merchants" | "how-we-rate" | "how-we-verify" | "trust" | "receipt";
  /** Path of the one script that the page loads. */
  readonly script?: string;
  readonly main: Markup;
}

const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#b3361e"/><text x="16" y="23" font-size="20" font-weight="700" text-anchor="middle" fill="#faf9f6">信</text></svg>',
)}`;

const ogLocale: Record<Locale, string> = { "zh-CN": "zh_CN", en: "en_GB" };

function head(site: Site, parts: DocumentParts): Markup {
  const paths = pathsOf(site);
  const { path } = parts;
  const addresses =
    path === null || parts.listed === false
      ? html`<meta name="robots" content="noindex" />`
      : html`<link rel="canonical" href="${paths.outside(path)}" />
          <link rel="alternate" hreflang="zh-CN" href="${paths.outside(path)}?lang=zh" />
          <link rel="alternate" hreflang="en" href="${paths.outside(path)}?lang=en" />
          <link rel="alternate" hreflang="x-default" href="${paths.outside(path)}" />
          <meta property="og:url" content="${paths.outside(path)}" />`;
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${parts.title} · ${site.marketplaceName}</title>
    <meta name="description" content="${parts.description}" />
    <meta property="og:type" content="website" />
    <meta property="og:title" content="${parts.title}" />
    <meta property="og:description" content="${parts.description}" />
    <meta property="og:site_name" content="${site.marketplaceName}" />
    <meta property="og:locale" content="${ogLocale[site.locale]}" />
    <meta name="twitter:card" content="summary" />
    <meta name="color-scheme" content="light dark" />
    ${addresses}
    <link rel="icon" href="${raw(icon)}" />
    <link rel="stylesheet" href="${paths.css}" />
    ${parts.script === undefined ? null : html`<script type="module" src="${parts.script}"></script>`}
  </head>`;
}

/** A complete page: head, site header, `parts.main`, site footer. No inline style, and no script but `parts.script`. */
export function renderDocument(site: Site, parts: DocumentParts): string {
  const t = messagesFor(site.locale);
  const paths = pathsOf(site);
  const other: Locale = site.locale === "en" ? "zh-CN" : "en";
  const current = (here: DocumentParts["here"]): Markup => raw(parts.here === here ? ' aria-current="page"' : "");
  const trust = paths.trust();
  const page = html`<!doctype html>
    <html lang="${site.locale}">
      ${head(site, parts)}
      <body>
        <a class="skip" href="#main">${t.site.skip}</a>
        <header class="site">
          <div class="wrap">
            <a class="brand" href="${paths.index()}"
              ><span class="chop" aria-hidden="true">信</span><bdi>${site.marketplaceName}</bdi></a
            >
            <nav aria-label="${t.site.navigation}">
              <a href="${paths.index()}" ${current("merchants")}>${t.site.merchants}</a>
              <a href="${paths.howWeRate()}" ${current("how-we-rate")}>${t.site.howWeRate}</a>
              <a href="${paths.howWeVerify()}" ${current("how-we-verify")}>${t.site.howWeVerify}</a>
              <a
                href="${paths.inLanguage(parts.path ?? "/m", other, parts.query)}"
                lang="${other}"
                hreflang="${other}"
                rel="alternate"
                title="${t.site.otherLanguageLabel}"
                data-lang="${langOf[other]}"
                >${t.site.otherLanguage}</a
              >
            </nav>
          </div>
        </header>
        <main id="main" class="wrap">${parts.main}</main>
        <footer class="site">
          <div class="wrap">
            <span class="chop small" aria-hidden="true">信</span><span>${t.site.brand} · ${t.site.footer}</span>
            <nav aria-label="${t.site.about}">
              ${trust === undefined ? null : html`<a href="${trust}" ${current("trust")}>${t.site.trust}</a>`}
              <a href="${paths.checkReceipt()}" ${current("receipt")}>${t.site.checkReceipt}</a>
            </nav>
          </div>
        </footer>
      </body>
    </html> `;
  return page.text;
}
