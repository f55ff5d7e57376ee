import type { Decay } from "@probity/contract";
import { decayedSums, decayedSumsLength, type FactColumns } from "@probity/kernels/stats/decayed-sums";
import type { CompiledIndicator, CompiledShare } from "../packages/engine/src/ratings/compile.ts";
import { draftPlan } from "../packages/engine/src/ratings/decay.ts";
import { evidenceBuffers, readEvidence } from "../packages/engine/src/ratings/evidence.ts";
import { shrunkMean } from "../packages/engine/src/ratings/prior.ts";
import type { WalkData } from "./walk-data.ts";

/** Thousandths in one rating of full weight. */
const scale = 1_000;
const million = 1_000_000;

/** Facts of one rating, a row each: not bad and value by the rater's standing; that standing; not bad at face value. */
const metricNos = { notBad: 0, value: 1, standing: 2, plain: 3 } as const;
const rowsPerRating = 4;

/** Q32 weights 2^(−age / half-life) over eight half-lives, as policies ship them. */
function decayTable(halfLifeDays: number): Decay {
  const weights = Array.from({ length: Math.ceil(8 * halfLifeDays) }, (_, age) =>
    Math.round(2 ** 32 * 2 ** (-age / halfLifeDays)),
  );
  return { halfLifeDays, weights, tail: 0 };
}

export interface WalkIndicator {
  readonly id: string;
  readonly metric: keyof typeof metricNos;
  readonly halfLifeDays: number;
  /** Share that is good (x); that there is evidence at all (counts); that there is none lately (quiet). */
  readonly reads: "good" | "counts" | "quiet";
  /** ppm */
  readonly mean: number;
  /** Thousandths of an opportunity. */
  readonly strength: number;
}

interface Compiled {
  readonly indicators: readonly WalkIndicator[];
  readonly shares: readonly CompiledIndicator[];
  readonly plan: ReturnType<ReturnType<typeof draftPlan>["build"]>["plan"];
}

function compile(indicators: readonly WalkIndicator[]): Compiled {
  const draft = draftPlan();
  const tickets = indicators.map(({ metric, halfLifeDays }) =>
    draft.ask(metricNos[metric], decayTable(halfLifeDays), { x: true, square: true }),
  );
  const { plan, seriesOf } = draft.build();
  const none = new Int32Array(0);
  const shares = indicators.map(({ reads }, index) => {
    const series = Int32Array.of(seriesOf(tickets[index] as number));
    const evidence: CompiledShare = {
      kind: "share",
      goodIsX: reads === "good",
      of: reads === "quiet" ? none : series,
      less: none,
      lessWeight: none,
      against: reads === "quiet" ? series : none,
      scale,
    };
    return { evidence } as unknown as CompiledIndicator;
  });
  return { indicators, shares, plan };
}

/** Rows of every ratee lie together, in order of time. */
function emptyColumns(data: WalkData): { columns: FactColumns; first: Int32Array } {
  const first = new Int32Array(data.people + 1);
  for (const ratee of data.ratee) first[ratee + 1]! += rowsPerRating;
  for (let person = 0; person < data.people; person += 1) first[person + 1]! += first[person]!;
  const rows = data.count * rowsPerRating;
  const columns = {
    rows,
    subject: new Int32Array(rows),
    metric: Int16Array.from({ length: rows }, (_, row) => row % rowsPerRating),
    day: new Int32Array(rows),
    n: new Float64Array(rows),
    x: new Float64Array(rows),
  };
  return { columns, first };
}

/**
 * Walks through ratings in order of time with the engine's decayed integer counters. A rating weighs by the square of
 * its rater's own standing, the first indicator's mean (`plain`) of what the rater has received so far. It is weighed
 * again when that standing moves. Standings themselves are unweighted: one step, so that a weight explains itself.
 */
export class Walk {
  readonly #data: WalkData;
  readonly #compiled: Compiled;
  readonly #columns: FactColumns;
  readonly #first: Int32Array;
  readonly #end: Int32Array;
  readonly #raterOfRow: Int32Array;
  readonly #valueOfRow: Float64Array;
  readonly #standing: Float64Array;
  readonly #sums: Float64Array;
  readonly #evidence: ReturnType<typeof evidenceBuffers>;
  readonly #span: number;
  /** ppm, by indicator, after `look`. */
  readonly means: Int32Array;

  /** `span`: ratings lie in −span…span. The first indicator is what standings are read from. */
  constructor(data: WalkData, indicators: readonly WalkIndicator[], span: number) {
    this.#data = data;
    this.#compiled = compile(indicators);
    const { columns, first } = emptyColumns(data);
    this.#columns = columns;
    this.#first = first;
    this.#end = first.slice(0, data.people);
    this.#raterOfRow = new Int32Array(data.count * rowsPerRating);
    this.#valueOfRow = new Float64Array(data.count * rowsPerRating);
    this.#standing = new Float64Array(data.people).fill(indicators[0]?.mean ?? million);
    this.#sums = new Float64Array(decayedSumsLength(this.#compiled.plan, 1, 1));
    this.#evidence = evidenceBuffers(indicators.length);
    this.#span = span;
    this.means = new Int32Array(indicators.length);
  }

  hasPast(ratee: number): boolean {
    return this.#end[ratee]! > this.#first[ratee]!;
  }

  #weigh(ratee: number): void {
    const { n, x } = this.#columns;
    for (let row = this.#first[ratee]!; row < this.#end[ratee]!; row += rowsPerRating) {
      const standing = this.#standing[this.#raterOfRow[row]!]!;
      const weight = Math.floor((standing * standing) / 1_000_000_000);
      const rating = this.#valueOfRow[row]!;
      n[row] = weight;
      x[row] = rating < 0 ? 0 : weight;
      n[row + 1] = weight;
      x[row + 1] = Math.floor((weight * Math.min(2 * this.#span, Math.max(0, rating + this.#span))) / (2 * this.#span));
      n[row + 2] = scale;
      x[row + 2] = Math.floor(standing / 1_000);
      n[row + 3] = scale;
      x[row + 3] = rating < 0 ? 0 : scale;
    }
  }

  /** Fills `means` with what a ratee's past says on a day. */
  look(ratee: number, day: number): Int32Array {
    const { plan, indicators, shares } = this.#compiled;
    this.#weigh(ratee);
    this.#sums.fill(0);
    decayedSums(this.#columns, null, this.#first[ratee]!, this.#end[ratee]!, plan, ratee, day, 1, this.#sums);
    readEvidence(shares, this.#sums, 1, 0, this.#evidence);
    for (let place = 0; place < indicators.length; place += 1) {
      const { mean, strength } = indicators[place]!;
      this.means[place] = shrunkMean(this.#evidence.good[place]!, this.#evidence.bad[place]!, mean, strength);
    }
    return this.means;
  }

  /** Takes a rating into the past. */
  add(index: number): void {
    const { rater, ratee, rating, day } = this.#data;
    const to = ratee[index]!;
    const row = this.#end[to]!;
    for (let part = 0; part < rowsPerRating; part += 1) {
      this.#columns.subject[row + part] = to;
      this.#columns.day[row + part] = day[index]!;
    }
    this.#raterOfRow[row] = rater[index]!;
    this.#valueOfRow[row] = rating[index]!;
    this.#end[to] = row + rowsPerRating;
    this.#standing[to] = this.look(to, day[index]!)[0]!;
  }
}
