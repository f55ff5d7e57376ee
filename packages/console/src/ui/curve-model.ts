/** A share in parts per million, and the thousandths of the points that it gives; null while a field is empty. */
export type Knot = readonly [share: number | null, points: number | null];

export const shareMax = 1_000_000;
export const pointsMax = 1_000;
export const knotsMin = 2;
export const knotsMax = 32;
/** A tenth of a per cent: what an arrow key moves a knot by. */
export const shareStep = 1_000;
export const pointsStep = 1;

export type KnotFault = "missing" | "range" | "rises" | "falls" | "begin" | "end" | "top";

export interface KnotFaults {
  readonly share?: KnotFault;
  readonly points?: KnotFault;
}

const isInside = (value: number, most: number): boolean => value >= 0 && value <= most;

function shareFault(knots: readonly Knot[], at: number): KnotFault | undefined {
  const share = knots[at]?.[0] ?? null;
  if (share === null) return "missing";
  if (!isInside(share, shareMax)) return "range";
  if (at === 0) return share === 0 ? undefined : "begin";
  if (at === knots.length - 1 && share !== shareMax) return "end";
  return share <= (knots[at - 1]?.[0] ?? -1) ? "rises" : undefined;
}

function pointsFault(knots: readonly Knot[], at: number): KnotFault | undefined {
  const points = knots[at]?.[1] ?? null;
  if (points === null) return "missing";
  if (!isInside(points, pointsMax)) return "range";
  if (at === knots.length - 1 && points !== pointsMax) return "top";
  return points < (knots[at - 1]?.[1] ?? 0) ? "falls" : undefined;
}

/** What is wrong with each knot: shares rise strictly from 0 to all, points never fall and end at all of them. */
export function knotFaults(knots: readonly Knot[]): readonly KnotFaults[] {
  return knots.map((_, at) => {
    const [share, points] = [shareFault(knots, at), pointsFault(knots, at)];
    return { ...(share === undefined ? {} : { share }), ...(points === undefined ? {} : { points }) };
  });
}

export const isWhole = (knots: readonly Knot[]): boolean =>
  knots.length >= knotsMin &&
  knots.length <= knotsMax &&
  knotFaults(knots).every(({ share, points }) => share === undefined && points === undefined);

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** The nearest number before or after a knot; empty fields are passed over. */
function neighbour(knots: readonly Knot[], at: number, way: -1 | 1, part: 0 | 1): number | undefined {
  for (let place = at + way; place >= 0 && place < knots.length; place += way) {
    const value = knots[place]?.[part];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The knots with one moved as far towards a place as its neighbours let it; the ends keep their shares. */
export function moveKnot(knots: readonly Knot[], at: number, share: number, points: number): readonly Knot[] {
  const last = knots.length - 1;
  const leastShare = (neighbour(knots, at, -1, 0) ?? -1) + 1;
  const mostShare = (neighbour(knots, at, 1, 0) ?? shareMax + 1) - 1;
  const held = at === 0 ? 0 : at === last ? shareMax : clamp(Math.round(share), leastShare, mostShare);
  const leastPoints = neighbour(knots, at, -1, 1) ?? 0;
  const mostPoints = neighbour(knots, at, 1, 1) ?? pointsMax;
  const given = at === last ? pointsMax : clamp(Math.round(points), leastPoints, mostPoints);
  return knots.map((knot, place) => (place === at ? [held, given] : knot));
}

/** Whether a knot fits between one and the next. */
export function canAdd(knots: readonly Knot[], after: number): boolean {
  const [from, to] = [knots[after]?.[0], knots[after + 1]?.[0]];
  return knots.length < knotsMax && typeof from === "number" && typeof to === "number" && to - from >= 2;
}

/** One more knot halfway to the next, on the line as it is, so that nothing changes yet. */
export function addKnot(knots: readonly Knot[], after: number): readonly Knot[] {
  const [from, to] = [knots[after]?.[0], knots[after + 1]?.[0]];
  if (!canAdd(knots, after) || typeof from !== "number" || typeof to !== "number") return knots;
  const middle = Math.round((from + to) / 2);
  return knots.toSpliced(after + 1, 0, [middle, Math.round(valueAt(knots, middle))]);
}

export const canRemove = (knots: readonly Knot[], at: number): boolean => at > 0 && at < knots.length - 1;

export const removeKnot = (knots: readonly Knot[], at: number): readonly Knot[] =>
  canRemove(knots, at) ? knots.toSpliced(at, 1) : knots;

type Placed = readonly [share: number, points: number];

/** The knots that are numbers, in the order of their shares: what can be drawn. */
export function drawable(knots: readonly Knot[]): readonly Placed[] {
  return knots
    .flatMap(([share, points]) => (share === null || points === null ? [] : [[share, points] as const]))
    .sort(([one], [other]) => one - other);
}

/** Thousandths of the points that a share gives. */
export function valueAt(knots: readonly Knot[], share: number): number {
  const placed = drawable(knots);
  const next = placed.findIndex(([at]) => at >= share);
  if (next === -1) return placed.at(-1)?.[1] ?? 0;
  const [before, after] = [placed[next - 1], placed[next]];
  if (after === undefined) return 0;
  if (before === undefined || after[0] === before[0]) return after[1];
  return before[1] + ((share - before[0]) / (after[0] - before[0])) * (after[1] - before[1]);
}

export type Axis = readonly [from: number, to: number];

export const wholeAxis: Axis = [0, shareMax];
const starts = [990_000, 980_000, 950_000, 900_000, 800_000, 500_000];
const ends = [50_000, 100_000, 200_000, 500_000];
/** What may lie left of the part that is shown: of a curve's rise, in parts of one. */
const leftOutMax = 0.2;

/** The narrowest round part with nearly all of the rise, every knot above it, and the target. */
export function risingAxis(curves: readonly (readonly Knot[])[], target: number | null): Axis {
  const isFlat = (knots: readonly Knot[], start: number): boolean => {
    const base = valueAt(knots, 0);
    return valueAt(knots, start) <= base + (pointsMax - base) * leftOutMax;
  };
  const aim = target ?? shareMax;
  const start = starts.find((edge) => edge <= aim && curves.every((knots) => isFlat(knots, edge)));
  if (start !== undefined) return [start, shareMax];
  const end = ends.find((edge) => (target ?? 0) <= edge && curves.every((knots) => valueAt(knots, edge) >= pointsMax));
  return [0, end ?? shareMax];
}
