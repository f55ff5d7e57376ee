import type {
  AssessedItem,
  Dossier,
  ModelReport,
  ModelSummary,
  ReasonCode,
  RingCase,
  RingSummary,
  UserRecord,
} from "@probity/contract";

/** What a server would answer about a made-up marketplace: enough of everything to fill each page. */

const hourMs = 3_600_000;
const nowMs = Date.parse("2026-11-20T09:00:00Z");
const at = (hoursAgo: number): string => new Date(nowMs - hoursAgo * hourMs).toISOString();
const day = (daysAgo: number): string => at(daysAgo * 24).slice(0, 10);

const merchants = ["清和竹器", "Lakeside Tea", "云间数码", "Copper & Oak", "山谷咖啡"] as const;
const tops: readonly ReasonCode[] = ["duplicates", "ring", "sharing", "burst", "incentive", "purchase", "record"];

/** Items of the queue by effect, the largest first. */
export const items: readonly AssessedItem[] = Array.from({ length: 130 }, (_, no) => ({
  kind: no % 7 === 3 ? "order" : no % 11 === 5 ? "follow" : "review",
  merchant: `m-${no % 5}`,
  merchantName: no === 8 ? null : (merchants[no % 5] ?? null),
  id: no % 11 === 5 ? `u-${200 + no}` : `i-${String(no).padStart(3, "0")}`,
  user: `u-${200 + no}`,
  product: no % 3 === 0 ? `p-${no % 9}` : null,
  at: at(no * 5 + 2),
  stars: no % 7 === 3 || no % 11 === 5 ? null : no % 4 === 0 ? 1 : 5,
  reliability: 40 + ((no * 37) % 620),
  weight: (no * 37) % 620 < 260 ? 0 : (no * 37) % 620 < 460 ? 500 : 1_000,
  top: tops[no % tops.length] ?? null,
  by: "batch",
  effect: Math.round((140 / (no + 6)) * 100) / 100,
  appealed: no % 9 === 4,
  ring: no % 6 === 1 ? "ring-1" : null,
}));

const said =
  "物流很快，包装精美，收到以后全家都很喜欢，质量比实体店好太多，客服也非常热情，五星好评！加微信领五元红包。";

const reasonsOf = (item: AssessedItem): Dossier["assessment"]["reasons"] => {
  const lost = [-310, -220, -140];
  const base = 930;
  const sum = lost.reduce((total, points) => total + points, 0);
  return [
    {
      code: "duplicates",
      points: lost[0] ?? 0,
      facts: [
        { name: "greatest-likeness", value: 940 },
        { name: "likes", value: 6 },
        { name: "likes-at-merchant", value: 4 },
      ],
      links: Array.from({ length: 6 }, (_, no) => ({ kind: "review" as const, merchant: "m-0", id: `i-0${70 + no}` })),
    },
    {
      code: "sharing",
      points: lost[1] ?? 0,
      facts: [
        { name: "device-others-at-merchant", value: 11 },
        { name: "payer-others-at-merchant", value: 2 },
        { name: "address-others-at-merchant", value: null },
      ],
      links: [{ kind: "user", merchant: null, id: "u-231" }],
    },
    {
      code: "incentive",
      points: lost[2] ?? 0,
      facts: [
        { name: "incentive-words", value: 1 },
        { name: "declared", value: 0 },
      ],
      links: [],
    },
    {
      code: "purchase",
      points: item.reliability - base - sum,
      facts: [{ name: "purchase", value: 3 }],
      links: [],
    },
  ];
};

const wordsOf = (item: AssessedItem): Dossier["words"] =>
  item.kind === "review" ? { title: item.stars === 1 ? "Not as described" : "非常满意", text: said } : null;

export function dossierOf(item: AssessedItem): Dossier {
  const model = "c0ffee".padEnd(64, "0");
  return {
    item,
    assessment: {
      reliability: item.reliability,
      weight: item.weight,
      base: 930,
      reasons: reasonsOf(item),
      by: item.by,
      model,
      at: item.at,
    },
    versions: [{ reliability: 612, weight: 1_000, by: "live", model, at: item.at }],
    words: wordsOf(item),
    reading:
      item.kind === "review"
        ? {
            language: "zh",
            sentiment: 912,
            topics: { delivery: 830, quality: 640, described: 40, service: 510, price: 90 },
          }
        : null,
    order:
      item.kind === "follow"
        ? null
        : {
            order: `o-${item.id}`,
            placedAt: at(60),
            shippedAt: at(58.5),
            deliveredAt: at(21),
            confirmedAt: null,
            reliability: 310,
          },
    nearDuplicates:
      item.kind === "review"
        ? [1, 2].map((no) => ({
            merchant: `m-${no}`,
            review: `i-07${no}`,
            user: `u-27${no}`,
            at: at(30 * no),
            stars: 5,
            similarity: 940 - 90 * no,
            reliability: 120 * no,
            words: {
              title: "非常满意",
              text:
                no === 1
                  ? said.replace("全家", "家人").replace("五元", "十元")
                  : "Fast delivery, lovely packing, the whole family likes it. 五星好评！",
            },
          }))
        : [],
    neighbours: [
      { user: "u-231", ties: ["device", "payer"], reliability: 110, items: 9 },
      { user: "u-244", ties: ["text"], reliability: 420, items: 2 },
      { user: "u-290", ties: ["co-purchase"], reliability: null, items: 0 },
    ],
    appeal: item.appealed ? { at: at(6), text: "我真的买了，这是我自己写的。Please look at my order again." } : null,
    statement: {
      en: "Your review counts less because nearly the same words stand under other reviews and the device is shared with other accounts. It is not deleted. You can appeal.",
      zh: "您的评价减少计入，因为几乎相同的文字出现在其他评价中，且设备与其他账户共用。评价不会被删除。您可以申诉。",
    },
  };
}

export const ringSummaries: readonly RingSummary[] = (["brushing", "farm", "bad-mouthing", "followers"] as const).map(
  (kind, no) => ({
    ring: `ring-${no + 1}`,
    kind,
    state: no === 2 ? "confirmed" : no === 3 ? "dismissed" : "open",
    targets: Array.from({ length: no === 1 ? 12 : 1 }, (_, place) => ({
      merchant: `m-${(no + place) % 5}`.concat(place > 4 ? `-${place}` : ""),
      name: place > 4 ? null : (merchants[(no + place) % 5] ?? null),
      items: 40 - 3 * place,
    })),
    members: no === 1 ? 5_200 : 36 + no,
    orders: kind === "brushing" ? 212 : 0,
    reviews: kind === "followers" ? 0 : 96,
    follows: kind === "followers" ? 340 : 0,
    from: day(38),
    to: day(3),
    p: 10 ** (-9 + 2 * no),
    q: 0.0004 * (no + 1),
    evidence: [
      { kind: "devices", observed: 31, expected: 1.4, p: 1e-12 },
      { kind: "payers", observed: 18, expected: 0.9, p: 2.4e-7 },
      { kind: "timing", observed: 0.71, expected: 0.22, p: 0.0006 },
      { kind: "texts", observed: 14, expected: 0.3, p: 0.00001 },
      { kind: "returns", observed: 0.02, expected: 0.06, p: 0.21 },
    ],
    effect: 41.5 / (no + 1),
    foundAt: at(40 + no),
  }),
);

const ties = ["device", "payer", "address", "text", "order", "review", "follow"] as const;

export function ringCaseOf(summary: RingSummary): RingCase {
  const users = summary.members;
  const targets = summary.targets.length;
  return {
    summary,
    nodes: [
      ...summary.targets.map(({ merchant }) => ({
        id: merchant,
        kind: "merchant" as const,
        reliability: null,
        day: null,
        items: 0,
      })),
      ...Array.from({ length: users }, (_, no) => ({
        id: `u-${200 + no}`,
        kind: "user" as const,
        reliability: no % 13 === 0 ? null : (no * 53) % 700,
        day: day(38 - (no % 34)),
        items: 1 + (no % 9),
      })),
    ],
    edges: [
      ...Array.from({ length: users * 2 }, (_, no) => ({
        from: targets + (no % users),
        to: no < users ? Math.floor((no % users) / 450) % targets : (Math.floor((no % users) / 450) + 1) % targets,
        tie: no < users ? ("order" as const) : ("review" as const),
        day: day(38 - ((no % users) % 34)),
      })),
      ...Array.from({ length: users * (users > 1_000 ? 2 : 1) }, (_, no) => ({
        from: targets + (no % users),
        to: targets + ((Math.floor((no % users) / 6) * 6 + (no % 5) + 1) % users),
        tie: ties[no % 4] ?? "device",
        day: null,
      })),
    ],
    complete: users < 5_000,
    effects: summary.targets.slice(0, 5).map(({ merchant, name }, place) => ({
      merchant,
      name,
      scoreWith: 812 - place,
      scoreWithout: (summary.kind === "bad-mouthing" ? 841 : 770.5) - place,
    })),
    disproof: [
      { en: "The shared devices are shop terminals or loaned phones.", zh: "共用的设备是店内终端或借用的手机。" },
      { en: "Carriers confirm that goods were handed over.", zh: "快递确认货物已实际交付。" },
    ],
  };
}

export function userRecordOf(user: string): UserRecord {
  const own = items.filter((item) => item.user === user);
  return {
    user,
    firstSeenAt: at(900),
    reviews: 14,
    reviewsNotCounted: 9,
    orders: 17,
    ordersNotCounted: 0,
    merchants: 5,
    follows: 40,
    followsNotCounted: 38,
    reliability: 214,
    rings: ["ring-1", "ring-2"],
    neighbours: [{ user: "u-231", ties: ["device", "payer"], reliability: 110, items: 9 }],
    recent: [...own, ...items.slice(0, 6)],
  };
}

export const modelIds = ["a1", "b2", "c3", "d4"].map((start) => start.padEnd(64, "0"));

export const modelSummaries: readonly ModelSummary[] = [
  { state: "candidate", origin: "trained", labels: 412, trainedAt: at(3), promotedAt: null, passed: true },
  { state: "rejected", origin: "trained", labels: 96, trainedAt: at(80), promotedAt: null, passed: false },
  { state: "in-force", origin: "trained", labels: 240, trainedAt: at(300), promotedAt: at(290), passed: true },
  { state: "retired", origin: "shipped", labels: 0, trainedAt: at(2_000), promotedAt: at(900), passed: true },
].map((one, place) => ({ ...one, model: modelIds[place] ?? "" }) as ModelSummary);

const weights: readonly ReasonCode[] = [
  "sharing",
  "duplicates",
  "neighbours",
  "record",
  "timing",
  "deviation",
  "burst",
];

const partOf = (kind: AssessedItem["kind"], stage: "live" | "batch"): ModelReport["parts"][number] => ({
  kind,
  stage,
  rows: 18_204,
  fraud: 1_322,
  auc: stage === "live" ? 0.931 : 0.968,
  averagePrecision: 0.81,
  aucTrees: 0.957,
  aucInForce: 0.952,
  calibrationError: 0.021,
  calibration: Array.from({ length: 10 }, (_, bin) => ({
    expected: (bin + 0.5) / 10,
    observed: Math.min(1, Math.max(0, (bin + 0.5) / 10 + [0.01, -0.02, 0.03, -0.01, 0.02][bin % 5]!)),
    items: Math.round(9_000 / (bin + 1) ** 1.4),
  })),
  reasons: weights.map((code, place) => ({ code, weight: 180 / (place + 1) })),
  groups: [
    { group: "zh", rows: 12_000, falseAlarms: 0.011, misses: 0.12 },
    { group: "en", rows: 5_100, falseAlarms: 0.017, misses: 0.15 },
    { group: "new-accounts", rows: 900, falseAlarms: 0.041, misses: null },
  ],
});

export function modelReportOf(summary: ModelSummary): ModelReport {
  return {
    summary,
    parts: [partOf("review", "batch"), partOf("review", "live"), partOf("order", "batch"), partOf("follow", "batch")],
    suite: [
      { check: "brushing-recall", passed: true, value: 0.97, bound: 0.9 },
      { check: "honest-false-alarms", passed: summary.passed, value: summary.passed ? 0.004 : 0.032, bound: 0.01 },
      { check: "newest-labels-auc", passed: true, value: 0.968, bound: 0.952 },
    ],
    drift: [
      { kind: "review", column: "hours-since-delivery", psi: 0.31 },
      { kind: "review", column: "device-others-at-merchant", psi: 0.12 },
      { kind: "order", column: "hours-to-confirm", psi: 0.08 },
      { kind: "follow", column: "age-days", psi: 0.02 },
      { kind: "review", column: "a-column-of-tomorrow", psi: 0.01 },
    ],
    data: {
      labels: [
        { kind: "review", genuine: 230, notGenuine: 118 },
        { kind: "order", genuine: 40, notGenuine: 24 },
      ],
      from: day(90),
      to: day(1),
    },
    curves: [
      {
        kind: "review",
        stage: "batch",
        column: "device-others-at-merchant",
        code: "sharing",
        edges: [1, 1.6, 2, 2.6, 3.2, 4],
        terms: [20, -310, -40, 420, 900, 1_350, 1_610, 1_640],
      },
      {
        kind: "review",
        stage: "batch",
        column: "hours-since-delivery",
        code: "timing",
        edges: [0.5, 2, 12, 48, 160, 700],
        terms: [60, 800, 410, 90, -120, -240, -180, 40],
      },
    ],
  };
}
