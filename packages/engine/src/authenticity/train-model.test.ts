import { assessedKinds } from "@probity/contract";
import { describe, expect, it } from "vitest";
import { defaultModel } from "./default-model.ts";
import { drawer } from "./evidence.fixture.ts";
import { modelIdOf, readModelFile } from "./judge-file.ts";
import { driftOf, type Labelled, measureJudge, someOf } from "./measure-judge.ts";
import { curvesOf, reasonWeights } from "./model-curves.ts";
import { canLearn, splitByTime, trainModel } from "./train-model.ts";

const none: Labelled = { figures: [], labels: new Uint8Array(), groups: new Int32Array(), atMs: [] };
const judges = readModelFile(defaultModel);
const specs = judges.review.specs;
const place = (name: string): number => specs.findIndex((spec) => spec.name === name);

/** Rows whose label hangs on one column that the shipped model knows little of: a truth planted by construction. */
function planted(count: number, seed: number, flip = 0): Labelled {
  const draw = drawer(seed);
  const figures = Array.from({ length: count }, () =>
    Float64Array.from(specs, () => (draw(4) === 0 ? Number.NaN : draw(100) / 20)).map(Math.fround),
  );
  const labels = Uint8Array.from(figures, (row) => {
    row[place("chars")] = draw(100) / 10;
    const isFake = (row[place("chars")] as number) > 5;
    return (draw(100) < flip ? !isFake : isFake) ? 1 : 0;
  });
  return {
    figures,
    labels,
    groups: Int32Array.from(labels, (_, row) => row % 40),
    atMs: figures.map((_, row) => row),
    stars: figures.map((_, row) => 1 + (row % 5)),
  };
}

const input = (labelled: Labelled, background: Labelled = none) => ({
  model: defaultModel,
  labelled: { review: labelled, order: none, follow: none },
  background: { review: background, order: none, follow: none },
});

describe("training from labels", () => {
  it("finds a planted truth, does better than the model in force on labels it has not seen, and keeps the other kinds", () => {
    const trained = trainModel(input(planted(600, 1)));
    const [part] = trained.parts.filter(({ kind, stage }) => kind === "review" && stage === "batch");
    expect(part?.auc).toBeGreaterThan(0.97);
    expect(part?.aucInForce).toBeLessThan(0.8);
    expect(part?.aucTrees).toBeGreaterThan(0.9);
    expect(part?.rows).toBeLessThan(200);
    const [check] = trained.suite;
    expect(check).toMatchObject({ passed: true });
    expect(check?.value).toBeLessThan(check?.bound as number);
    expect(trained.file.order).toEqual(defaultModel.order);
    expect(trained.id).toBe(modelIdOf(trained.file));
    expect(readModelFile(trained.file).review.specs).toBe(specs);
  }, 120_000);

  it("goes by the newest labels: a model that learned another truth than they tell does not pass", () => {
    const old = planted(420, 2);
    const fresh = planted(180, 3);
    const turned = {
      ...fresh,
      labels: fresh.labels.map((label) => 1 - label),
      atMs: fresh.atMs.map((at) => at + 10_000),
    };
    const rows = (labelled: Labelled): Labelled => labelled;
    const both: Labelled = {
      figures: [...rows(old).figures, ...turned.figures],
      labels: Uint8Array.from([...old.labels, ...turned.labels]),
      groups: Int32Array.from([...old.groups, ...turned.groups]),
      atMs: [...old.atMs, ...turned.atMs],
    };
    const trained = trainModel(input(both));
    expect(trained.passed).toBe(false);
    expect(trained.suite[0]).toMatchObject({ passed: false });
  }, 120_000);

  it("learns nothing sure from labels that contradict each other", () => {
    const trained = trainModel(input(planted(400, 4, 50)));
    const [part] = trained.parts.filter(({ kind, stage }) => kind === "review" && stage === "batch");
    expect(part?.auc).toBeLessThan(0.7);
    expect(part?.auc).toBeGreaterThan(0.3);
  }, 120_000);

  it("refuses what cannot be learned from: too few, one class alone", () => {
    expect(canLearn(planted(39, 5))).toBe(false);
    const all = planted(200, 6);
    expect(canLearn({ ...all, labels: all.labels.map(() => 1) })).toBe(false);
    expect(() => trainModel(input(planted(20, 7)))).toThrow(/40 labels with 10 of each/);
    expect(() => trainModel(input({ ...all, labels: all.labels.map(() => 0) }))).toThrow(RangeError);
  });

  it("splits by time within each class: nothing newer is learned from than is tested by", () => {
    const all = planted(100, 8);
    const { train, test } = splitByTime(all);
    expect(train.labels.length + test.labels.length).toBe(100);
    for (const label of [0, 1]) {
      const times = (part: Labelled): number[] => part.atMs.filter((_, row) => part.labels[row] === label);
      expect(Math.max(...times(train))).toBeLessThan(Math.min(...times(test)));
    }
  });
});

describe("a model's report", () => {
  it("weighs every reason, draws every column, and has nothing to say of no labels", () => {
    expect(reasonWeights(judges.review).map(({ weight }) => weight)).toEqual(
      reasonWeights(judges.review)
        .map(({ weight }) => weight)
        .toSorted((a, b) => b - a),
    );
    const curves = curvesOf(judges);
    expect(curves).toHaveLength(assessedKinds.reduce((sum, kind) => sum + judges[kind].specs.length, 0));
    for (const { edges, terms } of curves) expect(terms).toHaveLength(edges.length + 2);
    for (const part of measureJudge("review", judges.review, none))
      expect(part).toMatchObject({ rows: 0, auc: null, calibrationError: null, calibration: [] });
  });

  it("tells a column that has moved from columns that have not", () => {
    const before = planted(400, 9).figures;
    const now = planted(400, 10).figures.map((row) => {
      const moved = row.slice();
      moved[place("chars")] = 60;
      return moved;
    });
    const drift = driftOf("review", judges.review, before, now);
    const psi = (name: string): number => drift.find(({ column }) => column === name)?.psi ?? Number.NaN;
    expect(psi("chars")).toBeGreaterThan(0.25);
    expect(psi("hours-since-delivery")).toBeLessThan(0.25);
    expect(driftOf("review", judges.review, before.slice(0, 10), now)).toEqual([]);
  });

  it("parts errors by groups: shares of each group's own rows", () => {
    const all = planted(300, 11);
    // Half of the accounts are new, half are not.
    all.figures.forEach((row, at) => (row[place("reviewer-age-days")] = at % 2 === 0 ? 5 : 90));
    const [part] = measureJudge("review", judges.review, someOf(all, [...all.labels.keys()]));
    for (const { rows, falseAlarms, misses } of part?.groups ?? []) {
      expect(rows).toBeGreaterThan(30);
      for (const share of [falseAlarms, misses]) if (share !== null) expect(share >= 0 && share <= 1).toBe(true);
    }
    expect(part?.groups.map(({ group }) => group)).toEqual(["new-accounts", "old-accounts", "low-stars", "high-stars"]);
  });
});
