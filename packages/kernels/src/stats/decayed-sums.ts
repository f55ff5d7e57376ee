/**
 * Exact decayed sums of daily counters, for several consecutive days at once.
 *
 * For a series (metric, decay table) of a subject on day T, with w the table's Q32 weight of an age in days:
 *   N = Σ w(T−d)·n_d    X = Σ w(T−d)·x_d    N2 = Σ w²(T−d)·n_d,  w² = floor(w·w / 2^32)
 * Rows later than T do not count; ages past the table take its last entry (the tail).
 *
 * A weight is kept as hi·2^16 + lo, so that each of the two accumulators of a sum is an exact integer:
 * it stays below 2^16 · Σ(|n| + |x|), and a call refuses more than 2^36 of that. The sum is hi·2^16 + lo.
 *
 * Time O(rows × series of the metric × days); no allocation. N2 / N² is Kish's effective sample
 * (L. Kish, Survey Sampling, 1965, section 8.2).
 */

/** Rows in any order; several of one (subject, metric, day) add up. */
export interface FactColumns {
  readonly rows: number;
  /** Dense number of the subject. */
  readonly subject: Int32Array;
  /** Number of the metric in storage. */
  readonly metric: Int16Array;
  /** Days since 1970-01-01. */
  readonly day: Int32Array;
  /** Integers; may be negative in a single row. */
  readonly n: Float64Array;
  readonly x: Float64Array;
}

/** What a series needs besides N. */
export const seriesNeeds = { x: 1, square: 2, lastDayOnly: 4 } as const;

export interface DecayPlan {
  readonly series: number;
  /** First series of a metric number; a metric's series are [seriesFrom[no], seriesFrom[no + 1]). */
  readonly seriesFrom: Int32Array;
  /** Decay table of a series. */
  readonly seriesTable: Int32Array;
  /** Sum of `seriesNeeds`. */
  readonly seriesParts: Uint8Array;
  /** First entry of a table; the last entry of each is its tail. */
  readonly tableFrom: Int32Array;
  readonly weightHi: Float64Array;
  readonly weightLo: Float64Array;
  readonly squareHi: Float64Array;
  readonly squareLo: Float64Array;
}

/** Numbers that one (subject, series, day) takes in the sums: N, X, N2, each as hi and lo. */
export const sumsStride = 6;

const loadMax = 2 ** 36;

/** Length that `sums` must have. */
export function decayedSumsLength(plan: DecayPlan, subjects: number, days: number): number {
  return subjects * plan.series * days * sumsStride;
}

/**
 * Fills `offsets` (subjects + 1) and `order` (rows) so that the rows of subject s are
 * order[offsets[s] … offsets[s + 1]). Stable counting sort; false if the rows already lie so,
 * in which case `order` is left alone and offsets index the rows themselves.
 */
export function orderBySubject(columns: FactColumns, offsets: Int32Array, order: Int32Array): boolean {
  const { rows, subject } = columns;
  const subjects = offsets.length - 1;
  offsets.fill(0);
  let before = 0;
  let sorted = true;
  for (let row = 0; row < rows; row += 1) {
    const here = subject[row];
    if (here < 0 || here >= subjects) throw new RangeError(`subject ${here} of row ${row} is not in 0…${subjects - 1}`);
    offsets[here + 1] += 1;
    if (here < before) sorted = false;
    before = here;
  }
  for (let index = 0; index < subjects; index += 1) offsets[index + 1] += offsets[index];
  if (sorted) return false;
  for (let row = 0; row < rows; row += 1) {
    const here = subject[row];
    order[offsets[here]] = row;
    offsets[here] += 1;
  }
  for (let index = subjects; index > 0; index -= 1) offsets[index] = offsets[index - 1];
  offsets[0] = 0;
  return true;
}

/**
 * Adds the rows order[from … to) (or from … to where `order` is null) to `sums` for the days
 * lastDay − days + 1 … lastDay. `sums` is laid out as [subject − subjectBase][series][day][6];
 * the caller clears it. Throws RangeError before a sum could lose exactness.
 */
export function decayedSums(
  columns: FactColumns,
  order: Int32Array | null,
  from: number,
  to: number,
  plan: DecayPlan,
  subjectBase: number,
  lastDay: number,
  days: number,
  sums: Float64Array,
): void {
  const { subject, metric, day, n, x } = columns;
  const { series, seriesFrom, seriesTable, seriesParts, tableFrom, weightHi, weightLo, squareHi, squareLo } = plan;
  const firstDay = lastDay - days + 1;
  const metrics = seriesFrom.length - 1;
  let load = 0;
  for (let place = from; place < to; place += 1) {
    const row = order === null ? place : order[place];
    const no = metric[row];
    if (no < 0 || no >= metrics || day[row] > lastDay) continue;
    const lastSeries = seriesFrom[no + 1];
    const rowN = n[row];
    const rowX = x[row];
    const youngest = firstDay - day[row];
    for (let index = seriesFrom[no]; index < lastSeries; index += 1) {
      const table = tableFrom[seriesTable[index]];
      const tail = tableFrom[seriesTable[index] + 1] - 1;
      if (table + youngest >= tail && weightHi[tail] === 0 && weightLo[tail] === 0) continue;
      load += Math.abs(rowN) + Math.abs(rowX);
      const parts = seriesParts[index];
      let step = (parts & seriesNeeds.lastDayOnly) === 0 ? 0 : days - 1;
      if (youngest + step < 0) step = -youngest;
      let at = (((subject[row] - subjectBase) * series + index) * days + step) * sumsStride;
      for (; step < days; step += 1, at += sumsStride) {
        const aged = table + youngest + step;
        const entry = aged < tail ? aged : tail;
        const hi = weightHi[entry];
        const lo = weightLo[entry];
        sums[at] += hi * rowN;
        sums[at + 1] += lo * rowN;
        if ((parts & seriesNeeds.x) !== 0) {
          sums[at + 2] += hi * rowX;
          sums[at + 3] += lo * rowX;
        }
        if ((parts & seriesNeeds.square) !== 0) {
          sums[at + 4] += squareHi[entry] * rowN;
          sums[at + 5] += squareLo[entry] * rowN;
        }
      }
    }
  }
  if (!(load < loadMax)) throw new RangeError(`counters of one call add up to ${load}; at most ${loadMax} stay exact`);
}

/** A sum as an integer: hi·2^16 + lo at `at` (0: N, 2: X, 4: N2 from the start of its slot). */
export function decayedSum(sums: Float64Array, at: number): bigint {
  return BigInt(sums[at]) * 65_536n + BigInt(sums[at + 1]);
}
