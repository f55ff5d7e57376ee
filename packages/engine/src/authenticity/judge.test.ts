import { unitsPerLogit } from "@probity/kernels/tree/ga2m-model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultJudges } from "./attacks.fixture.ts";
import { blank, tableOf } from "./column-table.ts";
import { followSpecs } from "./follow-columns.ts";
import { specsOfKind } from "./judge-file.ts";
import { anyJudge, anyRow } from "./judge.fixture.ts";
import {
  doubtScores,
  judge,
  type Judge,
  reliabilities,
  reliabilityAt,
  reliabilityWithout,
  rowOf,
  topReason,
  weighing,
  weightOf,
} from "./judge.ts";
import { orderSpecs } from "./order-columns.ts";
import { reviewSpecs } from "./review-columns.ts";

const judges = [followSpecs, orderSpecs, reviewSpecs].map((specs) => anyJudge(specs));
const judged = fc.oneof(
  ...judges.map((of, place) =>
    of.chain((own) => anyRow([followSpecs, orderSpecs, reviewSpecs][place]!.length).map((row) => [own, row] as const)),
  ),
);

/** Reasons add up, the first alone is what its going moves, and its figures are the row's. */
function checkReasons(of: Judge, row: Float64Array): void {
  const { reliability, base, reasons } = judge(of, row);
  expect(base + reasons.reduce((sum, { points }) => sum + points, 0)).toBe(reliability);
  expect(new Set(reasons.map(({ code }) => code)).size).toBe(reasons.length);
  const [first] = reasons;
  if (first !== undefined) expect(reliabilityWithout(of, row, first.code)).toBe(reliability - first.points);
  for (const { code, facts } of reasons) {
    const own = of.specs.flatMap((spec, place) =>
      spec.code === code ? [[spec.name, row[place] as number] as const] : [],
    );
    expect(facts.map(({ name, value }) => [name, value ?? Number.NaN])).toEqual(own);
  }
}

describe("judge", () => {
  it("gives reasons that add up to the reliability exactly, and moves by the first as stated", () => {
    fc.assert(
      fc.property(judged, ([of, row]) => checkReasons(of, row)),
      { numRuns: 300 },
    );
  });

  it("does so with the model that is shipped, on any row", () => {
    for (const [kind, of] of Object.entries(defaultJudges()))
      fc.assert(
        fc.property(anyRow(of.specs.length), (row) => checkReasons(of, row)),
        { numRuns: kind === "review" ? 200 : 60 },
      );
  });

  it("judges whole tables as it judges rows", () => {
    fc.assert(
      fc.property(
        (judges[0] as fc.Arbitrary<Judge>).chain((of) =>
          fc.tuple(fc.constant(of), fc.array(anyRow(followSpecs.length), { minLength: 1, maxLength: 8 })),
        ),
        ([of, rows]) => {
          const given = Object.fromEntries(
            followSpecs.map(({ name }, place) => [name, Float64Array.from(rows, (row) => row[place] as number)]),
          );
          const table = tableOf(rows.length, followSpecs, given);
          const whole = reliabilities(of, table);
          rows.forEach((row, place) => {
            expect(rowOf(table, place)).toEqual(row);
            expect(judge(of, row).reliability).toBe(whole[place]);
          });
          expect([...whole]).toEqual([...doubtScores(of, table)].map((score) => reliabilityAt(of, score)));
        },
      ),
    );
  });

  it("never trusts more what is doubted more, and stays between 0 and 1,000", () => {
    fc.assert(
      fc.property(
        judged,
        fc.array(fc.integer({ min: -12 * unitsPerLogit, max: 12 * unitsPerLogit }), { minLength: 2, maxLength: 40 }),
        ([of], scores) => {
          const values = scores.toSorted((a, b) => a - b).map((score) => reliabilityAt(of, score));
          values.forEach((value, place) => {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1_000);
            expect(Number.isInteger(value)).toBe(true);
            if (place > 0) expect(value).toBeLessThanOrEqual(values[place - 1] as number);
          });
        },
      ),
    );
  });

  it("leaves what nothing is known of alone", () => {
    for (const [kind, of] of Object.entries(defaultJudges())) {
      const row = blank(specsOfKind[kind as "review"].length);
      expect(weightOf(judge(of, row).reliability)).toBe(1_000);
    }
  });

  it("names the reason that lowers most, and none where none does", () => {
    const reason = (code: "burst" | "ring", points: number) => ({ code, points, facts: [] });
    expect(topReason({ reliability: 500, base: 900, reasons: [reason("burst", -150), reason("ring", -250)] })).toBe(
      "ring",
    );
    expect(topReason({ reliability: 950, base: 900, reasons: [reason("burst", 50)] })).toBeUndefined();
  });
});

describe("weightOf", () => {
  it("is whole above, nothing below, and rises between", () => {
    let before = 0;
    for (let reliability = 0; reliability <= 1_000; reliability += 1) {
      const weight = weightOf(reliability);
      expect(weight).toBeGreaterThanOrEqual(before);
      if (reliability < weighing.noneBelow) expect(weight).toBe(0);
      if (reliability >= weighing.fullFrom) expect(weight).toBe(1_000);
      before = weight;
    }
    expect(weightOf(450)).toBe(500);
  });
});
