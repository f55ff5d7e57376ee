/**
 * A generalised additive model with pairs (GA²M: Y. Lou et al., KDD 2013, doi 10.1145/2487575.2487579) as integer lookup
 * tables: score = intercept + Σ_c main_c[bin of x_c] + Σ_(a,b) pair_ab[bin of x_a, bin of x_b], all whole numbers of
 * 1/65,536 logit. So the score is the same on every machine, and its terms add up to it exactly: the reasons are the score.
 * Time O(columns · log bins + pairs) a row.
 */
import { binOf, type Binning, binsMax } from "./bins.ts";

/** Units of a score in one logit (natural log-odds). */
export const unitsPerLogit = 65_536;

/** Coarse bins of a column in pairs, bin 0 for what is not known. */
export const coarseMax = 16;

export interface Ga2mModel {
  readonly columns: number;
  readonly binning: Binning;
  readonly intercept: number;
  /** Entry of column c at bin b: c·256 + b. */
  readonly mains: Int32Array;
  /** Columns a, b of pair k at 2k and 2k + 1, a < b. */
  readonly pairs: Int32Array;
  /** Coarse bin of column c at bin b: c·256 + b. */
  readonly coarse: Uint8Array;
  /** Entry of pair k at coarse bins i of a, j of b: (k·16 + i)·16 + j. */
  readonly pairTables: Int32Array;
}

export const ga2mTerms = ({ columns, pairs }: Ga2mModel): number => columns + pairs.length / 2;

/** Place of pair k's entry for two bins in `pairTables`. */
const pairPlace = ({ pairs, coarse }: Ga2mModel, pair: number, binA: number, binB: number): number =>
  (pair * coarseMax + coarse[pairs[2 * pair] * binsMax + binA]) * coarseMax +
  coarse[pairs[2 * pair + 1] * binsMax + binB];

/**
 * Writes each term of one row of numbers (NaN: not known) into `terms`, columns first, then pairs, and returns the score:
 * exactly intercept + Σ terms. `bins` (length columns) is overwritten. Throws RangeError where lengths differ.
 */
export function explainGa2m(model: Ga2mModel, values: Float64Array, bins: Uint8Array, terms: Int32Array): number {
  const { columns, binning, mains, pairTables } = model;
  if (values.length !== columns || bins.length !== columns || terms.length !== ga2mTerms(model))
    throw new RangeError(`the model has ${columns} columns and ${ga2mTerms(model)} terms`);
  let score = model.intercept;
  for (let column = 0; column < columns; column += 1) {
    bins[column] = binOf(values[column], binning.edges, binning.from[column], binning.from[column + 1]);
    terms[column] = mains[column * binsMax + bins[column]];
    score += terms[column];
  }
  for (let pair = 0; 2 * pair < model.pairs.length; pair += 1) {
    const place = pairPlace(model, pair, bins[model.pairs[2 * pair]], bins[model.pairs[2 * pair + 1]]);
    terms[columns + pair] = pairTables[place];
    score += terms[columns + pair];
  }
  return score;
}

/** Writes the scores of rows that are binned already (column c of row r at c·rows + r) into `out`. */
export function scoreGa2m(model: Ga2mModel, bins: Uint8Array, rows: number, out: Int32Array): void {
  if (bins.length !== rows * model.columns || out.length !== rows)
    throw new RangeError("bins, rows and columns differ in length");
  out.fill(model.intercept);
  for (let column = 0; column < model.columns; column += 1)
    for (let row = 0; row < rows; row += 1) out[row] += model.mains[column * binsMax + bins[column * rows + row]];
  for (let pair = 0; 2 * pair < model.pairs.length; pair += 1) {
    const [a, b] = [model.pairs[2 * pair] * rows, model.pairs[2 * pair + 1] * rows];
    for (let row = 0; row < rows; row += 1)
      out[row] += model.pairTables[pairPlace(model, pair, bins[a + row], bins[b + row])];
  }
}
