export type Child = Node | string | null;

/** Data reaches the page only here, as text. */
export function make(tag: string, className: string, ...children: readonly Child[]): HTMLElement {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Nearest `lang` of an element, through shadow roots. */
export function nearestLang(element: Element): string {
  let here: Element | null = element;
  while (here !== null) {
    const found: Element | null = here.closest("[lang]");
    const lang = found?.getAttribute("lang");
    if (lang) return lang;
    const root: Node = here.getRootNode();
    here = root instanceof ShadowRoot ? root.host : null;
  }
  return navigator.language;
}

/** Address of the server: the element's `src`, else where the module came from; without a slash at its end. */
export function serverOf(element: Element, moduleUrl: string): string {
  return (element.getAttribute("src") ?? new URL(moduleUrl).origin).replace(/\/+$/, "");
}

/** A link that may be followed: http or https, in the language of who reads; null for anything else. */
export function linkFor(address: string, lang: string): string | null {
  if (!URL.canParse(address, location.href)) return null;
  const url = new URL(address, location.href);
  if (!/^https?:$/.test(url.protocol)) return null;
  url.searchParams.set("lang", lang === "en" ? "en" : "zh");
  return url.href;
}
