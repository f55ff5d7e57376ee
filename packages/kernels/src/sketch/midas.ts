/**
 * MIDAS-R: edges that come suddenly often, in constant memory (S. Bhatia et al., AAAI 2020,
 * doi 10.1609/aaai.v34i04.5724). Count-min sketches hold, for edges, sources and targets, the total s and the recent count a
 * (multiplied by `decay` at every tick); an edge's score is the greatest of the three
 *   (a − s/t)² · t² / (s·(t − 1)),
 * chi-squared with one degree of freedom where counts are even. Time O(depth) an edge and O(depth · width) a tick.
 */
import { mix32 } from "./mix.ts";

export interface MidasOptions {
  /** Independent rows of a sketch. */
  readonly depth: number;
  /** Counters a row. */
  readonly width: number;
  /** What is left of recent counts after a tick, 0…1, 1 excluded. */
  readonly decay: number;
  readonly seed: number;
}

/** Everything that is remembered: give the same state again to go on with a stream. */
export interface MidasState {
  readonly options: MidasOptions;
  /** Sketches of edges, sources and targets, one after another. */
  readonly recent: Float64Array;
  readonly total: Float64Array;
  /** Current tick; 0 before the first edge. */
  tick: number;
}

const sketches = 3;

/** Throws RangeError on sizes that are not whole and above 0 or a decay outside of 0…1. */
export function midasState(options: MidasOptions): MidasState {
  const { depth, width, decay } = options;
  if (!Number.isInteger(depth) || depth < 1 || !Number.isInteger(width) || width < 1)
    throw new RangeError(`a sketch of ${depth} × ${width}`);
  if (!(decay >= 0 && decay < 1)) throw new RangeError(`a decay of ${decay}`);
  const length = sketches * depth * width;
  return { options, recent: new Float64Array(length), total: new Float64Array(length), tick: 0 };
}

/** Adds one to a key of a sketch and returns its score. */
function count({ options, recent, total, tick }: MidasState, sketch: number, one: number, other: number): number {
  const { depth, width, seed } = options;
  let [a, s] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let row = 0; row < depth; row += 1) {
    const hash = mix32(other, mix32(one, seed + row * sketches + sketch));
    const place = (sketch * depth + row) * width + (hash % width);
    recent[place] += 1;
    total[place] += 1;
    if (recent[place] < a) a = recent[place];
    if (total[place] < s) s = total[place];
  }
  if (tick <= 1) return 0;
  return ((a - s / tick) * tick) ** 2 / (s * (tick - 1));
}

/**
 * Scores a stream of edges in order of ticks (1, 2, …; any unit of time, none left behind) and remembers them in `state`;
 * `out` (length of the stream) takes a score per edge, 0 in the first tick. Throws RangeError on lengths, or on ticks that
 * fall, are below 1 or not whole.
 */
export function midas(
  state: MidasState,
  source: Int32Array,
  target: Int32Array,
  tick: Int32Array,
  out: Float64Array,
): void {
  if (target.length !== source.length || tick.length !== source.length || out.length !== source.length)
    throw new RangeError("source, target, tick and out differ in length");
  const { decay } = state.options;
  for (let edge = 0; edge < source.length; edge += 1) {
    if (tick[edge] < 1 || tick[edge] < state.tick)
      throw new RangeError(`edge ${edge}: tick ${tick[edge]} after ${state.tick}`);
    if (tick[edge] > state.tick) {
      const left = decay ** (tick[edge] - Math.max(1, state.tick));
      for (let place = 0; place < state.recent.length; place += 1) state.recent[place] *= left;
      state.tick = tick[edge];
    }
    const own = count(state, 0, source[edge], target[edge]);
    const from = count(state, 1, source[edge], 0);
    const to = count(state, 2, target[edge], 0);
    out[edge] = Math.max(own, from, to);
  }
}
