import type { EventReason, Explanation, History, IndicatorReason, PackAnswer } from "@probity/contract";

const today = "2026-11-21";
const dayMs = 86_400_000;
const policy = "8f3c0d5a2be94c1f7760d1a8e35b9f42c6aa17d0f94e2b83c5d1e7960ab4cc21";

/** Day so many days before the fixture's today. */
export function before(days: number): string {
  return new Date(Date.parse(today) - days * dayMs).toISOString().slice(0, 10);
}

/** Daily counters that look like trade: weekends busy, misses as given, newest weeks worse if `late`. */
function daily(span: number, busy: number, missPpm: number, late = false): [string, number, number][] {
  let state = busy * 7_919 + missPpm;
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return below === 0 ? 0 : state % below;
  };
  return Array.from({ length: span }, (_, place) => {
    const age = span - place;
    const n = Math.max(0, Math.round(busy * (0.7 + next(60) / 100) * (place % 7 > 4 ? 1.4 : 1)));
    const rate = late && age < 15 ? missPpm * 5 : missPpm;
    let misses = 0;
    for (let order = 0; order < n; order += 1) if (next(1_000_000) < rate) misses += 1;
    return [before(age), n, n - misses] as [string, number, number];
  }).filter(([, n]) => n > 0);
}

type Fact = IndicatorReason["facts"][number];

function fact(metric: string, en: string, zh: string, days: [string, number, number][]): Fact {
  return {
    metric,
    counts: { en, zh },
    n: days.reduce((sum, [, n]) => sum + n, 0),
    x: days.reduce((sum, [, , x]) => sum + x, 0),
    days,
  };
}

const event = (
  entity: string,
  entityId: string,
  age: number,
  good: boolean,
  en: string,
  zh: string,
  events: number[],
): EventReason => ({ seq: events.at(-1) ?? null, entity, entityId, day: before(age), good, what: { en, zh }, events });

type Row = [
  id: string,
  en: string,
  zh: string,
  points: number,
  max: number,
  mean: number,
  half: number,
  sample: number,
  peers: [lower: number, median: number, upper: number] | null,
  facts: Fact[],
  events?: EventReason[],
];

function reason([id, en, zh, points, max, mean, half, sample, peers, facts, events = []]: Row): IndicatorReason {
  const strength = 20_000;
  const n = Math.round(sample * 620);
  return {
    id,
    title: { en, zh },
    points,
    max,
    applies: true,
    whyNot: null,
    mean,
    low: Math.max(0, mean - half),
    high: Math.min(1_000_000, mean + half),
    n,
    x: Math.round((n * mean) / 1_000_000),
    effective: Math.round(n * 1.3),
    sample,
    prior: {
      mean: peers?.[1] ?? 900_000,
      strength,
      from: "category",
      share: Math.round((strength / (n + strength)) * 1_000_000),
    },
    peers: peers === null ? null : { lower: peers[0], median: peers[1], upper: peers[2], subjects: 903 },
    withoutTelling: events.some((item) => !item.good) ? Math.min(1_000_000, mean + Math.round(half / 2)) : null,
    facts,
    events,
  };
}

const reviews = (metric: string, en: string, zh: string, missPpm: number): Fact => {
  const days = daily(180, 2, missPpm).map(([day, n, x]): [string, number, number] => [day, n * 870, x * 870]);
  return fact(metric, en, zh, days);
};

const reputation: Row[] = [
  ["review-mean", "Mean of trusted reviews", "可信评价均值", 118, 130, 911_000, 14_000, 132, [842_000, 880_000, 915_000],
    [reviews("review-stars", "Reviews by reliability; value (stars − 1) / 4", "按可信度加权的评价；值为（星级 − 1）/ 4", 88_000)],
    [
      event("review", "r-99120", 3, true, "Review of 5 stars counts with reliability 0.97", "五星评价，可信度 0.97，计入", [1_203_988]),
      event("review", "r-98804", 6, false, "Review of 2 stars: lid does not close", "二星评价：盖子盖不严", [1_202_310, 1_203_004]),
    ]],
  ["review-not-low", "Reviews of three stars and more", "三星及以上评价", 46, 50, 964_000, 11_000, 132, [895_000, 920_000, 948_000],
    [reviews("review-not-low", "Reviews by reliability; good from three stars", "按可信度加权的评价；三星及以上为好", 36_000)]],
  ["low-reviews-answered", "Low reviews answered within 72 hours", "低分评价 72 小时内回复", 18, 30, 640_000, 120_000, 14, [350_000, 520_000, 710_000],
    [fact("low-reviews-answered", "Reviews of one or two stars; good if answered within 72 hours. Booked the day after that", "一至二星评价；72 小时内回复为好。记在到期次日", [[before(70), 4, 2], [before(41), 6, 4], [before(9), 4, 3]])]],
  ["identity", "Licence and certificates", "营业执照与证书", 32, 40, 850_000, 0, 2, [700_000, 700_000, 850_000],
    [
      fact("licences", "Valid business licences", "有效营业执照", [[before(880), 1, 0]]),
      fact("certificates", "Valid quality or identity certificates of third parties", "有效第三方质量或身份证书", [[before(212), 1, 0]]),
    ]],
];

const quality: Row[] = [
  ["as-described", "As described", "与描述相符", 88, 95, 993_000, 3_100, 512, [972_000, 981_000, 989_000],
    [
      fact("orders-kept", "Orders delivered or confirmed and not cancelled; a buyer's first three a month", "履约订单（每位买家每月最多计三单）", daily(120, 4, 0)),
      fact("returns-not-as-described", "Returns and complaints: not as described or wrong item", "因与描述不符或错发的退货与投诉", [[before(63), 1, 0], [before(30), 1, 0], [before(12), 1, 0]]),
    ],
    [event("return", "t-5512", 12, false, "Return of order 87904: wrong size sent", "订单 87904 退货：发错尺寸", [1_198_410, 1_198_977])]],
  ["no-defect", "Without defects", "无质量缺陷", 55, 60, 988_000, 4_000, 512, [970_000, 980_000, 988_000],
    [fact("orders-kept", "Orders delivered or confirmed and not cancelled; a buyer's first three a month", "履约订单（每位买家每月最多计三单）", daily(120, 4, 0))]],
  ["genuine", "Genuine goods", "正品", 56, 60, 983_000, 12_000, 14, [900_000, 955_000, 985_000],
    [fact("inspections", "Spot checks by third parties; good if passed", "第三方抽检；合格为好", [[before(300), 4, 4], [before(190), 5, 5], [before(1), 5, 5]])],
    [event("inspection", "i-301", 1, true, "Spot check: bamboo-fibre towel, content as labelled", "抽检：竹纤维毛巾，成分与标称一致", [1_203_117])]],
  ["listing-complete", "Complete listings with origin", "商品信息完整、产地可查", 28, 35, 812_000, 60_000, 138, [700_000, 830_000, 930_000],
    [fact("listings", "Listings on sale; good if complete: two images, 80 characters of description and an origin", "在售商品；信息完整（两图、80 字描述、产地）为好", [[before(720), 90, 70], [before(200), 48, 42]])]],
];

const security: Row[] = [
  ["dispatch-in-time", "Dispatched in time", "按时发货", 31, 60, 881_000, 19_000, 512, [931_000, 952_000, 975_000],
    [fact("dispatch-in-time", "Orders with a promised dispatch; good if handed over by then. Booked the day after the promise", "承诺发货的订单；按时交运为好。记在承诺次日", daily(120, 4, 45_000, true))],
    [
      event("order", "88213", 1, false, "Order 88213: promised for 19 Nov, sent on 21 Nov", "订单 88213：承诺 11 月 19 日发出，实际 11 月 21 日发出", [1_204_102, 1_204_881]),
      event("order", "88190", 2, false, "Order 88190: promised for 18 Nov, not yet sent", "订单 88190：承诺 11 月 18 日发出，尚未发出", [1_203_870]),
      event("order", "88171", 3, false, "Order 88171: promised for 17 Nov, sent on 20 Nov", "订单 88171：承诺 11 月 17 日发出，实际 11 月 20 日发出", [1_203_512, 1_204_450]),
      event("order", "88302", 1, true, "Order 88302: sent nine hours early", "订单 88302：提前九小时发出", [1_204_790]),
    ]],
  ["delivered-in-time", "Delivered as promised", "按时送达", 24, 50, 846_000, 21_000, 498, [880_000, 910_000, 944_000],
    [fact("delivered-in-time", "Orders with a promised delivery; good if delivered by then. Booked the day after the promise", "承诺送达的订单；按时送达为好。记在承诺次日", daily(120, 4, 90_000, true))]],
  ["tracking-valid", "Valid tracking", "物流单号有效", 18, 25, 938_000, 10_000, 505, [940_000, 968_000, 985_000],
    [fact("tracking-valid", "Parcels whose tracking was checked; good if the carrier knows the number", "已核对的运单；承运方可查为好", daily(120, 4, 60_000))]],
  ["not-cancelled", "Not cancelled by the merchant", "商家未取消", 24, 40, 972_000, 8_000, 540, [974_000, 983_000, 991_000],
    [
      fact("orders", "Orders placed", "下单数", daily(120, 5, 0)),
      fact("cancelled-by-merchant", "Orders cancelled by the merchant", "商家取消的订单", [[before(50), 3, 0], [before(20), 6, 0], [before(6), 5, 0]]),
    ]],
  ["payments-and-data-safe", "Payments and data safe", "支付与数据安全", 19, 25, 994_800, 1_600, 2_140, [993_000, 996_000, 998_000],
    [fact("orders", "Orders placed", "下单数", daily(330, 6, 0))]],
];

const service: Row[] = [
  ["first-reply", "First reply within 24 hours", "24 小时内首次答复", 57, 60, 979_000, 10_000, 204, [780_000, 880_000, 950_000],
    [fact("tickets-answered-24h", "Tickets; good if first answered within 24 hours. Booked the day after that", "咨询工单；24 小时内首次答复为好。记在到期次日", daily(100, 2, 20_000))]],
  ["few-complaints", "Without complaint", "无投诉", 28, 35, 979_000, 6_000, 512, [958_000, 974_000, 986_000],
    [fact("complaints", "Complaints opened", "投诉数", [[before(66), 3, 0], [before(31), 4, 0], [before(4), 3, 0]])]],
  ["complaints-solved", "Complaints solved within 7 days", "投诉 7 日内解决", 22, 35, 821_000, 90_000, 10, [700_000, 800_000, 900_000],
    [fact("complaints-solved-7d", "Complaints; good if solved within 7 days. Booked the day after that", "投诉；7 日内解决为好。记在到期次日", [[before(58), 3, 3], [before(23), 4, 3], [before(2), 3, 2]])]],
  ["few-lost-disputes", "Without a lost dispute", "无败诉纠纷", 39, 45, 996_000, 2_000, 512, [992_000, 995_000, 997_500],
    [fact("disputes-lost", "Disputes decided as the merchant's fault", "判商家责任的纠纷", [[before(44), 1, 0]])]],
  ["refund-in-time", "Refunded within 7 days", "7 日内退款", 20, 25, 902_000, 50_000, 31, [780_000, 860_000, 930_000],
    [fact("refunds-in-7d", "Accepted returns; good if refunded within 7 days. Booked the day after that", "已同意的退货；7 日内退款为好。记在到期次日", [[before(80), 11, 10], [before(44), 12, 11], [before(11), 8, 7]])]],
];

const social: Row[] = [
  ["buyers-return", "Buyers who come back", "回头客", 33, 35, 312_000, 30_000, 640, [90_000, 160_000, 240_000],
    [fact("buyers-returning", "First-time buyers; good if they keep a second order within 90 days. Booked the day after that", "首购买家；90 日内再次成交为好。记在到期次日", daily(200, 3, 690_000))]],
  ["word-of-mouth", "Word of mouth that became kept orders", "口碑推荐成交", 26, 30, 318_000, 41_000, 88, [80_000, 140_000, 260_000],
    [fact("referrals-kept", "Referrals; good if a kept order came of it within 30 days. Booked the day after that", "推荐；30 日内带来履约订单为好。记在到期次日", [[before(120), 30, 9], [before(60), 40, 13], [before(20), 18, 6]])]],
  ["real-followers", "Real followers", "真实粉丝", 16, 18, 934_000, 8_000, 3_120, [880_000, 920_000, 950_000],
    [fact("followers", "Followers", "关注者", [[before(700), 2_000, 1_860], [before(90), 1_120, 1_054]])]],
  ["interaction", "Followers who interact", "粉丝互动", 14, 17, 291_000, 14_000, 3_120, [90_000, 150_000, 230_000],
    [fact("followers-interacting", "Followers; good if they ever liked or shared", "关注者；有过点赞或分享为好", [[before(700), 2_000, 560], [before(90), 1_120, 348]])]],
];

const silent: IndicatorReason = {
  ...reason(["trusted-by-trusted", "Rated well by experienced buyers", "资深买家好评", 0, 0, 800_000, 0, 0, null, []]),
  applies: false,
  whyNot: { en: "This marketplace does not record it; its points go to the others", zh: "本市场没有这项记录，分值分给其他指标" },
};

const dimension = (id: string, en: string, zh: string, points: number, max: number, indicators: IndicatorReason[]): Explanation["dimensions"][number] => ({
  id,
  title: { en, zh },
  points,
  max,
  indicators,
});

const dimensions: Explanation["dimensions"] = [
  dimension("reputation", "Reputation", "商家信誉", 214, 250, reputation.map(reason)),
  dimension("quality", "Product quality", "商品质量", 227, 250, quality.map(reason)),
  dimension("security", "Transaction security", "交易安全", 116, 200, security.map(reason)),
  dimension("service", "Service", "平台服务", 166, 200, service.map(reason)),
  dimension("social", "Social", "社交属性", 89, 100, [...social.map(reason), silent]),
  dimension("sustainability", "Sustainability", "绿色可持续", 0, 0, []),
];

/** A good shop that has lately sent late. */
export const bambooExplanation: Explanation = {
  rating: {
    kind: "merchant",
    id: "qinghe-bamboo",
    name: "清和竹器旗舰店",
    category: "家居",
    day: today,
    status: "rated",
    score: 812,
    bound: 796,
    grade: "A",
    policy,
    epoch: 7,
    logSize: 1_204_902,
    orders: 12_418,
    buyers: 8_902,
    dimensions: dimensions.map(({ id, title, points, max }) => ({ id, title, points, max })),
  },
  rawGrade: "A",
  floor: [
    { metric: "orders-kept", title: { en: "kept orders in a year", zh: "一年内履约订单" }, has: 12_418, needs: 20 },
    { metric: "buyers", title: { en: "distinct buyers in a year", zh: "一年内不同买家" }, has: 8_902, needs: 10 },
  ],
  caps: [],
  linked: [],
  inspections: [],
  certificates: [
    { kind: "licence", authority: "杭州市市场监督管理局", number: "91330109MA2B1XQ74K", issued: "2023-09-14", expires: "2028-03-31", valid: true, source: "merchant.verified" },
    { kind: "quality", authority: "华东纤维制品检验中心", number: "FZ-2026-0418", issued: "2026-04-22", expires: "2027-04-21", valid: true, source: "merchant.verified" },
    { kind: "green", authority: "绿色包装认证", number: null, issued: "2024-05-01", expires: "2026-05-01", valid: false, source: "merchant.verified" },
  ],
  dimensions,
  raise: [
    { indicator: "complaints-solved", kind: "obligation", points: 6, kept: null, to: 900_000, text: { en: "Answer three open complaints before 18:00 today", zh: "三条未答复的投诉在今天 18:00 前首次回复" } },
    { indicator: "dispatch-in-time", kind: "peer", points: 22, kept: 96, to: 975_000, text: { en: "Send on time in 97.5% of orders, as the best quarter of the category does (now 88.1%)", zh: "按时发货率到 97.5%，与同类前四分之一持平（现 88.1%）" } },
    { indicator: "listing-complete", kind: "target", points: 5, kept: 26, to: 950_000, text: { en: "Add origin and material to 26 listings", zh: "补全 26 个商品的产地与材质说明" } },
  ],
  peers: { category: "家居", rank: 41, of: 903, median: 742 },
  clock: "wall",
};

function scoreAt(age: number): number {
  if (age > 28) return 790 + Math.round(((180 - age) / 152) * 51 + 4 * Math.sin(age / 6));
  if (age > 13) return 843;
  return 843 - Math.round((13 - age) * 2.4);
}

export const bambooHistory: History = {
  points: Array.from({ length: 181 }, (_, place) => {
    const age = 180 - place;
    const score = age === 0 ? 812 : scoreAt(age);
    const old = age > 60;
    return {
      day: before(age),
      status: "rated" as const,
      score,
      bound: score - (old ? 22 : 16),
      grade: score > 845 ? ("AA" as const) : ("A" as const),
      policy: old ? policy.replace("8f3c", "77aa") : policy,
      epoch: 1 + Math.floor(place / 30),
      computedLater: age > 175,
    };
  }),
  markers: [
    ...[1, 2, 3, 4, 5, 6].map((epoch) => ({ day: before(180 - epoch * 30), kind: "epoch" as const, policy, epoch: epoch + 1 })),
    { day: before(60), kind: "policy" as const, policy, epoch: 5 },
  ],
};

export const bambooPacks: PackAnswer[] = [
  {
    pack: "taobao-dsr",
    title: { en: "Taobao / Tmall: detailed seller ratings", zh: "淘宝 / 天猫：店铺动态评分" },
    source: "Taobao rating rules: three means over six months; a buyer's first three ratings of a shop in a calendar month count.",
    figures: "public description",
    tier: "usual",
    tierTitle: { en: "4.6 and more in all three", zh: "三项均不低于 4.6" },
    checks: [
      ["described", "As described", "描述相符", 962_000, true],
      ["service", "Service", "服务态度", 951_000, true],
      ["logistics", "Logistics", "物流服务", 918_000, false],
    ].map(([id, en, zh, value, high]) => ({
      id: id as string,
      title: { en: en as string, zh: zh as string },
      kind: "mean",
      value: value as number,
      count: 0,
      opportunities: 124,
      windowDays: 180,
      tiers: {
        high: { threshold: 950_000, bound: "min" as const, holds: high as boolean },
        usual: { threshold: 900_000, bound: "min" as const, holds: true },
      },
    })),
  },
  {
    pack: "amazon-account-health",
    title: { en: "Amazon: account health", zh: "亚马逊：账户状况" },
    source: "Amazon Seller Central: order defect rate, cancellation rate and late shipment rate.",
    figures: "primary",
    tier: "at-risk",
    tierTitle: { en: "At risk", zh: "有风险" },
    checks: [
      { id: "defects", title: { en: "Order defect rate", zh: "订单缺陷率" }, kind: "rate", value: 4_100, count: 2, opportunities: 488, windowDays: 60, tiers: { healthy: { threshold: 10_000, bound: "max", holds: true } } },
      { id: "late", title: { en: "Late shipment rate", zh: "迟发率" }, kind: "rate", value: 119_000, count: 31, opportunities: 260, windowDays: 30, tiers: { healthy: { threshold: 40_000, bound: "max", holds: false } } },
      { id: "cancelled", title: { en: "Cancelled before shipping", zh: "发货前取消率" }, kind: "rate", value: null, count: 0, opportunities: 0, windowDays: 7, tiers: { healthy: { threshold: 25_000, bound: "max", holds: true } } },
      { id: "orders", title: { en: "Orders", zh: "订单数" }, kind: "count", value: null, count: 488, opportunities: 0, windowDays: 60, tiers: { healthy: { threshold: 100, bound: "min", holds: true } } },
    ],
  },
];
