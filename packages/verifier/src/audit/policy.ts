import { FormatError } from "../tlog/bytes.ts";
import { canonicalJson } from "./canonical-json.ts";
import { q32, scaleOf, type Weights, weightsOf } from "./weights.ts";

export type SubjectKind = "merchant" | "product" | "promoter";

export interface Share {
  readonly kind: "share";
  readonly of: readonly string[];
  readonly good: "x" | "all";
  readonly less: readonly { readonly metric: string; readonly weight: number }[];
  readonly against: readonly string[];
}

export interface Level {
  readonly kind: "level";
  readonly parts: readonly { readonly metric: string; readonly each: number; readonly cap: number }[];
}

export interface Indicator {
  readonly id: string;
  readonly dimension: string;
  readonly points: number;
  readonly evidence: Share | Level;
  readonly decay: string;
  readonly table: readonly (readonly number[])[];
  readonly prior: { readonly mean: number; readonly strength: number };
  readonly whenEmpty: "prior" | "hand-over";
}

/** At least so many opportunities in a window and, with `share`, so many millionths of those of another metric. */
export interface Condition {
  readonly metric: string;
  readonly min: number;
  readonly share?: { readonly of: string; readonly min: number } | undefined;
}

/** What the arithmetic needs of a probity-policy/1; decays as weights by age. */
export interface AuditPolicy {
  readonly subject: SubjectKind;
  readonly dimensions: readonly { readonly id: string; readonly points: number }[];
  readonly indicators: readonly Indicator[];
  readonly decays: Readonly<Record<string, Weights>>;
  readonly bound: { readonly zNumerator: number; readonly zDenominator: number };
  readonly grades: readonly { readonly grade: string; readonly min: number }[];
  readonly floor: { readonly windowDays: number; readonly conditions: readonly Condition[] };
  readonly hysteresis: { readonly margin: number; readonly days: number };
  readonly categorySubjectsMin: number;
  readonly redLines: readonly {
    readonly windowDays: number;
    readonly when: readonly Condition[];
    readonly cap: string;
  }[];
}

type Reader<T> = (value: unknown, path: string) => T;

function fail(path: string, rule: string): never {
  throw new FormatError(`${path} ${rule}`);
}

function integer(least: number, most: number): Reader<number> {
  return (value, path) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    return fail(path, `must be an integer from ${least} to ${most}`);
  };
}

function string(shape: RegExp): Reader<string> {
  return (value, path) => {
    if (typeof value === "string" && shape.test(value)) return value;
    return fail(path, `must be a string like ${shape.source}`);
  };
}

function oneOf<T extends string>(...values: readonly T[]): Reader<T> {
  return (value, path) => values.find((item) => item === value) ?? fail(path, `must be one of ${values.join(", ")}`);
}

function list<T>(item: Reader<T>, least: number = 0): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length < least) return fail(path, `must be a list of at least ${least}`);
    return value.map((each, place) => item(each, `${path}.${place}`));
  };
}

function fieldsOf(value: unknown, path: string): Map<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fail(path, "must be an object");
  return new Map(Object.entries(value));
}

function record<T>(item: Reader<T>): Reader<Record<string, T>> {
  return (value, path) =>
    Object.fromEntries([...fieldsOf(value, path)].map(([key, each]) => [key, item(each, `${path}.${key}`)]));
}

/** Exactly these fields; the reader of one that may be absent takes undefined. */
function object<T>(readers: { readonly [Key in keyof T]: Reader<T[Key]> }): Reader<T> {
  return (value, path) => {
    const given = fieldsOf(value, path);
    for (const key of given.keys()) if (!Object.hasOwn(readers, key)) fail(`${path}.${key}`, "is not known");
    const fields = Object.entries<Reader<unknown>>(readers);
    return Object.fromEntries(fields.map(([key, item]) => [key, item(given.get(key), `${path}.${key}`)])) as T;
  };
}

const gradeNames = ["AAA", "AA", "A", "BBB", "BB", "B", "C", "D"] as const;
const slug = string(/^[a-z0-9][a-z0-9-]{0,63}$/);
const ppm = integer(0, 1_000_000);
const thousandths = integer(0, 1_000);
const count = integer(1, Number.MAX_SAFE_INTEGER);
const windowDays = integer(1, 3_650);
const weight = integer(0, q32);
const title = object({ en: string(/^/), zh: string(/^/) });
const grade = oneOf(...gradeNames);
const halfLifeDays: Reader<number | null> = (value, path) => (value === null ? null : count(value, path));
const shareMin = object({ of: slug, min: ppm });
const conditionShare: Reader<Condition["share"]> = (value, path) =>
  value === undefined ? undefined : shareMin(value, path);

const share = object<Share>({
  kind: oneOf("share"),
  of: list(slug, 1),
  good: oneOf("x", "all"),
  less: list(object({ metric: slug, weight: integer(1, 1_000) })),
  against: list(slug),
});
const level = object<Level>({
  kind: oneOf("level"),
  parts: list(object({ metric: slug, each: ppm, cap: integer(1, 100) }), 1),
});
const evidence: Reader<Share | Level> = (value, path) =>
  fieldsOf(value, path).get("kind") === "level" ? level(value, path) : share(value, path);

const decayTable = object({ halfLifeDays, weights: list(weight, 1), tail: weight });
const decay: Reader<Weights> = (value, path) => {
  const { weights, tail } = decayTable(value, path);
  return weightsOf(weights, tail);
};

const indicator = object({
  id: slug,
  dimension: slug,
  title,
  points: thousandths,
  evidence,
  decay: slug,
  table: list(list(ppm, 2), 2),
  prior: object({ mean: ppm, strength: integer(1, 10_000) }),
  whenEmpty: oneOf("prior", "hand-over"),
  target: ppm,
});

const policy: Reader<AuditPolicy> = object({
  format: oneOf("probity-policy/1"),
  name: slug,
  subject: oneOf("merchant", "product", "promoter"),
  title,
  dimensions: list(object({ id: slug, title, points: thousandths })),
  indicators: list(indicator),
  decays: record(decay),
  bound: object({ zNumerator: integer(0, 10_000), zDenominator: integer(1, 10_000) }),
  grades: list(object({ grade, min: thousandths }), 1),
  floor: object({ windowDays, conditions: list(object({ metric: slug, min: count, title })) }),
  hysteresis: object({ margin: integer(0, 100), days: integer(1, 14) }),
  categorySubjectsMin: integer(2, 10_000),
  epochDays: integer(1, 365),
  redLines: list(
    object({
      id: slug,
      title,
      windowDays,
      when: list(object({ metric: slug, min: count, share: conditionShare }), 1),
      cap: grade,
    }),
  ),
});

/** Whether each item goes on rightly from the one before. */
function isOrdered<T>(items: readonly T[], goesOn: (before: T, item: T) => boolean): boolean {
  return items.every((item, place) => place === 0 || goesOn(items[place - 1] as T, item));
}

function checkIndicator({ decay, table, evidence }: Indicator, path: string, decays: AuditPolicy["decays"]): void {
  if (!Object.hasOwn(decays, decay)) fail(`${path}.decay`, "must name a decay of the policy");
  const means = table.map(([mean]) => mean as number);
  const values = [0, ...table.map(([, value]) => value as number), 1_000];
  if (means[0] !== 0 || means.at(-1) !== 1_000_000 || !isOrdered(means, (before, mean) => before < mean)) {
    fail(`${path}.table`, "must have means that rise from 0 to 1000000");
  }
  if (!isOrdered(values, (before, value) => before <= value)) {
    fail(`${path}.table`, "must have values from 0 to 1000 that never fall");
  }
  if (evidence.kind === "level") return;
  const metrics = [...evidence.of, ...evidence.against, ...evidence.less.map(({ metric }) => metric)];
  if (new Set(metrics.map(scaleOf)).size > 1) fail(`${path}.evidence`, "must have metrics of one scale");
}

function checkPoints({ dimensions, indicators }: AuditPolicy): void {
  const left = new Map(dimensions.map(({ id, points }) => [id, points]));
  if (left.size < dimensions.length) fail("policy.dimensions", "must have different ids");
  if (new Set(indicators.map(({ id }) => id)).size < indicators.length) {
    fail("policy.indicators", "must have different ids");
  }
  for (const { dimension, points } of indicators) left.set(dimension, (left.get(dimension) ?? Number.NaN) - points);
  const isWhole = dimensions.reduce((sum, { points }) => sum + points, 0) === 1_000;
  if (!isWhole || [...left.values()].some((points) => points !== 0)) {
    fail("policy.indicators", "must have the points of their dimensions, which must have 1000");
  }
}

function checkGrades({ grades, redLines }: AuditPolicy): void {
  const places = grades.map((item) => gradeNames.findIndex((name) => name === item.grade));
  const falls = isOrdered(grades, (before, item) => before.min > item.min);
  if (grades.at(-1)?.min !== 0 || !falls || !isOrdered(places, (before, place) => before < place)) {
    fail("policy.grades", "must fall to 0, the best first");
  }
  if (redLines.some(({ cap }) => !grades.some((item) => item.grade === cap))) {
    fail("policy.redLines", "must cap at grades of the policy");
  }
}

/**
 * Reads a rating policy from its text. Throws FormatError for what is not a policy that this audit can compute with,
 * and for a text that is not the canonical one: a policy's name is the SHA-256 of that.
 */
export function readPolicy(text: string): AuditPolicy {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    fail("policy", "must be JSON");
  }
  const read = policy(value, "policy");
  read.indicators.forEach((item, place) => checkIndicator(item, `policy.indicators.${place}`, read.decays));
  checkPoints(read);
  checkGrades(read);
  if (canonicalJson(value) !== text) fail("policy", "must be canonical JSON");
  return read;
}
