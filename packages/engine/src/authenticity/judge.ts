import { type AuthenticityReason, type ReasonCode, reasonCodes } from "@probity/contract";
import { binColumn } from "@probity/kernels/tree/bins";
import { explainGa2m, type Ga2mModel, ga2mTerms, scoreGa2m, unitsPerLogit } from "@probity/kernels/tree/ga2m-model";
import type { ColumnSpec, ColumnTable } from "./column-table.ts";

/**
 * The additive model of one kind of thing and what its scores mean. A score is a doubt in 1/65,536 logit; `reliability`
 * holds the reliability at −8, −7⅞ … 8 logits in thousandths, never rising; between them it is a straight line.
 */
export interface Judge {
  readonly specs: readonly ColumnSpec[];
  readonly model: Ga2mModel;
  readonly reliability: Int32Array;
}

/** Places of a judge's reliability: eight a logit from −8 to 8. */
export const reliabilityPlaces = 129;
const logitMax = 8;
const unitsPerPlace = unitsPerLogit / 8;

/** Reliability of a score, in whole thousandths: integers only, so the same everywhere. */
export function reliabilityAt({ reliability }: Judge, score: number): number {
  const from = Math.max(0, Math.min(2 * logitMax * unitsPerLogit, score + logitMax * unitsPerLogit));
  const place = Math.min(reliabilityPlaces - 2, Math.floor(from / unitsPerPlace));
  const [left, right] = [reliability[place] as number, reliability[place + 1] as number];
  return left - Math.floor(((left - right) * (from - place * unitsPerPlace) + unitsPerPlace / 2) / unitsPerPlace);
}

/** Doubt of every row in 1/65,536 logit: finer than the reliability, for ranking. */
export function doubtScores({ model }: Judge, { rows, columns }: ColumnTable): Int32Array {
  const bins = new Uint8Array(rows * model.columns);
  const { edges, from } = model.binning;
  columns.forEach((column, place) =>
    binColumn(column, edges.subarray(from[place], from[place + 1]), bins, place * rows),
  );
  const scores = new Int32Array(rows);
  scoreGa2m(model, bins, rows, scores);
  return scores;
}

/** Reliability in thousandths of every row. */
export function reliabilities(judge: Judge, table: ColumnTable): Int32Array {
  return doubtScores(judge, table).map((score) => reliabilityAt(judge, score));
}

/** What a row's reason is made of: a figure by name, null where it is not known. */
export type Figures = AuthenticityReason["facts"];

export interface JudgedReason {
  readonly code: ReasonCode;
  readonly points: number;
  readonly facts: Figures;
}

export interface Judged {
  readonly reliability: number;
  /** Reliability before any reason. */
  readonly base: number;
  /** The weightiest first; their points and `base` add up to `reliability` exactly. */
  readonly reasons: readonly JudgedReason[];
}

/** The reason that a term belongs to: a column's own, a pair's that of its first column. */
function codeOfTerm({ specs, model }: Judge, term: number): ReasonCode {
  const column = term < model.columns ? term : (model.pairs[2 * (term - model.columns)] as number);
  return (specs[column] as ColumnSpec).code;
}

const places = new Map<ReasonCode, number>(reasonCodes.map((code, place) => [code, place]));

/** Sums of a row's terms by reason, in units of a score, and the whole score. */
function byReason(
  judge: Judge,
  values: Float64Array,
): { readonly score: number; readonly sums: [ReasonCode, number][] } {
  const terms = new Int32Array(ga2mTerms(judge.model));
  const score = explainGa2m(judge.model, values, new Uint8Array(values.length), terms);
  const sums = new Map<ReasonCode, number>();
  terms.forEach((term, place) => {
    if (term === 0) return;
    const code = codeOfTerm(judge, place);
    sums.set(code, (sums.get(code) ?? 0) + term);
  });
  return { score, sums: [...sums] };
}

const facts = ({ specs }: Judge, values: Float64Array, code: ReasonCode): Figures =>
  specs.flatMap((spec, place) => {
    const value = values[place] as number;
    return spec.code === code ? [{ name: spec.name, value: Number.isNaN(value) ? null : value }] : [];
  });

/**
 * Judges one row and says why. Reasons are taken away one after another, the weightiest first; a reason's points are
 * what its going changed. So they add up exactly, and without the first the reliability is what was stated.
 */
export function judge(of: Judge, values: Float64Array): Judged {
  const { score, sums } = byReason(of, values);
  sums.sort(([a, x], [b, y]) => Math.abs(y) - Math.abs(x) || (places.get(a) as number) - (places.get(b) as number));
  let left = score;
  let now = reliabilityAt(of, score);
  const reasons = sums.map(([code, sum]): JudgedReason => {
    left -= sum;
    const without = reliabilityAt(of, left);
    const points = now - without;
    now = without;
    return { code, points, facts: facts(of, values, code) };
  });
  return { reliability: reliabilityAt(of, score), base: now, reasons };
}

/** What remains of the reliability where one reason's terms are left out. */
export function reliabilityWithout(of: Judge, values: Float64Array, code: ReasonCode): number {
  const { score, sums } = byReason(of, values);
  return reliabilityAt(of, score - (sums.find(([own]) => own === code)?.[1] ?? 0));
}

/** The reason that lowers a row most; undefined where none does. */
export function topReason({ reasons }: Judged): ReasonCode | undefined {
  let worst: JudgedReason | undefined;
  for (const reason of reasons) if (reason.points < (worst?.points ?? 0)) worst = reason;
  return worst?.code;
}

/** A row of a table. */
export function rowOf({ columns }: ColumnTable, row: number): Float64Array {
  return Float64Array.from(columns, (column) => column[row] as number);
}

/** Weight in ratings by reliability, thousandths: whole from `fullFrom` on, none below `noneBelow`, a straight line between. */
export const weighing = { fullFrom: 600, noneBelow: 300 } as const;

export function weightOf(reliability: number): number {
  const { fullFrom, noneBelow } = weighing;
  if (reliability >= fullFrom) return 1_000;
  if (reliability < noneBelow) return 0;
  return Math.round(((reliability - noneBelow) * 1_000) / (fullFrom - noneBelow));
}

/** Below this an order is held to be staged, a follower to be bought; the facts ask the same (`facts/contributions.ts`). */
export const genuineFrom = 500;
