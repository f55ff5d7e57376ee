import { wilsonLower, wilsonUpper } from "@probity/kernels/stats/intervals";

/** Hits among so many. */
export interface Share {
  readonly hits: number;
  readonly count: number;
}

export interface Interval {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

const z95 = 1.959_963_985;

/**
 * Difference of two shares with its 95 % interval, from the Wilson intervals of both (R. Newcombe, Stat. Med. 17 (1998)
 * 873–890, doi 10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I). Undefined where one side has nothing.
 */
export function differenceInterval(a: Share, b: Share): Interval | undefined {
  if (a.count === 0 || b.count === 0) return undefined;
  const [p, q] = [a.hits / a.count, b.hits / b.count];
  const [pLow, pHigh] = [wilsonLower(a.hits, a.count, z95), wilsonUpper(a.hits, a.count, z95)];
  const [qLow, qHigh] = [wilsonLower(b.hits, b.count, z95), wilsonUpper(b.hits, b.count, z95)];
  const difference = p - q;
  return {
    difference,
    low: difference - Math.hypot(p - pLow, qHigh - q),
    high: difference + Math.hypot(pHigh - p, q - qLow),
  };
}

export interface Mean {
  readonly mean: number;
  readonly variance: number;
  readonly count: number;
}

/** Difference of two means with its 95 % interval (B. Welch, Biometrika 34 (1947) 28–35, large samples). Undefined below two values a side. */
export function meanDifference(a: Mean, b: Mean): Interval | undefined {
  if (a.count < 2 || b.count < 2) return undefined;
  const difference = a.mean - b.mean;
  const error = z95 * Math.sqrt(a.variance / a.count + b.variance / b.count);
  return { difference, low: difference - error, high: difference + error };
}
