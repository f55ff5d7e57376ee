import type { Language } from "./goods.ts";
import type { Random } from "./random.ts";

type Lines = Readonly<Record<Language, readonly string[]>>;

type Message =
  | "ticket-logistics"
  | "ticket-product"
  | "ticket-invoice"
  | "ticket-reply"
  | "complaint-delivery"
  | "complaint-quality"
  | "complaint-description"
  | "complaint-service"
  | "complaint-answer"
  | "dispute"
  | "return"
  | "review-reply"
  | "review-sorry"
  | "question"
  | "question-answer"
  | "survey";

const messages: Readonly<Record<Message, Lines>> = {
  "ticket-logistics": {
    zh: ["{n}什么时候发货？", "物流{d}天没动了，帮忙看一下", "快递显示签收但我没收到", "能改一下收货地址吗"],
    en: [
      "When will the {n} be shipped?",
      "Tracking has not moved for {d} days",
      "It says delivered but I have nothing",
      "Can I change the address?",
    ],
  },
  "ticket-product": {
    zh: ["{n}怎么用？说明书看不懂", "{n}好像有问题，能换吗", "收到的{n}和图片不一样", "请问{n}保修多久"],
    en: [
      "How do I use the {n}?",
      "The {n} seems faulty, can I exchange it?",
      "The {n} differs from the photo",
      "How long is the {n} under warranty?",
    ],
  },
  "ticket-invoice": {
    zh: ["能开发票吗", "发票抬头写错了，能重开吗", "优惠券为什么没有用上"],
    en: ["Can I have an invoice?", "The invoice has the wrong name", "Why did my coupon not apply?"],
  },
  "ticket-reply": {
    zh: ["亲，已经帮您催促仓库了", "您好，已为您登记，{d}小时内处理", "您好，请提供一下照片", "已经处理好了，请您查看"],
    en: [
      "We have asked the warehouse to hurry",
      "Noted, we will settle it within {d} hours",
      "Please send us a photo",
      "It is settled, please have a look",
    ],
  },
  "complaint-delivery": {
    zh: ["超过承诺时间{d}天还没收到", "一直不发货也不解释", "快递丢件没人管"],
    en: ["{d} days past the promised date", "Not shipped and no explanation", "The parcel is lost and nobody cares"],
  },
  "complaint-quality": {
    zh: ["{n}用了{d}天就坏了", "{n}质量有问题，商家不认", "收到的{n}是坏的"],
    en: ["The {n} broke after {d} days", "The {n} is faulty and the shop denies it", "The {n} arrived broken"],
  },
  "complaint-description": {
    zh: ["{n}和描述严重不符", "材质跟页面写的不一样", "怀疑{n}不是正品"],
    en: ["The {n} is not what was described", "The material differs from the page", "I doubt that the {n} is genuine"],
  },
  "complaint-service": {
    zh: ["客服态度恶劣", "退货申请一直不处理", "说好退款到现在没退"],
    en: ["The staff was rude", "My return is being ignored", "The refund was promised and never came"],
  },
  "complaint-answer": {
    zh: ["非常抱歉，已为您补发", "抱歉给您带来不便，已安排退款", "经核实商品没有问题", "请您按流程申请退货"],
    en: [
      "We are sorry, a replacement is on its way",
      "Sorry for the trouble, the refund is arranged",
      "We found no fault in the goods",
      "Please follow the return procedure",
    ],
  },
  dispute: {
    zh: ["商家拒绝退款，{n}有问题", "付款{w}天没有收到货", "商家说已经发货，其实没有", "{n}是假货，要求退一赔三"],
    en: [
      "The shop refuses a refund for a bad {n}",
      "Nothing received {w} days after payment",
      "They claim it was shipped, it was not",
      "The {n} is fake, I want my money back",
    ],
  },
  return: {
    zh: ["{n}不合适", "{n}和想的不一样", "{n}有瑕疵，见图", "发错了", "不想要了"],
    en: [
      "The {n} does not fit",
      "The {n} is not what I expected",
      "The {n} has a flaw, see photo",
      "Wrong item",
      "I changed my mind",
    ],
  },
  "review-reply": {
    zh: ["感谢支持，欢迎再来", "谢谢您的认可", "感谢您的晒单，祝生活愉快"],
    en: ["Thank you for your support", "Thanks, see you again", "We are glad you like it"],
  },
  "review-sorry": {
    zh: [
      "非常抱歉，已私信联系您处理",
      "给您带来不便深表歉意，我们会改进",
      "抱歉，请联系客服，我们为您补发",
      "您反映的问题已反馈给仓库",
    ],
    en: [
      "We are sorry and have written to you",
      "We apologise and will do better",
      "Please contact us for a replacement",
      "We have told the warehouse",
    ],
  },
  question: {
    zh: ["{n}尺寸准吗", "这个{n}耐用吗", "{n}有味道吗", "买过的说说{n}怎么样", "现在下单几天能到", "{n}适合送人吗"],
    en: [
      "Is the size of the {n} right?",
      "Does the {n} last?",
      "Does the {n} smell?",
      "How is the {n}, buyers?",
      "How long does delivery take?",
    ],
  },
  "question-answer": {
    zh: ["用了{d}个月，没有问题", "尺寸准的", "没有味道，放心买", "一般{d}天到", "我觉得还行"],
    en: ["Fine after {d} months", "True to size", "No smell at all", "About {d} days", "I find it all right"],
  },
  survey: {
    zh: ["整体满意", "希望发货再快点", "售后可以再好一些", "会继续支持", "页面描述要更准确"],
    en: [
      "All fine",
      "Please ship faster",
      "After-sales could be better",
      "Will come again",
      "Make the pages more accurate",
    ],
  },
};

/** A short message of a buyer or a shop about a product. */
export function messageText(message: Message, language: Language, noun: string, random: Random): string {
  return random
    .pick(messages[message][language])
    .replace("{n}", noun)
    .replace("{d}", String(random.integer(2, 9)))
    .replace("{w}", String(random.integer(10, 25)));
}
