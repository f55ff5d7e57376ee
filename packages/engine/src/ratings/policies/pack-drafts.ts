import type { Pack, PackCheck } from "@probity/contract";

/** A pack whose decays are still half-lives. */
export type PackDraft = Omit<Pack, "decays"> & { readonly halfLives: readonly number[] };

type Tiers = PackCheck["tiers"];
type Words = { en: string; zh: string };
const words = (en: string, zh: string): Words => ({ en, zh });

/** Σ n of the metrics named, of Σ n of another. */
const rate = (
  id: string,
  title: Words,
  numerator: string[],
  of: string,
  windowDays: number,
  tiers: Tiers,
): PackCheck => ({
  id,
  title,
  kind: "rate",
  numerator: numerator.map((metric) => ({ metric, part: "n" })),
  denominator: [of],
  windowDays,
  tiers,
});

/** x of n of one metric; `missed` asks for the rest, n − x. */
const met = (
  id: string,
  title: Words,
  metric: string,
  windowDays: number,
  tiers: Tiers,
  missed = false,
): PackCheck => ({
  id,
  title,
  kind: "rate",
  numerator: [{ metric, part: "x" }],
  ...(missed ? { complement: true } : {}),
  denominator: [metric],
  windowDays,
  tiers,
});

const mean = (id: string, title: Words, metric: string, windowDays: number, tiers: Tiers): PackCheck => ({
  ...met(id, title, metric, windowDays, tiers),
  kind: "mean",
});

const count = (id: string, title: Words, metric: string, windowDays: number, tiers: Tiers): PackCheck => ({
  id,
  title,
  kind: "count",
  numerator: [{ metric, part: "n" }],
  denominator: [],
  windowDays,
  tiers,
});

const amazon: PackDraft = {
  format: "probity-pack/1",
  id: "amazon-account-health",
  title: words("Amazon: account health targets", "亚马逊：账户状况目标"),
  source: "Amazon Seller Central, account health (copies of the help pages). 'Below 1 %' is read as at most 0.9999 %.",
  figures: "secondary",
  halfLives: [],
  tiers: [{ id: "healthy", title: words("Healthy", "状况良好") }],
  otherwise: { id: "at-risk", title: words("At risk", "有风险") },
  checks: [
    rate(
      "order-defects",
      words("Order defect rate below 1 %", "订单缺陷率低于 1%"),
      ["reviews-low", "disputes-lost", "charge-backs"],
      "orders",
      60,
      { healthy: { max: 9_999 } },
    ),
    met(
      "late-10",
      words("Late shipment below 4 % (10 days)", "10 日迟发率低于 4%"),
      "dispatch-in-time",
      10,
      { healthy: { max: 39_999 } },
      true,
    ),
    met(
      "late-30",
      words("Late shipment below 4 % (30 days)", "30 日迟发率低于 4%"),
      "dispatch-in-time",
      30,
      { healthy: { max: 39_999 } },
      true,
    ),
    rate(
      "cancelled",
      words("Cancelled by the seller below 2.5 %", "卖家取消率低于 2.5%"),
      ["cancelled-by-merchant"],
      "orders",
      7,
      {
        healthy: { max: 24_999 },
      },
    ),
    met("tracking", words("Valid tracking above 95 %", "有效追踪率高于 95%"), "tracking-valid", 30, {
      healthy: { min: 950_001 },
    }),
    met("on-time", words("Delivered on time above 90 %", "准时交付率高于 90%"), "delivered-in-time", 30, {
      healthy: { min: 900_001 },
    }),
  ],
};

/** Three months where there were 400 sales in them, else twelve. */
const ebayWindow = <T extends PackCheck>(check: T): T => ({
  ...check,
  busyWindow: { metric: "orders-kept", min: 400, windowDays: 90 },
});

const ebay: PackDraft = {
  format: "probity-pack/1",
  id: "ebay-top-rated",
  title: words("eBay: top rated and minimum standard", "eBay：优秀卖家与最低标准"),
  source:
    "eBay seller performance standards. Sales by value are read from value bands; the age of the account is not checked; defects are counted instead of their distinct buyers.",
  figures: "secondary",
  halfLives: [],
  tiers: [
    { id: "top-rated", title: words("Top rated", "优秀卖家") },
    { id: "above-standard", title: words("Above standard", "达标") },
  ],
  otherwise: { id: "below-standard", title: words("Below standard", "不达标") },
  checks: [
    count("sales", words("100 sales in 12 months", "12 个月 100 笔成交"), "orders-kept", 365, {
      "top-rated": { min: 100 },
    }),
    count("sales-value", words("Sales of 1,000 in 12 months", "12 个月成交额 1,000"), "order-value", 365, {
      "top-rated": { min: 100 },
    }),
    ebayWindow(
      rate(
        "defects",
        words("Transaction defects", "交易缺陷"),
        ["cancelled-by-merchant", "disputes-lost"],
        "orders",
        365,
        {
          "top-rated": { max: 5_000, unlessCount: 4 },
          "above-standard": { max: 20_000, unlessCount: 5 },
        },
      ),
    ),
    ebayWindow(
      rate(
        "cases",
        words("Cases closed without the seller's resolution", "未由卖家解决的案件"),
        ["disputes-lost"],
        "orders",
        365,
        {
          "top-rated": { max: 3_000, unlessCount: 3 },
          "above-standard": { max: 3_000, unlessCount: 3 },
        },
      ),
    ),
    ebayWindow(
      met(
        "late",
        words("Late shipment", "迟发"),
        "dispatch-in-time",
        365,
        { "top-rated": { max: 30_000, unlessCount: 6 } },
        true,
      ),
    ),
    met("tracking", words("Valid tracking, 95 %", "有效追踪率 95%"), "tracking-valid", 90, {
      "top-rated": { min: 950_000 },
    }),
  ],
};

const etsy: PackDraft = {
  format: "probity-pack/1",
  id: "etsy-star-seller",
  title: words("Etsy: Star Seller and minimum standard", "Etsy：星级卖家与最低标准"),
  source:
    "Etsy Help Center: Star Seller, seller standards. Low reviews are those of one or two stars (Etsy: up to three); sales by value are read from value bands.",
  figures: "secondary",
  halfLives: [],
  tiers: [
    { id: "star-seller", title: words("Star Seller", "星级卖家") },
    { id: "standard", title: words("Meets the minimum", "达到最低标准") },
  ],
  otherwise: { id: "below-minimum", title: words("Below the minimum", "低于最低标准") },
  checks: [
    met("replies-24h", words("Replies within 24 hours, 95 %", "24 小时内回复 95%"), "tickets-answered-24h", 90, {
      "star-seller": { min: 950_000 },
    }),
    met("replies-48h", words("Replies within 48 hours, 80 %", "48 小时内回复 80%"), "tickets-answered-48h", 90, {
      standard: { min: 800_000 },
    }),
    met("on-time", words("Dispatched on time", "按时发货"), "dispatch-in-time", 90, {
      "star-seller": { min: 950_000 },
      standard: { min: 800_000 },
    }),
    met("tracking", words("With tracking, 95 %", "有物流追踪 95%"), "tracking-valid", 90, {
      "star-seller": { min: 950_000 },
    }),
    mean("stars", words("Mean of 4.8 stars", "均分 4.8 星"), "review-stars", 90, { "star-seller": { min: 950_000 } }),
    count("orders", words("5 orders in 3 months", "3 个月 5 单"), "orders", 90, { "star-seller": { min: 5 } }),
    count("sales-value", words("Sales of 300 in 3 months", "3 个月成交额 300"), "order-value", 90, {
      "star-seller": { min: 30 },
    }),
    rate(
      "low-reviews",
      words("Low reviews: at most 4, or below 10 %", "低分评价至多 4 条，或低于 10%"),
      ["reviews-low"],
      "reviews",
      90,
      {
        standard: { max: 99_999, unlessCount: 5 },
      },
    ),
    rate("cases", words("Cases: at most 3, or below 1 %", "案件至多 3 件，或低于 1%"), ["disputes"], "orders", 90, {
      standard: { max: 9_999, unlessCount: 4 },
    }),
  ],
};

const dsrTiers: Tiers = { high: { min: 950_000 }, usual: { min: 900_000 } };

const taobao: PackDraft = {
  format: "probity-pack/1",
  id: "taobao-dsr",
  title: words("Taobao / Tmall: detailed seller ratings", "淘宝 / 天猫：店铺动态评分"),
  source:
    "Taobao rating rules: three means over six months; a buyer's first three ratings of a shop in a calendar month count. The bounds of 4.8 and 4.6 stars are ours: the platform compares with the trade.",
  figures: "public description",
  halfLives: [],
  tiers: [
    { id: "high", title: words("4.8 and more in all three", "三项均不低于 4.8") },
    { id: "usual", title: words("4.6 and more in all three", "三项均不低于 4.6") },
  ],
  otherwise: { id: "low", title: words("Below 4.6", "低于 4.6") },
  checks: [
    mean("described", words("As described", "描述相符"), "stars-described", 180, dsrTiers),
    mean("service", words("Service", "服务态度"), "stars-service", 180, dsrTiers),
    mean("logistics", words("Logistics", "物流服务"), "stars-logistics", 180, dsrTiers),
  ],
};

const trustpilot: PackDraft = {
  format: "probity-pack/1",
  id: "trustpilot-like",
  title: words("Trustpilot-like score", "类 Trustpilot 评分"),
  source:
    "Public description of TrustScore: newer reviews weigh more, seven reviews of 3.5 stars are added. The half-life of 180 days is ours.",
  figures: "public description",
  halfLives: [180],
  tiers: [
    { id: "excellent", title: words("Excellent (4.3)", "优秀（4.3）") },
    { id: "great", title: words("Great (3.8)", "很好（3.8）") },
    { id: "average", title: words("Average (2.8)", "一般（2.8）") },
    { id: "poor", title: words("Poor (1.8)", "较差（1.8）") },
  ],
  otherwise: { id: "bad", title: words("Bad", "差") },
  checks: [
    {
      id: "stars",
      title: words("Weighted mean of stars", "加权平均星级"),
      kind: "prior-mean",
      numerator: [{ metric: "review-stars", part: "x" }],
      denominator: ["review-stars"],
      windowDays: 3_650,
      decay: "half-life-180",
      prior: { weight: 7, mean: 625_000 },
      tiers: {
        excellent: { min: 825_000 },
        great: { min: 700_000 },
        average: { min: 450_000 },
        poor: { min: 200_000 },
      },
    },
  ],
};

export const packDrafts: readonly PackDraft[] = [amazon, ebay, etsy, taobao, trustpilot];
