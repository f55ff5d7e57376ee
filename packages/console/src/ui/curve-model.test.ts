import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addKnot,
  canAdd,
  isWhole,
  type Knot,
  knotFaults,
  moveKnot,
  removeKnot,
  risingAxis,
  valueAt,
} from "./curve-model.ts";

const returns: readonly Knot[] = [
  [0, 0],
  [900_000, 150],
  [950_000, 400],
  [980_000, 750],
  [990_000, 880],
  [1_000_000, 1_000],
];

const seed = Number(process.env["PROBITY_TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`curves: seed ${seed}\n`);

test("each broken rule is told at its knot", () => {
  expect(knotFaults(returns).every((faults) => Object.keys(faults).length === 0)).toBe(true);
  const wrong: readonly Knot[] = [
    [10, 0],
    [900_000, 500],
    [900_000, 400],
    [null, 600],
    [950_000, null],
    [2_000_000, 2_000],
    [999_999, 999],
  ];
  expect(knotFaults(wrong)).toEqual([
    { share: "begin" },
    {},
    { share: "rises", points: "falls" },
    { share: "missing" },
    { points: "missing" },
    { share: "range", points: "range" },
    { share: "end", points: "top" },
  ]);
  expect(isWhole(wrong)).toBe(false);
});

test("a knot stops at its neighbours, and the ends keep their shares", () => {
  expect(moveKnot(returns, 2, 990_000, 100)[2]).toEqual([979_999, 150]);
  expect(moveKnot(returns, 2, 0, 900)[2]).toEqual([900_001, 750]);
  expect(moveKnot(returns, 0, 500_000, 500)[0]).toEqual([0, 150]);
  expect(moveKnot(returns, 5, 0, 0)[5]).toEqual([1_000_000, 1_000]);
  expect(
    moveKnot(
      [
        [0, 0],
        [null, null],
        [900_000, null],
        [1_000_000, 1_000],
      ],
      2,
      0,
      2_000,
    )[2],
  ).toEqual([1, 1_000]);
});

test("a knot that is added lies on the line; one that is taken away leaves the ends", () => {
  const more = addKnot(returns, 1);
  expect(more[2]).toEqual([925_000, 275]);
  expect(removeKnot(more, 2)).toEqual(returns);
  expect([removeKnot(returns, 0), removeKnot(returns, 5)]).toEqual([returns, returns]);
  expect(
    canAdd(
      [
        [0, 0],
        [1, 10],
        [1_000_000, 1_000],
      ],
      0,
    ),
  ).toBe(false);
});

test("the part that is shown holds the rise and the target", () => {
  expect(risingAxis([returns], 985_000)).toEqual([900_000, 1_000_000]);
  expect(risingAxis([returns], 850_000)).toEqual([800_000, 1_000_000]);
  expect(
    risingAxis(
      [
        [
          [0, 300],
          [100_000, 650],
          [500_000, 1_000],
          [1_000_000, 1_000],
        ],
      ],
      200_000,
    ),
  ).toEqual([0, 500_000]);
  expect(
    risingAxis(
      [
        [
          [0, 0],
          [1_000_000, 1_000],
        ],
      ],
      null,
    ),
  ).toEqual([0, 1_000_000]);
  expect(valueAt(returns, 965_000)).toBe(575);
});

test("whatever is moved, added or taken away, a curve stays a curve", () => {
  const act = fc.record({
    act: fc.constantFrom("move", "add", "remove"),
    at: fc.nat(31),
    share: fc.integer({ min: -2_000_000, max: 3_000_000 }),
    points: fc.integer({ min: -2_000, max: 3_000 }),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      let knots: readonly Knot[] = returns;
      for (const { act: kind, at, share, points } of acts) {
        const place = at % knots.length;
        if (kind === "move") knots = moveKnot(knots, place, share, points);
        else knots = kind === "add" ? addKnot(knots, place) : removeKnot(knots, place);
        expect(isWhole(knots)).toBe(true);
      }
    }),
    { seed, numRuns: 300 },
  );
});
