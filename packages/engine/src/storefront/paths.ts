import { langOf, type Locale } from "./locale.ts";
import { siteCssPath } from "./style.ts";

/** Where and for whom a page is rendered. `baseUrl` is the site's address, without a slash at its end. */
export interface Site {
  readonly locale: Locale;
  readonly baseUrl: string;
  readonly marketplaceName: string;
  /** Slug of the marketplace; without it the site links to no page on trust. */
  readonly marketplace?: string;
}

type Query = Readonly<Record<string, string | null | undefined>>;

export interface Paths {
  readonly css: string;
  merchant(id: string): string;
  index(query?: Query): string;
  howWeRate(fragment?: string): string;
  howWeVerify(): string;
  /** Undefined where the marketplace is not known, as on the page for an address that leads nowhere. */
  trust(): string | undefined;
  checkReceipt(): string;
  /** What a public log serves below its address; of another marketplace where one is named. */
  log(path: string, marketplace?: string): string;
  /** A file that the server serves for every marketplace. */
  script(path: string): string;
  /** What proves a merchant's rating, as JSON. */
  ratingProof(merchant: string): string;
  /** The same page in a language. */
  inLanguage(path: string, locale: Locale, query?: Query): string;
  /** Address for links from outside, without a language. */
  outside(path: string): string;
}

export const merchantPath = (id: string): string => `/m/${encodeURIComponent(id.toWellFormed())}`;
export const indexPath = "/m";
export const howWeRatePath = "/how-we-rate";
export const howWeVerifyPath = "/how-we-verify";
export const trustPath = (marketplace: string): string => `/trust/${encodeURIComponent(marketplace)}`;
export const checkReceiptPath = "/verify";

/** Pages that stand beside those of all marketplaces, not below the prefix of one. */
const isOfServer = (path: string): boolean => path.startsWith("/trust/") || path === checkReceiptPath;
const withoutMarketplace = (address: string): string => address.replace(/\/at\/[^/]+$/, "");

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
  const root = withoutMarketplace(prefix);
  const slug = site.marketplace;
  const lang = langOf[site.locale];
  return {
    css: prefix + siteCssPath,
    merchant: (id) => `${prefix}${merchantPath(id)}?lang=${lang}`,
    index: (query = {}) => prefix + indexPath + search({ ...query, lang }),
    howWeRate: (fragment) => `${prefix}${howWeRatePath}?lang=${lang}${fragment === undefined ? "" : `#${fragment}`}`,
    howWeVerify: () => `${prefix}${howWeVerifyPath}?lang=${lang}`,
    trust: () => (slug === undefined ? undefined : `${root}${trustPath(slug)}?lang=${lang}`),
    checkReceipt: () => root + checkReceiptPath + search({ log: slug, lang }),
    log: (path, marketplace = slug ?? "") => `${root}/log/${encodeURIComponent(marketplace)}/${path}`,
    script: (path) => root + path,
    ratingProof: (merchant) =>
      `${root}/v1/public/${encodeURIComponent(slug ?? "")}/merchants/${encodeURIComponent(merchant.toWellFormed())}/proof`,
    inLanguage: (path, locale, query = {}) =>
      (isOfServer(path) ? root : prefix) + path + search({ ...query, lang: langOf[locale] }),
    outside: (path) => (isOfServer(path) ? withoutMarketplace(base) : base) + path,
  };
}
