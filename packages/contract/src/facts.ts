import { z } from "zod";
import { id } from "./primitives.ts";

export const subjectKinds = ["merchant", "product", "promoter"] as const;
export const subjectKind = z.enum(subjectKinds);
export type SubjectKind = z.infer<typeof subjectKind>;

/**
 * - `count`: n occurrences, x unused.
 * - `ratio`: n opportunities, x good ones, booked on the day the outcome is due.
 * - `mean`: n total weight, x weighted value in 0…n.
 * - `level`: n goes up when a thing begins to hold and down when it ends; undecayed.
 * - `histogram`: n per bin; the bins' upper edges are in hours.
 */
export type MetricKind = "count" | "ratio" | "mean" | "level" | "histogram";

export interface Metric {
  /** Number in storage; never reused. A histogram takes one per bin. */
  readonly no: number;
  readonly name: string;
  readonly kind: MetricKind;
  readonly subjects: readonly SubjectKind[];
  /** One opportunity is `scale` units of n: 1000 where weights are thousandths. */
  readonly scale: number;
  /** Published in entries; an unpublished metric never enters a rating. */
  readonly published: boolean;
  /** At most three a buyer, seller and calendar month count. */
  readonly pairCapped: boolean;
  readonly edgesHours?: readonly number[];
  readonly counts: { readonly en: string; readonly zh: string };
}

type Row = [
  no: number,
  name: string,
  kind: MetricKind,
  subjects: string,
  en: string,
  zh: string,
  extra?: { scale?: number; published?: boolean; pairCapped?: boolean; edgesHours?: readonly number[] },
];

const capped = { pairCapped: true };
const weighted = { scale: 1000, pairCapped: true };

/** Bins end at these hours; one more bin holds what took longer. */
const hourEdges = [1, 4, 12, 24, 48, 72, 120, 168, 240, 360, 720] as const;

const rows: readonly Row[] = [
  [1, "orders", "count", "mpr", "Orders placed", "下单数"],
  [2, "buyers", "count", "m", "Distinct buyers, on the day of their first kept order", "首次成交的买家数（去重）"],
  [
    3,
    "dispatch-in-time",
    "ratio",
    "m",
    "Orders with a promised dispatch; good if handed over by then. Booked the day after the promise",
    "承诺发货的订单；按时交运为好。记在承诺次日",
  ],
  [
    4,
    "delivered-in-time",
    "ratio",
    "m",
    "Orders with a promised delivery; good if delivered by then. Booked the day after the promise",
    "承诺送达的订单；按时送达为好。记在承诺次日",
  ],
  [
    5,
    "tracking-valid",
    "ratio",
    "m",
    "Parcels whose tracking was checked; good if the carrier knows the number",
    "已核对的运单；承运方可查为好",
  ],
  [6, "cancelled-by-merchant", "count", "m", "Orders cancelled by the merchant", "商家取消的订单"],
  [
    7,
    "charge-backs",
    "count",
    "m",
    "Disputes opened as charge-back and not decided against the buyer",
    "拒付（未判买家责任）",
    capped,
  ],
  [8, "privacy-breaches", "count", "m", "Confirmed privacy breaches", "已确认的隐私泄露"],
  [
    9,
    "orders-kept",
    "count",
    "mpr",
    "Orders delivered or confirmed and not cancelled; a buyer's first three a month",
    "履约订单（每位买家每月最多计三单）",
    capped,
  ],
  [
    10,
    "returns-not-as-described",
    "count",
    "mp",
    "Returns and complaints: not as described or wrong item",
    "因与描述不符或错发的退货与投诉",
    capped,
  ],
  [11, "returns-defect", "count", "mp", "Returns for a defect or damage", "因质量缺陷或破损的退货", capped],
  [12, "inspections", "ratio", "mp", "Spot checks by third parties; good if passed", "第三方抽检；合格为好"],
  [13, "counterfeits", "count", "mp", "Confirmed counterfeits", "已确认的假货"],
  [
    14,
    "listings",
    "level",
    "m",
    "Listings on sale; good if complete: two images, 80 characters of description and, where recorded, an origin",
    "在售商品；信息完整（两图、80 字描述，有记录时含产地）为好",
  ],
  [
    15,
    "review-stars",
    "mean",
    "mp",
    "Reviews by reliability; value (stars − 1) / 4",
    "按可信度加权的评价；值为（星级 − 1）/ 4",
    weighted,
  ],
  [
    16,
    "review-not-low",
    "ratio",
    "mp",
    "Reviews by reliability; good from three stars",
    "按可信度加权的评价；三星及以上为好",
    weighted,
  ],
  [
    17,
    "low-reviews-answered",
    "ratio",
    "m",
    "Reviews of one or two stars; good if answered within 72 hours. Booked the day after that",
    "一至二星评价；72 小时内回复为好。记在到期次日",
  ],
  [
    18,
    "tickets-answered-24h",
    "ratio",
    "m",
    "Tickets; good if first answered within 24 hours. Booked the day after that",
    "咨询工单；24 小时内首次答复为好。记在到期次日",
  ],
  [
    19,
    "tickets-answered-48h",
    "ratio",
    "m",
    "Tickets; good if first answered within 48 hours. Booked the day after that",
    "咨询工单；48 小时内首次答复为好。记在到期次日",
  ],
  [20, "complaints", "count", "m", "Complaints opened", "投诉数", capped],
  [
    21,
    "complaints-solved-7d",
    "ratio",
    "m",
    "Complaints; good if solved within 7 days. Booked the day after that",
    "投诉；7 日内解决为好。记在到期次日",
  ],
  [22, "disputes", "count", "m", "Disputes opened", "纠纷数", capped],
  [23, "disputes-lost", "count", "m", "Disputes decided as the merchant's fault", "判商家责任的纠纷", capped],
  [
    24,
    "refunds-in-7d",
    "ratio",
    "m",
    "Accepted returns; good if refunded within 7 days. Booked the day after that",
    "已同意的退货；7 日内退款为好。记在到期次日",
  ],
  [
    25,
    "buyers-returning",
    "ratio",
    "m",
    "First-time buyers; good if they keep a second order within 90 days. Booked the day after that",
    "首购买家；90 日内再次成交为好。记在到期次日",
  ],
  [
    26,
    "referrals-kept",
    "ratio",
    "mr",
    "Referrals; good if a kept order came of it within 30 days. Booked the day after that",
    "推荐；30 日内带来履约订单为好。记在到期次日",
  ],
  [27, "followers", "level", "mr", "Followers", "关注者"],
  [
    28,
    "followers-interacting",
    "level",
    "mr",
    "Followers; good if they ever liked or shared",
    "关注者；有过点赞或分享为好",
  ],
  [
    29,
    "raters-standing",
    "mean",
    "m",
    "Reviews weighted by the reviewer's kept orders with other merchants (at most ten)",
    "按评价者在其他商家成交次数（最多十）加权的评价",
    { scale: 40 },
  ],
  [30, "licences", "level", "m", "Valid business licences", "有效营业执照"],
  [
    31,
    "certificates",
    "level",
    "m",
    "Valid quality or identity certificates of third parties",
    "有效第三方质量或身份证书",
  ],
  [32, "green-certificates", "level", "m", "Valid environmental certificates", "有效环保证书"],
  [
    33,
    "green-parcels",
    "ratio",
    "m",
    "Parcels whose packaging is recorded; good if green",
    "已记录包装的包裹；环保为好",
  ],
  [34, "order-value", "count", "m", "Orders placed, weighted by value band", "按金额档加权的订单"],
  [
    35,
    "value-lost",
    "count",
    "m",
    "Disputes lost and charge-backs, weighted by value band",
    "按金额档加权的败诉纠纷与拒付",
  ],
  [36, "stars-described", "mean", "m", "Stars for 'as described'", "描述相符星级", weighted],
  [37, "stars-service", "mean", "m", "Stars for service", "服务态度星级", weighted],
  [38, "stars-logistics", "mean", "m", "Stars for logistics", "物流服务星级", weighted],
  [39, "incidents", "count", "m", "Safety incidents reported as high severity", "高严重度安全事件"],
  [
    40,
    "buyers-harmed",
    "count",
    "m",
    "Distinct buyers with a lost dispute, charge-back or complaint, on the day of the first",
    "受损买家数（去重）",
  ],
  [41, "reviews", "count", "mp", "Reviews that count, whatever their weight", "计入的评价数", capped],
  [42, "reviews-low", "count", "m", "Reviews of one or two stars that count", "计入的一至二星评价数", capped],
  [43, "cancelled", "count", "m", "Orders cancelled by anyone", "取消的订单"],
  [
    44,
    "reviews-not-counted",
    "count",
    "mp",
    "Reviews that do not count: not held to be genuine",
    "因不真实而不计入的评价数",
  ],
  [45, "orders-not-counted", "count", "mp", "Orders that do not count: held to be staged", "因刷单而不计入的订单数"],
  [
    46,
    "followers-not-counted",
    "count",
    "mr",
    "Followers that do not count: held to be bought",
    "因购买而不计入的关注者数",
  ],
  [
    47,
    "credentials-elsewhere",
    "level",
    "m",
    "Valid credentials of other marketplaces by the weight of who issued them; good by the score that they tell",
    "其他市场的有效凭证，按签发方权重计；以其所载分数为好",
    { scale: 1000 },
  ],
  [
    100,
    "dispatch-time",
    "histogram",
    "m",
    "Hours from order to hand-over",
    "下单到交运小时数",
    { edgesHours: hourEdges },
  ],
  [
    120,
    "delivery-time",
    "histogram",
    "m",
    "Hours from order to delivery",
    "下单到送达小时数",
    { edgesHours: hourEdges },
  ],
  [
    140,
    "first-reply-time",
    "histogram",
    "m",
    "Hours from ticket to first answer",
    "工单到首次答复小时数",
    { edgesHours: hourEdges },
  ],
  [
    160,
    "refund-time",
    "histogram",
    "m",
    "Hours from accepted return to refund",
    "同意退货到退款小时数",
    { edgesHours: hourEdges },
  ],
  [
    200,
    "gmv",
    "count",
    "mpr",
    "Value of orders placed in the marketplace's currency, in minor units (x); never published",
    "下单金额（最小货币单位，x）；不公开",
    { published: false },
  ],
];

const letters: Record<string, SubjectKind> = { m: "merchant", p: "product", r: "promoter" };

/** What every metric counts. */
export const metrics: readonly Metric[] = rows.map(([no, name, kind, subjects, en, zh, extra]) => ({
  no,
  name,
  kind,
  subjects: [...subjects].map((letter) => letters[letter] as SubjectKind),
  scale: extra?.scale ?? 1,
  published: extra?.published ?? true,
  pairCapped: extra?.pairCapped ?? false,
  ...(extra?.edgesHours ? { edgesHours: extra.edgesHours } : {}),
  counts: { en, zh },
}));

const byName = new Map(metrics.map((metric) => [metric.name, metric]));

/** The metric of a name; throws on an unknown name, which is a bug of the caller. */
export function metricNamed(name: string): Metric {
  const metric = byName.get(name);
  if (metric === undefined) throw new Error(`unknown metric ${name}`);
  return metric;
}

export function isMetricName(name: string): boolean {
  return byName.has(name);
}

/** `name` or, for a bin of a histogram, `name/bin`, by number in storage. */
export const storedMetricNames: ReadonlyMap<number, string> = new Map(
  metrics.flatMap((metric): [number, string][] =>
    metric.edgesHours
      ? Array.from({ length: metric.edgesHours.length + 1 }, (_, bin) => [metric.no + bin, `${metric.name}/${bin}`])
      : [[metric.no, metric.name]],
  ),
);

/** Bin of a duration in milliseconds: the first whose upper edge it does not pass. */
export function binOf(metric: Metric, durationMs: number): number {
  const edges = metric.edgesHours ?? [];
  const bin = edges.findIndex((edge) => durationMs <= edge * 3_600_000);
  return bin === -1 ? edges.length : bin;
}

export const metricDescription = z.strictObject({
  no: z.int(),
  name: z.string(),
  kind: z.enum(["count", "ratio", "mean", "level", "histogram"]),
  subjects: z.array(subjectKind),
  scale: z.int(),
  published: z.boolean(),
  pairCapped: z.boolean(),
  edgesHours: z.array(z.int()).optional(),
  counts: z.strictObject({ en: z.string(), zh: z.string() }),
});

export const factRow = z.strictObject({
  metric: z.string(),
  day: z.iso.date(),
  n: z.int(),
  x: z.int(),
});
export type FactRow = z.infer<typeof factRow>;

export const factsAnswer = z.strictObject({
  kind: subjectKind,
  id,
  publicId: z.string().meta({ description: "Random id under which the subject stands in entries" }),
  rows: z.array(factRow),
  nextCursor: z.string().nullable(),
});
