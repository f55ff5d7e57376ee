/**
 * Who reviews the same things at about the same time: pairs of actors whose events on one item lie at most a window apart.
 * Within an item, events go by time and each is paired with the at most `partnersMax` before it that lie in the window: a
 * product with 200,000 reviews in a day costs 200,000 · partnersMax, not its square. A pair's weight is the sum over
 * items of 1 / ln(e + events of the item − 2), so that what everybody reviews says little (L. Adamic, E. Adar, Social Networks 25
 * (2003) 211–230, doi 10.1016/S0378-8733(03)00009-1). Time O(events · partnersMax), memory the same.
 */

import { rowOrder } from "../sort/row-order.ts";

export interface CoReviewOptions {
  /** Greatest distance in time of two events that count, in the unit of the times. */
  readonly window: number;
  /** Events before it, in the window, that an event is paired with. */
  readonly partnersMax: number;
}

export interface CoReviewPairs {
  /** Ends of each pair, a < b, each pair once, ascending. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Items on which the pair met in the window. */
  readonly items: Int32Array;
  readonly weight: Float64Array;
  /** Partners in the window that were left out by the cap. */
  readonly capped: number;
}

function check(
  actor: Int32Array,
  item: Int32Array,
  time: Float64Array,
  { window, partnersMax }: CoReviewOptions,
): void {
  if (item.length !== actor.length || time.length !== actor.length)
    throw new RangeError("actor, item and time differ in length");
  if (!(window >= 0)) throw new RangeError(`a window of ${window}`);
  if (!Number.isInteger(partnersMax) || partnersMax < 1) throw new RangeError(`${partnersMax} partners`);
  for (let event = 0; event < time.length; event += 1)
    if (!Number.isFinite(time[event]) || actor[event] < 0)
      throw new RangeError(`event ${event} has no time or no actor`);
}

/** Pairs as they are met, item after item. */
interface Met {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly item: Int32Array;
  readonly weight: Float64Array;
  length: number;
  capped: number;
}

function meet(
  order: Uint32Array,
  actor: Int32Array,
  item: Int32Array,
  time: Float64Array,
  options: CoReviewOptions,
): Met {
  const most = order.length * options.partnersMax;
  // Room grows with what is met: the bound alone would be memory for nothing.
  let met: Met = grown(undefined, Math.min(most, 1_024 + order.length));
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && item[order[end]] === item[order[start]]) end += 1;
    const weight = 1 / Math.log(Math.E + end - start - 2);
    let oldest = start;
    for (let place = start; place < end; place += 1) {
      const event = order[place];
      while (time[event] - time[order[oldest]] > options.window) oldest += 1;
      const first = Math.max(oldest, place - options.partnersMax);
      met.capped += first - oldest;
      if (met.length + place - first > met.a.length) met = grown(met, Math.min(most, 2 * (met.length + place - first)));
      for (let before = first; before < place; before += 1) {
        const other = actor[order[before]];
        if (other === actor[event]) continue;
        met.a[met.length] = Math.min(other, actor[event]);
        met.b[met.length] = Math.max(other, actor[event]);
        met.item[met.length] = item[event];
        met.weight[met.length] = weight;
        met.length += 1;
      }
    }
    start = end;
  }
  return met;
}

function grown(met: Met | undefined, room: number): Met {
  const bigger: Met = {
    a: new Int32Array(room),
    b: new Int32Array(room),
    item: new Int32Array(room),
    weight: new Float64Array(room),
    length: met?.length ?? 0,
    capped: met?.capped ?? 0,
  };
  if (met === undefined) return bigger;
  bigger.a.set(met.a.subarray(0, met.length));
  bigger.b.set(met.b.subarray(0, met.length));
  bigger.item.set(met.item.subarray(0, met.length));
  bigger.weight.set(met.weight.subarray(0, met.length));
  return bigger;
}

/**
 * Event k: actor[k] (0 or more) on item[k] at time[k]. A pair that meets on an item more than once counts once there. Throws
 * RangeError on lengths, times that are not finite, negative actors or bad options.
 */
export function projectCoReviews(
  actor: Int32Array,
  item: Int32Array,
  time: Float64Array,
  options: CoReviewOptions,
): CoReviewPairs {
  check(actor, item, time, options);
  const met = meet(rowOrder(item, time, actor), actor, item, time, options);
  const [one, other, on] = [met.a, met.b, met.item].map((ends) => ends.subarray(0, met.length));
  const places = rowOrder(one, other, on);
  const out = {
    a: new Int32Array(met.length),
    b: new Int32Array(met.length),
    items: new Int32Array(met.length),
    weight: new Float64Array(met.length),
  };
  let length = 0;
  let before = -1;
  for (const place of places) {
    const samePair = before >= 0 && met.a[before] === met.a[place] && met.b[before] === met.b[place];
    if (samePair && met.item[before] === met.item[place]) continue;
    if (!samePair) {
      out.a[length] = met.a[place];
      out.b[length] = met.b[place];
      length += 1;
    }
    out.items[length - 1] += 1;
    out.weight[length - 1] += met.weight[place];
    before = place;
  }
  return {
    a: out.a.slice(0, length),
    b: out.b.slice(0, length),
    items: out.items.slice(0, length),
    weight: out.weight.slice(0, length),
    capped: met.capped,
  };
}
