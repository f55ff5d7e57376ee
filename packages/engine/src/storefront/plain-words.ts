import type { IndicatorReason } from "@probity/contract";
import type { Words } from "./figures.ts";

/** How an indicator reads to a shopper. `misses` are counted in `per` cases, `usual` among peers. */
export interface PlainWords {
  /** Told by any of these metrics among the indicator's facts, or by the indicator's id. */
  readonly metric: string;
  readonly ids: readonly string[];
  /** Title of a highlight; null where a shopper has no use for it. */
  readonly highlight: Words | null;
  readonly warning: (misses: string, per: string, usual: string) => Words;
}

const said = (en: string, zh: string): Words => ({ en, zh });

/** By how much a shopper cares, most first; the first that fits an indicator speaks for it. */
export const plainWords: readonly PlainWords[] = [
  {
    metric: "dispatch-in-time",
    ids: [],
    highlight: said("Orders sent on time", "按时发货的订单"),
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} orders are sent later than promised; usual: ${usual}`,
        `每 ${per} 单约 ${misses} 单晚于承诺发货，同类一般 ${usual} 单`,
      ),
  },
  {
    metric: "returns-not-as-described",
    ids: ["as-described"],
    highlight: said("Orders as described", "与描述相符的订单"),
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} orders are not as described; usual: ${usual}`,
        `每 ${per} 单约 ${misses} 单与描述不符，同类一般 ${usual} 单`,
      ),
  },
  {
    metric: "review-not-low",
    ids: [],
    highlight: said("Trusted reviews of 3 stars and more", "三星及以上的可信评价"),
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} trusted reviews give one or two stars; usual: ${usual}`,
        `每 ${per} 条可信评价约 ${misses} 条只给一两星，同类一般 ${usual} 条`,
      ),
  },
  {
    metric: "tickets-answered-24h",
    ids: ["first-reply"],
    highlight: said("Questions answered within 24 hours", "24 小时内答复的咨询"),
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} questions wait longer than a day for an answer; usual: ${usual}`,
        `每 ${per} 次咨询约 ${misses} 次超过一天才答复，同类一般 ${usual} 次`,
      ),
  },
  {
    metric: "delivered-in-time",
    ids: [],
    highlight: said("Orders delivered on time", "按时送达的订单"),
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} orders arrive later than promised; usual: ${usual}`,
        `每 ${per} 单约 ${misses} 单晚于承诺送达，同类一般 ${usual} 单`,
      ),
  },
  {
    metric: "refunds-in-7d",
    ids: ["refund-in-time"],
    highlight: said("Refunds paid within 7 days", "7 日内到账的退款"),
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} refunds take longer than 7 days; usual: ${usual}`,
        `每 ${per} 笔退款约 ${misses} 笔超过 7 日，同类一般 ${usual} 笔`,
      ),
  },
  {
    metric: "returns-defect",
    ids: ["no-defect"],
    highlight: said("Orders without a defect", "没有质量问题的订单"),
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} orders come with a defect; usual: ${usual}`,
        `每 ${per} 单约 ${misses} 单有质量问题，同类一般 ${usual} 单`,
      ),
  },
  {
    metric: "inspections",
    ids: ["genuine"],
    highlight: said("Spot checks passed", "合格的抽检"),
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} spot checks fail; usual: ${usual}`,
        `每 ${per} 次抽检约 ${misses} 次不合格，同类一般 ${usual} 次`,
      ),
  },
  {
    metric: "cancelled-by-merchant",
    ids: ["not-cancelled"],
    highlight: null,
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} orders are cancelled by the shop; usual: ${usual}`,
        `每 ${per} 单约 ${misses} 单被商家取消，同类一般 ${usual} 单`,
      ),
  },
  {
    metric: "complaints",
    ids: ["few-complaints"],
    highlight: null,
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} orders end in a complaint; usual: ${usual}`,
        `每 ${per} 单约 ${misses} 单引起投诉，同类一般 ${usual} 单`,
      ),
  },
  {
    metric: "complaints-solved-7d",
    ids: ["complaints-solved"],
    highlight: null,
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} complaints are not solved within 7 days; usual: ${usual}`,
        `每 ${per} 件投诉约 ${misses} 件 7 日内没有解决，同类一般 ${usual} 件`,
      ),
  },
  {
    metric: "disputes-lost",
    ids: ["few-lost-disputes"],
    highlight: null,
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} orders end in a dispute that the shop loses; usual: ${usual}`,
        `每 ${per} 单约 ${misses} 单发生纠纷并判商家责任，同类一般 ${usual} 单`,
      ),
  },
  {
    metric: "tracking-valid",
    ids: [],
    highlight: null,
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} parcels have a tracking number that the carrier does not know; usual: ${usual}`,
        `每 ${per} 个包裹约 ${misses} 个单号查不到，同类一般 ${usual} 个`,
      ),
  },
  {
    metric: "charge-backs",
    ids: ["payments-and-data-safe"],
    highlight: null,
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} orders end in trouble with payment or data; usual: ${usual}`,
        `每 ${per} 单约 ${misses} 单发生支付或数据问题，同类一般 ${usual} 单`,
      ),
  },
  {
    metric: "low-reviews-answered",
    ids: [],
    highlight: null,
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} bad reviews get no answer within three days; usual: ${usual}`,
        `每 ${per} 条差评约 ${misses} 条三日内没有回复，同类一般 ${usual} 条`,
      ),
  },
  {
    metric: "listings",
    ids: ["listing-complete"],
    highlight: null,
    warning: (misses, per, usual) =>
      said(
        `About ${misses} in ${per} listings lack pictures, a description or the origin; usual: ${usual}`,
        `每 ${per} 件商品约 ${misses} 件缺图片、描述或产地，同类一般 ${usual} 件`,
      ),
  },
];

/** Words for an indicator, or undefined if it says nothing that a shopper could expect. */
export function plainWordsFor(reason: Pick<IndicatorReason, "id" | "facts">): PlainWords | undefined {
  return (
    plainWords.find((item) => item.metric === reason.id || item.ids.includes(reason.id)) ??
    plainWords.find((item) => reason.facts.some((fact) => fact.metric === item.metric))
  );
}

/** `12 in 100`; where that would be less than one, `3 in 1000`. */
export function warningOf(words: PlainWords, mean: number, usual: number): Words {
  const miss = 1_000_000 - mean;
  const per = miss >= 10_000 ? 100 : 1_000;
  const cases = (ppm: number): string => {
    const value = (ppm * per) / 1_000_000;
    return String(value < 1 && value > 0 ? Math.max(0.1, Math.round(value * 10) / 10) : Math.round(value));
  };
  return words.warning(cases(miss), String(per), cases(1_000_000 - usual));
}
