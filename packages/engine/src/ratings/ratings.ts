import { type Grade, grades, metricNamed } from "@probity/contract";
import type { FactColumns } from "@probity/kernels/stats/decayed-sums";
import { decayedSums, decayedSumsLength, orderBySubject, sumsStride } from "@probity/kernels/stats/decayed-sums";
import { type CompiledPolicy, type WindowSum, gradeNumber } from "./compile.ts";
import { type EvidenceBuffers, evidenceBuffers, readEvidence } from "./evidence.ts";
import { apportion, at, million, mulDiv } from "./exact.ts";
import { capOf, conditionHolds, rawGrade, reachesFloor, steadyGrade } from "./grade.ts";
import { type PriorColumns, type ScoreBuffers, scoreBuffers, scoreDay, totals } from "./points.ts";
import { type Categories, type EpochPriors, type FittedPrior, priorsFor } from "./prior.ts";

/** One counter of one subject. `metric` is the number in storage, `day` counts from 1970-01-01. */
export interface SubjectFact {
  readonly metric: number;
  readonly day: number;
  readonly n: number;
  readonly x: number;
}

/** Another account of the same people. `grade`: its own, before links. */
export interface Link {
  readonly id: string;
  readonly grade: Grade | null;
}

export interface IndicatorRating {
  readonly id: string;
  readonly applies: boolean;
  readonly whyNot: "not-measured" | "no-evidence" | null;
  /** Whole points; indicators add up to their dimension, dimensions to the score. */
  readonly points: number;
  readonly max: number;
  readonly microPoints: number;
  readonly microMax: number;
  /** ppm */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Decayed opportunities, good ones, effective sample: thousandths. */
  readonly n: number;
  readonly x: number;
  readonly effective: number;
  readonly prior: {
    readonly mean: number;
    readonly strength: number;
    readonly from: FittedPrior["from"];
    /** ppm of the mean that the prior makes up; a million: there is no evidence yet. */
    readonly share: number;
  };
}

export interface DimensionRating {
  readonly id: string;
  readonly points: number;
  readonly max: number;
  readonly microPoints: number;
  readonly microMax: number;
  readonly indicators: readonly IndicatorRating[];
}

export interface RedLineCap {
  readonly redLine: string;
  readonly cap: Grade;
  /** First day on which it no longer holds if nothing more happens. */
  readonly until: number;
}

export interface Rating {
  readonly policy: string;
  readonly day: number;
  readonly status: "rated" | "too-early";
  readonly score: number;
  readonly bound: number;
  /** Standard error of the score, thousandths of a point. */
  readonly error: number;
  /** After hysteresis, red lines and links; null where too early. */
  readonly grade: Grade | null;
  /** The same before links. */
  readonly ownGrade: Grade | null;
  /** By today's bound alone; null where nothing applies. */
  readonly rawGrade: Grade | null;
  /** In the floor's window. */
  readonly orders: number;
  readonly buyers: number;
  readonly floor: readonly { readonly metric: string; readonly has: number; readonly needs: number }[];
  readonly caps: readonly RedLineCap[];
  readonly linked: readonly { readonly id: string; readonly grade: Grade | null; readonly cap: boolean }[];
  /** Daily bounds of the hysteresis window, today last. */
  readonly bounds: readonly number[];
  readonly dimensions: readonly DimensionRating[];
}

/** Ratings of a marketplace, a row per subject; grades are places in the contract's `grades`, −1 for none. */
export interface Ratings {
  readonly policy: string;
  readonly day: number;
  readonly subjects: number;
  /** 0 rated, 1 too early. */
  readonly status: Uint8Array;
  readonly score: Int16Array;
  readonly bound: Int16Array;
  readonly grade: Int8Array;
  /** Before links; what links of others look at. */
  readonly ownGrade: Int8Array;
  readonly rawGrade: Int8Array;
  /** Worst cap of the red lines that hold. */
  readonly cap: Int8Array;
  readonly orders: Float64Array;
  readonly buyers: Float64Array;
  /** [subject][dimension], micro-points. */
  readonly dimensionPoints: Int32Array;
  readonly dimensionMax: Int32Array;
  /** [subject][indicator], micro-points; mean in ppm, −1 where it does not apply or says nothing of the subject's own. */
  readonly indicatorPoints: Int32Array;
  readonly mean: Int32Array;
}

/** Pairs of subjects behind which stand the same people: `to`'s own grade caps `from`'s. */
export interface LinkColumns {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

interface Workspace {
  readonly sums: Float64Array;
  readonly evidence: EvidenceBuffers;
  readonly score: ScoreBuffers;
  readonly bounds: Int32Array;
}

function workspace(compiled: CompiledPolicy): Workspace {
  return {
    sums: new Float64Array(decayedSumsLength(compiled.plan, 1, compiled.days)),
    evidence: evidenceBuffers(compiled.indicators.length),
    score: scoreBuffers(compiled),
    bounds: new Int32Array(compiled.days),
  };
}

function priorColumns(compiled: CompiledPolicy, priors: EpochPriors, category: string | null): PriorColumns {
  if (priors.policy !== compiled.id)
    throw new TypeError(`priors of policy ${priors.policy} do not fit policy ${compiled.id}`);
  const fitted = priorsFor(priors, category);
  return {
    mean: Float64Array.from(fitted, (item) => item.mean),
    strength: Float64Array.from(fitted, (item) => item.strength),
    measured: Uint8Array.from(priors.indicators, (item) => (item.measured ? 1 : 0)),
  };
}

/** Bounds of every day of the window from the sums in `work`; leaves the last day's evidence and points there. */
function scoreWindow(compiled: CompiledPolicy, priors: PriorColumns, work: Workspace): void {
  for (let day = 0; day < compiled.days; day += 1) {
    readEvidence(compiled.indicators, work.sums, compiled.days, day, work.evidence);
    scoreDay(compiled, priors, work.evidence, work.score);
    work.bounds[day] = at(work.score.total, totals.bound);
  }
}

/** Reader of Σ n in a window ending on the last day. */
function windowReader(compiled: CompiledPolicy, sums: Float64Array): (sum: WindowSum) => number {
  const last = compiled.days - 1;
  return (sum) => Math.floor(at(sums, (sum.series * compiled.days + last) * sumsStride) / 65_536);
}

function ownGradeOf(compiled: CompiledPolicy, work: Workspace, cap: number): number {
  const { margin, days } = compiled.policy.hysteresis;
  return Math.max(cap, at(compiled.gradeNo, steadyGrade(compiled.gradeMin, work.bounds, margin, days)));
}

const unitsOf = (sum: WindowSum | null, sumOf: (sum: WindowSum) => number): number =>
  sum === null ? 0 : Math.max(0, Math.floor(sumOf(sum) / sum.scale));

function emptyRatings(compiled: CompiledPolicy, subjects: number, day: number): Ratings {
  const none = (): Int8Array => new Int8Array(subjects).fill(-1);
  return {
    policy: compiled.id,
    day,
    subjects,
    status: new Uint8Array(subjects),
    score: new Int16Array(subjects),
    bound: new Int16Array(subjects),
    grade: none(),
    ownGrade: none(),
    rawGrade: none(),
    cap: none(),
    orders: new Float64Array(subjects),
    buyers: new Float64Array(subjects),
    dimensionPoints: new Int32Array(subjects * compiled.dimensions.length),
    dimensionMax: new Int32Array(subjects * compiled.dimensions.length),
    indicatorPoints: new Int32Array(subjects * compiled.indicators.length),
    mean: new Int32Array(subjects * compiled.indicators.length),
  };
}

/** A level of nothing is known to be nothing; a share of nothing is the prior's, not the subject's. */
function hasOwnMean(compiled: CompiledPolicy, work: Workspace, place: number): boolean {
  if (at(work.score.applies, place) === 0) return false;
  return at(work.evidence.empty, place) === 0 || compiled.indicators[place]?.evidence.kind === "level";
}

function writeRow(compiled: CompiledPolicy, work: Workspace, out: Ratings, subject: number): void {
  const { score } = work;
  const sumOf = windowReader(compiled, work.sums);
  const applies = at(score.total, totals.applies) === 1;
  const rated = applies && reachesFloor(compiled, sumOf);
  const cap = capOf(compiled, sumOf);
  out.status[subject] = rated ? 0 : 1;
  out.score[subject] = Math.floor(at(score.total, totals.score) / million);
  out.bound[subject] = at(score.total, totals.bound);
  out.rawGrade[subject] = applies
    ? at(compiled.gradeNo, rawGrade(compiled.gradeMin, at(score.total, totals.bound)))
    : -1;
  out.cap[subject] = cap;
  out.ownGrade[subject] = rated ? ownGradeOf(compiled, work, cap) : -1;
  out.orders[subject] = unitsOf(compiled.orders, sumOf);
  out.buyers[subject] = unitsOf(compiled.buyers, sumOf);
  out.dimensionPoints.set(score.dimensionPoints, subject * compiled.dimensions.length);
  out.dimensionMax.set(score.dimensionMax, subject * compiled.dimensions.length);
  out.indicatorPoints.set(score.points, subject * compiled.indicators.length);
  const row = subject * compiled.indicators.length;
  for (let place = 0; place < compiled.indicators.length; place += 1) {
    out.mean[row + place] = hasOwnMean(compiled, work, place) ? at(score.mean, place) : -1;
  }
}

function applyLinks(out: Ratings, links: LinkColumns | undefined): void {
  out.grade.set(out.ownGrade);
  if (links === undefined) return;
  for (let index = 0; index < links.from.length; index += 1) {
    const subject = at(links.from, index);
    const other = at(out.ownGrade, at(links.to, index));
    if (at(out.grade, subject) >= 0 && other > at(out.grade, subject)) out.grade[subject] = other;
  }
}

/**
 * Rates every subject of a marketplace on a day. Rows in any order; those later than `day` do not count.
 * Equal to `rateSubject` to the bit. Time O(rows × series × days + subjects × indicators × days), one row in memory
 * beside the answer and an order of the rows.
 */
export function rateAll(
  compiled: CompiledPolicy,
  priors: EpochPriors,
  columns: FactColumns,
  categories: Categories,
  day: number,
  links?: LinkColumns,
): Ratings {
  const subjects = categories.of.length;
  const offsets = new Int32Array(subjects + 1);
  const places = new Int32Array(columns.rows);
  const order = orderBySubject(columns, offsets, places) ? places : null;
  const byCategory = categories.names.map((name) => priorColumns(compiled, priors, name));
  const anywhere = priorColumns(compiled, priors, null);
  const work = workspace(compiled);
  const out = emptyRatings(compiled, subjects, day);
  for (let subject = 0; subject < subjects; subject += 1) {
    work.sums.fill(0);
    decayedSums(
      columns,
      order,
      at(offsets, subject),
      at(offsets, subject + 1),
      compiled.plan,
      subject,
      day,
      compiled.days,
      work.sums,
    );
    scoreWindow(compiled, byCategory[at(categories.of, subject)] ?? anywhere, work);
    writeRow(compiled, work, out, subject);
  }
  applyLinks(out, links);
  return out;
}

/** Counters of one subject: a list, or columns in which its number is 0. */
export type SubjectFacts = readonly SubjectFact[] | FactColumns;

const isColumns = (facts: SubjectFacts): facts is FactColumns => "rows" in facts;

function emptyColumns(rows: number): FactColumns {
  return {
    rows,
    subject: new Int32Array(rows),
    metric: new Int16Array(rows),
    day: new Int32Array(rows),
    n: new Float64Array(rows),
    x: new Float64Array(rows),
  };
}

/** Columns of one subject's facts, its number 0. */
export function columnsOf(facts: SubjectFacts): FactColumns {
  if (isColumns(facts)) return facts;
  const columns = emptyColumns(facts.length);
  for (let row = 0; row < facts.length; row += 1) {
    const { metric, day, n, x } = facts[row] as SubjectFact;
    columns.metric[row] = metric;
    columns.day[row] = day;
    columns.n[row] = n;
    columns.x[row] = x;
  }
  return columns;
}

function metricsOf(line: CompiledPolicy["policy"]["redLines"][number]): Set<number> {
  return new Set(
    line.when
      .flatMap(({ metric, share }) => [metric, ...(share === undefined ? [] : [share.of])])
      .map((name) => metricNamed(name).no),
  );
}

/** Rows of some metrics after a day and up to another: the days ahead are tried on few rows instead of all. */
function rowsOf(columns: FactColumns, metricNos: ReadonlySet<number>, after: number, upTo: number): FactColumns {
  const rows: number[] = [];
  for (let row = 0; row < columns.rows; row += 1) {
    const day = at(columns.day, row);
    if (day > after && day <= upTo && metricNos.has(at(columns.metric, row))) rows.push(row);
  }
  const found = emptyColumns(rows.length);
  rows.forEach((row, place) => {
    found.metric[place] = at(columns.metric, row);
    found.day[place] = at(columns.day, row);
    found.n[place] = at(columns.n, row);
    found.x[place] = at(columns.x, row);
  });
  return found;
}

/** First day after `day` on which a red line no longer holds if no fact is added to those up to `day`. */
function redLineUntil(compiled: CompiledPolicy, columns: FactColumns, line: number, day: number): number {
  const redLine = compiled.redLines[line] as CompiledPolicy["redLines"][number];
  const source = compiled.policy.redLines[line] as CompiledPolicy["policy"]["redLines"][number];
  const end = day + source.windowDays;
  const rows = rowsOf(columns, metricsOf(source), day - source.windowDays, day);
  const sums = new Float64Array(decayedSumsLength(compiled.plan, 1, 1));
  const sumOf = (sum: WindowSum): number => Math.floor(at(sums, sum.series * sumsStride) / 65_536);
  for (let later = day + 1; later < end; later += 1) {
    sums.fill(0);
    decayedSums(rows, null, 0, rows.rows, compiled.plan, 0, later, 1, sums);
    if (!redLine.when.every((condition) => conditionHolds(condition, sumOf))) return later;
  }
  return end;
}

function capsOf(compiled: CompiledPolicy, columns: FactColumns, work: Workspace, day: number): RedLineCap[] {
  const sumOf = windowReader(compiled, work.sums);
  return compiled.redLines.flatMap((line, place) => {
    if (!line.when.every((condition) => conditionHolds(condition, sumOf))) return [];
    return [{ redLine: line.id, cap: grades[line.cap] as Grade, until: redLineUntil(compiled, columns, place, day) }];
  });
}

type Whole = { readonly points: number; readonly max: number };

function indicatorRating(
  compiled: CompiledPolicy,
  fitted: FittedPrior,
  measured: boolean,
  work: Workspace,
  place: number,
  whole: Whole,
): IndicatorRating {
  const { evidence, score } = work;
  const indicator = compiled.indicators[place] as CompiledPolicy["indicators"][number];
  const applies = at(score.applies, place) === 1;
  const isLevel = indicator.evidence.kind === "level";
  const n = at(evidence.good, place) + at(evidence.bad, place);
  const mean = at(score.mean, place);
  const { zNumerator, zDenominator } = compiled.policy.bound;
  const half = mulDiv(zNumerator, at(score.error, place), zDenominator * 100);
  return {
    id: indicator.source.id,
    applies,
    whyNot: applies ? null : measured ? "no-evidence" : "not-measured",
    ...whole,
    microPoints: at(score.points, place),
    microMax: at(score.max, place),
    mean,
    low: Math.max(0, mean - half),
    high: Math.min(million, mean + half),
    n,
    x: at(evidence.good, place),
    effective: at(evidence.effective, place),
    prior: isLevel
      ? { mean: 0, strength: 0, from: "policy", share: 0 }
      : {
          mean: fitted.mean,
          strength: fitted.strength,
          from: fitted.from,
          share: mulDiv(fitted.strength, million, n + fitted.strength),
        },
  };
}

/** Whole points of the dimensions and the most each can reach, from micro-points; they add up to score and 1,000. */
export function wholeDimensions(
  compiled: CompiledPolicy,
  micro: readonly number[],
  microMax: readonly number[],
  score: number,
): { readonly points: readonly number[]; readonly maxima: readonly number[] } {
  const ids = compiled.dimensions.map((item) => item.id);
  const open = ids.map(() => 1_000);
  // What applies to nobody has no maxima.
  const applies = microMax.some((max) => max > 0);
  const maxima = applies ? apportion(1_000, microMax, million, ids, open) : ids.map(() => 0);
  return { points: apportion(score, micro, million, ids, maxima), maxima };
}

/** Whole points down the tree: every child list adds up to its parent, none passes its greatest. */
function dimensionRatings(
  compiled: CompiledPolicy,
  priors: EpochPriors,
  category: string | null,
  work: Workspace,
  score: number,
): DimensionRating[] {
  const fitted = priorsFor(priors, category);
  const { dimensions, indicators } = compiled;
  const micro = Array.from(work.score.dimensionPoints);
  const microMax = Array.from(work.score.dimensionMax);
  const { points, maxima } = wholeDimensions(compiled, micro, microMax, score);
  return dimensions.map((dimension, no) => {
    const inside = Array.from(dimension.indicators);
    const names = inside.map((place) => indicators[place]?.source.id ?? "");
    const greatest = inside.map((place) => at(work.score.max, place));
    const limits = greatest.map((max) => (max === 0 ? 0 : 1_000));
    const max = apportion(maxima[no] ?? 0, greatest, million, names, limits);
    const reached = apportion(
      points[no] ?? 0,
      inside.map((place) => at(work.score.points, place)),
      million,
      names,
      max,
    );
    return {
      id: dimension.id,
      points: points[no] ?? 0,
      max: maxima[no] ?? 0,
      microPoints: micro[no] ?? 0,
      microMax: microMax[no] ?? 0,
      indicators: inside.map((place, index) =>
        indicatorRating(
          compiled,
          fitted[place] as FittedPrior,
          priors.indicators[place]?.measured === true,
          work,
          place,
          {
            points: reached[index] ?? 0,
            max: max[index] ?? 0,
          },
        ),
      ),
    };
  });
}

const gradeAt = (place: number): Grade | null => (place < 0 ? null : (grades[place] as Grade));

/** Worst grade among links, where it is worse than the subject's own. */
function linkedGrade(own: number, links: readonly Link[]): number {
  return own < 0
    ? own
    : links.reduce((worst, link) => (link.grade === null ? worst : Math.max(worst, gradeNumber(link.grade))), own);
}

/**
 * Rates one subject on a day, with everything an explanation needs. `category` is null for none.
 * Facts in any order; those later than `day` do not count.
 */
export function rateSubject(
  compiled: CompiledPolicy,
  priors: EpochPriors,
  facts: SubjectFacts,
  category: string | null,
  day: number,
  links: readonly Link[] = [],
): Rating {
  const columns = columnsOf(facts);
  const work = workspace(compiled);
  const row = emptyRatings(compiled, 1, day);
  decayedSums(columns, null, 0, columns.rows, compiled.plan, 0, day, compiled.days, work.sums);
  scoreWindow(compiled, priorColumns(compiled, priors, category), work);
  writeRow(compiled, work, row, 0);
  const own = at(row.ownGrade, 0);
  const sumOf = windowReader(compiled, work.sums);
  const score = at(row.score, 0);
  return {
    policy: compiled.id,
    day,
    status: row.status[0] === 0 ? "rated" : "too-early",
    score,
    bound: at(row.bound, 0),
    error: at(work.score.total, totals.error),
    grade: gradeAt(linkedGrade(own, links)),
    ownGrade: gradeAt(own),
    rawGrade: gradeAt(at(row.rawGrade, 0)),
    orders: at(row.orders, 0),
    buyers: at(row.buyers, 0),
    floor: compiled.floor.map((item, index) => ({
      metric: compiled.policy.floor.conditions[index]?.metric ?? "",
      has: unitsOf(item.sum, sumOf),
      needs: item.min,
    })),
    caps: capsOf(compiled, columns, work, day),
    linked: links.map((link) => ({
      id: link.id,
      grade: link.grade,
      cap: own >= 0 && link.grade !== null && gradeNumber(link.grade) > own,
    })),
    bounds: Array.from(work.bounds),
    dimensions: dimensionRatings(compiled, priors, category, work, score),
  };
}
