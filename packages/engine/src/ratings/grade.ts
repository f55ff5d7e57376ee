import type { CompiledCondition, CompiledPolicy, WindowSum } from "./compile.ts";
import { at } from "./exact.ts";

/** Place in the policy's grades (best first) that a bound alone deserves. */
export function rawGrade(gradeMin: Int32Array, bound: number): number {
  let place = 0;
  while (place < gradeMin.length - 1 && bound < at(gradeMin, place)) place += 1;
  return place;
}

function hasStayed(bounds: Int32Array, day: number, days: number, stays: (bound: number) => boolean): boolean {
  if (day + 1 < days) return false;
  for (let back = 0; back < days; back += 1) if (!stays(at(bounds, day - back))) return false;
  return true;
}

/**
 * Grade after the window's daily bounds, a function of them alone; place in the policy's grades.
 * Begins with the grade of the smallest bound. Then, day by day: up to the best grade whose threshold the bound
 * passes by `margin` or has reached on each of the last `days` days; else down, grade by grade, from every grade whose
 * threshold the bound misses by more than `margin` or has missed on each of the last `days` days.
 * The answer lies between the grades of the smallest and the greatest bound.
 */
export function steadyGrade(gradeMin: Int32Array, bounds: Int32Array, margin: number, days: number): number {
  let least = at(bounds, 0);
  for (let day = 1; day < bounds.length; day += 1) least = Math.min(least, at(bounds, day));
  let current = rawGrade(gradeMin, least);
  for (let day = 0; day < bounds.length; day += 1) {
    const bound = at(bounds, day);
    const reaches = (place: number): boolean => {
      const min = at(gradeMin, place);
      return bound >= min + margin || (bound >= min && hasStayed(bounds, day, days, (other) => other >= min));
    };
    const fails = (place: number): boolean => {
      const min = at(gradeMin, place);
      return bound < min - margin || (bound < min && hasStayed(bounds, day, days, (other) => other < min));
    };
    let better = 0;
    while (better < current && !reaches(better)) better += 1;
    if (better < current) current = better;
    else while (current < gradeMin.length - 1 && fails(current)) current += 1;
  }
  return current;
}

/** Units of n of a windowed sum, reader of the sums given; a reader answers Σ n by series. */
export function conditionHolds(condition: CompiledCondition, sumOf: (sum: WindowSum) => number): boolean {
  const units = sumOf(condition.sum);
  if (units < condition.min * condition.sum.scale) return false;
  if (condition.share === null) return true;
  const of = Math.max(0, sumOf(condition.share.of));
  return (
    BigInt(units) * BigInt(condition.share.of.scale) * 1_000_000n >=
    BigInt(condition.share.min) * BigInt(of) * BigInt(condition.sum.scale)
  );
}

/** Worst place in the contract's grades that the red lines leave; −1 where none holds. */
export function capOf(compiled: CompiledPolicy, sumOf: (sum: WindowSum) => number): number {
  let cap = -1;
  for (const line of compiled.redLines) {
    if (line.cap > cap && line.when.every((condition) => conditionHolds(condition, sumOf))) cap = line.cap;
  }
  return cap;
}

/** Whether the floor of evidence is reached. */
export function reachesFloor(compiled: CompiledPolicy, sumOf: (sum: WindowSum) => number): boolean {
  return compiled.floor.every((item) => sumOf(item.sum) >= item.min * item.sum.scale);
}
