import { assessedKinds } from "@probity/contract";
import { unitsPerLogit } from "@probity/kernels/tree/ga2m-model";
import type { ModelFile } from "./judge-file.ts";

type Column = ModelFile["review"]["columns"][number];

const logits = (...values: number[]): number[] => values.map((value) => Math.round(value * unitsPerLogit));

/**
 * What simulated lessons cannot teach, because in them every review has an order and nobody is an insider: said by hand, and
 * never enough by itself to take a review's whole weight but for an insider's. Terms are for not known, then by bin.
 */
const saidByHand: readonly Column[] = [
  // No order named; somebody else's; own, not delivered yet; own and delivered.
  { name: "purchase", edges: [0.5, 1.5, 2.5], terms: logits(0, 0.8, 1.2, 0.3, 0) },
  // A declared incentive is shown beside the review; it is no reason to hide it.
  { name: "declared", edges: [0.5], terms: logits(0, 0, 0.5) },
  { name: "insider", edges: [0.5], terms: logits(0, 0, 9) },
];

function replaced(columns: readonly Column[], by: readonly Column[]): Column[] {
  return columns.map((column) =>
    column.edges.length > 0
      ? column
      : (by.find(({ name, edges }) => name === column.name && edges.length > 0) ?? column),
  );
}

/** A model with what is said by hand put where it learned nothing, since its lessons held one value alone. */
export function withKnown(file: ModelFile): ModelFile {
  return { ...file, review: { ...file.review, columns: replaced(file.review.columns, saidByHand) } };
}

/** A trained model that keeps what the one before knew of columns in which its labels held one value alone. */
export function keepUntaught(file: ModelFile, before: ModelFile): ModelFile {
  const kept = assessedKinds.map((kind) => [
    kind,
    { ...file[kind], columns: replaced(file[kind].columns, before[kind].columns) },
  ]);
  return { ...file, ...(Object.fromEntries(kept) as Pick<ModelFile, (typeof assessedKinds)[number]>) };
}
