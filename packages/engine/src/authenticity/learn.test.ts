import { unitsPerLogit } from "@probity/kernels/tree/ga2m-model";
import { describe, expect, it } from "vitest";
import { blank, type ColumnTable, tableOf } from "./column-table.ts";
import { drawer } from "./evidence.fixture.ts";
import { followSpecs } from "./follow-columns.ts";
import { judge, reliabilities } from "./judge.ts";
import {
  assemble,
  learnDefaults,
  learnJudge,
  type Lesson,
  type LearnOptions,
  reliabilityTable,
  sampled,
} from "./learn.ts";

const quick: LearnOptions = {
  ...learnDefaults,
  model: { ...learnDefaults.model, bags: 2, roundsMax: 120, pairsMax: 1 },
};

/** Accounts without orders that follow in a crowd are bought, with some noise; other columns say nothing. */
function lesson(seed: number, rows: number, noise = 0.05): Lesson {
  const draw = drawer(seed);
  const column = (of: () => number): Float64Array => Float64Array.from({ length: rows }, of);
  const given = {
    orders: column(() => draw(4)),
    "target-surprise": column(() => draw(120) / 10),
    follows: column(() => draw(7)),
    "age-days": column(() => (draw(4) === 0 ? Number.NaN : draw(400))),
  };
  const labels = Uint8Array.from({ length: rows }, (_, row) => {
    const isBought = given.orders[row] === 0 && (given["target-surprise"][row] as number) > 6;
    return draw(1_000) < 1_000 * noise !== isBought ? 1 : 0;
  });
  return {
    table: tableOf(rows, followSpecs, given),
    rows: Int32Array.from({ length: rows }, (_, row) => row),
    labels,
    groups: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 10)),
  };
}

describe("learnJudge", () => {
  it("finds what was planted and says by which columns", () => {
    const { judge: of } = learnJudge([lesson(1, 3_000)], quick);
    const row = (orders: number, surprise: number): Float64Array => {
      const values = blank(followSpecs.length);
      values[0] = orders;
      values[5] = surprise;
      return values;
    };
    const bought = judge(of, row(0, 11));
    expect(bought.reliability).toBeLessThan(200);
    expect(
      bought.reasons
        .slice(0, 2)
        .map(({ code }) => code)
        .sort(),
    ).toEqual(["burst", "footprint"]);
    expect(judge(of, row(3, 11)).reliability).toBeGreaterThan(700);
    expect(judge(of, row(0, 1)).reliability).toBeGreaterThan(700);
  });

  it("is the same twice, and another for another seed", () => {
    const [one, two, other] = [1, 1, 2].map((seed) => learnJudge([lesson(1, 1_000)], { ...quick, seed }).judge);
    expect(two).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it("refuses a class alone and too few groups", () => {
    const only = { ...lesson(1, 300), labels: new Uint8Array(300) };
    expect(() => learnJudge([only], quick)).toThrow(/all 600 labels say the same/);
    expect(() => learnJudge([{ ...only, labels: only.labels.map(() => 1) }], quick)).toThrow(RangeError);
    expect(() => learnJudge([{ ...lesson(1, 300), groups: new Int32Array(300) }], quick)).toThrow(/groups do not fill/);
  });

  it("is of two minds about a row that is labelled both ways", () => {
    const one = lesson(3, 1_000, 0);
    const table: ColumnTable = tableOf(1_000, followSpecs, {
      orders: new Float64Array(1_000),
      reviews: new Float64Array(1_000),
    });
    const labels = Uint8Array.from({ length: 1_000 }, (_, row) => row % 2);
    const { judge: of } = learnJudge([{ ...one, table, labels }], quick);
    for (const reliability of reliabilities(of, table).slice(0, 5)) {
      expect(reliability).toBeGreaterThan(350);
      expect(reliability).toBeLessThan(650);
    }
  });

  it("learns beside columns that nothing is known of", () => {
    const { judge: of } = learnJudge([lesson(5, 1_500)], quick);
    expect(judge(of, blank(followSpecs.length)).reliability).toBeGreaterThan(300);
    const nothing = { ...lesson(5, 600), table: tableOf(600, followSpecs, {}) };
    const blind = learnJudge([nothing], quick).judge;
    const share = nothing.labels.reduce((sum, label) => sum + label, 0) / 600;
    expect(Math.abs(judge(blind, blank(followSpecs.length)).reliability - 1_000 * (1 - share))).toBeLessThan(60);
  });

  it("keeps monotone columns monotone", () => {
    const { judge: of } = learnJudge([lesson(8, 3_000, 0.2)], quick);
    for (const [column, spec] of followSpecs.entries()) {
      if (spec.sign === 0) continue;
      let before = Number.NaN;
      for (let value = -1; value <= 14; value += 0.25) {
        const row = Float64Array.from(followSpecs, (_, place) => (place === column ? value : 2));
        const doubt = -judge(of, row).reliability * spec.sign;
        if (!Number.isNaN(before)) expect(doubt).toBeGreaterThanOrEqual(before);
        before = doubt;
      }
    }
  });
});

describe("lessons", () => {
  it("are taken twice, with hindsight and without, and hide what platforms do not tell from both classes alike", () => {
    const own = lesson(1, 4_000);
    const { labels, first, columns } = assemble([own], { ...quick, hidden: 0.15 });
    expect(labels.length).toBe(8_000);
    expect(first.reduce((sum, value) => sum + value, 0)).toBe(4_000);
    expect(columns.every(({ length }) => length === 8_000)).toBe(true);
  });

  it("of a common class are sampled, with weights that stand for the rest", () => {
    const { table } = learnJudge([lesson(1, 2_000)], quick);
    const part = sampled(table, { ...quick, rowsMax: 1_000 });
    expect(part.rows).toBeLessThan(1_100);
    const mass = (label: number): number =>
      part.labels.reduce(
        (sum, own, row) => sum + (own === label ? ((part.weights as Float64Array)[row] as number) : 0),
        0,
      );
    for (const label of [0, 1]) {
      const whole = table.labels.filter((own) => own === label).length;
      expect(Math.abs(mass(label) / whole - 1)).toBeLessThan(0.15);
    }
    expect(sampled(table, quick)).toBe(table);
  });
});

describe("reliabilityTable", () => {
  it("never rises", () => {
    const table = reliabilityTable({ slope: 1 / unitsPerLogit, offset: -1 });
    expect([...table].every((value, place) => place === 0 || value <= (table[place - 1] as number))).toBe(true);
    expect([table[0], table.at(-1)]).toEqual([996, 4]);
    expect(new Set(reliabilityTable({ slope: 0, offset: -2 })).size).toBe(1);
  });
});
