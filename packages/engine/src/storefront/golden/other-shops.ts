import type { Explanation, History, IndicatorReason, RatingSummary } from "@probity/contract";
import { bambooExplanation, bambooHistory, before } from "./bamboo-shop.ts";

/** What three weeks have not brought: they stand at what is usual. */
const noCaseYet: ReadonlySet<string> = new Set(["low-reviews-answered", "complaints-solved", "buyers-return"]);

function unproven(reason: IndicatorReason): IndicatorReason {
  const { mean } = reason.prior;
  return {
    ...reason,
    mean,
    low: Math.max(0, mean - 200_000),
    high: Math.min(1_000_000, mean + 200_000),
    n: 0,
    x: 0,
    effective: 0,
    sample: 0,
    points: Math.round(reason.max * 0.6),
    prior: { ...reason.prior, share: 1_000_000 },
    withoutTelling: null,
    facts: [],
    events: [],
  };
}

function thin(reason: IndicatorReason): IndicatorReason {
  if (noCaseYet.has(reason.id)) return unproven(reason);
  const sample = Math.min(reason.sample, 7);
  const mean = reason.prior.mean;
  return {
    ...reason,
    mean,
    low: Math.max(0, mean - 60_000),
    high: Math.min(1_000_000, mean + 60_000),
    n: sample * 1_000,
    x: sample * 900,
    effective: sample * 1_000,
    sample,
    points: Math.round(reason.max * 0.74),
    prior: { ...reason.prior, share: 742_000 },
    withoutTelling: null,
    facts: reason.facts.map((fact) => ({ ...fact, days: fact.days.slice(-3) })),
    events: [],
  };
}

const thinDimensions = bambooExplanation.dimensions.map((dimension) => {
  const indicators = dimension.indicators.map(thin);
  return { ...dimension, indicators, points: indicators.reduce((sum, item) => sum + item.points, 0) };
});
const thinScore = thinDimensions.reduce((sum, item) => sum + item.points, 0);

/** Three weeks old: eight orders, six buyers. */
export const earlyExplanation: Explanation = {
  ...bambooExplanation,
  rating: {
    ...bambooExplanation.rating,
    id: "shanyu-tea",
    name: "山隅茶铺",
    category: "食品",
    status: "too-early",
    grade: null,
    score: thinScore,
    bound: thinScore - 118,
    orders: 8,
    buyers: 6,
    dimensions: thinDimensions.map(({ id, title, points, max }) => ({ id, title, points, max })),
  },
  rawGrade: null,
  floor: [
    { metric: "orders-kept", title: { en: "kept orders in a year", zh: "一年内履约订单" }, has: 8, needs: 20 },
    { metric: "buyers", title: { en: "distinct buyers in a year", zh: "一年内不同买家" }, has: 6, needs: 10 },
  ],
  certificates: [],
  dimensions: thinDimensions,
  raise: [],
  peers: null,
};

export const earlyHistory: History = {
  points: bambooHistory.points.slice(-4).map((point, place) => ({
    ...point,
    status: "too-early" as const,
    grade: null,
    score: 640 + place * 4,
    bound: 520 + place * 3,
  })),
  markers: [],
};

/** A confirmed counterfeit, a linked shop, and a grade held down. */
export const cappedExplanation: Explanation = {
  ...bambooExplanation,
  rating: { ...bambooExplanation.rating, id: "laoqiao-outlet", name: "老桥折扣仓", grade: "C" },
  rawGrade: "A",
  caps: [
    {
      redLine: "counterfeit",
      title: { en: "A confirmed counterfeit within 180 days", zh: "180 日内有已确认的假货" },
      cap: "C",
      until: before(-96),
    },
  ],
  linked: [
    { id: "laoqiao-old", grade: "D", cap: true },
    { id: "laoqiao-second", grade: "BBB", cap: false },
  ],
};

/** Everything a name, word or number could do to a page. */
export const hostileText: string =
  `"><script>alert(1)</script><img src=x onerror=alert(1)> '\`&amp; \u202eمتجر التوفير הנמל 🛍️ ${"長".repeat(60)}${"w".repeat(60)}`.slice(0, 200);

const summary = (
  id: string,
  name: string | null,
  category: string | null,
  grade: RatingSummary["grade"],
  score: number,
  error: number,
  orders: number,
): RatingSummary => ({
  ...bambooExplanation.rating,
  id,
  name,
  category,
  grade,
  status: grade === null ? "too-early" : "rated",
  score,
  bound: score - error,
  orders,
  buyers: Math.round(orders * 0.7),
  dimensions: bambooExplanation.rating.dimensions.map((item, place) => ({
    ...item,
    points: Math.min(item.max, Math.round((item.max * score * (0.9 + ((place * 7 + orders) % 5) * 0.05)) / 1_000)),
  })),
});

export const shopList: RatingSummary[] = [
  summary("hetang-ceramics", "荷塘陶坊", "家居", "AAA", 931, 14, 20_441),
  summary("beiling-books", "北岭书屋", "图书", "AA", 872, 18, 7_730),
  summary("qinghe-bamboo", "清和竹器旗舰店", "家居", "A", 812, 16, 12_418),
  summary("northwind-outdoor", "Northwind Outdoor Supply", "户外", "A", 794, 21, 1_804),
  summary("hostile", hostileText, "家居", "BBB", 733, 31, 402),
  summary("yunshang-apparel", "云裳衣橱", "服饰", "BB", 671, 27, 3_318),
  summary("jinxiu-toys", "锦绣玩具", "玩具", "B", 588, 33, 1),
  summary("laoqiao-outlet", "老桥折扣仓", "服饰", "C", 460, 20, 2_207),
  summary("no-name-4711", null, null, "D", 318, 40, 590),
  summary("shanyu-tea", "山隅茶铺", "食品", null, 655, 118, 8),
];

export const gradeCounts: { grade: RatingSummary["grade"]; merchants: number }[] = [
  { grade: "AAA", merchants: 61 },
  { grade: "AA", merchants: 204 },
  { grade: "A", merchants: 311 },
  { grade: "BBB", merchants: 188 },
  { grade: "BB", merchants: 90 },
  { grade: "B", merchants: 41 },
  { grade: "C", merchants: 19 },
  { grade: "D", merchants: 7 },
  { grade: null, merchants: 152 },
];
