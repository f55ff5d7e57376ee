import type { TrustCard } from "@probity/contract";

export const ratedCard: TrustCard = {
  merchant: "qinghe-bamboo",
  name: "清和竹器旗舰店",
  status: "rated",
  grade: "A",
  score: 812,
  bound: 796,
  day: "2026-11-21",
  orders: 12_418,
  buyers: 8_902,
  needs: [],
  highlights: [
    { id: "dispatch-in-time", title: { en: "Orders sent on time", zh: "按时发货的订单" }, share: 881_000, sample: 512, good: false },
    { id: "as-described", title: { en: "Orders as described", zh: "与描述相符的订单" }, share: 993_000, sample: 512, good: true },
    { id: "review-not-low", title: { en: "Trusted reviews of 3 stars and more", zh: "三星及以上的可信评价" }, share: 999_970, sample: 132, good: true },
    { id: "first-reply", title: { en: "Questions answered within 24 hours", zh: "24 小时内答复的咨询" }, share: 979_000, sample: 204, good: true },
  ],
  warnings: [],
  logSize: 1_204_902,
  policy: "8f3c".repeat(16),
  url: "/m/qinghe-bamboo",
};

/** The longest that a rating gives come first. */
const warnings: TrustCard["warnings"] = [
  { en: "A fifth of 60 days' sales by value lost in disputes: grade at most C until 25 Feb 2027", zh: "60 日内五分之一的交易额因纠纷败诉或拒付损失，2027年2月25日前等级最高 C" },
  { en: "About 12 in 100 parcels have a tracking number that the carrier does not know; usual: 3", zh: "每 100 个包裹约 12 个单号查不到，同类一般 3 个" },
  { en: "About 12 in 100 orders are sent later than promised; usual: 5", zh: "每 100 单约 12 单晚于承诺发货，同类一般 5 单" },
  { en: "About 15 in 100 orders arrive later than promised; usual: 9", zh: "每 100 单约 15 单晚于承诺送达，同类一般 9 单" },
];

export const warnedCard: TrustCard = { ...ratedCard, grade: "C", warnings };

export const earlyCard: TrustCard = {
  ...ratedCard,
  name: "山隅茶铺",
  status: "too-early",
  grade: null,
  score: 663,
  bound: 545,
  orders: 8,
  buyers: 6,
  needs: [
    { title: { en: "kept orders in a year", zh: "一年内履约订单" }, has: 8, needs: 20 },
    { title: { en: "distinct buyers in a year", zh: "一年内不同买家" }, has: 6, needs: 10 },
  ],
  highlights: [],
};

const script = '"><script>window.broken=1</script><img src=x onerror="window.broken=1">';

export const hostileCard: TrustCard = {
  ...warnedCard,
  name: `${script} متجر التوفير \u202eהנמל ${"長w".repeat(60)}`.slice(0, 200),
  warnings: [{ en: script, zh: script }],
  highlights: ratedCard.highlights.map((item) => ({ ...item, title: { en: script, zh: script } })),
  url: "javascript:window.broken=1",
};
