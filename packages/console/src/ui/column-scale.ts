export interface Scale {
  /** What the upper edge stands for; at least 1. */
  readonly top: number;
  /** Where lines are drawn, 0 and the top included. */
  readonly marks: readonly number[];
}

const stepsMost = 4;

/** A scale of counts from 0 with at most four steps of 1, 2 or 5 times a power of ten. */
export function scaleOf(most: number): Scale {
  const least = Math.max(1, most) / stepsMost;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = Math.max(1, ([1, 2, 5, 10].find((times) => times * power >= least) ?? 10) * power);
  const steps = Math.max(1, Math.ceil(most / step));
  return { top: steps * step, marks: Array.from({ length: steps + 1 }, (_, place) => place * step) };
}
