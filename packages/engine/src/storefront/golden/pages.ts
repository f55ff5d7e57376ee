import { type AuthenticitySummary, type Explanation, type History, type Policy, type PolicyRecord, type Verification } from "@probity/contract";
import {
  merchantPath,
  renderCheckReceiptPage,
  renderErrorPage,
  renderHowWeRatePage,
  renderHowWeVerifyPage,
  renderIndexPage,
  renderMerchantPage,
  renderNotFoundPage,
  renderTrustPage,
  toTrustCard,
} from "../index.ts";
import type { Locale } from "../locale.ts";
import { bambooExplanation, bambooHistory, bambooPacks } from "./bamboo-shop.ts";
import { withText } from "./hostile.ts";
import { bambooSummary, bambooVerification, cleanSummary, leaningVerification, youngVerification } from "./verification.ts";
import { publishedPolicies, witnessedLog, youngLog } from "./trust.ts";
import { cappedExplanation, earlyExplanation, earlyHistory, gradeCounts, hostileText, shopList } from "./other-shops.ts";

const record = (policy: Policy): PolicyRecord => ({
  policy: bambooExplanation.rating.policy,
  name: policy.name,
  subject: policy.subject,
  title: policy.title,
  state: "in-force",
  createdAt: "2026-09-01T00:00:00Z",
  publishedAt: "2026-09-02T00:00:00Z",
  effectiveDay: "2026-09-22",
  noticeDays: 15,
});

const siteOf = (
  locale: Locale,
): { locale: Locale; baseUrl: string; marketplaceName: string; marketplace: string } => ({
  locale,
  baseUrl: "https://trust.example",
  marketplace: "lakeside",
  marketplaceName: locale === "en" ? "Lakeside Market" : "湖畔集市",
});

/** A merchant's page from its parts. */
export function merchantPage(
  locale: Locale,
  explanation: Explanation,
  history: History,
  policy?: Policy,
  summary: AuthenticitySummary | null = bambooSummary,
): string {
  return renderMerchantPage({
    ...siteOf(locale),
    card: toTrustCard(explanation, { url: merchantPath(explanation.rating.id) }),
    explanation,
    history,
    packs: bambooPacks,
    summary,
    ...(policy === undefined ? {} : { policy }),
  });
}

/** The merchant's page with one text everywhere. */
export function hostilePage(locale: Locale, text: string = hostileText): string {
  const written = withText(cappedExplanation, text);
  const explanation = { ...written, rating: { ...written.rating, id: text.slice(0, 128) } };
  return renderMerchantPage({
    ...siteOf(locale),
    marketplaceName: text,
    card: toTrustCard(explanation, { url: "/m/x" }),
    explanation,
    history: bambooHistory,
    packs: withText(bambooPacks, text),
    summary: bambooSummary,
  });
}

function index(locale: Locale, empty: boolean): string {
  return renderIndexPage({
    ...siteOf(locale),
    items: empty ? [] : shopList,
    counts: gradeCounts,
    categories: [
      { category: "家居", merchants: 220 },
      { category: "服饰", merchants: 190 },
      { category: hostileText, merchants: 3 },
    ],
    filters: empty ? { q: hostileText, grade: "A" } : {},
    cursor: null,
    nextCursor: empty ? null : "eyJzY29yZSI6NjU1fQ",
  });
}

/** How reviews are verified, on a marketplace of any name. */
export function verificationPage(locale: Locale, verification: Verification | null, name?: string): string {
  const site = siteOf(locale);
  return renderHowWeVerifyPage({
    ...site,
    marketplaceName: name ?? site.marketplaceName,
    verification,
    dataUrl: "https://trust.example/v1/public/lakeside/verification",
  });
}

/** Every public page by name. */
export function pagesOf(policy: Policy): Record<string, (locale: Locale) => string> {
  const held = record(policy);
  const older: PolicyRecord = { ...held, policy: "77aa".repeat(16), state: "superseded", effectiveDay: "2026-03-01", noticeDays: 7 };
  return {
    merchant: (locale) => merchantPage(locale, bambooExplanation, bambooHistory, policy),
    "too-early": (locale) => merchantPage(locale, earlyExplanation, earlyHistory, policy, cleanSummary),
    capped: (locale) => merchantPage(locale, cappedExplanation, bambooHistory, policy),
    hostile: (locale) => hostilePage(locale),
    index: (locale) => index(locale, false),
    "empty-index": (locale) => index(locale, true),
    "how-we-rate": (locale) => renderHowWeRatePage({ ...siteOf(locale), policy, record: held, versions: [older] }),
    "how-we-verify": (locale) => verificationPage(locale, bambooVerification),
    "verify-leaning": (locale) => verificationPage(locale, leaningVerification, hostileText),
    "verify-young": (locale) => verificationPage(locale, youngVerification),
    "verify-not-ready": (locale) => verificationPage(locale, null),
    trust: (locale) => renderTrustPage({ ...siteOf(locale), log: witnessedLog, policies: publishedPolicies }),
    "trust-young": (locale) => renderTrustPage({ ...siteOf(locale), log: youngLog, policies: [] }),
    "trust-not-begun": (locale) => renderTrustPage({ ...siteOf(locale), log: null, policies: [] }),
    "check-receipt": (locale) => renderCheckReceiptPage({ ...siteOf(locale), log: "lakeside" }),
    "not-found": (locale) => renderNotFoundPage(siteOf(locale)),
    error: (locale) => renderErrorPage({ ...siteOf(locale), status: 500, reference: "req-1f" }),
  };
}
