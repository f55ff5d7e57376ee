import type { Evidence } from "./evidence.ts";
import { mulDiv, root, shares } from "./integers.ts";
import type { AuditPolicy, Indicator } from "./policy.ts";

/** What a subject's evidence is weighed with: ppm and thousandths of an opportunity. */
export interface Weighed {
  readonly mean: number;
  readonly strength: number;
  readonly measured: boolean;
}

/** Of one subject on one day. Points in millionths; the bound in points. */
export interface Score {
  readonly applies: boolean;
  readonly points: number;
  readonly bound: number;
  /** By dimension: reached, and the most that can be. */
  readonly reached: readonly number[];
  readonly maxima: readonly number[];
}

const million = 1_000_000;
const exactMax = 2 ** 53;

/** floor((10^6·good + k·m) / (good + bad + k)), ppm. */
function meanOf({ good, bad, level }: Evidence, { mean, strength }: Weighed): number {
  if (level !== null) return level;
  const below = good + bad + strength;
  const above = million * good + strength * mean;
  if (above < exactMax) return Math.floor(above / below);
  return Number((1_000_000n * BigInt(good) + BigInt(strength * mean)) / BigInt(below));
}

/** Points at a mean and their standard error: millionths and thousandths of a point. */
function pointsOf(
  item: Indicator,
  evidence: Evidence,
  prior: Weighed,
  most: number,
): { points: number; error: number } {
  const mean = meanOf(evidence, prior);
  const upper = item.table.findIndex(([x]) => (x as number) > mean);
  const row = upper === -1 ? item.table.length - 1 : upper;
  const [x0, y0] = item.table[row - 1] as [number, number];
  const [x1, y1] = item.table[row] as [number, number];
  const width = x1 - x0;
  const value = Math.floor((1_000 * (y0 * width + (y1 - y0) * (mean - x0))) / width);
  const points = Math.floor((most * value) / million);
  if (evidence.level !== null) return { points, error: 0 };
  const cases = evidence.effective + prior.strength + 1_000;
  const meanError = root(mulDiv(1_000 * mean * (million - mean), 10_000, cases));
  const slope = Math.floor((most * (y1 - y0)) / width);
  return { points, error: Math.min(mulDiv(slope, meanError, 100 * million), Math.floor(most / 1_000)) };
}

/** Score and bound of a subject on a day, from evidence and priors by place of the indicator. */
export function scoreOf(policy: AuditPolicy, evidence: readonly Evidence[], priors: readonly Weighed[]): Score {
  const live = policy.dimensions.map(({ id }) =>
    policy.indicators.flatMap((item, place) => {
      if (item.dimension !== id || priors[place]?.measured !== true) return [];
      return evidence[place]?.isEmpty === true && item.whenEmpty === "hand-over" ? [] : [place];
    }),
  );
  const pointsAt = (place: number): number => policy.indicators[place]?.points ?? 0;
  const counts = policy.dimensions.map(({ points }, no) =>
    Math.min(points, 2 * (live[no] ?? []).reduce((sum, place) => sum + pointsAt(place), 0)),
  );
  const maxima = shares(1_000 * million, counts);
  let [points, variance] = [0, 0];
  const reached = live.map((places, no) => {
    const before = points;
    const most = shares(maxima[no] as number, places.map(pointsAt));
    places.forEach((place, index) => {
      const item = policy.indicators[place] as Indicator;
      const here = pointsOf(item, evidence[place] as Evidence, priors[place] as Weighed, most[index] as number);
      points += here.points;
      variance += here.error ** 2;
    });
    return points - before;
  });
  const { zNumerator, zDenominator } = policy.bound;
  const above = points * zDenominator - 1_000 * zNumerator * root(variance);
  const bound = Math.max(0, Math.floor(above / (zDenominator * million)));
  return { applies: counts.some((count) => count > 0), points, bound, reached, maxima };
}
