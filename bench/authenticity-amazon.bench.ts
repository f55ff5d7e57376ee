import { join } from "node:path";
import { statSync } from "node:fs";
import { buildGraph, type Csr } from "@probity/kernels/graph/csr";
import { Ids, readCsv } from "./authenticity-csv.ts";
import { graphColumns, learn, learnDefaults, logitsGa2m, logitsTrees, type NodeTable } from "./authenticity-learner.ts";
import { calibration, meansWithSpread, measure } from "./authenticity-measures.ts";
import { dataFolder, readFlags, say, UsageError } from "./flags.ts";

export const usage =
  "--data DIR [--percent 5]    who is a spammer among reviewers, from few labels, features and co-reviews";

const layout = "features.csv, co-reviews.csv and 5percent/train-1.csv, 5percent/test-1.csv, …";

interface Reviewers {
  readonly ids: Ids;
  readonly graph: Csr;
  readonly table: NodeTable;
}

function readReviewers(folder: string): Reviewers {
  const file = readCsv(join(folder, "features.csv"));
  const [idColumn = ""] = file.columns;
  const ids = new Ids();
  file.texts(idColumn).forEach((id) => ids.add(id));
  if (ids.count !== file.rows) throw new UsageError(`${file.path} lists a reviewer twice`);
  const edges = readCsv(join(folder, "co-reviews.csv"));
  const end = (column: string): Int32Array =>
    Int32Array.from(edges.texts(column), (id, place) => {
      const node = ids.find(id);
      if (node === undefined) throw new UsageError(`${edges.path} line ${place + 2}: ${id} has no features`);
      return node;
    });
  const graph = buildGraph(end("a"), end("b"), ids.count);
  const features = new Map(file.columns.slice(1).map((name) => [name, file.numbers(name)]));
  return { ids, graph, table: graphColumns(graph, features) };
}

/** Adds a split's labels to `labels` and returns its reviewers. */
function readSplit(path: string, ids: Ids, labels: Int8Array): Int32Array {
  const file = readCsv(path);
  const words = file.texts("label");
  return Int32Array.from(file.texts("reviewer"), (id, place) => {
    const node = ids.find(id);
    if (node === undefined) throw new UsageError(`${path} line ${place + 2}: ${id} has no features`);
    labels[node] = words[place] === "spammer" ? 1 : 0;
    return node;
  });
}

export async function run(args: readonly string[]): Promise<Record<string, number>> {
  const flags = readFlags(args, { data: "", percent: 5, seed: 1 });
  const folder = dataFolder(flags.data, layout);
  const { ids, graph, table } = readReviewers(folder);
  say(`${ids.count} reviewers, ${graph.targets.length / 2} pairs, ${table.names.length} columns`);
  const runs: Record<string, number>[] = [];
  for (let split = 1; ; split += 1) {
    const path = (part: string): string => join(folder, `${flags.percent}percent`, `${part}-${split}.csv`);
    if (!statSync(path("train"), { throwIfNoEntry: false })?.isFile()) break;
    const known = new Int8Array(ids.count).fill(-1);
    const train = readSplit(path("train"), ids, known);
    // Kept apart from what is learnt from.
    const truth = new Int8Array(ids.count).fill(-1);
    const test = readSplit(path("test"), ids, truth);
    const learnt = learn(table, graph, known, train, { ...learnDefaults, seed: flags.seed + split });
    const labels = Uint8Array.from(test, (node) => truth[node]!);
    const pick = (logits: Float64Array): Float64Array => Float64Array.from(test, (node) => logits[node]!);
    const own = pick(logitsGa2m(learnt.ga2m, learnt.table));
    const trees = measure(pick(logitsTrees(learnt.trees, learnt.table)), labels);
    const chances = own.map((logit) => 1 / (1 + Math.exp(-logit)));
    const found = {
      ...measure(own, labels),
      auc_trees: trees.auc,
      ap_trees: trees.ap,
      calibration_error: calibration(chances, labels),
    };
    say(
      `split ${split}: ${train.length} to learn from, ${test.length} to test; AUC ${found.auc.toFixed(4)}, AP ${found.ap.toFixed(4)}; trees ${trees.auc.toFixed(4)} ${trees.ap.toFixed(4)}`,
    );
    runs.push(found);
  }
  if (runs.length === 0)
    throw new UsageError(`${folder} has no ${flags.percent}percent/train-1.csv. It must hold ${layout}`);
  return meansWithSpread(runs);
}
