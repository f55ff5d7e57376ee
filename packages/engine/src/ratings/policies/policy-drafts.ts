import type { IndicatorDraft, PolicyDraft } from "./make-policies.ts";

type Table = IndicatorDraft["table"];
type Words = { en: string; zh: string };
type Less = Extract<IndicatorDraft["evidence"], { kind: "share" }>["less"];

const words = (en: string, zh: string): Words => ({ en, zh });

/** A ratio or mean: x of n. */
const goodShare = (metric: string, against: string[] = []): IndicatorDraft["evidence"] => ({
  kind: "share",
  of: [metric],
  good: "x",
  less: [],
  against,
});

/** Opportunities that are good unless something goes wrong. */
const allLess = (of: string, ...less: Less): IndicatorDraft["evidence"] => ({
  kind: "share",
  of: [of],
  good: "all",
  less,
  against: [],
});

/** Promises with a clock: 95 % is good, 70 % is what shoppers will not come back to. */
const onTime: Table = [
  [0, 0],
  [700_000, 250],
  [850_000, 500],
  [950_000, 850],
  [1_000_000, 1_000],
];
/** Answers and settlements: slower to matter, as a late answer is still one. */
const answers: Table = [
  [0, 0],
  [500_000, 200],
  [800_000, 600],
  [950_000, 900],
  [1_000_000, 1_000],
];
/** What goes wrong in one order of a hundred or fewer: the table rises where shops live. */
const rareFault: Table = [
  [0, 0],
  [900_000, 150],
  [960_000, 450],
  [985_000, 800],
  [1_000_000, 1_000],
];
const rarerFault: Table = [
  [0, 0],
  [950_000, 150],
  [985_000, 500],
  [995_000, 800],
  [1_000_000, 1_000],
];
/** (stars − 1) / 4: 875,000 is 4.5 stars. */
const stars: Table = [
  [0, 0],
  [500_000, 100],
  [700_000, 350],
  [800_000, 550],
  [900_000, 850],
  [950_000, 950],
  [1_000_000, 1_000],
];
const notLow: Table = [
  [0, 0],
  [600_000, 100],
  [800_000, 400],
  [900_000, 700],
  [950_000, 880],
  [1_000_000, 1_000],
];
const returns: Table = [
  [0, 0],
  [900_000, 150],
  [950_000, 400],
  [980_000, 750],
  [990_000, 880],
  [1_000_000, 1_000],
];
const complete: Table = [
  [0, 0],
  [500_000, 300],
  [900_000, 850],
  [1_000_000, 1_000],
];

const merchantDimensions = [
  { id: "reputation", title: words("Reputation", "商家信誉"), points: 250 },
  { id: "quality", title: words("Product quality", "商品质量"), points: 250 },
  { id: "security", title: words("Transaction security", "交易安全"), points: 200 },
  { id: "service", title: words("Service", "平台服务"), points: 200 },
  { id: "social", title: words("Social", "社交属性"), points: 100 },
  { id: "sustainability", title: words("Sustainability", "绿色可持续"), points: 0 },
];

/**
 * `whenEmpty`: only what a shop may do without hands its points over (promoters, followers, green goods). What every
 * shop is asked for stays at what is usual until there is a record, or a flawless first week would be paid for it.
 */
const reputation: IndicatorDraft[] = [
  {
    id: "review-mean",
    dimension: "reputation",
    title: words("Mean of trusted reviews", "可信评价均值"),
    points: 130,
    evidence: goodShare("review-stars"),
    halfLifeDays: 180,
    table: stars,
    prior: { mean: 800_000, strength: 10 },
    whenEmpty: "prior",
    target: 900_000,
  },
  {
    id: "review-not-low",
    dimension: "reputation",
    title: words("Reviews of three stars and more", "三星及以上评价"),
    points: 50,
    evidence: goodShare("review-not-low"),
    halfLifeDays: 180,
    table: notLow,
    prior: { mean: 850_000, strength: 10 },
    whenEmpty: "prior",
    target: 950_000,
  },
  {
    id: "low-reviews-answered",
    dimension: "reputation",
    title: words("Low reviews answered within 72 hours", "低分评价 72 小时内回复"),
    points: 30,
    evidence: goodShare("low-reviews-answered"),
    halfLifeDays: 90,
    table: [
      [0, 0],
      [500_000, 400],
      [800_000, 750],
      [1_000_000, 1_000],
    ],
    prior: { mean: 500_000, strength: 5 },
    whenEmpty: "prior",
    target: 800_000,
  },
  {
    id: "identity",
    dimension: "reputation",
    title: words("Licence and certificates", "营业执照与证书"),
    points: 40,
    evidence: {
      kind: "level",
      parts: [
        { metric: "licences", each: 700_000, cap: 1 },
        { metric: "certificates", each: 150_000, cap: 2 },
      ],
    },
    halfLifeDays: null,
    table: [
      [0, 0],
      [700_000, 700],
      [1_000_000, 1_000],
    ],
    prior: { mean: 0, strength: 1 },
    whenEmpty: "prior",
    target: 850_000,
  },
];

const quality: IndicatorDraft[] = [
  {
    id: "as-described",
    dimension: "quality",
    title: words("As described", "与描述相符"),
    points: 95,
    evidence: allLess("orders-kept", { metric: "returns-not-as-described", weight: 1 }),
    halfLifeDays: 120,
    table: returns,
    prior: { mean: 970_000, strength: 50 },
    whenEmpty: "prior",
    target: 985_000,
  },
  {
    id: "no-defect",
    dimension: "quality",
    title: words("Without defects", "无质量缺陷"),
    points: 60,
    evidence: allLess("orders-kept", { metric: "returns-defect", weight: 1 }),
    halfLifeDays: 120,
    table: returns,
    prior: { mean: 970_000, strength: 50 },
    whenEmpty: "prior",
    target: 985_000,
  },
  {
    id: "genuine",
    dimension: "quality",
    title: words("Genuine goods", "正品"),
    points: 60,
    evidence: goodShare("inspections", ["counterfeits"]),
    halfLifeDays: 365,
    table: [
      [0, 0],
      [700_000, 100],
      [900_000, 400],
      [970_000, 750],
      [1_000_000, 1_000],
    ],
    prior: { mean: 950_000, strength: 5 },
    whenEmpty: "prior",
    target: 970_000,
  },
  {
    id: "listing-complete",
    dimension: "quality",
    title: words("Complete listings with origin", "商品信息完整、产地可查"),
    points: 35,
    evidence: goodShare("listings"),
    halfLifeDays: null,
    table: complete,
    prior: { mean: 800_000, strength: 5 },
    whenEmpty: "prior",
    target: 950_000,
  },
];

const security: IndicatorDraft[] = [
  {
    id: "dispatch-in-time",
    dimension: "security",
    title: words("Dispatched in time", "按时发货"),
    points: 60,
    evidence: goodShare("dispatch-in-time"),
    halfLifeDays: 45,
    table: onTime,
    prior: { mean: 900_000, strength: 20 },
    whenEmpty: "prior",
    target: 950_000,
  },
  {
    id: "delivered-in-time",
    dimension: "security",
    title: words("Delivered as promised", "按时送达"),
    points: 50,
    evidence: goodShare("delivered-in-time"),
    halfLifeDays: 45,
    table: onTime,
    prior: { mean: 900_000, strength: 20 },
    whenEmpty: "prior",
    target: 950_000,
  },
  {
    id: "tracking-valid",
    dimension: "security",
    title: words("Valid tracking", "物流单号有效"),
    points: 25,
    evidence: goodShare("tracking-valid"),
    halfLifeDays: 45,
    table: [
      [0, 0],
      [800_000, 300],
      [950_000, 800],
      [1_000_000, 1_000],
    ],
    prior: { mean: 950_000, strength: 20 },
    whenEmpty: "prior",
    target: 970_000,
  },
  {
    id: "not-cancelled",
    dimension: "security",
    title: words("Not cancelled by the merchant", "商家未取消"),
    points: 40,
    evidence: allLess("orders", { metric: "cancelled-by-merchant", weight: 1 }),
    halfLifeDays: 60,
    table: rareFault,
    prior: { mean: 980_000, strength: 50 },
    whenEmpty: "prior",
    target: 990_000,
  },
  {
    id: "payments-and-data-safe",
    dimension: "security",
    title: words("Payments and data safe", "支付与数据安全"),
    points: 25,
    evidence: allLess("orders", { metric: "charge-backs", weight: 1 }, { metric: "privacy-breaches", weight: 50 }),
    halfLifeDays: 365,
    table: rarerFault,
    prior: { mean: 995_000, strength: 100 },
    whenEmpty: "prior",
    target: 998_000,
  },
];

const service: IndicatorDraft[] = [
  {
    id: "first-reply",
    dimension: "service",
    title: words("First reply within 24 hours", "24 小时内首次答复"),
    points: 60,
    evidence: goodShare("tickets-answered-24h"),
    halfLifeDays: 45,
    table: answers,
    prior: { mean: 800_000, strength: 10 },
    whenEmpty: "prior",
    target: 950_000,
  },
  {
    id: "few-complaints",
    dimension: "service",
    title: words("Without complaint", "无投诉"),
    points: 35,
    evidence: allLess("orders-kept", { metric: "complaints", weight: 1 }),
    halfLifeDays: 90,
    table: rareFault,
    prior: { mean: 970_000, strength: 50 },
    whenEmpty: "prior",
    target: 985_000,
  },
  {
    id: "complaints-solved",
    dimension: "service",
    title: words("Complaints solved within 7 days", "投诉 7 日内解决"),
    points: 35,
    evidence: goodShare("complaints-solved-7d"),
    halfLifeDays: 60,
    table: answers,
    prior: { mean: 800_000, strength: 5 },
    whenEmpty: "prior",
    target: 950_000,
  },
  {
    id: "few-lost-disputes",
    dimension: "service",
    title: words("Without a lost dispute", "无败诉纠纷"),
    points: 45,
    evidence: allLess("orders-kept", { metric: "disputes-lost", weight: 1 }),
    halfLifeDays: 120,
    table: rarerFault,
    prior: { mean: 990_000, strength: 100 },
    whenEmpty: "prior",
    target: 995_000,
  },
  {
    id: "refund-in-time",
    dimension: "service",
    title: words("Refunded within 7 days", "7 日内退款"),
    points: 25,
    evidence: goodShare("refunds-in-7d"),
    halfLifeDays: 60,
    table: answers,
    prior: { mean: 850_000, strength: 5 },
    whenEmpty: "prior",
    target: 950_000,
  },
];

const social: IndicatorDraft[] = [
  {
    id: "buyers-return",
    dimension: "social",
    title: words("Buyers who come back", "回头客"),
    points: 30,
    evidence: goodShare("buyers-returning"),
    halfLifeDays: 365,
    // Many trades sell once (furniture, Olist: 0.1 %): nobody coming back is not yet a fault.
    table: [
      [0, 300],
      [30_000, 450],
      [100_000, 650],
      [250_000, 850],
      [500_000, 1_000],
      [1_000_000, 1_000],
    ],
    prior: { mean: 80_000, strength: 20 },
    whenEmpty: "prior",
    target: 200_000,
  },
  {
    id: "word-of-mouth",
    dimension: "social",
    title: words("Word of mouth that became kept orders", "口碑推荐成交"),
    points: 25,
    evidence: goodShare("referrals-kept"),
    halfLifeDays: 180,
    table: [
      [0, 0],
      [50_000, 300],
      [150_000, 600],
      [300_000, 850],
      [600_000, 1_000],
      [1_000_000, 1_000],
    ],
    prior: { mean: 120_000, strength: 20 },
    whenEmpty: "hand-over",
    target: 250_000,
  },
  {
    id: "real-followers",
    dimension: "social",
    title: words("Real followers", "真实粉丝"),
    points: 15,
    evidence: goodShare("followers"),
    halfLifeDays: null,
    table: [
      [0, 0],
      [500_000, 200],
      [800_000, 600],
      [950_000, 900],
      [1_000_000, 1_000],
    ],
    prior: { mean: 900_000, strength: 10 },
    whenEmpty: "hand-over",
    target: 950_000,
  },
  {
    id: "interaction",
    dimension: "social",
    title: words("Followers who interact", "粉丝互动"),
    points: 15,
    evidence: goodShare("followers-interacting"),
    halfLifeDays: null,
    table: [
      [0, 0],
      [50_000, 300],
      [200_000, 700],
      [500_000, 1_000],
      [1_000_000, 1_000],
    ],
    prior: { mean: 150_000, strength: 20 },
    whenEmpty: "hand-over",
    target: 250_000,
  },
  {
    id: "trusted-by-trusted",
    dimension: "social",
    title: words("Rated well by experienced buyers", "资深买家好评"),
    points: 15,
    evidence: goodShare("raters-standing"),
    halfLifeDays: 365,
    table: stars,
    prior: { mean: 800_000, strength: 10 },
    whenEmpty: "prior",
    target: 900_000,
  },
];

const sustainability: IndicatorDraft[] = [
  {
    id: "green-parcels",
    dimension: "sustainability",
    title: words("Green packaging", "绿色包装"),
    points: 0,
    evidence: goodShare("green-parcels"),
    halfLifeDays: 90,
    table: [
      [0, 0],
      [300_000, 500],
      [800_000, 900],
      [1_000_000, 1_000],
    ],
    prior: { mean: 300_000, strength: 10 },
    whenEmpty: "hand-over",
    target: 800_000,
  },
  {
    id: "green-certificates",
    dimension: "sustainability",
    title: words("Environmental certificates", "环保证书"),
    points: 0,
    evidence: { kind: "level", parts: [{ metric: "green-certificates", each: 500_000, cap: 2 }] },
    halfLifeDays: null,
    table: [
      [0, 0],
      [1_000_000, 1_000],
    ],
    prior: { mean: 0, strength: 1 },
    whenEmpty: "hand-over",
    target: 500_000,
  },
];

/** Bounds from which a grade is held; see README for how they were chosen. */
const gradeBounds: PolicyDraft["grades"] = [
  { grade: "AAA", min: 840 },
  { grade: "AA", min: 770 },
  { grade: "A", min: 720 },
  { grade: "BBB", min: 675 },
  { grade: "BB", min: 635 },
  { grade: "B", min: 590 },
  { grade: "C", min: 460 },
  { grade: "D", min: 0 },
];

const common = {
  format: "probity-policy/1" as const,
  /** 90 %, one-sided. */
  bound: { zNumerator: 1_282, zDenominator: 1_000 },
  grades: gradeBounds,
  hysteresis: { margin: 8, days: 3 },
  categorySubjectsMin: 8,
  epochDays: 30,
};

export const merchantDraft: PolicyDraft = {
  ...common,
  name: "merchant-default",
  subject: "merchant",
  title: words("Merchants: starting policy", "商家评级起始规则"),
  dimensions: merchantDimensions,
  indicators: [...reputation, ...quality, ...security, ...service, ...social, ...sustainability],
  floor: {
    windowDays: 365,
    conditions: [
      { metric: "orders-kept", min: 20, title: words("kept orders in a year", "一年内履约订单") },
      { metric: "buyers", min: 10, title: words("distinct buyers in a year", "一年内不同买家") },
      // Judged 90 days after the first order: a flawless first week is not yet a record.
      {
        metric: "buyers-returning",
        min: 5,
        title: words("first buyers who had 90 days to come back", "满 90 日的首购买家"),
      },
    ],
  },
  redLines: [
    {
      id: "counterfeit",
      title: words("A confirmed counterfeit within 180 days", "180 日内有已确认的假货"),
      windowDays: 180,
      when: [{ metric: "counterfeits", min: 1 }],
      cap: "C",
    },
    {
      id: "counterfeits",
      title: words("Three confirmed counterfeits within 180 days", "180 日内有三件已确认的假货"),
      windowDays: 180,
      when: [{ metric: "counterfeits", min: 3 }],
      cap: "D",
    },
    {
      id: "value-lost",
      title: words(
        "A fifth of 60 days' sales by value lost in disputes",
        "60 日内五分之一的交易额因纠纷败诉或拒付损失",
      ),
      windowDays: 60,
      when: [
        { metric: "value-lost", min: 1, share: { of: "order-value", min: 200_000 } },
        { metric: "disputes-lost", min: 3 },
      ],
      cap: "C",
    },
    {
      id: "buyers-harmed",
      title: words("A tenth of 90 days' orders, at least five buyers, harmed", "90 日内一成订单、至少五位买家受损"),
      windowDays: 90,
      when: [{ metric: "buyers-harmed", min: 5, share: { of: "orders", min: 100_000 } }],
      cap: "B",
    },
    {
      id: "privacy-breach",
      title: words("A confirmed privacy breach within 90 days", "90 日内有已确认的隐私泄露"),
      windowDays: 90,
      when: [{ metric: "privacy-breaches", min: 1 }],
      cap: "BB",
    },
    {
      id: "safety-incident",
      title: words("A severe safety incident within 60 days", "60 日内有严重安全事件"),
      windowDays: 60,
      when: [{ metric: "incidents", min: 1 }],
      cap: "BB",
    },
  ],
};

export const productDraft: PolicyDraft = {
  ...common,
  name: "product-default",
  subject: "product",
  title: words("Products: starting policy", "商品评级起始规则"),
  dimensions: [
    { id: "reputation", title: words("Reputation", "口碑"), points: 450 },
    { id: "quality", title: words("Quality", "质量"), points: 550 },
  ],
  indicators: [
    { ...(reputation[0] as IndicatorDraft), points: 320 },
    { ...(reputation[1] as IndicatorDraft), points: 130 },
    { ...(quality[0] as IndicatorDraft), points: 230 },
    { ...(quality[1] as IndicatorDraft), points: 200 },
    { ...(quality[2] as IndicatorDraft), points: 120 },
  ],
  floor: {
    windowDays: 365,
    conditions: [
      { metric: "orders-kept", min: 20, title: words("kept orders in a year", "一年内履约订单") },
      { metric: "reviews", min: 5, title: words("reviews in a year", "一年内评价") },
    ],
  },
  redLines: (merchantDraft.redLines ?? []).slice(0, 2),
};

export const promoterDraft: PolicyDraft = {
  ...common,
  name: "promoter-default",
  subject: "promoter",
  title: words("Promoters: starting policy", "推广者评级起始规则"),
  dimensions: [
    { id: "effect", title: words("Real effect", "真实效果"), points: 600 },
    { id: "audience", title: words("Audience", "受众"), points: 400 },
  ],
  indicators: [
    { ...(social[1] as IndicatorDraft), dimension: "effect", points: 600, whenEmpty: "prior" },
    // A merchant may have no channel; a promoter is one, so what is unknown of its audience stays at what is usual.
    { ...(social[2] as IndicatorDraft), dimension: "audience", points: 200, whenEmpty: "prior" },
    { ...(social[3] as IndicatorDraft), dimension: "audience", points: 200, whenEmpty: "prior" },
  ],
  floor: {
    windowDays: 365,
    conditions: [
      { metric: "referrals-kept", min: 20, title: words("referrals in a year", "一年内推荐次数") },
      { metric: "orders-kept", min: 10, title: words("kept orders in a year", "一年内履约订单") },
    ],
  },
  redLines: [],
};
