import { evidenceOf, Sums } from "./evidence.ts";
import type { Facts } from "./facts.ts";
import type { AuditPolicy, Condition } from "./policy.ts";
import type { Priors } from "./priors.ts";
import { type Score, scoreOf, type Weighed } from "./score.ts";
import { scaleOf, windowOf } from "./weights.ts";

export interface RatedRow {
  readonly subject: string;
  readonly status: "rated" | "too-early";
  /** Whole points, as those of the dimensions. */
  readonly score: number;
  readonly bound: number;
  /** In force; null where too early. */
  readonly grade: string | null;
  /** Before links. */
  readonly ownGrade: string | null;
  /** In the policy's order; they add up to the score. */
  readonly dimensions: readonly number[];
}

const million = 1_000_000;

/** Whether a condition of the last day holds, of the subject that the sums have read last. */
function conditionOf({ metric, min, share }: Condition, days: number, sums: Sums): () => boolean {
  const weights = windowOf(days);
  const [series, scale] = [sums.ask(metric, weights), scaleOf(metric)];
  if (share === undefined) return () => sums.plain(series) >= min * scale;
  const of = sums.ask(share.of, weights);
  const most = BigInt(share.min) * BigInt(scale);
  return () =>
    sums.plain(series) >= min * scale &&
    BigInt(sums.plain(series)) * BigInt(scaleOf(share.of)) * 1_000_000n >= most * BigInt(Math.max(0, sums.plain(of)));
}

/** Place in the policy's grades that the bounds of the window leave, the last day's last. */
function gradeByBounds({ grades, hysteresis }: AuditPolicy, bounds: readonly number[]): number {
  const { margin, days } = hysteresis;
  const lowest = Math.min(...bounds);
  let held = grades.findIndex(({ min }) => lowest >= min);
  bounds.forEach((bound, day) => {
    const recent = day + 1 < days ? [-Infinity, Infinity] : bounds.slice(day + 1 - days, day + 1);
    const [low, high] = [Math.min(...recent), Math.max(...recent)];
    const up = grades.findIndex(({ min }) => bound >= min + margin || low >= min);
    if (up !== -1 && up < held) {
      held = up;
      return;
    }
    const isLost = (min: number): boolean => bound < min - margin || high < min;
    while (isLost(grades[held]?.min ?? 0)) held += 1;
  });
  return held;
}

/** Whole numbers under their limits that add up to a total: floors, then one more to the largest remainders. */
function apportion(
  total: number,
  micro: readonly number[],
  limits: readonly number[],
  ids: readonly string[],
): number[] {
  const whole = micro.map((part) => Math.floor(part / million));
  const rest = (place: number): number => (micro[place] as number) % million;
  const order = [...micro.keys()].sort(
    (a, b) => rest(b) - rest(a) || ((ids[a] as string) < (ids[b] as string) ? -1 : 1),
  );
  let left = total - whole.reduce((sum, part) => sum + part, 0);
  while (left > 0) {
    for (const place of order) {
      if (left === 0 || (whole[place] as number) >= (limits[place] as number)) continue;
      (whole[place] as number) += 1;
      left -= 1;
    }
  }
  return whole;
}

/** Whole points of the dimensions, none above its likewise rounded maximum; they add up to the score. */
function wholeDimensions({ dimensions }: AuditPolicy, { applies, points, reached, maxima }: Score): number[] {
  const ids = dimensions.map(({ id }) => id);
  const open = ids.map(() => 1_000);
  const limits = applies ? apportion(1_000, maxima, open, ids) : ids.map(() => 0);
  return apportion(Math.floor(points / million), reached, limits, ids);
}

/** What subjects of a category are weighed with; "" for none. */
function weighedBy({ indicators }: Priors): (category: string) => readonly Weighed[] {
  const known = new Map<string, readonly Weighed[]>();
  return (category) => {
    let weighed = known.get(category);
    if (weighed === undefined) {
      weighed = indicators.map(({ measured, marketplace, categories }) => {
        const { mean, strength } = categories[category] ?? marketplace;
        return { measured, mean, strength };
      });
      known.set(category, weighed);
    }
    return weighed;
  };
}

/** A rating before links. */
interface Own {
  readonly score: Score;
  /** Place in the policy's grades; null where too early. */
  readonly grade: number | null;
}

/** Rates subjects by their number. */
function rater(policy: AuditPolicy, priors: Priors, facts: Facts, day: number): (subject: number) => Own {
  const { floor, redLines, grades, hysteresis } = policy;
  const days = Array.from({ length: 2 * hysteresis.days + 1 }, (_, place) => place);
  const sums = new Sums(facts, days.length);
  const evidence = evidenceOf(policy, sums);
  const isEnough = floor.conditions.map((item) => conditionOf(item, floor.windowDays, sums));
  const lines = redLines.map(({ when, windowDays, cap }) => ({
    when: when.map((item) => conditionOf(item, windowDays, sums)),
    cap: grades.findIndex(({ grade }) => grade === cap),
  }));
  const weighed = weighedBy(priors);
  return (subject) => {
    sums.read(subject, day);
    const against = weighed(facts.category(subject));
    const window = days.map((place) =>
      scoreOf(
        policy,
        evidence.map((on) => on(place)),
        against,
      ),
    );
    const score = window.at(-1) as Score;
    if (!score.applies || !isEnough.every((holds) => holds())) return { score, grade: null };
    const caps = lines.filter(({ when }) => when.every((holds) => holds())).map(({ cap }) => cap);
    const bounds = window.map(({ bound }) => bound);
    return { score, grade: Math.max(gradeByBounds(policy, bounds), ...caps) };
  };
}

/** Grades in force: not better than the worst own one of those with whom links join a subject. */
function linkedGrades(own: ReadonlyMap<number, Own>, links: readonly [number, number][]): Map<number, number | null> {
  const gradeOf = (subject: number): number | null => own.get(subject)?.grade ?? null;
  const inForce = new Map([...own.keys()].map((subject) => [subject, gradeOf(subject)]));
  for (const [subject, other] of [...links, ...links.map(([one, another]): [number, number] => [another, one])]) {
    const [held, cap] = [inForce.get(subject) ?? null, gradeOf(other)];
    if (held !== null && cap !== null) inForce.set(subject, Math.max(held, cap));
  }
  return inForce;
}

/**
 * Ratings on a day of every subject of the policy's kind that has been named, sorted by subject in code-unit order.
 * Throws RangeError where counters pass what can be computed exactly.
 */
export function rateAll(policy: AuditPolicy, priors: Priors, facts: Facts, day: number): RatedRow[] {
  const rate = rater(policy, priors, facts, day);
  const own = new Map(facts.subjects(policy.subject).map((subject) => [subject, rate(subject)]));
  const inForce = linkedGrades(own, facts.links());
  const nameOf = (place: number | null = null): string | null => policy.grades[place ?? -1]?.grade ?? null;
  return [...own].map(([subject, { score, grade }]) => ({
    subject: facts.name(subject),
    status: grade === null ? "too-early" : "rated",
    score: Math.floor(score.points / million),
    bound: score.bound,
    grade: nameOf(inForce.get(subject)),
    ownGrade: nameOf(grade),
    dimensions: wholeDimensions(policy, score),
  }));
}

/** The lines that are published of ratings, without newlines. */
export function ratingLines(rows: readonly RatedRow[]): string[] {
  return rows.map(({ subject, status, score, bound, grade, ownGrade, dimensions }) =>
    JSON.stringify([subject, status, score, bound, grade, ownGrade, dimensions]),
  );
}
