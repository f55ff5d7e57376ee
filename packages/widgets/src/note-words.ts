import type { ReasonCode, ReviewNote } from "@probity/contract";

export interface NoteWords {
  readonly lang: string;
  readonly verified: Readonly<Record<ReviewNote["verified"], string>>;
  readonly delivered: (days: number) => string;
  readonly incentive: string;
  readonly none: string;
  readonly part: (share: string) => string;
  readonly because: (what: string, why: string) => string;
  readonly decided: string;
  readonly platform: string;
  readonly reasons: Readonly<Record<ReasonCode, string>>;
  readonly failed: string;
  readonly how: string;
}

const zh: NoteWords = {
  lang: "zh-CN",
  verified: {
    delivered: "已核实购买",
    ordered: "已核实下单，评价前没有收货记录",
    none: "未核实购买",
  },
  delivered: (days) => (days === 0 ? "收货当天评价" : `收货 ${days} 天后评价`),
  incentive: "作者因写评价得到了好处",
  none: "不计入评级",
  part: (share) => `在评级中按 ${share} 计入`,
  because: (what, why) => `${what}：${why}`,
  decided: "经人工审核",
  platform: "由平台认定",
  reasons: {
    purchase: "购买依据不足",
    timing: "评价时间异常",
    handling: "订单发货或确认异常",
    burst: "同类评价集中出现",
    deviation: "与其他评价相差很大",
    duplicates: "文字与其他评价高度相似",
    wording: "文字过少，或与星级不符",
    incentive: "疑有返现或赠品",
    record: "账号的历史记录",
    repeat: "账号集中于这一商家",
    sharing: "与其他账号共用设备、付款或地址",
    insider: "与商家有关系",
    neighbours: "关联账号的行为",
    ring: "疑似协同的账号群体",
    footprint: "账号在平台上少有其他活动",
  },
  failed: "暂时读不到核实结果",
  how: "怎样核实",
};

const en: NoteWords = {
  lang: "en",
  verified: {
    delivered: "Verified purchase",
    ordered: "Verified order, no delivery on record before the review",
    none: "Purchase not verified",
  },
  delivered: (days) =>
    days === 0 ? "on the day of delivery" : `${days} ${days === 1 ? "day" : "days"} after delivery`,
  incentive: "The author received something for this review",
  none: "Does not count in ratings",
  part: (share) => `Counts ${share} in ratings`,
  because: (what, why) => `${what}: ${why}`,
  decided: "a moderator decided so",
  platform: "the platform decided so",
  reasons: {
    purchase: "little proof of a purchase",
    timing: "unusual timing",
    handling: "order sent or confirmed in an unusual way",
    burst: "many alike at the same time",
    deviation: "far from what others say",
    duplicates: "near-duplicate text",
    wording: "few words, or words that do not fit the stars",
    incentive: "signs of a reward for it",
    record: "the account's record",
    repeat: "account keeps to this merchant",
    sharing: "device, payer or address shared with other accounts",
    insider: "tied to the merchant",
    neighbours: "what linked accounts did",
    ring: "looks like a group that acts together",
    footprint: "little else done by the account",
  },
  failed: "What is known of this review cannot be read now",
  how: "How we verify",
};

/** Language of a note, as of the trust card. */
export function noteWordsFor(tag: string): NoteWords {
  return /^zh\b/i.test(tag) ? zh : en;
}

/** A weight in thousandths as a share; what counts in part is never none or all. */
export function partText(weight: number): string {
  return `${Math.min(99, Math.max(1, Math.round(weight / 10)))}%`;
}
