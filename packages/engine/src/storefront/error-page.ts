import { renderDocument } from "./document.ts";
import { html } from "./html.ts";
import { messagesFor } from "./messages.ts";
import { pathsOf, type Site } from "./paths.ts";

export interface ErrorPage extends Site {
  readonly status: number;
  /** What support can look up; never a message or a trace. */
  readonly reference?: string;
}

/** The page for a failure on our side. */
export function renderErrorPage(page: ErrorPage): string {
  const t = messagesFor(page.locale);
  return renderDocument(page, {
    title: t.error.title,
    description: t.error.text,
    path: null,
    main: html`<div class="empty alone">
      <span class="seal large bad len3" aria-hidden="true"><span>${page.status}</span></span>
      <h1>${t.error.title}</h1>
      <p>${t.error.text}</p>
      ${page.reference === undefined ? null : html`<p class="quiet">${t.error.reference} <code>${page.reference}</code></p>`}
      <p><a href="${pathsOf(page).index()}">${t.site.merchants}</a></p>
    </div>`,
  });
}
