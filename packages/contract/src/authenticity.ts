import { z } from "zod";
import { limits } from "./limits.ts";
import { date, id, note, stars, text, time } from "./primitives.ts";

/** What is judged: a review, an order, a follower of a merchant or promoter. */
export const assessedKinds = ["review", "order", "follow"] as const;
export const assessedKind = z.enum(assessedKinds);
export type AssessedKind = z.infer<typeof assessedKind>;

/**
 * Why something is held to be more or less genuine. Each code stands for a group of columns of the model; the words for
 * it stand with whoever shows them.
 */
export const reasonCodes = [
  "purchase",
  "timing",
  "handling",
  "burst",
  "deviation",
  "duplicates",
  "wording",
  "incentive",
  "record",
  "repeat",
  "sharing",
  "insider",
  "neighbours",
  "ring",
  "footprint",
] as const;
export const reasonCode = z.enum(reasonCodes);
export type ReasonCode = z.infer<typeof reasonCode>;

const permille = z.int().min(0).max(1_000);
const signedPermille = z.int().min(-1_000).max(1_000);

/** One reason. `points` of all reasons and `base` add up to the reliability exactly. */
export const authenticityReason = z.strictObject({
  code: reasonCode,
  points: signedPermille.meta({
    description:
      "Thousandths of reliability: what would be lost or gained without this reason, the weightier ones taken away before",
  }),
  /** What was seen: a name of a figure and its value; null where it is not known. Times in hours, shares in thousandths. */
  facts: z.array(z.strictObject({ name: z.string().max(64), value: z.number().nullable() })),
  /** Ids of what the reason points at: near-duplicate reviews, other members, a ring. */
  links: z.array(z.strictObject({ kind: z.enum(["review", "order", "user", "ring"]), merchant: id.nullable(), id })),
});
export type AuthenticityReason = z.infer<typeof authenticityReason>;

/** `live`, as it came in; `batch`, by all that is known since; `decided`, by a moderator; `platform`, told by the platform. */
export const assessedBy = z.enum(["live", "batch", "decided", "platform"]);
export type AssessedBy = z.infer<typeof assessedBy>;

/** How genuine something is held to be, and why. */
export const assessment = z.strictObject({
  reliability: permille.meta({ description: "Thousandths: how likely it is what it says it is" }),
  weight: permille.meta({ description: "Thousandths by which it weighs in ratings; 0 does not count" }),
  base: permille.meta({ description: "Reliability before any reason" }),
  reasons: z.array(authenticityReason),
  by: assessedBy,
  model: z
    .string()
    .meta({ description: "Id of the model: SHA-256 of its tables; a decision's id where a person decided" }),
  at: time,
});
export type Assessment = z.infer<typeof assessment>;

/** What is judged, in brief. */
export const assessedItem = z.strictObject({
  kind: assessedKind,
  merchant: id.meta({ description: "The merchant, or the promoter where a promoter is followed" }),
  merchantName: z.string().nullable(),
  id: id.meta({ description: "Of the review or order; the follower's where a follower is judged" }),
  user: id,
  product: id.nullable(),
  at: time,
  stars: stars.nullable(),
  reliability: permille,
  weight: permille,
  top: reasonCode.nullable().meta({ description: "The reason that lowers it most" }),
  by: assessedBy,
  effect: z
    .number()
    .meta({ description: "Points of the merchant's score that hang on it, times the chance to be wrong" }),
  appealed: z.boolean(),
  ring: id.nullable(),
});
export type AssessedItem = z.infer<typeof assessedItem>;

/** The words that are judged; null once their author was erased or where there were none. */
const words = z.strictObject({ title: z.string().nullable(), text: z.string().nullable() });

/** A review that reads like another, beside it. */
export const nearDuplicate = z.strictObject({
  merchant: id,
  review: id,
  user: id,
  at: time,
  stars,
  similarity: permille,
  reliability: permille,
  words,
});
export type NearDuplicate = z.infer<typeof nearDuplicate>;

/** Another account and what ties it to this one. */
export const neighbour = z.strictObject({
  user: id,
  ties: z.array(z.enum(["device", "payer", "address", "text", "co-purchase"])).min(1),
  reliability: permille
    .nullable()
    .meta({ description: "Mean of the account's reviews and orders; null where it has none" }),
  items: z.int().min(0).meta({ description: "Its orders and reviews at the same merchant" }),
});
export type Neighbour = z.infer<typeof neighbour>;

/** Everything that a moderator needs on one page. */
export const dossier = z.strictObject({
  item: assessedItem,
  assessment,
  /** Earlier assessments, the newest first. */
  versions: z.array(assessment.omit({ reasons: true, base: true })),
  words: words.nullable(),
  /** What the words say by the models of words: −1000 bad … 1000 good, and how far each subject is spoken of. */
  reading: z
    .strictObject({
      language: z.enum(["zh", "en", "other"]),
      sentiment: signedPermille,
      topics: z.strictObject({
        delivery: permille,
        quality: permille,
        described: permille,
        service: permille,
        price: permille,
      }),
    })
    .nullable(),
  order: z
    .strictObject({
      order: id,
      placedAt: time.nullable(),
      shippedAt: time.nullable(),
      deliveredAt: time.nullable(),
      confirmedAt: time.nullable(),
      reliability: permille.nullable(),
    })
    .nullable(),
  nearDuplicates: z.array(nearDuplicate),
  neighbours: z.array(neighbour),
  appeal: z.strictObject({ at: time, text: z.string().nullable() }).nullable(),
  /** What the author may be told, in both languages. */
  statement: z.strictObject({ en: z.string(), zh: z.string() }),
});
export type Dossier = z.infer<typeof dossier>;

const count = z.int().min(0);
const reasonCount = z.strictObject({ code: reasonCode.or(z.enum(["decision", "platform"])), items: count });

/** What counts of a merchant's or product's reviews, orders and followers, and why the rest does not. */
export const authenticitySummary = z.strictObject({
  reviews: count,
  reviewsNotCounted: count,
  reviewsReduced: count.meta({ description: "Reviews that count in part" }),
  orders: count,
  ordersNotCounted: count,
  followers: count,
  followersNotCounted: count,
  /** Reviews that do not count in full, by the reason that lowers them most. */
  reasons: z.array(reasonCount),
});
export type AuthenticitySummary = z.infer<typeof authenticitySummary>;

/** The record of an account as reviewer, shopper and follower. */
export const userRecord = z.strictObject({
  user: id,
  firstSeenAt: time.nullable(),
  reviews: count,
  reviewsNotCounted: count,
  orders: count,
  ordersNotCounted: count,
  merchants: count,
  follows: count,
  followsNotCounted: count,
  reliability: permille.nullable().meta({ description: "Mean of its reviews and orders; null where it has none" }),
  rings: z.array(id),
  neighbours: z.array(neighbour),
  recent: z.array(assessedItem),
});
export type UserRecord = z.infer<typeof userRecord>;

export const ringEvidenceKinds = [
  "devices",
  "payers",
  "addresses",
  "couriers",
  "texts",
  "timing",
  "handling",
  "repeats",
  "returns",
  "shape",
  "footprint",
] as const;
/** One kind of evidence against its null model. */
export const ringEvidence = z.strictObject({
  kind: z.enum(ringEvidenceKinds),
  observed: z.number(),
  expected: z.number().meta({ description: "What chance gives among as many accounts of the marketplace" }),
  p: z.number().min(0).max(1),
});
export type RingEvidence = z.infer<typeof ringEvidence>;

export const ringKind = z.enum(["brushing", "farm", "bad-mouthing", "followers"]);
export type RingKind = z.infer<typeof ringKind>;
export const ringState = z.enum(["open", "confirmed", "dismissed"]);

export const ringSummary = z.strictObject({
  ring: id,
  kind: ringKind,
  state: ringState,
  targets: z.array(z.strictObject({ merchant: id, name: z.string().nullable(), items: count })),
  members: count,
  orders: count,
  reviews: count,
  follows: count,
  from: date,
  to: date,
  p: z
    .number()
    .min(0)
    .max(1)
    .meta({ description: "Chance that two kinds of evidence hold by themselves (partial conjunction)" }),
  q: z.number().min(0).max(1).meta({ description: "False discovery rate at which it was found (Benjamini, Hochberg)" }),
  evidence: z.array(ringEvidence),
  /** Points of score that the ring's items would give or take at its first target, if they counted. */
  effect: z.number(),
  foundAt: time,
});
export type RingSummary = z.infer<typeof ringSummary>;

/** The case: members, ties, effect and what would disprove it. */
export const ringCase = z.strictObject({
  summary: ringSummary,
  nodes: z.array(
    z.strictObject({
      id,
      kind: z.enum(["user", "merchant"]),
      reliability: permille.nullable(),
      /** Day of its first deed for the ring; null for merchants. */
      day: date.nullable(),
      items: count,
    }),
  ),
  edges: z.array(
    z.strictObject({
      from: count.meta({ description: "Place in `nodes`" }),
      to: count.meta({ description: "Place in `nodes`" }),
      tie: z.enum(["device", "payer", "address", "text", "order", "review", "follow"]),
      day: date.nullable(),
    }),
  ),
  /** Whether all members and ties are in the answer. */
  complete: z.boolean(),
  effects: z.array(
    z.strictObject({
      merchant: id,
      name: z.string().nullable(),
      scoreWith: z.number().meta({ description: "Score if the ring's items counted" }),
      scoreWithout: z.number().meta({ description: "Score if none of them counted" }),
    }),
  ),
  disproof: z.array(z.strictObject({ en: z.string(), zh: z.string() })),
});
export type RingCase = z.infer<typeof ringCase>;

export const moderatorDecision = z.enum(["genuine", "not-genuine", "unsure"]);
export type ModeratorDecision = z.infer<typeof moderatorDecision>;
export const decisionItem = z.strictObject({ kind: assessedKind, merchant: id, id });
export type DecisionItem = z.infer<typeof decisionItem>;

/** What the queue is narrowed to; also what a bulk decision is about. */
export const queueFilter = z.strictObject({
  kind: assessedKind.optional(),
  merchant: id.optional(),
  user: id.optional(),
  ring: id.optional(),
  reason: reasonCode.optional(),
  reliabilityMax: permille.optional(),
  reliabilityMin: permille.optional(),
  appealed: z.boolean().optional(),
});
export type QueueFilter = z.infer<typeof queueFilter>;

/** `effect`: what moves ratings most first; `uncertain`: where a label teaches the model most; `second-look`: a sample that somebody else decided. */
export const queueOrder = z.enum(["effect", "uncertain", "second-look", "newest"]);
export type QueueOrder = z.infer<typeof queueOrder>;

export const decisionBody = z.strictObject({
  items: z.array(decisionItem).min(1).max(limits.decisionItems),
  decision: moderatorDecision,
  note: note.optional(),
  /** The decision of a second look: it is kept beside the first and changes nothing until both agree or an admin settles it. */
  secondLook: z.boolean().default(false),
});
export const decisionRecord = z.strictObject({
  decision: z.string().regex(/^[0-9a-f]{32}$/),
  verdict: moderatorDecision,
  items: count,
  at: time,
  by: z.string(),
  note: z.string().nullable(),
  undone: z.boolean(),
  secondLook: z.boolean(),
});
export type DecisionRecord = z.infer<typeof decisionRecord>;
export const decisionParams = z.strictObject({ decision: z.string().regex(/^[0-9a-f]{32}$/) });

const effectOnMerchant = z.strictObject({
  merchant: id,
  name: z.string().nullable(),
  items: count,
  before: z.number(),
  after: z.number(),
});
export const bulkBody = z.strictObject({
  filter: queueFilter,
  decision: moderatorDecision,
  note: note.optional(),
  /** Items that the preview counted; the decision is refused if there are more or fewer now. Left out: preview only. */
  expected: count.optional(),
});
export const bulkAnswer = z.strictObject({
  items: count,
  /** Merchants whose score would move most. */
  effects: z.array(effectOnMerchant),
  record: decisionRecord.nullable().meta({ description: "The decision; null for a preview" }),
});
export type BulkAnswer = z.infer<typeof bulkAnswer>;

/** How far moderators agree on what two of them have seen. */
export const agreement = z.strictObject({
  pairs: count,
  agreed: count,
  kappa: z.number().min(-1).max(1).nullable().meta({ description: "Cohen's κ (1960); null where there is too little" }),
  kappaLow: z.number().nullable(),
  kappaHigh: z.number().nullable(),
  byModerator: z.array(
    z.strictObject({ who: z.string(), name: z.string().nullable(), decisions: count, pairs: count, agreed: count }),
  ),
});
export type Agreement = z.infer<typeof agreement>;

export const modelState = z.enum(["candidate", "in-force", "retired", "rejected"]);
export const modelId = z.string().regex(/^[0-9a-f]{64}$/);
const curvePoint = z.strictObject({ expected: z.number(), observed: z.number(), items: count });
/** How a model does on one kind of thing: a model has a part for each kind and for what is known at first and later. */
export const modelPartReport = z.strictObject({
  kind: assessedKind,
  stage: z.enum(["live", "batch"]),
  rows: count,
  fraud: count,
  auc: z.number().nullable(),
  averagePrecision: z.number().nullable(),
  /** Of the challenger (boosted trees) on the same rows. */
  aucTrees: z.number().nullable(),
  /** Of the model in force on the same rows. */
  aucInForce: z.number().nullable(),
  calibrationError: z.number().nullable(),
  calibration: z.array(curvePoint),
  /** Mean absolute score of each reason on the rows, in thousandths of reliability. */
  reasons: z.array(z.strictObject({ code: reasonCode, weight: z.number() })),
  groups: z.array(
    z.strictObject({
      group: z.string(),
      rows: count,
      falseAlarms: z.number().nullable(),
      misses: z.number().nullable(),
    }),
  ),
});
export type ModelPartReport = z.infer<typeof modelPartReport>;
export const suiteCheck = z.strictObject({
  check: z.string(),
  passed: z.boolean(),
  value: z.number(),
  bound: z.number(),
});
export type SuiteCheck = z.infer<typeof suiteCheck>;
export const modelSummary = z.strictObject({
  model: modelId,
  state: modelState,
  /** `shipped` with the engine, or `trained` here. */
  origin: z.enum(["shipped", "trained"]),
  labels: count,
  trainedAt: time,
  promotedAt: time.nullable(),
  passed: z
    .boolean()
    .meta({ description: "Whether it passed the shared suite and did not do worse than the one in force" }),
});
export type ModelSummary = z.infer<typeof modelSummary>;
export const modelReport = z.strictObject({
  summary: modelSummary,
  parts: z.array(modelPartReport),
  suite: z.array(suiteCheck),
  /** Population stability index of each column since training; above 0.25 the column has moved. */
  drift: z.array(z.strictObject({ kind: assessedKind, column: z.string(), psi: z.number() })),
  data: z.strictObject({
    labels: z.array(z.strictObject({ kind: assessedKind, genuine: count, notGenuine: count })),
    from: date.nullable(),
    to: date.nullable(),
  }),
  curves: z.array(
    z.strictObject({
      kind: assessedKind,
      stage: z.enum(["live", "batch"]),
      column: z.string(),
      code: reasonCode,
      /** Edges between bins and the term of each bin in thousandths of a logit; the first term is for what is not known. */
      edges: z.array(z.number()),
      terms: z.array(z.int()),
    }),
  ),
});
export type ModelReport = z.infer<typeof modelReport>;
export const modelParams = z.strictObject({ model: modelId });

/** Whether what is weighed less leans to bad reviews: a platform must not hide criticism. */
export const suppressionAudit = z.strictObject({
  day: date,
  reviews: count,
  reduced: count,
  lowShareReduced: z.number().nullable().meta({ description: "Share of one and two stars among what counts less" }),
  lowShareCounted: z.number().nullable().meta({ description: "Share of one and two stars among what counts in full" }),
  difference: z.number().nullable(),
  low: z.number().nullable().meta({ description: "Lower end of the 95 % interval of the difference (Newcombe)" }),
  high: z.number().nullable(),
  sentimentDifference: z
    .number()
    .nullable()
    .meta({ description: "Mean sentiment of what counts less, minus that of the rest" }),
  sentimentLow: z.number().nullable(),
  sentimentHigh: z.number().nullable(),
  verdict: z.enum(["even", "leans-to-bad", "leans-to-good", "too-little"]),
});
export type SuppressionAudit = z.infer<typeof suppressionAudit>;

/** How this marketplace verifies reviews: generated from what is in force. */
export const verification = z.strictObject({
  model: modelId,
  origin: modelSummary.shape.origin,
  since: time,
  /** Reliability at and above which a review counts in full, and below which it does not count. */
  fullFrom: permille,
  noneBelow: permille,
  reasons: z.array(z.strictObject({ code: reasonCode, weight: z.number() })),
  summary: authenticitySummary,
  ringsConfirmed: count,
  moderatorsAgree: agreement.shape.kappa,
  audit: suppressionAudit,
  deletes: z
    .literal(false)
    .meta({ description: "No review is deleted: what is not held to be genuine weighs nothing" }),
});
export type Verification = z.infer<typeof verification>;

/** One line under a review. */
export const reviewNote = z.strictObject({
  review: id,
  verified: z.enum(["delivered", "ordered", "none"]),
  daysAfterDelivery: z.int().nullable(),
  incentive: z.boolean(),
  weight: permille,
  top: reasonCode.nullable(),
  by: assessedBy,
});
export type ReviewNote = z.infer<typeof reviewNote>;

export const draftReview = z.strictObject({
  merchant: id,
  buyer: id,
  product: id.optional(),
  order: id.optional(),
  stars,
  title: note.optional(),
  text: text.optional(),
  incentive: z.enum(["none", "free-product", "discount", "payment", "other"]).optional(),
});
export type DraftReview = z.infer<typeof draftReview>;
