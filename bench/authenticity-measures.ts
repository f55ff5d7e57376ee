import { rocAuc } from "@probity/kernels/stats/auc";
import { averagePrecision, recallAt } from "@probity/kernels/stats/average-precision";
import { calibrationError } from "@probity/kernels/stats/calibration";
import { rounded } from "./forecasts.ts";

const calibrationBins = 10;

/** AUC, average precision and recall among as many as there are positives. */
export interface Measures {
  readonly auc: number;
  readonly ap: number;
  readonly recall_at_k: number;
}

export function measure(scores: Float64Array, labels: Uint8Array): Measures {
  const order = new Uint32Array(scores.length);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  return {
    auc: rocAuc(scores, labels, order),
    ap: averagePrecision(scores, labels, order),
    recall_at_k: recallAt(scores, labels, positives, order),
  };
}

/** Expected calibration error in ten bins of equal count. */
export function calibration(chances: Float64Array, labels: Uint8Array): number {
  return calibrationError(chances, labels, calibrationBins, new Uint32Array(chances.length));
}

/** Means of runs and their standard deviation (n − 1) as `…_sd`, rounded to four digits. */
export function meansWithSpread(runs: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const out: Record<string, number> = {};
  for (const name of Object.keys(runs[0] ?? {})) {
    const values = runs.map((run) => run[name] as number);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    out[name] = rounded(mean);
    out[`${name}_sd`] = values.length < 2 ? 0 : rounded(Math.sqrt(square / (values.length - 1)));
  }
  return out;
}
