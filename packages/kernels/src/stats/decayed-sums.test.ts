import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DecayPlan,
  type FactColumns,
  decayedSum,
  decayedSums,
  decayedSumsLength,
  orderBySubject,
  seriesNeeds,
  sumsStride,
} from "./decayed-sums.ts";

const q32 = 2 ** 32;

interface Row {
  readonly subject: number;
  readonly metric: number;
  readonly day: number;
  readonly n: number;
  readonly x: number;
}
interface Series {
  readonly metric: number;
  readonly table: number;
  readonly parts: number;
}

function columnsOf(rows: readonly Row[]): FactColumns {
  return {
    rows: rows.length,
    subject: Int32Array.from(rows, (row) => row.subject),
    metric: Int16Array.from(rows, (row) => row.metric),
    day: Int32Array.from(rows, (row) => row.day),
    n: Float64Array.from(rows, (row) => row.n),
    x: Float64Array.from(rows, (row) => row.x),
  };
}

/** Series must come sorted by metric. */
function planOf(series: readonly Series[], tables: readonly (readonly number[])[], metrics: number): DecayPlan {
  const flat = tables.flat();
  const squares = flat.map((weight) => Number((BigInt(weight) * BigInt(weight)) >> 32n));
  const tableFrom = [0];
  for (const table of tables) tableFrom.push((tableFrom.at(-1) ?? 0) + table.length);
  return {
    series: series.length,
    seriesFrom: Int32Array.from({ length: metrics + 1 }, (_, no) => series.filter((item) => item.metric < no).length),
    seriesTable: Int32Array.from(series, (item) => item.table),
    seriesParts: Uint8Array.from(series, (item) => item.parts),
    tableFrom: Int32Array.from(tableFrom),
    weightHi: Float64Array.from(flat, (weight) => Math.floor(weight / 65_536)),
    weightLo: Float64Array.from(flat, (weight) => weight % 65_536),
    squareHi: Float64Array.from(squares, (weight) => Math.floor(weight / 65_536)),
    squareLo: Float64Array.from(squares, (weight) => weight % 65_536),
  };
}

function naive(rows: readonly Row[], subject: number, series: Series, table: readonly number[], day: number): bigint[] {
  let [n, x, square] = [0n, 0n, 0n];
  for (const row of rows) {
    if (row.subject !== subject || row.metric !== series.metric || row.day > day) continue;
    const weight = BigInt(table[Math.min(day - row.day, table.length - 1)] as number);
    n += weight * BigInt(row.n);
    x += weight * BigInt(row.x);
    square += ((weight * weight) / 4_294_967_296n) * BigInt(row.n);
  }
  return [n, (series.parts & seriesNeeds.x) === 0 ? 0n : x, (series.parts & seriesNeeds.square) === 0 ? 0n : square];
}

const amount = fc.oneof(fc.integer({ min: -3, max: 9 }), fc.integer({ min: -(2 ** 30), max: 2 ** 30 }));
const market = fc.record({
  rows: fc.array(
    fc.record({ subject: fc.nat(4), metric: fc.nat(3), day: fc.integer({ min: 80, max: 112 }), n: amount, x: amount }),
    { maxLength: 50 },
  ),
  tables: fc.array(
    fc.array(fc.oneof(fc.integer({ min: 0, max: q32 }), fc.constant(0), fc.constant(q32)), {
      minLength: 2,
      maxLength: 20,
    }),
    { minLength: 3, maxLength: 3 },
  ),
  series: fc.array(fc.record({ metric: fc.nat(3), table: fc.nat(2), parts: fc.nat(7) }), {
    minLength: 1,
    maxLength: 6,
  }),
  days: fc.integer({ min: 1, max: 7 }),
});

describe("decayedSums", () => {
  it("equals the sums by definition, for every subject, series and day", () => {
    fc.assert(
      fc.property(market, ({ rows, tables, series: unsorted, days }) => {
        const series = unsorted.toSorted((a, b) => a.metric - b.metric);
        const plan = planOf(series, tables, 4);
        const columns = columnsOf(rows);
        const offsets = new Int32Array(6);
        const places = new Int32Array(rows.length);
        const order = orderBySubject(columns, offsets, places) ? places : null;
        const sums = new Float64Array(decayedSumsLength(plan, 2, days));
        for (const [base, count] of [
          [0, 2],
          [2, 2],
          [4, 1],
        ] as const) {
          sums.fill(0);
          decayedSums(
            columns,
            order,
            offsets[base] as number,
            offsets[base + count] as number,
            plan,
            base,
            110,
            days,
            sums,
          );
          for (let subject = 0; subject < count; subject += 1) {
            series.forEach((item, place) => {
              for (let step = 0; step < days; step += 1) {
                const slot = ((subject * series.length + place) * days + step) * sumsStride;
                const skipped = (item.parts & seriesNeeds.lastDayOnly) !== 0 && step < days - 1;
                const expected = skipped
                  ? [0n, 0n, 0n]
                  : naive(rows, base + subject, item, tables[item.table] as number[], 110 - days + 1 + step);
                expect([0, 2, 4].map((part) => decayedSum(sums, slot + part))).toEqual(expected);
              }
            });
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it("refuses counters that could lose exactness", () => {
    const plan = planOf([{ metric: 0, table: 0, parts: 0 }], [[q32, q32]], 1);
    const sums = new Float64Array(decayedSumsLength(plan, 1, 1));
    const row = { subject: 0, metric: 0, day: 1, n: 2 ** 36, x: 0 };
    expect(() => decayedSums(columnsOf([row]), null, 0, 1, plan, 0, 1, 1, sums)).toThrow(RangeError);
    const spoilt = columnsOf([{ ...row, n: Number.NaN }]);
    expect(() => decayedSums(spoilt, null, 0, 1, plan, 0, 1, 1, sums)).toThrow(RangeError);
  });

  it("keeps rows of a subject in their order and refuses a subject out of range", () => {
    const rows = [2, 0, 2, 1, 0].map((subject, day) => ({ subject, metric: 0, day, n: 1, x: 0 }));
    const offsets = new Int32Array(4);
    const order = new Int32Array(5);
    expect(orderBySubject(columnsOf(rows), offsets, order)).toBe(true);
    expect([...order]).toEqual([1, 4, 3, 0, 2]);
    expect([...offsets]).toEqual([0, 2, 3, 5]);
    expect(() => orderBySubject(columnsOf(rows), new Int32Array(3), order)).toThrow(RangeError);
  });
});
