import { type SubjectKind, type SubjectSize, subjectSizes, type WhatIf, dayText, grades } from "@probity/contract";
import type { CompiledPolicy } from "./compile.ts";
import { at, million } from "./exact.ts";
import type { Ratings } from "./ratings.ts";

/** Two ratings of the same subjects on the same day, and what their sales were. */
export interface WhatIfInput {
  readonly subject: SubjectKind;
  readonly before: { readonly compiled: CompiledPolicy; readonly ratings: Ratings };
  readonly after: { readonly compiled: CompiledPolicy; readonly ratings: Ratings };
  /** By dense number of the subject. */
  readonly ids: readonly string[];
  readonly names: readonly (string | null)[];
  readonly categories: readonly (string | null)[];
  /** Day of the subject's first fact; later than the ratings' day where there is none yet. */
  readonly firstDay: Int32Array;
  /** Sales in minor units of `currency` over the last `windowDays`; integers. */
  readonly gmv: Float64Array;
  readonly currency: string;
  readonly windowDays: number;
  readonly moversMax?: number;
}

const tooEarly = "too-early";
/** A subject is new for so long after its first fact. */
const newDays = 90;
/** Large are those that together make this share of the sales, in percent. */
const largePercent = 80;

/** Size of each subject, as a place in `subjectSizes`. Subjects of equal sales follow by id. */
function sizesOf({ gmv, firstDay, ids, after }: WhatIfInput): Uint8Array {
  const [large, small, fresh] = (["large", "small", "new"] as const).map((size) => subjectSizes.indexOf(size));
  const order = Array.from(gmv.keys()).sort(
    (a, b) => at(gmv, b) - at(gmv, a) || ((ids[a] as string) < (ids[b] as string) ? -1 : 1),
  );
  const total = gmv.reduce((sum, sales) => sum + sales, 0);
  const sizes = new Uint8Array(gmv.length).fill(small as number);
  let covered = 0;
  for (const subject of order) {
    if (covered * 100 >= total * largePercent) break;
    covered += at(gmv, subject);
    sizes[subject] = large as number;
  }
  sizes.forEach((_, subject) => {
    if (at(firstDay, subject) > after.ratings.day - newDays) sizes[subject] = fresh as number;
  });
  return sizes;
}

type Mover = WhatIf["movers"][number];

/** Indicator whose points moved most the way the score went, matched by id; ties by id. */
function mostMoved(input: WhatIfInput, subject: number): Mover["because"] {
  const points = new Map<string, number>();
  for (const [side, sign] of [
    [input.before, -1],
    [input.after, 1],
  ] as const) {
    const { indicators } = side.compiled;
    indicators.forEach((indicator, place) => {
      const here = sign * at(side.ratings.indicatorPoints, subject * indicators.length + place);
      points.set(indicator.source.id, (points.get(indicator.source.id) ?? 0) + here);
    });
  }
  // The way the score went: that another indicator went further the other way explains nothing.
  const way = Math.sign([...points.values()].reduce((sum, moved) => sum + moved, 0)) || 1;
  let best: [string, number] | null = null;
  for (const [id, moved] of points) {
    const further = moved * way - (best === null ? 0 : best[1] * way);
    if (moved * way > 0 && (further > 0 || (further === 0 && best !== null && id < best[0]))) best = [id, moved];
  }
  return best && { indicator: best[0], points: Math.trunc(best[1] / million) };
}

function moverOf(input: WhatIfInput, step: Step, labels: readonly string[]): Mover {
  const { subject, from, to } = step;
  return {
    id: input.ids[subject] as string,
    name: input.names[subject] ?? null,
    category: input.categories[subject] ?? null,
    size: subjectSizes[step.size] as SubjectSize,
    gradeBefore: labels[from] as string,
    gradeAfter: labels[to] as string,
    scoreBefore: at(input.before.ratings.score, subject),
    scoreAfter: at(input.after.ratings.score, subject),
    gmv: at(input.gmv, subject),
    because: mostMoved(input, subject),
  };
}

/** Grades that either policy knows, best first, and 'too-early'. */
function labelsOf(input: WhatIfInput): string[] {
  const known = [...input.before.compiled.policy.grades, ...input.after.compiled.policy.grades].map(
    (item) => item.grade,
  );
  return [...grades.filter((item) => known.includes(item)), tooEarly];
}

interface Step {
  readonly subject: number;
  readonly from: number;
  readonly to: number;
  readonly scores: number;
  readonly gmv: number;
  /** Place in `subjectSizes`. */
  readonly size: number;
}

/** Steps between grades, then points, then sales, then id. */
const byMove =
  (ids: readonly string[]) =>
  (a: Step, b: Step): number =>
    Math.abs(b.to - b.from) - Math.abs(a.to - a.from) ||
    b.scores - a.scores ||
    b.gmv - a.gmv ||
    ((ids[a.subject] as string) < (ids[b.subject] as string) ? -1 : 1);

type BySize = WhatIf["sizes"][number];

/** Counts a subject's step. Up and down count subjects rated under both. */
function count(tally: BySize, { from, to, gmv }: Step, tooEarlyAt: number): void {
  const row = tally.migration[from] as number[];
  row[to] = (row[to] ?? 0) + 1;
  tally.subjects += 1;
  tally.gmv.total += gmv;
  if (from === to || Math.max(from, to) === tooEarlyAt) return;
  const way = to < from ? "up" : "down";
  tally[way] += 1;
  tally.gmv[way] += gmv;
}

/** What replacing one policy by another would change. Up and down count subjects rated under both. */
export function compareRatings(input: WhatIfInput): WhatIf {
  const { before, after } = input;
  if (before.ratings.subjects !== after.ratings.subjects)
    throw new TypeError("the two ratings are not of the same subjects");
  const labels = labelsOf(input);
  const labelOf = grades.map((item) => labels.indexOf(item));
  const placeOf = (ratings: Ratings, subject: number): number =>
    labelOf[at(ratings.grade, subject)] ?? labels.length - 1;
  const sizes = subjectSizes.map((size): BySize => ({
    size,
    subjects: 0,
    up: 0,
    down: 0,
    migration: labels.map(() => labels.map(() => 0)),
    gmv: { total: 0, up: 0, down: 0 },
  }));
  const sizeOf = sizesOf(input);
  const byGrade = { byGradeBefore: labels.map(() => 0), byGradeAfter: labels.map(() => 0) };
  const steps: Step[] = [];
  for (let subject = 0; subject < before.ratings.subjects; subject += 1) {
    const [from, to] = [placeOf(before.ratings, subject), placeOf(after.ratings, subject)];
    const gmv = at(input.gmv, subject);
    const scores = Math.abs(at(after.ratings.score, subject) - at(before.ratings.score, subject));
    const step = { subject, from, to, scores, gmv, size: at(sizeOf, subject) };
    count(sizes[step.size] as BySize, step, labels.length - 1);
    byGrade.byGradeBefore[from] = (byGrade.byGradeBefore[from] ?? 0) + gmv;
    byGrade.byGradeAfter[to] = (byGrade.byGradeAfter[to] ?? 0) + gmv;
    if (from !== to || scores > 0) steps.push(step);
  }
  const movers = steps.sort(byMove(input.ids)).slice(0, input.moversMax ?? 50);
  const sum = (of: (tally: BySize) => number): number => sizes.reduce((total, tally) => total + of(tally), 0);
  return {
    subject: input.subject,
    day: dayText(after.ratings.day),
    before: before.compiled.id,
    after: after.compiled.id,
    subjects: before.ratings.subjects,
    grades: labels,
    migration: labels.map((_, from) => labels.map((__, to) => sum(({ migration }) => migration[from]?.[to] ?? 0))),
    up: sum(({ up }) => up),
    down: sum(({ down }) => down),
    movers: movers.map((step) => moverOf(input, step, labels)),
    gmv: {
      currency: input.currency,
      windowDays: input.windowDays,
      total: sum(({ gmv }) => gmv.total),
      up: sum(({ gmv }) => gmv.up),
      down: sum(({ gmv }) => gmv.down),
      ...byGrade,
    },
    sizes,
  };
}
