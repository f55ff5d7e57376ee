import type { Shape } from "./shapes.ts";

type Expected = "id" | "time" | "money" | "integer" | "stars" | "text" | "word" | "currency";

export type Meaning =
  | "order"
  | "merchant"
  | "merchantName"
  | "buyer"
  | "buyerName"
  | "buyerPhone"
  | "buyerEmail"
  | "shipTo"
  | "product"
  | "productName"
  | "quantity"
  | "itemAmount"
  | "paidAmount"
  | "amount"
  | "currency"
  | "placedAt"
  | "paidAt"
  | "shippedAt"
  | "deliveredAt"
  | "confirmedAt"
  | "cancelledAt"
  | "shipBy"
  | "deliverBy"
  | "status"
  | "paymentMethod"
  | "carrier"
  | "review"
  | "stars"
  | "reviewTitle"
  | "reviewText"
  | "reviewedAt"
  | "return"
  | "returnReason"
  | "returnAt"
  | "refundAmount"
  | "refundedAt"
  | "registeredAt"
  | "publishedAt"
  | "category"
  | "region"
  | "remark"
  | "time";

interface Meant {
  readonly expects: Expected;
  /** Names that mean nothing else, normalised: lower case, words parted by one space. */
  readonly names: readonly string[];
  /** Part of a name that points at it. */
  readonly like?: RegExp;
  /** Part of a name that rules it out. */
  readonly unlike?: RegExp;
}

/**
 * What a column of a shop's export can hold. Names are those of the event fields, of Olist, and of the exports of
 * Taobao, JD, Pinduoduo, Shopify and WooCommerce as they are commonly seen; from general knowledge.
 */
export const meanings: Readonly<Record<Meaning, Meant>> = {
  order: {
    expects: "id",
    names: [
      "order",
      "order id",
      "order no",
      "order number",
      "order sn",
      "order code",
      "订单编号",
      "订单号",
      "订单id",
      "主订单编号",
      "交易号",
      "订单",
    ],
    like: /^(order|so|sales order) ?(id|no|num|number|sn|code|ref)\b|订单(编号|号|id)/u,
    unlike: /子订单|item|line|purchase order/u,
  },
  merchant: {
    expects: "id",
    names: [
      "merchant",
      "merchant id",
      "seller",
      "seller id",
      "shop",
      "shop id",
      "store id",
      "vendor id",
      "商家",
      "商家id",
      "商家编号",
      "店铺id",
      "店铺编号",
      "卖家id",
      "商户号",
      "商户编号",
      "商户id",
      "卖家",
    ],
    like: /\b(merchant|seller|shop|store|vendor)\b.*\b(id|no|code|number)\b|(店铺|商家|卖家|商户)(编号|号|id|代码)/u,
  },
  merchantName: {
    expects: "text",
    names: [
      "merchant name",
      "seller name",
      "shop name",
      "store name",
      "store",
      "vendor",
      "店铺名称",
      "店铺",
      "店铺名",
      "商家名称",
      "卖家昵称",
      "商户名称",
    ],
    like: /\b(merchant|seller|shop|store|vendor) name\b|(店铺|商家|商户|卖家)(名|昵称)/u,
  },
  buyer: {
    expects: "id",
    names: [
      "buyer",
      "buyer id",
      "customer",
      "customer id",
      "user",
      "user id",
      "member id",
      "client id",
      "customer unique id",
      "customer user id",
      "买家会员名",
      "买家",
      "买家id",
      "用户id",
      "用户编号",
      "会员id",
      "会员名",
      "下单帐号",
      "下单账号",
      "买家昵称",
      "客户编号",
      "会员号",
      "用户",
      "买家账号",
    ],
    like: /\b(buyer|customer|user|member|client)\b.*\b(id|no|code|number|nick|account)\b|(买家|用户|会员|客户)(编号|号|id|名$|昵称|账号|帐号)/u,
    unlike: /email|phone|note|message|留言|支付宝|服务费|实际|应付/u,
  },
  buyerName: {
    expects: "text",
    names: [
      "buyer name",
      "customer name",
      "billing name",
      "shipping name",
      "recipient",
      "收货人姓名",
      "收货人",
      "客户姓名",
      "收件人",
    ],
    like: /\b(buyer|customer|billing|shipping|recipient) name\b|收货人|收件人/u,
    unlike: /电话|手机|地址|phone|address/u,
  },
  buyerPhone: {
    expects: "text",
    names: [
      "phone",
      "mobile",
      "buyer phone",
      "customer phone",
      "billing phone",
      "shipping phone",
      "联系手机",
      "手机",
      "手机号",
      "联系电话",
      "电话",
    ],
    like: /\b(phone|mobile)\b|手机|电话/u,
    unlike: /是否/u,
  },
  buyerEmail: {
    expects: "text",
    names: ["email", "e mail", "buyer email", "customer email", "billing email", "email address", "邮箱", "买家邮箱"],
    like: /\be ?mail\b|邮箱/u,
  },
  shipTo: {
    expects: "text",
    names: ["address", "ship to", "shipping address", "delivery address", "收货地址", "收件地址", "客户地址", "地址"],
    like: /\bship(ping)? (to|address|street)\b|收货地址/u,
    unlike: /修改后|email/u,
  },
  product: {
    expects: "id",
    names: [
      "product",
      "product id",
      "sku",
      "item sku",
      "lineitem sku",
      "variant sku",
      "goods id",
      "item id",
      "asin",
      "商品id",
      "商品编号",
      "商品编码",
      "宝贝id",
      "货号",
      "sku编码",
      "sku id",
      "商家编码",
      "商品sku",
      "商品",
    ],
    like: /\b(product|goods|sku|variant|item)\b.*\b(id|no|code|sku)\b|\bsku\b|(商品|宝贝|sku|货品)(id|编号|编码|号)/u,
    unlike: /order item|修改后|number of/u,
  },
  productName: {
    expects: "text",
    names: [
      "product name",
      "product title",
      "item name",
      "lineitem name",
      "title",
      "goods name",
      "商品名称",
      "宝贝标题",
      "商品标题",
      "宝贝名称",
      "商品名",
    ],
    like: /\b(product|item|goods|lineitem) (name|title)\b|(商品|宝贝)(名|标题)/u,
  },
  quantity: {
    expects: "integer",
    names: [
      "quantity",
      "qty",
      "pieces",
      "count",
      "lineitem quantity",
      "item quantity",
      "quantity ordered",
      "宝贝总数量",
      "数量",
      "商品数量",
      "订购数量",
      "购买数量",
      "件数",
    ],
    like: /\b(quantity|qty)\b|数量|件数/u,
    unlike: /refunded|退/u,
  },
  itemAmount: {
    expects: "money",
    names: [
      "price",
      "item price",
      "unit price",
      "lineitem price",
      "item cost",
      "product price",
      "单价",
      "商品单价",
      "京东价",
      "商品价格",
      "宝贝单价",
    ],
    like: /\b(item|unit|product|lineitem) (price|cost|amount|total)\b|单价/u,
    unlike: /compare|discount/u,
  },
  paidAmount: {
    expects: "money",
    names: [
      "paid amount",
      "amount paid",
      "payment amount",
      "payment value",
      "买家实际支付金额",
      "实付金额",
      "用户实付金额",
      "实付款",
      "支付金额",
      "付款金额",
    ],
    like: /\b(paid amount|amount paid|payment (amount|value))\b|实(际)?(付|支付)/u,
    unlike: /积分|邮费/u,
  },
  amount: {
    expects: "money",
    names: [
      "amount",
      "total",
      "order amount",
      "order total",
      "order total amount",
      "grand total",
      "total price",
      "total amount",
      "总金额",
      "订单金额",
      "订单总金额",
      "订单总价",
      "合计",
      "总价",
      "金额",
      "买家应付货款",
      "商品总价",
      "应付金额",
    ],
    like: /\b(order total|grand total|total (amount|price)|order amount)\b|总(金额|价|额)|订单金额/u,
    unlike: /tax|discount|shipping|refund|subtotal|fee|优惠|折扣|退款|运费/u,
  },
  currency: {
    expects: "currency",
    names: ["currency", "currency code", "order currency", "币种", "货币", "结算币种"],
    like: /\bcurrency\b|币种|货币/u,
  },
  placedAt: {
    expects: "time",
    names: [
      "placed at",
      "created",
      "created at",
      "order date",
      "order time",
      "ordered at",
      "purchase date",
      "order purchase timestamp",
      "date created",
      "下单时间",
      "订单创建时间",
      "创建时间",
      "下单日期",
      "拼单成功时间",
      "交易创建时间",
      "成交时间",
    ],
    like: /\b(order(ed)?|purchased?|created?|placed)\b.*\b(at|on|date|time|timestamp)\b|下单(时间|日期)|创建(时间|日期)/u,
    unlike: /review|comment|refund|return|deliver|ship|approved|paid|estimated|评价|退/u,
  },
  paidAt: {
    expects: "time",
    names: [
      "paid at",
      "payment date",
      "payment time",
      "paid date",
      "date paid",
      "order approved at",
      "订单付款时间",
      "付款时间",
      "支付时间",
      "付款确认时间",
      "支付日期",
    ],
    like: /\b(paid|payment|approved)\b.*\b(at|on|date|time)\b|(付款|支付)(确认)?(时间|日期)/u,
  },
  shippedAt: {
    expects: "time",
    names: [
      "shipped at",
      "fulfilled at",
      "ship date",
      "shipped date",
      "shipping date",
      "dispatch date",
      "dispatched at",
      "order delivered carrier date",
      "发货时间",
      "订单发货时间",
      "发货日期",
      "出库时间",
      "揽收时间",
    ],
    like: /\b(shipped|fulfilled|dispatch(ed)?|carrier)\b.*\b(at|on|date|time)\b|发货(时间|日期)|揽收/u,
    unlike: /promis|承诺|预计|最晚/u,
  },
  deliveredAt: {
    expects: "time",
    names: [
      "delivered at",
      "delivery date",
      "delivered date",
      "arrived",
      "arrived at",
      "received at",
      "order delivered customer date",
      "签收时间",
      "送达时间",
      "到货时间",
      "妥投时间",
    ],
    like: /\b(delivered|arrived|received)\b.*\b(at|on|date|time)?\b|签收|送达|妥投/u,
    unlike: /carrier|estimated|promis|预计|承诺/u,
  },
  confirmedAt: {
    expects: "time",
    names: [
      "confirmed at",
      "completed at",
      "date completed",
      "completed date",
      "确认收货时间",
      "订单完成时间",
      "完成时间",
      "交易完成时间",
      "交易成功时间",
      "收货时间",
    ],
    like: /\b(confirmed|completed)\b.*\b(at|on|date|time)\b|(确认收货|完成)(时间|日期)/u,
  },
  cancelledAt: {
    expects: "time",
    names: [
      "cancelled at",
      "canceled at",
      "cancel date",
      "cancellation date",
      "cancelled date",
      "取消时间",
      "订单取消时间",
      "关闭时间",
      "订单关闭时间",
    ],
    like: /\bcancel(l?ed|lation)?\b.*\b(at|on|date|time)\b|(取消|关闭)(时间|日期)/u,
  },
  shipBy: {
    expects: "time",
    names: ["ship by", "shipping limit date", "latest ship date", "承诺发货时间", "最晚发货时间"],
    like: /\bship by\b|latest ship|(承诺|最晚|预计)发货/u,
  },
  deliverBy: {
    expects: "time",
    names: [
      "deliver by",
      "order estimated delivery date",
      "estimated delivery date",
      "promised delivery",
      "预计送达时间",
      "承诺送达时间",
    ],
    like: /\b(estimated|promised|expected)\b.*\bdeliver|(预计|承诺)(送达|到达)/u,
  },
  status: {
    expects: "word",
    names: ["status", "state", "order status", "financial status", "订单状态", "状态", "交易状态"],
    like: /\border (status|state)\b|订单状态|交易状态/u,
    unlike: /refund|售后|退/u,
  },
  paymentMethod: {
    expects: "text",
    names: ["payment method", "payment type", "payment method title", "gateway", "支付方式", "付款方式"],
    like: /\bpayment (method|type)\b|(支付|付款)方式/u,
  },
  carrier: {
    expects: "text",
    names: ["carrier", "shipping carrier", "courier", "物流公司", "快递公司", "承运商"],
    like: /\b(carrier|courier)\b|(物流|快递)公司/u,
    unlike: /date|time/u,
  },
  review: {
    expects: "id",
    names: ["review", "review id", "comment id", "rating id", "评价id", "评价编号", "评论id"],
    like: /\b(review|comment) (id|no|code)\b|(评价|评论)(id|编号)/u,
  },
  stars: {
    expects: "stars",
    names: [
      "stars",
      "star",
      "rating",
      "score",
      "review score",
      "review rating",
      "star rating",
      "评分",
      "星级",
      "评价星级",
      "打分",
      "评价分数",
      "评价得分",
    ],
    like: /\b(stars?|star rating|(review|overall) (score|rating))\b|评分|星级|打分/u,
  },
  reviewTitle: {
    expects: "text",
    names: ["review title", "review comment title", "review headline", "评价标题"],
    like: /\b(review|comment) (title|headline)\b/u,
  },
  reviewText: {
    expects: "text",
    names: [
      "text",
      "review text",
      "review",
      "review body",
      "review comment message",
      "comment",
      "comments",
      "review content",
      "评价内容",
      "评论内容",
      "评价",
      "评论",
      "评语",
    ],
    like: /\b(review|comment) (text|body|content|message)\b|(评价|评论)(内容|详情)/u,
    unlike: /title/u,
  },
  reviewedAt: {
    expects: "time",
    names: [
      "reviewed at",
      "review date",
      "review time",
      "review creation date",
      "review answer timestamp",
      "comment time",
      "评价时间",
      "评论时间",
      "评价日期",
    ],
    like: /\b(review|comment|rating)(ed)?\b.*\b(at|on|date|time|timestamp)\b|(评价|评论)(时间|日期)/u,
  },
  return: {
    expects: "id",
    names: [
      "return",
      "return id",
      "rma",
      "rma id",
      "refund id",
      "after sale id",
      "退款编号",
      "退货编号",
      "售后单号",
      "退款单号",
      "售后编号",
      "退货单号",
    ],
    like: /\b(return|refund|rma) (id|no|code|number)\b|(退款|退货|售后)(编号|单号|id)/u,
  },
  returnReason: {
    expects: "text",
    names: ["return reason", "refund reason", "退款原因", "退货原因", "售后原因", "申请原因"],
    like: /\b(return|refund) reason\b|(退款|退货|售后)原因/u,
  },
  returnAt: {
    expects: "time",
    names: [
      "returned at",
      "return date",
      "return requested at",
      "refund requested at",
      "退款申请时间",
      "退货申请时间",
      "售后申请时间",
      "申请时间",
    ],
    like: /\b(return(ed)?|refund request(ed)?)\b.*\b(at|on|date|time)\b|(退款|退货|售后)(的)?申请(时间|日期)/u,
  },
  refundAmount: {
    expects: "money",
    names: [
      "refund amount",
      "refunded amount",
      "order refund amount",
      "refund total",
      "退款金额",
      "买家退款金额",
      "实退金额",
      "退款总额",
    ],
    like: /\brefund(ed)? (amount|total)\b|退款(金|总)额/u,
  },
  refundedAt: {
    expects: "time",
    names: ["refunded at", "refund date", "refund time", "退款时间", "退款完结时间", "退款成功时间", "退款完成时间"],
    like: /\brefund(ed)?\b.*\b(at|on|date|time)\b|退款(完结|成功|完成)?(时间|日期)/u,
    unlike: /request|申请/u,
  },
  registeredAt: {
    expects: "time",
    names: ["registered at", "joined at", "registration date", "opened at", "入驻时间", "开店时间", "注册时间"],
    like: /\b(registered|registration|joined)\b|入驻|开店/u,
  },
  publishedAt: {
    expects: "time",
    names: ["published at", "listed at", "publish date", "上架时间", "发布时间"],
    like: /\b(published|listed)\b.*\b(at|on|date)\b|上架|发布时间/u,
  },
  category: {
    expects: "text",
    names: [
      "category",
      "product category",
      "product category name",
      "product type",
      "type",
      "类目",
      "宝贝种类",
      "分类",
      "品类",
      "商品类目",
      "主营类目",
      "经营类目",
    ],
    like: /\bcategory\b|类目|品类/u,
  },
  region: {
    expects: "text",
    names: ["region", "province", "city", "state", "地区", "所在地", "省份", "城市"],
    like: /\bregion\b|所在地/u,
  },
  remark: {
    expects: "text",
    names: ["remark", "note", "notes", "customer note", "buyer message", "买家留言", "订单备注"],
  },
  time: { expects: "time", names: ["time", "date", "timestamp", "datetime", "event time", "时间", "日期"] },
};

/** A header as a name: camel case parted, signs as spaces, what stands in brackets without its brackets. */
export function normalName(column: string): string {
  return column
    .normalize("NFKC")
    .replaceAll(/([a-z\d])([A-Z])/gu, "$1 $2")
    .toLowerCase()
    .replaceAll(/\((?:元|件|rmb|cny|usd|yuan)\)/gu, "")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Whether cells of that shape can hold what is meant. An empty column can hold anything, and tells nothing. */
function suits(expects: Expected, shape: Shape): boolean {
  if (shape.kind === "empty") return true;
  if (shape.kind === "list") return false;
  switch (expects) {
    case "time":
      return shape.kind === "time" || shape.format !== undefined;
    case "money":
      return shape.kind === "integer" || shape.kind === "decimal";
    case "integer":
      return shape.kind === "integer";
    case "stars":
      return shape.kind === "integer" && (shape.min ?? 0) >= 0 && (shape.max ?? 99) <= 5;
    case "currency":
      return shape.kind === "currency";
    case "id":
      return shape.kind !== "time" && shape.kind !== "boolean" && shape.kind !== "decimal";
    case "word":
      return shape.words !== undefined || shape.kind === "word";
    case "text":
      return shape.kind !== "time";
  }
}

export interface Guess {
  readonly meaning: Meaning;
  readonly reason: "name" | "name-part" | "values";
  /** Of a hundred. */
  readonly confidence: number;
}

function guessByName(name: string, meaning: Meaning): Pick<Guess, "reason" | "confidence"> | undefined {
  const meant = meanings[meaning];
  if (meant.names.includes(name)) return { reason: "name", confidence: 95 };
  const tail = meant.names.some(
    (known) => known.length > 5 && (name.endsWith(` ${known}`) || name.startsWith(`${known} `)),
  );
  if (meant.unlike?.test(name)) return undefined;
  if (tail) return { reason: "name-part", confidence: 75 };
  return meant.like?.test(name) ? { reason: "name-part", confidence: 70 } : undefined;
}

/** What a column may mean, most likely first. Names are believed only as far as the cells agree. */
export function guesses(column: string, shape: Shape): Guess[] {
  const name = normalName(column);
  const found: Guess[] = [];
  for (const meaning of Object.keys(meanings) as Meaning[]) {
    const guess = guessByName(name, meaning);
    if (!guess || !suits(meanings[meaning].expects, shape)) continue;
    found.push({ meaning, ...guess, confidence: shape.kind === "empty" ? guess.confidence - 25 : guess.confidence });
  }
  if (found.length === 0 && shape.kind === "currency")
    found.push({ meaning: "currency", reason: "values", confidence: 60 });
  return found.sort((a, b) => b.confidence - a.confidence);
}
