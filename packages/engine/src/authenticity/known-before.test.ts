import { describe, expect, it } from "vitest";
import { defaultModel } from "./default-model.ts";
import { type ModelFile, readModelFile } from "./judge-file.ts";
import { judge, weightOf } from "./judge.ts";
import { keepUntaught, withKnown } from "./known-before.ts";

const untaught: ModelFile = {
  ...defaultModel,
  review: {
    ...defaultModel.review,
    columns: defaultModel.review.columns.map((column) =>
      ["purchase", "insider", "declared"].includes(column.name) ? { ...column, edges: [], terms: [0, 0] } : column,
    ),
  },
};

/** Weight of a review of which nothing is known but some columns. */
function weightWith(file: ModelFile, known: Readonly<Record<string, number>>): number {
  const { review } = readModelFile(file);
  return weightOf(
    judge(
      review,
      Float64Array.from(review.specs, ({ name }) => known[name] ?? Number.NaN),
    ).reliability,
  );
}

describe("what lessons cannot teach", () => {
  it("lets an insider's review weigh less, and no other by a purchase or a declared incentive alone", () => {
    const told = withKnown(untaught);
    expect(weightWith(untaught, { insider: 1 })).toBe(1_000);
    expect(weightWith(told, { insider: 1 })).toBeLessThan(1_000);
    for (const known of [{ purchase: 0 }, { purchase: 1 }, { declared: 1 }, { purchase: 0, declared: 1 }])
      expect([known, weightWith(told, known)]).toEqual([known, 1_000]);
  });

  it("is in the model that is shipped", () => {
    expect(withKnown(defaultModel)).toEqual(defaultModel);
    expect(weightWith(defaultModel, { insider: 1 })).toBeLessThan(1_000);
  });

  it("is kept by a training whose labels say nothing of it, and changed by one whose labels do", () => {
    const told = withKnown(untaught);
    expect(keepUntaught(untaught, told)).toEqual(told);
    expect(keepUntaught(told, untaught)).toEqual(told);
  });
});
