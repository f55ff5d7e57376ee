/**
 * Loopy belief propagation over two states, honest (0) and fraud (1), with a prior per node and a compatibility per kind of
 * edge, in the manner of FraudEagle (L. Akoglu et al., ICWSM 2013) and SpEagle (S. Rayana, L. Akoglu, KDD 2015,
 * doi 10.1145/2783258.2783370):
 *   m_{u→v}(s) ∝ Σ_t φ_u(t)·ψ(t, s)·Π_{w ∈ N(u)\v} m_{w→u}(t),   b_v(s) ∝ φ_v(s)·Π_u m_{u→v}(s).
 * Messages are log-odds, so a node's product is a sum that a message's own part is taken from: a round costs O(edges), a
 * hub its degree. Updates are damped; on trees the beliefs are exact, on graphs with cycles they are an approximation.
 */
import type { Csr } from "./csr.ts";

export interface BeliefOptions {
  /** ψ(t, s) of the edge kinds, 4 numbers a kind in 0…1: [0→0, 0→1, 1→0, 1→1]; row sums need not be 1. */
  readonly compatibility: Float64Array;
  /** Share of the old message that is kept, 0…1, 1 excluded. */
  readonly damping: number;
  readonly roundsMax: number;
  /** Greatest change of a message in log-odds at which to stop. */
  readonly tolerance: number;
}

export interface BeliefRun {
  readonly rounds: number;
  /** Greatest change of a message in the last round, log-odds. */
  readonly change: number;
}

/** Log-odds beyond this are as good as certain: it keeps sums finite. */
const logitMax = 30;

const logitOf = (chance: number): number => Math.max(-logitMax, Math.min(logitMax, Math.log(chance / (1 - chance))));

/** By edge place, the place of the same edge seen from its other end. */
function reverse({ rows, offsets, targets }: Csr): Int32Array {
  const back = new Int32Array(targets.length).fill(-1);
  const next = offsets.slice(0, rows);
  for (let row = 0; row < rows; row += 1) {
    for (let place = offsets[row]; place < offsets[row + 1]; place += 1) {
      // Rows are visited in order and are sorted, so the other end's edges come up in order too.
      const other = targets[place];
      const twin = next[other]++;
      if (twin >= offsets[other + 1] || targets[twin] !== row)
        throw new RangeError(`edge ${row}–${other} does not stand in both rows`);
      back[place] = twin;
    }
  }
  return back;
}

/** The message that a belief `logit` sends over an edge kind: log-odds of fraud. */
function send(logit: number, compatibility: Float64Array, kind: number): number {
  const fraud = 1 / (1 + Math.exp(-logit));
  const base = 4 * kind;
  const toHonest = (1 - fraud) * compatibility[base] + fraud * compatibility[base + 2];
  const toFraud = (1 - fraud) * compatibility[base + 1] + fraud * compatibility[base + 3];
  return Math.max(-logitMax, Math.min(logitMax, Math.log(toFraud / toHonest)));
}

function check(
  graph: Csr,
  prior: Float64Array,
  kinds: Uint8Array | undefined,
  options: BeliefOptions,
  out: Float64Array,
): void {
  const { rows, columns, targets } = graph;
  if (rows !== columns || prior.length !== rows || out.length !== rows)
    throw new RangeError("graph, prior and out differ in length");
  if (kinds !== undefined && kinds.length !== targets.length) throw new RangeError("kinds and edges differ in length");
  for (let node = 0; node < rows; node += 1)
    if (!(prior[node] >= 0 && prior[node] <= 1))
      throw new RangeError(`node ${node}: prior ${prior[node]} is not in 0…1`);
  const { compatibility, damping } = options;
  if (!(damping >= 0 && damping < 1)) throw new RangeError(`damping ${damping}`);
  if (compatibility.length === 0 || compatibility.length % 4 !== 0)
    throw new RangeError("compatibility needs 4 numbers a kind");
  for (const value of compatibility)
    if (!(value > 0 && value <= 1)) throw new RangeError(`compatibility ${value} is not in 0…1`);
  for (const kind of kinds ?? [])
    if (4 * kind >= compatibility.length) throw new RangeError(`an edge of kind ${kind}, which has no compatibility`);
}

/**
 * Writes each node's chance of fraud into `out`. `prior` is the chance before any edge was seen; `kinds`: the kind of each
 * edge by its place in `graph.targets`, all of kind 0 where not given, the same at both ends. The graph must be symmetric
 * (`buildGraph` without degree cap). Throws RangeError on what breaks this.
 */
export function propagateBeliefs(
  graph: Csr,
  prior: Float64Array,
  kinds: Uint8Array | undefined,
  options: BeliefOptions,
  out: Float64Array,
): BeliefRun {
  check(graph, prior, kinds, options, out);
  const { rows, offsets, targets } = graph;
  const back = reverse(graph);
  // Message over place p of row u goes from u to targets[p].
  let message = new Float64Array(targets.length);
  let fresh = new Float64Array(targets.length);
  const start = prior.map(logitOf);
  let [rounds, change] = [0, Number.POSITIVE_INFINITY];
  while (rounds < options.roundsMax && change > options.tolerance) {
    change = 0;
    for (let node = 0; node < rows; node += 1) {
      let sum = start[node];
      for (let place = offsets[node]; place < offsets[node + 1]; place += 1) sum += message[back[place]];
      for (let place = offsets[node]; place < offsets[node + 1]; place += 1) {
        const sent = send(sum - message[back[place]], options.compatibility, kinds === undefined ? 0 : kinds[place]);
        fresh[place] = options.damping * message[place] + (1 - options.damping) * sent;
        const moved = Math.abs(fresh[place] - message[place]);
        if (moved > change) change = moved;
      }
    }
    [message, fresh] = [fresh, message];
    rounds += 1;
  }
  for (let node = 0; node < rows; node += 1) {
    let sum = start[node];
    for (let place = offsets[node]; place < offsets[node + 1]; place += 1) sum += message[back[place]];
    out[node] = 1 / (1 + Math.exp(-sum));
  }
  return { rounds, change: targets.length === 0 ? 0 : change };
}
