/**
 * What a rater's outgoing ratings tell: how many, how harsh, when, and how far from what others say of the same people.
 * No column of a rater reads a rating that the rater received: labels of this kind of data are defined by them. What others
 * say of a ratee leaves the rater's own rating out.
 */
import { rev2, rev2Defaults, rev2State } from "@probity/kernels/graph/rev2";
import { behaviourSurprise, gapBin } from "@probity/kernels/stats/behaviour";

const gapBins = 26;
const scoreSteps = 20;
const surpriseStrength = 5;
const [daySeconds, weekSeconds] = [86_400, 604_800];

/** Ratings by place; people numbered densely, scores −1…1, times in seconds. */
export interface Ratings {
  readonly people: number;
  readonly rater: Int32Array;
  readonly ratee: Int32Array;
  readonly score: Float64Array;
  readonly time: Float64Array;
}

export interface RaterColumns {
  /** By name, a value for everybody; NaN for those who rated nobody. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** REV2's fairness: the unsupervised answer. */
  readonly fairness: Float64Array;
}

const known = (values: readonly number[]): number[] => values.filter((value) => !Number.isNaN(value));
function mean(values: readonly number[]): number {
  const own = known(values);
  return own.length === 0 ? Number.NaN : own.reduce((sum, value) => sum + value, 0) / own.length;
}
const deviation = (values: readonly number[]): number =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const most = (values: readonly number[]): number =>
  values.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY);
const least = (values: readonly number[]): number => -most(values.map((value) => -value));
const share = (values: readonly boolean[]): number => mean(values.map(Number));
const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Places by person, in order of time. */
function inOrder(who: Int32Array, order: readonly number[], people: number): number[][] {
  const own: number[][] = Array.from({ length: people }, () => []);
  for (const place of order) own[who[place]!]!.push(place);
  return own;
}

/** How unusual each rater's gaps and scores are. */
function surprises(
  { people, rater, score, time }: Ratings,
  given: readonly number[][],
): [gaps: Float64Array, scores: Float64Array] {
  const [who, bin]: [number[], number[]] = [[], []];
  for (const own of given) {
    for (let step = 1; step < own.length; step += 1) {
      who.push(rater[own[step]!]!);
      bin.push(gapBin(time[own[step]!]! - time[own[step - 1]!]!, gapBins));
    }
  }
  const [gaps, scores] = [new Float64Array(people), new Float64Array(people)];
  behaviourSurprise(Int32Array.from(who), Int32Array.from(bin), gapBins, surpriseStrength, gaps);
  const scoreBin = Int32Array.from(score, (value) => Math.round(((value + 1) * scoreSteps) / 2));
  behaviourSurprise(rater, scoreBin, scoreSteps + 1, surpriseStrength, scores);
  return [gaps, scores];
}

/** What others say of each rating's ratee. */
interface Others {
  readonly count: Float64Array;
  /** Plain mean; NaN where nobody else rated. */
  readonly plain: Float64Array;
  /** Weighed by reliability and shrunk to 0. */
  readonly weighed: Float64Array;
  readonly bad: Float64Array;
  /** How many rated before, as a share of all. */
  readonly place: Float64Array;
}

function hearOthers({ score }: Ratings, reliability: Float64Array, received: readonly number[][]): Others {
  const column = (): Float64Array => new Float64Array(score.length);
  const out: Others = { count: column(), plain: column(), weighed: column(), bad: column(), place: column() };
  for (const own of received) {
    let [sum, weighed, weight, bad] = [0, 0, 0, 0];
    for (const place of own) {
      sum += score[place]!;
      weighed += reliability[place]! * score[place]!;
      weight += reliability[place]!;
      bad += score[place]! < 0 ? 1 : 0;
    }
    own.forEach((place, index) => {
      const count = own.length - 1;
      out.count[place] = count;
      out.plain[place] = count === 0 ? Number.NaN : (sum - score[place]!) / count;
      out.bad[place] = count === 0 ? Number.NaN : (bad - (score[place]! < 0 ? 1 : 0)) / count;
      out.weighed[place] = (weighed - reliability[place]! * score[place]!) / (1 + weight - reliability[place]!);
      out.place[place] = index / own.length;
    });
  }
  return out;
}

/** PageRank along positive ratings, as weighty as they are high. */
function standing({ people, rater, ratee, score }: Ratings): Float64Array {
  const weight = new Float64Array(people);
  score.forEach((value, place) => (weight[rater[place]!]! += Math.max(0, value)));
  let rank = new Float64Array(people).fill(1 / people);
  for (let round = 0; round < 40; round += 1) {
    const next = new Float64Array(people).fill(0.15 / people);
    score.forEach((value, place) => {
      if (value > 0) next[ratee[place]!]! += (0.85 * rank[rater[place]!]! * value) / weight[rater[place]!]!;
    });
    rank = next;
  }
  return rank;
}

function rev2Of(ratings: Ratings, surprise: Float64Array): { fairness: Float64Array; reliability: Float64Array } {
  const { people } = ratings;
  const raterPrior = new Float64Array(people);
  Array.from(surprise.keys())
    .sort((a, b) => surprise[a]! - surprise[b]!)
    .forEach((person, rank) => (raterPrior[person] = 1 - rank / Math.max(1, people - 1)));
  const input = { ...ratings, raters: people, ratees: people, raterPrior, rateePrior: new Float64Array(people) };
  const state = rev2State(input);
  rev2(input, rev2Defaults, state);
  return state;
}

type Feature = (own: readonly number[], person: number) => number;

/** Scores and times of the rater's own ratings. */
function ownFeatures({ score, time }: Ratings, gaps: Float64Array, scores: Float64Array): Record<string, Feature> {
  const of = (own: readonly number[]): number[] => own.map((place) => score[place]!);
  const waits = (own: readonly number[]): number[] =>
    own.slice(1).map((place, before) => time[place]! - time[own[before]!]!);
  const periods = (own: readonly number[], seconds: number): number =>
    new Set(own.map((place) => Math.floor(time[place]! / seconds))).size;
  return {
    ratings: (own) => own.length,
    mean: (own) => mean(of(own)),
    deviation: (own) => deviation(of(own)),
    highest: (own) => most(of(own)),
    lowest: (own) => least(of(own)),
    distinct: (own) => new Set(of(own)).size,
    negative: (own) => share(of(own).map((value) => value < 0)),
    negatives: (own) => of(own).filter((value) => value < 0).length,
    positives: (own) => of(own).filter((value) => value > 0).length,
    bottom: (own) => share(of(own).map((value) => value <= -0.95)),
    top: (own) => share(of(own).map((value) => value >= 0.95)),
    cautious: (own) => share(of(own).map((value) => value > 0 && value < 0.15)),
    strong: (own) => share(of(own).map((value) => Math.abs(value) >= 0.5)),
    first: (own) => time[own[0]!]!,
    last: (own) => time[own.at(-1)!]!,
    span: (own) => time[own.at(-1)!]! - time[own[0]!]!,
    wait: (own) => middle(waits(own)),
    withinMinutes: (own) => share(waits(own).map((wait) => wait < 300)),
    withinHour: (own) => share(waits(own).map((wait) => wait < 3_600)),
    days: (own) => periods(own, daySeconds),
    weeks: (own) => periods(own, weekSeconds),
    daysEach: (own) => periods(own, daySeconds) / own.length,
    gapSurprise: (_, person) => gaps[person]!,
    scoreSurprise: (_, person) => scores[person]!,
  };
}

/** The rater's ratings beside what others say of the same people. */
function agreementFeatures(
  { score }: Ratings,
  others: Others,
  fairness: Float64Array,
  reliability: Float64Array,
): Record<string, Feature> {
  const gaps = (own: readonly number[]): number[] => own.map((place) => score[place]! - others.weighed[place]!);
  const take = (own: readonly number[], column: Float64Array): number[] => own.map((place) => column[place]!);
  return {
    fairness: (_, person) => fairness[person]!,
    reliability: (own) => mean(take(own, reliability)),
    leastReliable: (own) => least(take(own, reliability)),
    gap: (own) => mean(gaps(own)),
    distance: (own) => mean(gaps(own).map(Math.abs)),
    furthestAbove: (own) => most(gaps(own)),
    furthestBelow: (own) => least(gaps(own)),
    opinion: (own) => mean(take(own, others.weighed)),
    worstOpinion: (own) => least(take(own, others.weighed)),
    bestOpinion: (own) => most(take(own, others.weighed)),
    plainOpinion: (own) => mean(take(own, others.plain)),
    badOpinion: (own) => mean(take(own, others.bad)),
    praisesBad: (own) => share(own.map((place) => score[place]! > 0 && others.plain[place]! < 0)),
    blamesGood: (own) => share(own.map((place) => score[place]! < 0 && others.plain[place]! > 0)),
    praisesGood: (own) => own.filter((place) => score[place]! > 0 && others.plain[place]! > 0).length,
    popularity: (own) => mean(take(own, others.count).map(Math.log1p)),
    mostPopular: (own) => most(take(own, others.count)),
    alone: (own) => share(take(own, others.count).map((count) => count === 0)),
    place: (own) => mean(take(own, others.place)),
  };
}

/** Who is rated: how long and how much those people rate themselves, and how they stand. */
function rateeFeatures(
  ratings: Ratings,
  given: readonly number[][],
  received: readonly number[][],
  fairness: Float64Array,
): Record<string, Feature> {
  const { ratee, time } = ratings;
  const rank = standing(ratings).map((value) => Math.log(1e-9 + value));
  const over = (own: readonly number[], of: (person: number) => number): number[] =>
    own.map((place) => of(ratee[place]!));
  const span = (person: number): number => {
    const own = given[person]!;
    return own.length === 0 ? 0 : time[own.at(-1)!]! - time[own[0]!]!;
  };
  const active = (person: number): number => Math.log1p(given[person]!.length);
  const age = (place: number): number => {
    const [began] = given[ratee[place]!]!;
    return began === undefined ? 0 : Math.max(0, time[place]! - time[began]!);
  };
  return {
    rateeSpan: (own) => mean(over(own, span)),
    rateeSpanMost: (own) => most(over(own, span)),
    rateeActive: (own) => mean(over(own, active)),
    rateeActiveMost: (own) => most(over(own, active)),
    rateeFairness: (own) => mean(over(own, (person) => fairness[person]!)),
    rateeFairnessMost: (own) => most(over(own, (person) => fairness[person]!)),
    rateeRank: (own) => mean(over(own, (person) => rank[person]!)),
    rateeRankMost: (own) => most(over(own, (person) => rank[person]!)),
    rateeKnownFor: (own) => mean(own.map((place) => time[place]! - time[received[ratee[place]!]![0]!]!)),
    rateeAgeMost: (own) => most(own.map(age)),
  };
}

export function raterColumns(ratings: Ratings): RaterColumns {
  const { people, rater, ratee, time } = ratings;
  const order = Array.from(time.keys()).sort((a, b) => time[a]! - time[b]! || a - b);
  const [given, received] = [inOrder(rater, order, people), inOrder(ratee, order, people)];
  const [gaps, scores] = surprises(ratings, given);
  const { fairness, reliability } = rev2Of(
    ratings,
    gaps.map((gap, person) => gap + scores[person]!),
  );
  const features = {
    ...ownFeatures(ratings, gaps, scores),
    ...agreementFeatures(ratings, hearOthers(ratings, reliability, received), fairness, reliability),
    ...rateeFeatures(ratings, given, received, fairness),
  };
  const columns = Object.entries(features).map(([name, feature]): [string, Float64Array] => [
    name,
    Float64Array.from(given, (own, person) => (own.length === 0 ? Number.NaN : feature(own, person))),
  ]);
  return { columns: new Map(columns), fairness };
}

/** Mid-ranks of what is known, spread evenly with mean 0 and variance 1; 0 for what is not. */
export function rankScores(column: Float64Array): Float64Array {
  const order = Array.from(column.keys())
    .filter((place) => !Number.isNaN(column[place]))
    .sort((a, b) => column[a]! - column[b]!);
  const out = new Float64Array(column.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && column[order[end]!] === column[order[start]!]) end += 1;
    const middleRank = ((start + end) / 2 / order.length - 0.5) * Math.sqrt(12);
    for (let place = start; place < end; place += 1) out[order[place]!] = middleRank;
    start = end;
  }
  return out;
}
