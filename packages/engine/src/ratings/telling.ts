import {
  dayOf,
  dayText,
  type EntityKind,
  type EventReason,
  type Explanation,
  limits,
  parseDay,
  type Policy,
  storedMetricNames,
} from "@probity/contract";
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

const both = (en: string, zh: string): Words => ({ en, zh });

/** A promise with a time: what was promised and what came of it. */
function tellPromise(id: string, state: EntityState, field: "shipBy" | "deliverBy"): Words {
  const promised = minuteText(Date.parse(String(state["placed"]?.d[field] ?? 0)));
  const met = field === "shipBy" ? state["shipped"] : state["delivered"];
  const came = met === undefined ? undefined : minuteText(met.t);
  return field === "shipBy"
    ? both(
        `Order ${id}: promised to leave by ${promised}, ${came === undefined ? "not handed over" : `left ${came}`}`,
        `订单 ${id}：承诺 ${promised} 前发出，${came === undefined ? "尚未发出" : `实际 ${came}`}`,
      )
    : both(
        `Order ${id}: promised by ${promised}, ${came === undefined ? "not delivered" : `delivered ${came}`}`,
        `订单 ${id}：承诺 ${promised} 前送达，${came === undefined ? "尚未送达" : `实际 ${came}`}`,
      );
}

type Tell = (id: string, state: EntityState) => Words;

const field = (state: EntityState, slot: string, name: string): string => String(state[slot]?.d[name] ?? "");
const stars = (state: EntityState): string => String((state["edited"] ?? state["posted"])?.d["stars"] ?? "");

const tellReview: Tell = (id, state) => both(`Review ${id}: ${stars(state)} stars`, `评价 ${id}：${stars(state)} 星`);

const tellReturn: Tell = (id, state) => {
  const { requested, opened } = state;
  const reason = requested?.d["reason"] ?? opened?.d["about"];
  return both(
    `${requested === undefined ? "Case" : "Return"} ${id}: ${String(reason ?? "damaged on arrival")}`,
    `${requested === undefined ? "记录" : "退货"} ${id}：${String(reason ?? "到货破损")}`,
  );
};

/** What happened, in words, by the metric that it cost. */
const tellers: Readonly<Record<string, Tell>> = {
  "dispatch-in-time": (id, state) => tellPromise(id, state, "shipBy"),
  "delivered-in-time": (id, state) => tellPromise(id, state, "deliverBy"),
  "tracking-valid": (id) =>
    both(`Order ${id}: the carrier does not know the tracking number`, `订单 ${id}：承运方查无此单号`),
  "cancelled-by-merchant": (id) => both(`Order ${id} was cancelled by the merchant`, `订单 ${id} 被商家取消`),
  "review-stars": tellReview,
  "review-not-low": tellReview,
  "low-reviews-answered": (id) => both(`Review ${id}: not answered within 72 hours`, `评价 ${id}：72 小时内未回复`),
  inspections: (id, state) =>
    both(
      `Inspection ${id} by ${field(state, "inspected", "authority")}: not passed`,
      `抽检 ${id}（${field(state, "inspected", "authority")}）：不合格`,
    ),
  counterfeits: (id) => both(`Counterfeit confirmed (${id})`, `确认假货（${id}）`),
  "privacy-breaches": (id) => both(`Privacy breach confirmed (${id})`, `确认隐私泄露（${id}）`),
  "tickets-answered-24h": (id) => both(`Ticket ${id}: no answer within 24 hours`, `工单 ${id}：24 小时内未答复`),
  "tickets-answered-48h": (id) => both(`Ticket ${id}: no answer within 48 hours`, `工单 ${id}：48 小时内未答复`),
  complaints: (id, state) =>
    both(
      `Complaint ${id} about ${field(state, "opened", "about")}`,
      `投诉 ${id}（${field(state, "opened", "about")}）`,
    ),
  "complaints-solved-7d": (id) => both(`Complaint ${id}: not solved within 7 days`, `投诉 ${id}：7 日内未解决`),
  "charge-backs": (id) => both(`Charge-back ${id}`, `拒付 ${id}`),
  "disputes-lost": (id) => both(`Dispute ${id}: decided as the merchant's fault`, `纠纷 ${id}：判商家责任`),
  "refunds-in-7d": (id) => both(`Return ${id}: not refunded within 7 days`, `退货 ${id}：7 日内未退款`),
  "returns-not-as-described": tellReturn,
  "returns-defect": tellReturn,
  "referrals-kept": (id) => both(`Referral ${id}: no kept order came of it`, `推荐 ${id}：未带来履约订单`),
  "followers-interacting": (id) => both(`Follower ${id} has not interacted`, `粉丝 ${id} 没有互动`),
  "green-parcels": (id) => both(`Order ${id}: not sent in green packaging`, `订单 ${id}：未用绿色包装`),
  listings: (id) =>
    both(
      `Listing ${id}: incomplete (two images, 80 characters, origin)`,
      `商品 ${id}：信息不完整（两图、80 字描述、产地）`,
    ),
};

function tell(kind: EntityKind, metric: string, id: string, state: EntityState): Words {
  const teller = Object.hasOwn(tellers, metric) ? tellers[metric] : undefined;
  return teller?.(id, state) ?? both(`${kind} ${id}: ${metric}`, `${kind} ${id}：${metric}`);
}

interface Miss {
  readonly metric: string;
  readonly day: number;
  readonly units: number;
}

/** Metrics that miss for an indicator: those whose every unit does, and those that miss by what is not good. */
function badOf({ evidence }: Policy["indicators"][number]): Set<string> {
  if (evidence.kind === "level") return new Set();
  return new Set([
    ...evidence.less.map(({ metric }) => metric),
    ...evidence.against,
    ...(evidence.good === "x" ? evidence.of : []),
  ]);
}

/** Misses of an entity in some metrics. */
function missesOf(
  entity: EvidenceEntity,
  subject: string,
  settings: FactSettings,
  day: number,
  metrics: ReadonlySet<string>,
): Miss[] {
  const { facts, pairs } = contribute(entity.kind, entity.id.split(keySeparator), entity.state, settings);
  const misses: Miss[] = [];
  for (const rows of [facts, pairs]) {
    for (const row of rows) {
      if (row.n <= row.x || row.day > day || row.subject !== subject) continue;
      const metric = storedMetricNames.get(row.metric);
      if (metric !== undefined && metrics.has(metric)) misses.push({ metric, day: row.day, units: row.n - row.x });
    }
  }
  return misses;
}

const idOf = (entity: EvidenceEntity): string => entity.id.split(keySeparator).at(-1) ?? entity.id;

function reasonOf(entity: EvidenceEntity, { metric, day }: Miss): EventReason {
  const id = idOf(entity);
  return {
    seq: entity.seqs.at(-1) ?? null,
    entity: entity.kind,
    entityId: id,
    day: dayText(day),
    good: false,
    what: tell(entity.kind, metric, id, entity.state),
    events: [...entity.seqs],
  };
}

/** A miss whose reason is put into words when it is read: a few of many are shown. */
function toTelling(entity: EvidenceEntity, miss: Miss): Telling {
  return {
    ...miss,
    entityId: idOf(entity),
    get reason() {
      return reasonOf(entity, miss);
    },
  };
}

interface Open {
  readonly metric: string;
  readonly words: (count: number) => Words;
  readonly stands: (entity: EvidenceEntity, day: number) => boolean;
}

const openKinds: readonly Open[] = [
  {
    metric: "complaints-solved-7d",
    words: (count) => ({
      en: count === 1 ? "1 complaint waits to be solved" : `${count} complaints wait to be solved`,
      zh: `${count} 条投诉待解决`,
    }),
    stands: ({ kind, state }) => kind === "complaint" && state["opened"] !== undefined && state["solved"] === undefined,
  },
  {
    metric: "tickets-answered-24h",
    words: (count) => ({
      en: count === 1 ? "1 ticket waits for a first answer" : `${count} tickets wait for a first answer`,
      zh: `${count} 条咨询待首次答复`,
    }),
    stands: ({ kind, state }) =>
      kind === "ticket" &&
      state["opened"] !== undefined &&
      state["replied"] === undefined &&
      state["closed"] === undefined,
  },
  {
    metric: "low-reviews-answered",
    words: (count) => ({
      en: count === 1 ? "1 low review waits for an answer" : `${count} low reviews wait for an answer`,
      zh: `${count} 条低分评价待回复`,
    }),
    stands: ({ kind, state }) =>
      kind === "review" &&
      state["removed"] === undefined &&
      state["replied"] === undefined &&
      Number((state["edited"] ?? state["posted"])?.d["stars"] ?? 5) <= 2,
  },
  {
    metric: "refunds-in-7d",
    words: (count) => ({
      en: count === 1 ? "1 accepted return waits for its refund" : `${count} accepted returns wait for their refund`,
      zh: `${count} 笔已同意的退货待退款`,
    }),
    stands: ({ kind, state }) =>
      kind === "return" && state["resolved"]?.d["outcome"] === "accepted" && state["refunded"] === undefined,
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

/** Spot checks, the newest first. */
function inspectionsOf(entities: readonly EvidenceEntity[], day: number): Explanation["inspections"] {
  return entities
    .flatMap(({ kind, id, state, seqs }) => {
      const slot = kind === "inspection" ? state["inspected"] : undefined;
      if (slot === undefined || dayOf(slot.t) > day) return [];
      const { product, authority, passed, finding } = slot.d;
      return [
        {
          id,
          day: dayText(dayOf(slot.t)),
          product: String(product ?? ""),
          authority: String(authority ?? ""),
          passed: passed === true,
          finding: finding === undefined ? null : String(finding),
          events: [...seqs],
        },
      ];
    })
    .sort((a, b) => (a.day === b.day ? (a.id < b.id ? -1 : 1) : a.day < b.day ? 1 : -1))
    .slice(0, limits.telling);
}

/** Evidence of a merchant from its newest entities: misses by indicator, open obligations, certificates, inspections. */
export function evidenceOf(
  policy: Policy,
  subject: string,
  entities: readonly EvidenceEntity[],
  certificates: readonly EvidenceEntity[],
  settings: FactSettings,
  day: number,
): EvidenceSource {
  const bad = new Map(policy.indicators.map((item) => [item.id, badOf(item)]));
  const metrics = new Set([...bad.values()].flatMap((each) => [...each]));
  const misses = entities.flatMap((entity) =>
    missesOf(entity, subject, settings, day, metrics).map((miss) => ({ entity, miss })),
  );
  return {
    certificates: certificates.flatMap((entity) => certificateOf(entity, day)),
    inspections: inspectionsOf(entities, day),
    obligations: obligationsOf(policy, entities, day),
    telling: (id) => {
      const own = bad.get(id);
      if (own === undefined) return [];
      return misses.filter(({ miss }) => own.has(miss.metric)).map(({ entity, miss }) => toTelling(entity, miss));
    },
  };
}
