import type { Language, Words } from "./goods.ts";
import type { Random } from "./random.ts";

/** What a review talks about: stars 1…5 by aspect. */
export interface Opinion {
  readonly stars: number;
  readonly described: number;
  readonly service: number;
  readonly logistics: number;
  readonly words: Words;
  readonly language: Language;
}

type Mood = "good" | "fair" | "bad";
type ByMood = Readonly<Record<Mood, readonly string[]>>;

interface Grammar {
  readonly open: ByMood;
  readonly goods: ByMood;
  readonly service: ByMood;
  readonly logistics: ByMood;
  readonly detail: ByMood;
  readonly close: ByMood;
  readonly brief: ByMood;
}

const zh: Grammar = {
  open: {
    good: [
      "收到{n}了",
      "{n}用了{d}天来评价",
      "第{k}次买这家的{n}",
      "朋友推荐来的",
      "看了好久才下单{n}",
      "等了{d}天终于到手",
      "说说这个{n}",
      "这次的{n}没让人失望",
      "本来没抱太大期望",
    ],
    fair: [
      "{n}收到了",
      "用了{d}天，说说感受",
      "{n}中规中矩",
      "买之前看评价不错",
      "第一次在这家买{n}",
      "打折时买的{n}",
      "客观说一下这个{n}",
    ],
    bad: [
      "这个{n}真的很失望",
      "{n}到手就后悔了",
      "用了{d}天就出问题",
      "第{k}次网购{n}，最差的一次",
      "不明白为什么好评那么多",
      "等了{d}天等来这样的{n}",
      "给大家提个醒",
    ],
  },
  goods: {
    good: [
      "{p}",
      "{p}，和图片一样",
      "{p}，对得起这个价格",
      "质量不错，{p}",
      "跟描述一致，{p}",
      "{u}正合适，{p}",
      "跟想的一样，{p}",
    ],
    fair: [
      "质量一般，这个价也就这样",
      "{p}，不过{b}",
      "整体还行，{b}这点要扣分",
      "和图片有一点差别",
      "{u}够用，别期待太高",
      "东西能用，细节粗糙了些",
    ],
    bad: ["{b}", "{b}，跟图片完全两样", "{b}，根本没法用", "质量太差，{b}", "买来{u}，结果{b}", "{b}，还说是正常现象"],
  },
  service: {
    good: ["客服回复很快", "问了客服{k}个问题都耐心答了", "客服态度好", "售后处理得干脆", "店家还打电话来问满不满意"],
    fair: ["客服回复有点慢", "客服态度还可以", "问了客服，等了半天才回", "售后要催一催"],
    bad: ["客服爱理不理", "找客服{d}天都没人回", "客服只会发自动回复", "售后一直踢皮球", "说退款又各种拖"],
  },
  logistics: {
    good: ["物流很快，{d}天就到", "包装严实没有破损", "当天就发货了", "快递送到门口", "发货速度没得说"],
    fair: ["物流慢了一点", "快递放在驿站自己去拿", "包装简单了些", "发货比说好的晚一天"],
    bad: ["等了{w}天才到", "盒子都压扁了", "物流信息好几天不动", "说好发货拖了{d}天", "快递暴力，外箱破了"],
  },
  detail: {
    good: [
      "{u}",
      "家里人也说好",
      "比实体店便宜{m}块",
      "算上券{m}块拿下",
      "买了{k}件",
      "下雨天也准时",
      "对比了{k}家才选的",
      "同事也要了链接",
      "按详情页选的",
    ],
    fair: ["{u}", "算上券{m}块", "买了{k}件", "对比了{k}家", "按详情页选的", "活动价便宜{m}块"],
    bad: [
      "花了{m}块",
      "算上券也要{m}块",
      "买了{k}件都这样",
      "拍照给客服看了",
      "家里人也说不行",
      "还不如便宜{m}块的那家",
    ],
  },
  close: {
    good: ["会再来", "推荐", "下次还买", "五星好评", "满意的一次购物", "已经推荐给同事了", "值得入手", "已收藏店铺"],
    fair: ["就这样吧", "看个人需求", "希望店家改进", "勉强三星", "不算亏也不算值", "下次再看看"],
    bad: ["不会再买了", "大家慎重", "已申请退货", "希望平台管管", "一星都嫌多", "浪费时间", "避雷"],
  },
  brief: {
    good: ["不错", "很好，喜欢", "好评", "挺好的", "满意", "{n}很好用", "{n}不错，推荐", "值这个价"],
    fair: ["一般", "还行吧", "{n}一般般", "凑合用"],
    bad: ["差评", "太差了", "{n}太差", "别买"],
  },
};

const en: Grammar = {
  open: {
    good: [
      "The {n} arrived",
      "I have used the {n} for {d} days",
      "My order number {k} from this shop",
      "A friend told me about this {n}",
      "I took a while to decide on this {n}",
      "Just unpacked the {n}",
      "I did not expect much from this {n}",
    ],
    fair: [
      "The {n} is here",
      "After {d} days with it",
      "An average {n}",
      "The reviews looked good",
      "First time I buy a {n} here",
      "I got this {n} on sale",
    ],
    bad: [
      "What a let-down, this {n}",
      "I regret this {n}",
      "The {n} failed after {d} days",
      "I wonder where all the praise comes from",
      "Waited {d} days for this {n}",
      "A word of warning",
    ],
  },
  goods: {
    good: [
      "{p}",
      "{p}, just like the photos",
      "{p}, worth the price",
      "good quality: {p}",
      "as described, {p}",
      "I bought it {u} and {p}",
    ],
    fair: [
      "quality is so-so",
      "{p}, but {b}",
      "fine overall, though {b}",
      "it differs a bit from the pictures",
      "good enough {u}",
    ],
    bad: [
      "{b}",
      "{b}, nothing like the pictures",
      "{b} and I cannot use it",
      "poor quality: {b}",
      "I bought it {u} and {b}",
    ],
  },
  service: {
    good: [
      "support answered quickly",
      "they answered all {k} of my questions",
      "friendly staff",
      "the shop even asked whether I was happy",
    ],
    fair: ["support took a while", "the staff was all right", "I had to ask twice"],
    bad: [
      "support ignores you",
      "no answer for {d} days",
      "only canned replies",
      "they keep sending you in circles",
      "they promised a refund and stalled",
    ],
  },
  logistics: {
    good: ["delivered in {d} days", "well packed", "shipped the same day", "brought to the door"],
    fair: [
      "delivery was a little slow",
      "I had to fetch it from a locker",
      "plain packaging",
      "shipped a day later than promised",
    ],
    bad: [
      "it took {w} days to arrive",
      "the box was crushed",
      "tracking did not move for days",
      "shipped {d} days late",
    ],
  },
  detail: {
    good: [
      "bought {u}",
      "my family likes it too",
      "{m} yuan cheaper than in town",
      "{m} yuan with the coupon",
      "I took {k} of them",
      "a colleague asked for the link",
      "I compared {k} shops first",
    ],
    fair: ["bought {u}", "{m} yuan with the coupon", "I took {k} of them", "I compared {k} shops first"],
    bad: [
      "{m} yuan for this",
      "I took {k} and all are like that",
      "I sent them photos",
      "my family was not amused",
      "the one for {m} yuan less was better",
    ],
  },
  close: {
    good: ["Will buy again.", "Recommended.", "Five stars.", "A happy purchase.", "Worth it.", "Saved the shop."],
    fair: ["That is it.", "Depends on what you need.", "Room to improve.", "Neither good nor bad."],
    bad: [
      "Never again.",
      "Be careful.",
      "I asked for a return.",
      "One star is too much.",
      "A waste of time.",
      "Avoid.",
    ],
  },
  brief: {
    good: ["Good.", "Nice {n}.", "Love it.", "Works well.", "Happy with the {n}."],
    fair: ["Okay.", "So-so {n}.", "It is all right."],
    bad: ["Bad.", "Poor {n}.", "Do not buy."],
  },
};

const grammars: Readonly<Record<Language, Grammar>> = { zh, en };
const slot = /\{(\w)\}/g;

function moodOf(stars: number): Mood {
  return stars >= 4 ? "good" : stars === 3 ? "fair" : "bad";
}

function fill(template: string, opinion: Opinion, random: Random): string {
  if (!template.includes("{")) return template;
  const { words } = opinion;
  return template.replace(slot, (whole, key: string) => {
    if (key === "n") return words.noun;
    if (key === "p") return random.pick(words.praise);
    if (key === "b") return random.pick(words.blame);
    if (key === "u") return random.pick(words.uses);
    if (key === "d") return String(random.integer(2, 9));
    if (key === "w") return String(random.integer(8, 25));
    if (key === "k") return String(random.integer(2, 6));
    if (key === "m") return String(random.integer(5, 90));
    return whole;
  });
}

/** The words of a review, whose sentiment goes by its stars and aspects. */
export function reviewText(opinion: Opinion, random: Random): string {
  const grammar = grammars[opinion.language];
  const mood = moodOf(opinion.stars);
  if (random.chance(0.07)) return fill(random.pick(grammar.brief[mood]), opinion, random);
  const parts: string[] = [];
  if (random.chance(0.75)) parts.push(random.pick(grammar.open[mood]));
  parts.push(random.pick(grammar.goods[moodOf(Math.min(opinion.described, opinion.stars + 1))]));
  const middle: string[] = [];
  if (random.chance(0.45)) middle.push(random.pick(grammar.service[moodOf(opinion.service)]));
  if (random.chance(0.5)) middle.push(random.pick(grammar.logistics[moodOf(opinion.logistics)]));
  if (random.chance(0.4)) middle.push(random.pick(grammar.detail[mood]));
  if (middle.length > 1 && random.chance(0.5)) middle.reverse();
  parts.push(...middle);
  const close = random.chance(0.6) ? random.pick(grammar.close[mood]) : "";
  return assemble(
    parts.map((part) => fill(part, opinion, random)),
    close,
    opinion.language,
    random,
  );
}

function assemble(parts: readonly string[], close: string, language: Language, random: Random): string {
  if (language === "zh") {
    const stop = random.pick(["。", "！", "，", "~", "。"]);
    const body = parts.join(random.pick(["，", "，", "。", " "]));
    return close === ""
      ? `${body}${stop === "，" ? "" : stop}`
      : `${body}${stop}${close}${random.pick(["", "。", "！"])}`;
  }
  const body = parts.join(random.pick([", ", "; ", ", "]));
  return close === "" ? `${body}.` : `${body}. ${close}`;
}

const cashBack: Readonly<Record<Language, readonly string[]>> = {
  zh: [
    "好评返现{d}元已到账",
    "晒图好评返{d}元红包",
    "客服说五星好评返现，确实返了{d}元",
    "加客服好友领了{d}块红包",
    "好评截图发客服返{d}元",
  ],
  en: [
    "they refund {d} yuan for five stars",
    "got {d} yuan back for this review",
    "the card in the box pays {d} yuan for praise",
  ],
};

/** A review that says it was paid for. */
export function paidText(opinion: Opinion, random: Random): string {
  const praise = reviewText({ ...opinion, stars: 5, described: 5, service: 5, logistics: 5 }, random);
  const hint = fill(random.pick(cashBack[opinion.language]), opinion, random);
  return opinion.language === "zh" ? `${praise} ${hint}` : `${praise} (${hint})`;
}

const echoes: readonly (readonly [string, string])[] = [
  ["很", "非常"],
  ["不错", "很不错"],
  ["推荐", "强烈推荐"],
  ["，", ","],
  ["。", "！"],
  ["good", "really good"],
  ["quickly", "very quickly"],
  [". ", "! "],
];

/** A near-duplicate of a script: the same sentence with a word or a stop changed. */
export function echoOf(script: string, random: Random): string {
  let text = script;
  for (let change = random.integer(0, 2); change > 0; change -= 1) {
    const [from, to] = random.pick(echoes);
    text = text.replace(from, to);
  }
  if (random.chance(0.3)) text += random.pick(["！", "~", "!!", " 👍", "🌹"]);
  return text;
}
