import { rowOrder } from "@probity/kernels/sort/row-order";
import { binomialTail, poissonTail } from "@probity/kernels/stats/burst";

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

/** Rows by owner: those of owner o are rows[from[o]] … rows[from[o + 1] − 1], ascending; rows of nobody are left out. */
export interface RowIndex {
  readonly from: Int32Array;
  readonly rows: Int32Array;
}

export function indexRows(owner: Int32Array, owners: number): RowIndex {
  const from = new Int32Array(owners + 1);
  for (const own of owner) if (own >= 0) from[own + 1] = (from[own + 1] as number) + 1;
  for (let own = 0; own < owners; own += 1) from[own + 1] = (from[own + 1] as number) + (from[own] as number);
  const next = from.slice();
  const rows = new Int32Array(from[owners] as number);
  owner.forEach((own, row) => {
    if (own < 0) return;
    rows[next[own] as number] = row;
    next[own] = (next[own] as number) + 1;
  });
  return { from, rows };
}

export const ownedBy = ({ from, rows }: RowIndex, owner: number): Int32Array =>
  rows.subarray(from[owner], from[owner + 1]);

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

/** Accounts seen in one place alone: one merchant, one review, one order at most. */
export function singles({ merchants, reviews, orders }: PersonTallies): Uint8Array {
  return Uint8Array.from(merchants, (count, who) =>
    count <= 1 && (reviews[who] as number) <= 1 && (orders[who] as number) <= 1 ? 1 : 0,
  );
}

/**
 * By row, −log₁₀ of the chance of so many rows of `marked` people among its owner's others within `halfS`, if they were as
 * frequent there as in all rows (binomial), at most 12; 0 without others. `weight` counts a row for nothing where it is 0.
 * NaN where owner, person or time is not known. Where everybody is marked nothing surprises.
 */
export function markedSurprise(
  owner: ArrayLike<number>,
  times: Float64Array,
  person: Int32Array,
  marked: Uint8Array,
  halfS: number,
  weight?: Uint8Array,
): Float64Array {
  const out = new Float64Array(times.length).fill(Number.NaN);
  const order = rowOrder(owner, times).filter(
    (row) =>
      (owner[row] as number) >= 0 && (person[row] as number) >= 0 && !Number.isNaN(times[row]) && weight?.[row] !== 0,
  );
  const markOf = (place: number): number => marked[person[order[place] as number] as number] as number;
  let all = 0;
  for (let place = 0; place < order.length; place += 1) all += markOf(place);
  const usual = (all + 1) / (order.length + 2);
  let [from, to, sum] = [0, 0, 0];
  let [others, hits, value] = [-1, -1, 0];
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] as number;
    const near = (other: number): boolean =>
      owner[other] === owner[row] && Math.abs((times[other] as number) - (times[row] as number)) <= halfS;
    while (from < place && !near(order[from] as number)) {
      sum -= markOf(from);
      from += 1;
    }
    while (to < order.length && near(order[to] as number)) {
      sum += markOf(to);
      to += 1;
    }
    // Neighbours in a crowd have the same chance: it is worked out again only where a count has moved.
    const [rest, own] = [to - from - 1, sum - markOf(place)];
    if (rest !== others || own !== hits) {
      [others, hits] = [rest, own];
      value = Math.min(surpriseMax, -Math.log10(Math.max(1e-300, binomialTail(own, rest, usual))));
    }
    out[row] = value;
  }
  return out;
}

export const log2 = (value: number): number => Math.log2(1 + value);
