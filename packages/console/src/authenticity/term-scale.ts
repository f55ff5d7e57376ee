/** A round number that no term passes, either way. */
export function scaleAround(terms: readonly number[]): number {
  const most = Math.max(1, ...terms.map((term) => Math.abs(term)));
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((times) => times * power >= most) ?? 10) * power;
}
