/**
 * How unlike everybody else somebody rates or when: the divergence of a person's histogram from the pool's, in the manner
 * of BIRDNEST (B. Hooi et al., SDM 2016, doi 10.1137/1.9781611974348.56) with one Dirichlet prior in place of its mixture:
 *   q_b = pool share, p_b = (n_b + κ·q_b) / (n + κ),  surprise = Σ_b p_b · ln(p_b / q_b)  (nats, ≥ 0).
 * With few events p stays near q, so that surprise has to be earned by evidence. Time O(events + people × bins).
 */

/** Bin of a gap in seconds by powers of two: 0 for less than a second, at most `bins` − 1. */
export function gapBin(seconds: number, bins: number): number {
  return seconds < 1 ? 0 : Math.min(bins - 1, 1 + Math.floor(Math.log2(seconds)));
}

/**
 * Writes each person's surprise into `out` (length: people); 0 for somebody without events. Event k belongs to person[k]
 * and falls into bin[k], 0…bins − 1. `strength` is κ, in events, above 0. Throws RangeError on what is out of range.
 */
export function behaviourSurprise(
  person: Int32Array,
  bin: Int32Array,
  bins: number,
  strength: number,
  out: Float64Array,
): void {
  if (bin.length !== person.length) throw new RangeError("person and bin differ in length");
  if (!(strength > 0)) throw new RangeError(`a strength of ${strength}`);
  const people = out.length;
  const counts = new Float64Array(people * bins);
  const totals = new Float64Array(people);
  const pool = new Float64Array(bins);
  for (let event = 0; event < person.length; event += 1) {
    const [who, where] = [person[event], bin[event]];
    if (who < 0 || who >= people || where < 0 || where >= bins)
      throw new RangeError(`event ${event}: person ${who} or bin ${where} is out of range`);
    counts[who * bins + where] += 1;
    totals[who] += 1;
    pool[where] += 1;
  }
  for (let who = 0; who < people; who += 1) {
    let surprise = 0;
    for (let where = 0; where < bins; where += 1) {
      if (pool[where] === 0) continue;
      const usual = pool[where] / person.length;
      const own = (counts[who * bins + where] + strength * usual) / (totals[who] + strength);
      surprise += own * Math.log(own / usual);
    }
    out[who] = Math.max(0, surprise);
  }
}
