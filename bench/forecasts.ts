import { rocAuc } from "@probity/kernels/stats/auc";
import { calibrationError, logLoss } from "@probity/kernels/stats/calibration";

const calibrationBins = 10;

/** Forecasts of one thing by one method, and what happened. */
export class Forecasts {
  readonly #values: number[] = [];
  readonly #labels: number[] = [];

  /** `value`: higher means likelier to happen; a chance in 0…1 where log-loss or calibration is wanted. */
  add(value: number, happened: boolean): void {
    this.#values.push(value);
    this.#labels.push(happened ? 1 : 0);
  }

  addAll(other: Forecasts): void {
    other.#values.forEach((value, index) => this.add(value, other.#labels[index] === 1));
  }

  get count(): number {
    return this.#values.length;
  }

  get happened(): number {
    return this.#labels.reduce((sum, label) => sum + label, 0);
  }

  get bothHappen(): boolean {
    return this.happened > 0 && this.happened < this.count;
  }

  #columns(): [values: Float64Array, labels: Uint8Array] {
    return [Float64Array.from(this.#values), Uint8Array.from(this.#labels)];
  }

  auc(): number {
    return rocAuc(...this.#columns(), new Uint32Array(this.count));
  }

  logLoss(): number {
    return logLoss(...this.#columns());
  }

  /** Bins of equal count. */
  calibrationError(): number {
    return calibrationError(...this.#columns(), calibrationBins, new Uint32Array(this.count));
  }
}

/** Rounded to four digits after the point: what is printed. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
