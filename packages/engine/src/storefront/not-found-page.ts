import { renderDocument } from "./document.ts";
import { html } from "./html.ts";
import { messagesFor } from "./messages.ts";
import { pathsOf, type Site } from "./paths.ts";

/** The page for an address that leads nowhere. */
export function renderNotFoundPage(site: Site): string {
  const t = messagesFor(site.locale);
  const paths = pathsOf(site);
  return renderDocument(site, {
    title: t.notFound.title,
    description: t.notFound.text,
    path: null,
    main: html`<div class="empty alone">
      <span class="seal large early len0" aria-hidden="true"><span>404</span></span>
      <h1>${t.notFound.title}</h1>
      <p>${t.notFound.text}</p>
      <p><a href="${paths.index()}">${t.site.merchants}</a> · <a href="${paths.howWeRate()}">${t.site.howWeRate}</a></p>
    </div>`,
  });
}
