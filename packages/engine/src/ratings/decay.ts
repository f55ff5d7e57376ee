import type { Decay } from "@probity/contract";
import { type DecayPlan, seriesNeeds } from "@probity/kernels/stats/decayed-sums";

const q32 = 4_294_967_296;

/** Sums wanted of one metric under one decay; requests for the same pair are merged. */
interface Wanted {
  readonly metric: number;
  readonly table: number;
  parts: number;
}

/**
 * Collects which decayed sums a policy needs and lays them out for the kernel. `ask` answers a ticket;
 * `seriesOf` turns it into the place of the series once the plan is built.
 */
export interface PlanDraft {
  readonly ask: (
    metric: number,
    decay: Decay,
    needs: { x?: boolean; square?: boolean; lastDayOnly?: boolean },
  ) => number;
  readonly build: () => { plan: DecayPlan; seriesOf: (ticket: number) => number };
}

/** Weight 1 for the newest `days` days, then 0. */
export function windowDecay(days: number): Decay {
  return { halfLifeDays: null, weights: Array.from({ length: days }, () => q32), tail: 0 };
}

/** Weight 1 for ever. */
export const undecayed: Decay = { halfLifeDays: null, weights: [q32], tail: q32 };

/** Q32 weight of a row that is `age` days old. */
export function weightAt(decay: Decay, age: number): number {
  return decay.weights[age] ?? decay.tail;
}

function layTables(tables: readonly Decay[]): Omit<DecayPlan, "series" | "seriesFrom" | "seriesTable" | "seriesParts"> {
  const tableFrom = new Int32Array(tables.length + 1);
  tables.forEach((table, index) => (tableFrom[index + 1] = (tableFrom[index] as number) + table.weights.length + 1));
  const length = tableFrom[tables.length] as number;
  const [weightHi, weightLo, squareHi, squareLo] = [0, 1, 2, 3].map(() => new Float64Array(length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  tables.forEach((table, index) => {
    [...table.weights, table.tail].forEach((weight, age) => {
      const place = (tableFrom[index] as number) + age;
      const square = Number((BigInt(weight) * BigInt(weight)) >> 32n);
      weightHi[place] = Math.floor(weight / 65_536);
      weightLo[place] = weight % 65_536;
      squareHi[place] = Math.floor(square / 65_536);
      squareLo[place] = square % 65_536;
    });
  });
  return { tableFrom, weightHi, weightLo, squareHi, squareLo };
}

function layPlan(
  wanted: readonly Wanted[],
  tables: readonly Decay[],
): { plan: DecayPlan; seriesOf: (ticket: number) => number } {
  const order = wanted
    .map((_, index) => index)
    .sort((a, b) => (wanted[a]?.metric ?? 0) - (wanted[b]?.metric ?? 0) || a - b);
  const metrics = wanted.reduce((most, item) => Math.max(most, item.metric), 0) + 1;
  const seriesFrom = new Int32Array(metrics + 1);
  const seriesTable = new Int32Array(wanted.length);
  const seriesParts = new Uint8Array(wanted.length);
  const places = new Int32Array(wanted.length);
  order.forEach((ticket, place) => {
    const item = wanted[ticket] as Wanted;
    places[ticket] = place;
    seriesTable[place] = item.table;
    seriesParts[place] = item.parts;
    seriesFrom[item.metric + 1] = place + 1;
  });
  for (let no = 1; no <= metrics; no += 1)
    seriesFrom[no] = Math.max(seriesFrom[no] as number, seriesFrom[no - 1] as number);
  const plan = { series: wanted.length, seriesFrom, seriesTable, seriesParts, ...layTables(tables) };
  return { plan, seriesOf: (ticket) => places[ticket] as number };
}

export function draftPlan(): PlanDraft {
  const wanted: Wanted[] = [];
  const tables: Decay[] = [];
  const tableOf = new Map<string, number>();
  return {
    ask(metric, decay, needs) {
      const key = `${decay.tail} ${decay.weights.join(" ")}`;
      let table = tableOf.get(key);
      if (table === undefined) {
        table = tables.push(decay) - 1;
        tableOf.set(key, table);
      }
      const lastDayOnly = needs.lastDayOnly === true;
      const parts =
        (needs.x === true ? seriesNeeds.x : 0) +
        (needs.square === true ? seriesNeeds.square : 0) +
        (lastDayOnly ? seriesNeeds.lastDayOnly : 0);
      const known = wanted.findIndex(
        (item) =>
          item.metric === metric &&
          item.table === table &&
          ((item.parts & seriesNeeds.lastDayOnly) !== 0) === lastDayOnly,
      );
      const before = wanted[known];
      if (before === undefined) return wanted.push({ metric, table, parts }) - 1;
      before.parts |= parts;
      return known;
    },
    build: () => layPlan(wanted, tables),
  };
}
