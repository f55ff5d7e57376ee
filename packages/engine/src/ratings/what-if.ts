import { type SubjectKind, type WhatIf, dayText, grades } from "@probity/contract";
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
  /** Sales in minor units of `currency` over the last `windowDays`; integers. */
  readonly gmv: Float64Array;
  readonly currency: string;
  readonly windowDays: number;
  readonly moversMax?: number;
}

const tooEarly = "too-early";

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

function moverOf(input: WhatIfInput, subject: number, labels: readonly string[], from: number, to: number): Mover {
  return {
    id: input.ids[subject] as string,
    name: input.names[subject] ?? null,
    category: input.categories[subject] ?? null,
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
}

/** Steps between grades, then points, then sales, then id. */
const byMove =
  (ids: readonly string[]) =>
  (a: Step, b: Step): number =>
    Math.abs(b.to - b.from) - Math.abs(a.to - a.from) ||
    b.scores - a.scores ||
    b.gmv - a.gmv ||
    ((ids[a.subject] as string) < (ids[b.subject] as string) ? -1 : 1);

/** What replacing one policy by another would change. Up and down count subjects rated under both. */
export function compareRatings(input: WhatIfInput): WhatIf {
  const { before, after } = input;
  if (before.ratings.subjects !== after.ratings.subjects)
    throw new TypeError("the two ratings are not of the same subjects");
  const labels = labelsOf(input);
  const labelOf = grades.map((item) => labels.indexOf(item));
  const placeOf = (ratings: Ratings, subject: number): number =>
    labelOf[at(ratings.grade, subject)] ?? labels.length - 1;
  const migration = labels.map(() => labels.map(() => 0));
  const sales = { total: 0, up: 0, down: 0, byGradeBefore: labels.map(() => 0), byGradeAfter: labels.map(() => 0) };
  const steps: Step[] = [];
  let [up, down] = [0, 0];
  for (let subject = 0; subject < before.ratings.subjects; subject += 1) {
    const [from, to] = [placeOf(before.ratings, subject), placeOf(after.ratings, subject)];
    const gmv = at(input.gmv, subject);
    (migration[from] as number[])[to] = (migration[from]?.[to] ?? 0) + 1;
    sales.total += gmv;
    sales.byGradeBefore[from] = (sales.byGradeBefore[from] ?? 0) + gmv;
    sales.byGradeAfter[to] = (sales.byGradeAfter[to] ?? 0) + gmv;
    const rated = Math.max(from, to) < labels.length - 1;
    if (rated && to < from) [up, sales.up] = [up + 1, sales.up + gmv];
    if (rated && to > from) [down, sales.down] = [down + 1, sales.down + gmv];
    const scores = Math.abs(at(after.ratings.score, subject) - at(before.ratings.score, subject));
    if (from !== to || scores > 0) steps.push({ subject, from, to, scores, gmv });
  }
  const movers = steps.sort(byMove(input.ids)).slice(0, input.moversMax ?? 50);
  return {
    subject: input.subject,
    day: dayText(after.ratings.day),
    before: before.compiled.id,
    after: after.compiled.id,
    subjects: before.ratings.subjects,
    grades: labels,
    migration,
    up,
    down,
    movers: movers.map((step) => moverOf(input, step.subject, labels, step.from, step.to)),
    gmv: { currency: input.currency, windowDays: input.windowDays, ...sales },
  };
}
