import type { Explanation, IndicatorReason } from "@probity/contract";

type Words = Explanation["dimensions"][number]["title"];

/** What stands in a line for one of the compared. */
export interface Cell {
  readonly points: number;
  readonly max: number;
  /** Undefined in the line of a dimension. */
  readonly reason?: IndicatorReason;
}

export interface Line {
  readonly id: string;
  readonly title: Words;
  readonly isDimension: boolean;
  /** In the order of the compared; null where it has no such line or does not count. */
  readonly cells: readonly (Cell | null)[];
  /** Place of the one that is clearly best: its range lies above all others'. */
  readonly best: number | null;
  /** Whether the shown figures of the line differ at all. */
  readonly differs: boolean;
}

/** The one whose range lies wholly above every other's; null where ranges overlap or only one has the line. */
function clearlyBest(ranges: readonly ({ readonly low: number; readonly high: number } | null)[]): number | null {
  const known = ranges.flatMap((range, place) => (range === null ? [] : [{ ...range, place }]));
  if (known.length < 2) return null;
  const best = known.reduce((first, next) => (next.low > first.low ? next : first));
  return known.every((other) => other === best || other.high < best.low) ? best.place : null;
}

const differ = (figures: readonly (string | null)[]): boolean => new Set(figures).size > 1;

/** Dimensions and their indicators, line by line, of explanations under whatever policies they have. */
export function linesOf(compared: readonly Explanation[]): readonly Line[] {
  const lines: Line[] = [];
  const dimensionIds = [...new Set(compared.flatMap(({ dimensions }) => dimensions.map(({ id }) => id)))];
  for (const id of dimensionIds) {
    const here = compared.map(({ dimensions }) => dimensions.find((one) => one.id === id && one.max > 0));
    const [first] = here.filter((one) => one !== undefined);
    if (first === undefined) continue;
    const cells = here.map((one) => (one === undefined ? null : { points: one.points, max: one.max }));
    lines.push({
      id: `dimension-${id}`,
      title: first.title,
      isDimension: true,
      cells,
      best: null,
      differs: differ(cells.map((cell) => cell && `${cell.points}/${cell.max}`)),
    });
    lines.push(...indicatorLines(here.map((one) => one?.indicators ?? [])));
  }
  return lines;
}

function indicatorLines(columns: readonly (readonly IndicatorReason[])[]): Line[] {
  const ids = [...new Set(columns.flatMap((indicators) => indicators.map(({ id }) => id)))];
  return ids.flatMap((id): Line[] => {
    const reasons = columns.map(
      (indicators) => indicators.find((one) => one.id === id && one.applies && one.max > 0) ?? null,
    );
    const [first] = reasons.filter((reason) => reason !== null);
    if (first === undefined) return [];
    return [
      {
        id,
        title: first.title,
        isDimension: false,
        cells: reasons.map((reason) => reason && { points: reason.points, max: reason.max, reason }),
        best: clearlyBest(reasons),
        differs: differ(reasons.map((reason) => reason && `${reason.mean} ${reason.points}/${reason.max}`)),
      },
    ];
  });
}
