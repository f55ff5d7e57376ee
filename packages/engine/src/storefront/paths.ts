import { langOf, type Locale } from "./locale.ts";
import { siteCssPath } from "./style.ts";

/** Where and for whom a page is rendered. `baseUrl` is the site's address, without a slash at its end. */
export interface Site {
  readonly locale: Locale;
  readonly baseUrl: string;
  readonly marketplaceName: string;
}

type Query = Readonly<Record<string, string | null | undefined>>;

export interface Paths {
  readonly css: string;
  merchant(id: string): string;
  index(query?: Query): string;
  howWeRate(fragment?: string): string;
  howWeVerify(): string;
  /** The same page in a language. */
  inLanguage(path: string, locale: Locale, query?: Query): string;
  /** Address for links from outside, without a language. */
  outside(path: string): string;
}

export const merchantPath = (id: string): string => `/m/${encodeURIComponent(id.toWellFormed())}`;
export const indexPath = "/m";
export const howWeRatePath = "/how-we-rate";
export const howWeVerifyPath = "/how-we-verify";

function search(query: Query): string {
  const pairs = Object.entries(query).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "",
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}

/** Links of a site; every one keeps the language. */
export function pathsOf(site: Site): Paths {
  const base = site.baseUrl.replace(/\/+$/, "");
  const prefix = URL.canParse(base) ? new URL(base).pathname.replace(/\/+$/, "") : "";
  const lang = langOf[site.locale];
  return {
    css: prefix + siteCssPath,
    merchant: (id) => `${prefix}${merchantPath(id)}?lang=${lang}`,
    index: (query = {}) => prefix + indexPath + search({ ...query, lang }),
    howWeRate: (fragment) => `${prefix}${howWeRatePath}?lang=${lang}${fragment === undefined ? "" : `#${fragment}`}`,
    howWeVerify: () => `${prefix}${howWeVerifyPath}?lang=${lang}`,
    inLanguage: (path, locale, query = {}) => prefix + path + search({ ...query, lang: langOf[locale] }),
    outside: (path) => base + path,
  };
}
