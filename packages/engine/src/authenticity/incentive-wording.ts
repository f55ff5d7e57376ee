import { foldText } from "@probity/kernels/text/fold";

/** Further characters are not read: whoever hides an offer wants it to be seen. */
const readChars = 4_000;

export const incentivePatterns = ["cash-back", "gift", "free-goods", "contact", "declared"] as const;
/**
 * What a wording tells: money back for praise, a gift or points for it, goods for nothing, a hidden address to write to for
 * a reward; or that the writer declares in the open to have been given something.
 */
export type IncentivePattern = (typeof incentivePatterns)[number];

/** What stands between the signs of a word to hide it from a search. */
const between = /[^\p{L}\p{N}]+/gu;

/** Look-alikes and signs of the trade's own slang, for what they stand for. */
const slang: readonly (readonly [RegExp, string])[] = [
  [/好平|好凭|好苹|女子评|恏评|好坪|好評|好枰/gu, "好评"],
  [/反现|返现金|返線|返縣|返xian|fan现|fx现|反線|返ⅹ|返現/gu, "返现"],
  [/五星|5星|伍星|⑤星|全5分|满分|滿分|五分/gu, "五星"],
  [/[嶶徽微薇威崴溦葳][信芯亻訫]|[vw]信|[+加➕]?[vw]x|weixin|wechat|微♥|卫星号/gu, "微信"],
  [/红苞|红bao|紅包|hong包|宏包|虹包/gu, "红包"],
  [/塊/gu, "块"],
  [/圓|圆/gu, "元"],
  [/曬/gu, "晒"],
  [/領/gu, "领"],
  [/評/gu, "评"],
  [/圖/gu, "图"],
  [/贈/gu, "赠"],
  [/錢/gu, "钱"],
];

const number = "[0-9一二两三四五六七八九十百几]+";
const praise = "(?:好评|五星|晒图|晒单|评价|追评|带图|评论|截图|写评)";
const reward = `(?:返现|返红包|返利|返钱|返(?:还)?${number}(?:块|元|毛|圆)?|红包|现金|奖励金|优惠券|立减|${number}(?:块|元)(?:红包|现金)?)`;
const gives = "(?:返|领|送|给|奖|换|得|拿|退|发)";

const chinese: readonly (readonly [IncentivePattern, RegExp])[] = [
  ["cash-back", new RegExp(`${praise}.{0,6}(?:返现|返红包|返利|返钱|返${number}(?:块|元)?|立返|返还)`, "u")],
  ["cash-back", new RegExp(`${praise}.{0,8}${gives}.{0,4}${reward}`, "u")],
  ["cash-back", new RegExp(`(?:返现|返红包|领红包|红包).{0,10}${praise}`, "u")],
  ["cash-back", new RegExp(`返${number}(?:块|元)|返现卡|返现${number}|(?:好评|五星)返`, "u")],
  [
    "cash-back",
    new RegExp(
      `(?:加|联系|找)?(?:客服|店家|卖家|商家|老板).{0,8}(?:返|领|发|给|退).{0,4}(?:红包|${number}(?:块|元)(?:红包|现金))`,
      "u",
    ),
  ],
  [
    "gift",
    new RegExp(`${praise}.{0,6}(?:送|赠|换|领|得).{0,4}(?:礼品|礼物|小礼|赠品|会员|话费|积分|一份|一个|好礼|券)`, "u"),
  ],
  [
    "free-goods",
    /(?:免费|0元|零元|免单).{0,4}(?:试用|体验|领取|拿货|申请|送测)|(?:评价|好评|收货|晒图).{0,6}(?:免单|全额退|退全款|返本金)|刷单|做任务/u,
  ],
  ["contact", /(?:加|扫|添加|联系).{0,3}(?:微信|qq|企鹅|二维码|群).{0,8}(?:领|返|红包|福利|送|奖|优惠)/u],
  ["contact", /(?:领|返|红包|福利).{0,8}(?:加|扫|添加).{0,3}(?:微信|qq|二维码|群)/u],
];

const chineseDeclared =
  /(?:商家|店家|品牌方?|官方|卖家).{0,4}(?:赠送|提供|寄来|免费送|送我|邀请).{0,8}(?:试用|体验|测评|样品|评测)|(?:本|此)(?:评价|评论|文).{0,6}(?:广告|合作|推广|赞助)|(?:利益相关|含推广|非自费|受邀测评|受邀体验|众测|试用报告|免费试用装?)/u;

const stars = "(?:5|five)[ -]?stars?(?: (?:review|rating)s?)?";
const thing =
  "(?:gift ?cards?|vouchers?|coupons?|cash ?back|refunds?|rebates?|money|reward|discount|bonus|free (?:gift|product|item)s?)";
const opinion = `(?:${stars}|(?:good|positive|great|nice|honest )? ?(?:reviews?|feedback|ratings?)|praise)`;
const amount = "(?:[$€£¥] ?[0-9]+|[0-9]+ ?(?:usd|dollars?|euros?|yuan|rmb|bucks|pounds?))";

const english: readonly (readonly [IncentivePattern, RegExp])[] = [
  [
    "cash-back",
    new RegExp(
      `(?:refund|rebate|cash ?back|paypal|reimburse)\\w*\\b.{0,30}\\b(?:after|for|once|when|upon).{0,20}${opinion}`,
      "u",
    ),
  ],
  [
    "cash-back",
    new RegExp(
      `(?:refund|pay|pays|paid|give|gave|get|got|receive|offer)\\w*\\b.{0,20}${amount}.{0,30}\\b(?:for|if|after|in exchange).{0,25}${opinion}`,
      "u",
    ),
  ],
  [
    "cash-back",
    new RegExp(
      `${opinion}.{0,25}\\b(?:gets?|got|receives?|earns?|for|and they|to get).{0,12}(?:${amount}|cash ?back|refund|rebate)`,
      "u",
    ),
  ],
  [
    "gift",
    new RegExp(
      `${thing}.{0,25}\\b(?:for|if|after|in exchange|in return|when).{0,25}(?:${stars}|(?:good|positive|great|a|leaving|my|this|your) .{0,10}(?:reviews?|feedback|ratings?))`,
      "u",
    ),
  ],
  [
    "gift",
    new RegExp(
      `(?:${stars}|positive (?:review|feedback)|(?:leave|write|post)\\w*.{0,12}review).{0,25}\\b(?:gets?|got|receives?|earns?|for|claim|wins?).{0,12}${thing}`,
      "u",
    ),
  ],
  [
    "free-goods",
    /(?:free|complimentary) (?:product|item|sample|stuff).{0,20}(?:in exchange|in return|for (?:a |an |my |your )?(?:\w+ )?review)/u,
  ],
  [
    "contact",
    /(?:whatsapp|wechat|telegram|email|e-mail|contact|message|text) (?:us|me|them|seller).{0,40}(?:gift ?card|refund|rebate|cash ?back|voucher|free)/u,
  ],
];

const englishDeclared =
  /\bi (?:was |have |got |received |receive |'ve |ve )?(?:been )?(?:received |given |sent |got |provided )?(?:with )?(?:this|the|a|an|it|my)?\b.{0,40}\b(?:for free|free of charge|at no (?:cost|charge)|at a discount|complimentary|free (?:product|sample|item)).{0,80}|in (?:exchange|return) for (?:an? |my )?(?:\w+[ ,]+){0,3}(?:review|opinion|feedback)|\b(?:sponsored|paid partnership|gifted by|#ad\b|vine voice|vine customer|review sample|press sample)/u;

/** Folded, with slang replaced and, for Chinese, all that stands between the signs taken out. */
function plain(text: string): { readonly spaced: string; readonly dense: string } {
  const spaced = foldText(text, readChars);
  let dense = spaced.replaceAll(between, "");
  for (const [pattern, meaning] of slang) dense = dense.replaceAll(pattern, meaning);
  return { spaced, dense };
}

const denied = /(?:没有|不是|并非|没|无|不)(?:任何)?(?:好评|五星|晒图|收到)?.{0,3}(?:返现|红包|返利)/u;
const deniedEnglish =
  /\b(?:no|not|never|without|n't|did not|was not) .{0,25}(?:paid|refund|gift ?card|free|incentive|cash ?back|compensat|sponsor)/u;

/**
 * The first pattern of a paid review that a text shows, undefined for none. Tricks of width, invisible signs, look-alikes and
 * signs set between letters are folded away first. A writer who declares it in the open (`declared`) is told apart from an
 * offer that is passed on; who says that there was none is not accused. At most 4,000 characters are read.
 */
export function incentiveWording(text: string): IncentivePattern | undefined {
  const { spaced, dense } = plain(text);
  if (dense === "") return undefined;
  if (/\p{Script=Han}/u.test(dense)) {
    if (chineseDeclared.test(dense)) return "declared";
    const found = chinese.find(([, pattern]) => pattern.test(dense));
    if (found !== undefined && !denied.test(dense)) return found[0];
  }
  if (!/[a-z]{3}/u.test(spaced)) return undefined;
  const words = spaced.replaceAll(/[^\p{L}\p{N}$€£¥#'-]+/gu, " ");
  if (deniedEnglish.test(words)) return undefined;
  if (englishDeclared.test(words)) return "declared";
  return english.find(([, pattern]) => pattern.test(words))?.[0];
}
