import { z } from "zod";
import { isMetricName, subjectKind } from "./facts.ts";
import { id, name, note } from "./primitives.ts";

export const q32 = 4_294_967_296;

const words = z.strictObject({ en: note, zh: note });
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
const ppm = z.int().min(0).max(1_000_000);
const metricName = z.string().refine(isMetricName, { message: "is not a metric of the registry" });

export const grades = ["AAA", "AA", "A", "BBB", "BB", "B", "C", "D"] as const;
export const grade = z.enum(grades);
export type Grade = z.infer<typeof grade>;

/** Weight by age in days as Q32 integers; `tail` holds for every greater age. */
export const decay = z.strictObject({
  halfLifeDays: z.int().min(1).nullable().meta({ description: "How the table was made; the table is what counts" }),
  weights: z.array(z.int().min(0).max(q32)).min(1).max(3_700),
  tail: z.int().min(0).max(q32),
});
export type Decay = z.infer<typeof decay>;

/** Monotone piecewise-linear map from a mean in parts per million to thousandths of the indicator's points. */
export const pointsTable = z
  .array(z.tuple([ppm, z.int().min(0).max(1_000)]))
  .min(2)
  .max(32);

const evidence = z.discriminatedUnion("kind", [
  /** N = Σ n(of) + Σ n(against); X = (x or n)(of) − Σ weight × n(less). */
  z.strictObject({
    kind: z.literal("share"),
    of: z.array(metricName).min(1).max(4),
    good: z.enum(["x", "all"]),
    less: z.array(z.strictObject({ metric: metricName, weight: z.int().min(1).max(1_000) })).max(6),
    against: z.array(metricName).max(4),
  }),
  /** μ = Σ each × min(level, cap), at most 1; a level has no sampling error. */
  z.strictObject({
    kind: z.literal("level"),
    parts: z
      .array(z.strictObject({ metric: metricName, each: ppm, cap: z.int().min(1).max(100) }))
      .min(1)
      .max(8),
  }),
]);
export type Evidence = z.infer<typeof evidence>;

export const indicator = z.strictObject({
  id: slug,
  dimension: slug,
  title: words,
  points: z.int().min(0).max(1_000),
  evidence,
  decay: slug,
  table: pointsTable,
  /** Used when neither the category nor the marketplace has enough subjects. */
  prior: z.strictObject({ mean: ppm, strength: z.int().min(1).max(10_000) }),
  /**
   * Where a subject has no evidence at all: stand at the prior's mean with the prior's error, or hand the points to the
   * dimension's others. Hand over only where nothing means that it does not apply (no followers: no social channel).
   */
  whenEmpty: z.enum(["prior", "hand-over"]),
  /** Mean from which the indicator counts as good; 'what would raise it' aims there. */
  target: ppm,
});
export type Indicator = z.infer<typeof indicator>;

export const redLine = z.strictObject({
  id: slug,
  title: words,
  windowDays: z.int().min(1).max(3_650),
  /** Holds if every condition holds. */
  when: z
    .array(
      z.strictObject({
        metric: metricName,
        min: z.int().min(1),
        /** At least this share of n of that metric in the same window. */
        share: z.strictObject({ of: metricName, min: ppm }).optional(),
      }),
    )
    .min(1)
    .max(4),
  cap: grade,
});

const policyShape = z.strictObject({
  format: z.literal("probity-policy/1"),
  name: slug,
  subject: subjectKind,
  title: words,
  dimensions: z
    .array(z.strictObject({ id: slug, title: words, points: z.int().min(0).max(1_000) }))
    .min(1)
    .max(12),
  indicators: z.array(indicator).min(1).max(64),
  decays: z.record(slug, decay),
  bound: z.strictObject({
    /** z as a rational; 90 % one-sided is 1282/1000. */
    zNumerator: z.int().min(0).max(10_000),
    zDenominator: z.int().min(1).max(10_000),
  }),
  grades: z
    .array(z.strictObject({ grade, min: z.int().min(0).max(1_000) }))
    .min(2)
    .max(grades.length),
  floor: z.strictObject({
    windowDays: z.int().min(1).max(3_650),
    conditions: z
      .array(z.strictObject({ metric: metricName, min: z.int().min(1), title: words }))
      .min(1)
      .max(4),
  }),
  hysteresis: z.strictObject({
    margin: z.int().min(0).max(100),
    days: z.int().min(1).max(14),
  }),
  /** Fewer subjects than this in a category: its prior comes from the whole marketplace. */
  categorySubjectsMin: z.int().min(2).max(10_000),
  epochDays: z.int().min(1).max(365),
  redLines: z.array(redLine).max(16),
});

type PolicyShape = z.infer<typeof policyShape>;
type Report = (path: (string | number)[], message: string) => void;

function checkIndicator(policy: PolicyShape, index: number, report: Report): void {
  const item = policy.indicators[index];
  if (item === undefined) return;
  if (!policy.dimensions.some((dimension) => dimension.id === item.dimension)) {
    report(["indicators", index, "dimension"], `names no dimension of the policy: ${item.dimension}`);
  }
  if (!Object.hasOwn(policy.decays, item.decay)) {
    report(["indicators", index, "decay"], `names no decay of the policy: ${item.decay}`);
  }
  const table = item.table;
  if (table[0]?.[0] !== 0 || table.at(-1)?.[0] !== 1_000_000) {
    report(["indicators", index, "table"], "must begin at 0 and end at 1000000");
  }
  for (let row = 1; row < table.length; row += 1) {
    const [before, here] = [table[row - 1], table[row]];
    if (before === undefined || here === undefined) continue;
    if (here[0] <= before[0] || here[1] < before[1]) {
      report(["indicators", index, "table", row], "must be monotone: means rise strictly, points never fall");
    }
  }
  if (table.at(-1)?.[1] !== 1_000) report(["indicators", index, "table"], "must reach 1000 thousandths at its end");
}

function checkSums(policy: PolicyShape, report: Report): void {
  const total = policy.dimensions.reduce((sum, dimension) => sum + dimension.points, 0);
  if (total !== 1_000) report(["dimensions"], `weights must add up to 1000, they add up to ${total}`);
  policy.dimensions.forEach((dimension, index) => {
    const inside = policy.indicators
      .filter((item) => item.dimension === dimension.id)
      .reduce((sum, item) => sum + item.points, 0);
    if (inside !== dimension.points) {
      report(
        ["dimensions", index, "points"],
        `must equal the sum of its indicators: ${dimension.points} against ${inside}`,
      );
    }
  });
}

function checkOrder(policy: PolicyShape, report: Report): void {
  const ids = policy.indicators.map((item) => item.id);
  ids.forEach((item, index) => {
    if (ids.indexOf(item) !== index) report(["indicators", index, "id"], `is used twice: ${item}`);
  });
  policy.grades.forEach((item, index) => {
    const before = policy.grades[index - 1];
    if (before === undefined) return;
    if (item.min >= before.min || grades.indexOf(item.grade) <= grades.indexOf(before.grade)) {
      report(["grades", index], "must fall strictly, best grade first");
    }
  });
  if (policy.grades.at(-1)?.min !== 0)
    report(["grades", policy.grades.length - 1, "min"], "the last grade must begin at 0");
  for (const [key, table] of Object.entries(policy.decays)) {
    const rising = table.weights.findIndex((weight, age) => age > 0 && weight > (table.weights[age - 1] ?? 0));
    if (rising !== -1) report(["decays", key, "weights", rising], "must be monotone: weights never rise with age");
    if (table.tail > (table.weights.at(-1) ?? 0)) report(["decays", key, "tail"], "must not exceed the last weight");
  }
}

/** A rating policy: data, not code. Weights add up, tables are monotone, every name resolves. */
export const policy = policyShape.superRefine((value, context) => {
  const report: Report = (path, message) => context.addIssue({ code: "custom", path, message });
  checkSums(value, report);
  value.indicators.forEach((_, index) => checkIndicator(value, index, report));
  checkOrder(value, report);
});
export type Policy = z.infer<typeof policy>;

export const policyState = z.enum(["draft", "simulated", "published", "in-force", "superseded"]);
export const policyRecord = z.strictObject({
  policy: z.string().meta({ description: "SHA-256 of the canonical policy, hex" }),
  name: z.string(),
  subject: subjectKind,
  title: words,
  state: policyState,
  createdAt: z.string(),
  publishedAt: z.string().nullable(),
  effectiveDay: z.iso.date().nullable(),
  noticeDays: z.int().nullable(),
});
export type PolicyRecord = z.infer<typeof policyRecord>;

export const ratingStatus = z.enum(["rated", "too-early"]);

export const ratingSummary = z.strictObject({
  kind: subjectKind,
  id,
  name: z.string().nullable(),
  category: z.string().nullable(),
  day: z.iso.date(),
  status: ratingStatus,
  score: z.int().min(0).max(1_000),
  /** With 90 % confidence the score is not below this; the grade goes by it. */
  bound: z.int().min(0).max(1_000),
  grade: grade.nullable(),
  policy: z.string(),
  epoch: z.int(),
  logSize: z.int(),
  orders: z.int(),
  buyers: z.int(),
  dimensions: z.array(z.strictObject({ id: slug, title: words, points: z.int(), max: z.int() })),
});
export type RatingSummary = z.infer<typeof ratingSummary>;

/** Orders of a list of ratings; a minus before it turns it round. Subjects that are equal follow by age. */
export const ratingSorts = ["score", "bound", "name", "category", "orders", "buyers"] as const;
export const ratingSort = z.enum([...ratingSorts, ...ratingSorts.map((sort) => `-${sort}` as const)]);
export type RatingSort = z.infer<typeof ratingSort>;

/** How many subjects a category has; null is that of those without one. */
export const categoryCount = z.strictObject({ category: z.string().nullable(), subjects: z.int(), rated: z.int() });
export type CategoryCount = z.infer<typeof categoryCount>;

const eventReason = z.strictObject({
  seq: z.int().nullable(),
  entity: z.string(),
  entityId: z.string(),
  day: z.iso.date(),
  good: z.boolean(),
  what: words,
  /** Places of the entity's events in the ledger, oldest first. */
  events: z.array(z.int()),
});
export type EventReason = z.infer<typeof eventReason>;

export const indicatorReason = z.strictObject({
  id: slug,
  title: words,
  points: z.int(),
  max: z.int(),
  applies: z.boolean(),
  /** Why it does not apply, in words. */
  whyNot: words.nullable(),
  mean: ppm,
  low: ppm,
  high: ppm,
  /** Decayed opportunities and good ones, effective sample, in thousandths. */
  n: z.int(),
  x: z.int(),
  effective: z.int(),
  /** Undecayed opportunities inside the horizon. */
  sample: z.int(),
  prior: z.strictObject({
    mean: ppm,
    /** Thousandths of an opportunity. */
    strength: z.int(),
    from: z.enum(["category", "marketplace", "policy"]),
    /** Share of the prior in the mean. */
    share: ppm,
  }),
  peers: z.strictObject({ lower: ppm, median: ppm, upper: ppm, subjects: z.int() }).nullable(),
  /** Mean without the five most telling misses. */
  withoutTelling: ppm.nullable(),
  facts: z.array(
    z.strictObject({
      metric: z.string(),
      counts: words,
      n: z.int(),
      x: z.int(),
      days: z.array(z.tuple([z.iso.date(), z.int(), z.int()])),
    }),
  ),
  events: z.array(eventReason),
});
export type IndicatorReason = z.infer<typeof indicatorReason>;

export const raise = z.strictObject({
  indicator: slug,
  kind: z.enum(["obligation", "peer", "target"]),
  points: z.int(),
  /** Smallest number of kept promises that gets there. */
  kept: z.int().nullable(),
  to: ppm,
  text: words,
});
export type Raise = z.infer<typeof raise>;

export const explanation = z.strictObject({
  rating: ratingSummary,
  /** Grade by the bound alone, before hysteresis and red lines. */
  rawGrade: grade.nullable(),
  floor: z.array(z.strictObject({ metric: z.string(), title: words, has: z.int(), needs: z.int() })),
  caps: z.array(z.strictObject({ redLine: slug, title: words, cap: grade, until: z.iso.date() })),
  linked: z.array(z.strictObject({ id, grade: grade.nullable(), cap: z.boolean() })),
  certificates: z.array(
    z.strictObject({
      kind: z.string(),
      authority: z.string(),
      number: z.string().nullable(),
      issued: z.string().nullable(),
      expires: z.string().nullable(),
      valid: z.boolean(),
      source: z.string(),
    }),
  ),
  /** The newest spot checks of its goods, at most twenty. */
  inspections: z.array(
    z.strictObject({
      id: z.string(),
      day: z.iso.date(),
      product: z.string(),
      authority: z.string(),
      passed: z.boolean(),
      finding: z.string().nullable(),
      events: z.array(z.int()),
    }),
  ),
  dimensions: z.array(
    z.strictObject({ id: slug, title: words, points: z.int(), max: z.int(), indicators: z.array(indicatorReason) }),
  ),
  raise: z.array(raise),
  peers: z.strictObject({ category: z.string().nullable(), rank: z.int(), of: z.int(), median: z.int() }).nullable(),
  clock: z.string(),
});
export type Explanation = z.infer<typeof explanation>;

export const historyPoint = z.strictObject({
  day: z.iso.date(),
  status: ratingStatus,
  score: z.int(),
  bound: z.int(),
  grade: grade.nullable(),
  policy: z.string(),
  epoch: z.int(),
  /** Computed after the day had passed (imports, first start). */
  computedLater: z.boolean(),
});
export const history = z.strictObject({
  points: z.array(historyPoint),
  markers: z.array(
    z.strictObject({ day: z.iso.date(), kind: z.enum(["policy", "epoch"]), policy: z.string(), epoch: z.int() }),
  ),
});
export type History = z.infer<typeof history>;

/** One check of a policy pack: a rate, a mean or a count over a window, against a threshold. */
export const packCheck = z.strictObject({
  id: slug,
  title: words,
  kind: z.enum(["rate", "mean", "count", "prior-mean"]),
  numerator: z
    .array(z.strictObject({ metric: metricName, part: z.enum(["n", "x"]) }))
    .min(1)
    .max(4),
  /** For a miss rate of a ratio metric: numerator is n − x of `denominator`. */
  complement: z.boolean().optional(),
  denominator: z.array(metricName).max(2),
  windowDays: z.int().min(1).max(3_650),
  /** A shorter window where volume is high. */
  busyWindow: z.strictObject({ metric: metricName, min: z.int(), windowDays: z.int().min(1) }).optional(),
  decay: slug.optional(),
  prior: z.strictObject({ weight: z.int(), mean: ppm }).optional(),
  /** Thresholds by tier; `max`: good if at most, `min`: good if at least (ppm for rates and means). */
  tiers: z.record(
    slug,
    z.strictObject({
      max: z.int().optional(),
      min: z.int().optional(),
      /** Broken only if at least this many of the numerator. */
      unlessCount: z.int().optional(),
      /** Broken only if at least this many distinct harmed buyers. */
      unlessBuyers: z.int().optional(),
    }),
  ),
  /** Below this many opportunities the check is passed over. */
  minOpportunities: z.int().optional(),
});

export const pack = z.strictObject({
  format: z.literal("probity-pack/1"),
  id: slug,
  title: words,
  source: note,
  figures: z.enum(["primary", "secondary", "public description"]),
  decays: z.record(slug, decay).optional(),
  /** Best first; a merchant holds the first tier of which no check is broken. */
  tiers: z
    .array(z.strictObject({ id: slug, title: words }))
    .min(1)
    .max(6),
  otherwise: z.strictObject({ id: slug, title: words }),
  checks: z.array(packCheck).min(1).max(20),
});
export type Pack = z.infer<typeof pack>;
export type PackCheck = z.infer<typeof packCheck>;

export const packAnswer = z.strictObject({
  pack: slug,
  title: words,
  source: note,
  figures: z.string(),
  tier: slug,
  tierTitle: words,
  checks: z.array(
    z.strictObject({
      id: slug,
      title: words,
      kind: z.string(),
      value: ppm.nullable(),
      count: z.int(),
      opportunities: z.int(),
      windowDays: z.int(),
      tiers: z.record(slug, z.strictObject({ threshold: z.int(), bound: z.enum(["min", "max"]), holds: z.boolean() })),
    }),
  ),
});
export type PackAnswer = z.infer<typeof packAnswer>;

export const subjectSizes = ["large", "small", "new"] as const;
/**
 * `large`: the fewest subjects that together make four fifths of the sales in the window; `new`: first seen in the last
 * 90 days, large or not; `small`: all others.
 */
export const subjectSize = z.enum(subjectSizes);
export type SubjectSize = z.infer<typeof subjectSize>;

const mover = z.strictObject({
  id,
  name: z.string().nullable(),
  category: z.string().nullable(),
  size: subjectSize,
  gradeBefore: z.string(),
  gradeAfter: z.string(),
  scoreBefore: z.int(),
  scoreAfter: z.int(),
  gmv: z.int(),
  /** Indicator whose points moved most the way the score went. */
  because: z.strictObject({ indicator: slug, points: z.int() }).nullable(),
});

/** What a policy would change: grades before × after, who moves most, whose sales are touched. */
export const whatIf = z.strictObject({
  subject: subjectKind,
  day: z.iso.date(),
  before: z.string(),
  after: z.string(),
  subjects: z.int(),
  grades: z.array(z.string()),
  /** Rows: grade before; columns: grade after; in the order of `grades`. */
  migration: z.array(z.array(z.int())),
  up: z.int(),
  down: z.int(),
  movers: z.array(mover),
  gmv: z.strictObject({
    currency: z.string(),
    windowDays: z.int(),
    total: z.int(),
    up: z.int(),
    down: z.int(),
    byGradeBefore: z.array(z.int()),
    byGradeAfter: z.array(z.int()),
  }),
  /** The same for subjects of each size; every size is there, its `migration` in the order of `grades`. */
  sizes: z.array(
    z.strictObject({
      size: subjectSize,
      subjects: z.int(),
      up: z.int(),
      down: z.int(),
      migration: z.array(z.array(z.int())),
      gmv: z.strictObject({ total: z.int(), up: z.int(), down: z.int() }),
    }),
  ),
});
export type WhatIf = z.infer<typeof whatIf>;

/** What the storefront shows; public, cached by ETag. */
export const trustCard = z.strictObject({
  merchant: id,
  name: z.string(),
  status: ratingStatus,
  grade: grade.nullable(),
  score: z.int(),
  bound: z.int(),
  day: z.iso.date(),
  orders: z.int(),
  buyers: z.int(),
  needs: z.array(z.strictObject({ title: words, has: z.int(), needs: z.int() })),
  highlights: z.array(z.strictObject({ id: slug, title: words, share: ppm, sample: z.int(), good: z.boolean() })),
  warnings: z.array(words),
  logSize: z.int(),
  policy: z.string(),
  url: name,
});
export type TrustCard = z.infer<typeof trustCard>;

/** A subject whose score moved, and the indicators that moved it most. */
export const ratingChange = z.strictObject({
  id: z.string(),
  name: z.string().nullable(),
  category: z.string().nullable(),
  before: z.strictObject({ score: z.int(), bound: z.int(), grade: grade.nullable() }),
  after: z.strictObject({ score: z.int(), bound: z.int(), grade: grade.nullable() }),
  /** Changes in points, the largest first; less than what the score moved by where several indicators moved. */
  reasons: z.array(z.strictObject({ id: slug, title: words, points: z.int() })),
  /** What of the move no evidence of those days explains: the past day was rated before all of its evidence had come in. */
  later: z.int(),
});
export type RatingChange = z.infer<typeof ratingChange>;

/** How the ratings of a kind changed since a day. */
export const ratingChanges = z.strictObject({
  kind: subjectKind,
  day: z.iso.date(),
  since: z.iso.date(),
  /** Subjects by grade, best first; null is 'too early'. */
  grades: z.array(z.strictObject({ grade: grade.nullable(), before: z.int().min(0), after: z.int().min(0) })),
  /** Subjects that were there on both days, by grade; only pairs that occur. */
  migration: z.array(z.strictObject({ from: grade.nullable(), to: grade.nullable(), subjects: z.int().min(1) })),
  /** Rated on both days, the largest change of score first. */
  movers: z.array(ratingChange),
  /** Subjects by days since their newest order; `withinDays` null: older or none. */
  freshness: z.array(z.strictObject({ withinDays: z.int().nullable(), subjects: z.int().min(0) })),
});
export type RatingChanges = z.infer<typeof ratingChanges>;
