/**
 * REV2: how fair a rater is, how good a ratee, how reliable a single rating, each defined by the others
 * (S. Kumar et al., WSDM 2018, doi 10.1145/3159652.3159729):
 *   F(u) = (α₁·f₀ + α₂·Π(u) + Σ R(u,p)) / (α₁ + α₂ + |out(u)|)
 *   G(p) = (β₁·g₀ + β₂·Π(p) + Σ R(u,p)·score(u,p)) / (β₁ + β₂ + |in(p)|)
 *   R(u,p) = (γ₁·F(u) + γ₂·(1 − |score(u,p) − G(p)| / 2)) / (γ₁ + γ₂)
 * f₀, g₀ smooth raters and ratees with few ratings (Laplace), Π is the behaviour prior. The paper sets f₀, g₀ to the running
 * means; here they are given, so that one round shrinks the greatest change of R by q = (γ₁ + γ₂/2) / (γ₁ + γ₂) at least
 * and the distance to the only fixed point is at most q/(1−q) times the last change. Time O(ratings) a round.
 */

export interface Rev2Ratings {
  readonly raters: number;
  readonly ratees: number;
  /** Who rated, by rating; 0…raters − 1. */
  readonly rater: Int32Array;
  /** Who was rated, by rating; 0…ratees − 1. A rater and a ratee of the same number are not the same node. */
  readonly ratee: Int32Array;
  /** −1…1, by rating. */
  readonly score: Float64Array;
  /** How normal each rater behaves, 0…1. */
  readonly raterPrior: Float64Array;
  /** What each ratee's behaviour lets one expect, −1…1. */
  readonly rateePrior: Float64Array;
}

export interface Rev2Options {
  /** α₁ and f₀. */
  readonly fairnessSmoothing: number;
  readonly fairnessDefault: number;
  /** α₂. */
  readonly raterPriorWeight: number;
  /** β₁ and g₀. */
  readonly goodnessSmoothing: number;
  readonly goodnessDefault: number;
  /** β₂. */
  readonly rateePriorWeight: number;
  /** γ₁, γ₂: what a rating's reliability takes from its rater and from the agreement with others; γ₂ > 0. */
  readonly raterWeight: number;
  readonly agreementWeight: number;
  /** Greatest distance to the fixed point at which to stop. */
  readonly tolerance: number;
  readonly roundsMax: number;
}

export const rev2Defaults: Rev2Options = {
  fairnessSmoothing: 1,
  fairnessDefault: 0.5,
  raterPriorWeight: 1,
  goodnessSmoothing: 1,
  goodnessDefault: 0,
  rateePriorWeight: 0,
  raterWeight: 1,
  agreementWeight: 1,
  tolerance: 1e-6,
  roundsMax: 200,
};

/** Written by `rev2`: fairness and reliability 0…1, goodness −1…1. */
export interface Rev2State {
  readonly fairness: Float64Array;
  readonly goodness: Float64Array;
  readonly reliability: Float64Array;
}

export function rev2State({ raters, ratees, rater }: Rev2Ratings): Rev2State {
  return {
    fairness: new Float64Array(raters),
    goodness: new Float64Array(ratees),
    reliability: new Float64Array(rater.length),
  };
}

export interface Rev2Run {
  readonly rounds: number;
  /** No reliability is further from the fixed point than this. */
  readonly bound: number;
}

function check(ratings: Rev2Ratings, options: Rev2Options, state: Rev2State): void {
  const { raters, ratees, rater, ratee, score, raterPrior, rateePrior } = ratings;
  const count = rater.length;
  if (ratee.length !== count || score.length !== count || state.reliability.length !== count)
    throw new RangeError("rater, ratee, score and reliability differ in length");
  if (raterPrior.length !== raters || state.fairness.length !== raters)
    throw new RangeError("columns of raters differ in length");
  if (rateePrior.length !== ratees || state.goodness.length !== ratees)
    throw new RangeError("columns of ratees differ in length");
  for (let edge = 0; edge < count; edge += 1) {
    if (rater[edge] < 0 || rater[edge] >= raters || ratee[edge] < 0 || ratee[edge] >= ratees)
      throw new RangeError(`rating ${edge}: ${rater[edge]} or ${ratee[edge]} is out of range`);
    if (!(score[edge] >= -1 && score[edge] <= 1))
      throw new RangeError(`rating ${edge}: score ${score[edge]} is not in −1…1`);
  }
  for (let node = 0; node < raters; node += 1)
    if (!(raterPrior[node] >= 0 && raterPrior[node] <= 1))
      throw new RangeError(`rater ${node}: prior ${raterPrior[node]} is not in 0…1`);
  for (let node = 0; node < ratees; node += 1)
    if (!(rateePrior[node] >= -1 && rateePrior[node] <= 1))
      throw new RangeError(`ratee ${node}: prior ${rateePrior[node]} is not in −1…1`);
  if (!(options.raterWeight >= 0) || !(options.agreementWeight > 0))
    throw new RangeError("agreement needs a weight above 0");
}

/** One value per node: (smoothing + prior + Σ of its ratings' shares) / (weights + count). */
function settle(
  sums: Float64Array,
  counts: Int32Array,
  prior: Float64Array,
  priorWeight: number,
  smoothing: number,
  fallback: number,
): void {
  for (let node = 0; node < sums.length; node += 1) {
    const weight = smoothing + priorWeight + counts[node];
    sums[node] = weight === 0 ? fallback : (smoothing * fallback + priorWeight * prior[node] + sums[node]) / weight;
  }
}

/**
 * Iterates from R = 1 until no reliability can be further from the fixed point than `tolerance`, or for `roundsMax` rounds.
 * No ratings: everybody stands at smoothing and prior. Throws RangeError on ids, scores, priors or weights out of range.
 */
export function rev2(ratings: Rev2Ratings, options: Rev2Options, state: Rev2State): Rev2Run {
  check(ratings, options, state);
  const { raters, ratees, rater, ratee, score } = ratings;
  const { fairness, goodness, reliability } = state;
  const { raterWeight, agreementWeight } = options;
  const [given, received] = [new Int32Array(raters), new Int32Array(ratees)];
  for (let edge = 0; edge < rater.length; edge += 1) {
    given[rater[edge]] += 1;
    received[ratee[edge]] += 1;
  }
  const shrink = (raterWeight + agreementWeight / 2) / (raterWeight + agreementWeight);
  reliability.fill(1);
  let rounds = 0;
  let bound = Number.POSITIVE_INFINITY;
  while (rounds < options.roundsMax && bound > options.tolerance) {
    goodness.fill(0);
    fairness.fill(0);
    for (let edge = 0; edge < rater.length; edge += 1) {
      goodness[ratee[edge]] += reliability[edge] * score[edge];
      fairness[rater[edge]] += reliability[edge];
    }
    settle(
      goodness,
      received,
      ratings.rateePrior,
      options.rateePriorWeight,
      options.goodnessSmoothing,
      options.goodnessDefault,
    );
    settle(
      fairness,
      given,
      ratings.raterPrior,
      options.raterPriorWeight,
      options.fairnessSmoothing,
      options.fairnessDefault,
    );
    let change = 0;
    for (let edge = 0; edge < rater.length; edge += 1) {
      const agreement = 1 - Math.abs(score[edge] - goodness[ratee[edge]]) / 2;
      const now = (raterWeight * fairness[rater[edge]] + agreementWeight * agreement) / (raterWeight + agreementWeight);
      const moved = Math.abs(now - reliability[edge]);
      if (moved > change) change = moved;
      reliability[edge] = now;
    }
    rounds += 1;
    bound = (change * shrink) / (1 - shrink);
  }
  return { rounds, bound: rater.length === 0 ? 0 : bound };
}
