import type { AssessedKind, ModelReport, ReasonCode } from "@probity/contract";
import { binsMax } from "@probity/kernels/tree/bins";
import { unitsPerLogit } from "@probity/kernels/tree/ga2m-model";
import type { Judges } from "./assess-market.ts";
import type { Judge } from "./judge.ts";

/** How far each reason moves scores: the mean distance of its terms from their mean, in logits, the weightiest first. */
export function reasonWeights({ specs, model }: Judge): { code: ReasonCode; weight: number }[] {
  const sums = new Map<ReasonCode, number>();
  specs.forEach(({ code }, column) => {
    const bins = 1 + (model.binning.from[column + 1] as number) - (model.binning.from[column] as number);
    const terms = model.mains.subarray(column * binsMax + 1, column * binsMax + 1 + bins);
    const mean = terms.reduce((sum, term) => sum + term, 0) / bins;
    const spread = terms.reduce((sum, term) => sum + Math.abs(term - mean), 0) / bins / unitsPerLogit;
    sums.set(code, (sums.get(code) ?? 0) + spread);
  });
  return [...sums]
    .map(([code, weight]) => ({ code, weight }))
    .sort((a, b) => b.weight - a.weight || (a.code < b.code ? -1 : 1));
}

/** A model's tables as curves to be drawn: terms in thousandths of a logit. */
export function curvesOf(judges: Judges): ModelReport["curves"] {
  const kinds: readonly AssessedKind[] = ["review", "order", "follow"];
  return kinds.flatMap((kind) => {
    const { specs, model } = judges[kind];
    return specs.map(({ name, code, hindsight }, column) => {
      const [from, to] = [model.binning.from[column] as number, model.binning.from[column + 1] as number];
      const terms = model.mains.subarray(column * binsMax, column * binsMax + 2 + to - from);
      return {
        kind,
        stage: hindsight ? ("batch" as const) : ("live" as const),
        column: name,
        code,
        edges: [...model.binning.edges.subarray(from, to)],
        terms: Array.from(terms, (term) => Math.round((1_000 * term) / unitsPerLogit)),
      };
    });
  });
}
