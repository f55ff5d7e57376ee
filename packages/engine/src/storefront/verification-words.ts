import type { AuthenticitySummary, ReasonCode, SuppressionAudit } from "@probity/contract";
import { figuresFor } from "./figures.ts";

type Counted = AuthenticitySummary["reasons"][number]["code"];

const { count, plural, day } = figuresFor("en");

/** Words for what is held to be genuine: the page on how reviews are verified and the merchant's count of them. */
export const verificationEnglish = {
  title: "How we verify reviews",
  description: (marketplace: string): string =>
    `How ${marketplace} tells genuine reviews from others: what is looked at, what counts, what does not and why, and whether criticism is played down.`,
  lead: "This page is written from the model and the settings in force and from what they have come to. They are the same for every merchant and every author.",
  notReadyTitle: "No model is in force yet",
  notReady:
    "Reviews are not judged here so far, so each counts in full. This page tells how they are verified as soon as they are.",
  inShort: "In short",
  steps: {
    judged: "Every review is judged by the same model when it comes in, and again whenever more is known.",
    weight:
      "A review that is held to be genuine counts in full, one that is not counts nothing, and between the two it counts in part.",
    kept: "No review is deleted for it. It stays where it is; only its weight in ratings changes.",
    people: "People look at the cases on which most hangs. What a person decides goes before the model.",
    appeal: "Authors may ask why their review counts less, and appeal. A person looks at it again.",
  },
  looked: "What is looked at",
  lookedHint: "The longer the bar, the further this can move the judgement of a review in the model in force.",
  lookedIdle: (names: string): string => `Looked at, but of no weight for reviews in this model: ${names}.`,
  lookedShare: (share: string): string => `${share} of all`,
  reasons: {
    purchase: ["Purchase", "Whether the author has bought here, and had the goods before writing."],
    timing: ["Timing", "How long after the order and its delivery the review was written."],
    handling: ["Handling of the order", "Whether the parcel could be traced, and how fast its receipt was confirmed."],
    burst: ["Bursts", "Whether far more praise or blame than usual came in on the same days."],
    deviation: ["Difference from others", "How far its stars lie from what others say, and from how the order went."],
    duplicates: ["Near-duplicate text", "Whether its words are nearly those of other reviews."],
    wording: ["Wording", "How long it is, and whether words and stars fit each other."],
    incentive: ["Rewards", "Whether money or gifts for it were declared, or are spoken of in it."],
    record: [
      "The account's record",
      "How long the account has been here, what else it wrote, and how that was judged.",
    ],
    repeat: [
      "One merchant only",
      "Whether the account deals with this merchant again and again, and hardly with others.",
    ],
    sharing: [
      "Shared device, payer or address",
      "Whether other accounts that deal with the same merchant use the same ones.",
    ],
    insider: ["Tie to the merchant", "Whether the account was named as one of the merchant's own people."],
    neighbours: ["Linked accounts", "How the deeds of accounts tied to this one were judged."],
    ring: ["Groups that act together", "Whether the account belongs to a group whose traces do not fit chance."],
    footprint: ["Other activity", "What else the account did here; bought accounts do little."],
  } satisfies Record<ReasonCode, readonly [name: string, sentence: string]> as Readonly<
    Record<ReasonCode, readonly [name: string, sentence: string]>
  >,
  otherReasons: { decision: "A moderator's decision", platform: "A decision of the platform" } as Readonly<
    Record<Exclude<Counted, ReasonCode>, string>
  >,
  weight: "How a review counts",
  weightText: (full: string, none: string, middle: string, half: string): string =>
    `The model gives each review a reliability from 0% to 100%. From ${full} on the review counts in full; below ${none} it does not count; between the two its weight rises in a straight line, so that at ${middle} it counts ${half}.`,
  weightLabel: (full: string, none: string): string =>
    `Weight by reliability: nothing below ${none}, rising to all at ${full}`,
  axisReliability: "reliability",
  nowTitle: "What does not count now",
  hereTitle: "What counts, and what does not",
  hereText: "A review, order or follower that is not held to be genuine stays, but weighs less or nothing here.",
  reviews: (all: number, none: number, part: number): string =>
    none === 0 && part === 0
      ? `${all === 1 ? "The one review counts" : `All ${count(all)} reviews count`} in full.`
      : `Of ${count(all)} ${plural(all, "review", "reviews")}, ${[
          ...(none > 0 ? [`${count(none)} ${plural(none, "does", "do")} not count`] : []),
          ...(part > 0 ? [`${count(part)} ${plural(part, "counts", "count")} in part`] : []),
        ].join(" and ")}.`,
  noReviews: "There are no reviews yet.",
  orders: (all: number, none: number): string =>
    none === 0
      ? `Orders: all ${count(all)} count.`
      : `Orders: of ${count(all)}, ${count(none)} ${plural(none, "does", "do")} not count because ${plural(none, "it looks", "they look")} staged.`,
  followers: (all: number, none: number): string =>
    none === 0
      ? `Followers: all ${count(all)} count.`
      : `Followers: of ${count(all)}, ${count(none)} ${plural(none, "does", "do")} not count because ${plural(none, "it looks", "they look")} bought.`,
  whyTitle: "Why, by what weighs most against each review",
  inFull: "in full",
  inPart: "in part",
  notAtAll: "not at all",
  barLabel: (full: string, part: string, none: string): string =>
    `Reviews: ${full} count in full, ${part} in part, ${none} not at all`,
  keptTitle: "Nothing is deleted",
  keptText:
    "A review that is not held to be genuine is not taken away and not hidden for it. It weighs less or nothing in ratings, and the ledger records every such change. If more becomes known, its weight can come back.",
  appealTitle: "How to appeal",
  appealText:
    "Whoever wrote a review that counts less may ask the marketplace why, and appeal there. Appeals come first on the moderators' desk; a person looks at the evidence and decides, and the decision goes before the model.",
  peopleTitle: "Who moderates",
  peopleText:
    "People of the marketplace look at the cases on which most hangs, with reasons and evidence beside each. Every decision can be undone and leaves a trace. A sample is decided a second time by somebody else.",
  kappa: (kappa: string): string => `Agreement of two people about the same case: κ = ${kappa}.`,
  kappaHint: "1 is always alike, 0 is no more than chance would give (Cohen's κ).",
  noKappa: "Too few cases have been decided twice to say how far people agree.",
  rings: (rings: number): string =>
    rings === 0
      ? "No group of accounts that acts together has been confirmed so far."
      : `${count(rings)} ${plural(rings, "group of accounts that acts", "groups of accounts that act")} together ${plural(rings, "was", "were")} confirmed by a person.`,
  ringsHint: "A group is shown to people only where two independent kinds of evidence do not fit chance.",
  auditTitle: "Is criticism played down?",
  auditText:
    "We test ourselves in the open: are one and two stars more frequent among the reviews that count less than among those that count in full?",
  verdicts: {
    even: ["No clear sign of it", "The difference between the two is no larger than chance alone can make it."],
    "leans-to-bad": [
      "It leans that way",
      "Bad reviews are more frequent among those that count less. Attacks with bad reviews on a rival look like this too; so would hidden criticism. It is for people to find out which.",
    ],
    "leans-to-good": [
      "No, the other way round",
      "Good reviews are more frequent among those that count less, as is usual where praise is bought.",
    ],
    "too-little": ["Too little to tell", "Too few reviews count less for a fair comparison."],
  } as Readonly<Record<SuppressionAudit["verdict"], readonly [short: string, sentence: string]>>,
  lowReduced: "One and two stars among reviews that count less",
  lowCounted: "One and two stars among reviews that count in full",
  ofReviews: (n: number): string => `of ${count(n)}`,
  difference: "Difference",
  points: (points: string): string => `${points} percentage points`,
  between: (low: string, high: string): string => `with 95% confidence between ${low} and ${high}`,
  differenceLabel: (low: string, high: string): string =>
    `Difference of the shares of bad reviews, from ${low} to ${high}; nought means no difference`,
  fewerBad: "fewer bad ones",
  moreBad: "more bad ones",
  wordsDifference: "By their words",
  wordsText: (points: string, low: string, high: string): string =>
    `${points} on a scale from −1,000 for bad to +1,000 for good, with 95% confidence between ${low} and ${high}`,
  asOf: (on: string): string => `as of ${day(on)}`,
  modelTitle: "The model in force",
  modelId: "Model id",
  modelSince: "In force since",
  modelOrigin: "Where it comes from",
  origins: {
    shipped: "It came with the software, trained on made-up marketplaces in which the truth is known.",
    trained: "It was trained here, from what this marketplace's moderators decided.",
  },
  modelHint:
    "A new model comes into force only after it passed a fixed set of tests and did no worse than the one before.",
  asData: "This page as data",
};

export type VerificationWords = typeof verificationEnglish;

const { count: zhCount, day: zhDay } = figuresFor("zh-CN");

export const verificationChinese: VerificationWords = {
  title: "怎样核实评价",
  description: (marketplace) =>
    `${marketplace}怎样分辨真实评价：看什么、哪些计入、哪些不计入及原因，以及批评有没有被压低。`,
  lead: "本页由现行模型、现行设置及其结果直接写成，对每家商家、每位作者都一样。",
  notReadyTitle: "还没有启用的模型",
  notReady: "目前这里还没有对评价作判断，每条评价都全额计入。一旦开始核实，本页就会写明怎样核实。",
  inShort: "简单说",
  steps: {
    judged: "每条评价在提交时都由同一个模型判断一次，知道得更多以后再判断。",
    weight: "认为真实的评价全额计入，认为不真实的不计入，两者之间按比例计入。",
    kept: "不会因此删除任何评价。评价仍在原处，变的只是它在评级中的分量。",
    people: "影响最大的个案由人来看。人的决定优先于模型。",
    appeal: "作者可以询问自己的评价为何少计，也可以申诉，由人重新审看。",
  },
  looked: "看什么",
  lookedHint: "条越长，在现行模型中这一项越能左右对一条评价的判断。",
  lookedIdle: (names) => `也看、但在这个模型中对评价没有分量：${names}。`,
  lookedShare: (share) => `占 ${share}`,
  reasons: {
    purchase: ["购买", "作者是否在此购买，写评价前是否已收到货。"],
    timing: ["时间", "下单、收货之后过了多久才写。"],
    handling: ["订单处理", "包裹能否追踪，确认收货有多快。"],
    burst: ["集中出现", "同一段日子里的好评或差评是否远多于平常。"],
    deviation: ["与其他评价的差异", "星级与别人的说法、与订单实际情况相差多远。"],
    duplicates: ["文字高度相似", "文字是否与其他评价几乎相同。"],
    wording: ["文字", "写了多长，文字与星级是否相符。"],
    incentive: ["好评返现与赠品", "是否申报过、或文中提到过为此给的钱或礼物。"],
    record: ["账号历史", "账号来了多久，还写过什么，当时怎样判断。"],
    repeat: ["集中于一家商家", "账号是否反复与这家商家往来，而很少与别家往来。"],
    sharing: ["共用设备、付款或地址", "与同一商家往来的其他账号是否共用这些。"],
    insider: ["与商家的关系", "账号是否被申报为商家自己的人。"],
    neighbours: ["关联账号", "与此账号相关联的账号，其行为被怎样判断。"],
    ring: ["协同的账号群体", "账号是否属于一个痕迹无法用巧合解释的群体。"],
    footprint: ["其他活动", "账号在这里还做过什么；买来的账号往往很少活动。"],
  },
  otherReasons: { decision: "审核人员的决定", platform: "平台的决定" },
  weight: "一条评价怎样计入",
  weightText: (full, none, middle, half) =>
    `模型给每条评价一个 0% 到 100% 的可信度。达到 ${full} 全额计入，低于 ${none} 不计入，两者之间按直线增加：可信度为 ${middle} 时按 ${half} 计入。`,
  weightLabel: (full, none) => `按可信度计入的分量：低于 ${none} 为零，到 ${full} 为全额`,
  axisReliability: "可信度",
  nowTitle: "现在哪些不计入",
  hereTitle: "哪些计入，哪些不计入",
  hereText: "认为不真实的评价、订单或关注仍然保留，但在这里少计或不计。",
  reviews: (all, none, part) =>
    none === 0 && part === 0
      ? `${zhCount(all)} 条评价全部全额计入。`
      : `${zhCount(all)} 条评价中，${[
          ...(none > 0 ? [`${zhCount(none)} 条不计入`] : []),
          ...(part > 0 ? [`${zhCount(part)} 条只计入一部分`] : []),
        ].join("，")}。`,
  noReviews: "还没有评价。",
  orders: (all, none) =>
    none === 0
      ? `订单：${zhCount(all)} 单全部计入。`
      : `订单：${zhCount(all)} 单中 ${zhCount(none)} 单疑似刷单，不计入。`,
  followers: (all, none) =>
    none === 0
      ? `关注：${zhCount(all)} 个全部计入。`
      : `关注：${zhCount(all)} 个中 ${zhCount(none)} 个疑似买来的，不计入。`,
  whyTitle: "为什么：按对每条评价最不利的一项",
  inFull: "全额计入",
  inPart: "部分计入",
  notAtAll: "不计入",
  barLabel: (full, part, none) => `评价：${full} 全额计入，${part} 部分计入，${none} 不计入`,
  keptTitle: "不删除任何评价",
  keptText:
    "认为不真实的评价不会因此被删除或隐藏，只是在评级中少计或不计，每次变动都记入账本。以后知道得更多，分量还可以恢复。",
  appealTitle: "怎样申诉",
  appealText:
    "评价被少计的作者可以向平台询问原因并提出申诉。申诉排在审核台的最前面，由人查看证据后决定，人的决定优先于模型。",
  peopleTitle: "由谁审核",
  peopleText:
    "平台的人员审看影响最大的个案，理由与证据列在一旁。每个决定都可撤回，并留有记录。其中一部分抽出来由另一个人再决定一次。",
  kappa: (kappa) => `两个人对同一个案的一致程度：κ = ${kappa}。`,
  kappaHint: "1 为总是一致，0 为与碰巧一致无异（Cohen 的 κ）。",
  noKappa: "由两个人决定过的个案太少，还看不出一致程度。",
  rings: (rings) =>
    rings === 0 ? "目前还没有确认过协同的账号群体。" : `经人确认的协同账号群体有 ${zhCount(rings)} 个。`,
  ringsHint: "只有两类互相独立的证据都无法用巧合解释时，才会交给人来看。",
  auditTitle: "批评有没有被压低？",
  auditText: "我们公开检查自己：在少计的评价里，一两星的是否比在全额计入的评价里更多？",
  verdicts: {
    even: ["没有明显迹象", "两者的差别没有超出巧合所能造成的范围。"],
    "leans-to-bad": [
      "有这个倾向",
      "差评在少计的评价里更多。用差评攻击对手会是这样，压低批评也会是这样；究竟是哪一种，要由人来查。",
    ],
    "leans-to-good": ["没有，恰好相反", "好评在少计的评价里更多；有人买好评时通常如此。"],
    "too-little": ["太少，看不出", "少计的评价太少，无法公平比较。"],
  },
  lowReduced: "少计的评价里，一两星的占",
  lowCounted: "全额计入的评价里，一两星的占",
  ofReviews: (n) => `共 ${zhCount(n)} 条`,
  difference: "相差",
  points: (points) => `${points} 个百分点`,
  between: (low, high) => `有 95% 把握在 ${low} 到 ${high} 之间`,
  differenceLabel: (low, high) => `差评占比之差，从 ${low} 到 ${high}；零为没有差别`,
  fewerBad: "差评较少",
  moreBad: "差评较多",
  wordsDifference: "从文字看",
  wordsText: (points, low, high) => `相差 ${points}（−1,000 为坏，+1,000 为好），有 95% 把握在 ${low} 到 ${high} 之间`,
  asOf: (on) => `截至 ${zhDay(on)}`,
  modelTitle: "现行模型",
  modelId: "模型编号",
  modelSince: "启用时间",
  modelOrigin: "来历",
  origins: {
    shipped: "随软件提供，用真相已知的模拟市场训练而成。",
    trained: "在这里训练而成，依据的是本平台审核人员的决定。",
  },
  modelHint: "新模型须通过固定的一组测试，且不比前一个差，才会启用。",
  asData: "本页的数据",
};
