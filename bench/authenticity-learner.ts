/**
 * The learner behind the benchmarks on graphs: who of the nodes is a fraud, from numbers per node, edges and some labels.
 * A first additive model is fitted on a node's own columns and its neighbours'; its chances, seen through the neighbours, and
 * the rate of known labels around a node are columns of the second. Both kinds are out of fold: a node in fold k sees only a
 * model and labels without fold k. Labels outside of `train` are never read; columns of all nodes are (transductive).
 */
import type { Csr } from "@probity/kernels/graph/csr";
import { neighbourColumns, neighbourScratch, neighbourStatistics } from "@probity/kernels/graph/neighbours";
import { mix32 } from "@probity/kernels/sketch/mix";
import { groupedFolds } from "@probity/kernels/stats/grouped-folds";
import { binColumn, fitEdges, joinEdges } from "@probity/kernels/tree/bins";
import {
  type BoostedTrees,
  fitTrees,
  scoreTrees,
  treeDefaults,
  type TreeOptions,
} from "@probity/kernels/tree/boosted-trees";
import { fitGa2m, ga2mDefaults, type Ga2mOptions } from "@probity/kernels/tree/ga2m";
import { type Ga2mModel, scoreGa2m, unitsPerLogit } from "@probity/kernels/tree/ga2m-model";
import type { TrainingTable } from "@probity/kernels/tree/training";

const edgeRowsMax = 80_000;

/** Columns of all nodes as bins; rows of a training table are gathered from it. */
export class NodeTable {
  readonly nodes: number;
  readonly names: string[] = [];
  readonly #edges: Float64Array[] = [];
  readonly #bins: Uint8Array[] = [];

  constructor(nodes: number) {
    this.nodes = nodes;
  }

  add(name: string, values: Float64Array, binsMax = 128): void {
    // Edges of a regular sample are as good as those of all, and sorting is what takes time.
    const step = Math.ceil(values.length / edgeRowsMax);
    const some = new Float64Array(Math.ceil(values.length / step));
    for (let place = 0; place < some.length; place += 1) some[place] = values[place * step]!;
    const edges = fitEdges(some, binsMax);
    // A column with one bin in use tells nothing.
    if (edges.length === 0 && !values.some((value) => Number.isNaN(value))) return;
    const bins = new Uint8Array(this.nodes);
    binColumn(values, edges, bins, 0);
    this.names.push(name);
    this.#edges.push(edges);
    this.#bins.push(bins);
  }

  copy(): NodeTable {
    const other = new NodeTable(this.nodes);
    other.names.push(...this.names);
    other.#edges.push(...this.#edges);
    other.#bins.push(...this.#bins);
    return other;
  }

  /** The `most` columns whose bins part the labels of some nodes best: Σ g²/(h + λ) over bins, all nodes at one chance. */
  strongest(nodes: Int32Array, labels: Int8Array, most: number): NodeTable {
    if (this.names.length <= most) return this;
    const rate = nodes.reduce((sum, node) => sum + labels[node]!, 0) / nodes.length;
    const force = this.#bins.map((bins) => {
      const [g, n] = [new Float64Array(256), new Float64Array(256)];
      for (const node of nodes) {
        g[bins[node]!]! += labels[node]! - rate;
        n[bins[node]!]! += 1;
      }
      return g.reduce((sum, value, bin) => sum + value ** 2 / (n[bin]! * rate * (1 - rate) + 1), 0);
    });
    const kept = new Set(
      Array.from(force.keys())
        .sort((a, b) => force[b]! - force[a]! || a - b)
        .slice(0, most),
    );
    const other = new NodeTable(this.nodes);
    const keep = <T>(items: readonly T[]): T[] => items.filter((_, column) => kept.has(column));
    other.names.push(...keep(this.names));
    other.#edges.push(...keep(this.#edges));
    other.#bins.push(...keep(this.#bins));
    return other;
  }

  /** Bins of some nodes, column after column. */
  gather(nodes: Int32Array): Uint8Array {
    const out = new Uint8Array(nodes.length * this.names.length);
    this.#bins.forEach((bins, column) => {
      const base = column * nodes.length;
      for (let place = 0; place < nodes.length; place += 1) out[base + place] = bins[nodes[place]!]!;
    });
    return out;
  }

  training(nodes: Int32Array, labels: Int8Array): TrainingTable {
    return {
      rows: nodes.length,
      columns: this.names.length,
      bins: this.gather(nodes),
      binning: joinEdges(this.#edges),
      labels: Uint8Array.from(nodes, (node) => labels[node]!),
    };
  }
}

const all = (nodes: number): Int32Array => Int32Array.from({ length: nodes }, (_, node) => node);

/** Logits of all nodes by an additive model. */
export function logitsGa2m(model: Ga2mModel, table: NodeTable): Float64Array {
  const scores = new Int32Array(table.nodes);
  scoreGa2m(model, table.gather(all(table.nodes)), table.nodes, scores);
  return Float64Array.from(scores, (score) => score / unitsPerLogit);
}

export function logitsTrees(model: BoostedTrees, table: NodeTable): Float64Array {
  const scores = new Float64Array(table.nodes);
  scoreTrees(model, table.gather(all(table.nodes)), table.nodes, scores);
  return scores;
}

const columnBytesMax = 150_000_000;

/** Degree and, for each feature, the feature, its statistics around the node and how it differs from the neighbours' mean. */
export function graphColumns(graph: Csr, features: ReadonlyMap<string, Float64Array>): NodeTable {
  const nodes = graph.rows;
  // A byte a bin: of many features of many nodes only means around a node are kept, or building takes the time of learning.
  const isLarge = nodes * (features.size + 1) * 7 > columnBytesMax;
  const table = new NodeTable(nodes);
  const [scratch, one, two] = [neighbourScratch(nodes), neighbourColumns(nodes), neighbourColumns(nodes)];
  const degree = Float64Array.from({ length: nodes }, (_, node) => graph.offsets[node + 1]! - graph.offsets[node]!);
  for (const [name, values] of new Map([...features, ["degree", degree]])) {
    neighbourStatistics(graph, values, scratch, one, isLarge ? undefined : two);
    table.add(name, values);
    table.add(`${name}:mean1`, one.mean);
    table.add(`${name}:max1`, one.max);
    table.add(`${name}:std1`, one.std);
    table.add(`${name}:mean2`, two.mean);
    table.add(`${name}:std2`, two.std);
  }
  return table;
}

/** Folds of the training nodes, each node its own group; 255 elsewhere. */
function foldsOf(nodes: number, train: Int32Array, labels: Int8Array, folds: number, seed: number): Uint8Array {
  const [fold, own] = [new Uint8Array(nodes).fill(255), new Uint8Array(train.length)];
  groupedFolds(
    train,
    Uint8Array.from(train, (node) => labels[node]!),
    folds,
    seed,
    own,
  );
  train.forEach((node, place) => (fold[node] = own[place]!));
  return fold;
}

/** Writes fold k's part of a column: training nodes of fold k take it whole, nodes without label the mean over folds. */
function blend(out: Float64Array, part: Float64Array, fold: Uint8Array, turn: number, folds: number): void {
  for (let node = 0; node < out.length; node += 1) {
    if (fold[node] === turn) out[node] = part[node]!;
    else if (fold[node] === 255) out[node]! += part[node]! / folds;
  }
}

/** Rates of fraud among the labelled neighbours, one and two steps away, each shrunk to the rate of all. */
function labelRates(graph: Csr, labels: Int8Array, keep: (node: number) => boolean): [Float64Array, Float64Array] {
  const nodes = graph.rows;
  const known = Float64Array.from({ length: nodes }, (_, node) => (keep(node) ? labels[node]! : Number.NaN));
  const [scratch, one, two] = [neighbourScratch(nodes), neighbourColumns(nodes), neighbourColumns(nodes)];
  neighbourStatistics(graph, known, scratch, one, two);
  return [one.mean.slice(), two.mean.slice()];
}

export interface LearnOptions {
  readonly seed: number;
  readonly folds: number;
  readonly first: Ga2mOptions;
  readonly second: Ga2mOptions;
  readonly trees: TreeOptions;
}

export const learnDefaults: LearnOptions = {
  seed: 1,
  folds: 5,
  first: { ...ga2mDefaults, bags: 4, pairsMax: 0, roundsMax: 200 },
  second: { ...ga2mDefaults, bags: 16, ridge: 3 },
  trees: treeDefaults,
};

/** Columns and rows that the models of a large graph are kept to, and steps (a row, a column, a round) they may take. */
const [columnsMax, firstRowsMax, secondRowsMax] = [120, 10_000, 30_000];
const [firstSteps, secondSteps, treeSteps] = [100_000_000, 600_000_000, 120_000_000];

/** Fewer bags, then fewer and longer rounds, where there is more to learn from than there is time for. */
function sized(options: Ga2mOptions, rows: number, columns: number, steps: number): Ga2mOptions {
  const room = steps / (rows * columns);
  const bags = Math.min(options.bags, Math.max(3, Math.floor(room / 120)));
  const roundsMax = Math.min(options.roundsMax, Math.max(30, Math.floor(room / bags)));
  const slower = Math.min(4, Math.max(1, 120 / roundsMax));
  return {
    ...options,
    bags,
    roundsMax,
    rate: options.rate * slower,
    patience: Math.min(options.patience, roundsMax / 4),
  };
}

function sizedTrees(options: TreeOptions, rows: number, columns: number): TreeOptions {
  const room = treeSteps / (rows * columns * options.columnShare);
  const bags = Math.min(options.bags, Math.max(1, Math.floor(room / 60)));
  const treesMax = Math.min(options.treesMax, Math.max(30, Math.floor(room / bags)));
  return { ...options, bags, treesMax, rate: options.rate * Math.min(2, Math.max(1, 120 / treesMax)) };
}

/** At most `most` rows, frauds first of all, with weights that keep the share of frauds. */
function sample(
  nodes: Int32Array,
  labels: Int8Array,
  most: number,
  seed: number,
): { nodes: Int32Array; weights: Float64Array } {
  const frauds = nodes.filter((node) => labels[node] === 1);
  const others = nodes.filter((node) => labels[node] === 0);
  const draw = (all: Int32Array, count: number): Int32Array =>
    all.length <= count ? all : all.toSorted((a, b) => mix32(a, seed) - mix32(b, seed) || a - b).slice(0, count);
  const keptFrauds = draw(frauds, Math.max(most >> 1, most - others.length));
  const keptOthers = draw(others, most - keptFrauds.length);
  const out = new Int32Array(keptFrauds.length + keptOthers.length);
  out.set(keptFrauds);
  out.set(keptOthers, keptFrauds.length);
  const [fraudWeight, otherWeight] = [frauds.length / keptFrauds.length, others.length / keptOthers.length];
  return { nodes: out, weights: Float64Array.from(out, (node) => (labels[node] === 1 ? fraudWeight : otherWeight)) };
}

export interface Learnt {
  readonly table: NodeTable;
  readonly ga2m: Ga2mModel;
  readonly trees: BoostedTrees;
}

const chance = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Columns that know labels, out of fold. */
function addOutOfFold(
  table: NodeTable,
  graph: Csr,
  labels: Int8Array,
  train: Int32Array,
  options: LearnOptions,
): NodeTable {
  const { folds, seed, first } = options;
  const nodes = graph.rows;
  const fold = foldsOf(nodes, train, labels, folds, seed);
  const names = ["rate1", "rate2", "first", "first:mean1", "first:max1", "first:std1", "first:mean2"];
  const columns = names.map(() => new Float64Array(nodes));
  const [scratch, one, two] = [neighbourScratch(nodes), neighbourColumns(nodes), neighbourColumns(nodes)];
  for (let turn = 0; turn < folds; turn += 1) {
    const part = sample(
      train.filter((node) => fold[node] !== turn),
      labels,
      firstRowsMax,
      seed,
    );
    const training = { ...table.training(part.nodes, labels), weights: part.weights };
    const model = fitGa2m(training, {
      ...sized(first, training.rows, training.columns, firstSteps),
      seed: seed * 31 + turn,
    });
    const logits = logitsGa2m(model, table);
    const seen = (node: number): boolean => fold[node] !== 255 && fold[node] !== turn;
    neighbourStatistics(graph, logits.map(chance), scratch, one, two);
    const parts = [...labelRates(graph, labels, seen), logits, one.mean, one.max, one.std, two.mean];
    parts.forEach((values, column) => blend(columns[column]!, values, fold, turn, folds));
  }
  const wide = table.copy();
  columns.forEach((values, column) => wide.add(names[column]!, values));
  return wide;
}

/**
 * Learns from the labels (0 genuine, 1 fraud) of the nodes in `train` alone. Of very many columns it keeps those that part
 * the classes best by themselves, measured on `train`.
 */
export function learn(
  table: NodeTable,
  graph: Csr,
  labels: Int8Array,
  train: Int32Array,
  options: LearnOptions,
): Learnt {
  const part = sample(train, labels, secondRowsMax, options.seed);
  const narrow = table.strongest(part.nodes, labels, columnsMax);
  const wide = addOutOfFold(narrow, graph, labels, train, options);
  const training = { ...wide.training(part.nodes, labels), weights: part.weights };
  const second = sized(options.second, training.rows, training.columns, secondSteps);
  return {
    table: wide,
    ga2m: fitGa2m(training, { ...second, seed: options.seed }),
    trees: fitTrees(training, { ...sizedTrees(options.trees, training.rows, training.columns), seed: options.seed }),
  };
}
