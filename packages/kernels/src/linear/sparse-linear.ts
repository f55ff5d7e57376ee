/**
 * A linear classifier on sparse rows: minimises ½‖w‖² + ½b² + Σ c_r · max(0, 1 − y_r (w·x_r + b))², the squared-hinge
 * support vector machine, by coordinate descent in its dual (C.-J. Hsieh et al., ICML 2008, doi 10.1145/1390156.1390208).
 * Each pass visits the rows in an order that the seed gives; rows at their bound are left out of later passes and looked at
 * again before the end (shrinking). Time O(entries) a pass, memory O(rows + columns). Margins are any finite number; chances
 * come from them by `stats/platt`.
 */
import { mix32 } from "../sketch/mix.ts";
import { checkRows, type SparseRows } from "../text/hashed-grams.ts";

export interface LinearRules {
  /** Price of a row's loss: larger fits closer. Above 0. */
  readonly cost: number;
  /** Largest difference of projected gradients at which the fit ends; 0.1 is what LIBLINEAR takes. */
  readonly tolerance: number;
  readonly passesMax: number;
  readonly seed: number;
  /** Price of a positive row, as a multiple of `cost`; 0 makes both classes weigh the same in sum. */
  readonly positiveWeight: number;
}

export const linearDefaults: LinearRules = { cost: 1, tolerance: 0.1, passesMax: 60, seed: 1, positiveWeight: 1 };

export interface LinearFit {
  readonly intercept: number;
  readonly passes: number;
  /** False where passesMax came first. */
  readonly isConverged: boolean;
}

function checkFit(
  rows: SparseRows,
  labels: Uint8Array,
  places: Int32Array,
  rules: LinearRules,
  weights: Float64Array,
): number {
  checkRows(rows, weights.length);
  if (labels.length !== rows.offsets.length - 1) throw new RangeError("labels and rows differ in length");
  if (!(rules.cost > 0 && rules.cost < Number.POSITIVE_INFINITY)) throw new RangeError(`a cost of ${rules.cost}`);
  if (!(rules.tolerance > 0) || !(rules.passesMax >= 1) || !(rules.positiveWeight >= 0))
    throw new RangeError("tolerance, passesMax or positiveWeight is out of range");
  if (places.length === 0) throw new RangeError("no rows to learn from");
  let positives = 0;
  for (let place = 0; place < places.length; place += 1) {
    const row = places[place];
    if (!(row >= 0 && row < labels.length)) throw new RangeError(`row ${row} of ${labels.length}`);
    if (labels[row] > 1) throw new RangeError(`row ${row}: label ${labels[row]}`);
    positives += labels[row];
  }
  if (positives === 0 || positives === places.length)
    throw new RangeError(`all ${places.length} rows have one label: learning needs both classes`);
  return positives;
}

/** Margin w·x + b of one row. */
export function marginAt(
  { offsets, columns, values }: SparseRows,
  row: number,
  weights: Float64Array,
  intercept: number,
): number {
  let sum = intercept;
  for (let at = offsets[row]; at < offsets[row + 1]; at += 1) sum += weights[columns[at]] * values[at];
  return sum;
}

/** Brings `order[0…active)` into a random order. */
function shuffle(order: Int32Array, active: number, pass: number, seed: number): void {
  const turn = mix32(pass, seed);
  for (let last = active - 1; last > 0; last -= 1) {
    const other = mix32(last, turn) % (last + 1);
    const held = order[last];
    order[last] = order[other];
    order[other] = held;
  }
}

/** Squared lengths of rows with their bias column, by place. */
function squaresOf({ offsets, values }: SparseRows, places: Int32Array): Float64Array {
  const squares = new Float64Array(places.length).fill(1);
  for (let place = 0; place < places.length; place += 1)
    for (let at = offsets[places[place]]; at < offsets[places[place] + 1]; at += 1)
      squares[place] += values[at] * values[at];
  return squares;
}

/**
 * Fits the rows at `places` to labels 0 and 1, by writing `weights` (one by column; what stood there is forgotten). A row may
 * stand in `places` several times and then counts as often. Same rows, rules and seed, same fit. Throws RangeError on NaN,
 * lengths that differ, columns beyond the weights, labels other than 0 and 1, or a single class.
 */
export function fitLinear(
  rows: SparseRows,
  labels: Uint8Array,
  places: Int32Array,
  rules: LinearRules,
  weights: Float64Array,
): LinearFit {
  const positives = checkFit(rows, labels, places, rules, weights);
  const { offsets, columns, values } = rows;
  const factor = rules.positiveWeight === 0 ? (places.length - positives) / positives : rules.positiveWeight;
  const halfInverse = [1 / (2 * rules.cost), 1 / (2 * rules.cost * factor)];
  const alpha = new Float64Array(places.length);
  const squares = squaresOf(rows, places);
  const order = Int32Array.from(places.keys());
  weights.fill(0);
  let [intercept, active, passes, bound] = [0, places.length, 0, Number.POSITIVE_INFINITY];
  while (passes < rules.passesMax) {
    shuffle(order, active, passes, rules.seed);
    passes += 1;
    let [high, low] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let turn = 0; turn < active; turn += 1) {
      const place = order[turn];
      const row = places[place];
      const label = labels[row];
      const sign = label === 1 ? 1 : -1;
      const gradient = sign * marginAt(rows, row, weights, intercept) - 1 + halfInverse[label] * alpha[place];
      if (alpha[place] === 0 && gradient > bound) {
        active -= 1;
        order[turn] = order[active];
        order[active] = place;
        turn -= 1;
        continue;
      }
      const projected = alpha[place] === 0 ? Math.min(gradient, 0) : gradient;
      high = Math.max(high, projected);
      low = Math.min(low, projected);
      if (Math.abs(projected) < 1e-12) continue;
      const before = alpha[place];
      alpha[place] = Math.max(0, before - gradient / (squares[place] + halfInverse[label]));
      const step = sign * (alpha[place] - before);
      for (let at = offsets[row]; at < offsets[row + 1]; at += 1) weights[columns[at]] += step * values[at];
      intercept += step;
    }
    const isCalm = active === 0 || high - low <= rules.tolerance;
    if (isCalm && active === places.length) return { intercept, passes, isConverged: true };
    // Calm among the rows still looked at: look at all of them once more.
    if (isCalm) active = places.length;
    bound = isCalm || high <= 0 ? Number.POSITIVE_INFINITY : high;
  }
  return { intercept, passes, isConverged: false };
}
