import type { Explanation, IndicatorReason, TrustCard } from "@probity/contract";
import { figuresFor, type Words } from "./figures.ts";
import { plainWords, plainWordsFor, warningOf } from "./plain-words.ts";

const highlightsMax = 4;
const warningsMax = 5;
/** Fewer cases than this tell a shopper nothing. */
const sampleMin = 10;

type Highlight = TrustCard["highlights"][number];

/** The whole interval lies below what three of four peers reach. */
function clearlyBelow(reason: IndicatorReason): boolean {
  return reason.peers !== null && reason.high < reason.peers.lower;
}

/** Not clearly below the lower quartile; without peers, not clearly below what is usual. */
function holdsUp(reason: IndicatorReason): boolean {
  return reason.high >= (reason.peers?.lower ?? reason.prior.mean);
}

function highlights(reasons: readonly IndicatorReason[]): Highlight[] {
  return reasons
    .flatMap((reason) => {
      const words = plainWordsFor(reason);
      if (words === undefined || words.highlight === null) return [];
      const highlight: Highlight = {
        id: reason.id,
        title: words.highlight,
        share: reason.mean,
        sample: reason.sample,
        good: holdsUp(reason),
      };
      return [{ place: plainWords.indexOf(words), highlight }];
    })
    .sort((one, other) => one.place - other.place)
    .slice(0, highlightsMax)
    .map((item) => item.highlight);
}

function redLineWarnings(explanation: Explanation): Words[] {
  return explanation.caps.map((cap) => ({
    en: `${cap.title.en}: grade at most ${cap.cap} until ${figuresFor("en").day(cap.until)}`,
    zh: `${cap.title.zh}，${figuresFor("zh-CN").day(cap.until)}前等级最高 ${cap.cap}`,
  }));
}

/** What falls clearly short of peers, by points lost. */
function shortfalls(reasons: readonly IndicatorReason[]): Words[] {
  return reasons
    .filter(clearlyBelow)
    .toSorted((one, other) => other.max - other.points - (one.max - one.points))
    .flatMap((reason) => {
      const words = plainWordsFor(reason);
      return words === undefined || reason.peers === null ? [] : [warningOf(words, reason.mean, reason.peers.median)];
    });
}

const fits = (words: Words): Words => ({ en: words.en.slice(0, 500), zh: words.zh.slice(0, 500) });

/** What a storefront shows of a rating: what a shopper can expect, from samples of ten and more. */
export function toTrustCard(explanation: Explanation, options: { readonly url: string }): TrustCard {
  const { rating } = explanation;
  const telling = explanation.dimensions
    .flatMap((dimension) => dimension.indicators)
    .filter((reason) => reason.applies && reason.sample >= sampleMin);
  return {
    merchant: rating.id,
    name: rating.name ?? rating.id,
    status: rating.status,
    grade: rating.grade,
    score: rating.score,
    bound: rating.bound,
    day: rating.day,
    orders: rating.orders,
    buyers: rating.buyers,
    needs: explanation.floor.map(({ title, has, needs }) => ({ title, has, needs })),
    highlights: highlights(telling),
    warnings: [...redLineWarnings(explanation), ...shortfalls(telling)].slice(0, warningsMax).map(fits),
    logSize: rating.logSize,
    policy: rating.policy,
    url: options.url,
  };
}
