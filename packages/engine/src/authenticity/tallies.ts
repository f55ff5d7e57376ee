import { rowOrder } from "@probity/kernels/sort/row-order";
import { poissonTail } from "@probity/kernels/stats/burst";

const dayS = 86_400;

/** Two ids as one key; −1 where one of them is not known. */
export function pairKeys(a: Int32Array, b: Int32Array, bs: number): Float64Array {
  const keys = new Float64Array(a.length);
  for (let row = 0; row < keys.length; row += 1) {
    const [one, other] = [a[row] as number, b[row] as number];
    keys[row] = one < 0 || other < 0 ? -1 : one * bs + other;
  }
  return keys;
}

/** By row, how many other people stand in rows of the same key; NaN where the key is −1. */
export function othersOf(keys: ArrayLike<number>, person: Int32Array): Float64Array {
  const others = new Float64Array(person.length).fill(Number.NaN);
  const order = rowOrder(keys, person);
  for (let start = 0; start < order.length;) {
    const key = keys[order[start] as number] as number;
    let [end, distinct, before] = [start, 0, -1];
    for (; end < order.length && keys[order[end] as number] === key; end += 1) {
      const who = person[order[end] as number] as number;
      if (who !== before || end === start) distinct += 1;
      before = who;
    }
    if (key >= 0) for (let place = start; place < end; place += 1) others[order[place] as number] = distinct - 1;
    start = end;
  }
  return others;
}

/** By row, how many rows have the same key, itself included; NaN where the key is −1. */
export function rowsOfKey(keys: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(keys.length).fill(Number.NaN);
  const order = rowOrder(keys);
  for (let start = 0; start < order.length;) {
    const key = keys[order[start] as number] as number;
    let end = start;
    while (end < order.length && keys[order[end] as number] === key) end += 1;
    if (key >= 0) for (let place = start; place < end; place += 1) counts[order[place] as number] = end - start;
    start = end;
  }
  return counts;
}

/** By person, over rows: how many distinct `other` ids stand beside it. */
export function distinctBeside(person: Int32Array, other: Int32Array, people: number): Float64Array {
  const counts = new Float64Array(people);
  const order = rowOrder(person, other);
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] as number;
    const who = person[row] as number;
    if (who < 0 || (other[row] as number) < 0) continue;
    const before = place === 0 ? -1 : (order[place - 1] as number);
    if (before >= 0 && person[before] === who && other[before] === other[row]) continue;
    counts[who] = (counts[who] as number) + 1;
  }
  return counts;
}

/** What is known of each person over all columns. */
export interface PersonTallies {
  readonly orders: Float64Array;
  readonly merchants: Float64Array;
  readonly reviews: Float64Array;
  readonly follows: Float64Array;
  /** Follows that liked or shared something. */
  readonly active: Float64Array;
  /** Orders returned or called off. */
  readonly unkept: Float64Array;
  /** First time seen, seconds since 1970; NaN for nobody seen. */
  readonly first: Float64Array;
}

export function countInto(counts: Float64Array, ids: Int32Array, flags?: Uint8Array): void {
  for (let row = 0; row < ids.length; row += 1) {
    const id = ids[row] as number;
    if (id >= 0 && (flags === undefined || flags[row] === 1)) counts[id] = (counts[id] as number) + 1;
  }
}

export function firstInto(first: Float64Array, ids: Int32Array, times: Float64Array): void {
  for (let row = 0; row < ids.length; row += 1) {
    const [id, time] = [ids[row] as number, times[row] as number];
    if (id >= 0 && !((first[id] as number) <= time)) first[id] = time;
  }
}

/** How sudden rows of the same owner are. */
export interface BurstOptions {
  /** Half of the window around a row, seconds. */
  readonly halfS: number;
  /** Half of the span by which the usual rate is known, seconds. */
  readonly usualS: number;
}

const pseudoEvents = 3;
const usualMinS = 14 * dayS;
const surpriseMax = 12;

/**
 * By row, −log₁₀ of the chance of so many rows of its owner around it under the owner's usual rate (Poisson), at most 12;
 * `weight` counts a row for nothing where it is 0. NaN where owner or time is not known. Time O(rows · log rows).
 */
export function surpriseOf(
  owner: ArrayLike<number>,
  times: Float64Array,
  { halfS, usualS }: BurstOptions,
  weight?: Uint8Array,
): Float64Array {
  const out = new Float64Array(times.length).fill(Number.NaN);
  const order = rowOrder(owner, times).filter(
    (row) => (owner[row] as number) >= 0 && !Number.isNaN(times[row]) && weight?.[row] !== 0,
  );
  const at = (place: number): number => times[order[place] as number] as number;
  for (let start = 0; start < order.length;) {
    const whose = owner[order[start] as number];
    let end = start;
    while (end < order.length && owner[order[end] as number] === whose) end += 1;
    let [near, nearEnd, far, farEnd] = [start, start, start, start];
    let [count, chance] = [-1, 0];
    for (let place = start; place < end; place += 1) {
      const now = at(place);
      while (at(near) < now - halfS) near += 1;
      while (nearEnd < end && at(nearEnd) <= now + halfS) nearEnd += 1;
      while (at(far) < now - usualS) far += 1;
      while (farEnd < end && at(farEnd) <= now + usualS) farEnd += 1;
      const spanS = Math.max(usualMinS, at(farEnd - 1) - at(far) - 2 * halfS);
      const usual = ((farEnd - far - (nearEnd - near) + pseudoEvents) / spanS) * 2 * halfS;
      // Neighbours in a crowd have about the same chance: it is worked out again only where the count has moved.
      if (nearEnd - near !== count) {
        count = nearEnd - near;
        chance = poissonTail(count - 1, usual);
      }
      out[order[place] as number] = Math.min(surpriseMax, -Math.log10(Math.max(1e-300, chance)));
    }
    start = end;
  }
  return out;
}

export const log2 = (value: number): number => Math.log2(1 + value);
