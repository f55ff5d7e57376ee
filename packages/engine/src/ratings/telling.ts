import { dayText, type EntityKind, type EventReason, type Explanation, parseDay, type Policy, storedMetricNames } from "@probity/contract";
import { contribute, type EntityState, type FactSettings, keySeparator } from "../facts/index.ts";
import type { EvidenceSource, Telling } from "./explanation.ts";
import type { Obligation } from "./raise.ts";

/** An entity as it stands, with the places of its events in the ledger. */
export interface EvidenceEntity {
  readonly kind: EntityKind;
  readonly id: string;
  readonly state: EntityState;
  readonly seqs: readonly number[];
}

interface Words {
  readonly en: string;
  readonly zh: string;
}

const minuteText = (timeMs: number): string => `${new Date(timeMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** What happened, in words, for a metric of an entity. */
function tell(kind: EntityKind, metric: string, id: string, state: EntityState): Words {
  const { placed, shipped, delivered, posted, edited, opened, requested } = state;
  const promised = (field: string): string => minuteText(Date.parse(String(placed?.d[field] ?? 0)));
  switch (metric) {
    case "dispatch-in-time":
      return shipped === undefined
        ? { en: `Order ${id}: promised to leave by ${promised("shipBy")}, not handed over`, zh: `订单 ${id}：承诺 ${promised("shipBy")} 前发出，尚未发出` }
        : { en: `Order ${id}: promised to leave by ${promised("shipBy")}, left ${minuteText(shipped.t)}`, zh: `订单 ${id}：承诺 ${promised("shipBy")} 前发出，实际 ${minuteText(shipped.t)}` };
    case "delivered-in-time":
      return delivered === undefined
        ? { en: `Order ${id}: promised by ${promised("deliverBy")}, not delivered`, zh: `订单 ${id}：承诺 ${promised("deliverBy")} 前送达，尚未送达` }
        : { en: `Order ${id}: promised by ${promised("deliverBy")}, delivered ${minuteText(delivered.t)}`, zh: `订单 ${id}：承诺 ${promised("deliverBy")} 前送达，实际 ${minuteText(delivered.t)}` };
    case "tracking-valid":
      return { en: `Order ${id}: the carrier does not know the tracking number`, zh: `订单 ${id}：承运方查无此单号` };
    case "cancelled-by-merchant":
      return { en: `Order ${id} was cancelled by the merchant`, zh: `订单 ${id} 被商家取消` };
    case "review-stars":
    case "review-not-low": {
      const stars = String((edited ?? posted)?.d["stars"] ?? "");
      return { en: `Review ${id}: ${stars} stars`, zh: `评价 ${id}：${stars} 星` };
    }
    case "low-reviews-answered":
      return { en: `Review ${id}: not answered within 72 hours`, zh: `评价 ${id}：72 小时内未回复` };
    case "inspections":
      return { en: `Inspection ${id} by ${String(state["inspected"]?.d["authority"] ?? "")}: not passed`, zh: `抽检 ${id}（${String(state["inspected"]?.d["authority"] ?? "")}）：不合格` };
    case "counterfeits":
      return { en: `Counterfeit confirmed (${id})`, zh: `确认假货（${id}）` };
    case "privacy-breaches":
      return { en: `Privacy breach confirmed (${id})`, zh: `确认隐私泄露（${id}）` };
    case "tickets-answered-24h":
    case "tickets-answered-48h":
      return { en: `Ticket ${id}: no answer within ${metric.slice(-3, -1)} hours`, zh: `工单 ${id}：${metric.slice(-3, -1)} 小时内未答复` };
    case "complaints":
      return { en: `Complaint ${id} about ${String(opened?.d["about"] ?? "")}`, zh: `投诉 ${id}（${String(opened?.d["about"] ?? "")}）` };
    case "complaints-solved-7d":
      return { en: `Complaint ${id}: not solved within 7 days`, zh: `投诉 ${id}：7 日内未解决` };
    case "charge-backs":
      return { en: `Charge-back ${id}`, zh: `拒付 ${id}` };
    case "disputes-lost":
      return { en: `Dispute ${id}: decided as the merchant's fault`, zh: `纠纷 ${id}：判商家责任` };
    case "refunds-in-7d":
      return { en: `Return ${id}: not refunded within 7 days`, zh: `退货 ${id}：7 日内未退款` };
    case "returns-not-as-described":
    case "returns-defect":
      return { en: `${requested === undefined ? "Case" : "Return"} ${id}: ${String(requested?.d["reason"] ?? opened?.d["about"] ?? "damaged on arrival")}`, zh: `${requested === undefined ? "记录" : "退货"} ${id}：${String(requested?.d["reason"] ?? opened?.d["about"] ?? "到货破损")}` };
    case "listings":
      return { en: `Listing ${id}: incomplete (two images, 80 characters, origin)`, zh: `商品 ${id}：信息不完整（两图、80 字描述、产地）` };
    default:
      return { en: `${kind} ${id}: ${metric}`, zh: `${kind} ${id}：${metric}` };
  }
}

interface Miss {
  readonly metric: string;
  readonly day: number;
  readonly units: number;
}

function missesOf(entity: EvidenceEntity, subject: string, settings: FactSettings, day: number): { rows: Miss[] } {
  const { facts, pairs } = contribute(entity.kind, entity.id.split(keySeparator), entity.state, settings);
  const rows: Miss[] = [];
  for (const row of [...facts, ...pairs]) {
    if (row.subject !== subject || row.day > day) continue;
    const metric = storedMetricNames.get(row.metric);
    if (metric !== undefined) rows.push({ metric, day: row.day, units: row.n - row.x });
  }
  return { rows };
}

/** Metrics whose every unit is a miss for an indicator, and those that miss what is not good. */
function badOf(indicator: Policy["indicators"][number]): { whole: Set<string>; part: Set<string> } {
  const { evidence } = indicator;
  if (evidence.kind === "level") return { whole: new Set(), part: new Set() };
  return {
    whole: new Set([...evidence.less.map(({ metric }) => metric), ...evidence.against]),
    part: new Set(evidence.good === "x" ? evidence.of : []),
  };
}

function toTelling(entity: EvidenceEntity, miss: Miss): Telling {
  const id = entity.id.split(keySeparator).at(-1) ?? entity.id;
  const reason: EventReason = {
    seq: entity.seqs.at(-1) ?? null,
    entity: entity.kind,
    entityId: id,
    day: dayText(miss.day),
    good: false,
    what: tell(entity.kind, miss.metric, id, entity.state),
    events: [...entity.seqs],
  };
  return { metric: miss.metric, day: miss.day, units: miss.units, reason };
}

interface Open {
  readonly metric: string;
  readonly words: (count: number) => Words;
  readonly stands: (entity: EvidenceEntity, day: number) => boolean;
}

const openKinds: readonly Open[] = [
  {
    metric: "complaints-solved-7d",
    words: (count) => ({ en: count === 1 ? "1 complaint waits to be solved" : `${count} complaints wait to be solved`, zh: `${count} 条投诉待解决` }),
    stands: ({ kind, state }) => kind === "complaint" && state["opened"] !== undefined && state["solved"] === undefined,
  },
  {
    metric: "tickets-answered-24h",
    words: (count) => ({ en: count === 1 ? "1 ticket waits for a first answer" : `${count} tickets wait for a first answer`, zh: `${count} 条咨询待首次答复` }),
    stands: ({ kind, state }) => kind === "ticket" && state["opened"] !== undefined && state["replied"] === undefined && state["closed"] === undefined,
  },
  {
    metric: "low-reviews-answered",
    words: (count) => ({ en: count === 1 ? "1 low review waits for an answer" : `${count} low reviews wait for an answer`, zh: `${count} 条低分评价待回复` }),
    stands: ({ kind, state }) =>
      kind === "review" && state["removed"] === undefined && state["replied"] === undefined && Number((state["edited"] ?? state["posted"])?.d["stars"] ?? 5) <= 2,
  },
  {
    metric: "refunds-in-7d",
    words: (count) => ({ en: count === 1 ? "1 accepted return waits for its refund" : `${count} accepted returns wait for their refund`, zh: `${count} 笔已同意的退货待退款` }),
    stands: ({ kind, state }) => kind === "return" && state["resolved"]?.d["outcome"] === "accepted" && state["refunded"] === undefined,
  },
  {
    metric: "licences",
    words: () => ({ en: "the business licence expires within 30 days", zh: "营业执照将在 30 日内到期" }),
    stands: ({ kind, state }, day) => {
      const { kind: of, expires } = (state["verified"]?.d ?? {}) as { kind?: string; expires?: string };
      if (kind !== "certificate" || of !== "licence" || expires === undefined) return false;
      return parseDay(expires) >= day && parseDay(expires) <= day + 30;
    },
  },
];

function obligationsOf(policy: Policy, entities: readonly EvidenceEntity[], day: number): Obligation[] {
  return openKinds.flatMap(({ metric, words, stands }): Obligation[] => {
    const indicator = policy.indicators.find(({ evidence }) =>
      evidence.kind === "share" ? evidence.of.includes(metric) : evidence.parts.some((part) => part.metric === metric),
    );
    const count = entities.filter((entity) => stands(entity, day)).length;
    return indicator === undefined || count === 0 ? [] : [{ indicator: indicator.id, count, text: words(count) }];
  });
}

function certificateOf(entity: EvidenceEntity, day: number): Explanation["certificates"] {
  const slot = entity.state["verified"];
  if (slot === undefined) return [];
  const { kind, authority, number, issued, expires } = slot.d as Record<string, string | undefined>;
  return [
    {
      kind: kind ?? "",
      authority: authority ?? "",
      number: number ?? null,
      issued: issued ?? null,
      expires: expires ?? null,
      valid: (issued === undefined || parseDay(issued) <= day) && (expires === undefined || parseDay(expires) >= day),
      source: slot.k.split(keySeparator)[0] ?? "",
    },
  ];
}

/** Evidence of a merchant from its newest entities: misses by indicator, open obligations, certificates. */
export function evidenceOf(
  policy: Policy,
  subject: string,
  entities: readonly EvidenceEntity[],
  certificates: readonly EvidenceEntity[],
  settings: FactSettings,
  day: number,
): EvidenceSource {
  const misses = entities.map((entity) => ({ entity, ...missesOf(entity, subject, settings, day) }));
  return {
    certificates: certificates.flatMap((entity) => certificateOf(entity, day)),
    obligations: obligationsOf(policy, entities, day),
    telling: (id) => {
      const indicator = policy.indicators.find((item) => item.id === id);
      if (indicator === undefined) return [];
      const { whole, part } = badOf(indicator);
      return misses.flatMap(({ entity, rows }) =>
        rows
          .filter(({ metric, units }) => units > 0 && (whole.has(metric) || part.has(metric)))
          .map((miss) => toTelling(entity, miss)),
      );
    },
  };
}
