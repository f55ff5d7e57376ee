import { buildGraph, type Csr } from "@probity/kernels/graph/csr";
import { groupedFolds } from "@probity/kernels/stats/grouped-folds";
import { fitPlatt, plattAt } from "@probity/kernels/stats/platt";
import { Ids, numberIn, readCsv, scanCsv } from "./authenticity-csv.ts";
import { graphColumns, learn, learnDefaults, logitsGa2m, logitsTrees, type NodeTable } from "./authenticity-learner.ts";
import { calibration, meansWithSpread, measure } from "./authenticity-measures.ts";
import { readFlags, say, UsageError } from "./flags.ts";

export const usage =
  "--features F.csv --edges E.csv --labels L.csv    who is a fraud on any graph (id and numbers; two ends; id, label, perhaps part)";

const crossFolds = 5;
/** A further run begins only if it can end within this. */
const secondsMax = 75;

interface Growing {
  values: Float64Array;
}

function set(column: Growing, row: number, value: number): void {
  if (row >= column.values.length) {
    const wider = new Float64Array(2 * column.values.length);
    wider.set(column.values);
    column.values = wider;
  }
  column.values[row] = value;
}

/** Numbers by node. The column `id`, or else the first, names the node; a column with other text in it is left out. */
export function readFeatures(path: string, ids: Ids): Map<string, Float64Array> {
  const columns: Growing[] = [];
  const isText = new Set<number>();
  let idColumn = 0;
  const header = scanCsv(path, (fields, line, names) => {
    if (columns.length === 0) {
      idColumn = Math.max(0, names.indexOf("id"));
      columns.push(...names.map(() => ({ values: new Float64Array(1_024).fill(Number.NaN) })));
    }
    const row = ids.add((fields[idColumn] ?? "").trim());
    if (ids.count !== row + 1) throw new UsageError(`${path} line ${line} lists ${fields[idColumn]} again`);
    fields.forEach((cell, column) => {
      if (column === idColumn || isText.has(column)) return;
      const value = numberIn(cell);
      if (value === undefined) isText.add(column);
      else set(columns[column]!, row, value);
    });
  });
  if (ids.count === 0) throw new UsageError(`${path} has no rows`);
  if (isText.size > 0)
    say(`left out, for they hold text: ${Array.from(isText, (column) => header[column]).join(", ")}`);
  return new Map(
    header.flatMap((name, column): [string, Float64Array][] =>
      column === idColumn || isText.has(column) ? [] : [[name, columns[column]!.values.slice(0, ids.count)]],
    ),
  );
}

/** The first two columns are the ends. Edges to nodes without features are left out and counted. */
export function readEdges(path: string, ids: Ids): Csr {
  let [a, b] = [new Int32Array(1_024), new Int32Array(1_024)];
  let [length, strangers] = [0, 0];
  const header = scanCsv(path, (fields) => {
    const [one, other] = [ids.find((fields[0] ?? "").trim()), ids.find((fields[1] ?? "").trim())];
    if (one === undefined || other === undefined) {
      strangers += 1;
      return;
    }
    if (length === a.length) {
      const wider = (ends: Int32Array): Int32Array<ArrayBuffer> => {
        const out = new Int32Array(2 * ends.length);
        out.set(ends);
        return out;
      };
      [a, b] = [wider(a), wider(b)];
    }
    a[length] = one;
    b[length] = other;
    length += 1;
  });
  if (header.length < 2) throw new UsageError(`${path} needs two columns, the ends of each edge`);
  const graph = buildGraph(a.subarray(0, length), b.subarray(0, length), ids.count);
  say(
    `${graph.targets.length / 2} edges; left out: ${graph.selfLoops} from a node to itself, ${strangers} with an end that has no features`,
  );
  return graph;
}

interface Labelled {
  readonly labels: Int8Array;
  /** train, valid or test by node; empty where there are no parts. */
  readonly parts: readonly string[];
  readonly nodes: Int32Array;
}

const words: Readonly<Record<string, number>> = { genuine: 0, fraud: 1 };

export function readLabels(path: string, ids: Ids): Labelled {
  const file = readCsv(path);
  const labels = new Int8Array(ids.count).fill(-1);
  const parts = Array.from({ length: ids.count }, () => "");
  const [given, part] = [file.texts("label"), file.columns.includes("part") ? file.texts("part") : []];
  const idColumn = file.columns.includes("id") ? "id" : file.columns[0]!;
  const nodes: number[] = [];
  file.texts(idColumn).forEach((id, place) => {
    const [node, label] = [ids.find(id), words[given[place] ?? ""]];
    if (label === undefined)
      throw new UsageError(`${path} row ${place + 1}: ${given[place]} is neither genuine nor fraud`);
    if (node === undefined) throw new UsageError(`${path} row ${place + 1}: ${id} has no features`);
    if (labels[node] !== -1 && labels[node] !== label) throw new UsageError(`${path}: ${id} is both genuine and fraud`);
    if (labels[node] === -1) nodes.push(node);
    labels[node] = label;
    parts[node] = part[place] ?? "";
  });
  return { labels, parts, nodes: Int32Array.from(nodes) };
}

interface Task {
  readonly table: NodeTable;
  readonly graph: Csr;
  readonly labels: Int8Array;
}

/** Learns on `train`, calibrates on `valid` where there is one, tests on `test`. */
function trial(
  { table, graph, labels }: Task,
  train: Int32Array,
  valid: Int32Array,
  test: Int32Array,
  seed: number,
): Record<string, number> {
  const seen = new Int8Array(labels.length).fill(-1);
  for (const node of train) seen[node] = labels[node]!;
  const learnt = learn(table, graph, seen, train, { ...learnDefaults, seed });
  const truth = (nodes: Int32Array): Uint8Array => Uint8Array.from(nodes, (node) => labels[node]!);
  const pick = (logits: Float64Array, nodes: Int32Array): Float64Array =>
    Float64Array.from(nodes, (node) => logits[node]!);
  const logits = logitsGa2m(learnt.ga2m, learnt.table);
  const trees = measure(pick(logitsTrees(learnt.trees, learnt.table), test), truth(test));
  const platt = valid.length > 0 ? fitPlatt(pick(logits, valid), truth(valid)) : { slope: 1, offset: 0 };
  const chances = pick(logits, test).map((logit) => plattAt(platt, logit));
  const found = {
    ...measure(pick(logits, test), truth(test)),
    auc_trees: trees.auc,
    ap_trees: trees.ap,
    calibration_error: calibration(chances, truth(test)),
  };
  say(
    `${train.length} to learn from, ${test.length} to test: AUC ${found.auc.toFixed(4)}, AP ${found.ap.toFixed(4)}; trees ${trees.auc.toFixed(4)}, ${trees.ap.toFixed(4)}`,
  );
  return found;
}

/** Grouped by node: a node's label is never on both sides. */
function crossValidated(task: Task, nodes: Int32Array, seed: number): { train: Int32Array; test: Int32Array }[] {
  const fold = new Uint8Array(nodes.length);
  groupedFolds(
    nodes,
    Uint8Array.from(nodes, (node) => task.labels[node]!),
    crossFolds,
    seed,
    fold,
  );
  return Array.from({ length: crossFolds }, (_, turn) => ({
    train: nodes.filter((__, place) => fold[place] !== turn),
    test: nodes.filter((__, place) => fold[place] === turn),
  }));
}

export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { features: "", edges: "", labels: "", seeds: 3, seed: 1 });
  for (const name of ["features", "edges", "labels"] as const)
    if (flags[name] === "") throw new UsageError(`--${name} FILE is missing. ${usage}`);
  const ids = new Ids();
  const features = readFeatures(flags.features, ids);
  say(`${ids.count} nodes, ${features.size} features`);
  const graph = readEdges(flags.edges, ids);
  const { labels, parts, nodes } = readLabels(flags.labels, ids);
  const begun = performance.now();
  const task: Task = { table: graphColumns(graph, features), graph, labels };
  say(`${task.table.names.length} columns`);
  const of = (part: string): Int32Array => nodes.filter((node) => parts[node] === part);
  const [train, valid, test] = [of("train"), of("valid"), of("test")];
  const learntFrom = test.length > 0 ? train : nodes;
  if (new Set(Array.from(learntFrom, (node) => labels[node])).size < 2)
    throw new UsageError(`${flags.labels} needs nodes of both labels to learn from`);
  const runs: Record<string, number>[] = [];
  for (let seed = flags.seed; seed < flags.seed + flags.seeds; seed += 1) {
    const splits = test.length > 0 ? [{ train, test }] : crossValidated(task, nodes, seed);
    for (const split of splits) {
      if (runs.length > 0 && (performance.now() - begun) * (1 + 1 / runs.length) > secondsMax * 1_000) break;
      runs.push(trial(task, split.train, valid, split.test, seed));
    }
  }
  return meansWithSpread(runs);
}
